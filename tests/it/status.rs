//! Status lists, through the router: long enough, unpredictable, signed anew when they must be, never given away twice.

use std::collections::HashSet;
use std::sync::Arc;

use assay::status_list::Bitstring;
use assay::store::engine::Engine;
use assay::store::engine::memory::MemoryEngine;
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::app::{TestApp, ana, path};

async fn list(app: &TestApp) -> Value {
    app.get("/status/1").await.expect(200).json()
}

#[tokio::test]
async fn a_list_has_the_shape_and_length_of_the_standard() {
    let app = TestApp::new().await;
    app.get("/status/1").await.expect(404);
    app.certify(&ana()).await;
    let list = list(&app).await;
    assert_eq!(list["type"], json!(["VerifiableCredential", "BitstringStatusListCredential"]));
    assert_eq!(list["id"], "https://badges.northwind.example/status/1");
    assert_eq!(list["issuer"], "did:web:badges.northwind.example");
    assert_eq!(
        (&list["validFrom"], &list["validUntil"]),
        (&json!("2026-11-20T10:00:00Z"), &json!("2026-11-21T10:00:00Z"))
    );
    let subject = &list["credentialSubject"];
    assert_eq!((&subject["statusPurpose"], &subject["ttl"]), (&json!("revocation"), &json!(300_000)));
    let bits = Bitstring::decode(subject["encodedList"].as_str().unwrap()).unwrap();
    assert_eq!((bits.len(), bits.count()), (131_072, 0));
    for unknown in ["/status/2", "/status/t1", "/status/0", "/status/01", "/status/x", "/status/99999999999"] {
        app.get(unknown).await.expect(404);
    }
}

#[tokio::test]
async fn a_list_is_signed_anew_when_a_bit_changed_and_after_six_hours_and_not_otherwise() {
    let app = TestApp::new().await;
    let award = app.certify(&ana()).await;
    let first = list(&app).await;
    app.clock.advance(TimeDelta::hours(5));
    assert_eq!(list(&app).await, first, "nothing changed");
    app.clock.advance(TimeDelta::hours(1));
    let second = list(&app).await;
    assert_eq!(second["validFrom"], "2026-11-20T16:00:00Z");
    app.clock.advance(TimeDelta::minutes(1));
    app.act(&award, "revoke", &json!({ "reason": "other" })).await.expect(200);
    let third = list(&app).await;
    assert_eq!(third["validFrom"], "2026-11-20T16:01:00Z");
    let encoded = third["credentialSubject"]["encodedList"].as_str().unwrap();
    assert_eq!(Bitstring::decode(encoded).unwrap().count(), 1);
}

#[tokio::test]
async fn indices_tell_no_order_and_are_not_given_away_again_after_a_restart() {
    let engine: Arc<dyn Engine> = Arc::new(MemoryEngine::new());
    let mut app = TestApp::over(engine.clone()).await;
    let mut seen = Vec::new();
    for n in 0..12 {
        if n == 6 {
            app = app.restarted();
        }
        let award =
            app.certify(&json!({ "name": format!("Person {n}"), "email": format!("p{n}@partner.example") })).await;
        let credential = app.get(&path(&award["addresses"]["credential"])).await.expect(200).json();
        assert_eq!(credential["credentialStatus"]["statusPurpose"], "revocation");
        let index = credential["credentialStatus"]["statusListIndex"].as_str().unwrap().parse::<u32>().unwrap();
        seen.push(index);
    }
    assert_eq!(seen.iter().collect::<HashSet<_>>().len(), 12);
    let neighbours = seen.windows(2).filter(|pair| pair[0].abs_diff(pair[1]) <= 8).count();
    assert!(neighbours <= 1, "{seen:?}");
    assert!(seen.iter().max().unwrap() - seen.iter().min().unwrap() > 20_000, "{seen:?}");
}
