//! `context`: does every term have a meaning, and the one we read into it?

use serde_json::Value;

use super::{Answer, Case, format};
use crate::linked_data::Error;
use crate::openbadges::reading::many;
use crate::openbadges::{CONTEXT_VC1, CONTEXT_VC2};
use crate::verification::report::{CheckId, Verdict};
use crate::verification::spelling::{self, Spelling};

const OB3_CONTEXTS: &str = "https://purl.imsglobal.org/spec/ob/v3p0/context";

pub(in crate::verification) fn check(case: &Case<'_>) -> Answer {
    let contexts = many(case.document, "@context");
    let first = contexts.first().and_then(Value::as_str);
    if !matches!(first, Some(CONTEXT_VC2 | CONTEXT_VC1)) {
        return fail("Its first context is not that of verifiable credentials: what its words mean is not settled.");
    }
    let own = match spelling::own_terms(case.document) {
        Err(Spelling::OwnContext(which)) => return own_context(&which),
        Err(Spelling::Roundabout(name)) => {
            let words = format!(
                "It spells part of its content in a way in which it could be overlooked ({name}). Do not rely on it."
            );
            return fail(&words).fact("member", name);
        }
        Ok(own) => own,
    };
    if let Some(error) = &case.signatures.undefined {
        return undefined(error);
    }
    let second = contexts.get(1).and_then(Value::as_str);
    if format::is_badge(case.document) && !second.is_some_and(|url| url.starts_with(OB3_CONTEXTS)) {
        return Answer::warning(
            CheckId::Context,
            "Every term is defined, but the Open Badges context does not stand where it should.",
        );
    }
    if first == Some(CONTEXT_VC1) {
        return Answer::warning(CheckId::Context, "Every term is defined, by the older version 1.1 of the data model.");
    }
    if !own.is_empty() {
        return Answer::passed(
            CheckId::Context,
            "Every term in it is defined by contexts we know, or by the badge itself as one of its own.",
        )
        .fact("own_terms", own);
    }
    Answer::passed(CheckId::Context, "Every term in it is defined by contexts we know.")
}

fn fail(words: &str) -> Answer {
    Answer::failed(CheckId::Context, Verdict::Invalid, words)
}

fn own_context(which: &str) -> Answer {
    Answer::open(CheckId::Context, format!("It uses a context that is not known here: {which}."))
        .fact("context", which)
        .hint("Contexts are never fetched: what they say could change after signing. Ask the issuer for a badge with the published contexts.")
}

fn undefined(error: &Error) -> Answer {
    match error {
        Error::UnknownContext { url } => own_context(url),
        Error::Unsupported { .. } | Error::TooComplex { .. } => {
            Answer::open(CheckId::Context, format!("Its content could not be followed through: {error}."))
        }
        _ => fail(&format!(
            "Part of its content has no defined meaning, so that a signature cannot cover it: {error}. Do not rely on it."
        ))
        .fact("problem", error.to_string()),
    }
}
