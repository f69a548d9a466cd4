//! Issuers of other houses that the operator relies on: through the API, from the terminal, and at hand for verification.

use std::sync::Arc;

use assay::id::Realm;
use assay::service::caller::{Caller, LiveCaller};
use assay::service::trust;
use serde_json::{Value, json};

use crate::support::app::TestApp;
use crate::support::binary::Home;

const TRUSTED: &str = "/api/v1/trusted-issuers";
const REMOVE: &str = "/api/v1/trusted-issuers/remove";

async fn listed(app: &TestApp, query: &str) -> Value {
    app.get_key(&format!("{TRUSTED}{query}")).await.expect(200).json()
}

#[tokio::test]
async fn an_issuer_is_relied_on_for_a_time_and_then_no_more() {
    let app = TestApp::new().await;
    let new = json!({ "issuer": "did:web:Badges.Contoso.example", "name": " Contoso Academy ", "since": "2024-03-01", "until": "2026-12-31T12:00:00+02:00" });
    let added = app.post(TRUSTED, &new).await.expect(201).json();
    // The program's days begin and end in Berlin.
    let expected = json!({
        "issuer": "did:web:badges.contoso.example", "name": "Contoso Academy", "since": "2024-02-29T23:00:00Z",
        "until": "2026-12-31T10:00:00Z", "added_at": "2026-11-20T10:00:00Z",
    });
    assert_eq!(added, expected);

    // Told again, in another writing: it is the same issuer, and has no end any more.
    app.clock.advance(chrono::TimeDelta::days(1));
    let again = json!({ "issuer": "did:web:badges.contoso.example%3A443", "name": "Contoso", "since": "2024-07-01" });
    let changed = app.post(TRUSTED, &again).await.expect(200).json();
    let expected = json!({
        "issuer": "did:web:badges.contoso.example", "name": "Contoso", "since": changed["since"],
        "added_at": "2026-11-20T10:00:00Z",
    });
    assert_eq!(changed, expected);
    assert_eq!(listed(&app, "").await, json!({ "data": [changed], "next_cursor": null }));

    let removed = app.post(REMOVE, &json!({ "issuer": "DID:web:badges.contoso.example" })).await.expect(200).json();
    assert_eq!(removed, changed);
    assert_eq!(listed(&app, "").await, json!({ "data": [], "next_cursor": null }));
    let problem = app.post(REMOVE, &json!({ "issuer": "did:web:badges.contoso.example" })).await.expect(404).json();
    assert_eq!(problem["detail"], "\"did:web:badges.contoso.example\" is not on the list.");
}

#[tokio::test]
async fn a_day_begins_and_ends_as_in_the_program_also_in_summer() {
    let app = TestApp::new().await;
    let new = json!({ "issuer": "https://badges.example/", "name": "B", "since": "2026-07-01", "until": "2026-12-31" });
    let added = app.post(TRUSTED, &new).await.expect(201).json();
    assert_eq!(added["since"], "2026-06-30T22:00:00Z");
    assert_eq!(added["until"], "2026-12-31T22:59:59Z");
}

#[tokio::test]
async fn what_cannot_be_is_refused_and_nothing_is_written() {
    let app = TestApp::new().await;
    let (long_name, long_id) = ("x".repeat(121), format!("https://badges.example/{}", "x".repeat(500)));
    let good = json!({ "issuer": "did:web:badges.example", "name": "Badges" });
    for (member, value, pointer) in [
        ("issuer", "badges.example", "/issuer"),
        ("issuer", "http://badges.example/issuer", "/issuer"),
        ("issuer", "did:web:badges.example#key", "/issuer"),
        ("issuer", "mailto:ana@badges.example", "/issuer"),
        ("issuer", "", "/issuer"),
        ("issuer", &long_id, "/issuer"),
        ("name", "", "/name"),
        ("name", "   ", "/name"),
        ("name", "two\nlines", "/name"),
        ("name", "turned \u{202e}around", "/name"),
        ("name", &long_name, "/name"),
        ("since", "soon", "/since"),
        ("since", "2026-02-30", "/since"),
        ("until", "2026-12-31T10:00:00", "/until"),
        ("since", "2027-01-01", "/since"),
    ] {
        let mut new = good.clone();
        new["until"] = json!("2026-12-31");
        new[member] = json!(value);
        let problem = app.post(TRUSTED, &new).await.expect(422).json();
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{member} {value:?}: {problem}");
    }
    app.post(TRUSTED, &json!({ "issuer": "did:web:badges.example" })).await.expect(400);
    app.post(TRUSTED, &json!({ "issuer": "did:web:badges.example", "name": "B", "colour": "red" })).await.expect(400);
    app.post(REMOVE, &json!({ "issuer": "badges.example" })).await.expect(422);
    assert_eq!(listed(&app, "").await["data"], json!([]));
}

