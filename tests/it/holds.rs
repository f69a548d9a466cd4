//! Holds: a whole sitting is kept back, quietly, and released or struck out.

use std::sync::Arc;

use assay::store::Engine;
use assay::store::engine::memory::MemoryEngine;
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::app::TestApp;
use crate::support::desk::{by_mail, person, refused, report, with};
use crate::support::faulty::FaultyEngine;

const PATH: &str = "/api/v1/holds";

/// Ana and Bo sat form A in Lisbon, Cem form B there, Dora form A in Berlin; all passed and are certified.
async fn sitting(app: &TestApp) -> Vec<Value> {
    let mut awards = Vec::new();
    for (name, form, site) in [
        ("Ana Lopes", "A", "Lisbon"),
        ("Bo Lind", "A", "Lisbon"),
        ("Cem Kaya", "B", "Lisbon"),
        ("Dora Weiss", "A", "Berlin"),
    ] {
        let who = person(name);
        app.report(&report(&format!("{name} t"), &who, "sales-101", "2026-11-17T09:00:00Z")).await;
        let exam = report(&format!("{name} e"), &who, "exam", "2026-11-18T09:00:00Z");
        let answer = app.report(&with(exam, json!({ "score": 84, "form": form, "site": site }))).await;
        awards.push(answer["award"].clone());
    }
    awards
}

fn lisbon(more: Value) -> Value {
    let criteria = json!({ "form": "A", "site": "Lisbon", "date": "2026-11-18" });
    with(json!({ "criteria": criteria, "text": "Answers were sold in a chat." }), more)
}

async fn verdicts(app: &TestApp, awards: &[Value]) -> Vec<String> {
    let mut verdicts = Vec::new();
    for award in awards {
        verdicts.push(app.public(award).await.0);
    }
    verdicts
}

fn names(hold: &Value) -> Vec<&str> {
    hold["held"].as_array().unwrap().iter().map(|held| held["name"].as_str().unwrap()).collect()
}

/// Some minutes later.
async fn act(app: &TestApp, hold: &Value, verb: &str, body: &Value) -> crate::support::app::Reply {
    app.clock.advance(TimeDelta::minutes(5));
    app.post(&format!("{PATH}/{}/{verb}", hold["id"].as_str().unwrap()), body).await
}

#[tokio::test]
async fn a_preview_names_whom_it_hits_and_that_is_what_happens() {
    let app = TestApp::new().await;
    let awards = sitting(&app).await;
    let preview = app.post(PATH, &lisbon(json!({ "dry_run": true }))).await.expect(200).json();
    assert_eq!((&preview["id"], &preview["dry_run"]), (&Value::Null, &json!(true)));
    assert_eq!(names(&preview), ["Ana Lopes", "Bo Lind"]);
    assert_eq!(verdicts(&app, &awards).await, ["valid"; 4], "nothing was done");
    assert_eq!(app.get_with(&app.live, PATH).await.expect(200).json()["data"], json!([]));

    let hold = app.post(PATH, &lisbon(json!({}))).await.expect(201).json();
    assert_eq!(hold["state"], "open");
    for member in ["held", "counts", "seen", "criteria"] {
        assert_eq!(hold[member], preview[member], "{member}");
    }
    let counts = json!({ "persons": 2, "results": 2, "held": 2, "released": 0, "upheld": 0, "suspended": 2 });
    assert_eq!(hold["counts"], counts);
    assert_eq!(verdicts(&app, &awards).await, ["suspended", "suspended", "valid", "valid"]);
    let shown = app.get_with(&app.live, &format!("{PATH}/{}", hold["id"].as_str().unwrap())).await.expect(200).json();
    assert_eq!(shown, hold);
    let listed = app.get_with(&app.live, PATH).await.expect(200).json();
    assert_eq!(listed["data"][0]["id"], hold["id"]);
}

