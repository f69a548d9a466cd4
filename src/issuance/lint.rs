//! The lints: what must not be in a credential of ours, whoever asked for it.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use super::build::whole_seconds;
use super::claim::Claim;
use crate::decimal::Decimal;

/// Everything that is wrong with a claim, all at once.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub struct Lints(pub Vec<Lint>);

impl fmt::Display for Lints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the credential would not be sound: ")?;
        for (n, lint) in self.0.iter().enumerate() {
            let comma = if n == 0 { "" } else { "; " };
            write!(f, "{comma}{lint}")?;
        }
        Ok(())
    }
}

/// One fault and where it stands.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{}{flaw}", if at.is_empty() { "it ".to_owned() } else { format!("{at}: ") })]
pub struct Lint {
    /// The member, as a path: `credentialSubject.identifier[0].identityHash`.
    pub at: String,
    /// What is wrong.
    pub flaw: Flaw,
}

impl Lint {
    pub(super) fn new(at: &str, flaw: Flaw) -> Self {
        Lint { at: at.to_owned(), flaw }
    }
}

/// What can be wrong.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Flaw {
    /// Required and empty.
    #[error("must not be empty")]
    Empty,
    /// Beyond what pages, wallets and pictures can show.
    #[error("has {have} characters, more than {most}")]
    TooLong {
        /// Characters.
        have: usize,
        /// Allowed.
        most: usize,
    },
    /// Invisible, and canonicalized differently by older libraries.
    #[error("contains the control character U+{0:04X}")]
    ControlCharacter(u32),
    /// Makes a text read as another.
    #[error("contains the text direction override U+{0:04X}")]
    DirectionOverride(u32),
    /// Not an absolute address.
    #[error("is not an absolute http, https or urn address")]
    NotAnAddress,
    /// Out of order.
    #[error("must be later than {0}")]
    NotLaterThan(DateTime<Utc>),
    /// Out of order.
    #[error("must not be later than {0}")]
    LaterThan(DateTime<Utc>),
    /// Beyond what is kept in one piece.
    #[error("has {have} bytes, more than {most}")]
    TooLarge {
        /// Bytes.
        have: usize,
        /// Allowed.
        most: usize,
    },
    /// Parts of a second.
    #[error("must have whole seconds")]
    PartsOfASecond,
    /// Not a percentage.
    #[error("must be between 0 and 100")]
    NotAPercentage,
    /// JSON-LD would lose or refuse something.
    #[error("{0}")]
    Meaning(String),
}

/// The most characters of one line of text, such as a name.
pub(super) const LINE: usize = 300;
/// The most characters of a text of paragraphs.
pub(super) const PARAGRAPHS: usize = 10_000;
/// The most characters of an address.
pub(super) const ADDRESS: usize = 2_000;
/// How much a reporter's clock may be ahead of ours.
const CLOCKS_DIFFER_BY: TimeDelta = TimeDelta::hours(1);
/// The most bytes of a credential without its proof.
pub(super) const WHOLE: usize = 48 * 1024;

/// The most bytes of a credential's evidence, as [`evidence_bytes`] counts them.
pub const EVIDENCE: usize = 12 * 1024;
/// What is kept free for what differs from holder to holder: the evidence, the name.
const HOLDER: usize = 16 * 1024;

/// What one piece of evidence adds to a credential, in bytes.
pub fn evidence_bytes(name: &str, url: &str) -> usize {
    name.len() + url.len() + 64
}

