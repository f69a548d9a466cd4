//! What the stories of administrators share: persons, reports, callers and what the public sees.

use assay::store::Position;
use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

use super::app::{Reply, TestApp};

pub(crate) fn person(name: &str) -> Value {
    json!({ "name": name, "email": format!("{}@partner.example", name.to_lowercase().replace(' ', ".")) })
}

/// By which a person is named in a call.
pub(crate) fn by_mail(person: &Value) -> Value {
    json!({ "email": person["email"] })
}

/// A result of Sales Associate, dated `at`.
pub(crate) fn report(id: &str, person: &Value, requirement: &str, at: &str) -> Value {
    let result =
        json!({ "id": id, "person": person, "certification": "sales-associate", "requirement": requirement, "at": at });
    let exam = requirement == "exam";
    with(result, if exam { json!({ "outcome": "passed", "score": 84 }) } else { json!({ "outcome": "completed" }) })
}

/// The same with more members.
pub(crate) fn with(mut value: Value, more: Value) -> Value {
    for (member, more) in more.as_object().unwrap() {
        value[member] = more.clone();
    }
    value
}

impl TestApp {
    pub(crate) async fn report(&self, result: &Value) -> Value {
        let reply = self.post("/api/v1/results", result).await;
        assert!(reply.status < 300, "{}", reply.text());
        reply.json()
    }

    /// Another caller of the live realm.
    pub(crate) async fn caller(&self, name: &str, scopes: &[&str]) -> String {
        let made = json!({ "name": name, "scopes": scopes, "realm": "live" });
        let made = self.post("/api/v1/api-keys", &made).await.expect(201).json();
        made["secret"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn get_with(&self, key: &str, path: &str) -> Reply {
        self.send(Request::get(path).header("authorization", format!("Bearer {key}")).body(Body::empty()).unwrap())
            .await
    }

    /// With the live key and an `Idempotency-Key`.
    pub(crate) async fn once(&self, key: &str, path: &str, body: &Value) -> Reply {
        let request = Request::post(path)
            .header("authorization", format!("Bearer {}", self.live))
            .header("content-type", "application/json")
            .header("idempotency-key", key);
        self.send(request.body(body.to_string().into()).unwrap()).await
    }

    /// The trail of one person in Sales Associate.
    pub(crate) async fn trail(&self, person: &Value) -> Value {
        let body = with(by_mail(person), json!({ "certification": "sales-associate" }));
        self.post("/api/v1/standings/find", &body).await.expect(200).json()["standings"][0].clone()
    }

    /// Verdict, headline and page of an award, as everybody sees them.
    pub(crate) async fn public(&self, award: &Value) -> (String, String, String) {
        let page = self.local(&award["addresses"]["page"]);
        let report = self.get(&format!("{page}.json")).await.expect(200).json();
        let page = self.get_as(&page, "text/html").await.expect(200).text();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        (text(&report["verdict"]), text(&report["headline"]), page)
    }

    /// The feed: kinds in order, and the whole text.
    pub(crate) async fn feed(&self) -> (Vec<String>, String) {
        let feed = self.app.store.engine().feed(Position::START, 10_000, std::time::Duration::ZERO).await.unwrap();
        let text: Vec<String> = feed.entries.iter().map(|e| String::from_utf8(e.doc.to_vec()).unwrap()).collect();
        let kind = |text: &String| serde_json::from_str::<Value>(text).unwrap()["type"].as_str().unwrap().to_owned();
        (text.iter().map(kind).collect(), text.join("\n"))
    }
}

/// The type of a problem that must have this status.
#[track_caller]
pub(crate) fn refused(reply: Reply, status: u16, kind: &str) -> Value {
    let problem = reply.expect(status).json();
    assert_eq!(problem["type"], format!("urn:assay:problem:{kind}"), "{problem}");
    problem
}
