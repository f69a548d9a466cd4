//! What feeds told and what was made of it, the secrets they sign with, and what wants a person's eye.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::engine::{EngineError, Key, Page, Rows};
use super::{Answered, Changes, ReadSet, ReviewCode, Store, keys};
use crate::decimal::Decimal;
use crate::id::{CertificationId, PersonId, Realm, RequirementId, ReviewId};
use crate::rules::{Outcome, Score};

/// One message of a feed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeedRecord {
    /// SHA-256 of what the message says, in hex.
    pub body: String,
    /// What was answered.
    pub answer: Value,
    /// Whether that is the last word: what was passed over because something was not known yet is judged anew when it is
    /// sent again.
    pub settled: bool,
    /// When it was judged.
    pub at: DateTime<Utc>,
}

/// The last that is known of an attempt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttemptRecord {
    /// How it went.
    pub outcome: Outcome,
    /// With what score.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<Score>,
    /// When that was.
    pub at: DateTime<Utc>,
    /// The id under which it was recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<String>,
}

/// Something a person should look at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewRecord {
    /// Its id.
    #[schema(value_type = String)]
    pub id: ReviewId,
    /// Why.
    pub code: ReviewCode,
    /// The feed it came by.
    pub source: String,
    /// The source's own id of the message.
    pub message: String,
    /// Whose result.
    #[schema(value_type = String)]
    pub person: PersonId,
    /// In what.
    #[schema(value_type = String)]
    pub certification: CertificationId,
    /// Of it; the first of several that it could be.
    #[schema(value_type = String)]
    pub requirement: RequirementId,
    /// In words.
    pub words: String,
    /// The requirements that were found to fit, as `certification/requirement`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<String>,
    /// What was known of the attempt before, in percent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<f64>)]
    pub before: Option<Decimal>,
    /// What is told now, in percent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<f64>)]
    pub now: Option<Decimal>,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// When we heard of it.
    pub opened_at: DateTime<Utc>,
}

/// A source that signs what it sends.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InboundWebhookRecord {
    /// Part of its address.
    pub source: String,
    /// Live or test.
    pub realm: Realm,
    /// What it signs with (`whsec_…`, `whpk_…`), the newest first: while one is replaced there are two.
    pub secrets: Vec<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// From then on nothing is taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<DateTime<Utc>>,
}

impl Store {
    /// What was made of a message before.
    pub async fn feed_message(
        &self,
        realm: Realm,
        source: &str,
        id: &str,
        reads: &mut ReadSet,
    ) -> Result<Option<FeedRecord>, EngineError> {
        self.read(keys::feed_message(realm, source, id), reads).await
    }

    /// What is known of an attempt.
    pub async fn attempt(
        &self,
        realm: Realm,
        (source, person): (&str, &PersonId),
        attempt: &str,
        reads: &mut ReadSet,
    ) -> Result<Option<AttemptRecord>, EngineError> {
        self.read(keys::attempt(realm, source, person, attempt), reads).await
    }

    /// The answers to earlier reports under these ids, for a look ahead.
    pub async fn results(
        &self,
        realm: Realm,
        source: &str,
        ids: &[&str],
    ) -> Result<Vec<Option<Answered>>, EngineError> {
        let wanted: Vec<Key> = ids.iter().map(|id| keys::result(realm, source, id)).collect();
        self.read_all(wanted, &mut ReadSet::new()).await
    }

    /// Reviews, newest first; `before` is the last one of the page before.
    pub async fn reviews(
        &self,
        realm: Realm,
        before: Option<&ReviewId>,
        limit: usize,
    ) -> Result<Vec<ReviewRecord>, EngineError> {
        let page = Page::last(limit);
        let page = match before {
            Some(before) => page.after(keys::review(realm, before)),
            None => page,
        };
        let Rows { rows, .. } = self.engine().scan(&keys::reviews(realm), page).await?;
        rows.iter().map(|(key, row)| super::read_set::decode(key, &row.doc)).collect()
    }

    /// The source with this name.
    pub async fn inbound_webhook(
        &self,
        source: &str,
        reads: &mut ReadSet,
    ) -> Result<Option<InboundWebhookRecord>, EngineError> {
        self.read(keys::inbound_webhook(source), reads).await
    }

    /// The first thousand sources that sign what they send.
    pub async fn inbound_webhooks(&self) -> Result<Vec<InboundWebhookRecord>, EngineError> {
        let Rows { rows, .. } = self.engine().scan(&keys::inbound_webhooks(), Page::first(1_000)).await?;
        rows.iter().map(|(key, row)| super::read_set::decode(key, &row.doc)).collect()
    }
}

impl Changes {
    /// Writes down what was made of a message.
    pub fn feed_message(&mut self, source: &str, id: &str, record: &FeedRecord) {
        self.put(keys::feed_message(self.realm, source, id), record);
    }

    /// Writes what is known of an attempt now; it must have been read.
    pub fn attempt(&mut self, source: &str, person: &PersonId, attempt: &str, record: &AttemptRecord) {
        self.put(keys::attempt(self.realm, source, person, attempt), record);
    }

    /// Writes a review.
    pub fn review(&mut self, review: &ReviewRecord) {
        self.put(keys::review(self.realm, &review.id), review);
    }

    /// Writes a source that signs what it sends.
    pub fn inbound_webhook(&mut self, record: &InboundWebhookRecord) {
        self.put(keys::inbound_webhook(&record.source), record);
    }
}
