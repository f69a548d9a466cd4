//! What will happen, on a copy of the store: exact lines, and a store that stays as it is.

use assay::clock::rfc3339;
use assay::store::{KeyRange, Page};
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::app::{TestApp, ana};

async fn contents(app: &TestApp) -> Vec<(Vec<u8>, Vec<u8>)> {
    let rows = app.app.store.engine().scan(&KeyRange::all(), Page::first(100_000)).await.unwrap();
    assert!(rows.next.is_none());
    rows.rows.iter().map(|(key, row)| (key.as_bytes().to_vec(), row.doc.to_vec())).collect()
}

async fn forecast(app: &TestApp, to: &str) -> Vec<Value> {
    let answer = app.post("/api/v1/clock", &json!({ "to": to })).await.expect(200);
    assert_eq!(answer.header("content-type"), "application/x-ndjson");
    answer.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Day, words and person of each line; the last line is left out.
fn told(lines: &[Value]) -> Vec<String> {
    let (end, lines) = lines.split_last().unwrap();
    assert_eq!(*end, json!({ "type": "end", "events": lines.len() }));
    let text = |line: &Value, member: &str| line[member].as_str().unwrap_or("nobody").to_owned();
    lines
        .iter()
        .map(|line| format!("{} {}: {}", text(line, "day"), text(line, "person"), text(line, "words")))
        .collect()
}

#[tokio::test]
async fn awards_of_several_ages_are_led_through_the_year() {
    let app = TestApp::new().await;
    app.certify(&ana()).await;
    app.clock.advance(TimeDelta::days(100));
    let bo = app.certify(&json!({ "name": "Bo Lind", "email": "bo@partner.example" })).await;
    let gone = app.certify(&json!({ "name": "Cy Gone", "email": "cy@partner.example" })).await;
    app.act(&gone, "revoke", &json!({ "reason": "holder-request" })).await.expect(200);
    app.post_with(&app.test, "/api/v1/results", "{}").await;
    app.certify_with(&app.test, &json!({ "name": "Test Only", "email": "t@partner.example" }), json!({})).await;

    let before = contents(&app).await;
    let lines = forecast(&app, "2028-05-01").await;
    assert_eq!(contents(&app).await, before, "the store itself stays as it is");
    assert_eq!(
        told(&lines),
        [
            "2027-09-21 Ana Lopes: reminder: 60 days left",
            "2027-10-21 Ana Lopes: reminder: 30 days left",
            "2027-11-13 Ana Lopes: reminder: 7 days left",
            "2027-11-21 Ana Lopes: expired",
            "2027-12-21 Ana Lopes: grace is over; the streamlined path is open",
            "2027-12-30 Bo Lind: reminder: 60 days left",
            "2028-01-29 Bo Lind: reminder: 30 days left",
            "2028-02-19 Ana Lopes: lapsed; only the full path is left",
            "2028-02-21 Bo Lind: reminder: 7 days left",
            "2028-02-29 Bo Lind: expired",
            "2028-03-30 Bo Lind: grace is over; the streamlined path is open",
        ]
    );
    let of_bo = lines.iter().find(|line| line["person"] == "Bo Lind").unwrap();
    assert_eq!((&of_bo["type"], &of_bo["award"]), (&json!("award.reminder"), &bo["number"]));
    assert_eq!(
        (&of_bo["certification"], &of_bo["at"]),
        (&json!("Certified Sales Associate"), &json!("2027-12-30T07:00:00Z"))
    );
    assert_eq!(told(&forecast(&app, "2027-09-20").await), Vec::<String>::new());
    assert_eq!(told(&forecast(&app, "2027-09-21").await).len(), 1, "the last day counts to its end");
}

#[tokio::test]
async fn what_is_overdue_happens_first_and_then_is_done_in_earnest() {
    let app = TestApp::new().await;
    app.certify(&ana()).await;
    app.clock.advance(TimeDelta::days(370));
    let today = rfc3339(app.now())[..10].to_owned();
    let lines = forecast(&app, &today).await;
    assert_eq!(told(&lines), [format!("{today} Ana Lopes: expired")], "reminders that were missed are not told");
    assert_eq!(app.post("/api/v1/clock", &json!({})).await.expect(200).json(), json!({ "served": true }));
    assert_eq!(app.post("/api/v1/clock", &json!({})).await.expect(200).json(), json!({ "served": false }));
    assert_eq!(told(&forecast(&app, &today).await), Vec::<String>::new());
}

#[tokio::test]
async fn days_that_cannot_be_and_keys_that_may_not_are_refused() {
    let app = TestApp::new().await;
    for (to, words) in [("2026-11-19", "is over"), ("2099-01-01", "years away")] {
        let problem = app.post("/api/v1/clock", &json!({ "to": to })).await.expect(422).json();
        assert!(problem["detail"].as_str().unwrap().contains(words), "{problem}");
    }
    app.post("/api/v1/clock", &json!({ "to": "tomorrow" })).await.expect(400);
    app.post("/api/v1/clock", &json!({ "to": "2027-02-30" })).await.expect(400);
    let key = json!({ "name": "writer", "scopes": ["people:write"], "realm": "live" });
    let writer = app.post("/api/v1/api-keys", &key).await.expect(201).json()["secret"].as_str().unwrap().to_owned();
    app.post_with(&writer, "/api/v1/clock", "{}").await.expect(403);
}
