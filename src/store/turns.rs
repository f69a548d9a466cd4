//! Turns: up to when that was served which time brings to standings without a timer of their own.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::engine::EngineError;
use super::{Changes, ReadSet, Store, keys};
use crate::id::{CertificationId, PersonId, Realm};

/// How far the versions of the program and the first days of offers have been served.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Turns {
    /// Every turn until then was.
    pub until: DateTime<Utc>,
    /// Standings are being decided anew, for the turns until that moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serving: Option<DateTime<Utc>>,
    /// The last standing that was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<(PersonId, CertificationId)>,
}

impl Store {
    /// How far turns were served in `realm`; `None` before the first.
    pub async fn turns(&self, realm: Realm, reads: &mut ReadSet) -> Result<Option<Turns>, EngineError> {
        self.read(keys::turns(realm), reads).await
    }
}

impl Changes {
    /// Writes how far turns were served.
    pub fn turns(&mut self, turns: &Turns) {
        self.put(keys::turns(self.realm), turns);
    }
}
