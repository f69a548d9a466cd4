//! xAPI statements: what they say, what is believed of it, and what a record store answers.

use std::sync::Arc;

use assay::intake::feed::{Ignored, Meaning, judge};
use assay::intake::xapi;
use assay::program::Program;
use assay::rules::Outcome;
use assay::store::engine::memory::MemoryEngine;
use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

use super::{app, basic, known, program, reviews};
use crate::support::app::{BASE, NOW, Reply, TestApp};
use crate::support::faulty::FaultyEngine;

const ID: &str = "7b3a1c9e-4f0d-4d6a-9a53-0d8f6a1b2c3d";
const LMS: &str = "https://lms.example";

/// The example of the specification, as an exam that was passed.
fn statement() -> Value {
    json!({
        "id": ID,
        "actor": { "account": { "homePage": LMS, "name": "13936749" } },
        "verb": { "id": "http://adlnet.gov/expapi/verbs/passed", "display": { "en": "passed" } },
        "object": { "id": "https://lms.example/exam/42", "definition": { "type": "http://adlnet.gov/expapi/activities/assessment" } },
        "result": { "score": { "scaled": 0.92, "raw": 92, "min": 0, "max": 100 }, "success": true, "completion": true, "duration": "PT45M" },
        "timestamp": "2026-11-20T09:00:00Z",
    })
}

/// The statement with members (JSON pointer, value) set; null takes one away.
fn with(changes: &[(&str, Value)]) -> Value {
    let mut statement = statement();
    for (pointer, value) in changes {
        let (parent, member) = pointer.rsplit_once('/').unwrap();
        let parent = statement.pointer_mut(parent).unwrap();
        if value.is_null() {
            parent.as_object_mut().unwrap().remove(member);
        } else {
            parent[member] = value.clone();
        }
    }
    statement
}

fn cmi5(verb: &str, result: &Value) -> Value {
    let category = json!({ "contextActivities": { "category": [{ "id": "https://w3id.org/xapi/cmi5/context/categories/moveon" }] } });
    with(&[("/verb/id", verb.into()), ("/result", result.clone()), ("/context", category)])
}

/// A quiz of Moodle, as its plugin tells of an attempt that was handed in.
fn moodle(raw: f64, scaled: f64, success: bool, completion: bool) -> Value {
    json!({
        "id": ID,
        "actor": { "name": "Ana Lopes", "account": { "homePage": "https://moodle.example", "name": "31" } },
        "verb": { "id": "http://adlnet.gov/expapi/verbs/completed", "display": { "en": "completed" } },
        "object": { "id": "https://moodle.example/mod/quiz/view.php?id=7", "definition": { "type": "http://adlnet.gov/expapi/activities/assessment" } },
        "result": { "score": { "raw": raw, "min": 0, "max": 50, "scaled": scaled }, "completion": completion, "success": success, "duration": "PT1S" },
        "context": { "platform": "Moodle", "contextActivities": { "other": [{
            "id": "https://moodle.example/mod/quiz/attempt.php?attempt=22&cmid=7", "definition": { "type": "http://adlnet.gov/expapi/activities/attempt" },
        }] } },
        "timestamp": "2026-11-20T09:00:00Z",
    })
}

/// `passed 92`, `ignored unmapped` or `review: words`.
#[track_caller]
fn check(statement: &Value, expected: &str) {
    let program = Program::parse(&program()).unwrap();
    let message = xapi::read(statement, ID, NOW.parse().unwrap()).unwrap_or_else(|faults| panic!("{faults:?}"));
    let percent = message.score.map_or("-".to_owned(), |score| score.percent().to_string());
    let found = match judge(&program, "learning", &message) {
        Meaning::Result { outcome: Outcome::Passed, .. } => format!("passed {percent}"),
        Meaning::Result { outcome: Outcome::Failed, .. } => format!("failed {percent}"),
        Meaning::Result { outcome: Outcome::Completed, .. } => format!("completed {percent}"),
        Meaning::Review { words, .. } => format!("review: {words}"),
        Meaning::Ignored(why) => format!("ignored {}", Ignored::code(why)),
    };
    assert_eq!(found, expected, "{statement}");
}

const COMPLETED: &str = "http://adlnet.gov/expapi/verbs/completed";
const FAILED: &str = "http://adlnet.gov/expapi/verbs/failed";
const PASSED: &str = "http://adlnet.gov/expapi/verbs/passed";
const WAIVED: &str = "https://w3id.org/xapi/adl/verbs/waived";

