//! Webhooks made, listed, disabled and removed; and what is refused.

use axum::http::Method;
use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{WEBHOOKS, act, address, get, hook, person, send, service, work};
use crate::support::app::TestApp;
use crate::support::receiver::Receiver;

#[tokio::test]
async fn a_secret_is_shown_once() {
    let crm = Receiver::start().await;
    let service = service(&[&crm]).await;
    let made = hook(&service, &crm, &["award.*"]).await;
    let (secret, public) = (made["secret"].as_str().unwrap(), made["public_key"].as_str().unwrap());
    // 32 bytes in base64.
    assert!(secret.starts_with("whsec_") && secret.len() == 6 + 44, "{secret}");
    assert!(public.starts_with("whpk_") && public.len() == 5 + 44, "{public}");
    let other = hook(&service, &crm, &[]).await;
    assert!(secret != other["secret"] && public != other["public_key"], "each has its own");

    let listed = get(&service, WEBHOOKS).await["data"].clone();
    let mut shown = made.clone();
    shown.as_object_mut().unwrap().remove("secret");
    assert_eq!((listed[0].clone(), listed.as_array().unwrap().len()), (shown.clone(), 2));
    assert_eq!(get(&service, &address(&made, "")).await, shown);
    assert_eq!(
        shown.as_object().unwrap().keys().collect::<Vec<_>>(),
        ["id", "url", "types", "format", "realm", "created_at", "public_key"]
    );
}

