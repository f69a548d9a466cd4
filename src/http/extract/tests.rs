//! What each extractor reads and refuses, through a router.

use axum::Router;
use axum::body::Body;
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::Value;
use tower::ServiceExt as _;

use super::*;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Person {
    name: String,
    #[serde(default)]
    marks: Vec<Mark>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Mark {
    score: f64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Page {
    limit: u8,
}

fn router() -> Router {
    Router::new()
        .route(
            "/json",
            post(|Json(p): Json<Person>| async move {
                Json(format!("{} {}", p.name, p.marks.iter().map(|m| m.score).fold(0.0, f64::max)))
            }),
        )
        .route("/query", get(|Query(page): Query<Page>| async move { Json(page.limit) }))
        .route("/path/{n}", get(|Path(n): Path<u8>| async move { Json(n) }))
        .route("/form", post(|fields: Fields| async move { Json(fields.text("text").map(str::to_owned)) }))
        .route("/raw", post(|raw: Raw| async move { Json(raw.bytes.len()) }))
}

async fn ask(request: Request) -> (u16, Value) {
    let response = router().oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, serde_json::from_slice(&body).unwrap())
}

fn posted(path: &str, kind: &str, body: impl Into<Body>) -> Request {
    Request::post(path).header("content-type", kind).body(body.into()).unwrap()
}

/// `expected`: the status, then what the answer contains.
#[track_caller]
fn check(request: Request, expected: (u16, &str)) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let (status, body) = runtime.block_on(ask(request));
    assert_eq!(status, expected.0, "{body}");
    assert!(body.to_string().contains(expected.1), "{body} lacks {}", expected.1);
}

#[test]
fn a_json_body_is_read_strictly_and_the_field_at_fault_is_named() {
    let json = |body: &'static str| posted("/json", "application/json", body);
    check(json(r#"{"name":"Ana","marks":[{"score":1}]}"#), (200, "Ana 1"));
    check(posted("/json", "application/vc+json; charset=utf-8", r#"{"name":"Ana"}"#), (200, "Ana 0"));
    check(json(r#"{"name":"Ana","marks":[{"score":"1"}]}"#), (400, "/marks/0/score"));
    check(json(r#"{"name":"Ana","marks":[{"score":1},{"scoer":1}]}"#), (400, "/marks/1/scoer"));
    check(json(r#"{"name":"Ana","nam":1}"#), (400, "unknown field `nam`"));
    check(json(r#"{"name":"Ana","name":"Eve"}"#), (400, "duplicate field `name`"));
    check(json(r#"{"marks":[]}"#), (400, "missing field `name`"));
    check(json(r#"{"name":"Ana","marks":[{"score":NaN}]}"#), (400, "malformed-request"));
    check(json(r#"{"name":"Ana"} {}"#), (400, "goes on after its end"));
    check(json(""), (400, "malformed-request"));
    check(json("\u{feff}{}"), (400, "malformed-request"));
    check(posted("/json", "application/json", "[".repeat(100_000)), (400, "malformed-request"));
}

#[test]
fn what_is_too_large_or_of_another_kind_is_refused() {
    let large = format!(r#"{{"name":"{}"}}"#, "a".repeat(JSON_LIMIT));
    check(posted("/json", "application/json", large), (413, "payload-too-large"));
    let fits = format!(r#"{{"name":"{}"}}"#, "a".repeat(JSON_LIMIT - 11));
    check(posted("/json", "application/json", fits), (200, "aaaa"));
    let values = format!(r#"{{"name":"[{{,,","marks":[{}]}}"#, ",".repeat(MOST_VALUES));
    check(posted("/json", "application/json", values), (413, "more than 200000 values"));
    check(posted("/json", "application/json", format!(r#"{{"name":"\"{}"}}"#, ",".repeat(MOST_VALUES))), (200, ",,,"));
    check(posted("/json", "text/plain", "{}"), (415, "unsupported-media-type"));
    check(Request::post("/json").body(Body::empty()).unwrap(), (415, "unsupported-media-type"));
    check(posted("/raw", "image/png", vec![0; UPLOAD_LIMIT]), (200, "10485760"));
    check(posted("/raw", "image/png", vec![0; UPLOAD_LIMIT + 1]), (413, "payload-too-large"));
    check(posted("/form", "application/json", "{}"), (415, "unsupported-media-type"));
    let announced = Request::post("/raw").header("content-length", "99999999999").body(Body::empty()).unwrap();
    check(announced, (413, "payload-too-large"));
}

#[test]
fn paths_and_queries_that_do_not_fit_are_malformed_requests() {
    let at = |path: &str| Request::get(path).body(Body::empty()).unwrap();
    check(at("/query?limit=7"), (200, "7"));
    check(at("/query?limit=seven"), (400, "malformed-request"));
    check(at("/query?limit=7&limit=8"), (400, "duplicate field"));
    check(at("/query?more=1"), (400, "malformed-request"));
    check(at("/path/7"), (200, "7"));
    check(at("/path/700"), (400, "malformed-request"));
    check(at("/path/%FF"), (400, "malformed-request"));
}

#[test]
fn both_kinds_of_form_are_read() {
    let urlencoded = "application/x-www-form-urlencoded";
    check(posted("/form", urlencoded, "number=&text=a+%26+b%0D%0A"), (200, "a & b"));
    check(posted("/form", urlencoded, "text=%20"), (200, "null"));
    let multipart = "--X\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nhello\r\n--X--\r\n";
    check(posted("/form", "multipart/form-data; boundary=X", multipart), (200, "hello"));
    check(posted("/form", "multipart/form-data; boundary=X", "--X\r\nbroken"), (400, "malformed-request"));
    check(posted("/form", "multipart/form-data", multipart), (400, "malformed-request"));
    let part = "--X\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nv\r\n";
    let many = format!("{}--X--\r\n", part.repeat(MOST_FIELDS + 1));
    check(posted("/form", "multipart/form-data; boundary=X", many), (400, "at most 16 fields"));
    let head = "--X\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n";
    let large = format!("{head}{}\r\n--X--\r\n", "v".repeat(UPLOAD_LIMIT));
    check(posted("/form", "multipart/form-data; boundary=X", large), (413, "payload-too-large"));
}