#[test]
fn a_statement_means_what_it_says_and_no_more() {
    let verb = |verb: &str, more: &[(&str, Value)]| with(&[&[("/verb/id", verb.into())], more].concat());
    for (statement, expected) in [
        (statement(), "passed 92"),
        (with(&[("/result/score", Value::Null)]), "passed -"),
        (with(&[("/result/score", json!({ "scaled": 0.92 }))]), "passed -"),
        (with(&[("/result/score", json!({ "raw": 40, "max": 50 }))]), "passed 80"),
        (with(&[("/result/score", json!({ "raw": 15, "min": 10, "max": 20 }))]), "passed 50"),
        (with(&[("/result/score", json!({ "raw": 5 }))]), "passed -"),
        (with(&[("/result/score", json!({ "raw": 0, "min": 0, "max": 0 }))]), "passed -"),
        (with(&[("/result/success", false.into())]), "review: The statement says passed, and that it was no success."),
        (with(&[("/object/id", "https://lms.example/other".into())]), "ignored unmapped"),
        (
            with(&[("/object/id", "https://lms.example/both".into())]),
            "review: The program maps this source, object and verb to several requirements.",
        ),
        (with(&[("/object/objectType", "StatementRef".into())]), "ignored unmapped"),
        (verb("http://adlnet.gov/expapi/verbs/attempted", &[]), "ignored unmapped"),
        (verb("https://adlnet.gov/expapi/verbs/passed", &[]), "ignored unmapped"),
        (verb(FAILED, &[("/result/success", false.into()), ("/result/score/raw", 40.into())]), "failed 40"),
        (
            verb(FAILED, &[("/result/success", Value::Null)]),
            "review: The source says failed, with a score that is enough here.",
        ),
        (verb(FAILED, &[]), "review: The statement says failed, and that it was a success."),
        (verb(COMPLETED, &[]), "passed 92"),
        (verb(COMPLETED, &[("/result/score/raw", 69.into())]), "failed 69"),
        (
            verb(COMPLETED, &[("/result/score", Value::Null)]),
            "review: It was completed, and neither a score nor a pass was told.",
        ),
        (
            verb(COMPLETED, &[("/result", json!({ "success": true }))]),
            "review: It was completed, and neither a score nor a pass was told.",
        ),
        (verb(COMPLETED, &[("/result/completion", false.into())]), "ignored not-finished"),
        (verb(WAIVED, &[]), "review: The source waived it: there is no score, and the exam was not taken."),
        (verb("http://adlnet.gov/expapi/verbs/scored", &[]), "passed 92"),
    ] {
        check(&statement, expected);
    }
}

#[test]
fn cmi5_says_what_must_stand_together() {
    let score = json!({ "scaled": 0.8 });
    for (statement, expected) in [
        (cmi5(PASSED, &json!({ "success": true, "score": score, "duration": "PT1H" })), "passed 80"),
        (cmi5(PASSED, &json!({ "success": true, "score": { "scaled": -0.2 } })), "passed -"),
        (cmi5(PASSED, &json!({ "score": score })), "review: A cmi5 statement says passed, without success."),
        (cmi5(FAILED, &json!({ "success": false, "score": { "scaled": 0.4 } })), "failed 40"),
        (
            cmi5(FAILED, &json!({ "success": true })),
            "review: A cmi5 statement says failed, without saying that it was no success.",
        ),
        (
            cmi5(COMPLETED, &json!({ "completion": true })),
            "review: It was completed, and neither a score nor a pass was told.",
        ),
        (
            cmi5(COMPLETED, &json!({ "completion": true, "success": true })),
            "review: A cmi5 statement says completed, with a score or success, or without completion.",
        ),
        (
            cmi5(WAIVED, &json!({ "success": true, "completion": true })),
            "review: The source waived it: there is no score, and the exam was not taken.",
        ),
    ] {
        check(&statement, expected);
    }
    for (mode, expected) in
        [("Normal", "passed 80"), ("Browse", "ignored not-for-credit"), ("Review", "ignored not-for-credit")]
    {
        let mut statement = cmi5(PASSED, &json!({ "success": true, "score": score }));
        statement["context"]["extensions"] =
            json!({ "https://w3id.org/xapi/cmi5/context/extensions/launchmode": mode });
        check(&statement, expected);
    }
}

