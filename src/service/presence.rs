//! This process among those that work on one store. What it has taken on (a worker's work, a letter, a webhook) is its own
//! for as long as it is there, and anybody's afterwards.

use std::sync::PoisonError;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::caller::random_part;
use super::{Breakdown, moment};
use crate::app::{App, Presence};
use crate::id::Realm;
use crate::store::{Changes, ProcessRecord, ReadSet};

/// A process that says nothing for so long is gone: others take over what it had taken on.
const LIFE: TimeDelta = TimeDelta::seconds(15);
/// How often a process that runs says that it is there.
pub const PULSE: Duration = Duration::from_secs(5);
/// Nothing is taken on by who has less than this left, and no word of more.
const ENOUGH: TimeDelta = TimeDelta::seconds(8);

/// The name of this process, which is there for a while from now on.
pub async fn here(app: &App) -> Result<String, Breakdown> {
    let now = moment(app);
    let (name, until) = own(app);
    if until.is_some_and(|until| now + ENOUGH < until && until <= now + LIFE) {
        return Ok(name);
    }
    say(app, &name, now).await?;
    Ok(name)
}

/// Says that this process is there.
pub async fn pulse(app: &App) -> Result<(), Breakdown> {
    say(app, &own(app).0, moment(app)).await
}

/// Whether it is another process that has this name, and it is there to finish what it has taken on.
pub async fn is_another(app: &App, name: &str) -> Result<bool, Breakdown> {
    if name == own(app).0 {
        return Ok(false);
    }
    Ok(app.store.process(name).await?.is_some_and(|said| moment(app) < said.until))
}

/// Takes leave: what this process had taken on is anybody's at once.
pub async fn leave(app: &App) -> Result<(), Breakdown> {
    known(app, |presence| presence.until = None);
    forget(app, [own(app).0]).await
}

/// Forgets every other process, for who has the store to itself: whoever wrote that they were there has died since.
pub async fn alone(app: &App) -> Result<(), Breakdown> {
    let (own, _) = own(app);
    let others = app.store.processes().await?.into_iter().map(|process| process.name).filter(|name| *name != own);
    forget(app, others).await
}

async fn say(app: &App, name: &str, now: DateTime<Utc>) -> Result<(), Breakdown> {
    let process = ProcessRecord { name: name.to_owned(), until: now + LIFE };
    let mut changes = Changes::new(Realm::Live);
    changes.process(&process);
    app.store.commit(&ReadSet::new(), changes).await?;
    known(app, |presence| presence.until = Some(process.until));
    Ok(())
}

async fn forget(app: &App, names: impl IntoIterator<Item = String>) -> Result<(), Breakdown> {
    let mut changes = Changes::new(Realm::Live);
    names.into_iter().for_each(|name| changes.remove_process(&name));
    if !changes.is_empty() {
        app.store.commit(&ReadSet::new(), changes).await?;
    }
    Ok(())
}

/// What this process works on at this moment, until dropped.
pub struct InHand<'a> {
    app: &'a App,
    what: String,
}

/// Takes something in hand; `None` while somebody of this process has it.
pub fn take_in_hand(app: &App, what: String) -> Option<InHand<'_>> {
    known(app, |presence| presence.hands.insert(what.clone())).then(|| InHand { app, what })
}

impl Drop for InHand<'_> {
    fn drop(&mut self) {
        known(self.app, |presence| presence.hands.remove(&self.what));
    }
}

/// The name of this process, drawn when it is first asked for, and until when it is known to be there.
fn own(app: &App) -> (String, Option<DateTime<Utc>>) {
    known(app, |presence| {
        if presence.name.is_empty() {
            presence.name = random_part(app.ids.as_ref());
        }
        (presence.name.clone(), presence.until)
    })
}

fn known<T>(app: &App, look: impl FnOnce(&mut Presence) -> T) -> T {
    look(&mut app.caches.presence.lock().unwrap_or_else(PoisonError::into_inner))
}
