//! A test key has nothing to do with what is live, and no key makes one that may do more.
//!
//! The table holds a call for every operation of the description that wants a key: aimed at live things, and made with a test
//! key of every scope. Nothing live is told by the answer, and nothing live has changed.

use std::collections::BTreeMap;

use assay::id::Realm;
use assay::service::caller::SCOPES;
use assay::store::engine::{Sink, Source};
use assay::store::{Key, Versioned};
use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

use crate::support::app::{Reply, TestApp, ana};
use crate::support::desk::{by_mail, person, refused, report, with};

const KEYS: &str = "/api/v1/api-keys";
const SOURCES: &str = "/api/v1/inbound-webhooks";
/// What only live things say, where the request has not said it already.
const LIVE_WORDS: [&str; 9] = [
    "Ana Lopes",
    "partner.example",
    "Zephyr",
    "badges.zephyr.example",
    "hooks.zephyr.example",
    "words of the live hold",
    "words of the live exception",
    "lms-zephyr",
    "\"realm\":\"live\"",
];

/// Live things, by what stands for them in the addresses.
struct World {
    app: TestApp,
    ids: BTreeMap<&'static str, String>,
}

async fn world() -> World {
    let app = TestApp::new().await;
    let made = app.certify(&ana()).await;
    app.key("lms-zephyr", Realm::Live, &["results:write"]).await;
    let post = async |path: &str, body: Value| -> Value {
        let reply = app.post(path, &body).await;
        assert!(reply.status < 300, "{path}: {}", reply.text());
        reply.json()
    };
    post("/api/v1/trusted-issuers", json!({ "issuer": "did:web:badges.zephyr.example", "name": "Zephyr" })).await;
    post(SOURCES, json!({ "source": "zephyr", "realm": "live" })).await;
    let hook = post("/api/v1/webhooks", json!({ "url": "https://hooks.zephyr.example/", "types": ["award.*"] })).await;
    let exam =
        with(report("bo e", &person("Bo Lind"), "exam", "2026-11-20T09:00:00Z"), json!({ "score": 84, "form": "A" }));
    app.report(&exam).await;
    // It does not say how many points: a review waits to be accepted.
    app.report(&report("cy e", &person("Cy Berg"), "exam", "2026-11-20T09:00:00Z")).await;
    let hold = json!({ "criteria": { "form": "A" }, "text": "words of the live hold" });
    let hold = post("/api/v1/holds", hold).await;
    let exception = json!({
        "person": by_mail(&ana()), "certification": "sales-associate", "kind": "extend", "until": "2028-01-01",
        "reason": "words of the live exception",
    });
    let exception = post("/api/v1/exceptions", exception).await;
    let undo = json!({ "recorded_from": "2026-01-01", "recorded_until": "2026-01-02", "source": "lms" });
    let undo = post("/api/v1/undo", undo).await;
    let order = json!({ "id": "zephyr-rules", "certifications": ["sales-associate"], "requirement": "annual-update", "by": "60d" });
    post("/api/v1/recertifications", order).await;
    let found = post("/api/v1/people/find", json!({ "email": "ana@partner.example" })).await;
    let events = app.get_key("/api/v1/events").await.expect(200).json();
    let text = |value: &Value| value.as_str().unwrap_or("none").to_owned();
    let ids = BTreeMap::from([
        ("award", text(&made["id"])),
        ("person", text(&found["id"])),
        ("webhook", text(&hook["id"])),
        ("hold", text(&hold["id"])),
        ("exception", text(&exception["exception"]["id"])),
        ("undo", text(&undo["id"])),
        ("event", text(&events["data"][0]["id"])),
        ("certification", "sales-associate".to_owned()),
        ("source", "zephyr".to_owned()),
        ("version", "1".to_owned()),
        ("id", "zephyr-rules".to_owned()),
    ]);
    World { app, ids }
}

/// The verbs of an operation whose address ends in one.
fn verbs(operation: &str) -> &'static [&'static str] {
    match operation {
        "change_award" => &["renew", "reissue", "suspend", "reinstate", "revoke"],
        "decide_program" | "decide_recertification" => &["confirm", "reject"],
        "change_signing_keys" => &["generate", "rotate", "retire"],
        "change_webhook" => &["test", "rotate", "disable", "enable", "replay"],
        other => panic!("{other} has verbs: say here which"),
    }
}

