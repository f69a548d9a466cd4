//! Filters, realms, formats, tests, replays and the log.

use axum::http::Method;
use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{WEBHOOKS, act, address, get, hook, log, person, send, service, work};
use crate::support::app::BASE;
use crate::support::receiver::{Receiver, Seen};

#[tokio::test]
async fn each_is_told_what_it_asked_for() {
    let (some, all, none) = (Receiver::start().await, Receiver::start().await, Receiver::start().await);
    let service = service(&[&some, &all, &none]).await;
    hook(&service, &some, &["award.issued", "person.*"]).await;
    hook(&service, &all, &["*"]).await;
    hook(&service, &none, &["appeal.opened"]).await;
    let award = service.certify(&person(1)).await;
    service.act(&award, "suspend", &json!({ "reason": "other" })).await.expect(200);
    work(&service.app).await;
    assert_eq!(some.told(), ["person.created", "award.issued"]);
    assert_eq!(all.told().len(), 6, "with the making of the webhook after it");
    assert!(none.seen().is_empty());
    assert!(!work(&service.app).await);
}

#[tokio::test]
async fn a_test_key_hears_of_tests_only() {
    let (live, test) = (Receiver::start().await, Receiver::start().await);
    let service = service(&[&live, &test]).await;
    hook(&service, &live, &["award.*"]).await;
    let new = json!({ "url": test.url(), "types": ["award.*"] }).to_string();
    let made = service.post_with(&service.test, WEBHOOKS, new).await.expect(201).json();
    assert_eq!(made["realm"], "test");
    service.certify(&person(1)).await;
    work(&service.app).await;
    assert_eq!((live.told().len(), test.told().len()), (1, 0));
    service.certify_with(&service.test, &person(2), json!({})).await;
    work(&service.app).await;
    assert_eq!((live.told().len(), test.told().len()), (0, 1));
    assert_eq!(get(&service, WEBHOOKS).await["data"].as_array().unwrap().len(), 1);
    send(&service, Method::GET, &address(&made, "")).await.expect(404);
}

#[tokio::test]
async fn a_test_reaches_one_webhook_once_and_whatever_its_filter() {
    let (one, other) = (Receiver::start().await, Receiver::start().await);
    let service = service(&[&one, &other]).await;
    let tested = hook(&service, &one, &["award.*"]).await;
    hook(&service, &other, &["*"]).await;
    work(&service.app).await;
    other.take();
    one.answers(&[500]);
    let asked = act(&service, &tested, "test").await.expect(202).json();
    work(&service.app).await;
    super::later(&service, TimeDelta::days(5)).await;
    let told = one.take();
    assert_eq!((told.len(), told[0].kind().as_str(), other.seen().len()), (1, "webhook.test", 0));
    assert_eq!(json!(told[0].header("webhook-id")), asked["event"]);
    assert_eq!(told[0].json()["data"], json!({ "webhook": tested["id"] }));
    assert_eq!(log(&service, &tested).await, [("webhook.test".to_owned(), 1, 500)]);
}

#[tokio::test]
async fn cloud_events_say_the_same_in_their_own_form() {
    let crm = Receiver::start().await;
    let service = service(&[&crm]).await;
    let new = json!({ "url": crm.url(), "types": ["award.issued"], "format": "cloudevents" });
    service.post(WEBHOOKS, &new).await.expect(201);
    let award = service.certify(&person(1)).await;
    work(&service.app).await;
    let message = crm.take().remove(0);
    assert_eq!(message.header("content-type"), "application/cloudevents+json");
    let mut body = message.json();
    let data = body.as_object_mut().unwrap().remove("data").unwrap();
    assert_eq!(
        body,
        json!({
            "specversion": "1.0", "id": message.header("webhook-id"), "source": BASE, "type": "award.issued",
            "time": "2026-11-20T10:00:00Z", "datacontenttype": "application/json", "subject": award["id"],
        })
    );
    assert_eq!(data["award"], award["id"]);
    assert!(message.header("webhook-signature").starts_with("v1,"));
}

#[tokio::test]
async fn one_event_is_told_again_on_request() {
    let crm = Receiver::start().await;
    let service = service(&[&crm]).await;
    let crm_hook = hook(&service, &crm, &["award.*"]).await;
    service.certify(&person(1)).await;
    work(&service.app).await;
    let first = crm.take().remove(0);
    service.clock.advance(TimeDelta::days(20));
    let replay = address(&crm_hook, "/replay");
    service.post(&replay, &json!({ "event": first.header("webhook-id") })).await.expect(202);
    // Of a type it is not told otherwise, and from before it was made.
    let created = get(&service, "/api/v1/events?type=program.applied").await["data"][0]["id"].clone();
    service.post(&replay, &json!({ "event": created })).await.expect(202);
    work(&service.app).await;
    let mut told = crm.take();
    told.sort_by_key(Seen::kind);
    assert_eq!((told[0].header("webhook-id"), &told[0].body), (first.header("webhook-id"), &first.body));
    assert_eq!((told.len(), told[1].kind().as_str()), (2, "program.applied"));
    let unknown = service.post(&replay, &json!({ "event": "00000000000000000000000000" })).await.expect(404).json();
    assert_eq!(unknown["detail"], "There is no event \"00000000000000000000000000\".");
    service.post(&replay, &json!({ "event": "nonsense" })).await.expect(404);
}

