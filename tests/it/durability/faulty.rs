//! The store fails once, at every step of every use case in turn: the answer says so or is right, nothing is half
//! done, and the same request again ends as if nothing had happened.

use std::sync::Arc;

use assay::keyring::Keyring;
use assay::service::TRIES;
use assay::store::Engine;
use assay::store::engine::memory::MemoryEngine;
use axum::body::Body;
use axum::http::Request;
use chrono::TimeDelta;
use serde_json::{Value, json};

use super::audit::{audit, mask};
use crate::support::app::{BASE, PROGRAM, Reply, TestApp, ana, path};
use crate::support::faulty::FaultyEngine;

/// A service over a store that can be broken, with keys that can be rotated.
struct World {
    app: TestApp,
    faults: Arc<FaultyEngine>,
    memory: Arc<MemoryEngine>,
    _keys: tempfile::TempDir,
}

impl World {
    async fn new() -> Self {
        let memory = Arc::new(MemoryEngine::new());
        let faults = Arc::new(FaultyEngine::sound(Arc::clone(&memory) as Arc<dyn Engine>));
        let keys = tempfile::tempdir().unwrap();
        let signer = Arc::new(Keyring::open(keys.path(), None).unwrap());
        let app = TestApp::signing(signer, Arc::clone(&faults) as Arc<dyn Engine>, PROGRAM, BASE).await;
        World { app, faults, memory, _keys: keys }
    }

    /// The store's contents, after they were found to be sound.
    async fn state(&self) -> Vec<String> {
        audit(&*self.memory).await.masked()
    }
}

/// One request.
struct Ask {
    method: &'static str,
    path: String,
    body: Value,
    accept: &'static str,
    key: Option<&'static str>,
}

impl Ask {
    fn get(path: impl Into<String>) -> Self {
        Ask { method: "GET", path: path.into(), body: Value::Null, accept: "*/*", key: Some("once") }
    }

    fn page(path: impl Into<String>) -> Self {
        Ask { accept: "text/html", ..Ask::get(path) }
    }

    fn post(path: impl Into<String>, body: Value) -> Self {
        Ask { method: "POST", body, ..Ask::get(path) }
    }

    fn without_key(self) -> Self {
        Ask { key: None, ..self }
    }

    fn verb(award: &Value, verb: &str, body: Value) -> Self {
        Ask::post(format!("/api/v1/awards/{}/{verb}", award["id"].as_str().unwrap()), body)
    }

    async fn send(&self, app: &TestApp) -> Reply {
        let mut request = Request::builder()
            .method(self.method)
            .uri(&self.path)
            .header("accept", self.accept)
            .header("authorization", format!("Bearer {}", app.live))
            .header("content-type", "application/json");
        if let Some(key) = self.key {
            request = request.header("idempotency-key", key);
        }
        let body = if self.body.is_null() { Body::empty() } else { Body::from(self.body.to_string()) };
        app.send(request.body(body).unwrap()).await
    }
}

/// Prepares a world with `before`, sends what `ask` makes of it, and does all of it again for every step at which the
/// store can fail. `status` is the right answer's.
async fn check(name: &str, before: impl AsyncFn(&TestApp) -> Value, ask: impl Fn(&Value) -> Ask, status: u16) {
    let world = World::new().await;
    let right_ask = ask(&before(&world.app).await);
    let untouched = world.state().await;
    let right = right_ask.send(&world.app).await.expect(status);
    let done = world.state().await;
    let (mut refused, mut step) = (0, 0);
    loop {
        let world = World::new().await;
        let ask = ask(&before(&world.app).await);
        world.faults.fail_at(step);
        let reply = ask.send(&world.app).await;
        let failed = world.faults.has_failed();
        world.faults.fail_at(usize::MAX);
        let state = world.state().await;
        if reply.status == 503 {
            refused += 1;
            check_refusal(name, step, &ask, &reply);
            assert!(state == untouched || state == done, "{name}, step {step}: half done\n{state:#?}");
            same(name, step, &ask.send(&world.app).await, &right);
        } else {
            same(name, step, &reply, &right);
        }
        assert_eq!(world.state().await, done, "{name}, step {step}: it does not end as without the fault");
        if !failed {
            break;
        }
        step += 1;
    }
    assert!(refused > 0, "{name}: {step} steps, and never a fault");
}

