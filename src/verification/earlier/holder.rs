//! `subject` of an assertion: is it about the person it is said to be about? Made only when somebody asked.

use serde_json::Value;

use super::chain::Chain;
use crate::openbadges::reading::{first, text};
use crate::verification::checks::{Answer, subject};
use crate::verification::report::CheckId;

pub(super) fn check(chain: &Chain<'_>) -> Option<Answer> {
    let asked = chain.facts.holder.as_deref()?.trim();
    let Some(recipient) = Recipient::of(chain.assertion()) else {
        return Some(Answer::open(CheckId::Subject, "It does not say to whom it was issued."));
    };
    Some(subject::judged(subject::same_identity(asked, recipient.identity, recipient.salt, recipient.hashed)))
}

/// The identity of the holder, where it is written in plain.
pub(super) fn in_plain(assertion: &Value) -> Option<&str> {
    Recipient::of(assertion).filter(|recipient| !recipient.hashed).map(|recipient| recipient.identity)
}

struct Recipient<'a> {
    identity: &'a str,
    salt: &'a str,
    hashed: bool,
}

impl<'a> Recipient<'a> {
    /// An object in 1.1 and 2.0, a text in 1.0, where the salt stands beside it.
    fn of(assertion: &'a Value) -> Option<Self> {
        let recipient = first(assertion, "recipient")?;
        let (identity, around) = match recipient {
            Value::String(identity) => (identity.as_str(), assertion),
            object => (text(object, "identity")?, object),
        };
        let said = recipient.get("hashed").and_then(Value::as_bool);
        let looks_hashed = identity.starts_with("sha256$") || identity.starts_with("md5$");
        Some(Recipient {
            identity,
            salt: text(around, "salt").unwrap_or_default(),
            hashed: said.unwrap_or(looks_hashed),
        })
    }
}
