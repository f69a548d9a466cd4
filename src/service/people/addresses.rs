//! A person's addresses: named, shown to reach them, chosen for the badge, removed.

use super::find::view;
use super::{PersonError, PersonView, known, outgrown, reissued};
use crate::app::App;
use crate::id::{PersonId, Realm};
use crate::intake::is_email;
use crate::openbadges::{comparable_email, normalized_email};
use crate::service::caller::Caller;
use crate::service::tokens::{self, TokenError};
use crate::service::{Breakdown, TRIES, moment, program, tell};
use crate::store::{
    Changes, Commit, Digest, EventKind, Found, PendingAddress, Person, ProofMail, Purpose, ReadSet, ToProve,
};

/// Most addresses of one person, verified or not.
const MOST: usize = 20;

/// Names an address for a person. A link is mailed to it: until that is confirmed nobody is found by the address.
/// Naming it again has the link mailed again.
pub async fn add_address(app: &App, caller: &Caller, id: &PersonId, email: &str) -> Result<PersonView, PersonError> {
    if !is_email(email) {
        return Err(PersonError::invalid("/email", "is no mail address"));
    }
    let address = normalized_email(email);
    for _ in 0..TRIES {
        let (now, mut reads) = (moment(app), ReadSet::new());
        let mut person = known(app, caller, id, &mut reads).await?;
        match app.store.find_person(caller.realm, Some(&address), &[], &mut reads).await? {
            Found::Nobody => {}
            Found::Person(owner) if owner == person.id => return Ok(view(app, caller, &person).await?),
            _ => return Err(taken("/email")),
        }
        let wanted = comparable_email(&address);
        person.pending.retain(|pending| comparable_email(&pending.address) != wanted);
        if person.emails.len() + person.pending.len() >= MOST {
            return Err(PersonError::invalid("/email", "would be more than 20 addresses of one person"));
        }
        person.pending.push(PendingAddress { address: address.clone(), asked_at: now });
        let mut changes = Changes::new(caller.realm);
        changes.person(&person);
        let what = ToProve::Address { address: address.clone() };
        changes.proof_mail(&ProofMail { person: person.id.clone(), what, asked_at: now });
        if let Commit::Done(_) = app.store.commit(&reads, changes).await.map_err(outgrown)? {
            return Ok(view(app, caller, &person).await?);
        }
    }
    Err(Breakdown::Busy.into())
}

/// Takes an address away from a person, verified or not. One that is not there is gone already.
pub async fn remove_address(app: &App, caller: &Caller, id: &PersonId, email: &str) -> Result<PersonView, PersonError> {
    let wanted = comparable_email(email);
    let same = |address: &str| comparable_email(address) == wanted;
    for _ in 0..TRIES {
        let (now, mut reads) = (moment(app), ReadSet::new());
        let mut person = known(app, caller, id, &mut reads).await?;
        let mut changes = Changes::new(caller.realm);
        match person.emails.iter().position(|address| same(address)) {
            Some(_) if person.emails.len() == 1 => return Err(PersonError::Last),
            Some(0) => return Err(PersonError::Primary),
            Some(place) => {
                changes.forget_address(&person.emails.remove(place));
                tell(app, &mut changes, now, EventKind::PersonCorrected { person: person.id.clone() });
            }
            None if person.pending.iter().any(|pending| same(&pending.address)) => {
                person.pending.retain(|pending| !same(&pending.address));
            }
            None => return Ok(view(app, caller, &person).await?),
        }
        changes.person(&person);
        if let Commit::Done(_) = app.store.commit(&reads, changes).await.map_err(outgrown)? {
            return Ok(view(app, caller, &person).await?);
        }
    }
    Err(Breakdown::Busy.into())
}

/// Chooses the address of the badge. Where credentials bear its hash they are signed anew.
pub async fn make_primary(app: &App, caller: &Caller, id: &PersonId, email: &str) -> Result<PersonView, PersonError> {
    let wanted = comparable_email(email);
    let in_force = program::in_force(app, &mut ReadSet::new()).await?;
    let is_shown = in_force.program.privacy.email_hash;
    reissued(app, caller, id, |person| {
        let place = person.emails.iter().position(|address| comparable_email(address) == wanted);
        let chosen = person.emails.remove(place.ok_or(PersonError::NotVerified)?);
        person.emails.insert(0, chosen);
        Ok(is_shown)
    })
    .await
}