#[test]
fn the_traps_of_moodle_are_known() {
    for (statement, expected) in [
        // 80 % is 0.6 to this platform; `success` follows a pass mark that may be none.
        (moodle(40.0, 0.6, true, true), "passed 80"),
        (moodle(25.0, 0.0, true, true), "failed 50"),
        (moodle(40.0, 0.6, false, true), "passed 80"),
        (moodle(40.0, 0.6, true, false), "ignored not-finished"),
        (
            moodle(0.0, -1.0, true, true),
            "review: Moodle says no points, which it also says of what nobody has graded yet.",
        ),
        (
            moodle(0.0, -1.0, false, true),
            "review: Moodle says no points, which it also says of what nobody has graded yet.",
        ),
    ] {
        check(&statement, expected);
    }
    // The newer shape: the object is the attempt, and the quiz stands around it.
    let mut newer = moodle(40.0, 0.6, true, true);
    newer["context"]["contextActivities"]["parent"] = json!([newer["object"].clone(), {
        "id": "https://moodle.example/course/view.php?id=2", "definition": { "type": "http://id.tincanapi.com/activitytype/lms/course" },
    }]);
    newer["object"] = json!({ "id": "https://moodle.example/mod/quiz/attempt.php?attempt=22&cmid=7", "definition": { "type": "http://adlnet.gov/expapi/activities/attempt" } });
    check(&newer, "passed 80");
}

#[test]
fn what_cannot_be_is_named() {
    for (changes, expected) in [
        (vec![("/actor", Value::Null)], "/actor: is missing"),
        (
            vec![("/actor/mbox", "mailto:ana@partner.example".into())],
            "/actor: must have exactly one of mbox, mbox_sha1sum, openid and account",
        ),
        (vec![("/actor", json!({ "mbox": "ana@partner.example" }))], "/actor/mbox: is no mail address after mailto:"),
        (vec![("/actor", json!({ "account": { "name": "x" } }))], "/actor/account: must have text"),
        (vec![("/verb", json!({}))], "/verb/id: is missing"),
        (vec![("/verb/id", "passed".into())], "/verb/id: is no IRI"),
        (vec![("/object/id", Value::Null)], "/object/id: is missing"),
        (vec![("/object/id", format!("https:{}", "x".repeat(2_000)).into())], "/object/id: has more than 2000 bytes"),
        (
            vec![("/timestamp", "2026-11-20".into())],
            "/timestamp: is no moment with a time zone, such as 2026-11-20T10:00:00Z",
        ),
        (vec![("/timestamp", "2027-11-20T10:00:00Z".into())], "/timestamp: lies in the future"),
        (vec![("/timestamp", "1800-11-20T10:00:00Z".into())], "/timestamp: lies before 1900"),
        (vec![("/timestamp", 7.into())], "/timestamp: is no text"),
        (vec![("/result/score/scaled", 92.into())], "/result/score/scaled: must be from -1 to 1"),
        (vec![("/result/score/raw", 101.into())], "/result/score/raw: must be from min to max"),
        (vec![("/result/score/raw", "92".into())], "/result/score/raw: is no number"),
        (vec![("/result/score/max", (-1).into())], "/result/score/max: is less than min"),
        (vec![("/result/success", "true".into())], "/result/success: is neither true nor false"),
        (
            vec![("/result/duration", "45 minutes".into())],
            "/result/duration: is no duration of ISO 8601, such as PT45M",
        ),
    ] {
        let faults = xapi::read(&with(&changes), ID, NOW.parse().unwrap()).unwrap_err();
        assert_eq!(faults.iter().map(ToString::to_string).collect::<Vec<_>>(), [expected]);
    }
}

async fn post(app: &TestApp, body: &Value) -> Reply {
    send(app, "POST", "/xapi/statements", &basic(app, "learning"), body).await
}

async fn send(app: &TestApp, method: &str, path: &str, authorization: &str, body: &Value) -> Reply {
    let request = Request::builder().method(method).uri(path).header("authorization", authorization);
    let request = request.header("content-type", "application/json").header("x-experience-api-version", "1.0.3");
    app.send(request.body(Body::from(body.to_string())).unwrap()).await
}

#[tokio::test]
async fn a_statement_of_somebody_known_becomes_an_award() {
    let app = app().await;
    known(&app, LMS, "13936749").await;
    let taken = post(&app, &statement()).await.expect(200);
    assert_eq!((taken.json(), taken.header("assay-decisions")), (json!([ID]), "awarded"));
    assert_eq!(taken.header("x-experience-api-version"), "1.0.3");
    let mut again = statement();
    again["stored"] = "2026-11-20T09:00:01Z".into();
    assert_eq!(post(&app, &again).await.expect(200).header("assay-decisions"), "awarded", "as before");
    let refused = post(&app, &with(&[("/result/score/raw", 91.into())])).await.expect(409).json();
    assert_eq!(refused["detail"], format!("Another message came under the id \"{ID}\"."));
}

