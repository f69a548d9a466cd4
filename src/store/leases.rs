//! Leases: which node does a worker's work for now. They save wasted work; nothing rests on them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::engine::EngineError;
use super::{Changes, ReadSet, Store, keys};

/// That a node does the work of one worker until a moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeaseRecord {
    /// Which process; drawn when it starts.
    pub holder: String,
    /// Afterwards any node may take it.
    pub until: DateTime<Utc>,
}

impl Store {
    /// Who does the work of `worker`.
    pub async fn lease(&self, worker: &str, reads: &mut ReadSet) -> Result<Option<LeaseRecord>, EngineError> {
        self.read(keys::lease(worker), reads).await
    }
}

impl Changes {
    /// Writes who does the work of `worker`.
    pub fn lease(&mut self, worker: &str, lease: &LeaseRecord) {
        self.put(keys::lease(worker), lease);
    }
}
