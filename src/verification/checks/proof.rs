//! `proof`: does a signature fit the content? One that does suffices.

use super::{Answer, Case};
use crate::verification::report::{CheckId, Verdict};
use crate::verification::signatures::Signed;
use crate::verification::words;

pub(in crate::verification) fn check(case: &Case<'_>) -> Answer {
    answer(case).need(case.signatures.needs().cloned())
}

fn answer(case: &Case<'_>) -> Answer {
    match case.signatures.signed() {
        Signed::Fits { others } => fits(case, others),
        Signed::DoesNotFit => fail(words::DOES_NOT_FIT.to_owned()),
        Signed::Absent => {
            fail("It carries no signature: anybody could have written it.".to_owned()).fact("problem", "no_signature")
        }
        Signed::RanOut => fail("Its signature has run out, by its own word.".to_owned()),
        Signed::Undefined => {
            Answer::open(CheckId::Proof, "Its content has no settled meaning that a signature could be compared with.")
        }
        Signed::Malformed(why) => fail(format!("Its signature cannot be read: {why}.")).fact("problem", why),
        Signed::NotVouchedFor(who, why) => fail(format!(
            "The key it was signed with is not vouched for by {}: {why}. Do not rely on it.",
            words::host(&who)
        ))
        .fact("controller", who),
        Signed::Unreachable(who, why) => {
            let what = format!("The list of keys of {}", words::host(&who));
            Answer::open(CheckId::Proof, words::missed(&what, &why, case.facts.now))
                .fact("controller", who)
                .hint("Without the issuer's key nothing can be said of the signature.")
        }
        Signed::Unbound(who, why) => {
            Answer::open(CheckId::Proof, format!("Whose key signed it cannot be told: {} {why}.", words::host(&who)))
                .fact("controller", who)
                .hint("Ask the issuer to name the key in the document at its own identifier.")
        }
        Signed::Unsupported(suite) => {
            Answer::open(CheckId::Proof, format!("Signatures of the kind {suite} are not read by this version."))
                .fact("cryptosuite", suite)
        }
    }
}

fn fits(case: &Case<'_>, others: bool) -> Answer {
    let methods: Vec<&str> = case.signatures.proven().map(|(_, method)| method).collect();
    let contradictions =
        case.secured.token.as_ref().map(|token| token.contradictions(case.document)).unwrap_or_default();
    let answer = if !contradictions.is_empty() {
        let words = format!(
            "The signature fits, but what is signed contradicts itself: the claims {} say something else than the \
             credential. Do not rely on it.",
            contradictions.join(", ")
        );
        fail(words).fact("claims", contradictions)
    } else if others {
        Answer::warning(CheckId::Proof, "A signature fits this content; another one it carries could not be confirmed.")
            .fact("each", case.signatures.each().iter().map(|held| held.name()).collect::<Vec<_>>())
    } else {
        Answer::passed(CheckId::Proof, "The signature fits this content: nothing was changed since it was signed.")
    };
    answer.fact("verificationMethod", methods).fact("made_by", case.signatures.kinds())
}

fn fail(words: String) -> Answer {
    Answer::failed(CheckId::Proof, Verdict::Invalid, words)
}
