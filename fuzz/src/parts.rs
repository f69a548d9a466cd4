//! An input in several parts: a badge, and what its addresses answer.

use std::borrow::Cow;

use assay::verification::{Found, Need};
use serde_json::Value;

use crate::sample;

/// What stands between two parts.
pub const SEPARATOR: &[u8] = b"\n%%\n";

/// The parts of an input, each made ready by its first word.
pub(crate) fn parts(input: &[u8]) -> Vec<Cow<'_, [u8]>> {
    let mut parts = Vec::new();
    let mut rest = input;
    while let Some(at) = rest.windows(SEPARATOR.len()).position(|window| window == SEPARATOR) {
        parts.push(ready(&rest[..at]));
        rest = &rest[at + SEPARATOR.len()..];
    }
    parts.push(ready(rest));
    parts
}

/// A part that begins with `di:`, `jwt:` or `receipt:` is signed with the sample key: no mutation could sign.
fn ready(part: &[u8]) -> Cow<'_, [u8]> {
    let signed = |word: &str, sign: fn(&[u8]) -> Option<Vec<u8>>| part.strip_prefix(word.as_bytes()).and_then(sign);
    signed("di:", sample::embedded)
        .or_else(|| signed("jwt:", sample::token))
        .or_else(|| signed("receipt:", sample::receipt))
        .map_or(Cow::Borrowed(part), Cow::Owned)
}

/// What stands for the hosts that a check asks.
pub(crate) struct Answers<'a> {
    left: Vec<(Option<String>, &'a [u8])>,
}

impl<'a> Answers<'a> {
    pub(crate) fn new(parts: &'a [Cow<'a, [u8]>]) -> Self {
        let id = |part: &[u8]| -> Option<String> {
            let document: Value = serde_json::from_slice(part).ok()?;
            document.get("id").and_then(Value::as_str).map(str::to_owned)
        };
        Answers { left: parts.iter().map(|part| (id(part), part.as_ref())).collect() }
    }

    /// The document that bears this id, or else the next part that is left; nothing in it means that it is gone.
    pub(crate) fn to(&mut self, need: &Need) -> Found {
        let by_id = self.left.iter().position(|(id, _)| id.as_deref() == Some(need.name()));
        if by_id.is_none() && self.left.is_empty() {
            return Found::CouldNot("did not answer".to_owned());
        }
        match self.left.remove(by_id.unwrap_or(0)).1 {
            b"" => Found::Gone,
            bytes => Found::of(bytes),
        }
    }
}
