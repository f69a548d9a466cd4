//! Whether a service can work, told within a second; and what cannot be done keeps nothing else from being done.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use assay::config::Places;
use assay::fetch::{Door, Limits};
use assay::store::engine::memory::MemoryEngine;
use assay::store::{Batch, Engine, Key};
use assay::workers;
use chrono::TimeDelta;
use serde_json::json;

use crate::support::app::{TestApp, ana};
use crate::support::faulty::FaultyEngine;
use crate::support::receiver::Receiver;

/// More timers than the clock serves in one step.
const BAD: usize = 300;

#[tokio::test]
async fn readiness_waits_for_no_store() {
    let engine = Arc::new(FaultyEngine::sound(Arc::new(MemoryEngine::new())));
    let service = TestApp::over(engine.clone()).await;
    let ready = service.get("/readyz").await.expect(200).json();
    assert_eq!(ready, json!({ "status": "ready" }));
    engine.hang(true);
    let began = Instant::now();
    let refused = service.get("/readyz").await.expect(503);
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    assert_eq!(refused.json()["detail"], "The store does not answer.");
    service.get("/healthz").await.expect(200);
    engine.hang(false);
    // A balancer must not take the public pages away: they can be read.
    engine.fill(true);
    let ready = service.get("/readyz").await.expect(200).json();
    assert_eq!(ready, json!({ "status": "ready", "degraded": ["writes"] }));
    engine.fill(false);
    service.app.caches.stopping.store(true, Ordering::Relaxed);
    let refused = service.get("/readyz").await.expect(503);
    assert_eq!(refused.json()["detail"], "The service is about to stop.");
}

/// Timers that lead nowhere stand before all others, and a webhook has lost its place: they are set aside, and what else is
/// due is done.
#[tokio::test]
async fn what_cannot_be_done_is_set_aside_counted_and_shown() {
    let engine = Arc::new(MemoryEngine::new());
    let (broken, sound) = (Receiver::start().await, Receiver::start().await);
    let allow = [&broken, &sound].map(|receiver| receiver.place.parse().unwrap()).to_vec();
    let service = TestApp::over(engine.clone()).await;
    let clock = service.clock.clone();
    let service = service.through(Door::new(Places { allow, ..Places::default() }, Limits::default(), clock));
    let award = service.certify(&ana()).await;
    workers::tick(&service.app).await.unwrap();
    for n in 0..BAD {
        let award = format!("{n:016}");
        let timer = Key::new(&["due", "2026-11-20T10:00:00Z", "award", &award]);
        engine.commit(Batch::default().put(timer, json!(award).to_string())).await.unwrap();
    }
    let mut hooks = Vec::new();
    for receiver in [&broken, &sound] {
        let new = json!({ "url": receiver.url(), "types": ["award.*"] });
        hooks.push(service.post("/api/v1/webhooks", &new).await.expect(201).json()["id"].as_str().unwrap().to_owned());
    }
    let place = Key::new(&["cursor", "hook", &hooks[0]]);
    engine.commit(Batch::default().put(place, "{}}")).await.unwrap();

    service.clock.advance(TimeDelta::days(400));
    workers::tick(&service.app).await.unwrap();
    let page = service.local(&award["addresses"]["page"]);
    assert_eq!(service.get(&format!("{page}.json")).await.expect(200).json()["verdict"], "expired");
    let (kinds, _) = service.feed().await;
    assert!(kinds.contains(&"award.expired".to_owned()), "the timer behind the bad ones was served: {kinds:?}");
    assert!(sound.told().contains(&"award.expired".to_owned()), "the other webhook was told");
    assert!(broken.told().is_empty());
    let ready = service.get("/readyz").await.expect(200).json();
    assert_eq!(ready["set_aside"], json!({ "clock": BAD, "webhooks": 1 }));
    let shown = service.get_key("/api/v1/set-aside").await.expect(200).json();
    let all = shown["data"].as_array().unwrap();
    assert_eq!(all.len(), BAD + 1);
    assert_eq!((&all[0]["worker"], &all[0]["what"]), (&json!("clock"), &json!("0000000000000000")));
    assert_eq!(all[0]["error"], "the store lacks the award that a timer leads to");
    assert_eq!((&all[BAD]["worker"], &all[BAD]["what"]), (&json!("webhooks"), &json!(hooks[0])));
    service.get("/api/v1/set-aside").await.expect(401);

    // They rest, are tried again, and go when what was wrong is gone.
    workers::tick(&service.app).await.unwrap();
    let attempts = |shown: &serde_json::Value| shown["data"][0]["attempts"].as_u64();
    assert_eq!(attempts(&service.get_key("/api/v1/set-aside").await.json()), attempts(&shown));
    for n in 0..BAD {
        let timer = Key::new(&["due", "2026-11-20T10:00:00Z", "award", &format!("{n:016}")]);
        if n > 0 {
            engine.commit(Batch::default().delete(timer)).await.unwrap();
        }
    }
    engine
        .commit(Batch::default().put(Key::new(&["cursor", "hook", &hooks[0]]), "{\"place\":{\"after\":1}}"))
        .await
        .unwrap();
    service.clock.advance(TimeDelta::hours(1));
    workers::tick(&service.app).await.unwrap();
    let shown = service.get_key("/api/v1/set-aside").await.expect(200).json();
    assert_eq!(attempts(&shown), Some(2));
    assert!(!broken.told().is_empty(), "it has its place again");
    assert_eq!(service.get("/readyz").await.json()["set_aside"], json!({ "clock": 1 }));
}
