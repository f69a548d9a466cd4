//! From the feed into the outbox: letters and the cursor in one batch.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::apart::Apart;
use super::matter::{self, Matter};
use crate::app::{App, InForce};
use crate::id::Realm;
use crate::program::duration::local_day;
use crate::service::{Breakdown, moment, program};
use crate::store::{
    Changes, Commit, EngineError, Event, FeedEntry, Key, LetterRecord, MailCursor, MailItem, MailStatus, Position,
    ReadSet, Recipient,
};
use crate::words::mails::MailKind;

/// Entries of one step: each may make three letters, and a batch has room for a thousand keys.
const ENTRIES: usize = 40;
/// The most matters of one letter: its document has room for no more.
const MATTERS: usize = 100;

/// How far the feed was followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// There is more to read.
    Behind,
    /// Everything there was is in the outbox; whether anything was new.
    CaughtUp {
        /// Something was.
        read: bool,
    },
}

/// Puts what the next entries of the feed make into the outbox.
pub async fn follow(app: &App) -> Result<Progress, Breakdown> {
    let mut reads = ReadSet::new();
    let cursor = app.store.mail_cursor(&mut reads).await?;
    let feed = app.store.engine().feed(cursor.after, ENTRIES + cursor.within, Duration::ZERO).await?;
    let entries: Vec<&FeedEntry> = feed.entries.iter().skip(cursor.within).take(ENTRIES).collect();
    let Some(last) = entries.last() else {
        return Ok(Progress::CaughtUp { read: false });
    };
    let whole = cursor.within + entries.len() == feed.entries.len();
    let next = if whole {
        MailCursor { after: feed.upto, within: 0 }
    } else {
        within(&feed.entries, last, entries.len() + cursor.within)
    };
    let in_force = program::in_force(app, &mut ReadSet::new()).await?;
    let mut outbox =
        Outbox { app, in_force: &in_force, now: moment(app), letters: BTreeMap::new(), told: Vec::new(), reads };
    for entry in &entries {
        match outbox.take_entry(entry).await {
            Err(error) if !error.strikes_all() => passed_over(app, entry, &error),
            taken => taken?,
        }
    }
    let mut changes = Changes::new(Realm::Live);
    changes.mail_cursor(&next);
    for (matter, reader, letter) in &outbox.told {
        changes.told(matter, reader, letter);
    }
    for (before, after) in outbox.letters.values().filter(|(before, after)| before.as_ref() != Some(after)) {
        changes.letter(before.as_ref(), after);
    }
    // A conflict is another node that was faster, or a letter that is being sent: the next step sees it.
    let committed = app.store.commit(&outbox.reads, changes).await?;
    let done = matches!(committed, Commit::Done(_));
    Ok(if done && whole && entries.len() < ENTRIES { Progress::CaughtUp { read: true } } else { Progress::Behind })
}

/// An event that nobody can be told of keeps no other from being told.
fn passed_over(app: &App, entry: &FeedEntry, error: &Breakdown) {
    let what = format!("event at {}", entry.position);
    tracing::error!(what, cause = %error, "no letter can be made of it");
    app.caches.aside.put("mail", &what, error.to_string(), moment(app));
}

/// The cursor in the middle of a commit's entries, or at their end.
fn within(all: &[FeedEntry], last: &FeedEntry, taken: usize) -> MailCursor {
    let of_last = all[..taken].iter().filter(|entry| entry.position == last.position).count();
    let more = all[taken..].iter().any(|entry| entry.position == last.position);
    if more {
        MailCursor { after: Position(last.position.0 - 1), within: of_last }
    } else {
        MailCursor { after: last.position, within: 0 }
    }
}

/// What one step puts down.
struct Outbox<'a> {
    app: &'a App,
    in_force: &'a InForce,
    now: DateTime<Utc>,
    /// As they were read, and as they are now.
    letters: BTreeMap<String, (Option<LetterRecord>, LetterRecord)>,
    told: Vec<(String, String, String)>,
    reads: ReadSet,
}

