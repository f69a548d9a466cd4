//! Data Integrity proofs: eddsa-rdfc-2022 made and checked; eddsa-jcs-2022, Ed25519Signature2020, ecdsa-rdfc-2019,
//! ecdsa-jcs-2019 and derived proofs of ecdsa-sd-2023 checked.

mod cbor;
mod hash;
mod secured;
mod selective;
mod suite;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use super::PublicKey;
use crate::clock;
use crate::linked_data::{self, Library};
use hash::Hash;
use secured::Secured;

pub use selective::{MAX_STATEMENT_SIGNATURES, SELECTIVE};

/// The most proofs that are looked at on one document.
pub const MAX_PROOFS: usize = 16;

/// What a proof of ours says beside its value: a `DataIntegrityProof` with eddsa-rdfc-2022, for `assertionMethod`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProofOptions {
    /// The id of the key.
    pub verification_method: String,
    /// When the proof is made.
    pub created: DateTime<Utc>,
}

/// Why proofs can be neither made nor checked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProofError {
    /// Not a JSON object.
    #[error("the document is not a JSON object")]
    NotAnObject,
    /// No `proof`.
    #[error("the document has no proof")]
    NoProof,
    /// More than [`MAX_PROOFS`].
    #[error("{count} proofs are more than the {MAX_PROOFS} allowed")]
    TooManyProofs {
        /// How many there are.
        count: usize,
    },
    /// The document has no canonical form.
    #[error(transparent)]
    Document(#[from] linked_data::Error),
}

/// What became of one proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProofVerdict {
    /// The proof's own id, if it has one.
    pub id: Option<String>,
    /// The id of the key, as the proof says; empty where it says none.
    pub verification_method: String,
    /// The suite: `cryptosuite`, or the type where the type is a suite.
    pub cryptosuite: String,
    /// What the proof is for; empty where it does not say.
    pub purpose: String,
    /// When the proof says it was made. No evidence: whoever holds the key can write any date.
    pub created: Option<DateTime<Utc>>,
    /// Until when the proof itself is meant to be relied on; comparing it with the present is the caller's part.
    pub expires: Option<DateTime<Utc>>,
    /// The proofs that this one covers, too.
    pub previous: Vec<String>,
    /// Whether the signature fits.
    pub outcome: Outcome,
}

/// The outcome of checking one proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The signature fits the document.
    Fits,
    /// It does not: the document or the proof has been changed, or another key was used.
    DoesNotFit,
    /// The key could not be had.
    UnknownKey,
    /// A suite that is not known here.
    Unsupported(String),
    /// The proof itself is not as it must be.
    Malformed(String),
}

/// The 64 bytes to sign: hash of the proof's options, then hash of the document, of which a `proof` is left out.
pub fn bytes_to_sign(unsigned: &Value, options: &ProofOptions) -> Result<[u8; 64], ProofError> {
    let document = unsigned.as_object().ok_or(ProofError::NotAnObject)?;
    let mut configuration = options_of(options);
    if let Some(context) = document.get("@context") {
        configuration.insert("@context".to_owned(), context.clone());
    }
    let library = Library::built_in();
    let config_hash = Hash::Sha256.rdfc(library, &Value::Object(configuration))?;
    let document_hash = if document.contains_key("proof") {
        Hash::Sha256.rdfc(library, &Value::Object(without(document, "proof")))?
    } else {
        Hash::Sha256.rdfc(library, unsigned)?
    };
    let mut both = [0; 64];
    both[..32].copy_from_slice(&config_hash);
    both[32..].copy_from_slice(&document_hash);
    Ok(both)
}

/// The proof object to put into the document's `proof`.
pub fn proof(options: &ProofOptions, signature: &[u8; 64]) -> Value {
    let mut proof = options_of(options);
    proof.insert("proofValue".to_owned(), Value::String(format!("z{}", bs58::encode(signature).into_string())));
    Value::Object(proof)
}

/// Checks every proof of a document, a set or a chain; `key_for` finds the key by its id and purpose.
///
/// eddsa-jcs-2022 and ecdsa-jcs-2019 say nothing about contexts and terms: who relies on the meaning of a document with
/// such a proof canonicalizes it as well. A proof of ecdsa-sd-2023 says nothing about what was left out.
pub fn verify(
    document: &Value,
    key_for: &mut dyn FnMut(&str, &str) -> Option<PublicKey>,
) -> Result<Vec<ProofVerdict>, ProofError> {
    verify_with(Library::built_in(), document, key_for)
}

/// The same, with other contexts than the compiled-in ones.
pub fn verify_with(
    library: &Library,
    document: &Value,
    key_for: &mut dyn FnMut(&str, &str) -> Option<PublicKey>,
) -> Result<Vec<ProofVerdict>, ProofError> {
    let document = document.as_object().ok_or(ProofError::NotAnObject)?;
    let proofs = match document.get("proof") {
        None | Some(Value::Null) => return Err(ProofError::NoProof),
        Some(Value::Array(proofs)) if proofs.is_empty() => return Err(ProofError::NoProof),
        Some(Value::Array(proofs)) => proofs.as_slice(),
        Some(one) => std::slice::from_ref(one),
    };
    if proofs.len() > MAX_PROOFS {
        return Err(ProofError::TooManyProofs { count: proofs.len() });
    }
    let mut secured = Secured::new(library, without(document, "proof"), proofs);
    proofs.iter().map(|proof| secured.check(proof, key_for)).collect()
}

fn options_of(options: &ProofOptions) -> Map<String, Value> {
    let options = json!({
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": clock::rfc3339(options.created),
        "verificationMethod": options.verification_method,
        "proofPurpose": "assertionMethod",
    });
    match options {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

fn without(map: &Map<String, Value>, key: &str) -> Map<String, Value> {
    map.iter().filter(|(name, _)| *name != key).map(|(name, value)| (name.clone(), value.clone())).collect()
}
