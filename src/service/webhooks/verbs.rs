//! What can be done with a webhook: test, rotate, disable, enable, replay.

use std::str::FromStr;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Breakdown, ROTATION, TRIES, WebhookError, WebhookView, moment, read, signature, tell};
use crate::app::App;
use crate::id::{EventId, Realm};
use crate::service::events;
use crate::store::{
    Changes, Commit, Disabled, DisabledReason, Event, EventKind, FormerKeys, Place, Progress, ReadSet, Replay, Retry,
    Webhook,
};

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verb {
    /// Tell it a `webhook.test`, whatever its filter.
    Test,
    /// New keys; the old ones sign, too, for 24 hours.
    Rotate,
    /// Tell it nothing more.
    Disable,
    /// Tell it again what happens from now on.
    Enable,
    /// Tell it again what it was told or missed.
    Replay(ReplayAsked),
}

/// One event, or those recorded in a time.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplayAsked {
    /// The id of one event; its type need not be one that the webhook is told.
    pub event: Option<String>,
    /// Everything that was recorded from then on.
    pub from: Option<DateTime<Utc>>,
    /// And before then [default: now].
    pub until: Option<DateTime<Utc>>,
}

impl FromStr for Verb {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "test" => Ok(Verb::Test),
            "rotate" => Ok(Verb::Rotate),
            "disable" => Ok(Verb::Disable),
            "enable" => Ok(Verb::Enable),
            "replay" => Ok(Verb::Replay(ReplayAsked::default())),
            _ => Err(()),
        }
    }
}

/// What was set off.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Asked {
    /// The webhook as it is now; after `rotate` with its new secret.
    pub webhook: WebhookView,
    /// The event that will be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub event: Option<EventId>,
}

/// Does it.
pub async fn act(app: &App, realm: Realm, id: &str, verb: &Verb) -> Result<Asked, WebhookError> {
    for _ in 0..TRIES {
        let mut deed = Deed::begin(app, realm, id).await?;
        match verb {
            Verb::Test => deed.test(app)?,
            Verb::Rotate => deed.rotate(app),
            Verb::Disable => deed.disable(app),
            Verb::Enable => deed.enable(),
            Verb::Replay(asked) => deed.replay(app, asked).await?,
        }
        let Deed { webhook, reads, changes, now, event, new_secret, .. } = deed;
        if changes.is_empty() {
            return Ok(Asked { webhook: WebhookView::new(webhook, now), event });
        }
        if let Commit::Done(_) = app.store.commit(&reads, changes).await? {
            let keys = webhook.keys.clone();
            let view = WebhookView::new(webhook, now);
            return Ok(Asked { webhook: if new_secret { view.with_secret(&keys) } else { view }, event });
        }
    }
    Err(Breakdown::Busy.into())
}

/// One try.
struct Deed {
    webhook: Webhook,
    reads: ReadSet,
    changes: Changes,
    now: DateTime<Utc>,
    event: Option<EventId>,
    new_secret: bool,
}

impl Deed {
    async fn begin(app: &App, realm: Realm, id: &str) -> Result<Self, WebhookError> {
        let mut reads = ReadSet::new();
        let webhook = read(app, realm, id, &mut reads).await?;
        let (changes, now) = (Changes::new(realm), moment(app));
        Ok(Deed { webhook, reads, changes, now, event: None, new_secret: false })
    }

    fn test(&mut self, app: &App) -> Result<(), WebhookError> {
        self.must_be_enabled()?;
        let id = EventId::new(self.now, app.ids.as_ref());
        let what = EventKind::WebhookTest { webhook: self.webhook.id.clone() };
        self.changes.event(&Event { id: id.clone(), recorded_at: self.now, realm: self.webhook.realm, what });
        self.event = Some(id);
        Ok(())
    }

    fn rotate(&mut self, app: &App) {
        let keys = std::mem::replace(&mut self.webhook.keys, signature::new_keys(app.ids.as_ref()));
        self.webhook.former = Some(FormerKeys { keys, until: self.now + ROTATION });
        self.new_secret = true;
        self.changes.webhook(&self.webhook);
    }

    fn disable(&mut self, app: &App) {
        if self.webhook.disabled.is_none() {
            self.webhook.disabled = Some(Disabled { at: self.now, reason: DisabledReason::ByHand });
            self.changes.webhook(&self.webhook);
            tell(app, &mut self.changes, self.now, EventKind::WebhookDisabled { webhook: self.webhook.id.clone() });
        }
    }

    fn enable(&mut self) {
        if self.webhook.disabled.take().is_some() {
            self.changes.webhook(&self.webhook);
            // Without a place: it begins where this is committed.
            self.changes.webhook_progress(&self.webhook.id, &Progress::default());
        }
    }

    async fn replay(&mut self, app: &App, asked: &ReplayAsked) -> Result<(), WebhookError> {
        self.must_be_enabled()?;
        match asked {
            ReplayAsked { event: Some(id), from: None, until: None } => self.replay_one(app, id).await,
            ReplayAsked { event: None, from: Some(from), until } => {
                let until = until.unwrap_or(self.now + TimeDelta::seconds(1));
                if *from >= until {
                    return Err(WebhookError::Replay);
                }
                self.replay_time(app, *from, until).await
            }
            _ => Err(WebhookError::Replay),
        }
    }

    async fn replay_one(&mut self, app: &App, id: &str) -> Result<(), WebhookError> {
        let unknown = || WebhookError::UnknownEvent(id.chars().take(40).collect());
        let id: EventId = id.parse().map_err(|_| unknown())?;
        let event = events::find(app, self.webhook.realm, &id).await?.ok_or_else(unknown)?;
        let retry = Retry { webhook: self.webhook.id.clone(), event, attempts: 0, due: self.now };
        self.changes.retry(&retry);
        self.event = Some(id);
        Ok(())
    }

    async fn replay_time(&mut self, app: &App, from: DateTime<Utc>, until: DateTime<Utc>) -> Result<(), WebhookError> {
        let read = app.store.webhook_progress(self.webhook.realm, &self.webhook.id, &mut self.reads).await?;
        let mut progress = read.unwrap_or_default();
        if progress.replay.is_some() {
            return Err(WebhookError::Replaying);
        }
        let (first, upto) = (events::first_since(app, from).await?, app.store.end_of_feed().await?);
        progress.replay = Some(Replay { place: Place::after(first), upto, from, until });
        self.changes.webhook_progress(&self.webhook.id, &progress);
        Ok(())
    }

    fn must_be_enabled(&self) -> Result<(), WebhookError> {
        if self.webhook.disabled.is_some() { Err(WebhookError::Disabled) } else { Ok(()) }
    }
}
