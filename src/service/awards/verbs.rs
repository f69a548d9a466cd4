//! The verbs: renew, reissue (correct), suspend, reinstate, revoke. One conditional batch each.

use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{AwardView, Known, find_reading};
use crate::app::App;
use crate::id::{AwardId, EventId, Realm};
use crate::rules::{self, AwardState, Happening, HistoryEntry, Reason, RenewalRefused, Standing, Term, VersionKind};
use crate::service::caller::Caller;
use crate::service::issue::{self, NewVersion};
use crate::service::results::flaw_of_text;
use crate::service::{Answer, Breakdown, TRIES, moment};
use crate::store::{Answered, AwardEvent, Changes, Commit, Digest, Event, EventKind, Note, ReadSet, sha256_hex};

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

/// Does it. A repeat under the same `idempotency_key` gets the same answer; so does revoking what is revoked already.
pub async fn act(
    app: &App,
    caller: &Caller,
    award: AwardId,
    verb: Verb,
    request: &VerbRequest,
    idempotency_key: Option<&str>,
) -> Result<Answer, VerbError> {
    check(verb, request)?;
    let asked =
        format!("{award} {} {}", verb.as_str(), serde_json::to_string(request).expect("a request has text keys"));
    let body = sha256_hex(asked.as_bytes());
    for _ in 0..TRIES {
        let now = moment(app);
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
        let mut deed = Deed {
            known: &known,
            caller,
            request,
            now,
            after: known.standing.clone(),
            changes: Changes::new(known.realm),
        };
        let done = deed.perform(app, verb, &mut reads).await?;
        let shown = AwardView::new(app, known.realm, &deed.after, &known.in_force.program, now);
        let answer = serde_json::to_value(shown).expect("a view has text keys");
        if !done {
            return Ok(Answer { status: 200, body: answer, replayed: true });
        }
        let mut changes = deed.changes;
        changes.standing(&known.standing, &deed.after);
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

/// One verb under way.
struct Deed<'a> {
    known: &'a Known,
    caller: &'a Caller,
    request: &'a VerbRequest,
    now: DateTime<Utc>,
    after: Standing,
    changes: Changes,
}

impl Deed<'_> {
    /// Whether anything changes.
    async fn perform(&mut self, app: &App, verb: Verb, reads: &mut ReadSet) -> Result<bool, VerbError> {
        let zone = self.known.in_force.program.timezone;
        let award = self.known.award();
        let current = award.current().clone();
        let state = rules::state_at(award, self.known.certification(), zone, self.now);
        let refuse = |state| Err(VerbError::State { verb, state });
        match (verb, &state) {
            (Verb::Revoke, AwardState::Revoked { .. }) | (Verb::Suspend, AwardState::Suspended { .. }) => {
                return Ok(false);
            }
            (_, AwardState::Revoked { .. }) => return refuse("revoked"),
            (Verb::Renew | Verb::Reissue, AwardState::Suspended { .. }) => return refuse("suspended"),
            (Verb::Reinstate, AwardState::Suspended { .. }) => {
                let term = Term { awarded_at: current.awarded_at, valid_until: current.valid_until };
                self.sign(app, VersionKind::Reinstatement, term, reads).await?;
            }
            (Verb::Reinstate, _) => return refuse("not suspended"),
            (Verb::Renew, _) => {
                let certification = self.known.certification().ok_or_else(|| self.gone())?;
                let term = rules::renewal_term(&self.known.in_force.program, certification, award, self.now)?;
                self.sign(app, VersionKind::Renewal, term, reads).await?;
            }
            (Verb::Reissue, _) => {
                self.changes.set_bit(current.list, current.index);
                let term = Term { awarded_at: current.awarded_at, valid_until: current.valid_until };
                self.sign(app, VersionKind::Correction, term, reads).await?;
            }
            (Verb::Suspend, _) => self.end(app, |reason| Happening::Suspended { reason }),
            (Verb::Revoke, _) => self.end(app, |reason| Happening::Revoked { reason }),
        }
        Ok(true)
    }

    /// Sets the bits of every version that has not run out by itself, and says why in the history.
    fn end(&mut self, app: &App, happening: impl Fn(Reason) -> Happening) {
        let reason = self.request.reason.unwrap_or(Reason::Other);
        for version in &self.known.award().versions {
            if version.valid_until.is_none_or(|until| until >= self.now) {
                self.changes.set_bit(version.list, version.index);
            }
        }
        let what = happening(reason);
        let (award, pointer) = (self.known.award().id, &self.known.pointer);
        let (certification, person) = (pointer.certification.clone(), pointer.person.clone());
        let told = match what {
            Happening::Suspended { reason } => EventKind::AwardSuspended { award, certification, person, reason },
            _ => EventKind::AwardRevoked { award, certification, person, reason },
        };
        if matches!(what, Happening::Revoked { .. }) {
            self.after.due = None;
        }
        self.write_down(app, what, self.now, told);
    }

    async fn sign(&mut self, app: &App, kind: VersionKind, term: Term, reads: &mut ReadSet) -> Result<(), VerbError> {
        let certification = self.known.certification().ok_or_else(|| self.gone())?;
        let (realm, pointer) = (self.known.realm, &self.known.pointer);
        let issuer = app.store.issuer(reads).await?.ok_or(Breakdown::Missing("the issuer"))?;
        let person = app.store.person(realm, &pointer.person, reads).await?;
        let mut person = person.ok_or(Breakdown::Missing("the holder of an award"))?;
        if let Some(name) = self.request.name.as_deref().map(str::trim).filter(|name| *name != person.name) {
            name.clone_into(&mut person.name);
            self.changes.person(&person);
            self.changes.event(&event(app, realm, self.now, EventKind::PersonCorrected { person: person.id.clone() }));
        }
        let evidence = app.store.evidence(realm, &pointer.person, &pointer.certification, reads).await?;
        let award = self.known.award().id;
        let new = NewVersion {
            realm,
            issuer: &issuer,
            in_force: &self.known.in_force,
            certification,
            standing: &self.known.standing,
            person: &person,
            evidence: &evidence,
            award,
            kind,
            awarded_at: term.awarded_at,
            valid_until: term.valid_until,
            now: self.now,
        };
        let (entry, signed) = issue::sign(app, &new).await?;
        let version = entry.number;
        self.changes.credential(&self.after, version, &signed);
        let fact = AwardEvent {
            award,
            person: pointer.person.clone(),
            certification: pointer.certification.clone(),
            version,
            program: entry.program,
            valid_from: entry.valid_from,
            valid_until: entry.valid_until,
            credential: Digest::of(signed.text.as_bytes()),
        };
        let (what, told) = match kind {
            VersionKind::Issue => (Happening::Issued { version }, EventKind::AwardIssued(fact)),
            VersionKind::Renewal => (Happening::Renewed { version }, EventKind::AwardRenewed(fact)),
            VersionKind::Correction => (Happening::Corrected { version }, EventKind::AwardCorrected(fact)),
            VersionKind::Reinstatement => (Happening::Reinstated { version }, EventKind::AwardReinstated(fact)),
        };
        let at = entry.valid_from;
        self.after.due = entry.valid_until;
        self.after.award.as_mut().expect("the award is there").versions.push(entry);
        self.write_down(app, what, at, told);
        Ok(())
    }

    fn write_down(&mut self, app: &App, what: Happening, valid_at: DateTime<Utc>, told: EventKind) {
        let award = self.after.award.as_mut().expect("the award is there");
        let note = Note { by: self.caller.name.clone(), text: self.request.text.clone() };
        self.changes.note(award.id, award.history.len(), &note);
        award.history.push(HistoryEntry {
            what,
            valid_at,
            recorded_at: self.now,
            program: self.known.in_force.record.version,
        });
        self.changes.event(&event(app, self.known.realm, self.now, told));
    }

    fn gone(&self) -> VerbError {
        VerbError::Gone(self.known.pointer.certification.to_string())
    }
}

fn event(app: &App, realm: Realm, now: DateTime<Utc>, what: EventKind) -> Event {
    Event { id: EventId::new(now, app.ids.as_ref()), recorded_at: now, realm, what }
}
