//! The why-trail, and awards of history.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::app::{PROGRAM, TestApp, ana};
use crate::support::desk::{by_mail, refused, report, with};

#[tokio::test]
async fn who_failed_three_times_reads_when_she_may_try_again() {
    let program =
        PROGRAM.replacen("attempts = 3\nwait = \"7d\"\nvalidity", "attempts = 3\nwait = \"14d\"\nvalidity", 2);
    assert_ne!(program, PROGRAM);
    let app = TestApp::with_program(&program).await;
    app.report(&report("t", &ana(), "sales-101", "2026-10-01T09:00:00Z")).await;
    for (id, day, score) in [("e1", "2026-10-20", 52), ("e2", "2026-10-25", 60), ("e3", "2026-11-15", 61)] {
        let exam = report(id, &ana(), "exam", &format!("{day}T09:00:00Z"));
        app.report(&with(exam, json!({ "outcome": "failed", "score": score }))).await;
    }
    let trail = app.trail(&ana()).await;
    let of = |member: &str| -> Vec<Value> {
        trail["results"].as_array().unwrap().iter().map(|result| result[member].clone()).collect()
    };
    assert_eq!(of("id"), ["t", "e1", "e2", "e3"]);
    assert_eq!(of("counts"), [true, false, false, false]);
    assert_eq!(of("code"), ["counts", "failed-attempt", "too-early", "failed-attempt"]);
    assert_eq!(of("attempt"), [Value::Null, json!(1), Value::Null, json!(2)]);
    assert_eq!(of("words")[1], "Exam: 52 % reported, 70 % needed. Attempt 1 of 3.");
    assert_eq!(trail["outlook"]["phase"], "not-held");
    let exam = &trail["outlook"]["paths"][0]["requirements"][1];
    assert_eq!((&exam["next_attempt_from"], &exam["attempts_used"]), (&json!("2026-11-29"), &json!(2)));
    let words = trail["outlook"]["unmet"][0]["words"].as_str().unwrap();
    assert!(words.contains("29 November 2026"), "{words}");
}

#[tokio::test]
async fn names_and_addresses_are_for_those_who_may_read_people() {
    let app = TestApp::new().await;
    let award = app.certify(&ana()).await;
    let reader = app.caller("reader", &["awards:read"]).await;
    let find = by_mail(&ana()).to_string();
    let seen = app.post_with(&reader, "/api/v1/standings/find", find.clone()).await.expect(200);
    assert!(!seen.text().contains("Lopes") && !seen.text().contains("partner.example"), "{}", seen.text());
    let full = app.post_with(&app.live, "/api/v1/standings/find", find.clone()).await.expect(200).json();
    assert_eq!(full["person"]["name"], "Ana Lopes");
    assert_eq!(full["person"]["emails"], json!(["ana@partner.example"]));
    let id = full["person"]["id"].as_str().unwrap();
    let by_id = app.get_with(&app.live, &format!("/api/v1/standings?person={id}")).await.expect(200).json();
    assert_eq!(by_id, full);
    let number = award["id"].as_str().unwrap();
    let by_award = app.get_with(&app.live, &format!("/api/v1/standings?award={number}")).await.expect(200).json();
    assert_eq!(by_award, full);
    assert_eq!(full["standings"][0]["award"], award);
    assert_eq!(full["standings"][0]["outlook"]["phase"], "valid");

    let writer = app.caller("writer", &["results:write"]).await;
    refused(app.post_with(&writer, "/api/v1/standings/find", find).await, 403, "forbidden");
    app.get_with(&app.live, "/api/v1/standings?person=nobody").await.expect(404);
    app.get_with(&app.live, "/api/v1/standings").await.expect(422);
    app.get_with(&app.live, &format!("/api/v1/standings?award={number}&person={id}")).await.expect(422);
    app.get_with(&app.live, "/api/v1/standings?email=ana@partner.example").await.expect(400);
    app.get_with(&app.test, &format!("/api/v1/standings?award={number}")).await.expect(404);
}

#[tokio::test]
async fn a_certification_nobody_reported_anything_in_shows_what_it_takes() {
    let app = TestApp::new().await;
    app.certify(&ana()).await;
    let body = with(by_mail(&ana()), json!({ "certification": "sales-professional" }));
    let trail = app.post("/api/v1/standings/find", &body).await.expect(200).json()["standings"][0].clone();
    assert_eq!((&trail["award"], &trail["results"]), (&Value::Null, &json!([])));
    assert!(trail["outlook"]["unmet"].as_array().unwrap().len() >= 2, "{trail}");
}

#[tokio::test]
async fn history_shows_who_did_what_with_private_words() {
    let app = TestApp::new().await;
    let award = app.certify(&ana()).await;
    app.act(&award, "suspend", &json!({ "reason": "other", "text": "second screen" })).await.expect(200);
    let history = app.trail(&ana()).await["history"].clone();
    assert_eq!(history[0]["type"], "issued");
    assert_eq!((&history[0]["by"], &history[1]["by"]), (&Value::Null, &json!("lms")));
    assert_eq!(history[1]["text"], "second screen");
}

fn old(more: Value) -> Value {
    let body = json!({
        "id": "old-1", "person": ana(), "certification": "sales-associate", "awarded_at": "2026-03-10T09:00:00Z",
        "text": "from the spreadsheet",
    });
    with(body, more)
}

