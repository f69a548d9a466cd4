//! Events pulled: from a cursor on, by type, waiting for what comes.

use axum::body::Body;
use axum::http::Request;
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::app::{Reply, TestApp, ana};

async fn send(service: &TestApp, key: &str, path: &str) -> Reply {
    let request = Request::get(path).header("authorization", format!("Bearer {key}"));
    service.send(request.body(Body::empty()).unwrap()).await
}

async fn events(service: &TestApp, query: &str) -> Value {
    send(service, &service.live, &format!("/api/v1/events{query}")).await.expect(200).json()
}

fn kinds(page: &Value) -> Vec<String> {
    page["data"].as_array().unwrap().iter().map(|event| event["type"].as_str().unwrap().to_owned()).collect()
}

fn person(n: usize) -> Value {
    json!({ "name": format!("Person {n}"), "email": format!("person{n}@partner.example") })
}

#[tokio::test]
async fn everything_is_read_once_and_in_order_whatever_the_steps() {
    let service = TestApp::new().await;
    for n in 0..20 {
        service.certify(&person(n)).await;
        service.clock.advance(TimeDelta::minutes(1));
    }
    let whole = events(&service, "?limit=1000").await;
    assert_eq!(whole["more"], false);
    let all = kinds(&whole);
    assert_eq!(all[..4], ["issuer.created", "signing_key.generated", "program.applied", "api_key.created"]);
    assert_eq!(all.iter().filter(|kind| *kind == "award.issued").count(), 20);
    for limit in [1, 2, 3, 7, 50] {
        let (mut read, mut after) = (Vec::new(), String::new());
        loop {
            let page = events(&service, &format!("?limit={limit}{after}")).await;
            read.extend(page["data"].as_array().unwrap().iter().cloned());
            after = format!("&after={}", page["next_cursor"].as_str().unwrap());
            if page["more"] == false {
                break;
            }
        }
        assert_eq!(json!(read), whole["data"], "by {limit}");
    }
    let page = events(&service, "?limit=1").await;
    assert_eq!(kinds(&page).len(), 3, "what was recorded together comes together");
    assert!(!whole.to_string().contains("partner.example") && !whole.to_string().contains("Person"));
}

#[tokio::test]
async fn types_and_realms_are_kept_apart() {
    let service = TestApp::new().await;
    let award = service.certify(&ana()).await;
    service.act(&award, "suspend", &json!({ "reason": "other" })).await.expect(200);
    service.certify_with(&service.test, &person(1), json!({})).await;
    assert_eq!(kinds(&events(&service, "?type=award.*").await), ["award.issued", "award.suspended"]);
    assert_eq!(
        kinds(&events(&service, "?type=award.suspended,person.created").await),
        ["person.created", "award.suspended"]
    );
    assert_eq!(kinds(&events(&service, "?type=appeal.opened").await), [""; 0]);
    let tests = send(&service, &service.test, "/api/v1/events?type=award.*").await.expect(200).json();
    assert_eq!(kinds(&tests), ["award.issued"]);
    assert_ne!(tests["data"][0]["data"]["award"], award["id"]);

    let event = &events(&service, "?type=award.issued").await["data"][0];
    assert_eq!(event["data"]["award"], award["id"]);
    let path = format!("/api/v1/events/{}", event["id"].as_str().unwrap());
    assert_eq!(send(&service, &service.live, &path).await.expect(200).json(), *event);
    send(&service, &service.test, &path).await.expect(404);
    send(&service, &service.live, "/api/v1/events/00000000000000000000000000").await.expect(404);
    send(&service, &service.live, "/api/v1/events/nonsense").await.expect(404);
}

#[tokio::test]
async fn an_event_is_found_by_its_id_among_many() {
    let service = TestApp::new().await;
    for n in 0..40 {
        service.certify(&person(n)).await;
        service.clock.advance(TimeDelta::hours(5));
    }
    let all = events(&service, "?limit=1000").await;
    for event in all["data"].as_array().unwrap() {
        let path = format!("/api/v1/events/{}", event["id"].as_str().unwrap());
        assert_eq!(send(&service, &service.live, &path).await.expect(200).json(), *event);
    }
}

#[tokio::test]
async fn who_waits_is_answered_when_something_happens() {
    let service = TestApp::new().await;
    let end = events(&service, "?after=now").await;
    assert_eq!((kinds(&end).len(), &end["more"]), (0, &json!(false)));
    let cursor = end["next_cursor"].as_str().unwrap().to_owned();
    let query = format!("?after={cursor}&wait=25&type=award.issued");
    let ana = ana();
    let (waited, award) = tokio::join!(events(&service, &query), service.certify(&ana));
    assert_eq!((kinds(&waited), &waited["data"][0]["data"]["award"]), (vec!["award.issued".to_owned()], &award["id"]));
    // Without waiting there is an answer at once, and the cursor leads on.
    let rest = events(&service, &format!("?after={}", waited["next_cursor"].as_str().unwrap())).await;
    assert_eq!((kinds(&rest).len(), &rest["next_cursor"]), (0, &waited["next_cursor"]));
}

#[tokio::test]
async fn what_is_no_cursor_or_type_is_refused() {
    let service = TestApp::new().await;
    for (query, status, words) in [
        ("?after=nonsense", 400, "This is no cursor of events."),
        ("?after=e00000000000000zz", 400, "This is no cursor of events."),
        ("?type=award", 422, "There is no event of the type \"award\"."),
        ("?limit=-1", 400, "The query cannot be read"),
        ("?wait=soon", 400, "The query cannot be read"),
        ("?colour=red", 400, "The query cannot be read"),
    ] {
        let refused = send(&service, &service.live, &format!("/api/v1/events{query}")).await.expect(status).json();
        assert!(refused["detail"].as_str().unwrap().starts_with(words), "{query}: {refused}");
    }
    assert_eq!(kinds(&events(&service, "?after=effffffffffffffff").await).len(), 0);
    assert_eq!(kinds(&events(&service, "?limit=0").await).len(), 3);
    service.get("/api/v1/events").await.expect(401);
    let key = json!({ "name": "narrow", "realm": "live", "scopes": ["results:write"] });
    let narrow = service.post("/api/v1/api-keys", &key).await.expect(201).json()["secret"].as_str().unwrap().to_owned();
    send(&service, &narrow, "/api/v1/events").await.expect(403);
}
