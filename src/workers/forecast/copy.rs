//! A copy of the live store in memory, without what no timer needs.

use std::sync::Arc;

use async_trait::async_trait;

use super::ForecastError;
use crate::id::Realm;
use crate::keyring::SeedKey;
use crate::service::Breakdown;
use crate::store::engine::memory::MemoryEngine;
use crate::store::engine::{Sink, Source};
use crate::store::{Batch, Changes, Engine, EngineError, IssuerRecord, Key, ReadSet, Store, Versioned};

/// The most bytes that are copied.
const MOST_BYTES: usize = 1 << 30;
/// What is written at a time.
const DOCUMENTS: usize = 500;
const BYTES: usize = 1 << 20;

/// Kinds of documents that stay behind: the test realm, the feed, signed bytes, what was reported as it came, words,
/// mail, webhooks, and secrets.
const LEFT_OUT: [&str; 36] = [
    "test",
    "e",
    "c",
    "ca",
    "r",
    "sr",
    "raw",
    "idem",
    "evidence",
    "note",
    "exceptionnote",
    "token",
    "tokenend",
    "proof",
    "proofmail",
    "apikey",
    "apikeyname",
    "inbound",
    "feed",
    "attempt",
    "review",
    "appeal",
    "appealopen",
    "lease",
    "process",
    "mail",
    "mailby",
    "mailkept",
    "mailonce",
    "optout",
    "linkask",
    "cursor",
    "hook",
    "hookcount",
    "hooklog",
    "retry",
];

/// The live realm of a store, as it is at one moment.
pub(super) async fn copied(store: &Store) -> Result<Store, ForecastError> {
    let engine = Arc::new(MemoryEngine::new());
    let mut copying = Copying { engine: engine.clone(), batch: Batch::default(), bytes: 0, all: 0 };
    let exported = store.engine().export(&mut copying).await;
    if copying.all > MOST_BYTES {
        return Err(ForecastError::TooLarge(MOST_BYTES));
    }
    exported.map_err(Breakdown::from)?;
    copying.write_down().await.map_err(Breakdown::from)?;
    Ok(Store::new(engine))
}

struct Copying {
    engine: Arc<MemoryEngine>,
    batch: Batch,
    bytes: usize,
    all: usize,
}

impl Copying {
    async fn write_down(&mut self) -> Result<(), EngineError> {
        self.bytes = 0;
        self.engine.commit(std::mem::take(&mut self.batch)).await.map(|_| ())
    }
}

#[async_trait]
impl Sink for Copying {
    async fn write(&mut self, key: Key, value: Versioned) -> Result<(), Source> {
        if key.parts().first().is_none_or(|kind| LEFT_OUT.contains(&kind.as_str())) {
            return Ok(());
        }
        let size = key.as_bytes().len() + value.doc.len();
        (self.bytes, self.all) = (self.bytes + size, self.all + size);
        if self.all > MOST_BYTES {
            return Err(Arc::new(Full));
        }
        self.batch.put.push((key, value.doc));
        if self.batch.put.len() >= DOCUMENTS || self.bytes >= BYTES {
            self.write_down().await.map_err(|error| Arc::new(error) as Source)?;
        }
        Ok(())
    }
}

#[derive(Debug, thiserror::Error)]
#[error("the copy is too large")]
struct Full;

/// From now on the copy is signed with `key`.
pub(super) async fn sign_with(store: &Store, key: &SeedKey) -> Result<(), Breakdown> {
    let mut reads = ReadSet::new();
    let issuer = store.issuer(&mut reads).await?.ok_or(Breakdown::Missing("the issuer"))?;
    let mut changes = Changes::new(Realm::Live);
    changes.issuer(&IssuerRecord { active: key.public().multibase(), ..issuer });
    store.commit(&reads, changes).await?;
    Ok(())
}
