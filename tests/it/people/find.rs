//! Made and found, by every id and in every spelling.

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

use super::{change, find, found, result, show};
use crate::support::app::{TestApp, ana};

fn bo() -> Value {
    json!({
        "name": " Bo Lind ", "email": "Bo@B\u{fc}cher.example", "external": [{ "system": "lms", "id": "4711" }],
        "consent": ["score"], "language": "pt-BR",
    })
}

#[tokio::test]
async fn a_person_is_made_once_and_found_by_everything_known() {
    let app = TestApp::new().await;
    let bo = app.post("/api/v1/people", &bo()).await.expect(201).json();
    assert_eq!((&bo["name"], &bo["language"]), (&json!("Bo Lind"), &json!("pt-BR")));
    assert_eq!(bo["addresses"], json!([{ "email": "bo@b\u{fc}cher.example", "verified": true, "primary": true }]));
    assert_eq!(show(&app, &bo).await, bo);
    for by in [
        json!({ "email": "bo@b\u{fc}cher.example" }),
        json!({ "email": "BO@xn--bcher-kva.example" }),
        json!({ "external": { "system": "lms", "id": "4711" } }),
    ] {
        assert_eq!(find(&app, by.clone()).await.expect(200).json(), bo, "{by}");
    }
    for by in [
        json!({ "email": "bo+news@b\u{fc}cher.example" }),
        json!({ "external": { "system": "hr", "id": "4711" } }),
        json!({ "award": "7K3QX9M2TR4HB6WD" }),
    ] {
        let nobody = find(&app, by.clone()).await.expect(404).json();
        assert_eq!(nobody["type"], "urn:assay:problem:unknown-person", "{by}");
    }
    let award = app.certify(&json!({ "name": "Bo", "external": [{ "system": "lms", "id": "4711" }] })).await;
    let by_award = find(&app, json!({ "award": award["number"] })).await.expect(200).json();
    assert_eq!((&by_award["id"], &by_award["awards"][0]["id"]), (&bo["id"], &award["id"]));
}

#[tokio::test]
async fn somebody_who_is_there_is_not_made_again() {
    let app = TestApp::new().await;
    let made = app.post("/api/v1/people", &bo()).await.expect(201).json();
    let refused = app.post("/api/v1/people", &bo()).await.expect(409).json();
    assert_eq!(refused["type"], "urn:assay:problem:person-conflict");
    assert!(refused["hint"].as_str().unwrap().contains("merge"), "{refused}");
    let mut other = bo();
    other["email"] = json!("another@partner.example");
    let refused = app.post("/api/v1/people", &other).await.expect(409).json();
    assert_eq!(refused["errors"][0]["pointer"], "/external");
    let keyed = |body: &Value| {
        let request = Request::post("/api/v1/people").header("idempotency-key", "once");
        let request = request.header("authorization", format!("Bearer {}", app.live));
        request.header("content-type", "application/json").body(Body::from(body.to_string())).unwrap()
    };
    let cy = json!({ "name": "Cy", "email": "cy@partner.example" });
    let first = app.send(keyed(&cy)).await.expect(201);
    let again = app.send(keyed(&cy)).await.expect(201);
    assert_eq!((again.header("idempotency-replayed"), again.json()), ("true", first.json()));
    let reused = app.send(keyed(&json!({ "name": "Di", "email": "di@partner.example" }))).await.expect(409).json();
    assert_eq!(reused["type"], "urn:assay:problem:idempotency-conflict");
    assert_eq!(found(&app, "bo@b\u{fc}cher.example").await["id"], made["id"]);
}

#[tokio::test]
async fn what_cannot_be_is_refused_at_its_place() {
    let app = TestApp::new().await;
    let many: Vec<Value> = (0..51).map(|n| json!({ "system": "lms", "id": n.to_string() })).collect();
    for (body, pointer) in [
        (json!({ "name": "", "email": "a@b.example" }), "/name"),
        (json!({ "name": "x".repeat(201), "email": "a@b.example" }), "/name"),
        (json!({ "name": "Bo" }), ""),
        (json!({ "name": "Bo", "email": "bo@" }), "/email"),
        (json!({ "name": "Bo", "email": "bo\u{ff20}partner.example" }), "/email"),
        (json!({ "name": "Bo", "external": [{ "system": "", "id": "1" }] }), "/external/0/system"),
        (json!({ "name": "Bo", "external": many }), "/external"),
        (json!({ "name": "Bo", "email": "a@b.example", "consent": ["name"] }), "/consent"),
        (json!({ "name": "Bo", "email": "a@b.example", "consent": ["score", "score"] }), "/consent"),
        (json!({ "name": "Bo", "email": "a@b.example", "language": "e" }), "/language"),
        (json!({ "name": "Bo", "email": "a@b.example", "language": "en--GB" }), "/language"),
        (json!({ "name": "Bo", "email": "a@b.example", "managers": { "firm": "nobody" } }), "/managers/firm"),
    ] {
        let problem = app.post("/api/v1/people", &body).await.expect(422).json();
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{body}: {problem}");
        assert_eq!(problem["errors"].as_array().unwrap().len(), 1, "{body}: {problem}");
    }
    for by in [json!({}), json!({ "email": "a@b.example", "award": "7K3QX9M2TR4HB6WD" })] {
        find(&app, by).await.expect(422);
    }
    find(&app, json!({ "award": "none" })).await.expect(422);
    find(&app, json!({ "email": "none" })).await.expect(422);
}

