//! Joining two persons while the store fails, and while results come in for them.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use assay::store::engine::memory::MemoryEngine;
use assay::store::engine::{Page, Sink};
use assay::store::{Batch, Commit, Engine, EngineError, Feed, Key, KeyRange, Position, Rows, Versioned};
use async_trait::async_trait;
use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};
use tokio::sync::Mutex;
use tower::ServiceExt as _;

use super::merge::{codes, merge, second};
use super::{found, result, show};
use crate::support::app::{BASE, PROGRAM, TestApp, ana};
use crate::support::faulty::FaultyEngine;

#[tokio::test]
async fn a_store_that_fails_joins_them_wholly_or_not_at_all() {
    let right = joined(usize::MAX).await.0;
    let mut step = 0;
    loop {
        let (person, has_failed) = joined(step).await;
        assert_eq!(person, right, "step {step}");
        if !has_failed {
            break;
        }
        step += 1;
    }
    assert!(step > 10, "{step} steps");
}

/// Joins them over a store that fails at `step`, then once more as a caller would; answers the person.
async fn joined(step: usize) -> (Value, bool) {
    let faults = Arc::new(FaultyEngine::sound(Arc::new(MemoryEngine::new())));
    let app = TestApp::with(Arc::clone(&faults) as Arc<dyn Engine>, PROGRAM, BASE).await;
    app.certify(&ana()).await;
    app.certify(&second()).await;
    let (keep, other) = (found(&app, "ana@partner.example").await, found(&app, "ana@second.example").await);
    let codes = codes(&app, &keep, &other).await;
    faults.fail_at(step);
    let reply = merge(&app, &keep, &other, &codes).await;
    let has_failed = faults.has_failed();
    faults.fail_at(usize::MAX);
    assert!(matches!(reply.status, 200 | 503), "step {step}: {}", reply.text());
    let seen = show(&app, &other).await;
    let is_joined = seen["id"] == keep["id"];
    assert!(is_joined || seen == other, "step {step}: half done: {seen}");
    assert!(is_joined || reply.status == 503, "step {step}: said to be done");
    merge(&app, &keep, &other, &codes).await.expect(200);
    (show(&app, &other).await, has_failed)
}

/// Before a commit that tells of `what`, something else happens first.
struct Interrupted {
    inner: MemoryEngine,
    what: &'static str,
    first: Mutex<Option<Pin<Box<dyn Future<Output = ()> + Send>>>>,
}

#[async_trait]
impl Engine for Interrupted {
    async fn get(&self, keys: &[Key]) -> Result<Vec<Option<Versioned>>, EngineError> {
        self.inner.get(keys).await
    }

    async fn scan(&self, range: &KeyRange, page: Page) -> Result<Rows, EngineError> {
        self.inner.scan(range, page).await
    }

    async fn commit(&self, batch: Batch) -> Result<Commit, EngineError> {
        let tells = |doc: &bytes::Bytes| String::from_utf8_lossy(doc).contains(self.what);
        if batch.append.iter().any(tells) {
            let first = self.first.lock().await.take();
            if let Some(first) = first {
                first.await;
            }
        }
        self.inner.commit(batch).await
    }

    async fn feed(&self, after: Position, limit: usize, wait: Duration) -> Result<Feed, EngineError> {
        self.inner.feed(after, limit, wait).await
    }

    async fn export(&self, sink: &mut (dyn Sink + Send)) -> Result<Position, EngineError> {
        self.inner.export(sink).await
    }
}

/// Two persons over a store that is interrupted before it tells of `what`.
async fn interrupted(what: &'static str) -> (TestApp, Arc<Interrupted>, [Value; 2]) {
    let engine = Arc::new(Interrupted { inner: MemoryEngine::new(), what, first: Mutex::new(None) });
    let app = TestApp::over(Arc::clone(&engine) as Arc<dyn Engine>).await;
    app.certify(&ana()).await;
    app.certify(&second()).await;
    let persons = [found(&app, "ana@partner.example").await, found(&app, "ana@second.example").await];
    (app, engine, persons)
}

fn posted(app: &TestApp, path: &str, body: &Value) -> Pin<Box<dyn Future<Output = ()> + Send>> {
    let request = Request::post(path)
        .header("authorization", format!("Bearer {}", app.live))
        .header("content-type", "application/json")
        .body(Body::from(body.to_string()))
        .unwrap();
    let router = app.router();
    Box::pin(async move {
        assert_eq!(router.oneshot(request).await.unwrap().status().as_u16(), 200);
    })
}

fn training(id: &str) -> Value {
    result(id, ("Ana", "ana@second.example"), "technical-associate", "technical-fundamentals", "2026-11-19T09:00:00Z")
}

#[tokio::test]
async fn a_result_that_comes_in_between_is_not_left_behind() {
    let (app, engine, [keep, other]) = interrupted("person.merged").await;
    let codes = codes(&app, &keep, &other).await;
    *engine.first.lock().await = Some(posted(&app, "/api/v1/results", &training("between")));
    let done = merge(&app, &keep, &other, &codes).await.expect(200).json();
    let all: Vec<_> = done["certifications"].as_array().unwrap().iter().map(|fate| &fate["certification"]).collect();
    assert_eq!(all, ["sales-associate", "technical-associate"]);
    let exam = result("e", ("Ana", "ana@partner.example"), "technical-associate", "exam", "2026-11-20T09:00:00Z");
    app.post("/api/v1/results", &exam).await.expect(201);
}

#[tokio::test]
async fn a_result_that_was_decided_for_the_other_is_recorded_for_the_one_who_is_kept() {
    let (app, engine, [keep, other]) = interrupted("technical-fundamentals").await;
    let codes = codes(&app, &keep, &other).await;
    let body = json!({ "keep": keep["id"], "other": other["id"], "proofs": codes });
    *engine.first.lock().await = Some(posted(&app, "/api/v1/people/merge", &body));
    app.post("/api/v1/results", &training("between")).await.expect(200);
    let exam = result("e", ("Ana", "ana@partner.example"), "technical-associate", "exam", "2026-11-20T09:00:00Z");
    app.post("/api/v1/results", &exam).await.expect(201);
    assert_eq!(show(&app, &other).await["awards"].as_array().unwrap().len(), 2);
}
