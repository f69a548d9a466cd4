//! A name is corrected everywhere at once, and the old one is shown nowhere any more.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{change, credential, events, found, is_taken_back, report, result, show, types};
use crate::support::app::{Reply, TestApp, ana, path};

const OLD: &str = "Ana Lopes";
const NEW: &str = "Dana Duarte";

/// Associate in sales and in technology.
async fn two_awards(app: &TestApp) -> (Value, Value) {
    let sales = app.certify(&ana()).await;
    let of = |id, requirement, at| result(id, (OLD, "ana@partner.example"), "technical-associate", requirement, at);
    app.post("/api/v1/results", &of("t", "technical-fundamentals", "2026-11-18T09:00:00Z")).await.expect(200);
    let exam = of("e", "exam", "2026-11-20T09:00:00Z");
    let technical = app.post("/api/v1/results", &exam).await.expect(201).json()["award"].clone();
    (sales, technical)
}

async fn correct(app: &TestApp) -> Reply {
    let person = found(app, "ana@partner.example").await;
    change(app, &person, "name", json!({ "name": NEW })).await
}

/// Everything the public can ask about an award.
async fn public(app: &TestApp, award: &Value) -> String {
    let page = path(&award["addresses"]["page"]);
    let mut all = app.get_as(&page, "text/html").await.expect(200).text();
    for address in
        [format!("{page}.json"), path(&award["addresses"]["credential"]), path(&award["addresses"]["baked_svg"])]
    {
        all.push_str(&app.get(&address).await.expect(200).text());
    }
    all
}

#[track_caller]
fn is_corrected(text: &str) {
    assert!(text.contains(NEW), "the new name is there: {text}");
    assert!(!text.contains(OLD), "the old name is private");
}

#[tokio::test]
async fn one_correction_reaches_every_award_in_one_step() {
    let app = TestApp::new().await;
    let (sales, technical) = two_awards(&app).await;
    let wrong = [credential(&app, &sales).await, credential(&app, &technical).await];
    app.clock.advance(TimeDelta::hours(1));
    let person = correct(&app).await.expect(200).json();
    assert_eq!(person["name"], NEW);
    for (award, wrong) in [&sales, &technical].into_iter().zip(&wrong) {
        is_corrected(&public(&app, award).await);
        let right = credential(&app, award).await;
        assert_eq!((&right["id"], &right["validUntil"]), (&wrong["id"], &wrong["validUntil"]));
        assert_eq!(right["credentialSubject"]["id"], wrong["credentialSubject"]["id"], "the subject stays");
        assert!(is_taken_back(&app, wrong).await && !is_taken_back(&app, &right).await);
        assert_eq!(report(&app, wrong).await["verdict"], "replaced");
        assert_eq!(report(&app, &right).await["verdict"], "valid");
        app.get(&format!("{}?version=1", path(&award["addresses"]["credential"]))).await.expect(404);
    }
    let told = events(&app).await;
    assert_eq!(types(&told).iter().filter(|kind| **kind == "award.corrected").count(), 2);
    let all = told.iter().map(Value::to_string).collect::<String>();
    assert!(!all.contains("Ana") && !all.contains("Dana"));
    let versions =
        |person: &Value| person["awards"].as_array().unwrap().iter().map(|a| a["version"].clone()).collect::<Vec<_>>();
    assert_eq!(versions(&correct(&app).await.expect(200).json()), versions(&person), "twice is as good as once");
    let missing = change(&app, &person, "name", json!({ "name": "\u{7}" })).await.expect(422).json();
    assert_eq!(missing["errors"][0]["pointer"], "/name");
}

#[tokio::test]
async fn renewed_copies_that_still_run_are_taken_back_too() {
    let app = TestApp::new().await;
    let award = app.certify(&ana()).await;
    let first = credential(&app, &award).await;
    app.clock.advance(TimeDelta::days(300));
    app.act(&award, "renew", &json!({})).await.expect(200);
    let second = credential(&app, &award).await;
    assert!(!is_taken_back(&app, &first).await, "a renewal lets the copy before run out by itself");
    app.clock.advance(TimeDelta::hours(1));
    correct(&app).await.expect(200);
    for copy in [&first, &second] {
        assert!(is_taken_back(&app, copy).await);
        let said = report(&app, copy).await;
        assert_eq!(said["verdict"], "replaced");
        assert!(said["headline"].as_str().unwrap().contains("corrected"), "{said}");
    }
    is_corrected(&public(&app, &award).await);
    assert_eq!(report(&app, &credential(&app, &award).await).await["verdict"], "valid");
}

