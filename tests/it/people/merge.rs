//! Two persons turn out to be one: both prove it, and nothing is lost.

use axum::body::Body;
use axum::http::Request;
use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{change, code, credential, events, find, found, is_taken_back, link, report, result, show, types};
use crate::support::app::{Reply, TestApp, ana, path};

/// The same human being at another firm.
pub(super) fn second() -> Value {
    json!({ "name": "Ana Lopes", "email": "ana@second.example", "external": [{ "system": "lms", "id": "A-2" }] })
}

pub(super) async fn merge(app: &TestApp, keep: &Value, other: &Value, proofs: &[String]) -> Reply {
    let body = json!({ "keep": keep["id"], "other": other["id"], "proofs": proofs });
    app.post("/api/v1/people/merge", &body).await
}

pub(super) async fn codes(app: &TestApp, keep: &Value, other: &Value) -> [String; 2] {
    [code(app, keep).await, code(app, other).await]
}

async fn merged(app: &TestApp, keep: &Value, other: &Value) -> Value {
    let codes = codes(app, keep, other).await;
    merge(app, keep, other, &codes).await.expect(200).json()
}

/// Ana with an award, and ten days later Ana again with a longer one: persons and awards.
async fn twice_certified(app: &TestApp, second: &Value) -> ([Value; 2], [Value; 2]) {
    let short = app.certify(&ana()).await;
    app.clock.advance(TimeDelta::days(10));
    let long = app.certify(second).await;
    let persons = [found(app, "ana@partner.example").await, found(app, "ana@second.example").await];
    (persons, [short, long])
}

#[tokio::test]
async fn of_two_awards_the_longer_is_shown_at_both_addresses() {
    let app = TestApp::new().await;
    let ([first, second], [short, long]) = twice_certified(&app, &second()).await;
    let copies = [credential(&app, &short).await, credential(&app, &long).await];
    app.clock.advance(TimeDelta::hours(1));
    let done = merged(&app, &first, &second).await;
    assert_eq!(
        done["certifications"],
        json!([{
            "certification": "sales-associate", "award": long["id"], "moved": true, "alias": short["id"],
            "results": 2, "decision": "record",
        }])
    );
    let person = &done["person"];
    assert_eq!((&person["id"], &person["merged"]), (&first["id"], &json!([second["id"]])));
    let award = &person["awards"][0];
    assert_eq!((&award["id"], &award["aliases"]), (&long["id"], &json!([short["id"]])));
    assert_eq!(show(&app, &second).await, *person, "the other id leads on");
    for by in [
        json!({ "email": "ana@second.example" }),
        json!({ "external": { "system": "lms", "id": "A-2" } }),
        json!({ "award": short["id"] }),
    ] {
        assert_eq!(find(&app, by.clone()).await.expect(200).json()["id"], first["id"], "{by}");
    }

    // Every address of the alias answers with the award that is current.
    let alias = path(&short["addresses"]["page"]);
    let page = app.get_as(&alias, "text/html").await.expect(200).text();
    assert!(page.contains(long["number"].as_str().unwrap()) && !page.contains(short["number"].as_str().unwrap()));
    let canonical = format!("<link rel=\"canonical\" href=\"{}\"", long["addresses"]["page"].as_str().unwrap());
    assert!(page.contains(&canonical), "{page}");
    let current = app.get_as(&path(&long["addresses"]["page"]), "text/html").await.expect(200).text();
    let own = |page: &str| page.matches("20 November 2026").count();
    assert!(own(&page) > own(&current), "it keeps its own history, which begins ten days before");
    assert_eq!(app.get(&format!("{alias}.json")).await.expect(200).json()["verdict"], "valid");
    for form in ["picture", "card", "credential", "baked_png", "baked_svg"] {
        let [here, there] = [&short, &long].map(|award| path(&award["addresses"][form]));
        assert_eq!(app.get(&here).await.expect(200).body, app.get(&there).await.expect(200).body, "{form}");
    }
    let shown =
        app.get_as(&path(&short["addresses"]["credential"]).replace(".json", ""), "text/html").await.expect(303);
    assert!(shown.header("location").ends_with(long["id"].as_str().unwrap()));

    // The current one names the person who was kept; the copy of the alias is older, and as good as it was.
    let right = credential(&app, &long).await;
    assert_eq!(right["credentialSubject"]["id"], copies[0]["credentialSubject"]["id"]);
    assert_eq!((&right["id"], &right["validUntil"]), (&copies[1]["id"], &copies[1]["validUntil"]));
    assert_eq!(report(&app, &right).await["verdict"], "valid");
    assert_eq!(report(&app, &copies[1]).await["verdict"], "replaced", "it names a subject that is no more");
    let older = report(&app, &copies[0]).await;
    let headline = format!(
        "Valid until 30 November 2027. This is an older copy, joined with the award {}.",
        long["number"].as_str().unwrap()
    );
    assert_eq!((&older["verdict"], &older["headline"]), (&json!("valid"), &json!(headline)));
    assert!(!is_taken_back(&app, &copies[0]).await && is_taken_back(&app, &copies[1]).await);
    let own = format!("{}?version=1", path(&short["addresses"]["credential"]));
    assert_eq!(app.get(&own).await.expect(200).json(), copies[0], "its signed bytes are not lost");

    let told = events(&app).await;
    let new: Vec<_> = types(&told).into_iter().skip_while(|kind| *kind != "person.merged").collect();
    assert_eq!(new, ["person.merged", "award.merged", "award.corrected"]);
    let all = told.iter().map(Value::to_string).collect::<String>();
    assert!(!all.contains('@') && !all.contains("Lopes"));
}

