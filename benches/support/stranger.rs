//! A badge of somebody under did:key, signed: all that it rests on is within it, so that nothing has to be fetched.

use assay::proof::PublicKey;
use assay::proof::data_integrity::{ProofOptions, bytes_to_sign, proof};
use ed25519_dalek::{Signer as _, SigningKey};
use serde_json::{Value, json};

/// The sample credential of the benches, as its bytes.
pub(crate) fn badge() -> Vec<u8> {
    let secret = SigningKey::from_bytes(&[7; 32]);
    let key = PublicKey::from_bytes(secret.verifying_key().as_bytes()).expect("a key made of a seed is a sound key");
    let did = format!("did:key:{}", key.multibase());
    let mut document: Value = serde_json::from_str(include_str!("../credential.json")).expect("the sample is JSON");
    document["issuer"]["id"] = json!(did);
    document
        .as_object_mut()
        .expect("an object")
        .retain(|name, _| name != "credentialStatus" && name != "refreshService");
    let options = ProofOptions {
        verification_method: format!("{did}#{}", key.multibase()),
        created: "2026-03-01T09:30:00Z".parse().expect("a date"),
    };
    let hash = bytes_to_sign(&document, &options).expect("the sample has a canonical form");
    document["proof"] = json!([proof(&options, &secret.sign(&hash).to_bytes())]);
    serde_json::to_vec(&document).expect("JSON is written")
}
