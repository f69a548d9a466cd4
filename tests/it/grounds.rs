//! What an award rests on: the results that earned it, and nothing that happened beside it.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::app::{PROGRAM, TestApp, ana};
use crate::support::desk::{report, with};

/// The program shows scores, and Ana agrees.
async fn open() -> (TestApp, Value) {
    let app = TestApp::with_program(&PROGRAM.replace("score = false", "score = true")).await;
    (app, with(ana(), json!({ "consent": ["score"] })))
}

fn exam(id: &str, who: &Value, at: &str, score: u32) -> Value {
    with(report(id, who, "exam", at), json!({ "score": score }))
}

impl TestApp {
    async fn report_by(&self, key: &str, result: &Value) -> Value {
        let reply = self.post_with(key, "/api/v1/results", result.to_string()).await;
        assert!(reply.status < 300, "{}", reply.text());
        reply.json()
    }

    /// Undoes everything that this source ever reported.
    async fn undo(&self, source: &str) -> Value {
        let batch = json!({ "source": source, "recorded_from": "2026-11-01", "recorded_until": "2027-12-31" });
        self.post("/api/v1/undo", &batch).await.expect(200).json()
    }

    /// The score that the credential of an award tells.
    async fn signed_score(&self, award: &Value) -> Value {
        let credential = self.get(&self.local(&award["addresses"]["credential"])).await.expect(200).json();
        credential["credentialSubject"]["result"][0]["value"].clone()
    }
}

#[tokio::test]
async fn a_batch_that_came_in_the_same_second_takes_nothing_back_that_it_did_not_make() {
    let (app, who) = open().await;
    let vendor = app.caller("vendor", &["results:write"]).await;
    app.report_by(&vendor, &report("t", &who, "sales-101", "2026-11-17T09:00:00Z")).await;
    let award = app.report_by(&vendor, &exam("e", &who, "2026-11-18T09:00:00Z", 84)).await["award"].clone();
    app.report(&report("again", &who, "sales-101", "2026-11-19T09:00:00Z")).await;
    app.clock.advance(TimeDelta::hours(1));
    assert_eq!(
        app.undo("lms").await["counts"],
        json!({ "persons": 1, "results": 1, "revoked": 0, "earlier_term": 0, "expired": 0 })
    );
    assert_eq!(app.public(&award).await.0, "valid");
    let issued = &app.trail(&who).await["history"][0];
    assert_eq!(issued["cause"], json!({ "kind": "result", "source": "vendor", "id": "e" }));
    assert!(award["history"][0].get("cause").is_none(), "who answers of awards is not told of sources");
    assert_eq!(app.undo("vendor").await["counts"]["revoked"], 1);
    let ended = &app.trail(&who).await["history"][1];
    assert_eq!((&ended["type"], &ended["cause"]["kind"]), (&json!("revoked"), &json!("undo")));
}

