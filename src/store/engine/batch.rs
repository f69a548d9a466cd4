//! What one commit reads, writes and says, and the bounds on it.

use std::fmt;

use bytes::Bytes;

use super::{EngineError, Key, Position, Version};

/// The longest document, in bytes.
pub const MAX_DOCUMENT: usize = 64 * 1024;
/// The longest key, in bytes.
pub const MAX_KEY: usize = 512;
/// The most keys that a batch may name, with its expectations.
pub const MAX_BATCH_KEYS: usize = 1024;
/// The most bytes that the keys and documents of a batch may have together.
pub const MAX_BATCH_BYTES: usize = 4 * 1024 * 1024;
/// The most feed entries of one batch.
pub const MAX_APPENDS: usize = 256;

/// One change: it happens as a whole, or not at all.
///
/// A put wins over a deletion of the same key, and the last of several puts wins. Keys that begin with `e/` belong to
/// the engine. Printing a batch does not show its documents.
#[derive(Clone, Default)]
pub struct Batch {
    /// Everything the decision read; [`Version::ABSENT`]: it must not exist.
    pub expect: Vec<(Key, Version)>,
    /// Documents to write.
    pub put: Vec<(Key, Bytes)>,
    /// Keys to remove; one that is not there is no fault.
    pub delete: Vec<Key>,
    /// Feed entries; the engine gives them their keys.
    pub append: Vec<Bytes>,
}

/// The answer to a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Commit {
    /// It is stored; the position is the version of everything it wrote.
    Done(Position),
    /// Nothing was stored: these keys are not as expected.
    Conflict(Vec<Key>),
}

impl Batch {
    /// Expects what was read.
    #[must_use]
    pub fn expect(mut self, key: Key, version: Version) -> Self {
        self.expect.push((key, version));
        self
    }

    /// Writes a document.
    #[must_use]
    pub fn put(mut self, key: Key, doc: impl Into<Bytes>) -> Self {
        self.put.push((key, doc.into()));
        self
    }

    /// Writes a document where there is none yet.
    #[must_use]
    pub fn create(self, key: Key, doc: impl Into<Bytes>) -> Self {
        self.expect(key.clone(), Version::ABSENT).put(key, doc)
    }

    /// Removes a document.
    #[must_use]
    pub fn delete(mut self, key: Key) -> Self {
        self.delete.push(key);
        self
    }

    /// Appends an entry to the feed.
    #[must_use]
    pub fn append(mut self, doc: impl Into<Bytes>) -> Self {
        self.append.push(doc.into());
        self
    }

    /// Whether it would change or say nothing.
    pub fn is_empty(&self) -> bool {
        self.put.is_empty() && self.delete.is_empty() && self.append.is_empty()
    }

    /// The bytes of its keys and documents.
    pub(super) fn size(&self) -> usize {
        self.expect.iter().map(|(key, _)| key.as_bytes().len()).sum::<usize>()
            + self.put.iter().map(|(key, doc)| key.as_bytes().len() + doc.len()).sum::<usize>()
            + self.delete.iter().map(|key| key.as_bytes().len()).sum::<usize>()
            + self.append.iter().map(Bytes::len).sum::<usize>()
    }

    /// Refuses what is over the bounds, and names the key at fault.
    pub(super) fn check(&self) -> Result<(), EngineError> {
        let keys = || self.put.iter().map(|(key, _)| key).chain(&self.delete).chain(self.expect.iter().map(|(k, _)| k));
        if let Some(key) = keys().find(|key| key.as_bytes().len() > MAX_KEY) {
            return Err(EngineError::TooLarge(key.clone()));
        }
        if let Some((key, _)) = self.put.iter().find(|(_, doc)| doc.len() > MAX_DOCUMENT) {
            return Err(EngineError::TooLarge(key.clone()));
        }
        if self.append.len() > MAX_APPENDS || self.append.iter().any(|doc| doc.len() > MAX_DOCUMENT) {
            return Err(EngineError::TooLarge(Key::feed_root()));
        }
        if keys().count() > MAX_BATCH_KEYS || self.size() > MAX_BATCH_BYTES {
            return Err(EngineError::TooLarge(keys().next().cloned().unwrap_or_else(Key::feed_root)));
        }
        debug_assert!(
            self.put.iter().map(|(key, _)| key).chain(&self.delete).all(|key| !key.is_feed()),
            "keys under e/ belong to the engine"
        );
        Ok(())
    }
}

impl fmt::Debug for Batch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batch")
            .field("expect", &self.expect)
            .field("put", &self.put.iter().map(|(key, _)| key).collect::<Vec<_>>())
            .field("delete", &self.delete)
            .field("append", &self.append.len())
            .finish()
    }
}