#[tokio::test]
async fn what_rests_of_one_rests_of_both_and_the_alias_keeps_its_own_history() {
    let app = TestApp::new().await;
    let ([first, second], [short, long]) = twice_certified(&app, &second()).await;
    app.clock.advance(TimeDelta::days(1));
    let copy = credential(&app, &short).await;
    app.act(&short, "suspend", &json!({ "reason": "holder-request" })).await.expect(200);
    app.clock.advance(TimeDelta::days(1));
    let rested = app.now();
    app.clock.advance(TimeDelta::days(1));
    let asked = json!({ "keep": second["id"], "other": first["id"], "preview": true });
    let preview = app.post("/api/v1/people/merge", &asked).await.expect(200).json();
    assert_eq!(preview["certifications"][0]["suspended"], "holder-request", "{preview}");
    assert_eq!(app.public(&long).await.0, "valid", "nothing was done");
    let done = merged(&app, &second, &first).await;
    assert_eq!(done["certifications"], preview["certifications"]);
    assert_eq!((app.public(&short).await.0, app.public(&long).await.0), ("suspended".into(), "suspended".into()));
    assert!(is_taken_back(&app, &credential(&app, &long).await).await);

    // Of a moment before the two were joined each number tells its own.
    let at = async |award: &Value| {
        let page = format!("{}.json?at={}", path(&award["addresses"]["page"]), assay::clock::rfc3339(rested));
        app.get(&page).await.expect(200).json()["then"]["verdict"].clone()
    };
    assert_eq!((at(&short).await, at(&long).await), (json!("suspended"), json!("valid")));
    let [own, other] = [&short, &long].map(|award| path(&award["addresses"]["page"]));
    let lines = async |page: &str| app.get_as(page, "text/html").await.expect(200).text().matches("Suspended").count();
    assert!(lines(&own).await > lines(&other).await);

    app.clock.advance(TimeDelta::days(1));
    app.act(&long, "reinstate", &json!({})).await.expect(200);
    assert_eq!((app.public(&short).await.0, app.public(&long).await.0), ("valid".into(), "valid".into()));
    assert_eq!(report(&app, &copy).await["verdict"], "replaced", "its own copy was taken back, and is told so");
}

#[tokio::test]
async fn each_term_rests_on_what_earned_it_after_a_merge_too() {
    let app = TestApp::new().await;
    let vendor = app.caller("vendor", &["results:write"]).await;
    let short = app.certify(&ana()).await;
    app.clock.advance(TimeDelta::days(10));
    let long = app.certify_with(&vendor, &second(), json!({})).await;
    let persons = [found(&app, "ana@partner.example").await, found(&app, "ana@second.example").await];
    merged(&app, &persons[0], &persons[1]).await;
    app.clock.advance(TimeDelta::days(1));
    let until = async || found(&app, "ana@partner.example").await["awards"][0]["valid_until"].clone();
    assert_eq!(until().await, "2027-11-30T22:59:59Z");
    // What earned the shorter term carries nothing of the longer, and what is struck out grants no term any more.
    let undo = async |source: &str, dry: bool| {
        let batch =
            json!({ "source": source, "recorded_from": "2026-11-01", "recorded_until": "2027-12-31", "dry_run": dry });
        app.post("/api/v1/undo", &batch).await.expect(200).json()["counts"].clone()
    };
    let counts = |results, revoked, earlier_term| json!({ "persons": 1, "results": results, "revoked": revoked, "earlier_term": earlier_term, "expired": 0 });
    assert_eq!(undo("lms", true).await, counts(2, 0, 0));
    assert_eq!(undo("vendor", false).await, counts(2, 0, 1));
    assert_eq!(until().await, "2027-11-20T22:59:59Z");
    assert_eq!((app.public(&short).await.0, app.public(&long).await.0), ("valid".into(), "valid".into()));
    assert_eq!(undo("lms", false).await, counts(2, 1, 0));
    assert_eq!((app.public(&short).await.0, app.public(&long).await.0), ("revoked".into(), "revoked".into()));
}

