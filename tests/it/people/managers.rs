//! Those who look after a person: told by the vendor, and reached by reminders.

use assay::id::Realm;
use assay::workers;
use axum::body::Body;
use axum::http::Request;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

use super::{change, found, show};
use crate::support::app::{TestApp, ana};

#[tokio::test]
async fn a_manager_who_is_named_is_reached_by_reminders_until_taken_away() {
    let app = TestApp::new().await;
    let award = app.certify(&ana()).await;
    let person = found(&app, "ana@partner.example").await;
    assert!(person.get("managers").is_none());
    let named = json!({ "firm": "Boss@Partner.example", "partner": null });
    let changed = change(&app, &person, "managers", named).await.expect(200).json();
    assert_eq!(changed["managers"], json!({ "firm": "boss@partner.example" }));
    assert_eq!(show(&app, &person).await["managers"], changed["managers"]);
    workers::tick(&app.app).await.unwrap();
    app.post.taken();

    let until: DateTime<Utc> = award["valid_until"].as_str().unwrap().parse().unwrap();
    app.clock.set(until - TimeDelta::days(59));
    workers::tick(&app.app).await.unwrap();
    let mut readers: Vec<_> = app.post.taken().into_iter().map(|letter| letter.to.address).collect();
    readers.sort();
    assert_eq!(readers, ["ana@partner.example", "boss@partner.example"]);

    let nobody = change(&app, &person, "managers", json!({})).await.expect(200).json();
    assert!(nobody.get("managers").is_none(), "{nobody}");
    app.clock.set(until - TimeDelta::days(6));
    workers::tick(&app.app).await.unwrap();
    let readers: Vec<_> = app.post.taken().into_iter().map(|letter| letter.to.address).collect();
    assert_eq!(readers, ["ana@partner.example"]);
}

#[tokio::test]
async fn managers_are_checked_and_shown_only_to_who_may_read_people() {
    let app = TestApp::new().await;
    app.certify(&ana()).await;
    let person = found(&app, "ana@partner.example").await;
    let wrong = json!({ "firm": "no address", "partner": "a@b@c" });
    let refused = change(&app, &person, "managers", wrong).await.expect(422).json();
    let pointers: Vec<_> = refused["errors"].as_array().unwrap().iter().map(|error| &error["pointer"]).collect();
    assert_eq!(pointers, ["/firm", "/partner"]);
    change(&app, &person, "managers", json!({ "boss": "boss@partner.example" })).await.expect(400);
    change(&app, &person, "managers", json!({ "firm": "boss@partner.example" })).await.expect(200);
    for (scope, expected) in [("people:write", 200), ("people:read", 403)] {
        let secret = app.key(&scope.replace(':', "-"), Realm::Live, &[scope]).await;
        let address = format!("/api/v1/people/{}/managers", person["id"].as_str().unwrap());
        let request = Request::post(address).header("authorization", format!("Bearer {secret}"));
        let body = json!({ "firm": "boss@partner.example" }).to_string();
        let request = request.header("content-type", "application/json").body(Body::from(body)).unwrap();
        let answered = app.send(request).await.expect(expected);
        assert!(!answered.text().contains("boss@partner.example"), "{}", answered.text());
    }
}
