//! Public answers are told again as they were within one second, and never after anything has changed.

use std::sync::Arc;

use assay::store::Engine;
use assay::store::engine::memory::MemoryEngine;
use axum::body::Body;
use axum::http::Request;
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::app::{BASE, PROGRAM, Reply, TestApp, ana, path};
use crate::support::faulty::FaultyEngine;

/// A service whose readings of the store are counted, and one award.
async fn counted() -> (TestApp, Arc<FaultyEngine>, Value) {
    let engine = Arc::new(FaultyEngine::sound(Arc::new(MemoryEngine::new())));
    let app = TestApp::with(Arc::clone(&engine) as Arc<dyn Engine>, PROGRAM, BASE).await;
    let award = app.certify(&ana()).await;
    engine.tell_generation();
    (app, engine, award)
}

async fn ask(app: &TestApp, address: &str, headers: &[(&str, &str)]) -> Reply {
    let mut request = Request::get(address);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    app.send(request.body(Body::empty()).unwrap()).await
}

/// Whether the store was read for the answer.
async fn is_read(engine: &FaultyEngine, answer: impl Future<Output = Reply>) -> bool {
    let before = engine.steps();
    answer.await;
    engine.steps() > before
}

#[tokio::test]
async fn an_answer_is_made_once_in_a_second() {
    let (app, engine, award) = counted().await;
    for member in ["page", "credential", "picture", "baked_svg"] {
        let address = path(&award["addresses"][member]);
        let first = ask(&app, &address, &[]).await.expect(200);
        let before = engine.steps();
        let again = ask(&app, &address, &[]).await.expect(200);
        assert_eq!(engine.steps(), before, "{member}");
        assert_eq!(again.body, first.body);
        let without_id = |reply: &Reply| {
            let mut headers = reply.headers.clone();
            headers.remove("x-request-id");
            headers
        };
        assert_eq!(without_id(&again), without_id(&first));
        assert_ne!(again.header("x-request-id"), first.header("x-request-id"));
        app.clock.advance(TimeDelta::milliseconds(999));
        assert!(!is_read(&engine, ask(&app, &address, &[])).await, "{member}: the second has not passed");
        app.clock.advance(TimeDelta::milliseconds(1));
        assert!(is_read(&engine, ask(&app, &address, &[])).await, "{member}: it has");
    }
}

#[tokio::test]
async fn nothing_is_told_that_a_commit_has_changed() {
    let (app, _, award) = counted().await;
    app.clock.advance(TimeDelta::hours(1));
    let page = path(&award["addresses"]["page"]);
    let verdict = async || ask(&app, &format!("{page}.json"), &[]).await.expect(200).json()["verdict"].clone();
    for (verb, body, expected) in [
        ("suspend", json!({ "reason": "under-review" }), "suspended"),
        ("reinstate", json!({}), "valid"),
        ("revoke", json!({ "reason": "other" }), "revoked"),
    ] {
        verdict().await;
        app.act(&award, verb, &body).await.expect(200);
        assert_eq!(verdict().await, expected, "in the same second");
    }
}

#[tokio::test]
async fn a_badge_runs_out_in_its_second() {
    let (app, _, award) = counted().await;
    let page = format!("{}.json", path(&award["addresses"]["page"]));
    let end: chrono::DateTime<chrono::Utc> = award["valid_until"].as_str().unwrap().parse().unwrap();
    app.clock.advance(end - app.now() + TimeDelta::milliseconds(999));
    assert_eq!(ask(&app, &page, &[]).await.json()["verdict"], "valid");
    app.clock.advance(TimeDelta::milliseconds(1));
    assert_eq!(ask(&app, &page, &[]).await.json()["verdict"], "expired");
}

#[tokio::test]
async fn each_form_is_an_answer_of_its_own() {
    let (app, engine, award) = counted().await;
    let page = path(&award["addresses"]["page"]);
    let forms: [&[(&str, &str)]; 4] = [
        &[("accept", "text/html")],
        &[("accept", "application/json")],
        &[("accept", "text/html"), ("accept-encoding", "gzip")],
        &[("accept", "application/json"), ("accept-encoding", "gzip")],
    ];
    let mut first = Vec::new();
    for form in forms {
        let reply = ask(&app, &page, form).await.expect(200);
        first.push((reply.header("content-type").to_owned(), reply.header("content-encoding").to_owned(), reply.body));
    }
    let before = engine.steps();
    for (form, first) in forms.iter().zip(&first) {
        let again = ask(&app, &page, form).await.expect(200);
        assert_eq!((again.header("content-type"), again.header("content-encoding")), (&*first.0, &*first.1));
        assert_eq!(again.body, first.2);
    }
    assert_eq!(engine.steps(), before);
    assert_eq!((first[1].0.as_str(), first[2].1.as_str()), ("application/json", "gzip"));
}

#[tokio::test]
async fn who_has_it_already_is_told_so() {
    let (app, engine, award) = counted().await;
    let page = path(&award["addresses"]["page"]);
    for compressed in [&[][..], &[("accept-encoding", "gzip")]] {
        let tag = ask(&app, &page, compressed).await.expect(200).header("etag").to_owned();
        let headers = [compressed, &[("if-none-match", tag.as_str())]].concat();
        let before = engine.steps();
        let known = ask(&app, &page, &headers).await.expect(304);
        assert!(known.body.is_empty() && known.header("content-type").is_empty());
        assert_eq!((engine.steps(), known.header("etag")), (before, tag.as_str()));
        let other = [compressed, &[("if-none-match", "\"other\"")]].concat();
        assert!(!ask(&app, &page, &other).await.expect(200).body.is_empty());
    }
    app.clock.advance(TimeDelta::seconds(1));
    let tag = ask(&app, &format!("{page}.json"), &[]).await.expect(200).header("etag").to_owned();
    app.act(&award, "revoke", &json!({ "reason": "other" })).await.expect(200);
    ask(&app, &format!("{page}.json"), &[("if-none-match", &tag)]).await.expect(200);
}

/// What is personal, partial, refused or not to be stored is made anew for each.
#[tokio::test]
async fn only_what_everybody_is_told_is_kept() {
    let (app, engine, award) = counted().await;
    let page = path(&award["addresses"]["page"]);
    let key = format!("Bearer {}", app.live);
    let api = format!("/api/v1/awards/{}", award["id"].as_str().unwrap());
    let long = format!("text/html, {}", "a/b, ".repeat(300));
    let cases: [(&str, &[(&str, &str)]); 6] = [
        (&page, &[("authorization", &key)]),
        (&page, &[("cookie", "a=b")]),
        (&page, &[("accept", &long)]),
        (&api, &[("authorization", &key)]),
        ("/v/7K3QX9M2TR4HB6WD", &[]),
        ("/readyz", &[]),
    ];
    for (address, headers) in cases {
        ask(&app, address, headers).await;
        assert!(is_read(&engine, ask(&app, address, headers)).await, "{address} {headers:?}");
    }
    ask(&app, &api, &[]).await.expect(401);
}
