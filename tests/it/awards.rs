//! The life of an award, through the router: issued, renewed, corrected, suspended, reinstated, revoked.

use assay::status_list::Bitstring;
use assay::store::Position;
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::app::{Reply, TestApp, ana, path};

/// The state as an outsider sees it, everywhere it can be seen.
struct Seen {
    verdict: String,
    headline: String,
    picture: String,
    page: String,
}

async fn seen(app: &TestApp, award: &Value) -> Seen {
    let page = path(&award["addresses"]["page"]);
    let report = app.get(&format!("{page}.json")).await.expect(200).json();
    Seen {
        verdict: report["verdict"].as_str().unwrap().to_owned(),
        headline: report["headline"].as_str().unwrap().to_owned(),
        picture: app.get(&path(&award["addresses"]["picture"])).await.expect(200).text(),
        page: app.get_as(&page, "text/html").await.expect(200).text(),
    }
}

async fn credential(app: &TestApp, award: &Value) -> Value {
    app.get(&path(&award["addresses"]["credential"])).await.expect(200).json()
}

/// Whether the bit of a credential is set in the list it names.
async fn bit(app: &TestApp, credential: &Value) -> bool {
    let status = &credential["credentialStatus"];
    let list = app.get(&path(&status["statusListCredential"])).await.expect(200).json();
    let bits = Bitstring::decode(list["credentialSubject"]["encodedList"].as_str().unwrap()).unwrap();
    bits.get(status["statusListIndex"].as_str().unwrap().parse().unwrap()).unwrap()
}

async fn verdict(app: &TestApp, credential: &Value) -> Value {
    app.post("/api/v1/verify", credential).await.expect(200).json()["verdict"].clone()
}

#[tokio::test]
async fn training_and_exam_become_an_award_that_everybody_can_check() {
    let app = TestApp::new().await;
    let award = app.certify(&ana()).await;
    assert_eq!(award["state"], "valid");
    assert_eq!(award["valid_until"], "2027-11-20T22:59:59Z", "the local day counts to its end");

    let credential = credential(&app, &award).await;
    assert_eq!(
        credential["id"],
        format!("https://badges.northwind.example/credentials/{}", award["id"].as_str().unwrap())
    );
    assert_eq!(credential["proof"].as_array().unwrap().len(), 1);
    assert_eq!(verdict(&app, &credential).await, "valid");
    assert!(!bit(&app, &credential).await);

    let seen = seen(&app, &award).await;
    assert_eq!(seen.verdict, "valid");
    assert_eq!(
        seen.headline,
        "Valid. Ana Lopes holds Certified Sales Associate from Northwind Traders until 20 November 2027."
    );
    assert!(seen.picture.contains("Valid until 20 Nov 2027"), "{}", &seen.picture[..400.min(seen.picture.len())]);
    assert!(seen.page.contains("Ana Lopes"));
}

#[tokio::test]
async fn a_repeated_result_gets_the_same_answer_and_another_body_is_a_conflict() {
    let app = TestApp::new().await;
    let award = app.certify(&ana()).await;
    let exam = json!({
        "id": "Ana@Partner.example exam", "person": ana(), "certification": "sales-associate", "requirement": "exam",
        "outcome": "passed", "score": 84, "at": "2026-11-20T09:00:00Z",
    });
    let again = app.post("/api/v1/results", &exam).await.expect(201);
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(again.json()["award"], award);

    let mut other = exam.clone();
    other["score"] = json!(85);
    let refused = app.post("/api/v1/results", &other).await.expect(409);
    assert_eq!(refused.json()["type"], "urn:assay:problem:result-conflict");
    assert_eq!(seen(&app, &award).await.verdict, "valid");
}

#[tokio::test]
async fn an_award_is_withheld_with_every_reason_until_all_is_met() {
    let app = TestApp::new().await;
    let exam = |id: &str, score: u32| {
        json!({
            "id": id, "person": ana(), "certification": "sales-associate", "requirement": "exam",
            "outcome": "passed", "score": score, "at": "2026-11-20T09:00:00Z",
        })
    };
    let withheld = app.post("/api/v1/results", &exam("1", 68)).await.expect(200).json();
    assert_eq!(withheld["decision"], "withheld");
    assert_eq!(withheld["award"], Value::Null);
    let unmet = withheld["unmet"].as_array().unwrap();
    assert!(unmet.len() >= 2, "training and score: {withheld}");
    let words = unmet.iter().map(|u| u["words"].as_str().unwrap()).collect::<Vec<_>>().join(" ");
    assert!(words.contains("68") && words.contains("70"), "{words}");
}

