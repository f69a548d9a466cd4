//! Results that exam vendors sign: believed by their signature, once.

use assay::proof::standard_webhooks::{Secret, public_key, sign_ed25519, sign_hmac};
use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

use super::app;
use crate::support::app::{Reply, TestApp};

fn body(id: &str, score: i64) -> String {
    json!({
        "id": id, "certification": "sales-associate", "requirement": "exam", "outcome": "passed", "score": score,
        "at": "2026-11-20T09:00:00Z", "person": { "name": "Ana Lopes", "email": "ana@partner.example" },
    })
    .to_string()
}

async fn make(app: &TestApp, body: &Value) -> Value {
    app.post("/api/v1/inbound-webhooks", body).await.expect(201).json()
}

async fn deliver(app: &TestApp, id: &str, at: i64, signature: &str, body: &str) -> Reply {
    let request = Request::post("/hooks/results/exams").header("content-type", "application/json");
    let request =
        request.header("webhook-id", id).header("webhook-timestamp", at).header("webhook-signature", signature);
    app.send(request.body(Body::from(body.to_owned())).unwrap()).await
}

fn secret(answer: &Value) -> Vec<u8> {
    Secret::parse(answer["secret"].as_str().unwrap()).unwrap().shared().unwrap().to_vec()
}

#[tokio::test]
async fn a_signed_result_is_taken_once() {
    let app = app().await;
    let made = make(&app, &json!({ "source": "exams", "realm": "live" })).await;
    assert_eq!(made["address"], "https://badges.northwind.example/hooks/results/exams");
    let (secret, now) = (secret(&made), app.now().timestamp());
    let first = body("a1", 84);
    let sign = |id: &str, at: i64, body: &str| sign_hmac(&secret, id, at, body.as_bytes());
    let taken = deliver(&app, "msg_1", now, &sign("msg_1", now, &first), &first).await.expect(200);
    assert_eq!(taken.json()["decision"], "withheld");
    let again = deliver(&app, "msg_1", now + 60, &sign("msg_1", now + 60, &first), &first).await.expect(200);
    assert_eq!((again.header("idempotency-replayed"), again.json()), ("true", taken.json()));
    let other = body("a2", 90);
    let refused = deliver(&app, "msg_1", now, &sign("msg_1", now, &other), &other).await.expect(409).json();
    assert_eq!(refused["detail"], "Another delivery came under the webhook-id \"msg_1\".");
    let changed = body("a1", 90);
    let refused = deliver(&app, "msg_2", now, &sign("msg_2", now, &changed), &changed).await.expect(409).json();
    assert_eq!(refused["detail"], "Another result was reported under the id \"a1\".");
    for (at, signature, body, detail) in [
        (now - 301, sign("msg_3", now - 301, &other), other.clone(), "Webhook-timestamp is more than 5 minutes ago."),
        (
            now + 301,
            sign("msg_3", now + 301, &other),
            other.clone(),
            "Webhook-timestamp is more than 5 minutes ahead of this service's clock.",
        ),
        (
            now,
            sign("msg_3", now, &other),
            format!("{other} "),
            "No signature in webhook-signature fits the body and the secret.",
        ),
        (
            now,
            String::new(),
            other.clone(),
            "Webhook-signature has no signature of a known version (v1 with a shared secret, v1a with a public key).",
        ),
    ] {
        assert_eq!(deliver(&app, "msg_3", at, &signature, &body).await.expect(401).json()["detail"], detail);
    }
    let broken = "{\"id\":7}";
    deliver(&app, "msg_4", now, &sign("msg_4", now, broken), broken).await.expect(400);
}

#[tokio::test]
async fn a_secret_is_replaced_without_a_gap_and_ended() {
    let app = app().await;
    let first = secret(&make(&app, &json!({ "source": "exams", "realm": "live" })).await);
    app.post("/api/v1/inbound-webhooks", &json!({ "source": "exams", "realm": "live" })).await.expect(409);
    let rotate = json!({ "source": "exams", "realm": "live", "rotate": true });
    let second = secret(&make(&app, &rotate).await);
    let (now, body) = (app.now().timestamp(), body("a1", 84));
    let sign = |secret: &[u8]| sign_hmac(secret, "msg_1", now, body.as_bytes());
    deliver(&app, "msg_1", now, &sign(&first), &body).await.expect(200);
    deliver(&app, "msg_1", now, &format!("v1,AAAA {}", sign(&second)), &body).await.expect(200);
    make(&app, &rotate).await;
    deliver(&app, "msg_1", now, &sign(&first), &body).await.expect(401);
    deliver(&app, "msg_1", now, &sign(&second), &body).await.expect(200);
    let ended = app.post("/api/v1/inbound-webhooks/revoke", &json!({ "source": "exams" })).await.expect(200).json();
    assert!(ended["revoked_at"].is_string() && ended["secret"].is_null());
    let refused = deliver(&app, "msg_1", now, &sign(&second), &body).await.expect(401).json();
    assert_eq!(refused["detail"], "This address takes nothing from there.");
    app.post("/api/v1/inbound-webhooks/revoke", &json!({ "source": "none" })).await.expect(404);
}

#[tokio::test]
async fn a_source_may_sign_with_a_key_of_its_own() {
    let app = app().await;
    let seed = [5; 32];
    let made = make(&app, &json!({ "source": "exams", "realm": "test", "public_key": public_key(&seed) })).await;
    assert!(made["secret"].is_null(), "there is nothing to keep secret");
    let (now, body) = (app.now().timestamp(), body("a1", 84));
    deliver(&app, "msg_1", now, &sign_ed25519(&seed, "msg_1", now, body.as_bytes()), &body).await.expect(200);
    deliver(&app, "msg_1", now, &sign_ed25519(&[6; 32], "msg_1", now, body.as_bytes()), &body).await.expect(401);
    for (source, key, detail) in [
        ("other", "whpk_AAAA", "A webhook secret has 24 to 64 bytes, a public key 32; this one has 3."),
        ("other", "whsec_AAAA", "A webhook secret begins with whsec_ (or whpk_, for a public key)."),
        ("Other", "", "A source's name is 1 to 64 lower-case letters, digits, dots, hyphens or underscores."),
    ] {
        let key = if key.is_empty() { Value::Null } else { key.into() };
        let new = json!({ "source": source, "realm": "test", "public_key": key });
        assert_eq!(app.post("/api/v1/inbound-webhooks", &new).await.expect(422).json()["detail"], detail);
    }
}
