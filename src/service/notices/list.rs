//! What became of letters, for the people who run the program.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::id::Realm;
use crate::service::Breakdown;
use crate::service::caller::Caller;
use crate::store::{LetterRecord, MailItem, MailStatus, ProofMail, ReadSet, Recipient, ToProve};
use crate::words::mails::MailKind;

/// Letters of one page.
const PAGE: usize = 100;

/// A letter of the outbox, without its words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LetterView {
    /// Its name.
    pub id: String,
    /// What it is about.
    pub kind: MailKind,
    /// What became of it.
    pub status: MailStatus,
    /// Since when; of a queued one, when it is tried next.
    pub at: DateTime<Utc>,
    /// When it was composed.
    pub queued_at: DateTime<Utc>,
    /// How often it was tried.
    pub attempts: u32,
    /// As in its header, once it was tried.
    pub message_id: Option<String>,
    /// Where it goes; only with the scope people:read.
    pub address: Option<String>,
    /// Why it was dropped; or why the last try failed, only with the scope people:read, since servers quote addresses.
    pub error: Option<String>,
}

/// A page of letters, latest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LettersView {
    /// The letters.
    pub letters: Vec<LetterView>,
    /// Send it as `before` for the next page.
    pub next: Option<String>,
}

/// The letters of one state. Mail is of the live realm: a test key sees none.
pub async fn list(
    app: &App,
    caller: &Caller,
    status: MailStatus,
    before: Option<&str>,
) -> Result<LettersView, Breakdown> {
    if caller.realm.is_test() && !caller.is_operator() {
        return Ok(LettersView { letters: Vec::new(), next: None });
    }
    let (records, next) = app.store.letters(status, before, PAGE).await?;
    let mut letters = Vec::with_capacity(records.len());
    for record in records {
        letters.push(view(app, record, caller.may("people:read")).await?);
    }
    Ok(LettersView { letters, next })
}

async fn view(app: &App, record: LetterRecord, addresses: bool) -> Result<LetterView, Breakdown> {
    let address = match (&record.recipient, record.items.first()) {
        _ if !addresses => None,
        (_, Some(MailItem::Proof { mail: ProofMail { what: ToProve::Address { address }, .. } })) => {
            Some(address.clone())
        }
        (Recipient::Person { person }, _) => {
            let person = app.store.person(Realm::Live, person, &mut ReadSet::new()).await?;
            person.and_then(|person| person.emails.into_iter().next())
        }
        (Recipient::Manager { address }, _) => Some(address.clone()),
        (Recipient::Issuer, _) => None,
    };
    Ok(LetterView {
        id: record.id,
        kind: record.kind,
        status: record.status,
        at: record.at,
        queued_at: record.queued_at,
        attempts: record.attempts,
        message_id: record.message_id,
        address,
        error: record.error.filter(|_| addresses || record.status == MailStatus::Dropped),
    })
}
