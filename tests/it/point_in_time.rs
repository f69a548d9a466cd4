//! What was true then, and what was known then: on the page, as report, over the API.

use assay::id::Realm;
use assay::rules::{Cause, Happening, HistoryEntry, Reason};
use assay::store::{Changes, Commit, ReadSet};
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::app::{TestApp, ana, path};

/// Ana's award of 20 November; suspended since 20 February, which was recorded only on 10 March; now it is 1 April.
async fn suspended_later() -> (TestApp, Value) {
    let app = TestApp::new().await;
    let award = app.certify(&ana()).await;
    let id = award["id"].as_str().unwrap().parse().unwrap();
    let (realm, pointer) = app.app.store.find_award(id).await.unwrap().unwrap();
    assert_eq!(realm, Realm::Live);
    let mut reads = ReadSet::new();
    let before = app.app.store.standing(realm, &pointer.person, &pointer.certification, &mut reads).await.unwrap();
    let mut after = before.clone();
    after.award.as_mut().unwrap().history.push(HistoryEntry {
        what: Happening::Suspended { reason: Reason::Other },
        valid_at: "2027-02-20T09:00:00Z".parse().unwrap(),
        recorded_at: "2027-03-10T09:00:00Z".parse().unwrap(),
        program: 1,
        cause: Cause::Verb,
    });
    let mut changes = Changes::new(realm);
    changes.standing(&before, &after);
    assert!(matches!(app.app.store.commit(&reads, changes).await.unwrap(), Commit::Done(_)));
    app.clock.set("2027-04-01T10:00:00Z".parse().unwrap());
    (app, award)
}

#[tokio::test]
async fn what_was_true_last_march_and_what_was_known_of_it_stand_below_what_is_true_today() {
    let (app, award) = suspended_later().await;
    let page = path(&award["addresses"]["page"]);
    let both = "This was recorded on 10 March 2027; by 1 March 2027, what had been recorded said: valid until 20 November 2027.";
    let since = "This is what had been recorded by 1 March 2027. Recorded since then on 10 March 2027: not valid.";
    let reviewed = "it was not valid: the issuer had been reviewing it since 20 February 2027";
    for (query, verdict, at, headline, hindsight) in [
        (
            "?at=2027-03-01",
            "suspended",
            "2027-03-01T22:59:59Z",
            format!("On 1 March 2027 {reviewed}, as recorded by today."),
            Some(both),
        ),
        (
            "?at=2027-03-01&known=2027-03-01",
            "valid",
            "2027-03-01T22:59:59Z",
            "On 1 March 2027 it was valid, as recorded by then.".to_owned(),
            Some(since),
        ),
        (
            "?known=2027-03-01",
            "valid",
            "2027-03-01T22:59:59Z",
            "On 1 March 2027 it was valid, as recorded by then.".to_owned(),
            Some(since),
        ),
        (
            "?at=2027-03-01&known=2027-03-20",
            "suspended",
            "2027-03-01T22:59:59Z",
            format!("On 1 March 2027 {reviewed}, as recorded by 20 March 2027."),
            None,
        ),
        (
            "?at=2027-02-01",
            "valid",
            "2027-02-01T22:59:59Z",
            "On 1 February 2027 it was valid, as recorded by then.".to_owned(),
            None,
        ),
        (
            "?at=2027-03-10T09:00:00Z",
            "suspended",
            "2027-03-10T09:00:00Z",
            format!("On 10 March 2027 at 09:00 UTC {reviewed}, as recorded by then."),
            None,
        ),
        (
            "?at=2027-04-01",
            "suspended",
            "2027-04-01T10:00:00Z",
            format!("On 1 April 2027 at 10:00 UTC {reviewed}, as recorded by then."),
            None,
        ),
    ] {
        let report = app.get(&format!("{page}.json{query}")).await.expect(200).json();
        assert_eq!(
            (&report["verdict"], &report["as_of"]),
            (&json!("suspended"), &json!("2027-04-01T10:00:00Z")),
            "{query}: today leads"
        );
        let then = &report["then"];
        assert_eq!(
            (&then["verdict"], &then["at"], &then["headline"]),
            (&json!(verdict), &json!(at), &json!(headline)),
            "{query}"
        );
        assert_eq!(then["hindsight"]["words"].as_str(), hindsight, "{query}");
        let html = app.get_as(&format!("{page}{query}"), "text/html").await.expect(200).text();
        let at = |part: &str| html.find(part).unwrap_or_else(|| panic!("{query}: {part}"));
        assert!(at("<b>Not valid at present") < at(&headline), "{query}: the past stands below");
        assert!(html.contains("<b>Suspended</b>"), "{query}: the history is whole");
        assert!(hindsight.is_none_or(|words| html.contains(words)), "{query}");
    }
    let report = app.get(&format!("{page}.json")).await.expect(200).json();
    assert_eq!((&report["verdict"], report.get("then")), (&json!("suspended"), None), "nobody asked");
}