#[tokio::test]
async fn a_time_is_told_again_on_request() {
    let crm = Receiver::start().await;
    let service = service(&[&crm]).await;
    let crm_hook = hook(&service, &crm, &["award.issued"]).await;
    for n in 0..60 {
        service.certify(&person(n)).await;
        service.clock.advance(TimeDelta::hours(1));
    }
    work(&service.app).await;
    let first: Vec<String> = crm.take().iter().map(|message| message.header("webhook-id").to_owned()).collect();
    assert_eq!(first.len(), 60);
    let replay = address(&crm_hook, "/replay");
    let range = json!({ "from": "2026-11-20T20:00:00Z", "until": "2026-11-22T12:00:00Z" });
    service.post(&replay, &range).await.expect(202);
    let running = service.post(&replay, &range).await.expect(409).json();
    assert_eq!(running["detail"], "Events are being replayed to this webhook already.");
    work(&service.app).await;
    let again: Vec<String> = crm.take().iter().map(|message| message.header("webhook-id").to_owned()).collect();
    assert_eq!(again, first[10..50], "those recorded in that time, in order");
    assert!(!work(&service.app).await);
    service.post(&replay, &json!({ "from": "2026-11-22T20:00:00Z" })).await.expect(202);
    work(&service.app).await;
    assert_eq!(crm.take().len(), 2, "until now");
    for refused in [
        json!({}),
        json!({ "event": first[0], "from": "2026-11-20T20:00:00Z" }),
        json!({ "until": "2026-11-20T20:00:00Z" }),
        json!({ "from": "2026-11-20T20:00:00Z", "until": "2026-11-20T20:00:00Z" }),
    ] {
        service.post(&replay, &refused).await.expect(422);
    }
    service.post(&replay, &json!({ "from": "yesterday" })).await.expect(400);
}

#[tokio::test]
async fn the_log_tells_every_attempt_for_thirty_days() {
    let crm = Receiver::start().await;
    let service = service(&[&crm]).await;
    let hook = hook(&service, &crm, &["award.issued"]).await;
    crm.answers_with(500, &[], format!("<b>\u{1b}[31m{}</b>", "x".repeat(5_000)));
    for n in 0..5 {
        service.certify(&person(n)).await;
        service.clock.advance(TimeDelta::minutes(1));
    }
    work(&service.app).await;
    super::later(&service, TimeDelta::minutes(1)).await;
    let failed = get(&service, &address(&hook, "/deliveries?status=failed")).await["data"].clone();
    assert_eq!(failed.as_array().unwrap().len(), 1);
    let first = &failed[0];
    assert_eq!((&first["attempt"], &first["status"], &first["millis"]), (&json!(1), &json!(500), &json!(0)));
    let answer = first["answer"].as_str().unwrap();
    assert!(answer.starts_with("<b> [31mxxx") && answer.len() == 1_000, "{answer}");

    let (mut seen, mut path): (Vec<Value>, String) = (Vec::new(), "/deliveries?limit=2".to_owned());
    loop {
        let page = get(&service, &address(&hook, &path)).await;
        seen.extend(page["data"].as_array().unwrap().iter().cloned());
        assert!(page["data"].as_array().unwrap().len() <= 2);
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("/deliveries?limit=2&cursor={cursor}");
    }
    assert_eq!(seen.len(), 6);
    assert!(seen.is_sorted_by(|a, b| a["at"].as_str() >= b["at"].as_str()), "newest first");
    let all = get(&service, &address(&hook, "/deliveries?limit=200")).await["data"].clone();
    assert_eq!(json!(seen), all);
    send(&service, Method::GET, &address(&hook, "/deliveries?cursor=nonsense")).await.expect(400);
    send(&service, Method::GET, &address(&hook, "/deliveries?status=late")).await.expect(400);

    super::later(&service, TimeDelta::days(29)).await;
    assert_eq!(log(&service, &hook).await.len(), 6);
    super::later(&service, TimeDelta::days(2)).await;
    assert!(log(&service, &hook).await.is_empty());
}
