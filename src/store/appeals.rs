//! Appeals: a holder's own words about a decision, and what became of them. And all that a person holds.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::engine::{EngineError, Key, Page};
use super::read_set::decode;
use super::{Changes, ReadSet, Store, keys};
use crate::id::{AppealId, AwardId, CertificationId, PersonId, Realm};

/// A holder's objection. Free text: a document, deleted on erasure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AppealRecord {
    /// Its id.
    pub id: AppealId,
    /// About which award.
    pub award: AwardId,
    /// Whose.
    pub person: PersonId,
    /// In what.
    pub certification: CertificationId,
    /// In the holder's words.
    pub text: String,
    /// When.
    pub opened_at: DateTime<Utc>,
    /// How it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<Closed>,
}

/// How an appeal ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Closed {
    /// When.
    pub at: DateTime<Utc>,
    /// Name of the caller who closed it.
    pub by: String,
    /// Whether the holder was right.
    pub upheld: bool,
    /// The answer to the holder.
    pub text: String,
}

impl Store {
    /// One appeal.
    pub async fn appeal(
        &self,
        realm: Realm,
        id: &AppealId,
        reads: &mut ReadSet,
    ) -> Result<Option<AppealRecord>, EngineError> {
        self.read(keys::mail::appeal(realm, id), reads).await
    }

    /// The appeals about an award that are open.
    pub async fn open_appeals(
        &self,
        realm: Realm,
        award: AwardId,
        reads: &mut ReadSet,
    ) -> Result<Vec<AppealId>, EngineError> {
        Ok(self.read(keys::mail::open_appeals(realm, award), reads).await?.unwrap_or_default())
    }

    /// A page of appeals, latest first; `before` is the last one of the page before.
    pub async fn appeals(
        &self,
        realm: Realm,
        before: Option<&AppealId>,
        most: usize,
    ) -> Result<(Vec<AppealRecord>, bool), EngineError> {
        let mut page = Page::last(most);
        if let Some(before) = before {
            page = page.after(keys::mail::appeal(realm, before));
        }
        let rows = self.engine.scan(&keys::mail::appeals(realm), page).await?;
        let read = |(key, row): &(Key, super::Versioned)| decode(key, &row.doc);
        Ok((rows.rows.iter().map(read).collect::<Result<_, _>>()?, rows.next.is_some()))
    }
}

impl Changes {
    /// Writes an appeal: a new one, or one that was read.
    pub fn appeal(&mut self, appeal: &AppealRecord) {
        self.put(keys::mail::appeal(self.realm, &appeal.id), appeal);
    }

    /// Writes which appeals about an award are open.
    pub fn open_appeals(&mut self, award: AwardId, open: &[AppealId]) {
        let key = keys::mail::open_appeals(self.realm, award);
        if open.is_empty() { self.delete(key) } else { self.put(key, &open) }
    }
}
