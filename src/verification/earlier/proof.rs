//! `proof` of an assertion: its host serves the same one; or a signature fits, by a key that its issuer names.

use serde_json::Value;

use super::chain::{Chain, Link, Way};
use super::shape::differences;
use crate::openbadges::reading::text;
use crate::proof::{KeyError, PublicKey};
use crate::verification::checks::Answer;
use crate::verification::report::{CheckId, Verdict};
use crate::verification::words;

pub(super) fn check(chain: &Chain<'_>) -> Answer {
    match chain.way {
        Way::Hosted => hosted(chain),
        Way::Signed => signed(chain),
        Way::Unsaid => {
            fail("It says neither where its issuer keeps it nor carries a signature: anybody could have written it.")
        }
    }
}

fn hosted(chain: &Chain<'_>) -> Answer {
    let Some(address) = chain.address else {
        return fail("It does not say where its issuer keeps it: anybody could have written it.");
    };
    let of = words::host(address);
    match &chain.hosted {
        Link::Got(hosted) => same(chain.presented, hosted, &of).fact("address", address),
        Link::Gone => Answer::passed(CheckId::Proof, format!("Its issuer's host, {of}, says that it was kept there."))
            .fact("address", address),
        Link::Text(_) => open(&format!("What {of} keeps at its address is no badge.")),
        Link::Unknown(_, why) => open(&words::missed(&format!("Its issuer's copy at {of}"), why, chain.facts.now))
            .hint("A hosted badge is only what its host serves; without that nothing can be said of it."),
    }
}

fn same(presented: &Value, hosted: &Value, of: &str) -> Answer {
    // What is left of a revoked assertion says nothing else.
    if hosted.get("badge").is_none() && hosted.get("revoked").and_then(Value::as_bool) == Some(true) {
        return Answer::passed(CheckId::Proof, format!("Its issuer's host, {of}, keeps a note that it was revoked."));
    }
    let (matters, besides) = differences(presented, hosted);
    if !matters.is_empty() {
        let words =
            format!("It is not what its issuer keeps at {of}: {} was changed. Do not rely on it.", matters.join(", "));
        return Answer::failed(CheckId::Proof, Verdict::Invalid, words).fact("changed", matters);
    }
    if besides.is_empty() {
        return Answer::passed(CheckId::Proof, format!("It is what its issuer's host, {of}, keeps under its address."));
    }
    let words = format!(
        "Its issuer's host, {of}, keeps the same badge with other details, which count: {}.",
        besides.join(", ")
    );
    Answer::warning(CheckId::Proof, words).fact("differs", besides)
}

fn signed(chain: &Chain<'_>) -> Answer {
    let Some(token) = chain.token else {
        return fail("It says that it is signed, but carries no signature: anybody could have written it.");
    };
    let Some(address) = chain.key_address else {
        return fail("It does not say which key it was signed with.");
    };
    let of = words::host(address);
    let key: Result<PublicKey, KeyError> = match &chain.key {
        Link::Got(key) => match text(key, "publicKeyPem") {
            Some(pem) => PublicKey::from_pem(pem),
            None => return open(&format!("What {of} keeps as the key is none.")),
        },
        Link::Text(pem) => PublicKey::from_pem(pem),
        Link::Gone => return open(&format!("The key at {of} is gone.")),
        Link::Unknown(_, why) => {
            return open(&words::missed(&format!("The key at {of}"), why, chain.facts.now))
                .hint("Without the issuer's key nothing can be said of the signature.");
        }
    };
    let answer = match key {
        Err(error) => open(&format!("The key at {of} cannot be read: {error}.")),
        Ok(key) if token.jws.fits(&key) => {
            Answer::passed(CheckId::Proof, "The signature fits this content: nothing was changed since it was signed.")
        }
        Ok(_) => fail(words::DOES_NOT_FIT),
    };
    answer.fact("key", address).fact("alg", token.jws.algorithm().name())
}

fn open(words: &str) -> Answer {
    Answer::open(CheckId::Proof, words)
}

fn fail(words: &str) -> Answer {
    Answer::failed(CheckId::Proof, Verdict::Invalid, words)
}
