//! Webhooks: the address and its keys, how far it is, what failed and waits, and the log of attempts.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::engine::{Direction, EngineError, Key, Page, Position, Version};
use super::keys::webhooks as keys;
use super::{Changes, Event, Place, ReadSet, Store, read_set};
use crate::id::{EventId, Realm, WebhookId};

/// The most webhooks of a realm, also disabled ones.
pub const MOST_WEBHOOKS: usize = 100;

/// An address that is told of events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Webhook {
    /// Time-ordered.
    pub id: WebhookId,
    /// Of which events it is told.
    pub realm: Realm,
    /// Where it is told.
    pub url: String,
    /// Patterns such as `award.*`; none: everything.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub types: Vec<String>,
    /// How a message is written.
    pub format: Format,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// What signs.
    pub keys: WebhookKeys,
    /// What signs, too, for a while after a rotation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub former: Option<FormerKeys>,
    /// It is told nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled: Option<Disabled>,
}

/// How a message is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// `{type, timestamp, data}` of Standard Webhooks.
    #[default]
    Standard,
    /// CloudEvents 1.0, structured.
    CloudEvents,
}

/// The secrets of one webhook: shared by nothing else, and needed in the clear to sign.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebhookKeys {
    /// Key of the HMAC, 32 bytes in base64.
    pub secret: String,
    /// Ed25519 seed, 32 bytes in base64.
    pub seed: String,
}

impl fmt::Debug for WebhookKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebhookKeys(…)")
    }
}

/// Keys that were rotated away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormerKeys {
    /// Them.
    pub keys: WebhookKeys,
    /// When they cease to sign.
    pub until: DateTime<Utc>,
}

/// Since when, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Disabled {
    /// When it was.
    pub at: DateTime<Utc>,
    /// Why.
    pub reason: DisabledReason,
}

/// Why a webhook is told nothing any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DisabledReason {
    /// Somebody disabled it.
    ByHand,
    /// The receiver answered 410.
    Gone,
    /// The last retry of an event failed.
    Failing,
}

/// How far a webhook is. Whoever works for it holds the claim.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Progress {
    /// What was told, or has a retry of its own.
    pub place: Place,
    /// The process that works for it, so that two do not do the same; as long as it is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim: Option<String>,
    /// The receiver is overburdened or away: nothing before then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paused_until: Option<DateTime<Utc>>,
    /// How often in a row it was.
    #[serde(default)]
    pub troubles: u32,
    /// Events that are told again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replay: Option<Replay>,
}

/// A stretch of the feed that is told again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Replay {
    /// What was told already.
    pub place: Place,
    /// Nothing after this position.
    pub upto: Position,
    /// Only what was recorded from then on.
    pub from: DateTime<Utc>,
    /// And before then.
    pub until: DateTime<Utc>,
}

/// An event that is to be told to one webhook apart from the others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retry {
    /// Whom.
    pub webhook: WebhookId,
    /// What.
    pub event: Event,
    /// Attempts that were made.
    pub attempts: u32,
    /// When to try again.
    pub due: DateTime<Utc>,
}

/// One attempt to tell an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Delivery {
    /// Which event: the `webhook-id` of the message.
    #[schema(value_type = String)]
    pub event: EventId,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: String,
    /// Counted from 1.
    pub attempt: u32,
    /// When it was made.
    pub at: DateTime<Utc>,
    /// Whether the receiver answered 200 to 299.
    pub delivered: bool,
    /// What it answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Why there was no answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// How long it took.
    pub millis: u64,
    /// The beginning of the answer's body.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub answer: String,
    /// When the next attempt is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_attempt_at: Option<DateTime<Utc>>,
}

impl Store {
    /// One webhook.
    pub async fn webhook(
        &self,
        realm: Realm,
        id: &WebhookId,
        reads: &mut ReadSet,
    ) -> Result<Option<Webhook>, EngineError> {
        self.read(keys::webhook(realm, id), reads).await
    }

    /// All webhooks of a realm, oldest first, also disabled ones.
    pub async fn webhooks(&self, realm: Realm) -> Result<Vec<Webhook>, EngineError> {
        let rows = self.engine.scan(&keys::webhooks(realm), Page::first(MOST_WEBHOOKS * 2)).await?;
        rows.rows.iter().map(|(key, row)| read_set::decode(key, &row.doc)).collect()
    }

    /// How many there are, as everybody who makes one notes it.
    pub async fn webhook_count(&self, realm: Realm, reads: &mut ReadSet) -> Result<usize, EngineError> {
        Ok(self.read(keys::webhook_count(realm), reads).await?.unwrap_or(0))
    }