#[tokio::test]
async fn the_public_sees_nothing_of_an_investigation() {
    let app = TestApp::new().await;
    let awards = sitting(&app).await;
    let hold = app.post(PATH, &lisbon(json!({}))).await.expect(201).json();
    let (_, headline, page) = app.public(&awards[0]).await;
    assert!(headline.contains("This is not a finding against the holder."), "{headline}");
    let picture = app.get(&app.local(&awards[0]["addresses"]["picture"])).await.expect(200).text();
    for public in [&headline, &page, &picture] {
        let public = public.to_lowercase();
        for secret in
            ["lisbon", "sold", "chat", "investigat", "integrity", "fraud", "cheat", hold["id"].as_str().unwrap()]
        {
            assert!(!public.contains(secret), "{secret}: {public}");
        }
    }
    let (kinds, text) = app.feed().await;
    for secret in ["Lisbon", "sold", "Lopes"] {
        assert!(!text.contains(secret), "{secret} is in the feed");
    }
    let count = |kind: &str| kinds.iter().filter(|k| *k == kind).count();
    assert_eq!((count("hold.opened"), count("result.held"), count("award.suspended")), (1, 2, 2));
    let reader = app.caller("reader", &["awards:read"]).await;
    let shown = app.get_with(&reader, &format!("{PATH}/{}", hold["id"].as_str().unwrap())).await.expect(200);
    assert!(!shown.text().contains("\"name\""), "names need people:read");
    let trail = app.trail(&person("Ana Lopes")).await;
    assert_eq!(trail["under_review"], true);
    assert_eq!(trail["results"][1]["code"], "under-review");
}

#[tokio::test]
async fn one_is_released_then_all_and_the_awards_hold_again() {
    let app = TestApp::new().await;
    let awards = sitting(&app).await;
    let hold = app.post(PATH, &lisbon(json!({}))).await.expect(201).json();
    app.clock.advance(TimeDelta::days(2));
    let ana = json!({ "person": by_mail(&person("Ana Lopes")), "text": "Her answers are her own." });
    let released = act(&app, &hold, "release", &ana).await.expect(200).json();
    assert_eq!(released["state"], "open");
    assert_eq!(released["held"][0]["results"][0]["verdict"], "released");
    assert_eq!(verdicts(&app, &awards).await, ["valid", "suspended", "valid", "valid"]);
    let again = act(&app, &hold, "release", &ana).await.expect(200).json();
    assert_eq!(again, released, "releasing again changes nothing");

    let closed = act(&app, &hold, "release", &json!({ "all": true })).await.expect(200).json();
    assert_eq!((&closed["state"], &closed["counts"]["held"]), (&json!("closed"), &json!(0)));
    assert_eq!(verdicts(&app, &awards).await, ["valid"; 4]);
    assert_eq!(act(&app, &hold, "release", &json!({ "all": true })).await.expect(200).json(), closed);
    let kinds = app.feed().await.0;
    let count = |kind: &str| kinds.iter().filter(|k| *k == kind).count();
    assert_eq!((count("result.released"), count("award.reinstated"), count("hold.closed")), (2, 2, 1));
    let history = app.trail(&person("Ana Lopes")).await["history"].clone();
    let types: Vec<&str> = history.as_array().unwrap().iter().map(|line| line["type"].as_str().unwrap()).collect();
    assert_eq!(types, ["issued", "suspended", "reinstated"]);
    assert_eq!(history[2]["text"], "Her answers are her own.");
    let until = |award: &Value| {
        app.app.clock.now() < award["valid_until"].as_str().unwrap().parse::<chrono::DateTime<chrono::Utc>>().unwrap()
    };
    assert!(until(&awards[0]));
}

