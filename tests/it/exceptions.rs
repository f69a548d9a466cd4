//! Exceptions: granted, confirmed by a second caller, withdrawn; told to the feed, never public.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::app::{PROGRAM, Reply, TestApp, ana};
use crate::support::desk::{by_mail, person, refused, report, with};

const PATH: &str = "/api/v1/exceptions";

fn grant(kind: &str, more: Value) -> Value {
    let body = json!({
        "person": by_mail(&ana()), "certification": "sales-associate", "kind": kind, "reason": "Agreed with Joana on the phone.",
    });
    with(body, more)
}

/// Ana has passed the exam and not taken the training.
async fn with_exam() -> TestApp {
    let app = TestApp::new().await;
    let exam = with(report("exam", &ana(), "exam", "2026-11-20T09:00:00Z"), json!({ "score": 84 }));
    assert_eq!(app.report(&exam).await["decision"], "withheld");
    app
}

async fn step(app: &TestApp, key: &str, exception: &Value, verb: &str) -> Reply {
    let id = exception["exception"]["id"].as_str().unwrap();
    app.post_with(key, &format!("{PATH}/{id}/{verb}"), "").await
}

#[tokio::test]
async fn a_waived_requirement_lets_the_award_be_made_at_once() {
    let app = with_exam().await;
    let exam = with(report("exam-2", &ana(), "exam", "2026-11-20T09:30:00Z"), json!({ "score": 90 }));
    let granted = app.post(PATH, &grant("waive", json!({ "requirement": "sales-101" }))).await.expect(201).json();
    assert_eq!(granted["exception"]["state"], "in-effect");
    assert_eq!(granted["exception"]["kind"], "waive");
    assert_eq!(granted["exception"]["by"], "lms");
    // What must come first was waived after the exam was taken; the exam counts with the waiver.
    let award = match granted["decision"].as_str().unwrap() {
        "awarded" => granted["award"].clone(),
        _ => app.report(&exam).await["award"].clone(),
    };
    assert_eq!(award["state"], "valid", "{granted}");
    let (verdict, headline, page) = app.public(&award).await;
    assert_eq!(verdict, "valid");
    for public in [&headline, &page] {
        assert!(!public.contains("waive") && !public.contains("Joana") && !public.contains("xception"), "{public}");
    }
    let trail = app.trail(&ana()).await;
    assert_eq!(trail["exceptions"][0]["reason"], "Agreed with Joana on the phone.");
    assert_eq!(trail["exceptions"][0]["requirement"], "sales-101");
    let (kinds, text) = app.feed().await;
    assert!(kinds.contains(&"exception.granted".to_owned()));
    assert!(!text.contains("Joana"), "words are private");
    let withdrawn = step(&app, &app.live, &granted, "withdraw").await;
    let problem = refused(withdrawn, 409, "invalid-state");
    assert_eq!(problem["detail"], "An award rests on it; revoke that if it was a mistake.");
}

#[tokio::test]
async fn an_exception_with_four_eyes_waits_for_another_caller() {
    let app = with_exam().await;
    let second = app.caller("second", &["awards:write"]).await;
    let body = grant("award-by-hand", json!({ "needs_second": true }));
    let waiting = app.post(PATH, &body).await.expect(201).json();
    assert_eq!((&waiting["exception"]["state"], &waiting["decision"]), (&json!("waiting"), &Value::Null));
    assert_eq!(waiting["award"], Value::Null);

    let problem = refused(step(&app, &app.live, &waiting, "confirm").await, 403, "forbidden");
    assert!(problem["detail"].as_str().unwrap().contains("takes another caller"), "{problem}");
    let confirmed = step(&app, &second, &waiting, "confirm").await.expect(200).json();
    assert_eq!(confirmed["exception"]["state"], "in-effect");
    assert_eq!(confirmed["exception"]["confirmed_by"], "second");
    assert_eq!(confirmed["decision"], "awarded");
    assert_eq!(confirmed["award"]["valid_until"], "2027-11-20T22:59:59Z");
    let again = step(&app, &second, &waiting, "confirm").await.expect(200);
    assert_eq!(again.header("idempotency-replayed"), "true");
    refused(step(&app, &second, &waiting, "withdraw").await, 409, "invalid-state");
    refused(app.post(PATH, &grant("award-by-hand", json!({}))).await, 409, "invalid-state");

    let history = &app.trail(&ana()).await["history"][0];
    assert_eq!((&history["type"], &history["by"]), (&json!("issued"), &json!("second")));
    let kinds = app.feed().await.0;
    let told: Vec<&str> = kinds.iter().map(String::as_str).filter(|k| k.starts_with("exception.")).collect();
    assert_eq!(told, ["exception.granted", "exception.confirmed"]);
}

