//! What a burst will tell, in which order.

use std::time::Duration;

use crate::app::App;
use crate::id::WebhookId;
use crate::service::Breakdown;
use crate::service::events::Filter;
use crate::store::{Event, EventKind, Place, Position, Progress, Retry, Webhook};

/// So many of each kind are told in one burst.
const MOST: usize = 16;
/// So many events are read at a time.
const PAGE: usize = 200;
/// A place is written, though nothing was told, once so many events were passed over since.
const MOST_PASSED: u64 = 1_000;

/// One event to be told.
pub(super) struct Turn {
    pub(super) webhook: WebhookId,
    pub(super) event: Event,
    /// Attempts that were made before.
    pub(super) attempts: u32,
    pub(super) task: Task,
}

/// Where it comes from, and so what is done once it was told.
pub(super) enum Task {
    Retry(Box<Retry>),
    Replay(Place),
    New(Place),
}

impl Task {
    /// Notes that it was told, or has a retry of its own.
    pub(super) fn move_on(&self, progress: &mut Progress) {
        match (self, &mut progress.replay) {
            (Task::New(place), _) => progress.place = *place,
            (Task::Replay(place), Some(replay)) => replay.place = *place,
            (Task::Replay(_), None) | (Task::Retry(_), _) => {}
        }
    }
}

/// A burst.
pub(super) struct Plan {
    pub(super) turns: Vec<Turn>,
    /// Where the webhook is if nothing new is for it.
    pub(super) skipped_to: Option<Place>,
    pub(super) replay_ended: bool,
    /// How far the feed was looked through.
    pub(super) upto: Position,
}

impl Plan {
    /// Nothing to tell, and nothing worth writing down.
    pub(super) fn is_nothing(&self, progress: &Progress) -> bool {
        let far = self.skipped_to.is_some_and(|to| to.after.0.saturating_sub(progress.place.after.0) >= MOST_PASSED);
        self.turns.is_empty() && !self.replay_ended && !far
    }
}

/// First what is due again, then what is replayed, then what is new.
pub(super) async fn plan(
    app: &App,
    webhook: &Webhook,
    progress: &Progress,
    retries: &[Retry],
) -> Result<Plan, Breakdown> {
    let id = || webhook.id.clone();
    let due = retries.iter().take(MOST).map(|retry| Turn {
        webhook: id(),
        event: retry.event.clone(),
        attempts: retry.attempts,
        task: Task::Retry(Box::new(retry.clone())),
    });
    let mut turns: Vec<Turn> = due.collect();
    let again = replayed(app, webhook, progress).await?;
    let replay_ended = again.as_ref().is_some_and(Vec::is_empty);
    let turn = |event, task| Turn { webhook: id(), event, attempts: 0, task };
    turns.extend(again.into_iter().flatten().map(|(place, event)| turn(event, Task::Replay(place))));
    let (new, skipped_to, upto) = new(app, webhook, progress).await?;
    turns.extend(new.into_iter().map(|(place, event)| turn(event, Task::New(place))));
    Ok(Plan { turns, skipped_to, replay_ended, upto })
}

/// What comes next in a replay; nothing at its end, `None` without one.
async fn replayed(app: &App, webhook: &Webhook, progress: &Progress) -> Result<Option<Vec<(Place, Event)>>, Breakdown> {
    let Some(replay) = &progress.replay else { return Ok(None) };
    let (mut at, reader) = (replay.place, Reader::new(webhook));
    loop {
        let found = app.store.events(at, PAGE, Duration::ZERO).await?;
        let end = found.events.is_empty() || found.upto >= replay.upto;
        let wanted = found.events.into_iter().filter(|(place, event)| {
            place.after < replay.upto && (replay.from..replay.until).contains(&event.recorded_at) && reader.wants(event)
        });
        let wanted: Vec<_> = wanted.take(MOST).collect();
        if !wanted.is_empty() || end {
            return Ok(Some(wanted));
        }
        at = Place::after(found.upto);
    }
}

/// What is new for it; if nothing is, up to where.
async fn new(
    app: &App,
    webhook: &Webhook,
    progress: &Progress,
) -> Result<(Vec<(Place, Event)>, Option<Place>, Position), Breakdown> {
    let known = || app.caches.webhooks.lock().expect("no panic while the work is held");
    let beyond = known().nothing.get(&webhook.id).filter(|(from, _)| *from == progress.place).map(|(_, to)| *to);
    let (mut at, reader) = (beyond.unwrap_or(progress.place), Reader::new(webhook));
    loop {
        let found = app.store.events(at, PAGE, Duration::ZERO).await?;
        let (end, upto) = (found.events.is_empty(), found.upto.max(at.after));
        let wanted = found.events.into_iter().filter(|(_, event)| reader.wants(event));
        let wanted: Vec<_> = wanted.take(MOST).collect();
        if !wanted.is_empty() {
            return Ok((wanted, None, upto));
        }
        if end {
            known().nothing.insert(webhook.id.clone(), (progress.place, at));
            return Ok((wanted, (at != progress.place).then_some(at), upto));
        }
        at = Place::after(upto);
    }
}

/// Whose events, and which.
struct Reader<'a> {
    webhook: &'a Webhook,
    filter: Filter,
}

impl<'a> Reader<'a> {
    fn new(webhook: &'a Webhook) -> Self {
        Reader { webhook, filter: Filter::known(&webhook.types) }
    }

    /// Of its realm, of a type it asked for; a test only if it is its own.
    fn wants(&self, event: &Event) -> bool {
        event.realm == self.webhook.realm
            && match &event.what {
                EventKind::WebhookTest { webhook } => *webhook == self.webhook.id,
                _ => self.filter.lets(event),
            }
    }
}
