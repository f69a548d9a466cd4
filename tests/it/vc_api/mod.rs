//! The W3C VC API through the router, as the public test suites use it.

mod issuing;
mod judged;
mod presentations;
mod served;
mod verifying;

use std::sync::Arc;

use assay::keyring::Keyring;
use assay::linked_data;
use assay::proof::{PublicKey, did};
use assay::store::engine::memory::MemoryEngine;
use ed25519_dalek::{Signer as _, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

use crate::support::app::{BASE, PROGRAM, Reply, TestApp};

const ISSUE: &str = "/credentials/issue";
const VERIFY: &str = "/credentials/verify";
const PRESENT: &str = "/presentations/verify";

/// A service with the API on, and its folder of keys.
struct Suite {
    app: TestApp,
    keys: TempDir,
}

impl Suite {
    /// As the suites of the W3C want it.
    async fn new() -> Self {
        Suite::refusing(true).await
    }

    async fn refusing(refuse_invalid: bool) -> Self {
        let suite = Suite::off().await;
        Suite { app: suite.app.with_vc_api(refuse_invalid).await, ..suite }
    }

    async fn off() -> Self {
        let keys = tempfile::tempdir().unwrap();
        let keyring = Arc::new(Keyring::open(keys.path(), None).unwrap());
        let app = TestApp::signing(keyring, Arc::new(MemoryEngine::new()), PROGRAM, BASE).await;
        Suite { app, keys }
    }

    /// As whom it issues.
    fn did(&self) -> &str {
        &self.app.app.vc_api.as_ref().unwrap().did
    }

    /// Without an API key, as suites ask.
    async fn ask(&self, path: &str, body: &Value) -> Reply {
        let request = axum::http::Request::post(path).header("content-type", "application/json");
        self.app.send(request.body(body.to_string().into()).unwrap()).await
    }

    async fn issue(&self, credential: &Value) -> Value {
        let reply = self.ask(ISSUE, &json!({ "credential": credential, "options": {} })).await.expect(201);
        reply.json()["verifiableCredential"].clone()
    }

    /// The answer to a credential that must verify, or must not.
    async fn verify(&self, credential: &Value, verified: bool) -> Value {
        let body =
            json!({ "verifiableCredential": credential, "options": { "checks": ["proof"], "returnResults": true } });
        let answer = self.ask(VERIFY, &body).await.expect(if verified { 200 } else { 400 }).json();
        assert_eq!(answer["verified"], verified, "{answer}");
        answer
    }

    fn credential(&self) -> Value {
        json!({
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "type": ["VerifiableCredential"],
            "issuer": self.did(),
            "validFrom": "2026-11-01T00:00:00Z",
            "credentialSubject": { "id": Holder::new(1).did, "name": "Ana Lopes" },
        })
    }

    /// The same by version 1.1 of the data model.
    fn older_credential(&self) -> Value {
        let mut older = without(&self.credential(), "validFrom");
        older["@context"] = json!(["https://www.w3.org/2018/credentials/v1"]);
        older["issuanceDate"] = json!("2026-11-01T00:00:00Z");
        older["credentialSubject"] = json!({ "id": "did:example:1" });
        older
    }
}

/// Somebody with a key of their own; signs by the letter of VC Data Integrity, without this project's code for it.
struct Holder {
    key: SigningKey,
    did: String,
    method: String,
}

impl Holder {
    fn new(seed: u8) -> Self {
        let key = SigningKey::from_bytes(&[seed; 32]);
        let public = PublicKey::from_bytes(key.verifying_key().as_bytes()).unwrap();
        let did = did::did_key(&public);
        let method = format!("{did}#{}", public.multibase());
        Holder { key, did, method }
    }

    /// Adds a proof for this purpose that says `more`, too.
    fn sign(&self, document: &Value, purpose: &str, more: &Value) -> Value {
        let mut proof = json!({
            "type": "DataIntegrityProof",
            "cryptosuite": "eddsa-rdfc-2022",
            "created": "2026-11-20T09:00:00Z",
            "verificationMethod": self.method,
            "proofPurpose": purpose,
        });
        proof.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let mut configuration = proof.clone();
        configuration["@context"] = document["@context"].clone();
        let hash = |document: &Value| Sha256::digest(linked_data::canonicalize(document).unwrap());
        let both = [hash(&configuration), hash(document)].concat();
        let signature = self.key.sign(&both).to_bytes();
        proof["proofValue"] = json!(format!("z{}", bs58::encode(signature).into_string()));
        with(document, "proof", proof)
    }
}

fn with(document: &Value, member: &str, value: Value) -> Value {
    let mut changed = document.clone();
    changed[member] = value;
    changed
}

fn without(document: &Value, member: &str) -> Value {
    let mut changed = document.clone();
    changed.as_object_mut().unwrap().shift_remove(member);
    changed
}

/// The names of the types of its problems.
fn problems(answer: &Value) -> Vec<&str> {
    let details = answer["problemDetails"].as_array().unwrap_or_else(|| panic!("{answer}"));
    let titles = details.iter().map(|problem| {
        assert!(problem["type"].as_str().unwrap().ends_with(&format!("#{}", problem["title"].as_str().unwrap())));
        assert!(problem["detail"].as_str().unwrap().ends_with('.'), "{problem}");
        problem["title"].as_str().unwrap()
    });
    titles.collect()
}
