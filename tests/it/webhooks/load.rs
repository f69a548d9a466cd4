//! A service that is given results without pause, beside webhooks, mail and a receiver that never answers.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use assay::fetch::Limits;
use assay::store::engine::sled::{SledEngine, SledOptions};
use assay::workers;
use serde_json::json;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::{hook, reaching};
use crate::support::app::TestApp;
use crate::support::receiver::Receiver;

const CLIENTS: usize = 4;
/// Each of whom becomes certified: two results, and a letter.
const PERSONS: usize = 60;
/// Of each client, reported once.
const TRAININGS: usize = 400;
/// Longer than anything takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

#[tokio::test(flavor = "multi_thread")]
async fn everything_goes_through_and_reads_go_on() {
    let directory = tempfile::tempdir().unwrap();
    let options = SledOptions { cache_bytes: 16 << 20, ..SledOptions::default() };
    let engine = Arc::new(SledEngine::open(directory.path(), options).unwrap());
    let (one, two, slow) = (Receiver::start().await, Receiver::start().await, Receiver::start().await);
    slow.hangs();
    let service = TestApp::over(engine.clone()).await;
    let service = Arc::new(reaching(service, &[&one, &two, &slow], Limits::default()));
    for receiver in [&one, &two, &slow] {
        hook(&service, receiver, &["award.*"]).await;
    }
    let (stop, stopping) = watch::channel(false);
    let working = tokio::spawn(workers::run(service.app.clone(), stopping));
    let over = Arc::new(AtomicBool::new(false));
    let reading = tokio::spawn(read_on(service.clone(), over.clone()));

    let mut load = JoinSet::new();
    for client in 0..CLIENTS {
        let service = service.clone();
        load.spawn(async move {
            for n in 0..TRAININGS.max(PERSONS) {
                if n < PERSONS {
                    let email = format!("c{client}n{n}@partner.example");
                    service.certify(&json!({ "name": format!("Person {n}"), "email": email })).await;
                }
                let training = json!({
                    "id": format!("c{client}t{n}"), "certification": "sales-associate", "requirement": "sales-101",
                    "person": { "name": "Somebody", "email": format!("c{client}t{n}@partner.example") },
                    "outcome": "completed", "at": "2026-11-18T10:00:00Z",
                });
                service.post("/api/v1/results", &training).await.expect(200);
            }
        });
    }
    let through = async {
        while let Some(done) = load.join_next().await {
            done.unwrap();
        }
        one.has_seen(CLIENTS * PERSONS).await;
        two.has_seen(CLIENTS * PERSONS).await;
        slow.has_seen(1).await;
        over.store(true, Ordering::Relaxed);
        assert!(reading.await.unwrap() > 10, "reads went on");
        slow.goes_on();
        stop.send(true).unwrap();
        working.await.unwrap();
        workers::tick(&service.app).await.unwrap();
    };
    tokio::time::timeout(PATIENCE, through).await.expect("it goes through");
    assert_eq!(service.post.taken().len(), CLIENTS * PERSONS, "each has a letter");
    engine.close().await;
}

/// So many events, each told before the next one happens: many more bursts than one step of the worker begins.
const ONE_BY_ONE: usize = 300;

#[tokio::test(flavor = "multi_thread")]
async fn who_is_slow_holds_up_nobody_however_much_there_is_to_tell() {
    let (quick, slow) = (Receiver::start().await, Receiver::start().await);
    slow.hangs();
    let service = reaching(TestApp::new().await, &[&quick, &slow], Limits::default());
    for receiver in [&quick, &slow] {
        hook(&service, receiver, &["result.*"]).await;
    }
    let (stop, stopping) = watch::channel(false);
    let working = tokio::spawn(workers::run(service.app.clone(), stopping));
    for n in 1..=ONE_BY_ONE {
        let training = json!({
            "id": format!("t{n}"), "certification": "sales-associate", "requirement": "sales-101",
            "person": { "name": "Somebody", "email": format!("n{n}@partner.example") },
            "outcome": "completed", "at": "2026-11-18T10:00:00Z",
        });
        service.post("/api/v1/results", &training).await.expect(200);
        let told = tokio::time::timeout(Duration::from_secs(5), quick.has_seen(n));
        told.await.unwrap_or_else(|_| panic!("event {n} waits for the slow receiver"));
    }
    slow.goes_on();
    stop.send(true).unwrap();
    working.await.unwrap();
}

/// Reads what the public and administrators read, until it is over; how often.
async fn read_on(service: Arc<TestApp>, over: Arc<AtomicBool>) -> usize {
    let mut rounds = 0;
    while !over.load(Ordering::Relaxed) {
        for path in ["/readyz", "/status/1", "/achievements/sales-associate"] {
            let status = service.get(path).await.status;
            assert!(status == 200 || (path == "/status/1" && status == 404), "{path}: {status}");
        }
        service.get_key("/api/v1/events?limit=100").await.expect(200);
        service.get_key("/api/v1/mails?status=sent").await.expect(200);
        rounds += 1;
    }
    rounds
}