/// What is sent with an operation: aimed at what is live. A new operation wants its line here.
fn body(operation: &str, ids: &BTreeMap<&str, String>) -> Option<Value> {
    let id = |name: &str| ids[name].clone();
    let zoe = || json!({ "name": "Zoe Test", "email": "zoe@elsewhere.example" });
    let result = || report("zoe exam", &zoe(), "exam", "2026-11-20T09:00:00Z");
    Some(match operation {
        _ if ["list_", "show_"].iter().any(|reads| operation.starts_with(reads)) => return None,
        "import_template" | "remove_webhook" => {
            return None;
        }
        "create_api_key" => json!({ "name": "zephyr root", "scopes": ["admin"], "realm": "live" }),
        "revoke_api_key" => json!({ "name": "lms-zephyr" }),
        "create_inbound_webhook" => json!({ "source": "zephyr", "realm": "live", "rotate": true }),
        "revoke_inbound_webhook" => json!({ "source": "zephyr" }),
        "close_appeal" => json!({ "upheld": true }),
        "import_award" => json!({
            "id": "h", "person": zoe(), "certification": "sales-associate", "awarded_at": "2025-12-10T09:00:00Z",
        }),
        "change_award" => json!({ "reason": "issued-in-error", "text": "x" }),
        "clock" => json!({ "to": "2027-12-31" }),
        "grant_exception" => json!({
            "person": by_mail(&ana()), "certification": "sales-associate", "kind": "extend", "until": "2029-01-01", "reason": "x",
        }),
        "open_hold" => json!({ "criteria": { "certification": "sales-associate" } }),
        "release_hold" => json!({ "all": true }),
        "uphold_hold" => json!({ "person": by_mail(&ana()), "text": "x" }),
        "import_results" => json!("id,email"),
        "create_person" => zoe(),
        "find_person" | "find_standings" => json!({ "award": id("award") }),
        "check_rights" => json!({ "person": { "id": id("person") } }),
        "merge_people" => json!({ "keep": id("person"), "other": id("person"), "preview": true }),
        "add_address" | "choose_address" | "remove_address" => json!({ "email": "zoe@elsewhere.example" }),
        "add_external_id" | "remove_external_id" => json!({ "system": "crm", "id": "7" }),
        "change_consent" => json!({ "consent": ["score"] }),
        "change_language" => json!({ "language": "de" }),
        "change_managers" => json!({ "firm": "boss@elsewhere.example" }),
        "correct_name" => json!({ "name": "Somebody Else" }),
        "apply_program" => {
            json!({ "text": crate::support::app::PROGRAM.replace("Sales Associate", "Seller"), "dry_run": true })
        }
        "order_recertification" => {
            json!({ "id": "zephyr-rules", "certifications": ["sales-associate"], "requirement": "annual-update", "by": "60d" })
        }
        "trust_issuer" => json!({ "issuer": "did:web:evil.example", "name": "Evil" }),
        "distrust_issuer" => json!({ "issuer": "did:web:badges.zephyr.example" }),
        "undo_batch" => json!({ "source": "lms", "recorded_from": "2026-11-01", "recorded_until": "2026-11-30" }),
        "create_webhook" => json!({ "url": "https://evil.example/", "types": ["award.*"] }),
        "submit_result" => result(),
        "accept_reviews" => json!({ "source": "lms", "certification": "sales-associate", "requirement": "exam" }),
        "receive_event" | "put_statement" | "post_statements" => {
            json!({ "actor": { "mbox": "mailto:ana@partner.example" } })
        }
        "ask_for_proof"
        | "content_reviewed"
        | "decide_program"
        | "decide_recertification"
        | "change_signing_keys"
        | "confirm_exception"
        | "withdraw_exception"
        | "change_webhook" => json!({}),
        other => panic!("{other} is new: say here what is sent to it"),
    })
}

/// The query that aims a list at what is live.
fn query(operation: &str, ids: &BTreeMap<&str, String>) -> String {
    match operation {
        "list_exceptions" | "show_standings" => format!("?person={}", ids["person"]),
        "put_statement" => "?statementId=11111111-1111-4111-8111-111111111111".to_owned(),
        _ => String::new(),
    }
}

/// Every operation that wants a key: its name, method, and addresses of live things.
fn calls(api: &Value, ids: &BTreeMap<&str, String>) -> Vec<(String, String, String)> {
    let mut calls = Vec::new();
    for (path, item) in api["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            if !operation["security"].is_array() {
                continue;
            }
            let name = operation["operationId"].as_str().unwrap();
            let path = ids.iter().fold(path.clone(), |path, (id, value)| path.replace(&format!("{{{id}}}"), value));
            let paths: Vec<String> = match path.split_once("{verb}") {
                Some((before, _)) => verbs(name).iter().map(|verb| format!("{before}{verb}")).collect(),
                None => vec![path],
            };
            for path in paths {
                assert!(!path.contains('{'), "{path} has a place that nothing live is known for");
                calls.push((name.to_owned(), method.to_uppercase(), format!("{path}{}", query(name, ids))));
            }
        }
    }
    calls
}

