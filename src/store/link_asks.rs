//! Wishes for a link to the holder's page: of anybody, for any address. Whether it is on record is looked up later.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::engine::{EngineError, Page};
use super::read_set::decode;
use super::{Changes, ReadSet, Store, keys};
use crate::id::Realm;

/// A wish that waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkAsk {
    /// As it was typed.
    pub address: String,
    /// When.
    pub asked_at: DateTime<Utc>,
}

impl Store {
    /// Those that wait: so many at most.
    pub async fn link_asks(&self, most: usize) -> Result<Vec<LinkAsk>, EngineError> {
        let rows = self.engine.scan(&keys::mail::link_asks(), Page::first(most)).await?;
        rows.rows.iter().map(|(key, row)| decode(key, &row.doc)).collect()
    }

    /// The wish for the same address as it is now, for a decision.
    pub async fn link_ask(&self, ask: &LinkAsk, reads: &mut ReadSet) -> Result<Option<LinkAsk>, EngineError> {
        self.read(keys::mail::link_ask(Realm::Live, &ask.address), reads).await
    }
}

impl Changes {
    /// Puts a wish down. Of those for one address, one waits.
    pub fn link_ask(&mut self, ask: &LinkAsk) {
        self.put(keys::mail::link_ask(self.realm, &ask.address), ask);
    }

    /// It was looked at.
    pub fn link_ask_done(&mut self, ask: &LinkAsk) {
        self.delete(keys::mail::link_ask(self.realm, &ask.address));
    }
}
