//! The outbox: one document a letter, found by its state. Words are written when a letter is sent, and kept only as long as
//! it is not known whether it has gone: then it is sent again as it was.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::engine::{EngineError, Key, Page, Position};
use super::event::EventKind;
use super::proofs::ProofMail;
use super::{Changes, ReadSet, Store, keys, sha256_hex};
use crate::id::{EventId, PersonId};
use crate::words::mails::MailKind;

/// A letter's words are kept in pieces of so many bytes.
const CHUNK: usize = 48 * 1024;

/// How far the feed was turned into letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailCursor {
    /// Everything up to this commit is done.
    pub after: Position,
    /// And so many entries of the next one that has any.
    #[serde(default)]
    pub within: usize,
}

/// What became of a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum MailStatus {
    /// To be sent.
    Queued,
    /// Somebody else is answerable for it.
    Sent,
    /// Given up.
    Failed,
    /// Not sent, because it was no longer true, or not wanted.
    Dropped,
}

impl MailStatus {
    /// As in keys and addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            MailStatus::Queued => "queued",
            MailStatus::Sent => "sent",
            MailStatus::Failed => "failed",
            MailStatus::Dropped => "dropped",
        }
    }
}

/// Who reads a letter. A person's address is looked up when it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "to", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Recipient {
    /// The holder.
    Person {
        /// Who.
        person: PersonId,
    },
    /// Somebody who looks after holders.
    Manager {
        /// Normalised.
        address: String,
    },
    /// The vendor.
    Issuer,
}

impl Recipient {
    /// Stands for the recipient in keys and tokens; tells no address.
    pub fn reader(&self) -> String {
        match self {
            Recipient::Person { person } => person.to_string(),
            Recipient::Manager { address } => format!("m{}", &sha256_hex(address.as_bytes())[..32]),
            Recipient::Issuer => "issuer".to_owned(),
        }
    }
}

/// One matter of a letter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "about", rename_all = "kebab-case")]
pub enum MailItem {
    /// Something that the feed told.
    Event {
        /// Which event.
        id: EventId,
        /// Its name in Message-IDs.
        matter: String,
        /// What happened.
        what: EventKind,
    },
    /// A new link to the holder's page.
    Link {
        /// Whose page.
        person: PersonId,
    },
    /// Something to prove. The secret is made when the letter is written.
    Proof {
        /// By whom, and what.
        mail: ProofMail,
    },
}

/// One letter of the outbox.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LetterRecord {
    /// Its name.
    pub id: String,
    /// What became of it.
    pub status: MailStatus,
    /// Since when; of a queued one, when it is tried next.
    pub at: DateTime<Utc>,
    /// When it was composed.
    pub queued_at: DateTime<Utc>,
    /// How often it was tried.
    pub attempts: u32,
    /// Fixed with the first try.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_id: Option<String>,
    /// Who reads it.
    pub recipient: Recipient,
    /// What it is about; of one matter, or several in a digest.
    pub kind: MailKind,
    /// The matters.
    pub items: Vec<MailItem>,
    /// Why the last try failed; may quote addresses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// The process that posts it, as long as that is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim: Option<String>,
    /// It may have gone: in so many pieces it is kept as it was written.
    #[serde(default)]
    pub kept: usize,
}

/// That a reader wants no reminders.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OptOut {
    /// Since when.
    pub since: DateTime<Utc>,
}

impl Store {
    /// How far the feed was turned into letters.
    pub async fn mail_cursor(&self, reads: &mut ReadSet) -> Result<MailCursor, EngineError> {
        Ok(self.read(keys::mail::cursor(), reads).await?.unwrap_or_default())
    }

    /// One letter.
    pub async fn letter(&self, id: &str, reads: &mut ReadSet) -> Result<Option<LetterRecord>, EngineError> {
        self.read(keys::mail::letter(id), reads).await
    }

    /// The words of a letter that may have gone; `None` if a piece is missing.
    pub async fn kept_letter(&self, letter: &LetterRecord) -> Result<Option<Vec<u8>>, EngineError> {
        let wanted: Vec<Key> = (0..letter.kept).map(|n| keys::mail::kept(&letter.id, n)).collect();
        let found = self.engine.get(&wanted).await?;
        let pieces: Option<Vec<Bytes>> = found.into_iter().map(|piece| Some(piece?.doc)).collect();
        Ok(pieces.filter(|pieces| !pieces.is_empty()).map(|pieces| pieces.concat()))
    }

