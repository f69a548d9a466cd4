//! Issuing: what is signed, with which key, and what is refused.

use assay::config::VcApiConfig;
use assay::service::vc_api;
use serde_json::{Value, json};

use super::{Holder, ISSUE, PRESENT, Suite, VERIFY, problems, with, without};
use crate::support::app::TestApp;

#[tokio::test]
async fn what_is_issued_says_what_was_given_and_carries_one_proof() {
    let suite = Suite::new().await;
    let given = suite.credential();
    let reply = suite.ask(ISSUE, &json!({ "credential": given })).await.expect(201);
    assert_eq!(reply.header("content-type"), "application/json");
    let issued = reply.json()["verifiableCredential"].clone();
    assert_eq!(without(&issued, "proof"), given, "nothing is added or left out");
    let proof = &issued["proof"];
    assert_eq!(proof["cryptosuite"], "eddsa-rdfc-2022");
    assert_eq!(proof["proofPurpose"], "assertionMethod");
    assert_eq!(proof["created"], "2026-11-20T10:00:00Z");
    let key = suite.did().strip_prefix("did:key:").unwrap();
    assert_eq!(proof["verificationMethod"], format!("{}#{key}", suite.did()));
    let answer = suite.verify(&issued, true).await;
    assert_eq!(answer["problemDetails"], json!([]));
}

#[tokio::test]
async fn what_may_be_left_out_is_filled_in() {
    let suite = Suite::new().await;
    let bare = without(&without(&suite.credential(), "issuer"), "validFrom");
    let issued = suite.issue(&bare).await;
    assert_eq!(issued["issuer"], suite.did());
    assert!(issued.get("validFrom").is_none() && issued.get("id").is_none(), "nothing is invented: {issued}");

    let named = |credential: &Value| json!({ "credential": credential, "options": { "credentialId": "urn:uuid:7" } });
    let id = async |credential: &Value| {
        let reply = suite.ask(ISSUE, &named(credential)).await.expect(201);
        reply.json()["verifiableCredential"]["id"].clone()
    };
    assert_eq!(id(&bare).await, "urn:uuid:7");
    assert_eq!(id(&with(&bare, "id", json!("urn:uuid:8"))).await, "urn:uuid:8");
}

#[tokio::test]
async fn a_proof_that_is_there_stays_beside_the_new_one() {
    let suite = Suite::new().await;
    let other = Holder::new(9).sign(&suite.credential(), "assertionMethod", &json!({}));
    let issued = suite.issue(&other).await;
    assert_eq!(issued["proof"][0], other["proof"]);
    let answer = suite.verify(&issued, true).await;
    assert_eq!(answer["results"]["proof"].as_array().unwrap().len(), 2);
    assert!(answer["results"]["proof"].as_array().unwrap().iter().all(|part| part["verified"] == true), "{answer}");
}

#[tokio::test]
async fn a_credential_of_version_1_1_gets_the_context_that_defines_its_proof() {
    let suite = Suite::new().await;
    let issued = suite.issue(&suite.older_credential()).await;
    assert_eq!(issued["@context"][1], "https://w3id.org/security/data-integrity/v2");
    suite.verify(&issued, true).await;
}

#[tokio::test]
async fn what_is_not_well_formed_is_refused_and_every_flaw_named() {
    let suite = Suite::new().await;
    let sound = suite.credential();
    let malformed = "MALFORMED_VALUE_ERROR";
    let table: [(Value, &[&str], &str); 16] = [
        (without(&sound, "@context"), &[malformed], "@context must begin with"),
        (with(&sound, "@context", json!(["https://www.w3.org/ns/credentials/v2", 7])), &[malformed], "@context must"),
        (without(&sound, "type"), &[malformed], "type must name VerifiableCredential"),
        (without(&sound, "credentialSubject"), &[malformed], "credentialSubject is missing"),
        (with(&sound, "credentialSubject", json!({})), &[malformed], "must be an object that says something"),
        (with(&sound, "id", json!("no url")), &[malformed], "id must be one URL"),
        (with(&sound, "validFrom", json!("yesterday")), &[malformed], "validFrom must be one moment"),
        (with(&sound, "validUntil", json!("2020-01-01T00:00:00Z")), &[malformed], "validUntil must not lie before"),
        (with(&sound, "credentialStatus", json!({"id": "urn:x"})), &[malformed], "credentialStatus must have a type"),
        (with(&sound, "credentialSchema", json!({"type": "JsonSchema"})), &[malformed], "must have an id"),
        (with(&sound, "issuer", json!({"name": "X"})), &[malformed], "issuer must be named by a URL"),
        (with(&sound, "issuer", json!("did:example:another")), &[malformed], suite.did()),
        (with(&sound, "issuer", json!({"id": "did:web:badges.northwind.example"})), &[malformed], suite.did()),
        (with(&without(&sound, "type"), "id", json!(1)), &[malformed, malformed], "id must be one URL"),
        (with(&sound, "frobnicate", json!(3)), &["DATA_LOSS_DETECTION_ERROR"], "frobnicate"),
        (
            with(&sound, "@context", json!(["https://www.w3.org/ns/credentials/v2", "https://unknown.example/v1"])),
            &["DATA_LOSS_DETECTION_ERROR"],
            "https://unknown.example/v1",
        ),
    ];
    for (credential, expected, words) in table {
        let answer = suite.ask(ISSUE, &json!({ "credential": credential })).await.expect(400).json();
        assert_eq!(problems(&answer), expected, "{answer}");
        assert!(answer.to_string().contains(words), "{words}: {answer}");
        assert_eq!((&answer["title"], &answer["status"]), (&json!(expected[0]), &json!(400)));
        assert!(answer.get("verifiableCredential").is_none());
    }
}

