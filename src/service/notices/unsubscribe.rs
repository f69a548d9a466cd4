//! Wanting no more reminders, and wanting them again.

use crate::app::App;
use crate::service::tokens::{self, TokenError};
use crate::service::{Breakdown, TRIES, moment};
use crate::store::{Changes, Commit, OptOut, Purpose, ReadSet};

/// What a link that stops reminders is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsubscribing {
    /// Reminders were stopped before.
    pub stopped: bool,
}

/// What this link is about. Changes nothing: mail scanners follow links.
pub async fn unsubscribing(app: &App, secret: &str) -> Result<Unsubscribing, TokenError> {
    let reader = reader(app, secret, &mut ReadSet::new()).await?;
    let stopped = app.store.opted_out(&reader, &mut ReadSet::new()).await?.is_some();
    Ok(Unsubscribing { stopped })
}

/// Stops reminders. Stopping twice is stopping.
pub async fn stop(app: &App, secret: &str) -> Result<(), TokenError> {
    set(app, secret, true).await
}

/// Lets reminders come again.
pub async fn resume(app: &App, secret: &str) -> Result<(), TokenError> {
    set(app, secret, false).await
}

async fn set(app: &App, secret: &str, stop: bool) -> Result<(), TokenError> {
    for _ in 0..TRIES {
        let mut reads = ReadSet::new();
        let reader = reader(app, secret, &mut reads).await?;
        if app.store.opted_out(&reader, &mut reads).await?.is_some() == stop {
            return Ok(());
        }
        let mut changes = Changes::new(crate::id::Realm::Live);
        changes.opt_out(&reader, stop.then(|| OptOut { since: moment(app) }).as_ref());
        if let Commit::Done(_) = app.store.commit(&reads, changes).await? {
            return Ok(());
        }
    }
    Err(Breakdown::Busy.into())
}

/// The link is good again and again: it is in every copy of the letter.
async fn reader(app: &App, secret: &str, reads: &mut ReadSet) -> Result<String, TokenError> {
    match tokens::take(app, secret, moment(app), reads).await?.purpose() {
        Purpose::Unsubscribe { recipient } => Ok(recipient.clone()),
        _ => Err(TokenError::Unknown),
    }
}