#[tokio::test]
async fn the_list_is_given_page_by_page_also_with_ids_that_are_long() {
    let app = TestApp::new().await;
    let long = format!("https://badges.example/{}", "x".repeat(300));
    let mut expected = vec![long];
    expected.extend((0..6).map(|number| format!("https://badges.example/issuer?id={number}&of=a/b")));
    for issuer in &expected {
        app.post(TRUSTED, &json!({ "issuer": issuer, "name": "B" })).await.expect(201);
    }
    expected.sort();
    let (mut found, mut query) = (Vec::new(), "?limit=3".to_owned());
    loop {
        let page = listed(&app, &query).await;
        let data = page["data"].as_array().unwrap();
        assert!((1..=3).contains(&data.len()));
        found.extend(data.iter().map(|one| one["issuer"].as_str().unwrap().to_owned()));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        let encoded = percent_encoding::utf8_percent_encode(cursor, percent_encoding::NON_ALPHANUMERIC);
        query = format!("?limit=3&cursor={encoded}");
    }
    assert_eq!(found, expected);
}

#[tokio::test]
async fn it_takes_an_administrator() {
    let app = TestApp::new().await;
    let key = app.key("clerk", Realm::Live, &["program:write", "keys:write", "awards:write"]).await;
    let new = json!({ "issuer": "did:web:badges.example", "name": "Badges" }).to_string();
    app.post_with(&key, TRUSTED, new).await.expect(403);
    app.post_with(&key, REMOVE, json!({ "issuer": "did:web:badges.example" }).to_string()).await.expect(403);
    app.get(TRUSTED).await.expect(401);
}

#[tokio::test]
async fn verification_has_the_list_at_hand_and_sees_every_change() {
    let app = TestApp::new().await;
    let issuers = |list: &assay::verification::TrustList| -> Vec<String> {
        list.issuers().iter().map(|one| one.issuer.clone()).collect()
    };
    let empty = trust::all(&app.app).await.unwrap();
    assert!(empty.issuers().is_empty());
    for name in ["b", "a"] {
        let new = json!({ "issuer": format!("did:web:{name}.example"), "name": name });
        app.post(TRUSTED, &new).await.expect(201);
    }
    let both = trust::all(&app.app).await.unwrap();
    assert_eq!(issuers(&both), ["did:web:a.example", "did:web:b.example"]);
    assert_eq!(both.find("did:web:b.example").unwrap().name, "b");
    assert!(both.find("did:web:c.example").is_none());
    assert!(Arc::ptr_eq(&both, &trust::all(&app.app).await.unwrap()), "nothing is read anew while nothing changed");

    // Said again as it was, nothing changes; said otherwise, it does.
    app.post(TRUSTED, &json!({ "issuer": "did:web:a.example", "name": "a" })).await.expect(200);
    assert!(Arc::ptr_eq(&both, &trust::all(&app.app).await.unwrap()));
    app.post(TRUSTED, &json!({ "issuer": "did:web:a.example", "name": "A" })).await.expect(200);
    assert_eq!(trust::all(&app.app).await.unwrap().find("did:web:a.example").unwrap().name, "A");

    // Another process over the same store takes one off.
    let operator = LiveCaller::new(Caller::operator(Realm::Live)).unwrap();
    let other = Arc::new(app.app.over(app.app.store.clone(), app.clock.clone(), app.app.signer.clone()));
    trust::remove(&other, &operator, "did:web:a.example").await.unwrap();
    assert_eq!(issuers(&trust::all(&app.app).await.unwrap()), ["did:web:b.example"]);

    let told = app.get_key("/api/v1/events?type=issuer.*&limit=100").await.expect(200);
    assert!(told.text().contains("issuer.trusted") && told.text().contains("issuer.distrusted"));
    assert!(!told.text().contains("a.example"), "the feed has no names");
}

#[test]
fn the_list_is_kept_from_the_terminal() {
    let home = Home::new();
    let did = "did:web:badges.contoso.example";
    let added = home.run(&["trust", "add", did, "--name", "Contoso Academy", "--since", "2024-03-01T00:00:00Z"]).done();
    let line = format!("{did}  Contoso Academy  since 2024-03-01T00:00:00Z");
    assert_eq!(added.stdout.trim_end(), line);
    home.run(&["trust", "add", "https://badges.example/issuer", "--name", "Badges"]).done();
    let list = home.run(&["trust", "list"]).done().stdout;
    assert_eq!(list.lines().collect::<Vec<_>>(), [&line, "https://badges.example/issuer  Badges"]);
    let json: Value = serde_json::from_str(&home.run(&["trust", "list", "--json"]).done().stdout).unwrap();
    assert_eq!((&json["data"][0]["issuer"], &json["data"][1]["name"]), (&json!(did), &json!("Badges")));
    assert_eq!(home.run(&["trust", "remove", did]).done().stdout.trim_end(), line);
    home.run(&["trust", "remove", did]).refused(&["is not on the list", "hint: "]);
    home.run(&["trust", "add", "badges.example", "--name", "B"]).refused(&["a DID or an https address", "hint: "]);
    let reversed = ["trust", "add", did, "--name", "B", "--since", "2026-02-01", "--until", "2026-01-01"];
    home.run(&reversed).refused(&["Since lies after until"]);
}