#[tokio::test]
async fn somebody_unknown_without_a_name_is_passed_over_until_known() {
    let app = app().await;
    assert_eq!(post(&app, &statement()).await.expect(200).header("assay-decisions"), "ignored=person-unknown");
    known(&app, LMS, "13936749").await;
    assert_eq!(post(&app, &statement()).await.expect(200).header("assay-decisions"), "awarded");
}

#[tokio::test]
async fn a_feed_is_named_by_its_user_or_by_its_key() {
    let app = app().await;
    known(&app, LMS, "13936749").await;
    let as_user = format!("Basic {}", base64(&format!("{}:", app.live)));
    let bearer = format!("Bearer {}", app.live);
    for authorization in [as_user, bearer] {
        // The key is called "lms", and no map names that.
        let taken = send(&app, "POST", "/xapi/statements", &authorization, &statement()).await.expect(200);
        assert_eq!(taken.header("assay-decisions"), "ignored=unmapped");
    }
    for authorization in [
        "Basic ***".to_owned(),
        format!("Basic {}", base64("ana:secret")),
        format!("Basic {}", base64("x:ask_live_no")),
    ] {
        let refused = send(&app, "POST", "/xapi/statements", &authorization, &statement()).await.expect(401);
        assert_eq!(refused.header("x-experience-api-version"), "1.0.3");
    }
}

fn base64(text: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(text)
}

#[tokio::test]
async fn several_statements_are_taken_together_or_not_at_all() {
    let app = app().await;
    known(&app, LMS, "13936749").await;
    let other = "00000000-0000-4000-8000-000000000001";
    let bad = json!([statement(), with(&[("/id", other.into()), ("/verb/id", "x".into())])]);
    let refused = post(&app, &bad).await.expect(400).json();
    assert_eq!(
        (&refused["errors"][0]["pointer"], &refused["errors"][0]["detail"]),
        (&"/1/verb/id".into(), &"is no IRI".into())
    );
    let twice = post(&app, &json!([statement(), statement()])).await.expect(400).json();
    assert_eq!(twice["errors"][0]["detail"], "is the id of another statement of this request");
    let none = post(&app, &json!([with(&[("/id", "x".into())])])).await.expect(400).json();
    assert_eq!(none["errors"][0]["detail"], "is no UUID");
    let unmapped = with(&[("/id", Value::Null), ("/object/id", "https://lms.example/other".into())]);
    let taken = post(&app, &json!([statement(), unmapped])).await.expect(200);
    assert_eq!(taken.header("assay-decisions"), "awarded, ignored=unmapped");
    assert!(xapi::is_uuid(taken.json()[1].as_str().unwrap()), "a statement without an id gets one");
    let changed = json!([with(&[("/id", other.into())]), with(&[("/result/score/raw", 1.into())])]);
    post(&app, &changed).await.expect(409);
    let fresh = post(&app, &with(&[("/id", other.into()), ("/object/id", "https://lms.example/other".into())])).await;
    fresh.expect(200);
    let many: Vec<Value> = (0..1_001).map(|_| json!({})).collect();
    post(&app, &json!(many)).await.expect(413);
}

#[tokio::test]
async fn a_statement_can_be_put_under_its_id() {
    let app = app().await;
    known(&app, LMS, "13936749").await;
    let put = async |id: &str, body: &Value| {
        send(&app, "PUT", &format!("/xapi/statements?statementId={id}"), &basic(&app, "learning"), body).await
    };
    let taken = put(ID, &with(&[("/id", Value::Null)])).await.expect(204);
    assert_eq!(taken.header("assay-decisions"), "awarded");
    put("7b3a1c9e-4f0d-4d6a-9a53-0d8f6a1b2c3e", &statement()).await.expect(400);
    put("x", &statement()).await.expect(400);
    let about = app.get("/xapi/about").await.expect(200);
    assert_eq!(about.json(), json!({ "version": ["1.0.3", "1.0.2", "1.0.1", "1.0.0"] }));
    let request = Request::post("/xapi/statements").header("authorization", basic(&app, "learning"));
    let refused =
        app.send(request.header("content-type", "application/json").body(Body::from("{}")).unwrap()).await.expect(400);
    assert_eq!(refused.json()["detail"], "The header X-Experience-API-Version is missing or not 1.0.x.");
}