#[tokio::test]
async fn correcting_one_award_by_its_verb_corrects_them_all() {
    let app = TestApp::new().await;
    let (sales, technical) = two_awards(&app).await;
    app.clock.advance(TimeDelta::hours(1));
    app.act(&sales, "reissue", &json!({ "name": NEW })).await.expect(200);
    is_corrected(&public(&app, &sales).await);
    is_corrected(&public(&app, &technical).await);
    // Without another name it is about the one award.
    app.clock.advance(TimeDelta::hours(1));
    app.act(&sales, "reissue", &json!({})).await.expect(200);
    let person = found(&app, "ana@partner.example").await;
    let versions: Vec<_> = person["awards"].as_array().unwrap().iter().map(|award| award["version"].clone()).collect();
    assert_eq!(versions, [json!(3), json!(2)]);
}

#[tokio::test]
async fn awards_that_do_not_hold_show_the_new_name_and_hold_no_more_than_before() {
    let app = TestApp::new().await;
    let (sales, technical) = two_awards(&app).await;
    let copy = credential(&app, &technical).await;
    app.act(&technical, "suspend", &json!({ "reason": "other" })).await.expect(200);
    app.clock.advance(TimeDelta::hours(1));
    correct(&app).await.expect(200);
    is_corrected(&public(&app, &technical).await);
    let right = credential(&app, &technical).await;
    assert!(is_taken_back(&app, &right).await && is_taken_back(&app, &copy).await, "nobody can use either elsewhere");
    assert_eq!(report(&app, &right).await["verdict"], "suspended");

    app.clock.advance(TimeDelta::days(370));
    let before = app.get(&format!("{}.json", path(&sales["addresses"]["page"]))).await.expect(200).json();
    assert_eq!(before["verdict"], "expired");
    let person = found(&app, "ana@partner.example").await;
    let person = change(&app, &person, "name", json!({ "name": "Another Name" })).await.expect(200).json();
    let states: Vec<_> = person["awards"].as_array().unwrap().iter().map(|award| award["state"].clone()).collect();
    assert_eq!(states, ["expired", "suspended"]);
    for award in [&sales, &technical] {
        let page = public(&app, award).await;
        assert!(page.contains("Another Name") && !page.contains(NEW) && !page.contains(OLD));
    }
    let after = app.get(&format!("{}.json", path(&sales["addresses"]["page"]))).await.expect(200).json();
    assert_eq!(after["headline"], before["headline"], "expired on the same day as before");
    let revoked = app.act(&technical, "revoke", &json!({ "reason": "issued-in-error" })).await.expect(200).json();
    assert_eq!(revoked["state"], "revoked");
    app.clock.advance(TimeDelta::hours(1));
    change(&app, &person, "name", json!({ "name": "Third Name" })).await.expect(200);
    assert!(public(&app, &technical).await.contains("Third Name"));
    assert_eq!(show(&app, &person).await["awards"][1]["state"], "revoked");
}

#[tokio::test]
async fn an_award_that_was_undone_is_corrected_at_its_own_address() {
    let app = TestApp::new().await;
    let undone = app.certify(&ana()).await;
    app.act(&undone, "revoke", &json!({ "reason": "issued-in-error" })).await.expect(200);
    app.clock.advance(TimeDelta::hours(1));
    let exam = result("again", (OLD, "ana@partner.example"), "sales-associate", "exam", "2026-11-20T10:30:00Z");
    let answer = app.post("/api/v1/results", &exam).await.json();
    app.clock.advance(TimeDelta::hours(1));
    correct(&app).await.expect(200);
    is_corrected(&public(&app, &undone).await);
    let report = app.get(&format!("{}.json", path(&undone["addresses"]["page"]))).await.expect(200).json();
    assert_eq!(report["verdict"], "revoked");
    if let Some(anew) = answer["award"].as_object().filter(|award| award["id"] != undone["id"]) {
        is_corrected(&public(&app, &Value::Object(anew.clone())).await);
    }
}
