//! `format`: is it a verifiable credential, and an Open Badge?

use super::{Answer, Case};
use crate::openbadges::reading::{is_a, many};
use crate::verification::report::{CheckId, Verdict};
use crate::verification::words;

/// The two names of the one class.
const BADGE: [&str; 2] = ["OpenBadgeCredential", "AchievementCredential"];

pub(in crate::verification) fn check(case: &Case<'_>) -> Answer {
    let document = case.document;
    let fail = |why: &str| Answer::failed(CheckId::Format, Verdict::Malformed, words::malformed(why));
    if many(document, "@context").is_empty() || many(document, "type").is_empty() {
        return fail("it is JSON, but not a verifiable credential");
    }
    if is_a(document, "VerifiablePresentation") {
        return fail("it is a presentation of credentials; check the credentials in it one by one");
    }
    // The published schema accepts the badge class alone.
    if !BADGE.iter().any(|class| is_a(document, class)) {
        let found: Vec<&str> = many(document, "type").iter().take(8).filter_map(|t| t.as_str()).collect();
        return fail("it is not an Open Badge").fact("type", found);
    }
    if is_a(document, "VerifiableCredential") {
        Answer::passed(CheckId::Format, "It is an Open Badges 3.0 credential.")
    } else {
        Answer::warning(CheckId::Format, "It is an Open Badge that does not call itself a verifiable credential.")
    }
}