#[track_caller]
fn check_refusal(name: &str, step: usize, ask: &Ask, reply: &Reply) {
    assert!(!reply.header("retry-after").is_empty(), "{name}, step {step}: no Retry-After");
    assert_eq!(reply.header("cache-control"), "no-store", "{name}, step {step}");
    if ask.accept != "text/html" {
        assert_eq!(reply.json()["type"], "urn:assay:problem:unavailable", "{name}, step {step}");
    }
}

/// Bytes for pictures and pages, values for JSON.
#[track_caller]
fn same(name: &str, step: usize, reply: &Reply, right: &Reply) {
    assert_eq!(reply.status, right.status, "{name}, step {step}: {}", reply.text());
    match (serde_json::from_slice(&reply.body), serde_json::from_slice(&right.body)) {
        (Ok(reply), Ok(right)) => assert_eq!(mask(reply), mask(right), "{name}, step {step}"),
        _ => assert!(reply.body == right.body, "{name}, step {step}: other bytes"),
    }
}

fn result(id: &str, requirement: &str, outcome: &str) -> Value {
    json!({
        "id": id, "person": ana(), "certification": "sales-associate", "requirement": requirement,
        "outcome": outcome, "at": "2026-11-19T09:00:00Z",
    })
}

fn exam() -> Value {
    let mut exam = result("exam-1", "exam", "passed");
    exam["score"] = json!(84);
    exam["evidence"] = json!([{ "name": "Sheet", "url": "https://exams.example/1" }]);
    exam
}

async fn nothing(_: &TestApp) -> Value {
    Value::Null
}

async fn trained(app: &TestApp) -> Value {
    app.post("/api/v1/results", &result("training-1", "sales-101", "completed")).await.expect(200).json()
}

async fn awarded(app: &TestApp) -> Value {
    app.certify(&ana()).await
}

async fn suspended(app: &TestApp) -> Value {
    let award = awarded(app).await;
    app.act(&award, "suspend", &json!({ "reason": "other" })).await.expect(200);
    app.clock.advance(TimeDelta::hours(1));
    award
}

/// The answer also has the signed credential, under `credential`.
async fn published(app: &TestApp) -> Value {
    let mut award = awarded(app).await;
    award["credential"] = app.get(&path(&award["addresses"]["credential"])).await.expect(200).json();
    award
}

#[tokio::test]
async fn a_result_is_recorded_once() {
    let training = |_: &Value| Ask::post("/api/v1/results", result("training-1", "sales-101", "completed"));
    check("a first training", nothing, training, 200).await;
}

#[tokio::test]
async fn an_exam_is_awarded_once() {
    check("an exam", trained, |_| Ask::post("/api/v1/results", exam()), 201).await;
}

/// As when the disk fails in the middle of a commit: the store is away afterwards.
#[tokio::test]
async fn an_answer_that_is_not_known_is_not_made_up() {
    for (away, status) in [(3, 201), (usize::MAX, 503)] {
        let world = World::new().await;
        trained(&world.app).await;
        let ask = Ask::post("/api/v1/results", exam());
        // The last step of the request is the end of its commit.
        let last = steps_of_an_exam().await - 1;
        world.faults.fail_within(last, last.saturating_add(away));
        let reply = ask.send(&world.app).await.expect(status);
        world.faults.fail_at(usize::MAX);
        if status == 503 {
            assert_eq!(reply.json()["detail"], "Whether this was written is not known.");
        }
        assert_eq!(audit(&*world.memory).await.awards.len(), 1);
        let again = ask.send(&world.app).await.expect(201);
        assert_eq!(again.header("idempotency-replayed"), "true");
        assert_eq!(audit(&*world.memory).await.awards.len(), 1);
    }
}

async fn steps_of_an_exam() -> usize {
    let world = World::new().await;
    trained(&world.app).await;
    world.faults.fail_at(usize::MAX);
    Ask::post("/api/v1/results", exam()).send(&world.app).await.expect(201);
    world.faults.steps()
}

