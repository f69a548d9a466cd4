//! What a decision read ([`ReadSet`]) and what it changes ([`Changes`]): together, one conditional batch.

use std::time::Duration;

use bytes::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Store;
use super::engine::{Batch, Commit, EngineError, Key, Position, Version, Versioned};
use super::event::Event;
use crate::id::Realm;

/// How often a store that is away is asked whether it wrote a batch, and how long to pause in between.
const LOOKS: usize = 10;
const BETWEEN_LOOKS: Duration = Duration::from_millis(100);

/// Every document a decision looked at, with its version: the batch that follows expects them unchanged.
#[derive(Debug, Default, Clone)]
pub struct ReadSet(Vec<(Key, Version)>);

impl ReadSet {
    /// Nothing read yet.
    pub fn new() -> Self {
        ReadSet::default()
    }

    /// With what another one noted.
    pub fn join(&mut self, other: ReadSet) {
        other.0.into_iter().for_each(|(key, version)| self.note(key, version));
    }

    pub(super) fn note(&mut self, key: Key, version: Version) {
        if !self.0.iter().any(|(k, _)| *k == key) {
            self.0.push((key, version));
        }
    }
}

/// What one use case writes: all of it, or nothing.
#[derive(Debug)]
pub struct Changes {
    pub(super) realm: Realm,
    pub(super) batch: Batch,
}

impl Changes {
    /// Nothing yet, in `realm`.
    pub fn new(realm: Realm) -> Self {
        Changes { realm, batch: Batch::default() }
    }

    /// Where it is written.
    pub fn realm(&self) -> Realm {
        self.realm
    }

    /// Whether it would change or say nothing.
    pub fn is_empty(&self) -> bool {
        self.batch.is_empty()
    }

    /// Tells the feed. Events of one batch keep their order.
    pub fn event(&mut self, event: &Event) {
        self.batch.append.push(encode(event));
    }

    /// How many events are told so far.
    pub fn events(&self) -> usize {
        self.batch.append.len()
    }

    /// Tells the feed before what was told after the first `place` events.
    pub fn event_at(&mut self, place: usize, event: &Event) {
        self.batch.append.insert(place, encode(event));
    }

    pub(super) fn put<T: Serialize>(&mut self, key: Key, doc: &T) {
        self.batch.put.push((key, encode(doc)));
    }

    pub(super) fn put_bytes(&mut self, key: Key, bytes: Bytes) {
        self.batch.put.push((key, bytes));
    }

    pub(super) fn delete(&mut self, key: Key) {
        self.batch.delete.push(key);
    }

    /// The batch is refused if `key` exists.
    pub(super) fn expect_absent(&mut self, key: Key) {
        if !self.batch.expect.iter().any(|(k, _)| *k == key) {
            self.batch.expect.push((key, Version(0)));
        }
    }
}

impl Store {
    /// One batch: refused with [`Commit::Conflict`] if anything in `reads` changed meanwhile. When the engine does not know
    /// whether it happened, this looks.
    pub async fn commit(&self, reads: &ReadSet, changes: Changes) -> Result<Commit, EngineError> {
        let mut batch = changes.batch;
        for (key, version) in &reads.0 {
            if !batch.expect.iter().any(|(k, _)| k == key) {
                batch.expect.push((key.clone(), *version));
            }
        }
        let (put, newest) = (batch.put.clone(), batch.expect.iter().map(|(_, version)| *version).max());
        match self.engine.commit(batch).await {
            Err(EngineError::Unknown(source)) => {
                let written = self.find_written(&put).await.filter(|at| newest < Some(Version(at.0)));
                written.map(Commit::Done).ok_or(EngineError::Unknown(source))
            }
            answer => answer,
        }
    }

    /// The commit that wrote all of this, if it is seen: each document is there to the byte, and all are of one commit. That
    /// nothing is seen proves nothing: it may still be under way, or others may have written since.
    async fn find_written(&self, put: &[(Key, Bytes)]) -> Option<Position> {
        let keys: Vec<Key> = put.iter().map(|(key, _)| key.clone()).collect();
        for _ in 0..LOOKS {
            let Ok(found) = self.engine.get(&keys).await else {
                tokio::time::sleep(BETWEEN_LOOKS).await;
                continue;
            };
            let version = found.first()?.as_ref()?.version;
            let is_ours = |(found, (_, doc)): (&Option<Versioned>, &(Key, Bytes))| {
                found.as_ref().is_some_and(|found| found.version == version && found.doc == *doc)
            };
            return found.iter().zip(put).all(is_ours).then_some(Position(version.0));
        }
        None
    }

    /// Reads one document and notes it in `reads`.
    pub(super) async fn read<T: DeserializeOwned>(
        &self,
        key: Key,
        reads: &mut ReadSet,
    ) -> Result<Option<T>, EngineError> {
        let found = self.engine.get(std::slice::from_ref(&key)).await?.pop().flatten();
        noted(key, found, reads)
    }

    /// Reads several documents of one kind in one snapshot and notes them.
    pub(super) async fn read_all<T: DeserializeOwned>(
        &self,
        keys: Vec<Key>,
        reads: &mut ReadSet,
    ) -> Result<Vec<Option<T>>, EngineError> {
        let found = self.engine.get(&keys).await?;
        keys.into_iter().zip(found).map(|(key, found)| noted(key, found, reads)).collect()
    }

    /// Reads one document that no decision rests on.
    pub(super) async fn peek<T: DeserializeOwned>(&self, key: Key) -> Result<Option<T>, EngineError> {
        self.read(key, &mut ReadSet::new()).await
    }
}

fn noted<T: DeserializeOwned>(
    key: Key,
    found: Option<Versioned>,
    reads: &mut ReadSet,
) -> Result<Option<T>, EngineError> {
    reads.note(key.clone(), found.as_ref().map_or(Version(0), |f| f.version));
    found.map(|f| decode(&key, &f.doc)).transpose()
}

/// Reads a document of the store; one that does not parse is named, never passed over.
pub(super) fn decode<T: DeserializeOwned>(key: &Key, doc: &[u8]) -> Result<T, EngineError> {
    serde_json::from_slice(doc).map_err(|e| EngineError::corrupt(key.clone(), e))
}

pub(super) fn encode<T: Serialize>(doc: &T) -> Bytes {
    serde_json::to_vec(doc).expect("the store's documents have string keys and finite numbers").into()
}
