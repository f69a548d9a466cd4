//! The contract of an engine in memory, for tests and demonstrations.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};

use super::{
    Batch, Commit, Direction, Engine, EngineError, Feed, Generation, Key, KeyRange, MAX_WAIT, Page, Position, Rows,
    Sink, Version, Versioned,
};

/// An engine that forgets everything when it is dropped.
pub struct MemoryEngine {
    documents: Mutex<BTreeMap<Key, Versioned>>,
    /// The position of the last commit; changed while `documents` is locked.
    last: watch::Sender<Position>,
}

impl MemoryEngine {
    /// An empty one.
    pub fn new() -> Self {
        MemoryEngine { documents: Mutex::default(), last: watch::Sender::new(Position::START) }
    }

    fn documents(&self) -> MutexGuard<'_, BTreeMap<Key, Versioned>> {
        self.documents.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for MemoryEngine {
    fn default() -> Self {
        MemoryEngine::new()
    }
}

impl fmt::Debug for MemoryEngine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryEngine").field("last", &self.last.borrow()).finish_non_exhaustive()
    }
}

#[async_trait]
impl Engine for MemoryEngine {
    async fn get(&self, keys: &[Key]) -> Result<Vec<Option<Versioned>>, EngineError> {
        let documents = self.documents();
        Ok(keys.iter().map(|key| documents.get(key).cloned()).collect())
    }

    async fn scan(&self, range: &KeyRange, page: Page) -> Result<Rows, EngineError> {
        let Some((from, to)) = page.bounds(range) else { return Ok(Rows::default()) };
        let (from, to) = (Key::from_stored(from), Key::from_stored(to.to_vec()));
        let documents = self.documents();
        let rows = documents.range(from..to).map(|(key, value)| Ok((key.clone(), value.clone())));
        match page.direction {
            Direction::Forward => Rows::collect(rows, page.limit),
            Direction::Backward => Rows::collect(rows.rev(), page.limit),
        }
    }

    async fn commit(&self, batch: Batch) -> Result<Commit, EngineError> {
        batch.check()?;
        let mut documents = self.documents();
        let version_of = |key: &Key| documents.get(key).map_or(Version::ABSENT, |value| value.version);
        let conflicts: Vec<Key> = batch
            .expect
            .iter()
            .filter(|(key, version)| version_of(key) != *version)
            .map(|(key, _)| key.clone())
            .collect();
        if !conflicts.is_empty() {
            return Ok(Commit::Conflict(conflicts));
        }
        let position = Position(self.last.borrow().0 + 1);
        let stored = |doc: Bytes| Versioned { version: Version(position.0), doc };
        for key in &batch.delete {
            documents.remove(key);
        }
        for (key, doc) in batch.put {
            documents.insert(key, stored(doc));
        }
        for (n, doc) in batch.append.into_iter().enumerate() {
            documents.insert(Key::feed_entry(position, n), stored(doc));
        }
        self.last.send_replace(position);
        Ok(Commit::Done(position))
    }

    fn generation(&self) -> Option<Generation> {
        Some(Generation { life: 0, position: *self.last.borrow() })
    }

    async fn feed(&self, after: Position, limit: usize, wait: Duration) -> Result<Feed, EngineError> {
        let deadline = Instant::now() + wait.min(MAX_WAIT);
        let mut last = self.last.subscribe();
        loop {
            let end = *last.borrow_and_update();
            let feed = if after < end {
                let range = KeyRange::feed(after, end);
                let (from, to) = (Key::from_stored(range.from().to_vec()), Key::from_stored(range.to().to_vec()));
                let documents = self.documents();
                let rows = documents.range(from..to).map(|(key, value)| Ok((key.clone(), value.clone())));
                Feed::collect(rows, limit, end)?
            } else {
                Feed { entries: Vec::new(), upto: after }
            };
            if !feed.entries.is_empty() || !matches!(timeout_at(deadline, last.changed()).await, Ok(Ok(()))) {
                return Ok(feed);
            }
        }
    }

    async fn export(&self, sink: &mut (dyn Sink + Send)) -> Result<Position, EngineError> {
        let (documents, position) = {
            let documents = self.documents();
            (documents.clone(), *self.last.borrow())
        };
        for (key, value) in documents {
            sink.write(key, value).await.map_err(EngineError::Unavailable)?;
        }
        Ok(position)
    }
}