#[tokio::test]
async fn scopes_and_realms_keep_people_apart() {
    let app = TestApp::new().await;
    app.certify(&ana()).await;
    let by = json!({ "email": "ana@partner.example" });
    app.post_with(&app.test, "/api/v1/people/find", by.to_string()).await.expect(404);
    let key = json!({ "name": "reader", "scopes": ["people:read"], "realm": "live" });
    let reader = app.post("/api/v1/api-keys", &key).await.expect(201).json()["secret"].as_str().unwrap().to_owned();
    app.post_with(&reader, "/api/v1/people/find", by.to_string()).await.expect(200);
    app.post_with(&reader, "/api/v1/people", bo().to_string()).await.expect(403);
    let key = json!({ "name": "writer", "scopes": ["people:write"], "realm": "live" });
    let writer = app.post("/api/v1/api-keys", &key).await.expect(201).json()["secret"].as_str().unwrap().to_owned();
    app.post_with(&writer, "/api/v1/people/find", by.to_string()).await.expect(403);
    app.post_with("ask_live_none", "/api/v1/people/find", by.to_string()).await.expect(401);
}

#[tokio::test]
async fn results_find_their_person_by_any_id_and_contradictory_ids_say_what_to_do() {
    let app = TestApp::new().await;
    let bo = app.post("/api/v1/people", &bo()).await.expect(201).json();
    let mut training =
        result("t-1", ("Bo", "BO@XN--BCHER-KVA.example"), "sales-associate", "sales-101", "2026-11-19T09:00:00Z");
    app.post("/api/v1/results", &training).await.expect(200);
    let mut exam = result("e-1", ("Bo", "new@partner.example"), "sales-associate", "exam", "2026-11-20T09:00:00Z");
    exam["person"]["external"] = json!([{ "system": "lms", "id": "4711" }]);
    let award = app.post("/api/v1/results", &exam).await.expect(201).json()["award"].clone();
    let seen = show(&app, &bo).await;
    assert_eq!(seen["awards"][0]["id"], award["id"]);
    assert_eq!(seen["addresses"].as_array().unwrap().len(), 2, "one address in two spellings is one: {seen}");
    assert_eq!(found(&app, "new@partner.example").await["id"], bo["id"]);

    app.certify(&ana()).await;
    training["id"] = json!("t-2");
    training["person"] =
        json!({ "name": "Ana", "email": "ana@partner.example", "external": [{ "system": "lms", "id": "4711" }] });
    let problem = app.post("/api/v1/results", &training).await.expect(422).json();
    assert_eq!(problem["errors"][0]["pointer"], "/person");
    assert!(problem["hint"].as_str().unwrap().contains("assay person merge"), "{problem}");
}

#[tokio::test]
async fn ids_consents_and_language_change_and_something_to_be_found_by_remains() {
    let app = TestApp::new().await;
    let bo = app.post("/api/v1/people", &bo()).await.expect(201).json();
    let cy = json!({ "name": "Cy", "external": [{ "system": "lms", "id": "1" }] });
    let cy = app.post("/api/v1/people", &cy).await.expect(201).json();
    let lms = |id: &str| json!({ "system": "lms", "id": id });
    let taken = change(&app, &bo, "external", lms("1")).await.expect(409).json();
    assert_eq!(taken["type"], "urn:assay:problem:person-conflict");
    let both = change(&app, &bo, "external", json!({ "system": "hr", "id": "B-7" })).await.expect(200).json();
    assert_eq!(both["external"].as_array().unwrap().len(), 2);
    assert_eq!(change(&app, &bo, "external", json!({ "system": "hr", "id": "B-7" })).await.expect(200).json(), both);
    change(&app, &bo, "external/remove", lms("4711")).await.expect(200);
    find(&app, json!({ "external": lms("4711") })).await.expect(404);
    let last = change(&app, &cy, "external/remove", lms("1")).await.expect(409).json();
    assert!(last["hint"].as_str().unwrap().contains("another one first"));
    change(&app, &cy, "external/remove", lms("none")).await.expect(200);
    let consented = change(&app, &bo, "consent", json!({ "consent": ["evidence"] })).await.expect(200).json();
    assert_eq!(consented["consent"], json!(["evidence"]));
    change(&app, &bo, "consent", json!({ "consent": ["all"] })).await.expect(422);
    let quiet = change(&app, &bo, "language", json!({ "language": null })).await.expect(200).json();
    assert_eq!(quiet["language"], Value::Null);
    let nobody = json!({ "id": "01k9zq6v2m8xw3c5t7r4n0b1dy" });
    change(&app, &nobody, "consent", json!({ "consent": [] })).await.expect(404);
    change(&app, &json!({ "id": "nobody" }), "consent", json!({ "consent": [] })).await.expect(404);
}
