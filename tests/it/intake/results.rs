//! Many results in one request: lists and streams, each result a whole of its own.

use std::fmt::Write as _;

use axum::body::Body;
use axum::http::Request;
use bytes::Bytes;
use serde_json::{Value, json};

use super::app;
use crate::support::app::{Reply, TestApp};

fn result(id: &str, person: &str, requirement: &str) -> Value {
    let (outcome, at) =
        if requirement == "exam" { ("passed", "2026-11-03T10:00:00Z") } else { ("completed", "2026-11-02T10:00:00Z") };
    json!({
        "id": id, "certification": "sales-associate", "requirement": requirement, "outcome": outcome, "at": at,
        "score": if requirement == "exam" { json!(84) } else { Value::Null },
        "person": { "name": person, "email": format!("{person}@partner.example") },
    })
}

async fn stream(app: &TestApp, body: Body) -> Reply {
    let request = Request::post("/api/v1/results").header("authorization", format!("Bearer {}", app.live));
    app.send(request.header("content-type", "application/x-ndjson").body(body).unwrap()).await
}

fn lines(reply: &Reply) -> Vec<Value> {
    reply.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Line, id, status, and decision or problem.
fn short(answers: &[Value]) -> Vec<String> {
    let word = |a: &Value| {
        let kind = a["problem"]["type"].as_str().and_then(|kind| kind.rsplit(':').next());
        a["decision"].as_str().or(kind).unwrap_or_default().to_owned()
    };
    answers.iter().map(|a| format!("{} {} {} {}", a["line"], a["result"], a["status"], word(a))).collect()
}

#[tokio::test]
async fn a_list_is_answered_in_its_order_and_a_bad_one_holds_back_no_other() {
    let app = app().await;
    let mut unknown = result("4", "cleo", "exam");
    unknown["certification"] = "sales".into();
    let list = json!([
        result("1", "ana", "sales-101"), result("2", "ana", "exam"), result("3", "ben", "exam"), unknown,
        { "id": "5" }, result("1", "ana", "sales-101"), result("1", "ana", "exam"),
    ]);
    let expected = [
        "1 \"1\" 200 withheld",
        "2 \"2\" 201 awarded",
        "3 \"3\" 200 withheld",
        "4 \"4\" 422 unknown-certification",
        "5 null 400 malformed-request",
        "6 \"1\" 200 withheld",
        "7 \"1\" 409 result-conflict",
    ];
    let answer = app.post("/api/v1/results", &list).await.expect(200).json();
    assert_eq!(short(answer["data"].as_array().unwrap()), expected);
    assert_eq!(answer["data"][5]["replayed"], true);
    let again = app.post("/api/v1/results", &list).await.expect(200).json();
    assert_eq!(short(again["data"].as_array().unwrap()), expected, "the same again changes nothing");
}

#[tokio::test]
async fn a_list_has_bounds() {
    let app = app().await;
    let list: Vec<Value> = (0..1_001).map(|n| json!(n)).collect();
    let refused = app.post("/api/v1/results", &json!(list)).await.expect(413).json();
    assert_eq!(refused["detail"], "A list has at most 1000 results; this one has 1001.");
    let large = json!([{ "id": "x".repeat(1024 * 1024) }]);
    app.post("/api/v1/results", &large).await.expect(413);
    let refused = app.post("/api/v1/results", &json!([])).await.expect(400).json();
    assert_eq!(refused["detail"], "The list is empty.");
}

#[tokio::test]
async fn a_stream_is_answered_line_by_line() {
    let app = app().await;
    let mut text = String::new();
    for n in 0..150 {
        writeln!(text, "{}", result(&format!("t{n}"), &format!("p{n}"), "sales-101")).unwrap();
    }
    for n in 0..150 {
        write!(text, "{}\r\n\n", result(&format!("e{n}"), &format!("p{n}"), "exam")).unwrap();
    }
    text += "no json\n";
    writeln!(text, "{{\"id\":\"{}\"}}", "x".repeat(70_000)).unwrap();
    text += &result("last", "zoe", "sales-101").to_string();
    let pieces: Vec<_> =
        text.as_bytes().chunks(1_000).map(|piece| Ok::<_, std::io::Error>(Bytes::copy_from_slice(piece))).collect();
    let reply = stream(&app, Body::from_stream(futures_util::stream::iter(pieces))).await.expect(200);
    assert_eq!(reply.header("content-type"), "application/x-ndjson");
    let answers = short(&lines(&reply));
    assert_eq!(answers.len(), 303);
    assert_eq!(answers[0], "1 \"t0\" 200 withheld");
    assert_eq!(answers[150], "151 \"e0\" 201 awarded");
    assert_eq!(answers[299], "449 \"e149\" 201 awarded");
    assert_eq!(
        answers[300..],
        ["451 null 400 malformed-request", "452 null 413 payload-too-large", "453 \"last\" 200 withheld"]
    );
    let again = stream(&app, Body::from(text)).await.expect(200);
    assert_eq!(short(&lines(&again)), answers, "the same again changes nothing");
}

#[tokio::test]
async fn a_stream_that_breaks_off_keeps_what_was_answered() {
    let app = app().await;
    let first = format!("{}\n", result("1", "ana", "sales-101"));
    let pieces = [Ok(Bytes::from(first)), Err(std::io::Error::other("the line went dead"))];
    let reply = stream(&app, Body::from_stream(futures_util::stream::iter(pieces))).await.expect(200);
    let answers = lines(&reply);
    assert_eq!(short(&answers), ["1 \"1\" 200 withheld", "null null 400 malformed-request"]);
    assert_eq!(answers[1]["problem"]["detail"], "The body broke off.");
}
