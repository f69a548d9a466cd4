//! Addresses: named, confirmed by a mailed link, chosen for the badge, removed.

use assay::openbadges::identity_hash;
use axum::body::Body;
use axum::http::Request;
use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{
    change, credential, events, find, found, is_taken_back, link, mails, report, result, show, types, verified,
};
use crate::support::app::{Reply, TestApp, ana, path};

async fn press(app: &TestApp, link: &str) -> Reply {
    app.send(Request::post(link).header("accept", "text/html").body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn an_address_finds_nobody_until_the_mailed_link_is_confirmed() {
    let app = TestApp::new().await;
    let award = app.certify(&ana()).await;
    let person = found(&app, "ana@partner.example").await;
    let pending = change(&app, &person, "addresses", json!({ "email": "Ana.Private@Example.org" })).await.expect(200);
    assert_eq!(
        pending.json()["addresses"][1],
        json!({ "email": "ana.private@example.org", "verified": false, "primary": false })
    );
    find(&app, json!({ "email": "ana.private@example.org" })).await.expect(404);

    let link = link(&app, "ana.private@example.org").await;
    let page = app.get_as(&link, "text/html").await.expect(200);
    assert_eq!(page.header("cache-control"), "no-store");
    assert!(page.text().contains("ana.private@example.org") && page.text().contains("<form method=\"post\">"));
    find(&app, json!({ "email": "ana.private@example.org" })).await.expect(404);

    let done = press(&app, &link).await.expect(200);
    assert!(done.text().contains("ana.private@example.org is confirmed."));
    assert_eq!(found(&app, "ana.private@example.org").await["awards"][0]["id"], award["id"]);
    let again = press(&app, &link).await.expect(200);
    assert_eq!(again.text(), done.text(), "twice is as good as once");
    assert!(app.get_as(&link, "text/html").await.expect(200).text().contains("is confirmed."));
    let told = events(&app).await;
    assert_eq!(types(&told).iter().filter(|kind| **kind == "person.address_added").count(), 1);
    let all = told.iter().map(Value::to_string).collect::<String>();
    assert!(!all.contains('@') && !all.contains("Lopes"), "events tell no addresses and no names");
    assert!(!is_taken_back(&app, &credential(&app, &award).await).await, "another address does not touch the badge");
}

#[tokio::test]
async fn a_pending_address_takes_no_results_from_others() {
    let app = TestApp::new().await;
    app.certify(&ana()).await;
    let person = found(&app, "ana@partner.example").await;
    change(&app, &person, "addresses", json!({ "email": "bo@partner.example" })).await.expect(200);
    let link = link(&app, "bo@partner.example").await;
    let training =
        result("t", ("Bo Lind", "bo@partner.example"), "sales-associate", "sales-101", "2026-11-19T09:00:00Z");
    app.post("/api/v1/results", &training).await.expect(200);
    let bo = found(&app, "bo@partner.example").await;
    assert_ne!(bo["id"], person["id"]);
    assert_eq!(bo["name"], "Bo Lind");
    let refused = press(&app, &link).await.expect(409);
    assert!(refused.text().contains("belongs to another person"));
    let refused = change(&app, &person, "addresses", json!({ "email": "BO@partner.example" })).await.expect(409).json();
    assert!(refused["hint"].as_str().unwrap().contains("merge"), "{refused}");
}

#[tokio::test]
async fn a_link_runs_out_is_sent_again_and_goes_with_its_address() {
    let app = TestApp::new().await;
    app.certify(&ana()).await;
    let person = found(&app, "ana@partner.example").await;
    let second = json!({ "email": "ana@second.example" });
    change(&app, &person, "addresses", second.clone()).await.expect(200);
    change(&app, &person, "addresses", second.clone()).await.expect(200);
    assert_eq!(mails(&app).await.len(), 1, "asked twice before it was sent, it is sent once");
    change(&app, &person, "addresses", second.clone()).await.expect(200);
    let first = link(&app, "ana@second.example").await;
    app.clock.advance(TimeDelta::hours(24));
    let over = app.get(&first).await.expect(404).json();
    assert!(over["hint"].as_str().unwrap().contains("24 hours"), "{over}");
    press(&app, &first).await.expect(404);
    change(&app, &person, "addresses", second.clone()).await.expect(200);
    let fresh = link(&app, "ana@second.example").await;
    change(&app, &person, "addresses/remove", second.clone()).await.expect(200);
    press(&app, &fresh).await.expect(404);
    assert_eq!(show(&app, &person).await["addresses"].as_array().unwrap().len(), 1);
    app.get("/a/nothing").await.expect(404);
    app.get(&format!("/a/{}", "x".repeat(500))).await.expect(404);
    change(&app, &person, "addresses", json!({ "email": "no address" })).await.expect(422);
    change(&app, &person, "addresses", second.clone()).await.expect(200);
    change(&app, &person, "addresses/remove", second).await.expect(200);
    assert!(mails(&app).await.is_empty(), "nobody is asked about an address that was removed");
}

#[tokio::test]
async fn the_last_address_and_the_badges_stay() {
    let app = TestApp::new().await;
    app.certify(&ana()).await;
    let person = found(&app, "ana@partner.example").await;
    let first = json!({ "email": "ANA@partner.example" });
    let last = change(&app, &person, "addresses/remove", first.clone()).await.expect(409).json();
    assert!(last["detail"].as_str().unwrap().contains("last"), "{last}");
    verified(&app, &person, "ana@second.example").await;
    let badge = change(&app, &person, "addresses/remove", first.clone()).await.expect(409).json();
    assert!(badge["hint"].as_str().unwrap().contains("primary"), "{badge}");
    change(&app, &person, "addresses/remove", json!({ "email": "ana@second.example" })).await.expect(200);
    change(&app, &person, "addresses/remove", json!({ "email": "ana@second.example" })).await.expect(200);
    find(&app, json!({ "email": "ana@second.example" })).await.expect(404);
    for n in 0..19 {
        change(&app, &person, "addresses", json!({ "email": format!("ana{n}@partner.example") })).await.expect(200);
    }
    change(&app, &person, "addresses", json!({ "email": "one.more@partner.example" })).await.expect(422);
}

#[tokio::test]
async fn the_badge_gets_the_hash_of_the_address_that_was_chosen() {
    let app = TestApp::new().await;
    let award = app.certify(&ana()).await;
    let person = found(&app, "ana@partner.example").await;
    let refused = change(&app, &person, "addresses/primary", json!({ "email": "ana@second.example" })).await;
    refused.expect(409);
    verified(&app, &person, "ana@second.example").await;
    let before = credential(&app, &award).await;
    app.clock.advance(TimeDelta::hours(1));
    let chosen = json!({ "email": "ana@second.example" });
    let now = change(&app, &person, "addresses/primary", chosen.clone()).await.expect(200).json();
    assert_eq!(now["addresses"][0]["email"], "ana@second.example");
    let after = credential(&app, &award).await;
    assert_eq!(hash_of(&after, "ana@second.example"), hash_in(&after));
    assert_ne!(hash_of(&after, "ana@partner.example"), hash_in(&after));
    assert_eq!((&after["id"], &after["validUntil"]), (&before["id"], &before["validUntil"]));
    assert_eq!(report(&app, &after).await["verdict"], "valid");
    assert_eq!(report(&app, &before).await["verdict"], "replaced");
    let versions = &now["awards"][0]["version"];
    assert_eq!(
        change(&app, &person, "addresses/primary", chosen).await.expect(200).json()["awards"][0]["version"],
        *versions
    );
    assert_eq!(found(&app, "ana@partner.example").await["id"], person["id"], "the other address still finds her");
    app.get(&path(&award["addresses"]["page"])).await.expect(200);
}

/// The address among the identifiers of the credential.
fn identifier(credential: &Value) -> Value {
    let all = credential["credentialSubject"]["identifier"].as_array().unwrap();
    all.iter().find(|one| one["identityType"] == "emailAddress").unwrap().clone()
}

fn hash_in(credential: &Value) -> String {
    identifier(credential)["identityHash"].as_str().unwrap().to_owned()
}

fn hash_of(credential: &Value, address: &str) -> String {
    identity_hash(address, identifier(credential)["salt"].as_str().unwrap())
}