#[tokio::test]
async fn an_award_of_history_keeps_its_dates_and_tells_nobody() {
    let app = TestApp::new().await;
    let imported = app.post("/api/v1/awards", &old(json!({}))).await.expect(201).json();
    let award = imported["award"].clone();
    assert_eq!(
        (&award["awarded_at"], &award["valid_until"]),
        (&json!("2026-03-10T09:00:00Z"), &json!("2027-03-10T22:59:59Z"))
    );
    let credential = app.get(&app.local(&award["addresses"]["credential"])).await.expect(200).json();
    assert_eq!(credential["validFrom"], "2026-03-10T09:00:00Z");
    assert_eq!(app.public(&award).await.0, "valid");
    let (kinds, text) = app.feed().await;
    assert!(kinds.contains(&"award.imported".to_owned()) && !kinds.contains(&"award.issued".to_owned()), "{kinds:?}");
    assert!(!text.contains("spreadsheet"));
    let again = app.post("/api/v1/awards", &old(json!({}))).await.expect(201);
    assert_eq!((again.header("idempotency-replayed"), again.json()), ("true", imported));
    refused(
        app.post("/api/v1/awards", &old(json!({ "valid_until": "2027-01-01" }))).await,
        409,
        "idempotency-conflict",
    );
    refused(app.post("/api/v1/awards", &old(json!({ "id": "old-2" }))).await, 409, "invalid-state");
    // A renewal of it is like any other.
    app.clock.advance(TimeDelta::days(60));
    let exam = with(report("e", &ana(), "exam", "2027-01-19T09:00:00Z"), json!({ "score": 80 }));
    assert_eq!(app.report(&exam).await["decision"], "renewed");
}

#[tokio::test]
async fn an_award_of_history_may_be_over_already() {
    let app = TestApp::new().await;
    let body = old(json!({ "awarded_at": "2023-03-10T09:00:00Z", "valid_until": "2024-06-30" }));
    let award = app.post("/api/v1/awards", &body).await.expect(201).json()["award"].clone();
    assert_eq!((&award["state"], &award["valid_until"]), (&json!("expired"), &json!("2024-06-30T21:59:59Z")));
    assert_eq!(app.public(&award).await.0, "expired");
    assay::workers::tick(&app.app).await.unwrap();
    let kinds = app.feed().await.0;
    assert!(!kinds.iter().any(|kind| kind.starts_with("award.") && kind != "award.imported"), "{kinds:?}");
}

#[tokio::test]
async fn what_cannot_be_history_is_refused() {
    let app = TestApp::new().await;
    for (more, status, kind, pointer) in [
        (json!({ "awarded_at": "2027-03-10T09:00:00Z" }), 422, "invalid-value", "/awarded_at"),
        (json!({ "awarded_at": "1799-03-10T09:00:00Z" }), 422, "invalid-value", "/awarded_at"),
        (json!({ "valid_until": "2026-03-09" }), 422, "invalid-value", "/valid_until"),
        (json!({ "valid_until": "someday" }), 422, "invalid-value", "/valid_until"),
        (json!({ "certification": "none" }), 422, "unknown-certification", "/certification"),
        (json!({ "person": { "name": "Ana" } }), 422, "invalid-value", "/person"),
        (json!({ "id": "" }), 422, "invalid-value", "/id"),
        (json!({ "text": "x".repeat(2_001) }), 422, "invalid-value", "/text"),
        (json!({ "awarded_at": "yesterday" }), 400, "malformed-request", "/awarded_at"),
        (json!({ "level": "gold" }), 400, "malformed-request", "/level"),
    ] {
        let reply = app.post("/api/v1/awards", &old(more.clone())).await;
        assert_eq!(reply.status, status, "{more}: {}", reply.text());
        assert_eq!(refused(reply, status, kind)["errors"][0]["pointer"], pointer, "{more}");
    }
    assert!(!app.feed().await.0.iter().any(|kind| kind.starts_with("person.")), "nobody was written");
}

#[tokio::test]
async fn what_is_no_longer_offered_cannot_be_renewed_and_runs_out() {
    let first = PROGRAM.find("criteria = \"Complete Sales 101").unwrap();
    let program = format!("{}closes = 2026-11-30\n{}", &PROGRAM[..first], &PROGRAM[first..]);
    let app = TestApp::with_program(&program).await;
    let award = app.certify(&ana()).await;
    let page = async |path: &str| app.get_as(path, "text/html").await.expect(200).text();
    assert!(page("/achievements/sales-associate").await.contains("Closes on 30 November 2026."));
    app.clock.advance(TimeDelta::days(300));
    let problem = refused(app.act(&award, "renew", &json!({})).await, 409, "invalid-state");
    assert_eq!(problem["detail"], "Certified Sales Associate closed on 2026-11-30; what is held runs out.");
    let closed = "No longer offered since 1 December 2026";
    assert!(page("/achievements/sales-associate").await.contains(&format!("{closed}; what is held runs out.")));
    assert!(page("/").await.contains(closed));
    let (verdict, _, shown) = app.public(&award).await;
    assert_eq!(verdict, "valid");
    assert!(!shown.contains("No longer offered"), "the award itself is as good as before");
}
