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
    /// Who reported it: the name of an API key or feed.
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
    /// What came of it; none while it waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<Reviewed>,
}

/// What came of a review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reviewed {
    /// When.
    pub at: DateTime<Utc>,
    /// Who accepted it: a caller, or the source that vouches for it.
    pub by: String,
    /// Whether the result counts now; else it can matter no more.
    pub accepted: bool,
}

/// A result that waits for its review, by whom it came from and what it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WaitingReview {
    /// As the program file names it.
    pub source: String,
    /// In what.
    pub certification: CertificationId,
    /// Of it.
    pub requirement: RequirementId,
    /// Which.
    pub review: ReviewId,
}

/// How far waiting results were looked over for sources that vouch for them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vouching {
    /// By which version of the program.
    pub version: u32,
    /// The last one that was looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<WaitingReview>,
    /// Whether all were.
    pub done: bool,
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
        self.read_all_whole(wanted, &mut ReadSet::new()).await
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

    /// One review.
    pub async fn review(
        &self,
        realm: Realm,
        id: &ReviewId,
        reads: &mut ReadSet,
    ) -> Result<Option<ReviewRecord>, EngineError> {
        self.read(keys::review(realm, id), reads).await
    }

    /// Results that wait for their review, by source and requirement; of one requirement of a source only, if `of` names it.
    pub async fn waiting_reviews(
        &self,
        realm: Realm,
        of: Option<(&str, &CertificationId, &RequirementId)>,
        after: Option<&WaitingReview>,
        limit: usize,
    ) -> Result<Vec<WaitingReview>, EngineError> {
        let page = match after {
            Some(after) => Page::first(limit).after(keys::waiting_review(realm, after)),
            None => Page::first(limit),
        };
        let Rows { rows, .. } = self.engine().scan(&keys::waiting_reviews(realm, of), page).await?;
        rows.iter().map(|(key, row)| super::read_set::decode(key, &row.doc)).collect()
    }

    /// How far waiting results were looked over.
    pub async fn vouching(&self, realm: Realm, reads: &mut ReadSet) -> Result<Option<Vouching>, EngineError> {
        self.read(keys::vouching(realm), reads).await
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

    /// Writes a review, and whether a result waits for it.
    pub fn review(&mut self, review: &ReviewRecord) {
        self.put(keys::review(self.realm, &review.id), review);
        let waiting = WaitingReview {
            source: review.source.clone(),
            certification: review.certification.clone(),
            requirement: review.requirement.clone(),
            review: review.id.clone(),
        };
        let key = keys::waiting_review(self.realm, &waiting);
        match (review.code, &review.closed) {
            (ReviewCode::Incomplete, None) => self.put(key, &waiting),
            (ReviewCode::Incomplete, Some(_)) => self.delete(key),
            (ReviewCode::GradeDropped | ReviewCode::Ambiguous, _) => {}
        }
    }

    /// Writes how far waiting results were looked over.
    pub fn vouching(&mut self, vouching: &Vouching) {
        self.put(keys::vouching(self.realm), vouching);
    }

    /// Writes a source that signs what it sends.
    pub fn inbound_webhook(&mut self, record: &InboundWebhookRecord) {
        self.put(keys::inbound_webhook(&record.source), record);
    }
}