    /// How far a webhook is. One that was never worked for begins where it was made, or enabled again.
    pub async fn webhook_progress(
        &self,
        realm: Realm,
        id: &WebhookId,
        reads: &mut ReadSet,
    ) -> Result<Option<Progress>, EngineError> {
        let key = keys::progress(realm, id);
        let Some(found) = self.engine.get(std::slice::from_ref(&key)).await?.pop().flatten() else {
            self.read::<Progress>(key, reads).await?;
            return Ok(None);
        };
        let mut progress: Progress = read_set::decode(&key, &found.doc)?;
        if progress.place == Place::default() {
            let Version(position) = found.version;
            progress.place = Place::after(Position(position));
        }
        reads.note(key, found.version);
        Ok(Some(progress))
    }

    /// What is due to be tried again by `now`, the longest due first.
    pub async fn retries_due(&self, realm: Realm, now: DateTime<Utc>, most: usize) -> Result<Vec<Retry>, EngineError> {
        let rows = self.engine.scan(&keys::retries_due(realm, now), Page::first(most)).await?;
        rows.rows.iter().map(|(key, row)| read_set::decode(key, &row.doc)).collect()
    }

    /// A retry as it is now; `None` when it was made meanwhile.
    pub async fn retry(&self, realm: Realm, retry: &Retry, reads: &mut ReadSet) -> Result<Option<Retry>, EngineError> {
        self.read(keys::retry(realm, retry.due, &retry.webhook, &retry.event.id), reads).await
    }

    /// Attempts, the newest first, after the one with this mark; with the mark of each.
    pub async fn deliveries(
        &self,
        realm: Realm,
        webhook: &WebhookId,
        after: Option<&DeliveryMark>,
        limit: usize,
    ) -> Result<Vec<(DeliveryMark, Delivery)>, EngineError> {
        let after = after.map(|mark| keys::delivery(realm, webhook, mark.at, &mark.rest));
        let page = Page { after, limit, direction: Direction::Backward };
        let rows = self.engine.scan(&keys::deliveries(realm, webhook), page).await?;
        rows.rows.iter().map(|(key, row)| Ok((DeliveryMark::of(key)?, read_set::decode(key, &row.doc)?))).collect()
    }

    /// Forgets attempts before `end`, so many at most; answers whether there were any.
    pub async fn forget_deliveries(
        &self,
        realm: Realm,
        webhook: &WebhookId,
        end: DateTime<Utc>,
        most: usize,
    ) -> Result<bool, EngineError> {
        let rows = self.engine.scan(&keys::deliveries_before(realm, webhook, end), Page::first(most)).await?;
        let mut changes = Changes::new(realm);
        rows.rows.into_iter().for_each(|(key, _)| changes.delete(key));
        if changes.batch.is_empty() {
            return Ok(false);
        }
        self.commit(&ReadSet::new(), changes).await?;
        Ok(true)
    }
}

/// Where an attempt stands in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryMark {
    /// When it was made.
    pub at: DateTime<Utc>,
    /// Tells attempts of one second apart.
    pub rest: String,
}

impl DeliveryMark {
    fn of(key: &Key) -> Result<Self, EngineError> {
        let parts = key.parts();
        let (Some(rest), Some(at)) = (parts.last(), parts.iter().rev().nth(1).and_then(|at| at.parse().ok())) else {
            return Err(EngineError::corrupt(key.clone(), "not the key of an attempt"));
        };
        Ok(DeliveryMark { at, rest: rest.clone() })
    }
}

impl Changes {
    /// Writes a webhook.
    pub fn webhook(&mut self, webhook: &Webhook) {
        self.put(keys::webhook(self.realm, &webhook.id), webhook);
    }

    /// Notes how many there are.
    pub fn webhook_count(&mut self, count: usize) {
        self.put(keys::webhook_count(self.realm), &count);
    }

    /// Writes how far a webhook is.
    pub fn webhook_progress(&mut self, id: &WebhookId, progress: &Progress) {
        self.put(keys::progress(self.realm, id), progress);
    }

    /// Removes a webhook and its progress; what it was told is forgotten apart from this.
    pub fn remove_webhook(&mut self, id: &WebhookId) {
        self.delete(keys::webhook(self.realm, id));
        self.delete(keys::progress(self.realm, id));
    }

    /// Lets an event be tried when it is due.
    pub fn retry(&mut self, retry: &Retry) {
        self.put(keys::retry(self.realm, retry.due, &retry.webhook, &retry.event.id), retry);
    }

    /// It was tried.
    pub fn remove_retry(&mut self, retry: &Retry) {
        self.delete(keys::retry(self.realm, retry.due, &retry.webhook, &retry.event.id));
    }

    /// Logs an attempt.
    pub fn delivery(&mut self, webhook: &WebhookId, delivery: &Delivery, mark: &str) {
        self.put(keys::delivery(self.realm, webhook, delivery.at, mark), delivery);
    }
}