/// The scope that each operation is said to ask for.
fn asked(api: &Value) -> BTreeMap<String, String> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let items = api["paths"].as_object().unwrap().values();
    let operations = items.flat_map(|item| item.as_object().unwrap().values()).filter(|op| op["security"].is_array());
    operations.map(|op| (text(&op["operationId"]), text(&op["security"][0]["api_key"][0]))).collect()
}

async fn send(
    app: &TestApp,
    key: &str,
    (operation, method, path): &(String, String, String),
    body: Option<&Value>,
) -> Reply {
    let media = if operation == "import_results" { "text/csv" } else { "application/json" };
    let request = Request::builder()
        .method(method.as_str())
        .uri(path)
        .header("authorization", format!("Bearer {key}"))
        .header("x-experience-api-version", "1.0.3")
        .header("content-type", media);
    app.send(request.body(Body::from(body.map(Value::to_string).unwrap_or_default())).unwrap()).await
}

/// Every document that is not of the test realm.
async fn live_documents(app: &TestApp) -> BTreeMap<String, Vec<u8>> {
    #[derive(Default)]
    struct Live(BTreeMap<String, Vec<u8>>);

    #[async_trait::async_trait]
    impl Sink for Live {
        async fn write(&mut self, key: Key, value: Versioned) -> Result<(), Source> {
            let (parts, text) = (key.parts(), String::from_utf8_lossy(&value.doc).into_owned());
            // The names of test keys are in one list with all others.
            let of_test = parts[0] == "test" || parts[0] == "apikeyname" || text.contains("\"realm\":\"test\"");
            if !of_test {
                self.0.insert(parts.join("/"), value.doc.to_vec());
            }
            Ok(())
        }
    }

    let mut live = Live::default();
    app.app.store.engine().export(&mut live).await.unwrap();
    live.0
}

#[tokio::test]
async fn a_test_key_of_any_scope_neither_reads_nor_changes_what_is_live() {
    let World { app, ids } = world().await;
    let api = app.get("/openapi.json").await.expect(200).json();
    let calls = calls(&api, &ids);
    assert!(calls.len() > 60, "{}", calls.len());
    let before = live_documents(&app).await;
    assert!(before.len() > 30, "{}", before.len());
    let asked = asked(&api);
    let mut reached = 0;
    for scope in SCOPES {
        let key = app.key(&format!("test {}", scope.replace(':', " ")), Realm::Test, &[scope]).await;
        for call in &calls {
            let sent = body(&call.0, &ids);
            let reply = send(&app, &key, call, sent.as_ref()).await;
            assert!(reply.status < 500, "{scope} {call:?}: {}", reply.text());
            let lacks = reply.text().contains("This key lacks the scope");
            let expected = scope != "admin" && asked[&call.0] != scope;
            assert_eq!(lacks, expected, "{scope} {call:?}: the scope that is asked for is the one that is described");
            reached += u32::from(reply.status != 403);
            let said = format!("{}{}", call.2, sent.map(|sent| sent.to_string()).unwrap_or_default());
            for word in LIVE_WORDS.into_iter().chain([ids["award"].as_str(), ids["person"].as_str()]) {
                let told = !said.contains(word) && reply.text().contains(word);
                assert!(!told, "{scope} {call:?} tells {word:?}: {}", reply.text());
            }
            let after = live_documents(&app).await;
            let changed: Vec<_> =
                after.iter().filter(|(key, doc)| before.get(*key) != Some(doc)).map(|(key, _)| key).collect();
            assert!(changed.is_empty() && after.len() == before.len(), "{scope} {call:?} changed {changed:?}");
        }
    }
    assert!(reached > 100, "the calls get as far as their scopes allow: {reached}");
}

#[tokio::test]
async fn what_there_is_only_once_wants_a_live_key() {
    let app = TestApp::new().await;
    for (path, body) in [
        ("/api/v1/trusted-issuers", json!({ "issuer": "did:web:a.example", "name": "A" })),
        ("/api/v1/trusted-issuers/remove", json!({ "issuer": "did:web:a.example" })),
        ("/api/v1/clock", json!({})),
        ("/api/v1/clock", json!({ "to": "2027-01-01" })),
        ("/api/v1/signing-keys/generate", json!({})),
        ("/api/v1/program", json!({ "text": "", "dry_run": true })),
        ("/api/v1/certifications/sales-associate/reviewed", json!({})),
    ] {
        let problem = refused(app.post_with(&app.test, path, body.to_string()).await, 403, "forbidden");
        assert_eq!(problem["detail"], "A test key cannot do that.", "{path}");
    }
    for path in ["/api/v1/trusted-issuers", "/api/v1/signing-keys", "/api/v1/program", "/api/v1/program/1"] {
        app.get_with(&app.test, path).await.expect(403);
    }
}

