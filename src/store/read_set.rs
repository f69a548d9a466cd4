//! What a decision read ([`ReadSet`]) and what it changes ([`Changes`]): together, one conditional batch.

use bytes::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Store;
use super::engine::{Batch, Commit, EngineError, Key, Version, Versioned};
use super::event::Event;
use crate::id::Realm;

/// Every document a decision looked at, with its version: the batch that follows expects them unchanged.
#[derive(Debug, Default, Clone)]
pub struct ReadSet(Vec<(Key, Version)>);

impl ReadSet {
    /// Nothing read yet.
    pub fn new() -> Self {
        ReadSet::default()
    }

    fn note(&mut self, key: Key, version: Version) {
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

    /// Tells the feed. Events of one batch keep their order.
    pub fn event(&mut self, event: &Event) {
        self.batch.append.push(encode(event));
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
    /// One batch: refused with [`Commit::Conflict`] if anything in `reads` changed meanwhile.
    pub async fn commit(&self, reads: &ReadSet, changes: Changes) -> Result<Commit, EngineError> {
        let mut batch = changes.batch;
        for (key, version) in &reads.0 {
            if !batch.expect.iter().any(|(k, _)| k == key) {
                batch.expect.push((key.clone(), *version));
            }
        }
        self.engine.commit(batch).await
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

fn encode<T: Serialize>(doc: &T) -> Bytes {
    serde_json::to_vec(doc).expect("the store's documents have string keys and finite numbers").into()
}
