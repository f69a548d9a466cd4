//! How a service stops, whatever it is doing, and how soon the next one works.

use std::fs;
use std::net::TcpListener;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use super::crash::open_books;
use crate::support::binary::{Home, Service, exam, training, until};

const CLIENTS: usize = 4;

/// A receiver takes every message and never answers; four clients send results without pause; then the service is asked to
/// stop.
#[test]
fn a_service_under_load_stops_when_it_is_asked() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let place = silent.local_addr().unwrap().to_string();
    let home = Home::new();
    fs::write(home.folder().join("assay.toml"), format!("[fetch]\nallow = ['{place}']\n")).unwrap();
    let service = home.serve();
    for _ in 0..2 {
        let hook = json!({ "url": format!("http://{place}/hook"), "types": ["award.*"] });
        service.post("/api/v1/webhooks", &hook).expect(201);
    }
    let client = service.client(&home.api_key("exams"));
    let awarded = AtomicUsize::new(0);
    thread::scope(|scope| {
        for n in 0..CLIENTS {
            let (client, awarded) = (&client, &awarded);
            scope.spawn(move || {
                for turn in 0.. {
                    let name = format!("c{n}t{turn}");
                    let Ok(heard) = client.post("/api/v1/results", &training(&name)) else { return };
                    heard.expect(200);
                    let Ok(heard) = client.post("/api/v1/results", &exam(&name)) else { return };
                    heard.expect(201);
                    awarded.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        until(|| awarded.load(Ordering::Relaxed) >= 60);
        service.get("/readyz").expect(200);
        assert!(service.stop(None).success());
    });
    assert!(open_books(&home).awards.len() >= awarded.load(Ordering::Relaxed));
}

#[test]
fn a_service_that_starts_works_at_once() {
    let home = Home::new();
    let service = home.serve();
    mailed(&home, &service, "ana");
    assert!(service.stop(None).success());
    let service = home.serve();
    mailed(&home, &service, "ben");
    service.kill();
    let service = home.serve();
    mailed(&home, &service, "cleo");
    assert!(service.stop(None).success());
}

/// Certifies somebody, whose letter leaves soon.
#[track_caller]
fn mailed(home: &Home, service: &Service, name: &str) {
    let letters = || fs::read_dir(home.data().join("mail")).map_or(0, Iterator::count);
    let before = letters();
    service.post("/api/v1/results", &training(name)).expect(200);
    service.post("/api/v1/results", &exam(name)).expect(201);
    let began = Instant::now();
    until(|| letters() > before);
    assert!(began.elapsed() < Duration::from_secs(10), "the letter took {:?}", began.elapsed());
}