#[tokio::test]
async fn a_renewal_keeps_number_and_address_and_counts_from_the_old_expiry() {
    let app = TestApp::new().await;
    let award = app.certify(&ana()).await;
    let first = credential(&app, &award).await;
    app.clock.advance(TimeDelta::days(300));
    let renewed = app.act(&award, "renew", &json!({})).await.expect(200).json();
    assert_eq!(renewed["id"], award["id"]);
    assert_eq!((&renewed["version"], &renewed["valid_until"]), (&json!(2), &json!("2028-11-20T22:59:59Z")));

    let second = credential(&app, &award).await;
    assert_eq!((&second["id"], &second["awardedDate"]), (&first["id"], &first["awardedDate"]));
    assert!(second["validFrom"].as_str() > first["validFrom"].as_str());
    assert_ne!(second["credentialStatus"]["statusListIndex"], first["credentialStatus"]["statusListIndex"]);
    assert!(!bit(&app, &first).await, "the older copy runs out by itself");
    let older = app.get(&format!("{}?version=1", path(&award["addresses"]["credential"]))).await.expect(200).json();
    assert_eq!(older, first);
    let report = app.post("/api/v1/verify", &first).await.expect(200).json();
    assert!(report["headline"].as_str().unwrap().contains("renewed"), "{}", report["headline"]);
}

#[tokio::test]
async fn a_correction_replaces_the_credential_and_never_shows_the_old_name_again() {
    let app = TestApp::new().await;
    let award = app.certify(&ana()).await;
    let wrong = credential(&app, &award).await;
    app.clock.advance(TimeDelta::hours(1));
    app.act(&award, "reissue", &json!({ "name": "Ana Lopes Duarte" })).await.expect(200);

    let right = credential(&app, &award).await;
    assert_eq!((&right["validUntil"], &right["awardedDate"]), (&wrong["validUntil"], &wrong["awardedDate"]));
    assert!(right.to_string().contains("Ana Lopes Duarte"));
    assert_eq!(verdict(&app, &right).await, "valid");
    assert_eq!(verdict(&app, &wrong).await, "replaced");
    assert!(bit(&app, &wrong).await && !bit(&app, &right).await);
    app.get(&format!("{}?version=1", path(&award["addresses"]["credential"]))).await.expect(404);
    let seen = seen(&app, &award).await;
    assert_eq!(seen.verdict, "valid");
    assert!(seen.page.contains("Details corrected"));
    assert!(!seen.page.replace("Ana Lopes Duarte", "").contains("Ana Lopes"), "the old name is private");
}

#[tokio::test]
async fn a_suspension_shows_everywhere_and_reinstating_needs_no_new_link() {
    let app = TestApp::new().await;
    let award = app.certify(&ana()).await;
    let first = credential(&app, &award).await;
    app.clock.advance(TimeDelta::days(1));
    let body = json!({ "reason": "other", "text": "proctor reported a second screen" });
    app.act(&award, "suspend", &body).await.expect(200);
    let suspended = seen(&app, &award).await;
    assert_eq!(suspended.verdict, "suspended");
    assert!(suspended.headline.contains("This is not a finding against the holder."), "{}", suspended.headline);
    assert!(suspended.picture.contains("Suspended since 21 Nov 2026"));
    assert!(!suspended.page.contains("second screen"), "free text is never public");
    assert!(bit(&app, &first).await);

    app.clock.advance(TimeDelta::days(1));
    app.act(&award, "reinstate", &json!({})).await.expect(200);
    let back = seen(&app, &award).await;
    assert_eq!(back.verdict, "valid");
    assert!(back.page.contains("Suspended") && back.page.contains("Reinstated"));
    let second = credential(&app, &award).await;
    assert_eq!(second["validUntil"], first["validUntil"]);
    assert!(bit(&app, &first).await, "a bit is never cleared");
    assert!(!bit(&app, &second).await);
    assert_eq!(verdict(&app, &second).await, "valid");
    assert_ne!(verdict(&app, &first).await, "valid");
}

#[tokio::test]
async fn a_revocation_shows_on_page_picture_report_and_list_and_is_final() {
    let app = TestApp::new().await;
    let award = app.certify(&ana()).await;
    let credential = credential(&app, &award).await;
    let body = json!({ "reason": "issued-in-error", "text": "wrong person" });
    let revoked = app.act(&award, "revoke", &body).await.expect(200).json();
    assert_eq!(revoked["state"], "revoked");
    let seen = seen(&app, &award).await;
    assert_eq!(seen.verdict, "revoked");
    assert!(seen.headline.starts_with("No longer valid since 20 November 2026"), "{}", seen.headline);
    assert!(seen.picture.contains("Revoked since 20 Nov 2026"));
    assert!(seen.page.contains("Revoked") && !seen.page.contains("wrong person"));
    assert!(bit(&app, &credential).await);
    assert_eq!(verdict(&app, &credential).await, "revoked");

    assert_eq!(app.act(&award, "revoke", &body).await.expect(200).json(), revoked, "revoking again changes nothing");
    for verb in ["renew", "reissue", "reinstate"] {
        let refused = app.act(&award, verb, &json!({})).await.expect(409);
        assert_eq!(refused.json()["type"], "urn:assay:problem:invalid-state", "{verb}");
    }
    app.act(&award, "suspend", &json!({ "reason": "other" })).await.expect(409);
}