/// What only the claim shows: the order of its dates, and what building it would hide.
pub(super) fn claim(claim: &Claim<'_>) -> Vec<Lint> {
    let mut lints = Vec::new();
    if let Some(before) = claim.previous_valid_from
        && claim.valid_from <= before
    {
        lints.push(Lint::new("validFrom", Flaw::NotLaterThan(before)));
    }
    if let Some(until) = claim.valid_until
        && until <= claim.valid_from
    {
        lints.push(Lint::new("validUntil", Flaw::NotLaterThan(claim.valid_from)));
    }
    if claim.awarded_at > claim.valid_from + CLOCKS_DIFFER_BY {
        lints.push(Lint::new("awardedDate", Flaw::LaterThan(claim.valid_from)));
    }
    for (at, moment) in [("validFrom", Some(claim.valid_from)), ("validUntil", claim.valid_until)] {
        if moment.is_some_and(|m| !whole_seconds(m)) {
            lints.push(Lint::new(at, Flaw::PartsOfASecond));
        }
    }
    if claim.score.is_some_and(|s| !(Decimal::ZERO..=Decimal::HUNDRED).contains(&s)) {
        lints.push(Lint::new("credentialSubject.result[0].value", Flaw::NotAPercentage));
    }
    lints
}

/// What the whole of a credential must keep to.
pub(super) fn size(document: &Value) -> Option<Lint> {
    let have = document.to_string().len();
    (have > WHOLE).then(|| Lint::new("", Flaw::TooLarge { have, most: WHOLE }))
}

/// The same for a credential that is not about anybody yet.
pub(super) fn size_without_holder(document: &Value) -> Option<Lint> {
    let have = document.to_string().len();
    (have > WHOLE - HOLDER).then(|| Lint::new("", Flaw::TooLarge { have, most: WHOLE - HOLDER }))
}

/// What is wrong with one line of text, such as a name: to be asked where it comes in, so that no award fails on it.
pub fn flaw_of_line(text: &str) -> Option<Flaw> {
    flaw(text, "name")
}

/// Whether a text can stand as an address in a credential: to be asked where it comes in.
pub fn flaw_of_address(text: &str) -> Option<Flaw> {
    flaw(text, "url")
}

/// What is wrong with the texts of a document of ours, such as [`super::achievement_document`]: to be asked when a
/// program is applied. The documents are ours: their depth is that of the data model.
pub fn document(document: &Value) -> Vec<Lint> {
    let mut lints = Vec::new();
    texts(document, "", "", &mut lints);
    lints
}

fn texts(value: &Value, path: &str, member: &str, lints: &mut Vec<Lint>) {
    match value {
        Value::String(text) => lints.extend(flaw(text, member).map(|flaw| Lint::new(path, flaw))),
        Value::Array(values) => {
            for (n, value) in values.iter().enumerate() {
                texts(value, &format!("{path}[{n}]"), member, lints);
            }
        }
        Value::Object(members) => {
            for (name, value) in members {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                texts(value, &path, name, lints);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn flaw(text: &str, member: &str) -> Option<Flaw> {
    let paragraphs = matches!(member, "description" | "narrative");
    let address = matches!(member, "id" | "url" | "targetUrl" | "statusListCredential");
    let most = match member {
        "encodedList" => crate::status_list::MAXIMUM_ENCODED,
        _ if paragraphs => PARAGRAPHS,
        _ if address => ADDRESS,
        _ => LINE,
    };
    if text.trim().is_empty() {
        return Some(Flaw::Empty);
    }
    let have = text.chars().count();
    if have > most {
        return Some(Flaw::TooLong { have, most });
    }
    if let Some(c) = text.chars().find(|c| c.is_control() && !(paragraphs && *c == '\n')) {
        return Some(Flaw::ControlCharacter(u32::from(c)));
    }
    if let Some(c) = text.chars().find(|c| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')) {
        return Some(Flaw::DirectionOverride(u32::from(c)));
    }
    if address && !is_absolute(text) {
        return Some(Flaw::NotAnAddress);
    }
    None
}

fn is_absolute(text: &str) -> bool {
    let known = ["https://", "http://", "urn:", "did:"];
    let rest = known.iter().find_map(|scheme| text.strip_prefix(scheme));
    rest.is_some_and(|rest| !rest.is_empty())
        && !text
            .contains(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '{' | '}' | '|' | '\\' | '^' | '`'))
}