#[tokio::test]
async fn what_becomes_of_the_current_award_becomes_of_its_alias() {
    let app = TestApp::new().await;
    let ([first, second], [short, long]) = twice_certified(&app, &second()).await;
    let copy = credential(&app, &short).await;
    merged(&app, &second, &first).await;
    let by_alias = app.act(&short, "suspend", &json!({ "reason": "other" })).await.expect(200).json();
    assert_eq!((&by_alias["id"], &by_alias["state"]), (&long["id"], &json!("suspended")));
    assert_eq!(report(&app, &copy).await["verdict"], "suspended");
    assert!(is_taken_back(&app, &copy).await, "elsewhere, too");
    app.clock.advance(TimeDelta::hours(1));
    app.act(&long, "reinstate", &json!({})).await.expect(200);
    assert_eq!(report(&app, &copy).await["verdict"], "replaced", "what was taken back stays taken back");
    assert_eq!(app.get(&format!("{}.json", path(&short["addresses"]["page"]))).await.json()["verdict"], "valid");
    app.clock.advance(TimeDelta::days(300));
    let renewed = app.act(&long, "renew", &json!({})).await.expect(200).json();
    assert_eq!(renewed["aliases"], json!([short["id"]]));
    let now = credential(&app, &short).await;
    assert_eq!(
        (&now["id"], &now["validUntil"]),
        (&json!(long["addresses"]["credential"].as_str().unwrap().replace(".json", "")), &renewed["valid_until"])
    );
}

#[tokio::test]
async fn another_name_on_the_alias_is_taken_back() {
    let app = TestApp::new().await;
    let mut other = second();
    other["name"] = json!("A. Lopes Duarte");
    let ([first, second], [short, long]) = twice_certified(&app, &other).await;
    let copies = [credential(&app, &short).await, credential(&app, &long).await];
    app.clock.advance(TimeDelta::hours(1));
    // The one with the shorter award goes.
    let done = merged(&app, &second, &first).await;
    assert_eq!(done["person"]["awards"][0]["id"], long["id"]);
    assert_eq!(report(&app, &copies[0]).await["verdict"], "replaced");
    assert!(is_taken_back(&app, &copies[0]).await && !is_taken_back(&app, &copies[1]).await);
    assert_eq!(report(&app, &copies[1]).await["verdict"], "valid", "it named the right person all the time");
    app.get(&format!("{}?version=1", path(&short["addresses"]["credential"]))).await.expect(404);
    let page = app.get_as(&path(&short["addresses"]["page"]), "text/html").await.expect(200).text();
    assert!(page.contains("A. Lopes Duarte") && !page.contains("Ana Lopes"));

    // A later correction reaches everything again.
    app.clock.advance(TimeDelta::hours(1));
    change(&app, &second, "name", json!({ "name": "Dana Duarte" })).await.expect(200);
    assert_eq!(report(&app, &copies[1]).await["verdict"], "replaced");
    assert_eq!(report(&app, &copies[0]).await["verdict"], "replaced");
}

#[tokio::test]
async fn results_of_both_together_are_awarded() {
    let app = TestApp::new().await;
    let training =
        result("t", ("Ana Lopes", "ana@partner.example"), "sales-associate", "sales-101", "2026-11-18T09:00:00Z");
    let exam = result("e", ("Ana Lopes", "ana@second.example"), "sales-associate", "exam", "2026-11-20T09:00:00Z");
    app.post("/api/v1/results", &training).await.expect(200);
    app.post("/api/v1/results", &exam).await.expect(200);
    let (first, second) = (found(&app, "ana@partner.example").await, found(&app, "ana@second.example").await);
    let preview = json!({ "keep": first["id"], "other": second["id"], "preview": true });
    let before = events(&app).await.len();
    let would = app.post("/api/v1/people/merge", &preview).await.expect(200).json();
    assert_eq!(would["certifications"][0]["decision"], "award");
    assert_eq!((&would["person"], &would["unchanged"]), (&first, &json!(true)));
    assert_eq!(events(&app).await.len(), before, "a preview changes nothing");
    assert_eq!(show(&app, &second).await["id"], second["id"]);

    let done = merged(&app, &first, &second).await;
    assert_eq!(done["person"]["awards"][0]["state"], "valid");
    let again = app.post("/api/v1/results", &exam).await.expect(200);
    assert_eq!(again.header("idempotency-replayed"), "true", "a result is the same under another person");
    let once_more = merge(&app, &first, &second, &[]).await.expect(200).json();
    assert_eq!((&once_more["unchanged"], &once_more["person"]), (&json!(true), &done["person"]));
}