#[tokio::test]
async fn what_cannot_be_told_is_put_before_a_person() {
    let app = app().await;
    known(&app, LMS, "13936749").await;
    let ambiguous = with(&[("/object/id", "https://lms.example/both".into())]);
    assert_eq!(post(&app, &ambiguous).await.expect(200).header("assay-decisions"), "review");
    post(&app, &ambiguous).await.expect(200);
    let open = reviews(&app).await;
    assert_eq!(open.len(), 1, "the same again opens no other: {open:?}");
    assert_eq!(open[0]["code"], "ambiguous");
    assert_eq!(open[0]["candidates"], json!(["sales-associate/exam", "technical-associate/exam"]));
    assert_eq!((&open[0]["message"], &open[0]["source"]), (&ID.into(), &"learning".into()));
}

#[tokio::test]
async fn a_grade_that_drops_opens_a_review_and_takes_nothing_away() {
    let app = app().await;
    known(&app, LMS, "13936749").await;
    let attempt = |id: &str, raw: i64, verb: &str, at: &str| {
        let registration = json!({ "registration": "11111111-1111-4111-8111-111111111111" });
        with(&[
            ("/id", id.into()),
            ("/verb/id", verb.into()),
            ("/result", json!({ "score": { "raw": raw, "max": 100 } })),
            ("/context", registration),
            ("/timestamp", at.into()),
        ])
    };
    let id = |n: u8| format!("00000000-0000-4000-8000-00000000000{n}");
    for (n, raw, verb, at, expected) in [
        (1, 92, PASSED, "2026-11-20T08:00:00Z", "awarded"),
        (2, 92, PASSED, "2026-11-20T08:05:00Z", "ignored=nothing-new"),
        (3, 50, FAILED, "2026-11-20T07:00:00Z", "ignored=out-of-date"),
        (4, 50, FAILED, "2026-11-20T09:00:00Z", "review"),
        (5, 50, FAILED, "2026-11-20T09:05:00Z", "ignored=nothing-new"),
    ] {
        let taken = post(&app, &attempt(&id(n), raw, verb, at)).await.expect(200);
        assert_eq!(taken.header("assay-decisions"), expected, "{n}");
    }
    let open = reviews(&app).await;
    assert_eq!(open.len(), 1);
    assert_eq!(
        (&open[0]["code"], &open[0]["before"], &open[0]["now"]),
        (&"grade-dropped".into(), &92.into(), &50.into())
    );
}

#[tokio::test]
async fn an_exam_and_its_regrade_that_come_at_once_are_one_attempt() {
    let engine = Arc::new(FaultyEngine::sound(Arc::new(MemoryEngine::new())));
    let app = TestApp::with(engine.clone(), &program(), BASE).await;
    engine.take_turns();
    let attempt = |who: usize, n: usize, raw: i64, verb: &str, at: &str| {
        let registration = json!({ "registration": format!("11111111-1111-4111-8111-{who:012}") });
        with(&[
            ("/id", format!("00000000-0000-4000-8000-{:012}", who * 10 + n).into()),
            ("/actor/account/name", format!("p{who}").into()),
            ("/verb/id", verb.into()),
            ("/result", json!({ "score": { "raw": raw, "max": 100 } })),
            ("/context", registration),
            ("/timestamp", at.into()),
        ])
    };
    for who in 0..6 {
        let person = json!({
            "name": format!("Person {who}"), "email": format!("p{who}@partner.example"),
            "external": [{ "system": LMS, "id": format!("p{who}") }],
        });
        let training = json!({
            "id": format!("t{who}"), "person": person, "certification": "sales-associate", "requirement": "sales-101",
            "outcome": "completed", "at": "2026-11-01T10:00:00Z",
        });
        app.post("/api/v1/results", &training).await.expect(200);
        let failed = attempt(who, 1, 40, FAILED, "2026-11-20T08:00:00Z");
        let regraded = attempt(who, 2, 75, PASSED, "2026-11-20T08:30:00Z");
        // Which of the two is begun first must not matter.
        if who % 2 == 0 {
            let (one, two) = tokio::join!(post(&app, &failed), post(&app, &regraded));
            one.expect(200);
            two.expect(200);
        } else {
            let (two, one) = tokio::join!(post(&app, &regraded), post(&app, &failed));
            one.expect(200);
            two.expect(200);
        }
        let asked = json!({ "email": format!("p{who}@partner.example"), "certification": "sales-associate" });
        let trail = app.post("/api/v1/standings/find", &asked).await.expect(200).json()["standings"][0].clone();
        assert_eq!(trail["award"]["state"], "valid", "{who}: {trail}");
        let attempts = trail["results"].as_array().unwrap().iter().filter(|r| r["code"] == "failed-attempt").count();
        assert_eq!(attempts, 0, "{who}: the failure was marked anew: {trail}");
    }
}