#[tokio::test]
async fn what_is_upheld_is_void_and_revokes_what_nothing_else_carries() {
    let app = TestApp::new().await;
    let awards = sitting(&app).await;
    // Bo has passed another form since.
    let again = report("Bo again", &person("Bo Lind"), "exam", "2026-11-19T09:00:00Z");
    app.report(&with(again, json!({ "score": 90, "form": "C", "site": "Porto" }))).await;
    let hold = app.post(PATH, &lisbon(json!({}))).await.expect(201).json();
    assert_eq!(verdicts(&app, &awards).await, ["suspended", "valid", "valid", "valid"], "Bo's other pass carries his");
    assert_eq!(hold["counts"]["suspended"], 1);
    for id in ["Ana Lopes e", "Bo Lind e"] {
        let body = json!({ "result": { "source": "lms", "id": id }, "text": "Proven." });
        act(&app, &hold, "uphold", &body).await.expect(200);
    }
    assert_eq!(verdicts(&app, &awards).await, ["revoked", "valid", "valid", "valid"]);
    let (_, headline, page) = app.public(&awards[0]).await;
    assert!(!headline.contains("Proven") && !page.contains("Proven"));
    let trail = app.trail(&person("Ana Lopes")).await;
    assert_eq!(trail["results"][1]["code"], "void");
    assert_eq!(trail["history"][2]["reason"], "requirements-not-met");
    assert_eq!(trail["history"][2]["text"], "Proven.");
    let closed = act(&app, &hold, "release", &json!({ "all": true })).await.expect(200).json();
    assert_eq!(
        closed["counts"],
        json!({ "persons": 2, "results": 2, "held": 0, "released": 0, "upheld": 2, "suspended": 1 })
    );
    assert_eq!(app.public(&awards[0]).await.0, "revoked", "what is upheld stays so");
}

#[tokio::test]
async fn results_are_held_on_arrival_and_award_when_they_are_released() {
    let app = TestApp::new().await;
    let hold = app.post(PATH, &lisbon(json!({}))).await.expect(201).json();
    assert_eq!(hold["counts"]["results"], 0);
    let eva = person("Eva Roth");
    app.report(&report("t", &eva, "sales-101", "2026-11-17T09:00:00Z")).await;
    let exam =
        with(report("e", &eva, "exam", "2026-11-18T15:00:00Z"), json!({ "score": 84, "form": "A", "site": "Lisbon" }));
    let withheld = app.report(&exam).await;
    assert_eq!(withheld["decision"], "withheld");
    assert!(withheld["unmet"].as_array().unwrap().iter().any(|u| u["code"] == "under-review"), "{withheld}");
    let shown = app.get_with(&app.live, &format!("{PATH}/{}", hold["id"].as_str().unwrap())).await.expect(200).json();
    assert_eq!(names(&shown), ["Eva Roth"]);
    // The next day is another sitting.
    let fay = person("Fay Brun");
    app.report(&report("ft", &fay, "sales-101", "2026-11-17T09:00:00Z")).await;
    let other =
        with(report("fe", &fay, "exam", "2026-11-18T23:30:00Z"), json!({ "score": 84, "form": "A", "site": "Lisbon" }));
    assert_eq!(app.report(&other).await["decision"], "awarded", "it is the 19th in Berlin");

    let body = json!({ "result": { "source": "lms", "id": "e" } });
    act(&app, &hold, "release", &body).await.expect(200);
    let trail = app.trail(&eva).await;
    assert_eq!(trail["award"]["state"], "valid");
    assert_eq!(trail["award"]["awarded_at"], "2026-11-18T15:00:00Z", "as if it had never been held");
    act(&app, &hold, "release", &json!({ "all": true })).await.expect(200);
    let gus = person("Gus Hall");
    app.report(&report("gt", &gus, "sales-101", "2026-11-17T09:00:00Z")).await;
    let late =
        with(report("ge", &gus, "exam", "2026-11-18T15:00:00Z"), json!({ "score": 84, "form": "A", "site": "Lisbon" }));
    assert_eq!(app.report(&late).await["decision"], "awarded", "a closed hold keeps nothing back");
}

