//! Events of Moodle's webhooks: who and what, without a grade and without an address.

use serde_json::{Value, json};

use super::{app, known, reviews, send_event};

fn event(name: &str, more: &Value) -> Value {
    let mut event = json!({
        "eventname": name, "objectid": 5, "relateduserid": 31, "userid": 3, "courseid": 2, "contextinstanceid": 17,
        "timecreated": 1_763_600_000, "other": null, "host": "https://moodle.example", "token": "hush", "extra": "",
    });
    for (member, value) in more.as_object().unwrap() {
        event[member] = value.clone();
    }
    event
}

const COURSE: &str = "\\core\\event\\course_completed";
const MODULE: &str = "\\core\\event\\course_module_completion_updated";
const SUBMITTED: &str = "\\mod_quiz\\event\\attempt_submitted";

#[tokio::test]
async fn an_event_says_what_its_kind_says() {
    let app = app().await;
    assert_eq!(send_event(&app, "moodle", &event(COURSE, &json!({}))).await.json()["reason"], "person-unknown");
    known(&app, "https://moodle.example", "31").await;
    let state = |state: i64| json!({ "other": { "completionstate": state } });
    for (event, expected) in [
        (event(COURSE, &json!({})), "withheld"),
        (event(COURSE, &json!({})), "withheld"),
        (event(COURSE, &json!({ "courseid": 3 })), "ignored"),
        (event(COURSE, &json!({ "relateduserid": null, "timecreated": 1_763_600_001 })), "ignored"),
        (event(MODULE, &state(0)), "ignored"),
        (event(MODULE, &json!({ "timecreated": "1763600002" })), "review"),
        (event(SUBMITTED, &json!({})), "review"),
        (event(MODULE, &json!({ "timecreated": 1_763_600_003, "other": "{\"completionstate\":\"3\"}" })), "withheld"),
        (event(MODULE, &json!({ "timecreated": 1_764_300_000, "other": { "completionstate": 2 } })), "withheld"),
    ] {
        let answer = send_event(&app, "moodle", &event).await.expect(200).json();
        assert_eq!(answer["decision"], expected, "{event} {answer}");
    }
    let codes: Vec<_> = reviews(&app).await.iter().map(|review| review["code"].clone()).collect();
    assert_eq!(codes, ["incomplete", "ambiguous", "ambiguous"], "a pass without its score waits");
}

#[tokio::test]
async fn what_is_no_event_of_moodle_is_refused_with_the_reason() {
    let app = app().await;
    for (event, expected) in [
        (
            event("course_completed", &json!({})),
            "/eventname: is no event of Moodle, such as \\core\\event\\course_completed",
        ),
        (event(COURSE, &json!({ "host": null })), "/host: is missing; the plugin sends it"),
        (event(COURSE, &json!({ "timecreated": "now" })), "/timecreated: is no number of seconds since 1970"),
        (event(COURSE, &json!({ "timecreated": 1_900_000_000 })), "/timecreated: lies in the future"),
    ] {
        let refused = send_event(&app, "moodle", &event).await.expect(422).json();
        let fault = &refused["errors"][0];
        assert_eq!(format!("{}: {}", fault["pointer"].as_str().unwrap(), fault["detail"].as_str().unwrap()), expected);
    }
}

#[test]
fn the_secret_in_the_body_is_not_kept() {
    let kept = assay::intake::moodle::without_token(event(COURSE, &json!({})));
    assert!(kept.get("token").is_none() && kept.get("host").is_some());
}
