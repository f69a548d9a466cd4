//! `subject`: is it about the person it is said to be about? Made only when somebody asked.

use serde_json::Value;

use super::{Answer, Case};
use crate::openbadges::reading::{first, many};
use crate::openbadges::{identity_hash, normalized_email};
use crate::verification::report::{CheckId, Verdict};

/// The most identities of one subject that are looked at.
const MAXIMUM_IDENTITIES: usize = 32;

pub(in crate::verification) fn check(case: &Case<'_>) -> Option<Answer> {
    let asked = case.facts.holder.as_deref()?.trim();
    let nothing = Value::Null;
    let subject = first(case.document, "credentialSubject").unwrap_or(&nothing);
    let by_id = subject.get("id").and_then(Value::as_str) == Some(asked);
    let identities = many(subject, "identifier");
    if by_id || identities.iter().take(MAXIMUM_IDENTITIES).any(|identity| is_meant(identity, asked)) {
        return Some(Answer::passed(CheckId::Subject, "It was issued to the holder you named."));
    }
    if identities.is_empty() && subject.get("id").is_none() {
        return Some(Answer::open(CheckId::Subject, "It does not say to whom it was issued."));
    }
    let known_hash = |i: &Value| {
        i.get("hashed").and_then(Value::as_bool) != Some(true)
            || i.get("identityHash").and_then(Value::as_str).is_some_and(|h| h.starts_with("sha256$"))
    };
    if !identities.iter().all(known_hash) {
        return Some(Answer::open(CheckId::Subject, "It names its holder by a kind of hash that is not read here."));
    }
    let words = "It was not issued to the holder you named, or names them in another way.";
    Some(Answer::failed(CheckId::Subject, Verdict::Invalid, words))
}

/// As typed, and in the spelling in which careful issuers hash addresses.
fn is_meant(identity: &Value, asked: &str) -> bool {
    let member = |name: &str| identity.get(name).and_then(Value::as_str).unwrap_or_default();
    let written = member("identityHash");
    let normal = normalized_email(asked);
    if identity.get("hashed").and_then(Value::as_bool) == Some(true) {
        let salt = member("salt");
        [asked, &normal].iter().any(|text| identity_hash(text, salt).eq_ignore_ascii_case(written))
    } else {
        !written.is_empty() && (written == asked || normalized_email(written) == normal)
    }
}
