//! One result in, one durable award out, over HTTP: how many a second, and how long each waits; then an award's page, hot;
//! then a stranger's badge, verified.

#[path = "../tests/it/support/binary.rs"]
#[expect(dead_code, reason = "the stories of the tests use the rest")]
mod binary;
#[path = "support/client.rs"]
mod client;
#[path = "support/stranger.rs"]
mod stranger;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;

use binary::{Home, Service, exam, training};
use client::{Connection, request, say};

/// Exams for each number of clients.
const EXAMS: usize = 8_000;
/// Readings of one page for each form of it.
const READS: usize = 40_000;
const CLIENTS: [usize; 3] = [1, 16, 64];

fn main() {
    let home = Home::new();
    let key = home.api_key("exams");
    let service = home.serve();
    for clients in CLIENTS {
        let count = if clients == 1 { EXAMS / 8 } else { EXAMS };
        let names: Vec<String> = (0..count).map(|n| format!("c{clients}n{n}")).collect();
        let post = |body: Value| request("POST", "/api/v1/results", &key, "", &body.to_string());
        let trainings: Vec<Vec<u8>> = names.iter().map(|name| post(training(name))).collect();
        let exams: Vec<Vec<u8>> = names.iter().map(|name| post(exam(name))).collect();
        send(&service, clients, &trainings, 200);
        say(&format!("{clients:>3} clients, exam in, award out: {}", line(send(&service, clients, &exams, 201))));
    }
    let page = address_of_page(&service);
    for (form, accept) in [("the report", "application/json"), ("the page  ", "text/html")] {
        let reads = vec![request("GET", &page, "", accept, ""); READS];
        // Drawn and parsed once before.
        send(&service, 1, &reads[..100], 200);
        for clients in CLIENTS {
            say(&format!("{clients:>3} clients, {form} of an award: {}", line(send(&service, clients, &reads, 200))));
        }
    }
    let strangers = String::from_utf8(stranger::badge()).expect("JSON is text");
    let strangers = request("POST", "/api/v1/verify", "", "application/json", &strangers);
    for clients in CLIENTS {
        let asked = vec![strangers.clone(); READS / 2];
        say(&format!(
            "{clients:>3} clients, a stranger's badge verified: {}",
            line(send(&service, clients, &asked, 200))
        ));
    }
    assert!(service.stop(None).success(), "the service stops in peace");
}

/// One more award, and where it is found.
fn address_of_page(service: &Service) -> String {
    service.post("/api/v1/results", &training("hot")).expect(200);
    let answer = service.post("/api/v1/results", &exam("hot")).expect(201).json();
    format!("/v/{}", answer["award"]["id"].as_str().expect("a number"))
}

/// Sends them all, each client over a connection of its own that it keeps; every answer must have this status. All clients
/// share one thread, so that the load takes as little as it can of the two cores it shares with the service.
fn send(service: &Service, clients: usize, requests: &[Vec<u8>], status: u16) -> (Duration, Vec<Duration>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build().expect("a runtime");
    let next = AtomicUsize::new(0);
    let started = Instant::now();
    let client = || async {
        let mut connection = Connection::open(service.address()).await;
        let mut mine = Vec::new();
        while let Some(request) = requests.get(next.fetch_add(1, Ordering::Relaxed)) {
            let asked = Instant::now();
            let answered = connection.ask(request).await;
            mine.push(asked.elapsed());
            assert_eq!(answered, status, "{}", String::from_utf8_lossy(&connection.body));
        }
        mine
    };
    let waits = runtime.block_on(futures_util::future::join_all((0..clients).map(|_| client())));
    (started.elapsed(), waits.concat())
}

fn line((took, mut waits): (Duration, Vec<Duration>)) -> String {
    waits.sort_unstable();
    let per_mille = |n: usize| waits[waits.len() * n / 1000];
    let rate = waits.len() as u128 * 1_000_000 / took.as_micros().max(1);
    format!("{rate} a second, p50 {:?}, p99 {:?}", per_mille(500), per_mille(990))
}