#[tokio::test]
async fn two_holds_must_both_let_go() {
    let app = TestApp::new().await;
    let awards = sitting(&app).await;
    let form = app.post(PATH, &lisbon(json!({}))).await.expect(201).json();
    let site = app.post(PATH, &json!({ "criteria": { "site": "Lisbon" } })).await.expect(201).json();
    assert_eq!(verdicts(&app, &awards).await, ["suspended", "suspended", "suspended", "valid"]);
    act(&app, &form, "release", &json!({ "all": true })).await.expect(200);
    assert_eq!(verdicts(&app, &awards).await, ["suspended", "suspended", "suspended", "valid"]);
    act(&app, &site, "release", &json!({ "all": true })).await.expect(200);
    assert_eq!(verdicts(&app, &awards).await, ["valid"; 4]);
}

#[tokio::test]
async fn a_release_does_not_lift_what_somebody_else_suspended() {
    let app = TestApp::new().await;
    let awards = sitting(&app).await;
    app.act(&awards[0], "suspend", &json!({ "reason": "other", "text": "by hand" })).await.expect(200);
    let hold = app.post(PATH, &lisbon(json!({}))).await.expect(201).json();
    assert_eq!(hold["counts"]["suspended"], 1, "only Bo's, Ana's rests already");
    act(&app, &hold, "release", &json!({ "all": true })).await.expect(200);
    assert_eq!(verdicts(&app, &awards).await, ["suspended", "valid", "valid", "valid"]);
}

#[tokio::test]
async fn a_held_renewal_takes_only_the_new_term_when_it_is_upheld() {
    let app = TestApp::new().await;
    let awards = sitting(&app).await;
    let ana = person("Ana Lopes");
    app.clock.advance(TimeDelta::days(300));
    let exam = report("Ana renews", &ana, "exam", "2027-09-16T08:00:00Z");
    let renewed = app.report(&with(exam, json!({ "score": 80, "form": "Z", "site": "Porto" }))).await;
    assert_eq!(renewed["award"]["valid_until"], "2028-11-18T22:59:59Z", "{renewed}");
    let hold = app.post(PATH, &json!({ "criteria": { "form": "Z" } })).await.expect(201).json();
    assert_eq!(app.public(&awards[0]).await.0, "suspended");
    let body = json!({ "person": by_mail(&ana), "text": "Proven." });
    act(&app, &hold, "uphold", &body).await.expect(200);
    let award = app.trail(&ana).await["award"].clone();
    assert_eq!((&award["state"], &award["valid_until"]), (&json!("valid"), &json!("2027-11-18T22:59:59Z")));
}

#[tokio::test]
async fn what_cannot_be_held_is_refused() {
    let app = TestApp::new().await;
    for (criteria, pointer) in [
        (json!({}), ""),
        (json!({ "form": "" }), "/form"),
        (json!({ "form": "x".repeat(201) }), "/form"),
        (json!({ "date": "2026-11-18T09:00:00Z" }), "/date"),
        (json!({ "date": "2026-11-18", "from": "2026-11-18" }), "/date"),
        (json!({ "date": "18.11.2026" }), "/date"),
        (json!({ "from": "2026-11-18", "until": "2026-11-17" }), "/until"),
        (json!({ "certification": "none" }), "/certification"),
    ] {
        let reply = app.post(PATH, &json!({ "criteria": criteria })).await.expect(422).json();
        assert_eq!(reply["errors"][0]["pointer"], pointer, "{criteria}: {reply}");
    }
    app.post(PATH, &json!({ "criteria": { "room": "12" } })).await.expect(400);
    let hold = app.post(PATH, &json!({ "criteria": { "form": "A" } })).await.expect(201).json();
    for (verb, body, status) in [
        ("release", json!({}), 422),
        ("release", json!({ "all": true, "result": { "source": "lms", "id": "1" } }), 422),
        ("release", json!({ "result": { "source": "lms", "id": "1" } }), 409),
        ("release", json!({ "person": { "email": "no@body.example" } }), 404),
        ("uphold", json!({ "result": { "source": "lms", "id": "1" } }), 400),
        ("uphold", json!({ "result": { "source": "lms", "id": "1" }, "text": " " }), 422),
        ("uphold", json!({ "text": "all of them" }), 422),
    ] {
        let reply = act(&app, &hold, verb, &body).await;
        assert_eq!(reply.status, status, "{verb} {body}: {}", reply.text());
    }
    refused(app.post(&format!("{PATH}/{}/release", "0".repeat(26)), &json!({ "all": true })).await, 404, "not-found");
    app.get_with(&app.test, &format!("{PATH}/{}", hold["id"].as_str().unwrap())).await.expect(404);
    for n in 1..20 {
        app.post(PATH, &json!({ "criteria": { "form": format!("F{n}") } })).await.expect(201);
    }
    refused(app.post(PATH, &json!({ "criteria": { "form": "one too many" } })).await, 409, "invalid-state");
}

