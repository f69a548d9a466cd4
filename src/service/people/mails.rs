//! Mails by which persons prove something. They wait without their secret; it is made when one is sent.

use chrono::{DateTime, TimeDelta, Utc};

use super::proof::new_code;
use crate::app::App;
use crate::openbadges::comparable_email;
use crate::service::{Breakdown, tokens};
use crate::store::{Changes, Person, ProofMail, Purpose, ReadSet, ToProve};

/// How long a link to an address is good.
const LINK: TimeDelta = TimeDelta::hours(24);

/// A mail that can be written now.
#[derive(Clone, PartialEq, Eq)]
pub(in crate::service) struct Prepared {
    /// Where it goes.
    pub to: String,
    /// Who reads it.
    pub person: Person,
    /// What it brings.
    pub secret: WithSecret,
}

/// What is in the mail and nowhere else.
#[derive(Clone, PartialEq, Eq)]
pub(in crate::service) enum WithSecret {
    /// The address of a page with one button: the address is theirs.
    Link(String),
    /// Eight characters to tell whoever asks for them: they are this person.
    Code(String),
}

/// Makes the secret of a mail and puts it down in `changes`; `None` if there is nothing to prove any more. A link that was
/// made for it before stays good for its time. So does a code if this is another try to send the same letter
/// (`is_repeat`), which may have arrived; otherwise the new code replaces the one before.
pub(in crate::service) async fn prepare(
    app: &App,
    changes: &mut Changes,
    mail: &ProofMail,
    now: DateTime<Utc>,
    is_repeat: bool,
) -> Result<Option<Prepared>, Breakdown> {
    let mut reads = ReadSet::new();
    let Some(person) = app.store.person(changes.realm(), &mail.person, &mut reads).await? else { return Ok(None) };
    match &mail.what {
        ToProve::Address { address } => {
            let wanted = comparable_email(address);
            if !person.pending.iter().any(|pending| comparable_email(&pending.address) == wanted) {
                return Ok(None);
            }
            let purpose = Purpose::VerifyAddress { person: person.id.clone(), address: address.clone() };
            let token = tokens::issue(app, changes, now, purpose, LINK);
            let link = WithSecret::Link(app.urls.address_link(&token));
            Ok(Some(Prepared { to: address.clone(), person, secret: link }))
        }
        ToProve::Person => {
            let Some(to) = person.emails.first().cloned() else { return Ok(None) };
            let before = app.store.proof(changes.realm(), &person.id, &mut reads).await?;
            let (code, mut proof) = new_code(app, &person.id, now);
            proof.former = before.filter(|_| is_repeat).map(|before| before.as_former(now)).unwrap_or_default();
            changes.proof(&person.id, &proof);
            Ok(Some(Prepared { to, person, secret: WithSecret::Code(code) }))
        }
    }
}