#[tokio::test]
async fn who_is_disabled_by_hand_hears_nothing_until_it_is_enabled() {
    let crm = Receiver::start().await;
    let service = service(&[&crm]).await;
    let made = hook(&service, &crm, &["award.*"]).await;
    for _ in 0..2 {
        let disabled = act(&service, &made, "disable").await.expect(200).json()["webhook"]["disabled"].clone();
        assert_eq!(disabled, json!({ "at": "2026-11-20T10:00:00Z", "reason": "by-hand" }));
    }
    service.certify(&person(1)).await;
    assert!(!work(&service.app).await);
    let enabled = act(&service, &made, "enable").await.expect(200).json();
    assert!(enabled["webhook"]["disabled"].is_null());
    act(&service, &made, "enable").await.expect(200);
    assert!(!work(&service.app).await);
    service.certify(&person(2)).await;
    work(&service.app).await;
    assert_eq!(crm.take().len(), 1);
    let events = get(&service, "/api/v1/events?type=webhook.*").await["data"].clone();
    let kinds: Vec<&str> = events.as_array().unwrap().iter().map(|event| event["type"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["webhook.created", "webhook.disabled"], "a repeat says nothing");
}

#[tokio::test]
async fn what_is_removed_leaves_nothing_behind() {
    let crm = Receiver::start().await;
    let service = service(&[&crm]).await;
    let made = hook(&service, &crm, &["award.*"]).await;
    crm.answers(&[500]);
    service.certify(&person(1)).await;
    service.certify(&person(2)).await;
    work(&service.app).await;
    send(&service, Method::DELETE, &address(&made, "")).await.expect(204);
    for (method, path) in
        [(Method::GET, ""), (Method::DELETE, ""), (Method::GET, "/deliveries"), (Method::POST, "/test")]
    {
        send(&service, method, &address(&made, path)).await.expect(404);
    }
    crm.take();
    super::later(&service, TimeDelta::days(1)).await;
    assert!(crm.take().is_empty());
    let (all, page) = (assay::store::KeyRange::all(), assay::store::Page::first(10_000));
    let rows = service.app.store.engine().scan(&all, page);
    let id = made["id"].as_str().unwrap();
    let left = rows.await.unwrap().rows.into_iter().map(|(key, _)| key.parts().join("/"));
    let left: Vec<String> = left.filter(|key| key.contains(id)).collect();
    assert!(left.is_empty(), "{left:?}");
}

#[tokio::test]
async fn there_is_a_bound_on_their_number() {
    let crm = Receiver::start().await;
    let service = service(&[&crm]).await;
    let first = hook(&service, &crm, &[]).await;
    for _ in 1..100 {
        hook(&service, &crm, &["award.issued"]).await;
    }
    let new = json!({ "url": crm.url() });
    let refused = service.post(WEBHOOKS, &new).await.expect(409).json();
    assert_eq!(refused["detail"], "There are 100 webhooks already.");
    send(&service, Method::DELETE, &address(&first, "")).await.expect(204);
    service.post(WEBHOOKS, &new).await.expect(201);
    // All of them are told, however few at a time.
    service.certify(&person(1)).await;
    work(&service.app).await;
    let issued = crm.told().iter().filter(|kind| *kind == "award.issued").count();
    assert_eq!(issued, 100);
}

#[tokio::test]
async fn what_cannot_be_is_refused_and_told_why() {
    let service = TestApp::new().await;
    let good = "https://crm.example/hook";
    let table: [(Value, u16, &str); 17] = [
        (
            json!({ "url": "http://crm.example/hook" }),
            422,
            "This address cannot be told anything: crm.example must be asked over https.",
        ),
        (
            json!({ "url": "https://crm.example:8443/hook" }),
            422,
            "This address cannot be told anything: crm.example must be asked at port 443, not 8443.",
        ),
        (
            json!({ "url": "https://127.0.0.1/hook" }),
            422,
            "This address cannot be told anything: 127.0.0.1 is not at a public address.",
        ),
        (
            json!({ "url": "https://[::ffff:10.0.0.1]/" }),
            422,
            "This address cannot be told anything: [::ffff:a00:1] is not at a public address.",
        ),
        (
            json!({ "url": "https://169.254.169.254/latest" }),
            422,
            "This address cannot be told anything: 169.254.169.254 is not at a public address.",
        ),
        (json!({ "url": "https://user:secret@crm.example/" }), 422, "is no address of the web"),
        (json!({ "url": "mailto:crm@example.org" }), 422, "is no address of the web"),
        (json!({ "url": "" }), 422, "is no address of the web"),
        (json!({ "url": "https://crm.example/\r\nhook" }), 422, "is no address of the web"),
        (json!({ "url": "https://crm.exa\nmple/" }), 422, "is no address of the web"),
        (json!({ "url": "https://crm.example/\thook" }), 422, "is no address of the web"),
        (json!({ "url": good, "types": ["award.issue"] }), 422, "There is no event of the type \"award.issue\"."),
        (json!({ "url": good, "types": ["award*"] }), 422, "There is no event of the type \"award*\"."),
        (json!({ "url": good, "types": vec!["*"; 33] }), 422, "A filter has at most 32 types."),
        (json!({ "url": good, "format": "xml" }), 400, "unknown variant `xml`"),
        (json!({ "url": good, "secret": "whsec_mine" }), 400, "unknown field `secret`"),
        (json!({}), 400, "missing field `url`"),
    ];
    for (new, status, words) in table {
        let refused = service.post(WEBHOOKS, &new).await.expect(status).json();
        assert!(refused["detail"].as_str().unwrap().contains(words), "{new}: {refused}");
        assert!(status != 422 || refused["hint"].is_string(), "{new} is told what to do: {refused}");
    }
    assert_eq!(get(&service, WEBHOOKS).await["data"], json!([]));
    service.post(WEBHOOKS, &json!({ "url": good, "types": vec!["*"; 32] })).await.expect(201);
    let id = get(&service, WEBHOOKS).await["data"][0].clone();
    act(&service, &id, "explode").await.expect(404);
    send(&service, Method::GET, &format!("{WEBHOOKS}/nonsense")).await.expect(404);
    let (admin, narrow) = ("admin", "reports:read");
    let key = json!({ "name": "narrow", "realm": "live", "scopes": [narrow] });
    let narrow = service.post("/api/v1/api-keys", &key).await.expect(201).json()["secret"].as_str().unwrap().to_owned();
    let refused = service.post_with(&narrow, WEBHOOKS, json!({ "url": good }).to_string()).await.expect(403).json();
    assert_eq!(refused["detail"], format!("This key lacks the scope {admin}."));
}
