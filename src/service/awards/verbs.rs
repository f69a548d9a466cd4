//! The verbs: renew, reissue (correct), suspend, reinstate, revoke. One conditional batch each.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::deed::Deed;
use super::find_reading;
use crate::app::App;
use crate::id::AwardId;
use crate::intake::flaw_of_text;
use crate::rules::{Cause, Reason, RenewalRefused};
use crate::service::caller::Caller;
use crate::service::desk::Desk;
use crate::service::{Answer, Breakdown, TRIES};
use crate::store::{Answered, Commit, ReadSet, sha256_hex};

/// What can be done to an award.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// A new term.
    Renew,
    /// Corrected details at the same address.
    Reissue,
    /// Not valid until reinstated.
    Suspend,
    /// Valid again.
    Reinstate,
    /// Not valid, for good.
    Revoke,
}

impl Verb {
    /// As in addresses and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Verb::Renew => "renew",
            Verb::Reissue => "reissue",
            Verb::Suspend => "suspend",
            Verb::Reinstate => "reinstate",
            Verb::Revoke => "revoke",
        }
    }
}

impl FromStr for Verb {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let all = [Verb::Renew, Verb::Reissue, Verb::Suspend, Verb::Reinstate, Verb::Revoke];
        all.into_iter().find(|verb| verb.as_str() == text).ok_or(())
    }
}

/// What comes with a verb.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VerbRequest {
    /// Closed code; public. Needed to suspend and to revoke.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// Words for your own records; never public.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// With `reissue`: the holder's name as it shall stand from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// Why nothing was done. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum VerbError {
    /// No such award, or not in this key's realm.
    #[error("there is no award {award:?}")]
    Unknown {
        /// Its number.
        award: AwardId,
    },
    /// A field is missing or cannot be.
    #[error("{pointer}: {detail}")]
    Invalid {
        /// JSON pointer.
        pointer: &'static str,
        /// For people.
        detail: String,
    },
    /// The award's state does not allow it.
    #[error("cannot {} an award that is {state}", verb.as_str())]
    State {
        /// What was asked.
        verb: Verb,
        /// What the award is.
        state: &'static str,
    },
    /// It is no longer offered, so there is no new term to give.
    #[error("{name} closed on {day}; what is held runs out")]
    Closed {
        /// Of the certification.
        name: String,
        /// Its last day.
        day: chrono::NaiveDate,
    },
    /// There is no new term to give.
    #[error(transparent)]
    Renewal(#[from] RenewalRefused),
    /// The program has this certification no more, so nothing new can be signed.
    #[error("the program in force has no certification {0:?} any more")]
    Gone(String),
    /// The `Idempotency-Key` was used for another call.
    #[error("this Idempotency-Key was used for another call")]
    KeyReused,
    /// Anything else.
    #[error(transparent)]
    Breakdown(#[from] Breakdown),
}

breaks_down!(VerbError);

/// One call: what is to be done to which award.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// Its number.
    pub award: AwardId,
    /// What is to be done.
    pub verb: Verb,
    /// With what.
    pub request: &'a VerbRequest,
    /// A repeat under the same key gets the same answer.
    pub idempotency_key: Option<&'a str>,
}

/// Does it. Suspending what is suspended and revoking what is revoked changes nothing and is answered as done.
pub async fn act(app: &App, caller: &Caller, call: Call<'_>) -> Result<Answer, VerbError> {
    let Call { award, verb, request, idempotency_key } = call;
    check(verb, request)?;
    let asked =
        format!("{award} {} {}", verb.as_str(), serde_json::to_string(request).expect("a request has text keys"));
    let body = sha256_hex(asked.as_bytes());
    for _ in 0..TRIES {
        let mut reads = ReadSet::new();
        let known = find_reading(app, award, &mut reads).await?;
        let known =
            known.filter(|k| caller.is_operator() || k.realm == caller.realm).ok_or(VerbError::Unknown { award })?;
        if let Some(key) = idempotency_key
            && let Some(earlier) = app.store.repeated(known.realm, &caller.key, key, &mut reads).await?
        {
            return if earlier.body == body {
                Ok(Answer { status: earlier.status, body: earlier.answer, replayed: true })
            } else {
                Err(VerbError::KeyReused)
            };
        }
        let person = app.store.person(known.realm, &known.pointer.person, &mut reads).await?;
        let person = person.ok_or(Breakdown::Missing("the holder of an award"))?;
        let mut desk = Desk::new(app, known.realm, person, Cause::Verb, reads).await?;
        let done = Deed { known: &known, caller, request, desk: &mut desk }.perform(verb).await?;
        desk.reconsider().await?;
        let shown = desk.view(&known.pointer.certification).await?;
        let answer = serde_json::to_value(shown).expect("a view has text keys");
        if !done {
            return Ok(Answer { status: 200, body: answer, replayed: true });
        }
        let (mut changes, reads) = desk.finish().await?;
        if let Some(key) = idempotency_key {
            changes.repeated(&caller.key, key, &Answered { body: body.clone(), status: 200, answer: answer.clone() });
        }
        if let Commit::Done(_) = app.store.commit(&reads, changes).await? {
            return Ok(Answer { status: 200, body: answer, replayed: false });
        }
    }
    Err(Breakdown::Busy.into())
}

fn check(verb: Verb, request: &VerbRequest) -> Result<(), VerbError> {
    let invalid = |pointer, detail: &str| Err(VerbError::Invalid { pointer, detail: detail.to_owned() });
    if matches!(verb, Verb::Suspend | Verb::Revoke) && request.reason.is_none() {
        return invalid(
            "/reason",
            "is needed: issued-in-error, requirements-not-met, holder-request, key-compromise or other",
        );
    }
    if verb != Verb::Reissue && request.name.is_some() {
        return invalid("/name", "is for reissue only");
    }
    if let Some(flaw) = request.name.as_deref().and_then(flaw_of_text) {
        return invalid("/name", &flaw);
    }
    if request.text.as_deref().is_some_and(|text| text.chars().count() > 2_000) {
        return invalid("/text", "must be at most 2000 characters");
    }
    Ok(())
}
