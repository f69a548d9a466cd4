//! From a `verificationMethod` to a key: computed, or looked up in a document that was fetched.

use chrono::{DateTime, Utc};

use super::facts::{Facts, Found};
use crate::proof::{PublicKey, did};

/// Why there is no key for a verification method.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum KeyProblem {
    /// The document with the keys could not be had; why.
    Unreachable(String),
    /// It was had, and does not vouch for this key; why.
    NotVouchedFor(String),
}

/// The identifier whose document lists the method: all before the `#`.
pub(super) fn controller(method: &str) -> &str {
    method.split('#').next().unwrap_or(method)
}

/// Whether the keys of this identifier must be fetched, and can be.
pub(super) fn is_fetched(controller: &str) -> bool {
    ["did:web:", "https://", "http://"].iter().any(|start| controller.starts_with(start))
}

/// The key a verification method names, if its controller vouches for it.
///
/// A document is asked at `now`, whatever moment the answer is about: a key found stolen today proves nothing about
/// yesterday either.
pub(super) fn key(method: &str, purpose: &str, facts: &Facts) -> Result<PublicKey, KeyProblem> {
    if purpose != "assertionMethod" {
        return Err(KeyProblem::NotVouchedFor(format!("was made for the purpose \u{201c}{purpose}\u{201d}")));
    }
    let controller = controller(method);
    if let Some(own_key) = controller.strip_prefix("did:key:") {
        let fragment = method.split_once('#').map_or(own_key, |(_, fragment)| fragment);
        if fragment != own_key {
            return Err(KeyProblem::NotVouchedFor("names a key other than the identifier's own".to_owned()));
        }
        return did::key_of_did_key(controller).map_err(|e| KeyProblem::NotVouchedFor(e.to_string()));
    }
    match facts.controllers.get(controller) {
        Some(Found::Got(document)) => listed(document, method, purpose, facts.now),
        Some(Found::CouldNot(why)) => Err(KeyProblem::Unreachable(why.clone())),
        None if is_fetched(controller) => Err(KeyProblem::Unreachable("was not asked".to_owned())),
        None => Err(KeyProblem::Unreachable("is named in a way that cannot be looked up here".to_owned())),
    }
}

fn listed(
    document: &serde_json::Value,
    method: &str,
    purpose: &str,
    now: DateTime<Utc>,
) -> Result<PublicKey, KeyProblem> {
    did::verification_method(document, method, purpose, now).map_err(|e| KeyProblem::NotVouchedFor(e.to_string()))
}
