//! Live events of Canvas: at least once, in no order, and final only when they say so.

use serde_json::{Value, json};

use super::{app, known, reviews, send_event};
use crate::support::app::TestApp;

fn grade(submission: &str, at: &str, score: &Value, more: &Value) -> Value {
    let mut event = json!({
        "metadata": { "event_name": "grade_change", "event_time": at },
        "body": {
            "submission_id": submission, "assignment_id": "501", "student_id": "21070000000000002", "grading_complete": true,
            "muted": false, "score": score, "points_possible": 50, "grade": "x",
        },
    });
    for (member, value) in more.as_object().unwrap() {
        event["body"][member] = value.clone();
    }
    event
}

#[track_caller]
fn word(answer: &Value) -> String {
    let reason = answer["reason"].as_str().map(|reason| format!("={reason}")).unwrap_or_default();
    format!("{}{reason}", answer["decision"].as_str().unwrap())
}

async fn sent(app: &TestApp, event: &Value) -> String {
    word(&send_event(app, "canvas", event).await.expect(200).json())
}

#[tokio::test]
async fn a_grade_counts_when_the_grading_is_complete() {
    let app = app().await;
    known(&app, "canvas", "21070000000000002").await;
    let none = json!({});
    for (event, expected) in [
        (grade("1", "2026-11-20T08:00:00Z", &json!(40), &json!({ "grading_complete": false })), "ignored=not-graded"),
        (grade("1", "2026-11-20T08:01:00Z", &json!(40), &json!({ "muted": true })), "ignored=muted"),
        (grade("1", "2026-11-20T08:02:00Z", &Value::Null, &none), "ignored=not-graded"),
        (grade("1", "2026-11-20T08:03:00Z", &json!(40), &json!({ "points_possible": null })), "review"),
        (grade("2", "2026-11-20T08:03:00Z", &json!(40), &json!({ "points_possible": 0 })), "review"),
        (grade("3", "2026-11-20T08:04:00Z", &json!(30), &none), "withheld"),
        (grade("3", "2026-11-20T08:05:00Z", &json!(55), &none), "awarded"),
        (grade("3", "2026-11-20T08:05:00Z", &json!(55), &none), "awarded"),
        (grade("3", "2026-11-20T08:06:00Z", &json!(55), &none), "ignored=nothing-new"),
        (grade("3", "2026-11-20T08:04:30Z", &json!(31), &none), "ignored=out-of-date"),
        (grade("3", "2026-11-20T08:07:00Z", &json!(20), &none), "review"),
        (grade("4", "2026-11-20T08:00:00Z", &json!(40), &json!({ "assignment_id": "502" })), "ignored=unmapped"),
        (grade("5", "2026-11-20T08:00:00Z", &json!(40), &json!({ "student_id": "9" })), "ignored=person-unknown"),
    ] {
        assert_eq!(sent(&app, &event).await, expected, "{event}");
    }
    let open = reviews(&app).await;
    let codes: Vec<&str> = open.iter().map(|review| review["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["grade-dropped", "ambiguous", "ambiguous"]);
    assert_eq!((&open[0]["before"], &open[0]["now"]), (&100.into(), &40.into()), "extra credit is no more than all");
}

fn course(done: u64, completed_at: &Value) -> Value {
    json!({
        "metadata": { "event_name": "course_completed", "event_time": "2026-11-20T08:00:00Z" },
        "body": {
            "course": { "id": "77", "name": "Sales 101" }, "user": { "id": "2", "email": "bea@partner.example", "name": "Bea Ruiz" },
            "progress": { "requirement_count": 4, "requirement_completed_count": done, "completed_at": completed_at },
        },
    })
}

#[tokio::test]
async fn a_course_counts_when_all_of_it_is_done_and_once() {
    let app = app().await;
    for (event, expected) in [
        (course(3, &Value::Null), "ignored=not-finished"),
        (course(4, &Value::Null), "ignored=not-finished"),
        (course(4, &json!("2026-11-19T08:00:00Z")), "withheld"),
        (course(4, &json!("2026-11-19T08:00:00Z")), "withheld"),
        (course(4, &json!("2026-11-19T09:00:00Z")), "ignored=nothing-new"),
    ] {
        assert_eq!(sent(&app, &event).await, expected, "{event}");
    }
}

#[tokio::test]
async fn what_is_no_such_event_is_refused_with_the_reason() {
    let app = app().await;
    let mut foreign = grade("1", "2026-11-20T08:00:00Z", &json!(40), &json!({}));
    foreign["metadata"]["event_name"] = "quiz_submitted".into();
    for (event, expected) in [
        (foreign, "/metadata/event_name: is neither grade_change nor course_completed; subscribe to these two only"),
        (
            grade("1", "yesterday", &json!(40), &json!({})),
            "/metadata/event_time: is no moment with a time zone, such as 2026-11-20T10:00:00Z",
        ),
        (grade("1", "2027-11-20T08:00:00Z", &json!(40), &json!({})), "/metadata/event_time: lies in the future"),
        (grade("1", "2026-11-20T08:00:00Z", &json!("forty"), &json!({})), "/body/score: is no number of points"),
        (
            grade("1", "2026-11-20T08:00:00Z", &json!(40), &json!({ "submission_id": null })),
            "/body/submission_id: is missing",
        ),
        (
            grade("1", "2026-11-20T08:00:00Z", &json!(40), &json!({ "assignment_id": "" })),
            "/body/assignment_id: is missing",
        ),
    ] {
        let refused = send_event(&app, "canvas", &event).await.expect(422).json();
        let fault = &refused["errors"][0];
        assert_eq!(format!("{}: {}", fault["pointer"].as_str().unwrap(), fault["detail"].as_str().unwrap()), expected);
    }
    let refused = send_event(&app, "canvas", &json!({ "data": "eyJ" })).await.expect(422).json();
    assert_eq!(
        refused["hint"],
        "Moodle: the plugin local_webhooks, as JSON. Canvas: live events over HTTPS, not signed as JWT."
    );
}
