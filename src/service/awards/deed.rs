//! [`Deed`]: what a verb changes, put together before it is committed.

use chrono::{DateTime, Utc};

use super::Known;
use super::verbs::{Verb, VerbError, VerbRequest};
use crate::app::App;
use crate::rules::{self, AwardState, Happening, HistoryEntry, Reason, Standing, Term, VersionEntry, VersionKind};
use crate::service::caller::Caller;
use crate::service::issue::{self, NewVersion};
use crate::service::{Breakdown, issuer, tell};
use crate::store::{Changes, EventKind, Note, ReadSet};

/// One verb under way.
pub(super) struct Deed<'a> {
    pub(super) known: &'a Known,
    pub(super) caller: &'a Caller,
    pub(super) request: &'a VerbRequest,
    pub(super) now: DateTime<Utc>,
    pub(super) after: Standing,
    pub(super) changes: Changes,
}

impl Deed<'_> {
    /// Whether anything changes.
    pub(super) async fn perform(&mut self, app: &App, verb: Verb, reads: &mut ReadSet) -> Result<bool, VerbError> {
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
            (Verb::Reinstate, AwardState::Suspended { .. }) if self.is_over(&current) => {
                self.end_suspension(app, &current).await?;
            }
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
            (Verb::Reissue, _) if self.is_over(&current) => return refuse("expired"),
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

    /// Whether the term leaves no moment in which another credential for it could be valid.
    fn is_over(&self, version: &VersionEntry) -> bool {
        version.valid_until.is_some_and(|until| until <= self.now)
    }

    /// The term ran out meanwhile, so nothing is signed: from now on the award is expired, and can be renewed.
    async fn end_suspension(&mut self, app: &App, current: &VersionEntry) -> Result<(), VerbError> {
        let signed = super::signed(app, self.known, current.number).await?;
        let what = Happening::Reinstated { version: current.number };
        let told =
            EventKind::AwardReinstated(issue::fact(&self.known.standing, self.known.award().id, current, &signed));
        self.write_down(app, what, told);
        Ok(())
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
        self.write_down(app, what, told);
    }

    /// A change that signs nothing, as of now.
    fn write_down(&mut self, app: &App, what: Happening, told: EventKind) {
        let program = self.known.in_force.record.version;
        let line = HistoryEntry { what, valid_at: self.now, recorded_at: self.now, program };
        self.after.award.as_mut().expect("the award is there").history.push(line);
        tell(app, &mut self.changes, self.now, told);
        self.annotate();
    }

    async fn sign(&mut self, app: &App, kind: VersionKind, term: Term, reads: &mut ReadSet) -> Result<(), VerbError> {
        let certification = self.known.certification().ok_or_else(|| self.gone())?;
        let (realm, pointer) = (self.known.realm, &self.known.pointer);
        let issuer = issuer(app, reads).await?;
        let person = app.store.person(realm, &pointer.person, reads).await?;
        let mut person = person.ok_or(Breakdown::Missing("the holder of an award"))?;
        if let Some(name) = self.request.name.as_deref().map(str::trim).filter(|name| *name != person.name) {
            name.clone_into(&mut person.name);
            self.changes.person(&person);
            tell(app, &mut self.changes, self.now, EventKind::PersonCorrected { person: person.id.clone() });
        }
        let evidence = app.store.evidence(realm, &pointer.person, &pointer.certification, reads).await?;
        let new = NewVersion {
            realm,
            issuer: &issuer,
            in_force: &self.known.in_force,
            certification,
            standing: &self.known.standing,
            person: &person,
            evidence: &evidence,
            award: self.known.award().id,
            kind,
            awarded_at: term.awarded_at,
            valid_until: term.valid_until,
            now: self.now,
            history: false,
        };
        self.after = issue::add_version(app, &new, &mut self.changes).await?;
        self.annotate();
        Ok(())
    }

    /// The caller's words to the last line of the history.
    fn annotate(&mut self) {
        let award = self.after.award.as_ref().expect("the award is there");
        let note = Note { by: self.caller.name.clone(), text: self.request.text.clone() };
        self.changes.note(award.id, award.history.len() - 1, &note);
    }

    fn gone(&self) -> VerbError {
        VerbError::Gone(self.known.pointer.certification.to_string())
    }
}