/// An award that is dead shows nothing that it had while it held, whatever moment is asked about.
#[tokio::test]
async fn an_earlier_moment_makes_no_dead_award_shine() {
    let app = TestApp::new().await;
    let (revoked, expired) = (
        app.certify(&ana()).await,
        app.certify(&json!({ "name": "Ben Okafor", "email": "ben@partner.example" })).await,
    );
    app.clock.advance(TimeDelta::days(20));
    app.act(&revoked, "revoke", &json!({ "reason": "issued-in-error" })).await.expect(200);
    let asked = "2026-11-25";
    for (award, verdict, lead) in [
        (&revoked, "revoked", "No longer valid since 10 December 2026"),
        (&expired, "expired", "Expired on 20 November 2027"),
    ] {
        if verdict == "expired" {
            app.clock.set("2027-12-01T10:00:00Z".parse().unwrap());
        }
        let page = path(&award["addresses"]["page"]);
        let report = app.get(&format!("{page}.json?at={asked}")).await.expect(200).json();
        assert_eq!((&report["verdict"], &report["then"]["verdict"]), (&json!(verdict), &json!("valid")));
        assert!(report["headline"].as_str().unwrap().starts_with(lead), "{report}");
        let html = app.get_as(&format!("{page}?at={asked}"), "text/html").await.expect(200).text();
        assert!(html.contains(&format!("<title>{lead}: ")), "{html}");
        assert!(html.contains("On 25 November 2026 it was valid, as recorded by then."), "{html}");
        let medal = format!("<img src=\"/badges/{}.svg\"", award["id"].as_str().unwrap());
        assert!(html.contains(&medal), "the picture says that it does not hold");
        for shining in ["linkedin.com", "CertificationActive", "band good", "<b>Valid", "Valid. "] {
            assert!(!html.contains(shining), "{verdict}: {shining}");
        }
        let typed = json!({ "id": award["number"], "at": asked });
        let typed = app.post("/api/v1/verify", &typed).await.expect(200).json();
        assert_eq!((&typed["verdict"], &typed["then"]), (&json!(verdict), &report["then"]));
    }
}

#[tokio::test]
async fn before_its_first_issue_an_award_was_not_issued_yet() {
    let (app, award) = suspended_later().await;
    let page = path(&award["addresses"]["page"]);
    for (query, headline) in [
        (
            "?at=2026-11-19",
            "On 19 November 2026 it was not issued: that came on 20 November 2026, as recorded by then.",
        ),
        (
            "?known=2026-11-19",
            "On 19 November 2026 it was not issued: by 19 November 2026, nothing of it had been recorded.",
        ),
    ] {
        let report = app.get(&format!("{page}.json{query}")).await.expect(200).json();
        let then = &report["then"];
        assert_eq!((&then["verdict"], &then["headline"]), (&json!("not_yet_valid"), &json!(headline)));
        assert_eq!(then.get("version"), None);
        let html = app.get_as(&format!("{page}{query}"), "text/html").await.expect(200).text();
        assert!(html.contains(headline), "{query}");
    }
}

#[tokio::test]
async fn the_future_and_what_is_no_moment_are_refused() {
    let (app, award) = suspended_later().await;
    let page = path(&award["addresses"]["page"]);
    for (query, status, detail) in [
        ("?at=2027-04-02", 422, "At lies in the future: what was true can be told, what will be true cannot."),
        (
            "?at=2027-04-01T10:00:01Z",
            422,
            "At lies in the future: what was true can be told, what will be true cannot.",
        ),
        ("?known=2028-01-01", 422, "Known lies in the future: what was true can be told, what will be true cannot."),
        (
            "?at=1.3.2027",
            400,
            "At must be a day such as 2026-03-01 or a moment with its time zone such as 2026-03-01T10:00:00Z.",
        ),
        (
            "?at=2027-03-01T10:00:00",
            400,
            "At must be a day such as 2026-03-01 or a moment with its time zone such as 2026-03-01T10:00:00Z.",
        ),
    ] {
        let reply = app.get(&format!("{page}.json{query}")).await;
        assert_eq!((reply.status, &reply.json()["detail"]), (status, &json!(detail)), "{query}");
    }
    app.get(&format!("{page}.json?at=&known=")).await.expect(200);
}

