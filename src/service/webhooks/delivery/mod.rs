//! One burst of work for one webhook: what is due to be tried again, what is replayed, and what is new.
//!
//! An attempt is recorded after it was made, with the place in the feed, in one batch that expects the progress it began
//! from: a crash in between tells the event once more, under the same `webhook-id`. A delivery that fails becomes a retry
//! of its own, and the place moves on.

mod attempt;
mod plan;

use std::sync::atomic::Ordering;
use std::time::Duration;

use self::attempt::attempt;
use self::plan::{Task, Turn, plan};
use super::schedule::{Outcome, next_attempt, pause};
use super::{Breakdown, log, moment, tell};
use crate::app::App;
use crate::id::{Realm, WebhookId};
use crate::service::caller::random_part;
use crate::service::presence;
use crate::store::{Changes, Commit, Disabled, DisabledReason, EventKind, Place, Position, Progress, ReadSet, Retry};

/// The most retries that one look finds.
const MOST_DUE: usize = 500;
/// The most events that one look at what is new passes over.
const MOST_NEWS: usize = 1_000;

/// A webhook that there may be work for.
#[derive(Debug, Clone)]
pub struct Candidate {
    realm: Realm,
    id: WebhookId,
    retries: Vec<Retry>,
}

impl Candidate {
    /// Whom it is about.
    pub fn id(&self) -> &WebhookId {
        &self.id
    }

    /// The same without what was due again: that was told.
    #[must_use]
    pub fn without_retries(self) -> Self {
        Candidate { retries: Vec::new(), ..self }
    }
}

/// What a burst did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Burst {
    /// Whether there may be more to do at once.
    pub worked: bool,
    /// How far the feed was looked through.
    pub upto: Position,
}

/// Every webhook that may have work, and what of it is due again. Forgets old attempts on the way.
pub async fn candidates(app: &App) -> Result<Vec<Candidate>, Breakdown> {
    let now = moment(app);
    let sweep = log::sweep_is_due(app, now);
    let mut found: Vec<Candidate> = Vec::new();
    for realm in [Realm::Live, Realm::Test] {
        if sweep {
            log::sweep(app, realm, now).await?;
        }
        let start = found.len();
        let enabled = app.store.webhooks(realm).await?.into_iter().filter(|webhook| webhook.disabled.is_none());
        found.extend(enabled.map(|webhook| Candidate { realm, id: webhook.id, retries: Vec::new() }));
        for retry in app.store.retries_due(realm, now, MOST_DUE).await? {
            match found[start..].iter_mut().find(|candidate| candidate.id == retry.webhook) {
                Some(candidate) => candidate.retries.push(retry),
                // Disabled or removed: the burst clears them away.
                None => found.push(Candidate { realm, id: retry.webhook.clone(), retries: vec![retry] }),
            }
        }
    }
    Ok(found)
}

/// Waits for an event after a position; answers how far the feed goes once there is one.
pub async fn wake(app: &App, after: Position, wait: Duration) -> Result<Option<Position>, Breakdown> {
    let found = app.store.events(Place::after(after), MOST_NEWS, wait).await?;
    Ok((!found.events.is_empty()).then_some(found.upto))
}

/// Works for one webhook until it has told some events, failed badly, or found nothing.
pub async fn burst(app: &App, candidate: &Candidate) -> Result<Burst, Breakdown> {
    let Candidate { realm, id, retries } = candidate;
    let now = moment(app);
    let Some(_in_hand) = presence::take_in_hand(app, format!("webhook {id}")) else {
        return Ok(Burst { worked: false, upto: Position::START });
    };
    let mut reads = ReadSet::new();
    let webhook = app.store.webhook(*realm, id, &mut ReadSet::new()).await?;
    let progress = app.store.webhook_progress(*realm, id, &mut reads).await?;
    let idle = |upto| Burst { worked: false, upto };
    let (Some(webhook), Some(mut progress)) = (webhook.filter(|hook| hook.disabled.is_none()), progress) else {
        return Ok(Burst { worked: clear(app, *realm, retries).await?, upto: Position::START });
    };
    let others = match &progress.claim {
        Some(claim) => presence::is_another(app, claim).await?,
        None => false,
    };
    if others || progress.paused_until.is_some_and(|until| now < until) {
        return Ok(idle(Position::START));
    }
    let plan = plan(app, &webhook, &progress, retries).await?;
    if plan.is_nothing(&progress) {
        return Ok(idle(plan.upto));
    }
    let name = presence::here(app).await?;
    progress.place = plan.skipped_to.unwrap_or(progress.place);
    progress.claim = (!plan.turns.is_empty()).then(|| name.clone());
    if plan.replay_ended {
        progress.replay = None;
    }
    let mut changes = Changes::new(*realm);
    changes.webhook_progress(id, &progress);
    let claimed = matches!(app.store.commit(&reads, changes).await?, Commit::Done(_));
    if claimed {
        let last = plan.turns.len().saturating_sub(1);
        for (n, turn) in plan.turns.into_iter().enumerate() {
            let step = Step { realm: *realm, id, name: &name, last: n == last };
            // Whoever takes over tells the rest: a slow receiver keeps no service from stopping.
            if app.caches.stopping.load(Ordering::Relaxed) || !step.take(app, turn).await? {
                break;
            }
        }
    }
    Ok(Burst { worked: claimed, upto: plan.upto })
}

