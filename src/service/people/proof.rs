//! Codes by which somebody shows that they are a person: mailed to the address of the badge, good for half an hour.

use chrono::{DateTime, TimeDelta, Utc};
use subtle::ConstantTimeEq as _;

use super::{PersonError, PersonView, find, known};
use crate::app::App;
use crate::id::{CROCKFORD, PersonId};
use crate::service::caller::Caller;
use crate::service::{Breakdown, TRIES, moment};
use crate::store::{Changes, Commit, Person, Proof, ProofMail, ReadSet, ToProve, sha256_hex};

/// How long a code is good.
pub(super) const GOOD_FOR: TimeDelta = TimeDelta::minutes(30);
/// How often a code may be tried.
const TRIALS: u32 = 5;
/// Characters of a code: 40 bits.
const LENGTH: usize = 8;

/// Has a code mailed to the person's badge address.
pub async fn ask_for_proof(app: &App, caller: &Caller, id: &PersonId) -> Result<PersonView, PersonError> {
    for _ in 0..TRIES {
        let (now, mut reads) = (moment(app), ReadSet::new());
        let person = known(app, caller, id, &mut reads).await?;
        if person.emails.is_empty() {
            return Err(PersonError::NoAddress);
        }
        let mut changes = Changes::new(caller.realm);
        changes.proof_mail(&ProofMail { person: person.id.clone(), what: ToProve::Person, asked_at: now });
        if let Commit::Done(_) = app.store.commit(&reads, changes).await? {
            return Ok(find::view(app, caller, &person).await?);
        }
    }
    Err(Breakdown::Busy.into())
}

/// A new code, and what is kept of it.
pub(super) fn new_code(app: &App, person: &PersonId, now: DateTime<Utc>) -> (String, Proof) {
    let mut random = [0u8; LENGTH];
    app.ids.fill(&mut random);
    let code: String = random.iter().map(|byte| char::from(CROCKFORD[usize::from(byte & 31)])).collect();
    let proof = Proof { hash: hash(person, &code), expires_at: now + GOOD_FOR, tries: TRIALS, former: Vec::new() };
    (code, proof)
}

/// What becomes of a code that is shown.
pub(super) enum Shown {
    /// It is the one that was mailed.
    Right,
    /// None was mailed, or too long ago, or it was tried too often.
    Gone,
    /// Another one; what is left of it.
    Wrong(Proof),
}

/// Whether one of `codes` is the code that was mailed to the person.
pub(super) fn judge(person: &Person, proof: Option<Proof>, codes: &[String], now: DateTime<Utc>) -> Shown {
    let Some(mut proof) = proof.filter(|proof| proof.expires_at > now && proof.tries > 0) else { return Shown::Gone };
    let former = proof.former.iter().filter(|former| former.expires_at > now).map(|former| &former.hash);
    let good: Vec<&String> = former.chain([&proof.hash]).collect();
    let fits = |code: &String| {
        let told = hash(&person.id, &plain(code));
        good.iter().any(|good| bool::from(told.as_bytes().ct_eq(good.as_bytes())))
    };
    if codes.iter().filter(|code| fits(code)).count() > 0 {
        return Shown::Right;
    }
    proof.tries -= 1;
    Shown::Wrong(proof)
}

/// As people type it: any case, with hyphens and blanks, O for 0, I and L for 1.
fn plain(code: &str) -> String {
    let letters = code.chars().take(4 * LENGTH).filter(|c| !c.is_whitespace() && *c != '-');
    letters
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            c => c,
        })
        .collect()
}

fn hash(person: &PersonId, code: &str) -> String {
    sha256_hex(format!("{person} {code}").as_bytes())
}
