//! Processes that work on one store, and which of them does a worker's work for now. They save wasted work; nothing rests on
//! them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::engine::{EngineError, Page};
use super::{Changes, ReadSet, Store, keys, read_set};

/// The most processes that are looked at.
const MOST_PROCESSES: usize = 1_000;

/// That a process is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProcessRecord {
    /// Drawn when it starts.
    pub name: String,
    /// Unless it says so again, it is gone afterwards.
    pub until: DateTime<Utc>,
}

/// That a process does the work of one worker, for as long as it is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeaseRecord {
    /// Its name.
    pub holder: String,
}

impl Store {
    /// What a process said last of being there.
    pub async fn process(&self, name: &str) -> Result<Option<ProcessRecord>, EngineError> {
        self.peek(keys::process(name)).await
    }

    /// Every process that is there, or was and did not take its leave.
    pub async fn processes(&self) -> Result<Vec<ProcessRecord>, EngineError> {
        let rows = self.engine.scan(&keys::processes(), Page::first(MOST_PROCESSES)).await?;
        rows.rows.iter().map(|(key, row)| read_set::decode(key, &row.doc)).collect()
    }

    /// Who does the work of `worker`.
    pub async fn lease(&self, worker: &str, reads: &mut ReadSet) -> Result<Option<LeaseRecord>, EngineError> {
        self.read(keys::lease(worker), reads).await
    }
}

impl Changes {
    /// Writes that a process is there.
    pub fn process(&mut self, process: &ProcessRecord) {
        self.put(keys::process(&process.name), process);
    }

    /// Writes that a process is there no more: what it had taken on is anybody's.
    pub fn remove_process(&mut self, name: &str) {
        self.delete(keys::process(name));
    }

    /// Writes who does the work of `worker`.
    pub fn lease(&mut self, worker: &str, lease: &LeaseRecord) {
        self.put(keys::lease(worker), lease);
    }
}