#[tokio::test]
async fn forms_and_api_answer_the_same() {
    let (app, award) = suspended_later().await;
    let ask = |more: Value| {
        let mut body = json!({ "id": award["number"] });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let asked = ask(json!({ "at": "2027-03-01", "known": "2027-03-01" }));
    let then = app.post("/api/v1/verify", &asked).await.expect(200).json();
    assert_eq!((&then["verdict"], &then["then"]["verdict"]), (&json!("suspended"), &json!("valid")));
    assert_eq!(then["then"]["known"], "2027-03-01T22:59:59Z");
    let credential: Value = app.get(&path(&award["addresses"]["credential"])).await.expect(200).json();
    let asked = json!({ "credential": credential, "at": "2027-03-01" });
    let copy = app.post("/api/v1/verify", &asked).await.expect(200).json();
    assert_eq!((&copy["then"]["verdict"], copy["then"]["hindsight"].is_object()), (&json!("suspended"), true));
    let mut forged = credential;
    forged["name"] = json!("Forged");
    let forged =
        app.post("/api/v1/verify", &json!({ "credential": forged, "at": "2027-02-01" })).await.expect(200).json();
    assert_eq!((&forged["verdict"], forged.get("then")), (&json!("invalid"), None), "of a forgery nothing is told");

    let form = |body: String| {
        let request = axum::http::Request::post("/verify").header("content-type", "application/x-www-form-urlencoded");
        app.send(request.body(body.into()).unwrap())
    };
    let number = award["number"].as_str().unwrap();
    let page = form(format!("text={number}&at=2027-03-01&known=2027-03-01")).await.expect(200).text();
    assert!(page.contains("Recorded since then on 10 March 2027"), "{page}");
    form(format!("text={number}&at=2030-01-01")).await.expect(422);
    let led = app.get(&format!("/verify?number={number}&at=2027-03-01")).await.expect(303);
    assert_eq!(led.header("location"), format!("/v/{}?at=2027%2D03%2D01", award["id"].as_str().unwrap()));

    let shown = |query: &str| {
        let request = axum::http::Request::get(format!("/api/v1/awards/{}{query}", award["id"].as_str().unwrap()))
            .header("authorization", format!("Bearer {}", app.live));
        app.send(request.body(axum::body::Body::empty()).unwrap())
    };
    let now = shown("").await.expect(200).json();
    assert_eq!(
        (&now["state"], now["history"].as_array().unwrap().len(), now.get("then")),
        (&json!("suspended"), 2, None)
    );
    for (query, state, lines) in [
        ("?at=2027-02-01", "valid", 1),
        ("?at=2027-03-01", "suspended", 2),
        ("?known=2027-03-01", "valid", 1),
        ("?known=2026-11-01", "not_yet_valid", 0),
    ] {
        let award = shown(query).await.expect(200).json();
        assert_eq!((&award["state"], award["history"].as_array().unwrap().len()), (&json!("suspended"), 2), "{query}");
        let then = &award["then"];
        assert_eq!((&then["state"], then["history"].as_array().unwrap().len()), (&json!(state), lines), "{query}");
    }
}

#[tokio::test]
async fn the_credential_that_was_current_is_named_and_a_corrected_name_never_comes_back() {
    let app = TestApp::new().await;
    let award = app.certify(&ana()).await;
    app.clock.advance(TimeDelta::days(10));
    app.act(&award, "renew", &json!({})).await.expect(200);
    app.clock.advance(TimeDelta::days(10));
    app.act(&award, "reissue", &json!({ "name": "Ana Duarte" })).await.expect(200);
    app.clock.advance(TimeDelta::days(10));
    let page = path(&award["addresses"]["page"]);
    for (at, version) in [("2026-11-25", 1), ("2026-12-05", 2), ("2026-12-15", 3)] {
        let report = app.get(&format!("{page}.json?at={at}")).await.expect(200).json();
        let then = &report["then"];
        assert_eq!((&then["verdict"], &then["version"]), (&json!("valid"), &json!(version)), "{report}");
        assert_eq!((&report["verdict"], &report["credential"]["version"]), (&json!("valid"), &json!(3)), "{report}");
        assert_eq!(report["credential"]["holder"], "Ana Duarte", "{at}");
        let html = app.get_as(&format!("{page}?at={at}"), "text/html").await.expect(200).text();
        assert!(
            html.contains("Ana Duarte") && !html.contains("Ana Lopes") && !report.to_string().contains("Lopes"),
            "{at}"
        );
    }
}
