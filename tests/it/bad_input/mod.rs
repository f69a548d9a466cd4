//! Everything that can be wrong with what strangers send: an exact answer, nothing written, bounded work.

mod credentials;

use std::time::Duration;

use assay::store::Position;
use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

use crate::support::app::{Reply, TestApp, ana, path};

const BAD: (u16, &str) = (400, "malformed-request");
const CANNOT: (u16, &str) = (422, "invalid-value");

/// What is sent, the body of it, the status and code it gets, and where the fault is.
type BodyCase = (&'static str, String, (u16, &'static str), &'static [&'static str]);
/// The same for a whole request.
type RequestCase = (&'static str, Request<Body>, u16, &'static str, &'static [&'static str]);

/// How much has been written. A refusal leaves it as it was.
async fn position(app: &TestApp) -> Position {
    app.app.store.engine().feed(Position::START, 10_000, Duration::ZERO).await.unwrap().upto
}

/// An exam that is in order.
fn exam() -> Value {
    json!({
        "id": "attempt-1", "person": ana(), "certification": "sales-associate", "requirement": "exam",
        "outcome": "passed", "score": 84, "at": "2026-11-20T09:00:00Z",
    })
}

/// The exam with the value at `pointer` set.
fn with(pointer: &str, value: Value) -> String {
    let mut exam = exam();
    let (parent, member) = pointer.rsplit_once('/').unwrap();
    exam.pointer_mut(parent).unwrap()[member] = value;
    exam.to_string()
}

/// The exam with the text of its score replaced: for what is no JSON value.
fn scored(text: &str) -> String {
    exam().to_string().replace("\"score\":84", &format!("\"score\":{text}"))
}

/// The problem's name, and every place it names.
#[track_caller]
fn problem(reply: &Reply) -> (String, Vec<String>) {
    assert_eq!(reply.header("content-type"), "application/problem+json", "{}", reply.text());
    let body = reply.json();
    assert_eq!(body["status"], reply.status, "{body}");
    let kind = body["type"].as_str().unwrap().strip_prefix("urn:assay:problem:").unwrap().to_owned();
    let pointers = body["errors"].as_array().into_iter().flatten();
    (kind, pointers.map(|e| e["pointer"].as_str().unwrap().to_owned()).collect())
}

#[track_caller]
fn expect(what: &str, reply: &Reply, status: u16, code: &str, pointers: &[&str]) {
    assert_eq!(differs(what, reply, status, code, pointers), None);
}

/// For long tables: how the answer differs from what is expected.
fn differs(what: &str, reply: &Reply, status: u16, code: &str, pointers: &[&str]) -> Option<String> {
    let (kind, at) = problem(reply);
    let same = (reply.status, kind.as_str()) == (status, code) && at == pointers;
    (!same).then(|| format!("{what}: expected {status} {code} {pointers:?}, got {}", reply.text()))
}

