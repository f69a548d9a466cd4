//! did:key, did:jwk, did:web, and the documents that say which key may sign what.

mod document;
mod web;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::{KeyError, PublicKey};
use crate::linked_data::json;

pub use document::{MethodError, PublishedKey, document, read_method, verification_method};
pub(super) use web::is_dns_name;
pub use web::{did_web, did_web_address};

/// The longest did:jwk worth reading; an RSA key of 8192 bits has some 1,900 characters.
const MAX_JWK: usize = 4_096;

/// Why a DID leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DidError {
    /// Another method.
    #[error("\"{did}\" is not a {method}")]
    Method {
        /// The DID as written.
        did: String,
        /// The method that was wanted.
        method: &'static str,
    },
    /// A host that is no DNS name, or a path that could leave its place.
    #[error("\"{did}\" is malformed")]
    Malformed {
        /// The DID as written.
        did: String,
    },
    /// The fragment after a DID that is made of one key names another.
    #[error("\"{method}\" names a key other than the identifier's own")]
    OtherKey {
        /// The verification method as written.
        method: String,
    },
    /// The key inside of a did:key or did:jwk.
    #[error(transparent)]
    Key(#[from] KeyError),
}

/// The did:key of a key.
pub fn did_key(key: &PublicKey) -> String {
    format!("did:key:{}", key.multibase())
}

/// The key that a did:key is made of.
pub fn key_of_did_key(did: &str) -> Result<PublicKey, DidError> {
    let text =
        did.strip_prefix("did:key:").ok_or_else(|| DidError::Method { did: did.to_owned(), method: "did:key" })?;
    Ok(PublicKey::from_multibase(text)?)
}

/// The key that a did:jwk is made of.
pub fn key_of_did_jwk(did: &str) -> Result<PublicKey, DidError> {
    let text =
        did.strip_prefix("did:jwk:").ok_or_else(|| DidError::Method { did: did.to_owned(), method: "did:jwk" })?;
    let bytes = if text.len() <= MAX_JWK { URL_SAFE_NO_PAD.decode(text).ok() } else { None };
    let jwk = bytes.and_then(|bytes| json::parse(&bytes).ok());
    Ok(PublicKey::from_jwk(&jwk.ok_or_else(|| DidError::Malformed { did: did.to_owned() })?)?)
}

/// The key of a verification method whose DID is made of that key: `did:key:z…#z…` or `did:jwk:…#0`, with or without
/// the fragment. None for every other DID: its document must be asked.
pub fn key_of_method(method: &str) -> Option<Result<PublicKey, DidError>> {
    let (did, fragment) = method.split_once('#').map_or((method, None), |(did, fragment)| (did, Some(fragment)));
    let (key, own) = match did.strip_prefix("did:key:") {
        Some(key) => (key_of_did_key(did), key),
        None if did.starts_with("did:jwk:") => (key_of_did_jwk(did), "0"),
        None => return None,
    };
    if fragment.is_some_and(|fragment| fragment != own) {
        return Some(Err(DidError::OtherKey { method: method.to_owned() }));
    }
    Some(key)
}
