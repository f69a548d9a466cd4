//! The waist of the store: ordered keys, versioned documents, conditional batches and a feed.

mod batch;
mod error;
mod key;
mod page;

pub mod memory;
pub mod sled;

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use serde::{Deserialize, Serialize};

pub use batch::{Batch, Commit, MAX_APPENDS, MAX_BATCH_BYTES, MAX_BATCH_KEYS, MAX_DOCUMENT, MAX_KEY};
pub use error::{EngineError, Source};
pub use key::{Key, KeyRange};
pub use page::{Direction, Feed, FeedEntry, MAX_PAGE_BYTES, Page, Rows};

/// Ordered keys with versioned documents, and transactions underneath. Everything with a meaning is written above it.
#[async_trait]
pub trait Engine: Send + Sync + 'static {
    /// The documents under these keys, in their order: one snapshot of what is durable. Two calls are not one snapshot.
    async fn get(&self, keys: &[Key]) -> Result<Vec<Option<Versioned>>, EngineError>;

    /// One page of a range: one snapshot of what is durable. Stops at the page's limit or at [`MAX_PAGE_BYTES`].
    async fn scan(&self, range: &KeyRange, page: Page) -> Result<Rows, EngineError>;

    /// Writes all of the batch if every expectation holds, else nothing. Durable when it returns; a conflict is answered
    /// after the winner is durable.
    async fn commit(&self, batch: Batch) -> Result<Commit, EngineError>;

    /// The entries of the commits after a position, in commit order without gaps. When there are none, waits for the
    /// next ones up to `wait` (at most [`MAX_WAIT`]). A commit's entries are never torn apart, so there may be a few more than `limit`.
    async fn feed(&self, after: Position, limit: usize, wait: Duration) -> Result<Feed, EngineError>;

    /// Another one after each commit. What was read since it was asked for, is what would be read now, as long as it is the
    /// same. None: this engine cannot tell, or not now.
    fn generation(&self) -> Option<Generation> {
        None
    }

    /// Whether nothing is written for now, for want of space. Reading goes on.
    async fn is_full(&self) -> bool {
        false
    }

    /// Every document as it was at one position, each key once and in order. A sink that fails makes the export answer
    /// [`EngineError::Unavailable`] with the sink's error as its source.
    async fn export(&self, sink: &mut (dyn Sink + Send)) -> Result<Position, EngineError>;
}

/// A state of the whole store, to be compared and nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Generation {
    /// Commits may be lost, and their positions given again, when the store breaks down before they are durable.
    pub(super) life: u64,
    pub(super) position: Position,
}

/// The longest that reading the feed waits.
pub const MAX_WAIT: Duration = Duration::from_secs(60 * 60);

/// Where an export goes.
#[async_trait]
pub trait Sink {
    /// Takes the next document.
    async fn write(&mut self, key: Key, value: Versioned) -> Result<(), Source>;
}

/// The position of the commit that wrote a document. A version is never used again, also not after a deletion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Version(pub u64);

impl Version {
    /// There is no such document.
    pub const ABSENT: Version = Version(0);
}

/// The place of a commit in the one order of all commits, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Position(pub u64);

impl Position {
    /// Before the first commit.
    pub const START: Position = Position(0);
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A document and the commit that wrote it. Printing it does not show the document: people are in there.
#[derive(Clone, PartialEq, Eq)]
pub struct Versioned {
    /// Which commit wrote it.
    pub version: Version,
    /// UTF-8 JSON, at most [`MAX_DOCUMENT`] bytes; larger things are in pieces.
    pub doc: Bytes,
}

impl fmt::Debug for Versioned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Versioned({}: {} bytes)", self.version.0, self.doc.len())
    }
}