#[tokio::test]
async fn a_request_that_is_not_understood_is_refused() {
    let suite = Suite::new().await;
    let credential = suite.credential();
    let with_options = |options: Value| json!({ "credential": credential, "options": options });
    for (body, title) in [
        (with_options(json!({"surprise": true})), "UNKNOWN_OPTION_PROVIDED"),
        (with_options(json!({"mandatoryPointers": ["/issuer"]})), "UNKNOWN_OPTION_PROVIDED"),
        (with_options(json!({"mandatoryPointers": "/issuer"})), "MALFORMED_VALUE_ERROR"),
        (with_options(json!({"credentialId": 7})), "MALFORMED_VALUE_ERROR"),
        (with_options(json!("none")), "PARSING_ERROR"),
        (json!({"credential": credential, "more": 1}), "PARSING_ERROR"),
        (json!({"options": {}}), "PARSING_ERROR"),
        (json!({"credential": "text"}), "MALFORMED_VALUE_ERROR"),
        (json!({"credential": null}), "MALFORMED_VALUE_ERROR"),
        (json!([]), "PARSING_ERROR"),
    ] {
        let reply = suite.ask(ISSUE, &body).await.expect(400);
        assert_eq!(reply.header("content-type"), "application/json");
        assert_eq!(problems(&reply.json()), [title], "{body}: {}", reply.text());
    }
    let unknown = suite.ask(ISSUE, &with_options(json!({"surprise": true}))).await.json();
    assert_eq!(unknown["type"], "https://www.w3.org/TR/vcalm#UNKNOWN_OPTION_PROVIDED");
    let twice = r#"{"credential": {"type": "X", "type": "Y"}}"#;
    let request = axum::http::Request::post(ISSUE).header("content-type", "application/json");
    let reply = suite.app.send(request.body(twice.into()).unwrap()).await.expect(400);
    assert_eq!(problems(&reply.json()), ["PARSING_ERROR"], "a member that is there twice");
    let request = axum::http::Request::post(ISSUE).header("content-type", "text/plain");
    suite.app.send(request.body("{}".into()).unwrap()).await.expect(415);
}

#[tokio::test]
async fn its_key_is_its_own_and_vouches_for_nothing_of_the_issuer() {
    let suite = Suite::new().await;
    let key = suite.app.app.vc_api.as_ref().unwrap().key.clone();
    assert!(suite.keys.path().join(format!("{key}.pem")).exists(), "kept like other keys");
    let published = suite.app.get("/.well-known/did.json").await.expect(200).text();
    assert!(!published.contains(&key), "{published}");
    let listed = suite.app.get_key("/api/v1/signing-keys").await.expect(200).text();
    assert!(!listed.contains(&key), "{listed}");

    let before = suite.app.get_key("/api/v1/events").await.expect(200).text();
    let issued = suite.issue(&suite.credential()).await;
    assert_eq!(suite.app.get_key("/api/v1/events").await.expect(200).text(), before, "nothing of it is kept");
    let report = suite.ask("/api/v1/verify", &issued).await.expect(200).json();
    assert_eq!(report["verdict"], "untrusted_issuer", "{report}");

    let did = suite.did().to_owned();
    let again = suite.app.restarted().with_vc_api(false).await;
    assert_eq!(again.app.vc_api.as_ref().unwrap().did, did, "remembered");
}

#[tokio::test]
async fn it_is_not_switched_on_with_a_key_of_the_issuer() {
    // This keyring has one key only, and gives it out again when a new one is asked for.
    let app = TestApp::new().await;
    let refused = vc_api::switch_on(&app.app, VcApiConfig { refuse_invalid: true }).await.unwrap_err();
    assert!(refused.to_string().contains("a key of the issuer"), "{refused}");
}

#[tokio::test]
async fn switched_off_it_is_not_there() {
    let suite = Suite::off().await;
    for path in [ISSUE, VERIFY, PRESENT] {
        let here = suite.ask(path, &json!({})).await.expect(404).json();
        let nowhere = suite.ask("/nowhere", &json!({})).await.expect(404).json();
        assert_eq!(here, nowhere, "{path}");
    }
    assert_eq!(std::fs::read_dir(suite.keys.path()).unwrap().count(), 1, "no key was made");
}