/// One delivery of a burst.
struct Step<'a> {
    realm: Realm,
    id: &'a WebhookId,
    name: &'a str,
    last: bool,
}

impl Step<'_> {
    /// Makes the attempt and records it; answers whether the burst may go on.
    async fn take(&self, app: &App, turn: Turn) -> Result<bool, Breakdown> {
        let (mut reads, mut of_webhook) = (ReadSet::new(), ReadSet::new());
        // Read anew: it may have been changed, disabled or removed while the one before was told.
        let webhook = app.store.webhook(self.realm, self.id, &mut of_webhook).await?;
        let progress = app.store.webhook_progress(self.realm, self.id, &mut reads).await?;
        let (Some(mut webhook), Some(mut progress)) = (webhook, progress) else { return Ok(false) };
        let mine = progress.claim.as_deref() == Some(self.name);
        if !mine || webhook.disabled.is_some() {
            return Ok(false);
        }
        let mut changes = Changes::new(self.realm);
        if let Task::Retry(retry) = &turn.task {
            if app.store.retry(self.realm, retry, &mut reads).await?.is_none() {
                progress.claim = progress.claim.filter(|_| !self.last);
                changes.webhook_progress(self.id, &progress);
                return Ok(matches!(app.store.commit(&reads, changes).await?, Commit::Done(_)) && !self.last);
            }
            changes.remove_retry(retry);
        }
        let mut made = attempt(app, &webhook, &turn).await;
        let now = moment(app);
        let ended = settle(app, &turn, &mut made, &mut progress, &mut changes);
        if let Some(reason) = ended {
            webhook.disabled = Some(Disabled { at: now, reason });
            changes.webhook(&webhook);
            tell(app, &mut changes, now, EventKind::WebhookDisabled { webhook: webhook.id.clone() });
            reads.join(of_webhook);
        }
        turn.task.move_on(&mut progress);
        let stop = self.last || ended.is_some() || progress.paused_until.is_some();
        progress.claim = progress.claim.filter(|_| !stop);
        changes.webhook_progress(self.id, &progress);
        let mark = format!("{}-{:02}-{}", made.log.event, made.log.attempt, &random_part(app.ids.as_ref())[..8]);
        changes.delivery(self.id, &made.log, &mark);
        let recorded = matches!(app.store.commit(&reads, changes).await?, Commit::Done(_));
        Ok(recorded && !stop)
    }
}

/// What follows from an attempt: a retry, a pause, or the end.
fn settle(
    app: &App,
    turn: &Turn,
    made: &mut attempt::Made,
    progress: &mut Progress,
    changes: &mut Changes,
) -> Option<DisabledReason> {
    let now = moment(app);
    progress.paused_until = None;
    match made.outcome {
        Outcome::Delivered => {
            progress.troubles = 0;
            return None;
        }
        Outcome::Gone => return Some(DisabledReason::Gone),
        Outcome::Failed => progress.troubles = 0,
        Outcome::Overburdened => {
            progress.troubles = progress.troubles.saturating_add(1);
            progress.paused_until = Some(pause(progress.troubles, now, made.asked));
        }
    }
    // A test is told once: whoever asked for it is looking.
    if matches!(turn.event.what, EventKind::WebhookTest { .. }) {
        return None;
    }
    let attempts = turn.attempts + 1;
    let Some(due) = next_attempt(attempts, now, made.asked, app.ids.as_ref()) else {
        return Some(DisabledReason::Failing);
    };
    made.log.next_attempt_at = Some(due);
    changes.retry(&Retry { webhook: turn.webhook.clone(), event: turn.event.clone(), attempts, due });
    None
}

/// What was due for a webhook that is told nothing any more.
async fn clear(app: &App, realm: Realm, retries: &[Retry]) -> Result<bool, Breakdown> {
    if retries.is_empty() {
        return Ok(false);
    }
    let mut changes = Changes::new(realm);
    for retry in retries {
        changes.remove_retry(retry);
    }
    app.store.commit(&ReadSet::new(), changes).await?;
    Ok(true)
}
