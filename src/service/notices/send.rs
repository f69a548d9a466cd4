//! Sends what is due in the outbox: claimed and kept as it was written, posted, marked. Whoever dies in between leaves a
//! letter that may have gone: it is sent again as it was, under its Message-ID.

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join_all;

use super::compose::compose;
use crate::app::App;
use crate::id::Realm;
use crate::mail::{Letter, PostError};
use crate::service::{Breakdown, TRIES, moment, presence};
use crate::store::{Changes, Commit, LetterRecord, MailStatus, ReadSet};

/// Letters under way at once where a second copy is no second letter. Elsewhere one is, so that no more can go twice.
const TOGETHER: usize = 8;

/// The most letters that are looked at: some may be in other hands.
const LOOKED_AT: usize = 64;

/// After so many minutes a letter that was not taken is tried again; after the last try it is given up.
const WAITS: [i64; 6] = [1, 5, 30, 120, 360, 1_440];

/// The longest error that is kept, in characters.
const LONGEST_ERROR: usize = 500;

/// Sends the next letters whose time has come; whether any was dealt with.
pub async fn send_due(app: &App) -> Result<bool, Breakdown> {
    let due = app.store.due_letters(moment(app), LOOKED_AT).await?;
    let together = if app.post.knows_again() { TOGETHER } else { 1 };
    for some in due.chunks(together) {
        let mut dealt_with = false;
        for sent in join_all(some.iter().map(|id| send(app, id))).await {
            dealt_with |= sent?;
        }
        if dealt_with {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Sends one, unless it is in other hands; whether it was dealt with.
async fn send(app: &App, id: &str) -> Result<bool, Breakdown> {
    let Some(_in_hand) = presence::take_in_hand(app, format!("letter {id}")) else { return Ok(false) };
    match claim(app, id).await? {
        Claimed::Letter(letter, claimed) => {
            let posted = app.post.send(&letter).await;
            record(app, &claimed, posted.err()).await?;
            Ok(true)
        }
        Claimed::Settled => Ok(true),
        Claimed::Elsewhere => Ok(false),
    }
}

/// What became of the attempt to claim a letter.
enum Claimed {
    /// It is ours, and this is what to post.
    Letter(Box<Letter>, Box<LetterRecord>),
    /// There is nothing to post, which is put down.
    Settled,
    /// Others have it, or it is not due any more.
    Elsewhere,
}

/// Makes a letter ours, written and kept.
async fn claim(app: &App, id: &str) -> Result<Claimed, Breakdown> {
    let now = moment(app);
    let mut reads = ReadSet::new();
    let Some(before) = app.store.letter(id, &mut reads).await? else { return Ok(Claimed::Elsewhere) };
    if before.status != MailStatus::Queued || before.at > now {
        return Ok(Claimed::Elsewhere);
    }
    if let Some(claim) = &before.claim
        && presence::is_another(app, claim).await?
    {
        return Ok(Claimed::Elsewhere);
    }
    let me = presence::here(app).await?;
    let mut changes = Changes::new(Realm::Live);
    let mut after = LetterRecord { attempts: before.attempts + 1, ..before.clone() };
    let letter = match written(app, &before, now, &mut changes).await {
        Ok(Ok(letter)) => {
            after.claim = Some(me);
            after.message_id = Some(letter.message_id.clone());
            if before.kept == 0 {
                let words = serde_json::to_vec(&letter).expect("a letter is text and dates");
                changes.keep_letter(&mut after, &words);
            }
            Some(letter)
        }
        Ok(Err(why)) => {
            (after.status, after.at, after.attempts) = (MailStatus::Dropped, now, before.attempts);
            after.error = Some(why.to_owned());
            tracing::info!(letter = %after.id, why, "mail dropped");
            None
        }
        Err(error) if error.strikes_all() => return Err(error),
        // One letter that cannot be written does not keep the others waiting.
        Err(other) => {
            changes = Changes::new(Realm::Live);
            (after.status, after.at) = outcome(Some(&PostError::temporary(other.to_string())), after.attempts, now);
            after.error = Some(shortened(&other));
            tracing::error!(letter = %after.id, cause = %other, "mail cannot be written");
            None
        }
    };
    changes.letter(Some(&before), &after);
    match app.store.commit(&reads, changes).await? {
        Commit::Done(_) => Ok(letter.map_or(Claimed::Settled, |letter| Claimed::Letter(letter.into(), after.into()))),
        // Somebody else has it, or something was added to it.
        Commit::Conflict(_) => Ok(Claimed::Elsewhere),
    }
}

/// The letter as it was, if it may have gone; else as of now, or why nothing of it is to be told any more.
async fn written(
    app: &App,
    record: &LetterRecord,
    now: DateTime<Utc>,
    changes: &mut Changes,
) -> Result<Result<Letter, &'static str>, Breakdown> {
    if record.kept == 0 {
        return compose(app, record, now, changes).await;
    }
    let words = app.store.kept_letter(record).await?.and_then(|words| serde_json::from_slice(&words).ok());
    words.map(Ok).ok_or(Breakdown::Missing("the words of a letter that may have gone"))
}

/// Puts down what became of it.
async fn record(app: &App, claimed: &LetterRecord, error: Option<PostError>) -> Result<(), Breakdown> {
    for _ in 0..TRIES {
        let now = moment(app);
        let mut reads = ReadSet::new();
        let Some(before) = app.store.letter(&claimed.id, &mut reads).await? else { return Ok(()) };
        // We were taken for gone, and somebody else has it.
        if before.claim != claimed.claim {
            return Ok(());
        }
        let mut changes = Changes::new(Realm::Live);
        let mut after = LetterRecord { claim: None, ..before.clone() };
        (after.status, after.at) = outcome(error.as_ref(), before.attempts, now);
        after.error = error.as_ref().map(shortened);
        if after.status != MailStatus::Queued || !matches!(error, Some(PostError::Uncertain(_))) {
            changes.forget_kept_letter(&mut after);
        }
        match (after.status, &error) {
            (MailStatus::Failed, _) => tracing::warn!(letter = %after.id, attempts = after.attempts, "mail given up"),
            (_, Some(_)) => tracing::info!(letter = %after.id, attempts = after.attempts, "mail is tried again"),
            (_, None) => tracing::info!(letter = %after.id, "mail sent"),
        }
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
        (Some(PostError::Permanent(_)), _) | (Some(_), None) => (MailStatus::Failed, now),
        (Some(_), Some(minutes)) => (MailStatus::Queued, now + TimeDelta::minutes(*minutes)),
    }
}

fn shortened(error: &impl ToString) -> String {
    error.to_string().chars().take(LONGEST_ERROR).collect()
}