#[tokio::test]
async fn an_award_gets_one_new_version() {
    let expiring = async |app: &TestApp| {
        let award = awarded(app).await;
        app.clock.advance(TimeDelta::days(300));
        award
    };
    check("renew", expiring, |award| Ask::verb(award, "renew", json!({})), 200).await;
    let correction = json!({ "name": "Ana Maria Lopes", "text": "asked by mail" });
    check("reissue", awarded, |award| Ask::verb(award, "reissue", correction.clone()), 200).await;
    check("reinstate", suspended, |award| Ask::verb(award, "reinstate", json!({})), 200).await;
    check("no key", awarded, |award| Ask::verb(award, "reissue", correction.clone()).without_key(), 200).await;
}

#[tokio::test]
async fn an_award_ends_once() {
    let reason = json!({ "reason": "issued-in-error", "text": "the wrong Ana" });
    check("suspend", awarded, |award| Ask::verb(award, "suspend", reason.clone()), 200).await;
    check("revoke", suspended, |award| Ask::verb(award, "revoke", reason.clone()), 200).await;
}

#[tokio::test]
async fn an_api_key_is_made_and_ended_once() {
    let key = json!({ "name": "exams", "scopes": ["results:write"], "realm": "test" });
    check("create", nothing, |_| Ask::post("/api/v1/api-keys", key.clone()), 201).await;
    let named = async |app: &TestApp| app.post("/api/v1/api-keys", &key).await.expect(201).json();
    check("revoke", named, |_| Ask::post("/api/v1/api-keys/revoke", json!({ "name": "exams" })), 200).await;
}

/// With as many keys that wait as asked.
async fn waiting(app: &TestApp, keys: usize) -> Value {
    let mut last = Value::Null;
    for _ in 0..keys {
        app.clock.advance(TimeDelta::minutes(1));
        last = app.post("/api/v1/signing-keys/generate", &json!({})).await.expect(200).json();
    }
    app.clock.advance(TimeDelta::minutes(1));
    last
}

#[tokio::test]
async fn a_signing_key_is_made_takes_over_and_ends_once() {
    check("generate", nothing, |_| Ask::post("/api/v1/signing-keys/generate", json!({})), 200).await;
    let two = async |app: &TestApp| waiting(app, 2).await;
    check("rotate", two, |_| Ask::post("/api/v1/signing-keys/rotate", json!({})), 200).await;
    let retire = |key: &Value| Ask::post("/api/v1/signing-keys/retire", json!({ "kid": key["kid"] }));
    check("retire", two, retire, 200).await;
}

#[tokio::test]
async fn who_reads_gets_the_right_answer_or_none() {
    let revoked = async |app: &TestApp| {
        let award = awarded(app).await;
        app.act(&award, "revoke", &json!({ "reason": "other" })).await.expect(200);
        award
    };
    let of = |member: &'static str| move |award: &Value| Ask::get(path(&award["addresses"][member]));
    check("status list", revoked, |_| Ask::get("/status/1"), 200).await;
    check("report", revoked, |award| Ask::get(format!("{}.json", path(&award["addresses"]["page"]))), 200).await;
    check("page", revoked, |award| Ask::page(path(&award["addresses"]["page"])), 200).await;
    check("live picture", revoked, of("picture"), 200).await;
}

#[tokio::test]
async fn what_is_published_is_served_whole_or_not() {
    let of = |member: &'static str| move |award: &Value| Ask::get(path(&award["addresses"][member]));
    check("credential", awarded, of("credential"), 200).await;
    check("baked", awarded, of("baked_svg"), 200).await;
    check("verify", published, |award| Ask::post("/api/v1/verify", award["credential"].clone()), 200).await;
    check("DID document", nothing, |_| Ask::get("/.well-known/did.json"), 200).await;
    check("readiness", nothing, |_| Ask::get("/readyz"), 200).await;
    check("front page", nothing, |_| Ask::page("/"), 200).await;
}

#[tokio::test]
async fn who_is_outrun_decides_anew_and_is_told_to_come_again_at_last() {
    let world = World::new().await;
    let award = awarded(&world.app).await;
    let revoke = Ask::verb(&award, "revoke", json!({ "reason": "other" }));
    let before = world.state().await;
    world.faults.outrun(TRIES);
    let refused = revoke.send(&world.app).await.expect(503);
    assert_eq!(
        (refused.json()["type"].as_str(), refused.header("retry-after")),
        (Some("urn:assay:problem:unavailable"), "1")
    );
    assert_eq!(world.state().await, before);
    world.faults.outrun(TRIES - 1);
    assert_eq!(revoke.send(&world.app).await.expect(200).json()["state"], "revoked");
}
