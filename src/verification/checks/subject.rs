//! `subject`: is it about the person it is said to be about? Made only when somebody asked.

use serde_json::Value;

use super::{Answer, Case};
use crate::openbadges::reading::{first, many};
use crate::openbadges::{comparable_email, identity_hash, spellings_of_email};
use crate::verification::report::{CheckId, Verdict};

/// The most identities of one subject that are looked at.
const MAXIMUM_IDENTITIES: usize = 32;

pub(in crate::verification) fn check(case: &Case<'_>) -> Option<Answer> {
    let asked = case.facts.holder.as_deref()?.trim();
    let nothing = Value::Null;
    let subject = first(case.document, "credentialSubject").unwrap_or(&nothing);
    if subject.get("id").and_then(Value::as_str) == Some(asked) {
        return Some(judged(Some(true)));
    }
    let identities = many(subject, "identifier");
    if identities.is_empty() && subject.get("id").is_none() {
        return Some(Answer::open(CheckId::Subject, "It does not say to whom it was issued."));
    }
    let found: Vec<Option<bool>> = identities.iter().take(MAXIMUM_IDENTITIES).map(|i| is_meant(i, asked)).collect();
    if found.contains(&Some(true)) {
        return Some(judged(Some(true)));
    }
    Some(judged(if found.contains(&None) { None } else { Some(false) }))
}

/// The answer to: is it the same? None: it cannot be told.
pub(in crate::verification) fn judged(same: Option<bool>) -> Answer {
    match same {
        Some(true) => Answer::passed(CheckId::Subject, "It was issued to the holder you named."),
        Some(false) => {
            let words = "It was not issued to the holder you named, or names them in another way.";
            Answer::failed(CheckId::Subject, Verdict::Invalid, words)
        }
        None => Answer::open(CheckId::Subject, "It names its holder by a kind of hash that is not read here."),
    }
}

fn is_meant(identity: &Value, asked: &str) -> Option<bool> {
    let member = |name: &str| identity.get(name).and_then(Value::as_str).unwrap_or_default();
    let hashed = identity.get("hashed").and_then(Value::as_bool) == Some(true);
    same_identity(asked, member("identityHash"), member("salt"), hashed)
}

/// Whether an identity as written is the one asked for: as typed, and in the spelling in which careful issuers hash
/// addresses. None for a hash that is not read here.
pub(in crate::verification) fn same_identity(asked: &str, written: &str, salt: &str, hashed: bool) -> Option<bool> {
    let asked = without_scheme(asked);
    if !hashed {
        let written = without_scheme(written);
        return Some(!written.is_empty() && (written == asked || comparable_email(written) == comparable_email(asked)));
    }
    let known = written.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("sha256$"));
    let fits = |text: &String| identity_hash(text, salt).eq_ignore_ascii_case(written);
    known.then(|| spellings_of_email(asked).iter().any(fits))
}

/// Some write a mail address as the address of the web that it makes.
fn without_scheme(identity: &str) -> &str {
    let scheme = identity.get(..7).filter(|start| start.eq_ignore_ascii_case("mailto:"));
    scheme.map_or(identity, |_| &identity[7..])
}