#[tokio::test]
async fn a_key_makes_only_keys_of_what_it_may_do_itself() {
    let app = TestApp::new().await;
    let clerk = app.key("clerk", Realm::Live, &["keys:write", "results:write"]).await;
    let new = |name: &str, realm: &str, scopes: &[&str]| {
        json!({ "name": name, "realm": realm, "scopes": scopes }).to_string()
    };
    for scopes in [&["admin"][..], &["results:write", "awards:write"], &["people:read"]] {
        let problem = refused(app.post_with(&clerk, KEYS, new("more", "live", scopes)).await, 403, "forbidden");
        assert_eq!(problem["errors"][0]["pointer"], "/scopes");
    }
    app.post_with(&clerk, KEYS, new("as much", "live", &["keys:write", "results:write"])).await.expect(201);
    app.post_with(&clerk, KEYS, new("less", "live", &[])).await.expect(201);
    app.post_with(&clerk, KEYS, new("of the test realm", "test", &["results:write"])).await.expect(201);
    // A source that signs is a key of another kind.
    let only_keys = app.key("only keys", Realm::Live, &["keys:write"]).await;
    let source = json!({ "source": "pearson", "realm": "live" }).to_string();
    refused(app.post_with(&only_keys, SOURCES, source.clone()).await, 403, "forbidden");
    app.post_with(&clerk, SOURCES, source).await.expect(201);
    let rotate = json!({ "source": "pearson", "realm": "live", "rotate": true }).to_string();
    refused(app.post_with(&only_keys, SOURCES, rotate).await, 403, "forbidden");
}

#[tokio::test]
async fn test_keys_make_list_and_end_test_keys() {
    let app = TestApp::new().await;
    let clerk = app.key("test clerk", Realm::Test, &["keys:write", "results:write"]).await;
    let made = json!({ "name": "mine", "realm": "test", "scopes": ["results:write"] });
    app.post_with(&clerk, KEYS, made.to_string()).await.expect(201);
    let listed = app.get_with(&clerk, KEYS).await.expect(200).json();
    let names = |listed: &Value| -> Vec<String> {
        listed["data"].as_array().unwrap().iter().map(|key| key["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&listed), ["lms test", "mine", "test clerk"]);
    assert_eq!(names(&app.get_key(KEYS).await.expect(200).json()).len(), 4, "a live key sees all");
    let end = |name: &str| json!({ "name": name }).to_string();
    let of_live = refused(app.post_with(&clerk, &format!("{KEYS}/revoke"), end("lms")).await, 404, "not-found");
    let of_nobody = refused(app.post_with(&clerk, &format!("{KEYS}/revoke"), end("nobody")).await, 404, "not-found");
    assert_eq!(of_live["title"], of_nobody["title"]);
    app.get_key(KEYS).await.expect(200);
    app.post_with(&clerk, &format!("{KEYS}/revoke"), end("mine")).await.expect(200);
}

#[tokio::test]
async fn no_key_is_named_like_who_has_none() {
    let app = TestApp::new().await;
    for name in [
        "operator",
        "Operator",
        "0perator",
        "ореrаtоr",
        "ｏｐｅｒａｔｏｒ",
        "holder",
        "Holder",
        "ho1der",
        "h-o-l-d-e-r",
    ] {
        let problem = app.post(KEYS, &json!({ "name": name, "realm": "live", "scopes": [] })).await;
        let problem = refused(problem, 422, "invalid-value");
        assert_eq!(problem["errors"][0]["pointer"], "/name", "{name}");
    }
    app.post(KEYS, &json!({ "name": "Prüfstelle Köln", "realm": "live", "scopes": [] })).await.expect(201);
}

/// The rules take its results at its word: whoever makes a source of that name gives more than a key for results.
#[tokio::test]
async fn a_name_that_the_program_vouches_for_is_given_by_administrators_alone() {
    let vouched = "\n[[source]]\nid = \"exam-house\"\nvouches = [\"score\"]\n";
    let app = TestApp::with_program(&format!("{}{vouched}", crate::support::app::PROGRAM)).await;
    let lms = app.key("lms-zephyr", Realm::Live, &["results:write", "keys:write"]).await;
    let key = |name: &str| json!({ "name": name, "scopes": ["results:write"], "realm": "live" }).to_string();
    let source = |name: &str| json!({ "source": name, "realm": "live" }).to_string();
    for (path, name, status) in [
        (KEYS, key("exam-house"), 403),
        (SOURCES, source("exam-house"), 403),
        (SOURCES, source("operator"), 422),
        (SOURCES, source("h0lder"), 422),
        (KEYS, key("other-house"), 201),
        (SOURCES, source("other-house"), 201),
    ] {
        app.post_with(&lms, path, name.clone()).await.expect(status);
    }
    app.post_with(&app.live, SOURCES, source("exam-house")).await.expect(201);
}
