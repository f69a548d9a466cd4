//! Pages of a range and of the feed, and where they stop.

use bytes::Bytes;

use super::{EngineError, Key, KeyRange, Position, Versioned};

/// A page ends before its keys and documents have more bytes than this.
pub const MAX_PAGE_BYTES: usize = 4 * 1024 * 1024;

/// Which way a range is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Direction {
    /// From the first key on.
    #[default]
    Forward,
    /// From the last key back.
    Backward,
}

/// Which piece of a range is wanted.
#[derive(Debug, Clone)]
pub struct Page {
    /// The last key of the page before, in the direction of reading.
    pub after: Option<Key>,
    /// The most rows.
    pub limit: usize,
    /// Which way to read.
    pub direction: Direction,
}

impl Page {
    /// The first rows.
    pub fn first(limit: usize) -> Self {
        Page { after: None, limit, direction: Direction::Forward }
    }

    /// The last rows, last first.
    pub fn last(limit: usize) -> Self {
        Page { after: None, limit, direction: Direction::Backward }
    }

    /// The rows that follow this key.
    #[must_use]
    pub fn after(mut self, key: Key) -> Self {
        self.after = Some(key);
        self
    }

    /// The first and the first-beyond bytes of what is left of the range, or `None` when nothing can be.
    pub(super) fn bounds<'a>(&'a self, range: &'a KeyRange) -> Option<(Vec<u8>, &'a [u8])> {
        let (from, to) = match (&self.after, self.direction) {
            (None, _) => (range.from().to_vec(), range.to()),
            (Some(key), Direction::Forward) => (range.from().to_vec().max([key.as_bytes(), &[0]].concat()), range.to()),
            (Some(key), Direction::Backward) => (range.from().to_vec(), range.to().min(key.as_bytes())),
        };
        (from.as_slice() < to).then_some((from, to))
    }
}

/// A piece of a range.
#[derive(Debug, Clone, Default)]
pub struct Rows {
    /// Keys and documents, in the direction of reading.
    pub rows: Vec<(Key, Versioned)>,
    /// Where to read on ([`Page::after`]); `None` at the end of the range.
    pub next: Option<Key>,
}

impl Rows {
    /// Takes rows until the page is full.
    pub(super) fn collect(
        source: impl Iterator<Item = Result<(Key, Versioned), EngineError>>,
        limit: usize,
    ) -> Result<Self, EngineError> {
        let mut rows = Vec::new();
        let mut bytes = 0;
        for row in source {
            let (key, value) = row?;
            bytes += key.as_bytes().len() + value.doc.len();
            if !rows.is_empty() && (rows.len() >= limit || bytes > MAX_PAGE_BYTES) {
                let next = rows.last().map(|(key, _): &(Key, Versioned)| key.clone());
                return Ok(Rows { rows, next });
            }
            rows.push((key, value));
        }
        Ok(Rows { rows, next: None })
    }
}

/// What one commit said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedEntry {
    /// The commit.
    pub position: Position,
    /// The document that was appended.
    pub doc: Bytes,
}

/// A piece of the feed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Feed {
    /// The entries in commit order; those of one commit in the order of its batch.
    pub entries: Vec<FeedEntry>,
    /// Everything up to here has been read: where to read on. Commits that said nothing are skipped over.
    pub upto: Position,
}

impl Feed {
    /// Takes the entries of whole commits until `limit` or [`MAX_PAGE_BYTES`] is reached; `end` is how far `source` goes.
    pub(super) fn collect(
        source: impl Iterator<Item = Result<(Key, Versioned), EngineError>>,
        limit: usize,
        end: Position,
    ) -> Result<Self, EngineError> {
        let mut entries: Vec<FeedEntry> = Vec::new();
        let mut bytes = 0;
        for row in source {
            let (key, value) = row?;
            let position =
                key.feed_position().ok_or_else(|| EngineError::corrupt(key.clone(), "not the key of a feed entry"))?;
            if let Some(last) = entries.last()
                && last.position != position
                && (entries.len() >= limit || bytes >= MAX_PAGE_BYTES)
            {
                let upto = last.position;
                return Ok(Feed { entries, upto });
            }
            bytes += value.doc.len();
            entries.push(FeedEntry { position, doc: value.doc });
        }
        Ok(Feed { entries, upto: end })
    }
}
