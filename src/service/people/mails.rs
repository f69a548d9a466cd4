//! Mails by which persons prove an address. They wait in the store without their secret; it is made when one is sent.

use chrono::{DateTime, TimeDelta, Utc};

use super::proof::{self, new_code};
use crate::app::App;
use crate::id::Realm;
use crate::openbadges::comparable_email;
use crate::service::{Breakdown, TRIES, moment, tokens};
use crate::store::{Changes, Commit, Person, ProofMail, Purpose, ReadSet, ToProve};

/// How long a link to an address is good.
const LINK: TimeDelta = TimeDelta::hours(24);

/// A mail that can be written now.
#[derive(Clone, PartialEq, Eq)]
pub struct Prepared {
    /// Where it goes.
    pub to: String,
    /// Who reads it.
    pub person: Person,
    /// What it brings.
    pub secret: WithSecret,
    /// Until when that is good.
    pub expires_at: DateTime<Utc>,
}

/// What is in the mail and nowhere else.
#[derive(Clone, PartialEq, Eq)]
pub enum WithSecret {
    /// The address of a page with one button: the address is theirs.
    Link(String),
    /// Eight characters to tell whoever asks for them: they are this person.
    Code(String),
}

/// Makes the secret of a mail that waits, so that it can be sent; what was made for it before opens nothing, or runs out.
/// `None`: it is of no use any more, and was dropped.
pub async fn prepare(app: &App, realm: Realm, mail: &ProofMail) -> Result<Option<Prepared>, Breakdown> {
    for _ in 0..TRIES {
        let (now, mut reads) = (moment(app), ReadSet::new());
        let waits = app.store.proof_mail(realm, mail, &mut reads).await?.is_some_and(|waiting| waiting == *mail);
        if !waits {
            return Ok(None);
        }
        let person = app.store.person(realm, &mail.person, &mut reads).await?;
        let mut changes = Changes::new(realm);
        let prepared = person.and_then(|person| secret(app, &mut changes, person, &mail.what, now));
        if prepared.is_none() {
            changes.proof_mail_done(mail);
        }
        if let Commit::Done(_) = app.store.commit(&reads, changes).await? {
            return Ok(prepared);
        }
    }
    Err(Breakdown::Busy)
}

/// The mail is on its way, or will never be.
pub async fn sent(app: &App, realm: Realm, mail: &ProofMail) -> Result<(), Breakdown> {
    for _ in 0..TRIES {
        let mut reads = ReadSet::new();
        let waits = app.store.proof_mail(realm, mail, &mut reads).await?.is_some_and(|waiting| waiting == *mail);
        if !waits {
            return Ok(());
        }
        let mut changes = Changes::new(realm);
        changes.proof_mail_done(mail);
        if let Commit::Done(_) = app.store.commit(&reads, changes).await? {
            return Ok(());
        }
    }
    Err(Breakdown::Busy)
}

fn secret(app: &App, changes: &mut Changes, person: Person, what: &ToProve, now: DateTime<Utc>) -> Option<Prepared> {
    match what {
        ToProve::Address { address } => {
            let wanted = comparable_email(address);
            person.pending.iter().find(|pending| comparable_email(&pending.address) == wanted)?;
            let purpose = Purpose::VerifyAddress { person: person.id.clone(), address: address.clone() };
            let token = tokens::issue(app, changes, now, purpose, LINK);
            let link = WithSecret::Link(app.urls.address_link(&token));
            Some(Prepared { to: address.clone(), person, secret: link, expires_at: now + LINK })
        }
        ToProve::Person => {
            let to = person.emails.first()?.clone();
            let (code, proof) = new_code(app, &person.id, now);
            changes.proof(&person.id, &proof);
            let expires_at = now + proof::GOOD_FOR;
            Some(Prepared { to, person, secret: WithSecret::Code(code), expires_at })
        }
    }
}