#[tokio::test]
async fn a_hold_under_an_idempotency_key_is_opened_once() {
    let app = TestApp::new().await;
    sitting(&app).await;
    let first = app.once("h1", PATH, &lisbon(json!({}))).await.expect(201);
    let again = app.once("h1", PATH, &lisbon(json!({}))).await.expect(201);
    assert_eq!((again.header("idempotency-replayed"), again.json()), ("true", first.json()));
    refused(app.once("h1", PATH, &json!({ "criteria": { "form": "B" } })).await, 409, "idempotency-conflict");
    assert_eq!(app.get_with(&app.live, PATH).await.json()["data"].as_array().unwrap().len(), 1);
}

/// Opens, then releases, with the store failing at one step of it; the workers finish what was begun.
async fn interrupted(step: usize, release: bool) -> bool {
    let memory = Arc::new(MemoryEngine::new());
    let faults = Arc::new(FaultyEngine::sound(Arc::clone(&memory) as Arc<dyn Engine>));
    let app = TestApp::over(Arc::clone(&faults) as Arc<dyn Engine>).await;
    let awards = sitting(&app).await;
    let mut hold = Value::Null;
    if release {
        hold = app.post(PATH, &lisbon(json!({}))).await.expect(201).json();
    }
    faults.fail_at(step);
    let reply = if release {
        act(&app, &hold, "release", &json!({ "all": true })).await
    } else {
        app.once("h1", PATH, &lisbon(json!({}))).await
    };
    let failed = faults.has_failed();
    faults.fail_at(usize::MAX);
    assert!(reply.status < 300 || reply.status == 503, "step {step}: {}", reply.text());
    let app = app.restarted();
    assay::workers::tick(&app.app).await.unwrap();
    let again = if release {
        act(&app, &hold, "release", &json!({ "all": true })).await.expect(200).json()
    } else {
        app.once("h1", PATH, &lisbon(json!({}))).await.expect(201).json()
    };
    let (state, expected) = if release { ("closed", "valid") } else { ("open", "suspended") };
    assert_eq!(again["state"], state, "step {step}");
    assert_eq!(again["counts"]["results"], 2, "step {step}");
    assert_eq!(verdicts(&app, &awards).await, [expected, expected, "valid", "valid"], "step {step}");
    let kinds = app.feed().await.0;
    let count = |kind: &str| kinds.iter().filter(|k| *k == kind).count();
    assert_eq!((count("hold.opened"), count("result.held"), count("award.suspended")), (1, 2, 2), "step {step}");
    if release {
        let told = (count("result.released"), count("award.reinstated"), count("hold.closed"));
        assert_eq!(told, (2, 2, 1), "step {step}");
    }
    failed
}

#[tokio::test]
async fn opening_goes_on_after_the_store_failed_in_the_middle() {
    let mut step = 0;
    while interrupted(step, false).await {
        step += 1;
    }
    assert!(step > 10, "{step} steps");
}

#[tokio::test]
async fn releasing_goes_on_after_the_store_failed_in_the_middle() {
    let mut step = 0;
    while interrupted(step, true).await {
        step += 1;
    }
    assert!(step > 10, "{step} steps");
}