#[tokio::test]
async fn an_expired_award_says_so_and_until_when_it_may_be_renewed() {
    let app = TestApp::new().await;
    let award = app.certify(&ana()).await;
    app.clock.advance(TimeDelta::days(366));
    let seen = seen(&app, &award).await;
    assert_eq!(seen.verdict, "expired");
    assert!(
        seen.headline.contains("20 November 2027") && seen.headline.contains("20 December 2027"),
        "{}",
        seen.headline
    );
    assert!(seen.picture.contains("Expired 20 Nov 2027"));
    let then = app
        .get(&format!("{}.json?at=2026-11-21T00:00:00Z", path(&award["addresses"]["page"])))
        .await
        .expect(200)
        .json();
    assert_eq!((&then["verdict"], &then["then"]["verdict"]), (&json!("expired"), &json!("valid")));
}

#[tokio::test]
async fn a_verb_under_an_idempotency_key_is_done_once() {
    let app = TestApp::new().await;
    let award = app.certify(&ana()).await;
    let renew = |body: &'static str| {
        let request = axum::http::Request::post(format!("/api/v1/awards/{}/renew", award["id"].as_str().unwrap()))
            .header("authorization", format!("Bearer {}", app.live))
            .header("content-type", "application/json")
            .header("idempotency-key", "\"8e03978e\"");
        app.send(request.body(body.into()).unwrap())
    };
    let first = renew("{}").await.expect(200);
    let second = renew("{}").await.expect(200);
    assert_eq!((first.header("idempotency-replayed"), second.header("idempotency-replayed")), ("", "true"));
    assert_eq!(first.json(), second.json());
    assert_eq!(first.json()["version"], 2);
    renew(r#"{"text":"another call"}"#).await.expect(409);
}

#[tokio::test]
async fn a_test_award_carries_the_mark_everywhere_and_live_keys_do_not_see_it() {
    let app = TestApp::new().await;
    let award = app.certify_with(&app.test, &ana(), json!({})).await;
    assert_eq!(award["realm"], "test");
    let seen = seen(&app, &award).await;
    assert_eq!(seen.verdict, "valid");
    assert!(seen.headline.starts_with("TEST."), "{}", seen.headline);
    assert!(seen.picture.contains("TEST") && seen.page.contains("TEST"));
    let credential = credential(&app, &award).await;
    assert!(credential["name"].as_str().unwrap().starts_with("TEST: "));
    assert!(credential["credentialStatus"]["statusListCredential"].as_str().unwrap().ends_with("/status/t1"));
    app.act(&award, "revoke", &json!({ "reason": "other" })).await.expect(404);
    let live = app.certify(&ana()).await;
    assert_ne!(live["id"], award["id"], "the same person may hold a live one");
}

#[tokio::test]
async fn the_feed_tells_every_change_and_no_name() {
    let app = TestApp::new().await;
    let award = app.certify(&ana()).await;
    app.act(&award, "suspend", &json!({ "reason": "other", "text": "secret words" })).await.expect(200);
    app.clock.advance(TimeDelta::hours(1));
    app.act(&award, "reinstate", &json!({})).await.expect(200);
    app.act(&award, "reissue", &json!({ "name": "Ana L. Duarte" })).await.expect(200);
    app.act(&award, "renew", &json!({})).await.expect(200);
    app.act(&award, "revoke", &json!({ "reason": "holder-request" })).await.expect(200);

    let feed = app.app.store.engine().feed(Position::START, 1_000, std::time::Duration::ZERO).await.unwrap();
    let text: Vec<String> = feed.entries.iter().map(|e| String::from_utf8(e.doc.to_vec()).unwrap()).collect();
    let kinds: Vec<String> =
        text.iter().map(|t| serde_json::from_str::<Value>(t).unwrap()["type"].as_str().unwrap().to_owned()).collect();
    let told: Vec<&str> = kinds.iter().map(String::as_str).filter(|k| k.starts_with("award.")).collect();
    assert_eq!(
        told,
        ["award.issued", "award.suspended", "award.reinstated", "award.corrected", "award.renewed", "award.revoked"]
    );
    for secret in ["Ana", "Lopes", "partner.example", "secret words"] {
        assert!(!text.iter().any(|t| t.to_lowercase().contains(&secret.to_lowercase())), "{secret} is in the feed");
    }
}