#[tokio::test]
async fn an_award_that_only_the_other_had_moves_with_all_its_versions() {
    let app = TestApp::new().await;
    app.post("/api/v1/people", &json!({ "name": "Ana L. Duarte", "email": "ana@partner.example" })).await.expect(201);
    let award = app.certify(&second()).await;
    app.clock.advance(TimeDelta::days(300));
    app.act(&award, "renew", &json!({})).await.expect(200);
    let copies =
        [format!("{}?version=1", path(&award["addresses"]["credential"])), path(&award["addresses"]["credential"])];
    let copies = [app.get(&copies[0]).await.json(), app.get(&copies[1]).await.json()];
    app.clock.advance(TimeDelta::hours(1));
    let (first, second) = (found(&app, "ana@partner.example").await, found(&app, "ana@second.example").await);
    let done = merged(&app, &first, &second).await;
    let moved = &done["person"]["awards"][0];
    assert_eq!((&moved["id"], &moved["version"], &moved["aliases"]), (&award["id"], &json!(3), &Value::Null));
    for copy in &copies {
        assert_eq!(report(&app, copy).await["verdict"], "replaced");
        assert!(is_taken_back(&app, copy).await);
    }
    let right = credential(&app, &award).await;
    assert!(right.to_string().contains("Ana L. Duarte") && !right.to_string().contains("Ana Lopes"));
    assert_eq!(report(&app, &right).await["verdict"], "valid");
    app.clock.advance(TimeDelta::days(30));
    app.act(&award, "renew", &json!({})).await.expect(200);
}

#[tokio::test]
async fn a_revoked_award_goes_on_saying_so() {
    let app = TestApp::new().await;
    let ([first, second], [short, long]) = twice_certified(&app, &second()).await;
    app.act(&long, "revoke", &json!({ "reason": "issued-in-error" })).await.expect(200);
    let done = merged(&app, &first, &second).await;
    assert_eq!(
        (&done["certifications"][0]["alias"], &done["certifications"][0]["award"]),
        (&Value::Null, &short["id"])
    );
    let verdict = async |award: &Value| app.get(&format!("{}.json", path(&award["addresses"]["page"]))).await.json();
    assert_eq!(verdict(&long).await["verdict"], "revoked");
    assert_eq!(verdict(&short).await["verdict"], "valid");
}

#[tokio::test]
async fn three_become_one_and_every_number_leads_on() {
    let app = TestApp::new().await;
    let ([first, second], [short, long]) = twice_certified(&app, &second()).await;
    app.clock.advance(TimeDelta::days(10));
    let longest = app.certify(&json!({ "name": "Ana Lopes", "email": "ana@third.example" })).await;
    let third = found(&app, "ana@third.example").await;
    let copies = [credential(&app, &short).await, credential(&app, &long).await, credential(&app, &longest).await];
    merged(&app, &second, &first).await;
    app.clock.advance(TimeDelta::hours(1));
    let second = show(&app, &second).await;
    let done = merged(&app, &third, &second).await;
    assert_eq!(done["person"]["merged"], json!([second["id"], first["id"]]));
    assert_eq!(done["person"]["awards"][0]["id"], longest["id"]);
    for award in [&short, &long, &longest] {
        let page = app.get_as(&path(&award["addresses"]["page"]), "text/html").await.expect(200).text();
        assert!(page.contains(longest["number"].as_str().unwrap()));
        assert_eq!(credential(&app, award).await, copies[2]);
        let own = format!("{}?version=1", path(&award["addresses"]["credential"]));
        app.get(&own).await.expect(200);
    }
    for copy in &copies[..2] {
        let said = report(&app, copy).await;
        assert!(said["headline"].as_str().unwrap().contains(longest["number"].as_str().unwrap()), "{said}");
    }
    assert_eq!(show(&app, &first).await["id"], third["id"]);
    app.act(&short, "revoke", &json!({ "reason": "other" })).await.expect(200);
    for copy in &copies {
        assert_eq!(report(&app, copy).await["verdict"], "revoked");
        assert!(is_taken_back(&app, copy).await);
    }
}

