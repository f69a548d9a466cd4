//! Keys: parts between slashes, in the order of their bytes, and ranges of them.

use std::fmt;

use bytes::Bytes;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode, utf8_percent_encode};
use sha2::{Digest, Sha256};

use super::Position;
use crate::id::Realm;

/// Everything but what is plain in ids, dates and addresses; the slash and the percent sign are always encoded.
const FOREIGN: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b':').remove(b'@').remove(b'+');

/// Where a document lies. Printing one shows only what kind of key it is: keys hold mail addresses.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(Bytes);

impl Key {
    /// A key of these parts; foreign text in them is percent-encoded.
    pub fn new(parts: &[&str]) -> Self {
        let mut text = String::with_capacity(parts.iter().map(|part| part.len() + 1).sum());
        for (i, part) in parts.iter().enumerate() {
            if i > 0 {
                text.push('/');
            }
            text.extend(utf8_percent_encode(part, FOREIGN));
        }
        Key(text.into())
    }

    /// A key of these parts in a realm; those of the test realm begin with `test/`.
    pub fn in_realm(realm: Realm, parts: &[&str]) -> Self {
        match realm {
            Realm::Live => Key::new(parts),
            Realm::Test => Key::new(&[&["test"], parts].concat()),
        }
    }

    /// This key with one more part of text.
    #[must_use]
    pub fn text(self, part: &str) -> Self {
        self.with(format_args!("{}", utf8_percent_encode(part, FOREIGN)))
    }

    /// This key with one more part: a number in `width` decimal digits, so that order of bytes is order of numbers.
    #[must_use]
    pub fn number(self, number: u64, width: usize) -> Self {
        debug_assert!(number.checked_ilog10().unwrap_or(0) < u32::try_from(width).unwrap_or(u32::MAX), "too wide");
        self.with(format_args!("{number:0width$}"))
    }

    /// This key with one more part: a position in 16 hexadecimal digits.
    #[must_use]
    pub fn position(self, position: Position) -> Self {
        self.with(format_args!("{:016x}", position.0))
    }

    /// The bytes as they are stored.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The parts, decoded.
    pub fn parts(&self) -> Vec<String> {
        self.0.split(|&b| b == b'/').map(|part| percent_decode(part).decode_utf8_lossy().into_owned()).collect()
    }

    /// A key from its stored bytes, as [`Key::as_bytes`] gave them.
    pub fn from_stored(bytes: impl Into<Bytes>) -> Self {
        Key(bytes.into())
    }

    /// The key of a feed entry.
    pub(super) fn feed_entry(position: Position, n: usize) -> Self {
        Key(format!("e/{:016x}/{n:02x}", position.0).into())
    }

    /// What all feed entries lie under.
    pub(super) fn feed_root() -> Self {
        Key(Bytes::from_static(b"e"))
    }

    /// Whether only the engine may write here.
    pub(super) fn is_feed(&self) -> bool {
        self.0.starts_with(b"e/")
    }

    /// The position in the key of a feed entry.
    pub(super) fn feed_position(&self) -> Option<Position> {
        let digits = std::str::from_utf8(self.0.get(2..18)?).ok()?;
        u64::from_str_radix(digits, 16).ok().map(Position)
    }

    fn with(self, part: fmt::Arguments<'_>) -> Self {
        let mut bytes = Vec::with_capacity(self.0.len() + 33);
        bytes.extend_from_slice(&self.0);
        bytes.extend_from_slice(format!("/{part}").as_bytes());
        Key(bytes.into())
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = if self.0.starts_with(b"test/") { 2 } else { 1 };
        let mut parts = self.0.split(|&b| b == b'/');
        for part in parts.by_ref().take(shown) {
            write!(f, "{}/", part.escape_ascii())?;
        }
        if parts.next().is_none() {
            return Ok(());
        }
        let hash = Sha256::digest(&self.0);
        write!(f, "#{:02x}{:02x}{:02x}{:02x}", hash[0], hash[1], hash[2], hash[3])
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({self})")
    }
}

/// A stretch of keys: from the first on, up to but without the last.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyRange {
    from: Bytes,
    to: Bytes,
}

impl KeyRange {
    /// Every key.
    pub fn all() -> Self {
        KeyRange { from: Bytes::from_static(&[1]), to: Bytes::from_static(&[0xff]) }
    }

    /// Every key that has the parts of `parent` and at least one more.
    pub fn under(parent: &Key) -> Self {
        KeyRange { from: [parent.as_bytes(), b"/"].concat().into(), to: [parent.as_bytes(), b"0"].concat().into() }
    }

    /// Every key that begins with the bytes of `start`, also in the middle of a part.
    pub fn starting(start: &Key) -> Self {
        KeyRange { from: start.0.clone(), to: [start.as_bytes(), &[0xff]].concat().into() }
    }

    /// From a key on, up to but without another.
    pub fn between(from: &Key, to: &Key) -> Self {
        KeyRange { from: from.0.clone(), to: to.0.clone() }
    }

    /// The bytes of the first key that may be in it.
    pub fn from(&self) -> &[u8] {
        &self.from
    }

    /// The bytes of the first key after it.
    pub fn to(&self) -> &[u8] {
        &self.to
    }

    /// Whether the key is in it.
    pub fn contains(&self, key: &Key) -> bool {
        self.from <= key.0 && key.0 < self.to
    }

    /// The feed entries after a position and up to another.
    pub(super) fn feed(after: Position, upto: Position) -> Self {
        let from = Key::feed_entry(Position(after.0.saturating_add(1)), 0);
        let to = Key::feed_entry(Position(upto.0.saturating_add(1)), 0);
        KeyRange { from: from.0, to: to.0 }
    }
}

impl fmt::Debug for KeyRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", Key(self.from.clone()), Key(self.to.clone()))
    }
}

#[cfg(test)]
mod tests;
