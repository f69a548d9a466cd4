//! History imported with its original dates: what is over was, and nobody is told.

use std::time::Duration;

use assay::store::Position;
use axum::body::Body;
use axum::http::Request;
use serde_json::Value;

use super::app;
use crate::support::app::TestApp;

const FILE: &str = "id,name,email,certification,requirement,outcome,score,at\n\
    1,Ana Lopes,ana@partner.example,sales-associate,sales-101,completed,,2024-03-01\n\
    2,Ana Lopes,ana@partner.example,sales-associate,exam,passed,88,2024-03-02T10:00:00Z\n\
    3,Bea Ruiz,bea@partner.example,sales-associate,sales-101,completed,,2026-10-01\n\
    4,Bea Ruiz,bea@partner.example,sales-associate,exam,passed,75,2026-10-02T10:00:00Z\n";

async fn import(app: &TestApp, query: &str) -> Vec<Value> {
    let request =
        Request::post(format!("/api/v1/imports{query}")).header("authorization", format!("Bearer {}", app.live));
    let request = request.header("content-type", "text/csv").header("accept", "application/x-ndjson");
    let answer = app.send(request.body(Body::from(FILE)).unwrap()).await.expect(200).text();
    answer.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

async fn told(app: &TestApp) -> Vec<String> {
    let feed = app.app.store.engine().feed(Position(0), 1_000, Duration::ZERO).await.unwrap();
    let events = feed.entries.iter().map(|entry| serde_json::from_slice::<Value>(&entry.doc).unwrap());
    events.map(|event| event["type"].as_str().unwrap().to_owned()).filter(|kind| kind.starts_with("award.")).collect()
}

#[tokio::test]
async fn an_award_that_is_over_is_made_as_it_was() {
    let app = app().await;
    let lines = import(&app, "?history=true").await;
    assert_eq!((&lines[2]["decision"], &lines[4]["decision"]), (&"awarded".into(), &"awarded".into()), "{lines:?}");
    assert_eq!(told(&app).await, ["award.imported", "award.imported"]);
    let page = |line: &Value| line["address"].as_str().unwrap().replace("https://badges.northwind.example", "");
    let over = app.get_as(&page(&lines[2]), "application/json").await.expect(200).json();
    assert_eq!(over["verdict"], "expired", "{over}");
    let held = app.get_as(&page(&lines[4]), "application/json").await.expect(200).json();
    assert_eq!(held["verdict"], "valid", "{held}");
    let number = page(&lines[2]).replace("/v/", "");
    let credential = app.get(&format!("/credentials/{number}")).await.expect(200).json();
    assert_eq!(credential["validFrom"], "2024-03-02T10:00:00Z");
}

#[tokio::test]
async fn without_history_what_is_over_is_withheld() {
    let app = app().await;
    let lines = import(&app, "").await;
    assert_eq!((&lines[2]["decision"], &lines[4]["decision"]), (&"withheld".into(), &"awarded".into()));
    assert_eq!(told(&app).await, ["award.issued"]);
}