    /// Whether this matter was told to this reader: the letter it was told in.
    pub async fn told(&self, matter: &str, reader: &str, reads: &mut ReadSet) -> Result<Option<String>, EngineError> {
        self.read(keys::mail::once(matter, reader), reads).await
    }

    /// The names of queued letters whose time has come, the longest waiting first.
    pub async fn due_letters(&self, now: DateTime<Utc>, most: usize) -> Result<Vec<String>, EngineError> {
        let rows = self.engine.scan(&keys::mail::letters_until("queued", now), Page::first(most)).await?.rows;
        Ok(rows.iter().filter_map(|(key, _)| name_in(key)).collect())
    }

    /// A page of the letters of one state, latest first, and the place to read on.
    pub async fn letters(
        &self,
        status: MailStatus,
        before: Option<&str>,
        most: usize,
    ) -> Result<(Vec<LetterRecord>, Option<String>), EngineError> {
        let mut page = Page::last(most);
        if let Some((at, id)) = before.and_then(|place| place.split_once('/')) {
            page = page.after(Key::new(&["mailby", status.as_str(), at, id]));
        }
        let rows = self.engine.scan(&keys::mail::letters_by(status.as_str()), page).await?;
        let wanted = rows.rows.iter().filter_map(|(key, _)| name_in(key)).map(|id| keys::mail::letter(&id)).collect();
        let found: Vec<Option<LetterRecord>> = self.read_all(wanted, &mut ReadSet::new()).await?;
        let next =
            rows.next.map(|key| key.parts()).and_then(|parts| Some(format!("{}/{}", parts.get(2)?, parts.get(3)?)));
        Ok((found.into_iter().flatten().collect(), next))
    }

    /// Whether this reader wants no reminders.
    pub async fn opted_out(&self, reader: &str, reads: &mut ReadSet) -> Result<Option<OptOut>, EngineError> {
        self.read(keys::mail::opt_out(reader), reads).await
    }
}

fn name_in(key: &Key) -> Option<String> {
    key.parts().into_iter().nth(3)
}

impl Changes {
    /// Writes how far the feed was turned into letters.
    pub fn mail_cursor(&mut self, cursor: &MailCursor) {
        self.put(keys::mail::cursor(), cursor);
    }

    /// Writes a letter as it is now; `before` is how it was read, if it was there.
    pub fn letter(&mut self, before: Option<&LetterRecord>, after: &LetterRecord) {
        self.put(keys::mail::letter(&after.id), after);
        if let Some(before) = before.filter(|before| (before.status, before.at) != (after.status, after.at)) {
            self.delete(keys::mail::letter_by(before.status.as_str(), before.at, &before.id));
        }
        if before.is_none_or(|before| (before.status, before.at) != (after.status, after.at)) {
            self.put(keys::mail::letter_by(after.status.as_str(), after.at, &after.id), &());
        }
    }

    /// Keeps the words of a letter that is about to go.
    pub fn keep_letter(&mut self, letter: &mut LetterRecord, words: &[u8]) {
        letter.kept = words.chunks(CHUNK).len();
        for (n, piece) in words.chunks(CHUNK).enumerate() {
            self.put_bytes(keys::mail::kept(&letter.id, n), Bytes::copy_from_slice(piece));
        }
    }

    /// Forgets them: it is known what became of the letter.
    pub fn forget_kept_letter(&mut self, letter: &mut LetterRecord) {
        for n in 0..std::mem::take(&mut letter.kept) {
            self.delete(keys::mail::kept(&letter.id, n));
        }
    }

    /// Writes that a matter is told to a reader in this letter.
    pub fn told(&mut self, matter: &str, reader: &str, letter: &str) {
        self.put(keys::mail::once(matter, reader), &letter);
    }

    /// Writes that a reader wants no reminders, or (`None`) wants them again.
    pub fn opt_out(&mut self, reader: &str, opt_out: Option<&OptOut>) {
        match opt_out {
            Some(opt_out) => self.put(keys::mail::opt_out(reader), opt_out),
            None => self.delete(keys::mail::opt_out(reader)),
        }
    }
}
