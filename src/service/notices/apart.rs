//! [`Apart`]: what letters tell that is about no award: links, proofs, and what the vendor has to look after.

use chrono::{DateTime, Utc};

use super::case::tidy;
use super::matter;
use crate::app::{App, InForce};
use crate::id::{CertificationId, PersonId, Realm};
use crate::mail::Mailbox;
use crate::service::people::{self, Prepared, WithSecret};
use crate::service::{Breakdown, program};
use crate::store::{
    Changes, Disabled, DisabledReason, EventKind, LetterRecord, MailItem, Person, ReadSet, ToProve, Webhook,
};
use crate::words::mails::{MailKind, MailWords, Values};

/// A matter that is about no award, as it is now.
pub(super) enum Apart {
    /// A link to the holder's page.
    Link(Person),
    /// Something to prove.
    Proof(MailKind, Prepared),
    /// A webhook is told nothing any more.
    Webhook { webhook: Webhook, disabled: Disabled },
    /// A certification's contents are to be looked over.
    Review { certification: CertificationId, name: String, since: DateTime<Utc> },
}

impl Apart {
    /// The matter of a letter. Secrets of proofs are put down in `changes`.
    pub(super) async fn of(
        app: &App,
        record: &LetterRecord,
        now: DateTime<Utc>,
        changes: &mut Changes,
    ) -> Result<Option<Apart>, Breakdown> {
        match record.items.first() {
            Some(MailItem::Link { person }) => Ok(known(app, person).await?.map(Apart::Link)),
            Some(MailItem::Proof { mail }) => {
                let kind = match mail.what {
                    ToProve::Address { .. } => MailKind::ProveAddress,
                    ToProve::Person => MailKind::ProvePerson,
                };
                let prepared = people::prepare(app, changes, mail, now, record.attempts > 0).await?;
                Ok(prepared.map(|prepared| Apart::Proof(kind, prepared)))
            }
            Some(MailItem::Event { what, .. }) => Apart::of_event(app, what).await,
            None => Ok(None),
        }
    }

    /// What an event tells the vendor, if it still holds. A webhook that was disabled by hand is known to who did it.
    pub(super) async fn of_event(app: &App, what: &EventKind) -> Result<Option<Apart>, Breakdown> {
        if matter::office(what).is_none() {
            return Ok(None);
        }
        let mut reads = ReadSet::new();
        match what {
            EventKind::WebhookDisabled { webhook } => {
                let webhook = app.store.webhook(Realm::Live, webhook, &mut reads).await?;
                Ok(webhook.and_then(|webhook| {
                    let disabled = webhook.disabled.clone().filter(|it| it.reason != DisabledReason::ByHand)?;
                    Some(Apart::Webhook { webhook, disabled })
                }))
            }
            EventKind::ContentReviewDue { certification, since } => {
                let review = app.store.content_review(certification, &mut reads).await?;
                let in_force = program::in_force(app, &mut reads).await?;
                let known = in_force.program.certification(certification);
                let known = known.filter(|_| review.is_some_and(|review| review.told == Some(*since)));
                Ok(known.map(|known| Apart::Review {
                    certification: certification.clone(),
                    name: known.name.clone(),
                    since: *since,
                }))
            }
            _ => Ok(None),
        }
    }

    pub(super) fn kind(&self) -> MailKind {
        match self {
            Apart::Link(_) => MailKind::Link,
            Apart::Proof(kind, _) => *kind,
            Apart::Webhook { .. } => MailKind::WebhookDisabled,
            Apart::Review { .. } => MailKind::ContentReviewDue,
        }
    }

    /// Where it goes, if not to the recipient's address. One that is not confirmed may be somebody else's: they learn no name.
    pub(super) fn to(&self) -> Option<Mailbox> {
        match self {
            Apart::Proof(MailKind::ProveAddress, prepared) => {
                Some(Mailbox { name: None, address: prepared.to.clone() })
            }
            _ => None,
        }
    }

    /// What the placeholders of its text stand for. The link is set by who writes the letter.
    pub(super) fn values(&self, in_force: &InForce, words: &MailWords) -> Values {
        let day = |at| words.day_of(at, in_force.program.timezone);
        let mut values = Values::default();
        values.set("vendor", Some(in_force.program.issuer.name.clone()));
        match self {
            Apart::Link(person) => values.set("name", Some(tidy(&person.name))),
            Apart::Proof(_, prepared) => match &prepared.secret {
                WithSecret::Link(_) => values.set("address", Some(prepared.to.clone())),
                WithSecret::Code(code) => {
                    values.set("name", Some(tidy(&prepared.person.name)));
                    values.set("code", Some(code.clone()));
                }
            },
            Apart::Webhook { webhook, disabled } => {
                values.set("host", Some(host(&webhook.url)));
                values.set("webhook", Some(webhook.id.to_string()));
                values.set("since", Some(day(disabled.at)));
                values.holds("gone", disabled.reason == DisabledReason::Gone);
                values.holds("failing", disabled.reason == DisabledReason::Failing);
            }
            Apart::Review { certification, name, since } => {
                values.set("certification", Some(name.clone()));
                values.set("id", Some(certification.to_string()));
                values.set("since", Some(day(*since)));
            }
        }
        values
    }
}

async fn known(app: &App, person: &PersonId) -> Result<Option<Person>, Breakdown> {
    Ok(app.store.person(Realm::Live, person, &mut ReadSet::new()).await?)
}

/// The path and query of a webhook's address may be secrets of its receiver.
fn host(url: &str) -> String {
    let host = reqwest::Url::parse(url).ok().and_then(|url| url.host_str().map(str::to_owned));
    host.unwrap_or_default()
}