#[tokio::test]
async fn what_was_undone_before_the_award_is_not_what_the_credential_tells() {
    let (app, who) = open().await;
    let vendor = app.caller("vendor", &["results:write"]).await;
    app.report(&exam("wrong", &who, "2026-11-16T09:00:00Z", 95)).await;
    app.undo("lms").await;
    app.report_by(&vendor, &exam("right", &who, "2026-11-17T09:00:00Z", 72)).await;
    let answer = app.report_by(&vendor, &report("t", &who, "sales-101", "2026-11-15T09:00:00Z")).await;
    assert_eq!(answer["decision"], "awarded");
    assert_eq!(app.signed_score(&answer["award"]).await, "72");
    let trail = app.trail(&who).await;
    let codes: Vec<&str> = trail["results"].as_array().unwrap().iter().map(|r| r["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["counts", "void", "counts"]);
}

#[tokio::test]
async fn a_score_of_another_term_is_not_told_of_this_one() {
    let (app, who) = open().await;
    app.report(&report("t", &who, "sales-101", "2026-11-17T09:00:00Z")).await;
    let award = app.report(&exam("first", &who, "2026-11-18T09:00:00Z", 95)).await["award"].clone();
    app.clock.set("2027-11-01T09:00:00Z".parse().unwrap());
    let renewed = app.report(&exam("second", &who, "2027-10-30T09:00:00Z", 72)).await;
    assert_eq!(renewed["decision"], "renewed");
    assert_eq!(app.signed_score(&award).await, "72");
    app.act(&award, "reissue", &json!({})).await.expect(200);
    assert_eq!(app.signed_score(&award).await, "72");
}

#[tokio::test]
async fn an_id_whose_result_was_undone_is_free_again() {
    let (app, who) = open().await;
    let (training, wrong) =
        (report("t", &who, "sales-101", "2026-11-17T09:00:00Z"), exam("e", &who, "2026-11-18T09:00:00Z", 95));
    app.report(&training).await;
    let first = app.report(&wrong).await["award"].clone();
    app.clock.advance(TimeDelta::hours(1));
    assert_eq!(app.undo("lms").await["counts"]["revoked"], 1);
    app.clock.advance(TimeDelta::hours(1));
    assert_eq!(app.report(&training).await["decision"], "withheld", "it is as if it had never come");
    let answer = app.report(&exam("e", &who, "2026-11-18T09:00:00Z", 72)).await;
    assert_eq!(answer["decision"], "awarded", "{answer}");
    assert_ne!(answer["award"]["id"], first["id"]);
    assert_eq!((app.public(&first).await.0, app.public(&answer["award"]).await.0), ("revoked".into(), "valid".into()));
    assert_eq!(app.signed_score(&answer["award"]).await, "72");
    assert_eq!(
        app.undo("lms").await["counts"],
        json!({ "persons": 1, "results": 2, "revoked": 1, "earlier_term": 0, "expired": 0 })
    );
    assert_eq!(app.public(&answer["award"]).await.0, "revoked");
}

#[tokio::test]
async fn a_repeat_is_answered_with_what_the_award_is_now() {
    let (app, who) = open().await;
    let (training, passed) =
        (report("t", &who, "sales-101", "2026-11-17T09:00:00Z"), exam("e", &who, "2026-11-18T09:00:00Z", 95));
    let first = app.report(&training).await;
    assert_eq!(app.report(&training).await, first);
    let award = app.report(&passed).await["award"].clone();
    let again = app.post("/api/v1/results", &passed).await.expect(201).json();
    assert_eq!((&again["decision"], &again["award"]), (&json!("awarded"), &award));
    let told = app.report(&training).await;
    assert_eq!(
        (&told["decision"], &told["award"]["state"], &told["unmet"]),
        (&json!("withheld"), &json!("valid"), &json!([]))
    );
    app.act(&award, "revoke", &json!({ "reason": "other" })).await.expect(200);
    let again = app.post("/api/v1/results", &passed).await.expect(200).json();
    assert_eq!((&again["decision"], &again["award"]["state"]), (&json!("withheld"), &json!("revoked")));
}

/// Trained; 95 % on the 18th, which is wrong, and 72 % on the 19th, which is right.
async fn twice_examined() -> (TestApp, Value, Value) {
    let (app, who) = open().await;
    let vendor = app.caller("vendor", &["results:write"]).await;
    app.report_by(&vendor, &report("t", &who, "sales-101", "2026-11-17T09:00:00Z")).await;
    let wrong = with(exam("wrong", &who, "2026-11-18T09:00:00Z", 95), json!({ "form": "A" }));
    let award = app.report(&wrong).await["award"].clone();
    assert_eq!(app.signed_score(&award).await, "95");
    app.report_by(&vendor, &exam("right", &who, "2026-11-19T09:00:00Z", 72)).await;
    app.clock.advance(TimeDelta::hours(1));
    (app, who, award)
}

#[tokio::test]
async fn what_other_results_carry_stands_on_those_however_the_wrong_one_is_taken_away() {
    for by_hold in [false, true] {
        let (app, who, award) = twice_examined().await;
        if by_hold {
            let hold = json!({ "criteria": { "form": "A" } });
            let hold = app.post("/api/v1/holds", &hold).await.expect(201).json();
            assert_eq!(app.public(&award).await.0, "valid", "it stands without what is in doubt");
            app.clock.advance(TimeDelta::hours(1));
            let body = json!({ "result": { "source": "lms", "id": "wrong" }, "text": "Somebody else sat there." });
            app.post(&format!("/api/v1/holds/{}/uphold", hold["id"].as_str().unwrap()), &body).await.expect(200);
        } else {
            let counts = json!({ "persons": 1, "results": 1, "revoked": 0, "earlier_term": 1, "expired": 0 });
            assert_eq!(app.undo("lms").await["counts"], counts);
        }
        assert_eq!(app.public(&award).await.0, "valid", "{by_hold}");
        assert_eq!(app.signed_score(&award).await, "72", "{by_hold}");
        let trail = app.trail(&who).await;
        assert_eq!(
            (&trail["award"]["id"], &trail["award"]["awarded_at"]),
            (&award["id"], &json!("2026-11-19T09:00:00Z"))
        );
        let last = trail["history"].as_array().unwrap().last().unwrap();
        let cause = if by_hold { "verdict" } else { "undo" };
        assert_eq!((&last["type"], &last["cause"]["kind"]), (&json!("corrected"), &json!(cause)));
        // Now it rests on the right ones alone, and falls with them.
        assert_eq!(app.undo("lms").await["counts"]["revoked"], 0);
        assert_eq!(app.undo("vendor").await["counts"]["revoked"], 1);
        assert_eq!(app.public(&award).await.0, "revoked");
    }
}

#[tokio::test]
async fn what_waited_for_an_award_falls_with_it_and_with_nothing_else() {
    let (id, needs) = ("id = \"technical-associate\"\n", "prerequisites = [\"sales-associate\"]\n");
    let app = TestApp::with_program(&PROGRAM.replacen(id, &format!("{id}{needs}"), 1)).await;
    let (who, vendor) = (ana(), app.caller("vendor", &["results:write"]).await);
    let technical = |name: &str, requirement: &str, at: &str| {
        with(report(name, &who, requirement, at), json!({ "certification": "technical-associate" }))
    };
    app.report_by(&vendor, &technical("tt", "technical-fundamentals", "2026-11-10T09:00:00Z")).await;
    let exam_of = with(technical("te", "exam", "2026-11-11T09:00:00Z"), json!({ "score": 90 }));
    assert_eq!(app.report_by(&vendor, &exam_of).await["decision"], "withheld");
    app.report_by(&vendor, &report("t", &who, "sales-101", "2026-11-12T09:00:00Z")).await;
    app.report(&exam("wrong", &who, "2026-11-13T09:00:00Z", 95)).await;
    let asked = json!({ "email": who["email"], "certification": "technical-associate" });
    let trail = async || app.post("/api/v1/standings/find", &asked).await.expect(200).json()["standings"][0].clone();
    let waited = trail().await;
    let cause = json!({ "kind": "award", "certification": "sales-associate", "version": 1 });
    assert_eq!((&waited["award"]["state"], &waited["history"][0]["cause"]), (&json!("valid"), &cause));
    app.clock.advance(TimeDelta::hours(1));
    // What is wrong beside it takes nothing away.
    app.report(&with(technical("again", "technical-fundamentals", "2026-11-19T09:00:00Z"), json!({}))).await;
    let look = json!({ "source": "lms", "recorded_from": "2026-11-20", "recorded_until": "2026-11-20", "certification": "technical-associate" });
    assert_eq!(app.post("/api/v1/undo", &look).await.expect(200).json()["counts"]["revoked"], 0);
    app.clock.advance(TimeDelta::hours(1));
    assert_eq!(app.undo("lms").await["counts"]["revoked"], 2, "the one that was made of it, and the one that waited");
    let fallen = trail().await;
    let last = fallen["history"].as_array().unwrap().last().unwrap();
    assert_eq!((&last["type"], &last["cause"]["kind"]), (&json!("revoked"), &json!("undo")));
}
