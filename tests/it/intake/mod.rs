//! Every way a result comes in: lists and streams, files, statements, events, signed deliveries; and what each refuses.

mod canvas;
mod csv;
mod field;
mod history;
mod import;
mod inbound;
mod moodle;
mod results;
mod unsaid;
mod xapi;

use axum::body::Body;
use axum::http::Request;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::support::app::{PROGRAM, Reply, TestApp};

/// The starter program with the maps of these stories.
fn program() -> String {
    let map = |source: &str, object: &str, verb: &str, requirement: &str| {
        format!("\n[[map]]\nsource = {source:?}\nobject = {object:?}\nverb = {verb:?}\nrequirement = {requirement:?}\n")
    };
    [
        PROGRAM.to_owned(),
        map("learning", "https://learn.northwind.example/exams/sales-associate", "completed", "sales-associate/exam"),
        map("learning", "https://lms.example/exam/42", "http://adlnet.gov/expapi/verbs/passed", "sales-associate/exam"),
        map("learning", "https://lms.example/exam/42", "failed", "sales-associate/exam"),
        map("learning", "https://lms.example/exam/42", "completed", "sales-associate/exam"),
        map("learning", "https://lms.example/exam/42", "waived", "sales-associate/exam"),
        map("learning", "https://lms.example/exam/42", "scored", "sales-associate/exam"),
        map("learning", "https://moodle.example/mod/quiz/view.php?id=7", "completed", "sales-associate/exam"),
        map("learning", "https://lms.example/both", "passed", "sales-associate/exam"),
        map("learning", "https://lms.example/both", "passed", "technical-associate/exam"),
        map("canvas", "assignment/501", "grade_change", "sales-associate/exam"),
        map("canvas", "course/77", "course_completed", "sales-associate/sales-101"),
        map("moodle", "course/2", "course_completed", "sales-associate/sales-101"),
        map("moodle", "module/17", "course_module_completion_updated", "sales-associate/exam"),
        map("moodle", "module/17", "attempt_submitted", "sales-associate/exam"),
    ]
    .concat()
}

async fn app() -> TestApp {
    TestApp::with_program(&program()).await
}

/// As a learning platform calls: Basic, with the feed as user.
fn basic(app: &TestApp, feed: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{feed}:{}", app.live)))
}

/// Somebody whom the platform's later messages name by a number only.
async fn known(app: &TestApp, system: &str, id: &str) {
    let result = json!({
        "id": format!("{system} {id}"), "certification": "sales-associate", "requirement": "sales-101",
        "outcome": "completed", "at": "2026-11-01T10:00:00Z",
        "person": { "name": "Ana Lopes", "email": "ana@partner.example", "external": [{ "system": system, "id": id }] },
    });
    app.post("/api/v1/results", &result).await.expect(200);
}

async fn send_event(app: &TestApp, source: &str, event: &Value) -> Reply {
    let request = Request::post(format!("/feeds/{source}")).header("authorization", basic(app, source));
    app.send(request.header("content-type", "application/json").body(Body::from(event.to_string())).unwrap()).await
}

async fn reviews(app: &TestApp) -> Vec<Value> {
    let request = Request::get("/api/v1/reviews").header("authorization", format!("Bearer {}", app.live));
    let list = app.send(request.body(Body::empty()).unwrap()).await.expect(200).json();
    list["data"].as_array().unwrap().clone()
}
