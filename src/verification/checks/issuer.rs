//! `issuer`: does the key that signed belong to the issuer it names?

use super::{Answer, Case};
use crate::verification::report::{CheckId, Verdict};
use crate::verification::words;

pub(in crate::verification) fn check(case: &Case<'_>) -> Answer {
    let Some(issuer) = case.issuer else {
        return fail("It does not say who issued it.");
    };
    let shown_as = case.facts.leads_to(issuer).unwrap_or(issuer);
    let answer = if case.is_genuine() {
        Answer::passed(
            CheckId::Issuer,
            format!("The key that signed it belongs to the issuer it names: {}.", words::host(shown_as)),
        )
    } else if case.signatures.proven().next().is_some() {
        fail("It was signed with a key that does not belong to the issuer it names. Do not rely on it.")
    } else if case.signatures.are_by_others(issuer) {
        fail("It claims to be signed with a key that does not belong to the issuer it names. Do not rely on it.")
    } else {
        Answer::open(CheckId::Issuer, "As long as no signature is confirmed, nobody is proven to have issued it.")
    };
    answer.fact("issuer", issuer)
}

fn fail(words: &str) -> Answer {
    Answer::failed(CheckId::Issuer, Verdict::Invalid, words)
}
