//! `format`: is it a verifiable credential, and an Open Badge?

use super::{Answer, Case};
use crate::openbadges::reading::{is_a, many};
use crate::verification::report::{CheckId, Verdict};
use crate::verification::words;

/// The two names of the one class.
const BADGE: [&str; 2] = ["OpenBadgeCredential", "AchievementCredential"];

/// Whether a credential calls itself an Open Badge.
pub(in crate::verification) fn is_badge(document: &serde_json::Value) -> bool {
    BADGE.iter().any(|class| is_a(document, class))
}

/// Whether it has the looks of a verifiable credential at all.
pub(in crate::verification) fn is_any(document: &serde_json::Value) -> bool {
    !many(document, "@context").is_empty() && (is_a(document, "VerifiableCredential") || is_badge(document))
}

pub(in crate::verification) fn check(case: &Case<'_>) -> Answer {
    let document = case.document;
    let fail = |why: &str| Answer::failed(CheckId::Format, Verdict::Malformed, words::malformed(why));
    let (is_credential, is_badge) = (is_a(document, "VerifiableCredential"), is_badge(document));
    if many(document, "@context").is_empty() || many(document, "type").is_empty() {
        return fail("it is JSON, but not a verifiable credential");
    }
    if !is_credential && !is_badge {
        let found: Vec<&str> = many(document, "type").iter().take(8).filter_map(|t| t.as_str()).collect();
        return fail("it is neither an Open Badge nor another verifiable credential").fact("type", found);
    }
    let answer = if case.in_presentation {
        let words =
            "It was handed in within a presentation. Only the credential in it was checked, not who presented it.";
        Answer::warning(CheckId::Format, words)
    } else if !is_badge {
        Answer::warning(CheckId::Format, "It is a verifiable credential, but not an Open Badge.")
    } else if !is_credential {
        Answer::warning(CheckId::Format, "It is an Open Badge that does not call itself a verifiable credential.")
    } else {
        Answer::passed(CheckId::Format, "It is an Open Badges 3.0 credential.")
    };
    match &case.secured.token {
        Some(token) => answer.fact("alg", token.jws.algorithm().name()),
        None => answer,
    }
}