#[tokio::test]
async fn a_result_that_cannot_be_is_refused_at_the_field_and_nothing_is_written() {
    let app = TestApp::new().await;
    let before = position(&app).await;
    let long = "x".repeat(201);
    let many = |item: Value| json!(vec![item; 51]);
    let link = json!({ "name": "n", "url": format!("https://partner.example/{}", "x".repeat(1_900)) });
    let doubled = exam().to_string().replacen("\"score\":84", "\"score\":84,\"score\":85", 1);
    let nested = exam().to_string().replacen("\"name\":", "\"name\":\"Eve\",\"name\":", 1);
    let deep = format!("{{\"id\":{}1{}}}", "[".repeat(50_000), "]".repeat(50_000));
    let open = format!("{{\"person\":{}", "{\"person\":".repeat(50_000));
    let cases: Vec<BodyCase> = vec![
        // What cannot be read.
        ("nothing", String::new(), BAD, &[""]),
        ("no JSON", "exam passed".to_owned(), BAD, &[""]),
        ("cut short", exam().to_string()[..80].to_owned(), BAD, &[""]),
        ("two bodies", format!("{}{}", exam(), exam()), BAD, &[]),
        ("an empty array", "[]".to_owned(), BAD, &[""]),
        (
            "a field that is missing",
            exam().to_string().replace("\"score\":84,\"at\"", "\"score\":84,\"it\""),
            BAD,
            &["/it"],
        ),
        ("a person without a name", with("/person", json!({ "email": "a@b.example" })), BAD, &["/person/name"]),
        ("an unknown field", with("/colour", json!("red")), BAD, &["/colour"]),
        ("an unknown field of the person", with("/person/shoe", json!(43)), BAD, &["/person/shoe"]),
        ("a field of another type", with("/score", json!("84")), BAD, &["/score"]),
        ("a name that is a number", with("/person/name", json!(7)), BAD, &["/person/name"]),
        ("an unknown outcome", with("/outcome", json!("maybe")), BAD, &["/outcome"]),
        ("a date without a zone", with("/at", json!("2026-11-20T09:00:00")), BAD, &["/at"]),
        ("a day", with("/at", json!("2026-11-20")), BAD, &["/at"]),
        ("a day that is none", with("/at", json!("2026-02-30T09:00:00Z")), BAD, &["/at"]),
        ("a field twice", doubled, BAD, &["/score"]),
        ("a field of the person twice", nested, BAD, &["/person/name"]),
        ("NaN", scored("NaN"), BAD, &["/score"]),
        ("infinity", scored("1e999"), BAD, &["/score"]),
        ("a number of another spelling", scored("0x54"), BAD, &[""]),
        ("deep nesting", deep, BAD, &["/id"]),
        ("deep nesting without an end", open, BAD, &["/person/person"]),
        // What can be read and cannot be.
        ("a score of 101", with("/score", json!(101)), CANNOT, &["/score"]),
        ("a score above its maximum", scored("21,\"max\":20"), CANNOT, &["/score"]),
        ("a negative score", scored("-1"), CANNOT, &["/score"]),
        ("a score just above", scored("100.0000001"), CANNOT, &["/score"]),
        ("points without end", scored("1e300,\"max\":1e308"), CANNOT, &["/max"]),
        ("out of nothing", scored("0,\"max\":0"), CANNOT, &["/max"]),
        ("negative minutes", with("/minutes", json!(-5)), CANNOT, &["/minutes"]),
        ("an unknown proctoring", with("/proctoring", json!("asleep")), CANNOT, &["/proctoring"]),
        ("an empty id", with("/id", json!("")), CANNOT, &["/id"]),
        ("a long id", with("/id", json!(long)), CANNOT, &["/id"]),
        ("an id with a control character", with("/id", json!("a\u{7}")), CANNOT, &["/id"]),
        ("a blank name", with("/person/name", json!(" \u{3000}")), CANNOT, &["/person/name"]),
        ("a long name", with("/person/name", json!(long)), CANNOT, &["/person/name"]),
        ("a name with a tab", with("/person/name", json!("Ana\tLopes")), CANNOT, &["/person/name"]),
        ("a name with a line end", with("/person/name", json!("Ana\nLopes")), CANNOT, &["/person/name"]),
        ("a name with NUL", with("/person/name", json!("Ana\0")), CANNOT, &["/person/name"]),
        ("a name that turns around", with("/person/name", json!("Ana \u{202e}sepoL")), CANNOT, &["/person/name"]),
        ("a name that isolates", with("/person/name", json!("\u{2066}Ana")), CANNOT, &["/person/name"]),
        ("no mail address", with("/person/email", json!("ana")), CANNOT, &["/person/email"]),
        ("two mail addresses", with("/person/email", json!("a@b.example, c@d.example")), CANNOT, &["/person/email"]),
        ("a reversed address", with("/person/email", json!("\u{202e}a@b.example")), CANNOT, &["/person/email"]),
        ("nobody", with("/person", json!({ "name": "Ana" })), CANNOT, &["/person"]),
        ("an unknown consent", with("/person/consent", json!(["all"])), CANNOT, &["/person/consent"]),
        ("consents without end", with("/person/consent", many(json!("score"))), CANNOT, &["/person/consent"]),
        (
            "an external id without a system",
            with("/person/external", json!([{ "system": "lms", "id": "1" }, { "system": "", "id": "1" }])),
            CANNOT,
            &["/person/external/1/system"],
        ),
        (
            "external ids without end",
            with("/person/external", many(json!({ "system": "lms", "id": "1" }))),
            CANNOT,
            &["/person/external"],
        ),
        (
            "evidence at no address",
            with("/evidence", json!([{ "name": "Deal", "url": "javascript:alert(1)" }])),
            CANNOT,
            &["/evidence/0/url"],
        ),
        (
            "evidence at half an address",
            with("/evidence", json!([{ "name": "Deal", "url": "https:///deals" }])),
            CANNOT,
            &["/evidence/0/url"],
        ),
        (
            "evidence with spaces in its address",
            with("/evidence", json!([{ "name": "De\u{202e}al", "url": "https://partner.example/a b" }])),
            CANNOT,
            &["/evidence/0/name", "/evidence/0/url"],
        ),
        ("evidence without end", with("/evidence", json!(vec![link; 50])), CANNOT, &["/evidence"]),
        ("a rubric without end", with("/rubric", many(json!({ "id": "a", "score": 1 }))), CANNOT, &["/rubric"]),
        ("a rubric beyond 100", with("/rubric", json!([{ "id": "a", "score": 101 }])), CANNOT, &["/rubric/0/score"]),
        ("tomorrow", with("/at", json!("2026-11-21T09:00:00Z")), CANNOT, &["/at"]),
        ("the end of time", with("/at", json!("+262142-12-31T23:59:59Z")), CANNOT, &["/at"]),
        ("the beginning of time", with("/at", json!("-262143-01-01T00:00:00Z")), CANNOT, &["/at"]),
        ("several at once", scored("-1").replace("Ana Lopes", "\\u0007"), CANNOT, &["/person/name", "/score"]),
        // What the program has not.
        (
            "an unknown certification",
            with("/certification", json!("sales-wizard")),
            (422, "unknown-certification"),
            &["/certification"],
        ),
        (
            "no certification",
            with("/certification", json!("../sales associate")),
            (422, "unknown-certification"),
            &["/certification"],
        ),
        (
            "an unknown requirement",
            with("/requirement", json!("exma")),
            (422, "unknown-requirement"),
            &["/requirement"],
        ),
        (
            "a requirement of another certification",
            with("/requirement", json!("project")),
            (422, "unknown-requirement"),
            &["/requirement"],
        ),
    ];
    let mut wrong = Vec::new();
    for (what, body, (status, code), pointers) in cases {
        let reply = app.post_with(&app.live, "/api/v1/results", body).await;
        wrong.extend(differs(what, &reply, status, code, pointers));
        assert_eq!(position(&app).await, before, "{what} wrote something");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    app.post("/api/v1/results", &exam()).await.expect(200);
    assert_ne!(position(&app).await, before, "and what is in order is written");
}

#[tokio::test]
async fn one_id_is_one_result() {
    let app = TestApp::new().await;
    app.post("/api/v1/results", &exam()).await.expect(200);
    let before = position(&app).await;
    for (what, body) in [
        ("another score", with("/score", json!(85))),
        ("another person", with("/person/name", json!("Eve"))),
        ("another moment", with("/at", json!("2026-11-20T08:00:00Z"))),
    ] {
        expect(what, &app.post_with(&app.live, "/api/v1/results", body).await, 409, "result-conflict", &[]);
    }
    let respelt = with("/score", json!(84.0)).replace("\"id\":", " \"\\u0069d\" : ");
    let again = app.post_with(&app.live, "/api/v1/results", respelt).await.expect(200);
    assert_eq!(again.header("idempotency-replayed"), "true", "the same in another spelling is the same");
    assert_eq!(position(&app).await, before);
    app.post_with(&app.test, "/api/v1/results", exam().to_string()).await.expect(200);
    assert_ne!(position(&app).await, before, "another key has ids of its own");
}

#[tokio::test]
async fn an_old_pass_never_breaks_the_service() {
    let app = TestApp::new().await;
    for (n, at) in ["1900-01-01T00:00:00Z", "1999-12-31T23:59:60Z", "2020-02-29T12:00:00.999+14:00"].iter().enumerate()
    {
        for (requirement, outcome) in [("sales-101", "completed"), ("exam", "passed")] {
            let result = json!({
                "id": format!("{requirement} {n}"), "person": { "name": "Ana", "email": format!("ana{n}@partner.example") },
                "certification": "sales-associate", "requirement": requirement, "outcome": outcome, "at": at,
            });
            let answer = app.post("/api/v1/results", &result).await;
            assert!((200..=201).contains(&answer.status), "{at}: {}", answer.text());
        }
    }
}

/// A request with a key, a type and a body.
fn sent(method: &str, address: &str, key: &str, kind: &str, body: impl Into<Body>) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(address);
    if !key.is_empty() {
        request = request.header("authorization", key);
    }
    if !kind.is_empty() {
        request = request.header("content-type", kind);
    }
    request.body(body.into()).unwrap()
}

