//! How a service stops, whatever it is doing, and how soon the next one works.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
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

/// A receiver holds its second message while the service is asked to stop: it is told no third one.
#[test]
fn a_service_with_much_to_tell_stops_after_the_message_that_is_under_way() {
    let receiver = TcpListener::bind("127.0.0.1:0").unwrap();
    let place = receiver.local_addr().unwrap().to_string();
    let home = Home::new();
    fs::write(home.folder().join("assay.toml"), format!("[fetch]\nallow = ['{place}']\n")).unwrap();
    let service = home.serve();
    let (receiver, taken) = (&receiver, &AtomicUsize::new(0));
    let (go, gate) = mpsc::channel::<()>();
    thread::scope(|scope| {
        scope.spawn(move || {
            for connection in receiver.incoming() {
                let mut connection = connection.unwrap();
                // What comes is not looked at: the first piece is the beginning of a message, or nothing and the end.
                if connection.read(&mut [0; 4096]).unwrap_or(0) == 0 {
                    return;
                }
                if taken.fetch_add(1, Ordering::SeqCst) == 1 {
                    gate.recv().unwrap();
                }
                let answer = b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n";
                connection.write_all(answer).unwrap_or_default();
            }
        });
        let hook = json!({ "url": format!("http://{place}/hook"), "types": ["award.*"] });
        service.post("/api/v1/webhooks", &hook).expect(201);
        for n in 0..6 {
            service.post("/api/v1/results", &training(&format!("p{n}"))).expect(200);
            service.post("/api/v1/results", &exam(&format!("p{n}"))).expect(201);
        }
        until(|| taken.load(Ordering::SeqCst) == 2);
        let client = service.client("");
        let stopped = scope.spawn(move || service.stop(None));
        until(|| client.get("/readyz").map_or(true, |heard| heard.status == 503));
        go.send(()).unwrap();
        assert!(stopped.join().unwrap().success());
        TcpStream::connect(&place).unwrap().shutdown(Shutdown::Both).unwrap();
    });
    assert_eq!(taken.load(Ordering::SeqCst), 2);
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
