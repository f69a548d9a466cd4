//! Sends what is due in the outbox: claimed, posted, marked. A crash in between repeats one letter with its Message-ID.

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join_all;

use super::compose::compose;
use crate::app::App;
use crate::id::Realm;
use crate::mail::{Letter, PostError};
use crate::service::{Breakdown, TRIES, moment};
use crate::store::{Changes, Commit, LetterRecord, MailStatus, ReadSet};

/// Letters under way at once.
const TOGETHER: usize = 8;

/// After so many minutes a letter that was not taken is tried again; after the last try it is given up.
const WAITS: [i64; 6] = [1, 5, 30, 120, 360, 1_440];

/// A letter under way is nobody else's for so long.
const CLAIM: TimeDelta = TimeDelta::minutes(10);

/// The longest error that is kept, in characters.
const LONGEST_ERROR: usize = 500;

/// Sends the next letters whose time has come; whether there were any.
pub async fn send_due(app: &App) -> Result<bool, Breakdown> {
    let due = app.store.due_letters(moment(app), TOGETHER).await?;
    let sent = join_all(due.iter().map(|id| send(app, id))).await;
    sent.into_iter().collect::<Result<(), _>>()?;
    Ok(!due.is_empty())
}

async fn send(app: &App, id: &str) -> Result<(), Breakdown> {
    let Some((letter, claimed)) = claim(app, id).await? else { return Ok(()) };
    let posted = app.post.send(&letter).await;
    record(app, &claimed, posted.err()).await
}

/// Writes the letter and makes it ours for a while; `None` if there is nothing to post.
async fn claim(app: &App, id: &str) -> Result<Option<(Letter, LetterRecord)>, Breakdown> {
    let now = moment(app);
    let mut reads = ReadSet::new();
    let Some(before) = app.store.letter(id, &mut reads).await? else { return Ok(None) };
    if before.status != MailStatus::Queued || before.at > now {
        return Ok(None);
    }
    let mut changes = Changes::new(Realm::Live);
    let mut after = before.clone();
    let letter = match compose(app, &before, now, &mut changes).await {
        Ok(Ok(letter)) => {
            after.attempts += 1;
            after.at = now + CLAIM;
            after.message_id = Some(letter.message_id.clone());
            Some(letter)
        }
        Ok(Err(why)) => {
            (after.status, after.at, after.error) = (MailStatus::Dropped, now, Some(why.to_owned()));
            tracing::info!(letter = %after.id, why, "mail dropped");
            None
        }
        Err(Breakdown::Store(error)) => return Err(error.into()),
        // One letter that cannot be written does not keep the others waiting.
        Err(other) => {
            changes = Changes::new(Realm::Live);
            after.attempts += 1;
            (after.status, after.at) = outcome(Some(&PostError::temporary(other.to_string())), after.attempts, now);
            after.error = Some(other.to_string().chars().take(LONGEST_ERROR).collect());
            tracing::error!(letter = %after.id, cause = %other, "mail cannot be written");
            None
        }
    };
    changes.letter(Some(&before), &after);
    match app.store.commit(&reads, changes).await? {
        Commit::Done(_) => Ok(letter.map(|letter| (letter, after))),
        // Somebody else has it, or something was added to it.
        Commit::Conflict(_) => Ok(None),
    }
}

/// Puts down what became of it.
async fn record(app: &App, claimed: &LetterRecord, error: Option<PostError>) -> Result<(), Breakdown> {
    for _ in 0..TRIES {
        let now = moment(app);
        let mut reads = ReadSet::new();
        let Some(before) = app.store.letter(&claimed.id, &mut reads).await? else { return Ok(()) };
        let mut after = before.clone();
        (after.status, after.at) = outcome(error.as_ref(), before.attempts, now);
        after.error = error.as_ref().map(|error| error.to_string().chars().take(LONGEST_ERROR).collect());
        match (after.status, &error) {
            (MailStatus::Failed, _) => tracing::warn!(letter = %after.id, attempts = after.attempts, "mail given up"),
            (_, Some(_)) => tracing::info!(letter = %after.id, attempts = after.attempts, "mail is tried again"),
            (_, None) => tracing::info!(letter = %after.id, "mail sent"),
        }
        let mut changes = Changes::new(Realm::Live);
        changes.letter(Some(&before), &after);
        if let Commit::Done(_) = app.store.commit(&reads, changes).await? {
            return Ok(());
        }
    }
    Err(Breakdown::Busy)
}

fn outcome(error: Option<&PostError>, attempts: u32, now: DateTime<Utc>) -> (MailStatus, DateTime<Utc>) {
    let wait = WAITS.get(usize::try_from(attempts).unwrap_or(usize::MAX).saturating_sub(1));
    match (error, wait) {
        (None, _) => (MailStatus::Sent, now),
        (Some(PostError::Permanent(_)), _) | (Some(PostError::Temporary(_)), None) => (MailStatus::Failed, now),
        (Some(PostError::Temporary(_)), Some(minutes)) => (MailStatus::Queued, now + TimeDelta::minutes(*minutes)),
    }
}