/// Why a mailed link confirms nothing.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// Never given out here, or for something else.
    #[error("this link is unknown")]
    Unknown,
    /// Its time is over, or the address was taken off the list meanwhile.
    #[error("this link is no longer good")]
    Over,
    /// Another person has the address by now.
    #[error("this address belongs to another person")]
    Taken,
    /// Anything else.
    #[error(transparent)]
    Breakdown(#[from] Breakdown),
}

breaks_down!(LinkError);

/// The address that a mailed link is about, and whether it was confirmed before. Looking changes nothing: programs look at
/// links before people do.
pub async fn shown_link(app: &App, secret: &str) -> Result<(String, bool), LinkError> {
    let mut reads = ReadSet::new();
    let (shown, is_spent) = match tokens::take(app, secret, moment(app), &mut reads).await {
        Ok(shown) => (shown, false),
        Err(TokenError::Used(shown)) => (shown, true),
        Err(error) => return Err(error.into()),
    };
    let (person, address) = claim(app, shown.realm, shown.purpose(), &mut reads).await?;
    match (person.has_address(&address), is_pending(&person, &address)) {
        (true, _) => Ok((address, true)),
        (false, true) if !is_spent => Ok((address, false)),
        (false, _) => Err(LinkError::Over),
    }
}

/// Confirms the address that a mailed link is about. Twice is as good as once.
pub async fn confirm(app: &App, secret: &str) -> Result<String, LinkError> {
    for _ in 0..TRIES {
        let (now, mut reads) = (moment(app), ReadSet::new());
        let shown = match tokens::take(app, secret, now, &mut reads).await {
            Ok(shown) => shown,
            Err(TokenError::Used(_)) => return shown_link(app, secret).await.map(|(address, _)| address),
            Err(error) => return Err(error.into()),
        };
        let (mut person, address) = claim(app, shown.realm, shown.purpose(), &mut reads).await?;
        let found = app.store.find_person(shown.realm, Some(&address), &[], &mut reads).await?;
        let is_theirs = found == Found::Person(person.id.clone());
        if !is_theirs && found != Found::Nobody {
            return Err(LinkError::Taken);
        }
        if !is_theirs && !is_pending(&person, &address) {
            return Err(LinkError::Over);
        }
        let mut changes = Changes::new(shown.realm);
        if !is_theirs {
            person.add_address(&address);
            changes.person(&person);
            let told =
                EventKind::PersonAddressAdded { person: person.id.clone(), address: Digest::of(address.as_bytes()) };
            tell(app, &mut changes, now, told);
        }
        shown.spend(&mut changes, now);
        if let Commit::Done(_) = app.store.commit(&reads, changes).await? {
            return Ok(address);
        }
    }
    Err(Breakdown::Busy.into())
}

async fn claim(app: &App, realm: Realm, purpose: &Purpose, reads: &mut ReadSet) -> Result<(Person, String), LinkError> {
    let Purpose::VerifyAddress { person, address } = purpose else { return Err(LinkError::Unknown) };
    let person = app.store.person(realm, person, reads).await?.ok_or(LinkError::Unknown)?;
    Ok((person, address.clone()))
}

fn is_pending(person: &Person, address: &str) -> bool {
    let wanted = comparable_email(address);
    person.pending.iter().any(|pending| comparable_email(&pending.address) == wanted)
}

impl From<TokenError> for LinkError {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::Unknown => LinkError::Unknown,
            TokenError::Expired(_) | TokenError::Used(_) => LinkError::Over,
            TokenError::Breakdown(breakdown) => breakdown.into(),
        }
    }
}

fn taken(pointer: &str) -> PersonError {
    PersonError::Taken { what: "this address", pointer: pointer.to_owned() }
}