#[tokio::test]
async fn score_and_evidence_are_public_only_by_setting_and_consent() {
    let open = crate::support::app::PROGRAM
        .replace("\nscore = false\nevidence = false\n", "\nscore = true\nevidence = true\n");
    assert_ne!(open, crate::support::app::PROGRAM);
    let evidence = json!([{ "name": "Deal review", "url": "https://partner.example/deals/1" }]);
    let with = |consent: Value| {
        let mut person = ana();
        person["consent"] = consent;
        json!({ "person": person, "evidence": evidence })
    };
    for (program, consent, shown) in [
        (open.as_str(), json!(["score", "evidence"]), true),
        (open.as_str(), json!([]), false),
        (crate::support::app::PROGRAM, json!(["score", "evidence"]), false),
    ] {
        let app = TestApp::with_program(program).await;
        let award = app.certify_with(&app.live, &ana(), with(consent.clone())).await;
        let text = credential(&app, &award).await.to_string();
        assert_eq!((text.contains("\"84\""), text.contains("Deal review")), (shown, shown), "{consent}");
        assert!(!text.to_lowercase().contains("ana@partner.example"), "the address is hashed");
    }
}

#[tokio::test]
async fn awards_are_shown_and_changed_only_with_the_scope_for_it() {
    let app = TestApp::new().await;
    let award = app.certify(&ana()).await;
    let address = format!("/api/v1/awards/{}", award["id"].as_str().unwrap());
    app.get(&address).await.expect(401);
    let made = app
        .post("/api/v1/api-keys", &json!({ "name": "reader", "scopes": ["awards:read"], "realm": "live" }))
        .await
        .expect(201)
        .json();
    let reader = made["secret"].as_str().unwrap().to_owned();
    let show = |key: String| {
        let request = axum::http::Request::get(address.clone()).header("authorization", format!("Bearer {key}"));
        app.send(request.body(axum::body::Body::empty()).unwrap())
    };
    let shown: Reply = show(reader.clone()).await.expect(200);
    assert_eq!(shown.json(), award);
    app.post_with(&reader, &format!("{address}/revoke"), r#"{"reason":"other"}"#).await.expect(403);
    app.post("/api/v1/api-keys/revoke", &json!({ "name": "reader" })).await.expect(200);
    show(reader).await.expect(401);
    show("ask_live_nonsense".to_owned()).await.expect(401);
}

/// A clerk who reissues again and again does not make an award that cannot be taken back.
#[tokio::test]
async fn an_award_of_hundreds_of_versions_is_taken_back_like_any_other() {
    let app = TestApp::new().await;
    let award = app.certify(&ana()).await;
    let id = award["id"].as_str().unwrap();
    let first = app.get(&format!("/credentials/{id}")).await.expect(200).json();
    for n in 0..420 {
        app.clock.advance(TimeDelta::minutes(1));
        let name = json!({ "name": format!("Ana Lopes {n}") });
        app.act(&award, "reissue", &name).await.expect(200);
    }
    let shown = app.get_key(&format!("/api/v1/awards/{id}")).await.expect(200).json();
    assert_eq!((&shown["version"], shown["history"].as_array().unwrap().len()), (&json!(421), 421));
    let page = format!("/v/{id}");
    let then = app.get(&format!("{page}.json?at=2026-11-20T10:30:00Z")).await.expect(200).json();
    assert_eq!((&then["then"]["verdict"], &then["then"]["version"]), (&json!("valid"), &json!(31)));
    let copy = app.post("/api/v1/verify", &json!({ "credential": first })).await.expect(200).json();
    assert_eq!((&copy["verdict"], &copy["credential"]["version"]), (&json!("replaced"), &json!(1)));

    let reason = json!({ "reason": "under-review" });
    app.act(&award, "suspend", &reason).await.expect(200);
    app.act(&award, "reinstate", &json!({})).await.expect(200);
    let revoke = || {
        let request = axum::http::Request::post(format!("/api/v1/awards/{id}/revoke"))
            .header("authorization", format!("Bearer {}", app.live))
            .header("content-type", "application/json")
            .header("idempotency-key", "once");
        app.send(request.body(json!({ "reason": "other" }).to_string().into()).unwrap())
    };
    let revoked = revoke().await.expect(200).json();
    assert_eq!(revoked["state"], "revoked");
    assert_eq!(revoke().await.expect(200).json(), revoked, "a repeat is answered as before");
    assert_eq!(app.get(&format!("{page}.json")).await.expect(200).json()["verdict"], "revoked");
    // What time brings and what the feed tells goes on, after a restart, too.
    let app = app.restarted();
    assay::workers::tick(&app.app).await.unwrap();
    let html = app.get_as(&page, "text/html").await.expect(200).text();
    assert_eq!(html.matches("<b>Details corrected</b>").count(), 420);
}
