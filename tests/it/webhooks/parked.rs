//! Whatever is no longer polled, at whatever it awaits, keeps nobody else waiting: requests, workers, forecasts, imports.

use std::sync::Arc;
use std::time::Duration;

use assay::fetch::Limits;
use assay::store::engine::sled::{SledEngine, SledOptions};
use assay::workers;
use axum::body::Body;
use axum::http::Request;
use futures_util::future::BoxFuture;
use serde_json::json;
use tower::ServiceExt as _;

use super::{hook, person, reaching};
use crate::support::app::TestApp;
use crate::support::parked::{Parked, park};
use crate::support::receiver::Receiver;

/// Longer than anything takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);
/// More than any of them awaits, but for those who read their answer piece by piece.
const WAITS: usize = 24;

/// A request, with its answer read to the end.
fn ask(service: &TestApp, method: &str, path: &str, kind: &str, body: String) -> BoxFuture<'static, ()> {
    let request = Request::builder().method(method).uri(path).header("content-type", kind);
    let request = request.header("authorization", format!("Bearer {}", service.live));
    let (router, request) = (service.router(), request.body(Body::from(body)).unwrap());
    Box::pin(async move {
        let answer = router.oneshot(request).await.unwrap();
        assert!(answer.status().as_u16() < 500, "{}", answer.status());
        drop(axum::body::to_bytes(answer.into_body(), 64 << 20).await);
    })
}

/// What a service does all day; `n` tells one round from another.
fn acts(service: &TestApp, n: usize) -> Vec<BoxFuture<'static, ()>> {
    let result = |id: &str, requirement: &str, outcome: &str| {
        json!({
            "id": format!("{id}{n}"), "certification": "sales-associate", "requirement": requirement, "outcome": outcome,
            "person": { "name": "Pat", "email": format!("pat{n}@partner.example") }, "at": "2026-11-18T10:00:00Z",
        })
    };
    let json = |path: &str, body: serde_json::Value| ask(service, "POST", path, "application/json", body.to_string());
    let get = |path: &str| ask(service, "GET", path, "text/plain", String::new());
    let rows = format!(
        "id,name,email,certification,requirement,outcome,date\nrow{n},Kim,kim{n}@partner.example,sales-associate,sales-101,completed,2026-11-01\n"
    );
    let lines = format!("{}\n", result("line", "sales-101", "completed"));
    let app = service.app.clone();
    vec![
        json("/api/v1/results", result("training", "sales-101", "completed")),
        json("/api/v1/results", result("exam", "exam", "passed")),
        ask(service, "POST", "/api/v1/results", "application/x-ndjson", lines),
        ask(service, "POST", "/api/v1/imports", "text/csv", rows),
        json("/api/v1/clock", json!({})),
        json("/api/v1/clock", json!({ "to": "2028-01-01" })),
        get("/status/1"),
        get("/readyz"),
        get("/api/v1/events?limit=10"),
        Box::pin(async move { drop(workers::tick(&app).await) }),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn who_stands_still_keeps_nobody_waiting() {
    let directory = tempfile::tempdir().unwrap();
    let options = SledOptions { cache_bytes: 16 << 20, ..SledOptions::default() };
    let engine = Arc::new(SledEngine::open(directory.path(), options).unwrap());
    let crm = Receiver::start().await;
    let service = reaching(TestApp::over(engine).await, &[&crm], Limits::default());
    hook(&service, &crm, &["award.*"]).await;
    let mut standing = Vec::new();
    for waits in 0..WAITS {
        for act in acts(&service, waits) {
            standing.push(park(act, waits).await);
        }
        let everybody_else = async {
            let award = service.certify(&person(waits)).await;
            service.get(&service.local(&award["addresses"]["page"])).await.expect(200);
            service.get("/status/1").await.expect(200);
            service.get("/readyz").await.expect(200);
            workers::tick(&service.app).await.unwrap();
        };
        tokio::time::timeout(PATIENCE, everybody_else).await.unwrap_or_else(|_| panic!("after {waits} waits"));
    }
    let told = crm.take().len();
    assert!(told >= WAITS, "webhooks were told: {told}");
    let letters = service.post.taken();
    let mails =
        (0..WAITS).filter(|n| letters.iter().any(|letter| letter.to.address == format!("person{n}@partner.example")));
    assert_eq!(mails.count(), WAITS, "letters left");
    assert!(standing.iter().filter(|parked| !Parked::has_ended(parked)).count() > WAITS, "few had to wait");
}
