//! Idempotency: a reported result and a repeated call are known by a unique key, with the answer that was given.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::engine::EngineError;
use super::{Changes, ReadSet, Store, keys};
use crate::id::Realm;

/// Raw payloads are kept in pieces that fit the store's documents.
const CHUNK: usize = 48 * 1024;

/// What was asked and what was answered. An award is answered with its whole history, so that it may outgrow a document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answered {
    /// SHA-256 of the body's canonical JSON (RFC 8785), in hex.
    pub body: String,
    /// HTTP status of the answer.
    pub status: u16,
    /// The answer.
    pub answer: Value,
}

impl Store {
    /// The answer to an earlier report under this id.
    pub async fn result(
        &self,
        realm: Realm,
        source: &str,
        id: &str,
        reads: &mut ReadSet,
    ) -> Result<Option<Answered>, EngineError> {
        self.read_whole(keys::result(realm, source, id), reads).await
    }

    /// The answer to an earlier call with this `Idempotency-Key`.
    pub async fn repeated(
        &self,
        realm: Realm,
        api_key: &str,
        key: &str,
        reads: &mut ReadSet,
    ) -> Result<Option<Answered>, EngineError> {
        self.read_whole(keys::idempotency(realm, api_key, key), reads).await
    }
}

impl Changes {
    /// Records that the result was answered; refused if it was answered before.
    pub fn result(&mut self, source: &str, id: &str, answered: &Answered) {
        let key = keys::result(self.realm, source, id);
        self.expect_absent(key.clone());
        self.put_whole(&key, answered, None);
    }

    /// A result that was undone counts as never reported: its id is free for another.
    pub fn result_undone(&mut self, source: &str, id: &str) {
        self.delete(keys::result(self.realm, source, id));
    }

    /// Records that the call was answered; refused if it was answered before.
    pub fn repeated(&mut self, api_key: &str, key: &str, answered: &Answered) {
        let key = keys::idempotency(self.realm, api_key, key);
        self.expect_absent(key.clone());
        self.put_whole(&key, answered, None);
    }

    /// Keeps the payload as it came.
    pub fn raw(&mut self, at: DateTime<Utc>, source: &str, id: &str, payload: &[u8]) {
        for (n, chunk) in payload.chunks(CHUNK).enumerate() {
            self.put_bytes(keys::raw_chunk(self.realm, at, source, id, n), Bytes::copy_from_slice(chunk));
        }
    }
}