#[tokio::test]
async fn bodies_keys_methods_and_addresses_that_do_not_fit_are_refused_by_name() {
    let app = TestApp::new().await;
    let award = app.certify(&ana()).await;
    let id = award["id"].as_str().unwrap().to_owned();
    let made = json!({ "name": "reader", "scopes": ["awards:read"], "realm": "live" });
    let reader = app.post("/api/v1/api-keys", &made).await.expect(201).json()["secret"].as_str().unwrap().to_owned();
    let before = position(&app).await;

    let live = format!("Bearer {}", app.live);
    let reading = format!("Bearer {reader}");
    let (json, results) = ("application/json", "/api/v1/results");
    let revoke = format!("/api/v1/awards/{id}/revoke");
    let large = format!("{{\"id\":\"{}\"}}", "x".repeat(1 << 20));
    let picture = vec![0u8; (10 << 20) + 1];
    let refused = |method: &'static str, address: &str, key: &str, kind: &'static str, body: Vec<u8>| {
        sent(method, address, key, kind, body)
    };
    let ok = || exam().to_string().into_bytes();
    let cases: Vec<RequestCase> = vec![
        // Bodies.
        ("more than 1 MiB", refused("POST", results, &live, json, large.into()), 413, "payload-too-large", &[]),
        (
            "10 MiB and one byte",
            refused("POST", "/api/v1/verify", "", "image/png", picture),
            413,
            "payload-too-large",
            &[],
        ),
        ("no type", refused("POST", results, &live, "", ok()), 415, "unsupported-media-type", &[]),
        (
            "a form",
            refused("POST", results, &live, "application/x-www-form-urlencoded", ok()),
            415,
            "unsupported-media-type",
            &[],
        ),
        ("a text", refused("POST", &revoke, &live, "text/plain", b"{}".to_vec()), 415, "unsupported-media-type", &[]),
        ("JSON to the form", refused("POST", "/verify", "", json, b"{}".to_vec()), 415, "unsupported-media-type", &[]),
        (
            "latin-1",
            refused("POST", results, &live, json, b"{\"id\":\"\xe9\"}".to_vec()),
            400,
            "malformed-request",
            &["/id"],
        ),
        // Keys.
        ("no key", refused("POST", results, "", json, ok()), 401, "unauthorized", &[]),
        ("an empty key", refused("POST", results, "Bearer ", json, ok()), 401, "unauthorized", &[]),
        ("another scheme", refused("POST", results, "Basic YTpi", json, ok()), 401, "unauthorized", &[]),
        ("an unknown key", refused("POST", results, "Bearer ask_live_nonsense", json, ok()), 401, "unauthorized", &[]),
        (
            "a key of the other realm",
            refused("POST", results, &live.replace("live", "test"), json, ok()),
            401,
            "unauthorized",
            &[],
        ),
        ("a key and more", refused("POST", results, &format!("{live}x"), json, ok()), 401, "unauthorized", &[]),
        (
            "a long key",
            refused("POST", results, &format!("Bearer ask_live_{}", "x".repeat(8_000)), json, ok()),
            401,
            "unauthorized",
            &[],
        ),
        ("no key, no body", refused("GET", &format!("/api/v1/awards/{id}"), "", "", vec![]), 401, "unauthorized", &[]),
        ("a key that only reads", refused("POST", results, &reading, json, ok()), 403, "forbidden", &[]),
        (
            "a key that may not revoke",
            refused("POST", &revoke, &reading, json, b"{\"reason\":\"other\"}".to_vec()),
            403,
            "forbidden",
            &[],
        ),
        (
            "a key that may make no keys",
            refused("POST", "/api/v1/api-keys", &reading, json, made.to_string().into()),
            403,
            "forbidden",
            &[],
        ),
        (
            "a key that may not see keys",
            refused("GET", "/api/v1/signing-keys", &reading, "", vec![]),
            403,
            "forbidden",
            &[],
        ),
        // Methods and addresses.
        ("reading where one writes", refused("GET", results, &live, "", vec![]), 405, "method-not-allowed", &[]),
        ("deleting a badge", refused("DELETE", &format!("/v/{id}"), &live, "", vec![]), 405, "method-not-allowed", &[]),
        ("posting to a page", refused("POST", "/issuer", "", json, vec![]), 405, "method-not-allowed", &[]),
        ("an unknown method", refused("BREW", "/", "", "", vec![]), 405, "method-not-allowed", &[]),
        ("an unknown address", refused("GET", "/api/v2/results", &live, "", vec![]), 404, "not-found", &[]),
        (
            "an address that climbs",
            refused("GET", "/achievements/../../etc/passwd", "", "", vec![]),
            404,
            "not-found",
            &[],
        ),
        (
            "an encoded climb",
            refused("GET", "/achievements/..%2f..%2fetc%2fpasswd", "", "", vec![]),
            404,
            "unknown-achievement",
            &[],
        ),
        (
            "no text in the address",
            refused("GET", "/achievements/%ff%fe", "", "", vec![]),
            400,
            "malformed-request",
            &[],
        ),
        ("NUL in the address", refused("GET", "/achievements/a%00b", "", "", vec![]), 404, "unknown-achievement", &[]),
        ("a list that is none", refused("GET", "/status/1%2f2", "", "", vec![]), 404, "not-found", &[]),
        (
            "a list beyond numbers",
            refused("GET", "/status/99999999999999999999", "", "", vec![]),
            404,
            "not-found",
            &[],
        ),
        (
            "a moment that is none",
            refused("GET", &format!("/v/{id}?at=yesterday"), "", "", vec![]),
            400,
            "malformed-request",
            &["/at"],
        ),
        (
            "an unknown parameter",
            refused("GET", &format!("/api/v1/awards/{id}?on=1"), &live, "", vec![]),
            400,
            "malformed-request",
            &[],
        ),
        (
            "a negative version",
            refused("GET", &format!("/credentials/{id}?version=-1"), "", "", vec![]),
            400,
            "malformed-request",
            &[],
        ),
        (
            "a version there is not",
            refused("GET", &format!("/credentials/{id}?version=2"), "", "", vec![]),
            404,
            "unknown-credential",
            &[],
        ),
        (
            "a form there is not",
            refused("GET", &format!("/credentials/{id}.exe"), "", "", vec![]),
            404,
            "not-found",
            &[],
        ),
        // Verbs.
        (
            "an unknown verb",
            refused("POST", &format!("/api/v1/awards/{id}/explode"), &live, json, b"{}".to_vec()),
            404,
            "not-found",
            &[],
        ),
        (
            "a verb in capitals",
            refused("POST", &format!("/api/v1/awards/{id}/REVOKE"), &live, json, b"{}".to_vec()),
            404,
            "not-found",
            &[],
        ),
        ("no reason", refused("POST", &revoke, &live, json, b"{}".to_vec()), 422, "invalid-value", &["/reason"]),
        ("no body at all", refused("POST", &revoke, &live, "", vec![]), 422, "invalid-value", &["/reason"]),
        (
            "a reason of one's own",
            refused("POST", &revoke, &live, json, b"{\"reason\":\"spite\"}".to_vec()),
            400,
            "malformed-request",
            &["/reason"],
        ),
        (
            "an unknown field",
            refused("POST", &revoke, &live, json, b"{\"reason\":\"other\",\"at\":1}".to_vec()),
            400,
            "malformed-request",
            &["/at"],
        ),
        (
            "a name to revoke",
            refused("POST", &revoke, &live, json, b"{\"reason\":\"other\",\"name\":\"Eve\"}".to_vec()),
            422,
            "invalid-value",
            &["/name"],
        ),
        (
            "a long text",
            refused(
                "POST",
                &revoke,
                &live,
                json,
                format!("{{\"reason\":\"other\",\"text\":\"{}\"}}", "x".repeat(2_001)).into(),
            ),
            422,
            "invalid-value",
            &["/text"],
        ),
        (
            "reinstating what holds",
            refused("POST", &format!("/api/v1/awards/{id}/reinstate"), &live, json, b"{}".to_vec()),
            409,
            "invalid-state",
            &[],
        ),
        (
            "an unknown signing verb",
            refused("POST", "/api/v1/signing-keys/melt", &live, json, b"{}".to_vec()),
            404,
            "not-found",
            &[],
        ),
        (
            "an unknown signing key",
            refused("POST", "/api/v1/signing-keys/retire", &live, json, b"{\"kid\":\"z6Mk\"}".to_vec()),
            404,
            "not-found",
            &[],
        ),
        (
            "a key with an unknown scope",
            refused(
                "POST",
                "/api/v1/api-keys",
                &live,
                json,
                br#"{"name":"x","scopes":["all"],"realm":"live"}"#.to_vec(),
            ),
            422,
            "invalid-value",
            &["/scopes"],
        ),
        (
            "a key without a name",
            refused("POST", "/api/v1/api-keys", &live, json, br#"{"name":" ","scopes":[],"realm":"live"}"#.to_vec()),
            422,
            "invalid-value",
            &["/name"],
        ),
        (
            "a key of no realm",
            refused("POST", "/api/v1/api-keys", &live, json, br#"{"name":"x","scopes":[],"realm":"prod"}"#.to_vec()),
            400,
            "malformed-request",
            &["/realm"],
        ),
        (
            "a name twice",
            refused("POST", "/api/v1/api-keys", &live, json, made.to_string().into()),
            409,
            "edit-conflict",
            &[],
        ),
    ];
    let mut wrong = Vec::new();
    for (what, request, status, code, pointers) in cases {
        wrong.extend(differs(what, &app.send(request).await, status, code, pointers));
        assert_eq!(position(&app).await, before, "{what} wrote something");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn a_name_is_corrected_only_to_one_that_can_be_issued() {
    let app = TestApp::new().await;
    let award = app.certify(&ana()).await;
    let before = position(&app).await;
    for name in ["", " ", "Ana\tLopes", "Ana\u{0}", "Ana \u{202e}sepoL", "\u{2067}Ana", &"x".repeat(201)] {
        let refused = app.act(&award, "reissue", &json!({ "name": name })).await;
        expect(&format!("{name:?}"), &refused, 422, "invalid-value", &["/name"]);
    }
    assert_eq!(position(&app).await, before);
    app.act(&award, "reissue", &json!({ "name": "  Ana Duarte " })).await.expect(200);
    let report = app.get(&format!("{}.json", path(&award["addresses"]["page"]))).await.json();
    assert_eq!(report["credential"]["holder"], "Ana Duarte");
}

#[tokio::test]
async fn whether_a_number_is_unknown_or_none_at_all_cannot_be_told() {
    let app = TestApp::new().await;
    let nonsense = [
        "7K3QX9M2TR4HB6W",
        "7K3QX9M2TR4HB6WDD",
        "U000000000000000",
        "%00",
        "a%20b",
        "a%2fb",
        "\u{5b57}",
        "%E2%80%AE7K3Q",
        "'%20or%201=1--",
        "<script>",
        &"7".repeat(3_000),
    ];
    let encode = |text: &str| {
        text.chars()
            .map(|c| {
                if c.is_ascii() && !"<>".contains(c) { c.to_string() } else { format!("%{:02X}", u32::from(c) & 0xff) }
            })
            .collect::<String>()
    };
    for (pattern, accept, status) in [
        ("/v/{}", "text/html", 404),
        ("/v/{}", "application/json", 404),
        ("/v/{}.json", "*/*", 404),
        ("/v/{}?at=2026-01-01T00:00:00Z", "text/html", 404),
        ("/credentials/{}", "*/*", 404),
        ("/credentials/{}", "text/html", 404),
        ("/credentials/{}.json", "*/*", 404),
        ("/credentials/{}.png", "*/*", 404),
        ("/credentials/{}.exe", "*/*", 404),
        ("/credentials/{}?version=3", "*/*", 404),
        ("/badges/{}.svg", "*/*", 200),
        ("/badges/{}.png", "*/*", 200),
        ("/badges/{}", "*/*", 404),
        ("/cards/{}.png", "*/*", 404),
        ("/cards/{}.svg", "*/*", 404),
    ] {
        let unknown = app.get_as(&pattern.replace("{}", "7K3QX9M2TR4HB6WD"), accept).await.expect(status);
        for text in nonsense {
            let address = pattern.replace("{}", &encode(text));
            let malformed = app.get_as(&address, accept).await;
            if malformed.status == 400 {
                assert_eq!(problem(&malformed).0, "malformed-request", "bytes that are no text: {address}");
                continue;
            }
            assert_eq!((malformed.status, malformed.text()), (status, unknown.text()), "{address} {accept}");
            let mut headers = [malformed.headers.clone(), unknown.headers.clone()];
            for headers in &mut headers {
                headers.remove("x-request-id");
            }
            assert_eq!(headers[0], headers[1], "{address} {accept}");
        }
    }
    for verb in ["", "/renew"] {
        let address = |id: &str| format!("/api/v1/awards/{id}{verb}");
        let method = if verb.is_empty() { "GET" } else { "POST" };
        let key = format!("Bearer {}", app.live);
        let unknown = app.send(sent(method, &address("7K3QX9M2TR4HB6WD"), &key, "", "")).await.expect(404);
        let malformed = app.send(sent(method, &address("none"), &key, "", "")).await.expect(404);
        assert_eq!(unknown.text(), malformed.text());
    }
}