#[tokio::test]
async fn what_waits_can_be_withdrawn_and_then_not_be_confirmed() {
    let app = with_exam().await;
    let second = app.caller("second", &["awards:write"]).await;
    let body = grant("waive", json!({ "requirement": "sales-101", "needs_second": true }));
    let waiting = app.post(PATH, &body).await.expect(201).json();
    let withdrawn = step(&app, &app.live, &waiting, "withdraw").await.expect(200).json();
    assert_eq!(withdrawn["exception"]["state"], "withdrawn");
    assert_eq!(step(&app, &app.live, &waiting, "withdraw").await.expect(200).header("idempotency-replayed"), "true");
    refused(step(&app, &second, &waiting, "confirm").await, 409, "invalid-state");
    let at_once = app.post(PATH, &grant("attempt", json!({ "requirement": "exam" }))).await.expect(201).json();
    refused(step(&app, &second, &at_once, "confirm").await, 409, "invalid-state");
    assert_eq!(step(&app, &app.live, &at_once, "withdraw").await.expect(200).json()["exception"]["state"], "withdrawn");
}

#[tokio::test]
async fn three_failures_use_up_the_attempts_and_a_granted_one_opens_the_way() {
    let app = TestApp::new().await;
    app.report(&report("t", &ana(), "sales-101", "2026-10-01T09:00:00Z")).await;
    for (n, day) in ["2026-10-02", "2026-10-12", "2026-10-22"].iter().enumerate() {
        let exam = report(&format!("e{n}"), &ana(), "exam", &format!("{day}T09:00:00Z"));
        app.report(&with(exam, json!({ "outcome": "failed", "score": 50 }))).await;
    }
    let passed = with(report("e3", &ana(), "exam", "2026-11-19T09:00:00Z"), json!({ "score": 90 }));
    let withheld = app.report(&passed).await;
    assert_eq!(withheld["unmet"][0]["code"], "attempts-used-up", "{withheld}");
    let trail = app.trail(&ana()).await;
    let codes: Vec<&str> = trail["results"].as_array().unwrap().iter().map(|r| r["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["counts", "failed-attempt", "failed-attempt", "failed-attempt", "used-up"]);
    assert_eq!((&trail["results"][2]["attempt"], &trail["results"][2]["attempts"]), (&json!(2), &json!(3)));

    app.post(PATH, &grant("attempt", json!({ "requirement": "exam" }))).await.expect(201);
    let exam = with(report("e4", &ana(), "exam", "2026-11-20T10:05:00Z"), json!({ "score": 90 }));
    app.clock.advance(TimeDelta::minutes(10));
    assert_eq!(app.report(&exam).await["decision"], "awarded");
}

#[tokio::test]
async fn an_extension_is_signed_and_never_shortens() {
    let app = TestApp::new().await;
    let award = app.certify(&ana()).await;
    refused(app.post(PATH, &grant("extend", json!({ "until": "2027-11-20" }))).await, 409, "invalid-state");
    let extended = app.post(PATH, &grant("extend", json!({ "until": "2028-01-31" }))).await.expect(201).json();
    assert_eq!(extended["award"]["valid_until"], "2028-01-31T22:59:59Z");
    assert_eq!((&extended["award"]["id"], &extended["award"]["version"]), (&award["id"], &json!(2)));
    let credential = app.get(&app.local(&award["addresses"]["credential"])).await.expect(200).json();
    assert_eq!(credential["validUntil"], "2028-01-31T22:59:59Z");
    assert_eq!(app.public(&award).await.0, "valid");
    refused(step(&app, &app.live, &extended, "withdraw").await, 409, "invalid-state");
    app.act(&award, "suspend", &json!({ "reason": "other" })).await.expect(200);
    refused(app.post(PATH, &grant("extend", json!({ "until": "2028-02-28" }))).await, 409, "invalid-state");
    app.act(&award, "revoke", &json!({ "reason": "other" })).await.expect(200);
    refused(app.post(PATH, &grant("extend", json!({ "until": "2028-02-28" }))).await, 409, "invalid-state");
    refused(app.post(PATH, &grant("award-by-hand", json!({}))).await, 409, "invalid-state");
}

#[tokio::test]
async fn approvals_count_by_caller() {
    let first = PROGRAM.find("criteria = \"Complete Sales 101").unwrap();
    let program = format!("{}approval = 2\n{}", &PROGRAM[..first], &PROGRAM[first..]);
    let app = TestApp::with_program(&program).await;
    let second = app.caller("second", &["awards:write"]).await;
    app.report(&report("t", &ana(), "sales-101", "2026-11-18T09:00:00Z")).await;
    let exam = with(report("e", &ana(), "exam", "2026-11-19T09:00:00Z"), json!({ "score": 90 }));
    assert_eq!(app.report(&exam).await["unmet"][0]["code"], "approval-missing");
    let one = app.post(PATH, &grant("approve", json!({}))).await.expect(201).json();
    assert_eq!(one["decision"], "withheld");
    assert_eq!(one["unmet"][0]["facts"]["have"], 1);
    refused(app.post(PATH, &grant("approve", json!({}))).await, 403, "forbidden");
    let two = app.post_with(&second, PATH, grant("approve", json!({})).to_string()).await.expect(201).json();
    assert_eq!(two["decision"], "awarded");
    refused(step(&app, &second, &one, "withdraw").await, 409, "invalid-state");
}

#[tokio::test]
async fn after_a_lapse_the_same_two_may_approve_again() {
    let first = PROGRAM.find("criteria = \"Complete Sales 101").unwrap();
    let program = format!("{}approval = 2\n{}", &PROGRAM[..first], &PROGRAM[first..]);
    let app = TestApp::with_program(&program).await;
    let second = app.caller("second", &["awards:write"]).await;
    let approve = grant("approve", json!({})).to_string();
    let earn = async |id: &str, training: &str, exam: &str| {
        app.report(&report(&format!("{id} t"), &ana(), "sales-101", training)).await;
        app.report(&with(report(&format!("{id} e"), &ana(), "exam", exam), json!({ "score": 90 }))).await
    };
    earn("one", "2026-11-18T09:00:00Z", "2026-11-19T09:00:00Z").await;
    let one = app.post_with(&app.live, PATH, approve.clone()).await.expect(201).json();
    let two = app.post_with(&second, PATH, approve.clone()).await.expect(201).json();
    assert_eq!(two["decision"], "awarded");
    app.clock.set("2028-06-01T09:00:00Z".parse().unwrap());
    assert_eq!(app.trail(&ana()).await["outlook"]["phase"], "lapsed");
    let missing = earn("two", "2028-05-20T09:00:00Z", "2028-05-21T09:00:00Z").await;
    assert_eq!(missing["unmet"][0]["code"], "approval-missing", "{missing}");
    app.post_with(&app.live, PATH, approve.clone()).await.expect(201);
    refused(app.post_with(&app.live, PATH, approve.clone()).await, 403, "forbidden");
    let again = app.post_with(&second, PATH, approve.clone()).await.expect(201).json();
    assert_eq!(again["decision"], "renewed", "{again}");
    // What is over rests on nothing; what runs does.
    assert_eq!(step(&app, &app.live, &one, "withdraw").await.status, 200);
    refused(step(&app, &app.live, &again, "withdraw").await, 409, "invalid-state");
}

#[tokio::test]
async fn what_cannot_be_granted_is_refused_with_the_place() {
    let app = with_exam().await;
    for (kind, more, status, problem, pointer) in [
        ("waive", json!({}), 422, "invalid-value", "/requirement"),
        ("attempt", json!({}), 422, "invalid-value", "/requirement"),
        ("extend", json!({}), 422, "invalid-value", "/until"),
        ("extend", json!({ "until": "next year" }), 422, "invalid-value", "/until"),
        ("extend", json!({ "until": "99999-01-01" }), 422, "invalid-value", "/until"),
        ("extend", json!({ "until": "2028-01-01" }), 409, "invalid-state", ""),
        ("waive", json!({ "requirement": "exam", "until": "2028-01-01" }), 422, "invalid-value", "/until"),
        ("approve", json!({ "requirement": "exam" }), 422, "invalid-value", "/requirement"),
        ("approve", json!({ "needs_second": true }), 422, "invalid-value", "/needs_second"),
        ("approve", json!({}), 409, "invalid-state", ""),
        ("waive", json!({ "requirement": "essay" }), 422, "unknown-requirement", "/requirement"),
        ("attempt", json!({ "requirement": "sales-101" }), 409, "invalid-state", ""),
        (
            "waive",
            json!({ "requirement": "exam", "certification": "nobody" }),
            422,
            "unknown-certification",
            "/certification",
        ),
        ("waive", json!({ "requirement": "exam", "reason": "  " }), 422, "invalid-value", "/reason"),
        ("waive", json!({ "requirement": "exam", "reason": "x".repeat(2_001) }), 422, "invalid-value", "/reason"),
        ("waive", json!({ "requirement": "exam", "person": {} }), 422, "invalid-value", "/person"),
        (
            "waive",
            json!({ "requirement": "exam", "person": { "email": "ana@partner.example", "id": "x" } }),
            422,
            "invalid-value",
            "/person",
        ),
        ("waive", json!({ "requirement": "exam", "person": by_mail(&person("Who Knows")) }), 404, "not-found", ""),
        ("waive", json!({ "requirement": "exam", "person": { "id": "nobody" } }), 404, "not-found", ""),
        ("dispense", json!({}), 400, "malformed-request", "/kind"),
    ] {
        let reply = app.post(PATH, &grant(kind, more.clone())).await;
        assert_eq!(reply.status, status, "{kind} {more}: {}", reply.text());
        let problem_given = refused(reply, status, problem);
        if !pointer.is_empty() {
            assert_eq!(problem_given["errors"][0]["pointer"], pointer, "{kind} {more}: {problem_given}");
        }
    }
    assert_eq!(app.trail(&ana()).await["exceptions"], json!([]), "nothing was written");
    let reader = app.caller("reader", &["awards:read"]).await;
    let body = grant("waive", json!({ "requirement": "sales-101" })).to_string();
    refused(app.post_with(&reader, PATH, body).await, 403, "forbidden");
    refused(app.post(&format!("{PATH}/nobody/confirm"), &json!({})).await, 404, "not-found");
    refused(app.post(&format!("{PATH}/{}/withdraw", "0".repeat(26)), &json!({})).await, 404, "not-found");
}

#[tokio::test]
async fn a_grant_under_an_idempotency_key_is_done_once_and_listed_once() {
    let app = with_exam().await;
    let body = grant("attempt", json!({ "requirement": "exam" }));
    let first = app.once("k1", PATH, &body).await.expect(201);
    let again = app.once("k1", PATH, &body).await.expect(201);
    assert_eq!((again.header("idempotency-replayed"), again.json()), ("true", first.json()));
    refused(app.once("k1", PATH, &grant("award-by-hand", json!({}))).await, 409, "idempotency-conflict");
    let person = first.json()["exception"]["person"].as_str().unwrap().to_owned();
    let listed = app.get_with(&app.live, &format!("{PATH}?person={person}")).await.expect(200).json();
    assert_eq!(listed["data"].as_array().unwrap().len(), 1);
    assert_eq!(listed["data"][0], first.json()["exception"]);
    app.get_with(&app.live, &format!("{PATH}?person=nobody")).await.expect(404);
    let test_realm = app.get_with(&app.test, &format!("{PATH}?person={person}")).await;
    test_realm.expect(404);
}
