//! Webhooks: made, listed, rotated, tried, disabled, replayed; and what each is told ([`delivery`]).

pub mod delivery;
mod log;
mod message;
mod schedule;
mod signature;
mod verbs;

pub use log::{DeliveryPage, Wanted, deliveries};
pub use verbs::{Asked, ReplayAsked, Verb, act};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::events::{Filter, UnknownType};
use super::{Breakdown, TRIES, moment, tell};
use crate::app::App;
use crate::fetch::FetchError;
use crate::id::{Realm, WebhookId};
use crate::store::{
    Changes, Commit, Disabled, EventKind, Format, MOST_WEBHOOKS, Progress, ReadSet, Webhook, WebhookKeys,
};

/// So long keys that were rotated away go on signing.
const ROTATION: TimeDelta = TimeDelta::hours(24);

/// A webhook to be made.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewWebhook {
    /// Where messages are sent: https, at a public address.
    pub url: String,
    /// Types of events, such as `award.issued` or `award.*`; none: all.
    #[serde(default)]
    pub types: Vec<String>,
    /// `standard` (Standard Webhooks) or `cloudevents`; both are signed alike.
    #[serde(default)]
    pub format: Format,
}

/// A webhook as it is shown: its secret only once.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WebhookView {
    /// Its id.
    #[schema(value_type = String)]
    pub id: WebhookId,
    /// Where messages are sent.
    pub url: String,
    /// Types of events; none: all.
    pub types: Vec<String>,
    /// How messages are written.
    pub format: Format,
    /// `live` or `test`: whose events.
    #[schema(value_type = String)]
    pub realm: Realm,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Verifies the `v1a` signatures.
    pub public_key: String,
    /// Verifies the `v1` signatures. Shown when it is made, and never again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
    /// Until when the keys before a rotation sign, too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rotated_until: Option<DateTime<Utc>>,
    /// Since when it is told nothing, and why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disabled: Option<Disabled>,
}

impl WebhookView {
    fn new(webhook: Webhook, now: DateTime<Utc>) -> Self {
        let public_key = signature::public_key(&webhook.keys);
        let rotated_until = webhook.former.map(|former| former.until).filter(|until| now < *until);
        let Webhook { id, url, types, format, realm, created_at, disabled, .. } = webhook;
        WebhookView { id, url, types, format, realm, created_at, public_key, secret: None, rotated_until, disabled }
    }

    fn with_secret(mut self, keys: &WebhookKeys) -> Self {
        self.secret = Some(signature::shown_secret(keys));
        self
    }
}

/// Why something was not done with a webhook.
#[derive(Debug, thiserror::Error)]
pub enum WebhookError {
    /// No such webhook.
    #[error("there is no webhook {0:?}")]
    Unknown(String),
    /// It cannot be told anything at this address.
    #[error("this address cannot be told anything: {0}")]
    Url(FetchError),
    /// No event has this type.
    #[error(transparent)]
    Type(#[from] UnknownType),
    /// The bound.
    #[error("there are {MOST_WEBHOOKS} webhooks already")]
    TooMany,
    /// It is told nothing.
    #[error("the webhook is disabled")]
    Disabled,
    /// One replay at a time.
    #[error("events are being replayed to this webhook already")]
    Replaying,
    /// There is nothing to replay.
    #[error("there is no event {0:?}")]
    UnknownEvent(String),
    /// It says too little or too much.
    #[error("a replay names one event, or a time from which (and one until which) events are told again")]
    Replay,
    /// Not a page of the log.
    #[error("this cursor is not one of the log")]
    Cursor,
    /// Anything else.
    #[error(transparent)]
    Breakdown(#[from] Breakdown),
}

breaks_down!(WebhookError);

/// Makes a webhook, which is told what happens from now on. The view holds its secret, which is shown nowhere else.
pub async fn create(app: &App, realm: Realm, new: NewWebhook) -> Result<WebhookView, WebhookError> {
    Filter::new(new.types.iter().map(String::as_str))?;
    app.door.check(&new.url).map_err(WebhookError::Url)?;
    let now = moment(app);
    let keys = signature::new_keys(app.ids.as_ref());
    let id = WebhookId::new(now, app.ids.as_ref());
    let NewWebhook { url, types, format } = new;
    let webhook = Webhook { id, realm, url, types, format, created_at: now, keys, former: None, disabled: None };
    for _ in 0..TRIES {
        let mut reads = ReadSet::new();
        let count = app.store.webhook_count(realm, &mut reads).await?;
        if count >= MOST_WEBHOOKS {
            return Err(WebhookError::TooMany);
        }
        let mut changes = Changes::new(realm);
        changes.webhook_count(count + 1);
        changes.webhook(&webhook);
        // Written without a place: it begins where this is committed.
        changes.webhook_progress(&webhook.id, &Progress::default());
        tell(app, &mut changes, now, EventKind::WebhookCreated { webhook: webhook.id.clone() });
        if let Commit::Done(_) = app.store.commit(&reads, changes).await? {
            let keys = webhook.keys.clone();
            return Ok(WebhookView::new(webhook, now).with_secret(&keys));
        }
    }
    Err(Breakdown::Busy.into())
}

/// All of a realm, oldest first.
pub async fn list(app: &App, realm: Realm) -> Result<Vec<WebhookView>, Breakdown> {
    let now = moment(app);
    Ok(app.store.webhooks(realm).await?.into_iter().map(|webhook| WebhookView::new(webhook, now)).collect())
}

/// One of them.
pub async fn show(app: &App, realm: Realm, id: &str) -> Result<WebhookView, WebhookError> {
    let webhook = read(app, realm, id, &mut ReadSet::new()).await?;
    Ok(WebhookView::new(webhook, moment(app)))
}

/// Removes a webhook, with its log and everything that still was to be told to it.
pub async fn remove(app: &App, realm: Realm, id: &str) -> Result<(), WebhookError> {
    for _ in 0..TRIES {
        let mut reads = ReadSet::new();
        let webhook = read(app, realm, id, &mut reads).await?;
        let count = app.store.webhook_count(realm, &mut reads).await?;
        let mut changes = Changes::new(realm);
        changes.remove_webhook(&webhook.id);
        changes.webhook_count(count.saturating_sub(1));
        if let Commit::Done(_) = app.store.commit(&reads, changes).await? {
            // A breakdown in between leaves attempts behind that nobody can ask for any more.
            let end = moment(app) + TimeDelta::days(1);
            while app.store.forget_deliveries(realm, &webhook.id, end, 500).await? {}
            return Ok(());
        }
    }
    Err(Breakdown::Busy.into())
}

/// The webhook with this id, for a decision.
async fn read(app: &App, realm: Realm, id: &str, reads: &mut ReadSet) -> Result<Webhook, WebhookError> {
    let unknown = || WebhookError::Unknown(id.chars().take(40).collect());
    let id: WebhookId = id.parse().map_err(|_| unknown())?;
    app.store.webhook(realm, &id, reads).await?.ok_or_else(unknown)
}