#[tokio::test]
async fn both_must_tell_the_code_that_was_mailed_to_them() {
    let app = TestApp::new().await;
    let ([first, second], _) = twice_certified(&app, &second()).await;
    let refused = async |codes: &[String]| merge(&app, &first, &second, codes).await.expect(422).json();
    let none = refused(&[]).await;
    assert!(none["hint"].as_str().unwrap().contains("proof"), "{none}");
    let never = refused(&["AAAAAAAA".into(), "BBBBBBBB".into()]).await;
    assert!(never["errors"][0]["detail"].as_str().unwrap().contains("have one mailed"), "{never}");
    let [keep, other] = codes(&app, &first, &second).await;
    assert_eq!(refused(std::slice::from_ref(&keep)).await["errors"].as_array().unwrap().len(), 1);
    // One's code is not the other's.
    let half = refused(&[keep.clone(), keep.clone()]).await;
    assert_eq!(
        half["errors"],
        json!([{ "pointer": "/proofs", "detail": "neither is the code of other; tries left: 4" }])
    );
    for left in (0..4).rev() {
        let wrong = refused(&[keep.clone(), "AAAAAAAA".into()]).await;
        assert_eq!(wrong["errors"][0]["detail"], format!("neither is the code of other; tries left: {left}"));
    }
    let spent = refused(&[keep.clone(), other]).await;
    assert!(spent["errors"][0]["detail"].as_str().unwrap().contains("no code of other"), "{spent}");
    let other = code(&app, &second).await;
    app.clock.advance(TimeDelta::minutes(30));
    assert_eq!(refused(&[keep, other]).await["errors"].as_array().unwrap().len(), 2, "both ran out");
    let [keep, other] = codes(&app, &first, &second).await;
    let typed = [format!(" {}-{} ", &other[..4], &other[4..]).to_lowercase(), keep.to_lowercase()];
    merge(&app, &first, &second, &typed).await.expect(200);
}

#[tokio::test]
async fn what_cannot_be_joined_is_refused() {
    let app = TestApp::new().await;
    let ([first, _], _) = twice_certified(&app, &second()).await;
    merge(&app, &first, &first, &[]).await.expect(422);
    let nobody = json!({ "id": "01k9zq6v2m8xw3c5t7r4n0b1dy" });
    let unknown = merge(&app, &first, &nobody, &[]).await.expect(404).json();
    assert_eq!(unknown["errors"][0]["pointer"], "/other");
    let nameless = json!({ "name": "Cy", "external": [{ "system": "lms", "id": "1" }] });
    let nameless = app.post("/api/v1/people", &nameless).await.expect(201).json();
    let refused = change(&app, &nameless, "proof", json!({})).await.expect(409).json();
    assert!(refused["hint"].as_str().unwrap().contains("Add an address"), "{refused}");
}

#[tokio::test]
async fn many_results_on_both_sides_are_joined_and_none_is_lost() {
    let app = TestApp::new().await;
    let ([first, second], _) = twice_certified(&app, &second()).await;
    let long = "x".repeat(180);
    for (n, email) in (0..130).flat_map(|n| [(n, "ana@partner.example"), (n, "ana@second.example")]) {
        let mut training = result(
            &format!("{email}{n}"),
            ("Ana", email),
            "technical-associate",
            "technical-fundamentals",
            "2026-11-19T09:00:00Z",
        );
        training["form"] = json!(long);
        app.post("/api/v1/results", &training).await.expect(200);
    }
    merged(&app, &first, &second).await;
    let asked = json!({ "person": first["id"], "certification": "technical-associate" });
    let trail = app.post("/api/v1/standings/find", &asked).await.expect(200).json();
    assert_eq!(trail["standings"][0]["results"].as_array().unwrap().len(), 260, "{}", trail["standings"][0]["unmet"]);
}

#[tokio::test]
async fn a_link_to_an_address_of_the_other_confirms_it_for_the_person_who_was_kept() {
    let app = TestApp::new().await;
    let ([first, second], _) = twice_certified(&app, &second()).await;
    change(&app, &second, "addresses", json!({ "email": "ana@third.example" })).await.expect(200);
    let link = link(&app, "ana@third.example").await;
    merged(&app, &first, &second).await;
    app.send(Request::post(&link).body(Body::empty()).unwrap()).await.expect(200);
    assert_eq!(found(&app, "ana@third.example").await["id"], first["id"]);
}