impl Outbox<'_> {
    async fn take_entry(&mut self, entry: &FeedEntry) -> Result<(), Breakdown> {
        let event = serde_json::from_slice(&entry.doc)
            .map_err(|error| EngineError::corrupt(Key::new(&["e", &entry.position.to_string()]), error))?;
        self.take(event).await
    }

    async fn take(&mut self, event: Event) -> Result<(), Breakdown> {
        // Test awards count nowhere, and nobody is told of them.
        if event.realm.is_test() {
            return Ok(());
        }
        if let Some(kind) = matter::office(&event.what) {
            if Apart::of_event(self.app, &event.what).await?.is_some() {
                self.offer(&event, kind, Recipient::Issuer).await?;
            }
            return Ok(());
        }
        let Some(Matter { kind, person, certification, .. }) = matter::matter(&event.what) else { return Ok(()) };
        // Erased meanwhile: there is nobody to write to.
        let Some(person) = self.app.store.person(event.realm, person, &mut ReadSet::new()).await? else {
            return Ok(());
        };
        let program = &self.in_force.program;
        let certification = certification.and_then(|id| program.certification(id));
        for recipient in matter::readers(kind, &person, certification, &program.issuer.email) {
            self.offer(&event, kind, recipient).await?;
        }
        Ok(())
    }

    /// Puts the matter into a letter to this reader, unless they were told.
    async fn offer(&mut self, event: &Event, kind: MailKind, recipient: Recipient) -> Result<(), Breakdown> {
        let name = matter::name(&event.what, &event.id, self.in_force.program.timezone);
        let reader = recipient.reader();
        let here = self.told.iter().any(|(matter, to, _)| *matter == name && *to == reader);
        if here || self.app.store.told(&name, &reader, &mut self.reads).await?.is_some() {
            return Ok(());
        }
        let item = MailItem::Event { id: event.id.clone(), matter: name.clone(), what: event.what.clone() };
        let letter = if matter::of_time(kind) {
            self.put_into_letter_of_the_day(recipient, item).await?
        } else {
            self.put_into_own_letter(&name, kind, recipient, item).await?
        };
        self.told.push((name, reader, letter));
        Ok(())
    }

    async fn put_into_own_letter(
        &mut self,
        name: &str,
        kind: MailKind,
        recipient: Recipient,
        item: MailItem,
    ) -> Result<String, Breakdown> {
        if self.app.store.letter(name, &mut self.reads).await?.is_none() {
            self.letters.insert(name.to_owned(), (None, queued(name, kind, recipient, vec![item], self.now)));
        }
        Ok(name.to_owned())
    }

    /// One letter a reader and day; another one when that is under way already, or full.
    async fn put_into_letter_of_the_day(&mut self, recipient: Recipient, item: MailItem) -> Result<String, Breakdown> {
        let day = local_day(self.now, self.in_force.program.timezone).format("%Y%m%d");
        let stem = format!("digest.{}.{day}", recipient.reader());
        for n in 1.. {
            let id = if n == 1 { stem.clone() } else { format!("{stem}.{n}") };
            if !self.letters.contains_key(&id) {
                let known = self.app.store.letter(&id, &mut self.reads).await?;
                let now = known
                    .clone()
                    .unwrap_or_else(|| queued(&id, MailKind::Digest, recipient.clone(), Vec::new(), self.now));
                self.letters.insert(id.clone(), (known, now));
            }
            let (_, letter) = self.letters.get_mut(&id).expect("it was just put there");
            if letter.status == MailStatus::Queued && letter.attempts == 0 && letter.items.len() < MATTERS {
                letter.items.push(item);
                return Ok(id);
            }
        }
        unreachable!("the numbers do not end")
    }
}

/// A new letter, due at once.
pub(super) fn queued(
    id: &str,
    kind: MailKind,
    recipient: Recipient,
    items: Vec<MailItem>,
    now: DateTime<Utc>,
) -> LetterRecord {
    LetterRecord {
        id: id.to_owned(),
        status: MailStatus::Queued,
        at: now,
        queued_at: now,
        attempts: 0,
        message_id: None,
        recipient,
        kind,
        items,
        error: None,
        claim: None,
        kept: 0,
    }
}
