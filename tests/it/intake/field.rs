//! Inputs from the field (`../shared/field`, read in place): what must come of each.

use std::fs;

use axum::body::Body;
use axum::http::Request;
use serde_json::Value;

use super::{basic, reviews};
use crate::support::app::{PROGRAM, Reply, TestApp};
use crate::support::shared;

/// The starter program with the maps that the inputs are made for.
async fn app() -> TestApp {
    let exam = "https://learn.northwind.example/exams/sales-associate";
    let maps = [
        ("learning", exam, "passed", "exam"),
        ("learning", exam, "completed", "exam"),
        ("learning", exam, "failed", "exam"),
        ("learning", exam, "answered", "exam"),
        ("canvas", "assignment/55", "grade_change", "exam"),
        ("moodle", "course/17", "course_completed", "sales-101"),
        ("moodle", "module/88", "course_module_completion_updated", "exam"),
    ];
    let maps = maps.map(|(source, object, verb, requirement)| {
        let requirement = format!("sales-associate/{requirement}");
        format!("\n[[map]]\nsource = {source:?}\nobject = {object:?}\nverb = {verb:?}\nrequirement = {requirement:?}\n")
    });
    TestApp::with_program(&format!("{PROGRAM}{}", maps.concat())).await
}

/// The text of an input; `None` where the inputs are not at hand.
fn input(name: &str) -> Option<String> {
    let path = shared()?.join("field").join(name);
    Some(fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

async fn import(app: &TestApp, query: &str, accept: &str, file: String) -> Reply {
    let request = Request::post(format!("/api/v1/imports{query}")).header("accept", accept);
    let request = request.header("content-type", "text/csv").header("authorization", format!("Bearer {}", app.live));
    app.send(request.body(Body::from(file)).unwrap()).await
}

async fn statement(app: &TestApp, body: String) -> Reply {
    let request = Request::post("/xapi/statements").header("authorization", basic(app, "learning"));
    let request = request.header("content-type", "application/json").header("x-experience-api-version", "1.0.3");
    app.send(request.body(Body::from(body)).unwrap()).await
}

async fn trail_of(app: &TestApp, email: &str) -> Value {
    let found = app.post("/api/v1/standings/find", &serde_json::json!({ "email": email })).await.expect(200).json();
    found["standings"][0].clone()
}

#[tokio::test]
async fn whoever_scores_exactly_the_mark_is_awarded_and_nobody_reads_fourteen_digits() {
    let Some(file) = input("c29-exactly-70.csv") else { return };
    let app = app().await;
    let done = import(&app, "", "*/*", file).await.expect(200);
    assert_eq!(done.json()["counts"], serde_json::json!({ "awarded": 6, "withheld": 6 }), "{}", done.text());
    for n in 0..6 {
        let trail = trail_of(&app, &format!("edge{n}@partner.example")).await;
        let exam = trail["results"].as_array().unwrap().iter().find(|result| result["requirement"] == "exam").unwrap();
        assert_eq!((&exam["percent"], &exam["code"]), (&70.into(), &"counts".into()), "{exam}");
        let points = exam["score"].as_f64().unwrap() * 100.0 / exam["max"].as_f64().unwrap();
        assert!((points - 70.0).abs() < 1e-9, "as reported: {exam}");
        assert!(!trail.to_string().contains("69.99"), "{trail}");
    }
}

#[tokio::test]
async fn a_statement_of_php_says_eighty_four_percent() {
    let Some(body) = input("x21-php-float.json") else { return };
    let app = app().await;
    statement(&app, body).await.expect(200);
    let trail = trail_of(&app, "pia@partner.example").await;
    assert_eq!(trail["results"][0]["percent"], 84, "{trail}");
}

/// What is refused, and where.
#[tokio::test]
async fn scores_have_one_meaning_or_none() {
    for (name, accepted, refused) in [("c13-score-forms.csv", 3, 4), ("c19-outcomes.csv", 6, 5)] {
        let Some(file) = input(name) else { return };
        let app = app().await;
        let done = import(&app, "?partial=true", "application/x-ndjson", file).await.expect(200).text();
        let lines: Vec<Value> = done.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let counted = |decision: &str| lines.iter().filter(|line| line["decision"] == decision).count();
        assert_eq!((counted("withheld"), counted("refused")), (accepted, refused), "{name}: {done}");
    }
}

/// By file: the answer, how many reviews are opened, and how many results are recorded; none of them is an award.
#[tokio::test]
async fn a_statement_without_a_sound_score_is_refused_or_waits_for_somebody() {
    for (name, status, opened, recorded) in [
        ("x01-passed-raw-no-max.json", 200, 1, 1),
        ("x02-zeros.json", 400, 0, 0),
        ("x03-moodle-271.json", 200, 0, 1),
        ("x04-passed-success-false.json", 200, 1, 0),
        ("x15-scaled-84.json", 400, 0, 0),
        ("x16-nulls.json", 200, 1, 0),
    ] {
        let Some(body) = input(name) else { return };
        let app = app().await;
        let training = serde_json::json!({
            "id": "training", "person": { "name": "Pia Novak", "email": "pia@partner.example" }, "outcome": "completed",
            "certification": "sales-associate", "requirement": "sales-101", "at": "2026-11-01T09:00:00Z",
        });
        app.post("/api/v1/results", &training).await.expect(200);
        let answer = statement(&app, body).await;
        assert_eq!(answer.status, status, "{name}: {}", answer.text());
        assert_eq!(reviews(&app).await.len(), opened, "{name}");
        let trail = trail_of(&app, "pia@partner.example").await;
        assert_eq!(trail["results"].as_array().unwrap().len(), 1 + recorded, "{name}: {trail}");
        assert!(trail["award"].is_null() && !trail.to_string().contains("NaN"), "{name}: {trail}");
    }
}
