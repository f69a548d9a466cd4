//! A key that everybody knows, and what it signs.

use std::sync::LazyLock;

use assay::proof::data_integrity::{self, ProofOptions};
use assay::proof::{PublicKey, did, jose};
use assay::verification::RECEIPT_TYPE;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signer as _, SigningKey};
use serde_json::{Value, json};

static SECRET: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::from_bytes(&[7; 32]));

/// What its signatures are checked with.
pub static KEY: LazyLock<PublicKey> = LazyLock::new(|| {
    PublicKey::from_bytes(SECRET.verifying_key().as_bytes()).expect("a key made of a seed is a sound key")
});

/// The issuer who is the sample key.
pub static DID: LazyLock<String> = LazyLock::new(|| did::did_key(&KEY));

/// The sample key as badges name it.
pub fn method() -> String {
    format!("{}#{}", *DID, KEY.multibase())
}

/// A credential with a proof by the sample key within; none if it is no JSON or has no canonical form.
pub fn embedded(unsigned: &[u8]) -> Option<Vec<u8>> {
    let mut document: Value = assay::linked_data::json::parse(unsigned).ok()?;
    // An issuer who is no key itself has a list of keys, which can name the sample key.
    let issuer = document.get("issuer").map(|issuer| issuer.get("id").unwrap_or(issuer));
    let verification_method = match issuer.and_then(Value::as_str) {
        Some(did) if did.starts_with("did:web:") => format!("{did}#{}", KEY.multibase()),
        _ => method(),
    };
    let options = ProofOptions { verification_method, created: "2026-03-01T09:30:00Z".parse().ok()? };
    let bytes = data_integrity::bytes_to_sign(&document, &options).ok()?;
    let proof = data_integrity::proof(&options, &sign(&bytes));
    document.as_object_mut()?.insert("proof".to_owned(), json!([proof]));
    serde_json::to_vec(&document).ok()
}

/// A compact JWS of the sample key around any bytes.
pub fn token(payload: &[u8]) -> Option<Vec<u8>> {
    Some(compact(json!({ "alg": "EdDSA", "kid": method() }).to_string().as_bytes(), payload).into_bytes())
}

/// The same, said to be a receipt.
pub fn receipt(payload: &[u8]) -> Option<Vec<u8>> {
    let header = json!({ "alg": "EdDSA", "typ": RECEIPT_TYPE, "kid": method() });
    Some(compact(header.to_string().as_bytes(), payload).into_bytes())
}

/// Header, payload and the sample key's signature, whatever they say.
pub fn compact(header: &[u8], payload: &[u8]) -> String {
    let input = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
    jose::compact(input.as_bytes(), &sign(input.as_bytes()))
}

fn sign(bytes: &[u8]) -> [u8; 64] {
    SECRET.sign(bytes).to_bytes()
}
