//! [`perform`]: what a verb changes, put on the desk before it is committed.

use super::Known;
use super::verbs::{Verb, VerbError, VerbRequest};
use crate::program::Certification;
use crate::program::duration::end_of_day;
use crate::rules::{self, AwardState, Happening, Reason, Term, VersionEntry, VersionKind};
use crate::service::caller::Caller;
use crate::service::desk::{self, Desk};
use crate::service::{issue, people};
use crate::store::EventKind;

/// One verb under way.
pub(super) struct Deed<'a, 'd> {
    pub(super) known: &'a Known,
    pub(super) caller: &'a Caller,
    pub(super) request: &'a VerbRequest,
    pub(super) desk: &'a mut Desk<'d>,
}

impl<'a> Deed<'a, '_> {
    /// Whether anything changes.
    pub(super) async fn perform(&mut self, verb: Verb) -> Result<bool, VerbError> {
        let id = &self.known.pointer.certification;
        let current = self.known.award().current().clone();
        let refuse = |state| Err(VerbError::State { verb, state });
        if self.known.is_undone() {
            return if verb == Verb::Revoke { Ok(false) } else { refuse("revoked") };
        }
        let state = self.desk.state(id).await?.expect("the award is there");
        match (verb, &state) {
            (Verb::Revoke, AwardState::Revoked { .. }) | (Verb::Suspend, AwardState::Suspended { .. }) => {
                return Ok(false);
            }
            (_, AwardState::Revoked { .. }) => return refuse("revoked"),
            (Verb::Renew | Verb::Reissue, AwardState::Suspended { .. }) => return refuse("suspended"),
            (Verb::Reinstate, AwardState::Suspended { .. }) if self.is_over(&current) => {
                self.end_suspension(&current).await?;
            }
            (Verb::Reinstate, AwardState::Suspended { .. }) => {
                self.sign(VersionKind::Reinstatement, self.same_term(&current)).await?;
            }
            (Verb::Reinstate, _) => return refuse("not suspended"),
            (Verb::Renew, _) => {
                let program = self.desk.in_force.clone();
                let certification = self.certification()?;
                let closed =
                    certification.closes.filter(|day| self.desk.now > end_of_day(*day, program.program.timezone));
                if let Some(day) = closed {
                    return Err(VerbError::Closed { name: certification.name.clone(), day });
                }
                let award = desk::held(self.desk.standing(id).await?).clone();
                let term = rules::renewal_term(&program.program, certification, &award, self.desk.now)?;
                self.sign(VersionKind::Renewal, term).await?;
            }
            (Verb::Reissue, _) if self.is_over(&current) => return refuse("expired"),
            (Verb::Reissue, _) => {
                if self.correct_name() {
                    people::reissue_all(self.desk).await?;
                } else {
                    self.desk.take_back(id).await?;
                    self.sign(VersionKind::Correction, self.same_term(&current)).await?;
                }
            }
            (Verb::Suspend, _) => {
                let now = self.desk.now;
                self.desk.suspend(id, self.reason(), now).await?;
            }
            (Verb::Revoke, _) => self.desk.revoke(id, self.reason()).await?,
        }
        self.desk.annotate(id, &self.caller.name, self.request.text.as_deref()).await?;
        Ok(true)
    }

    fn reason(&self) -> Reason {
        self.request.reason.unwrap_or(Reason::Other)
    }

    /// Whether the term leaves no moment in which another credential for it could be valid.
    fn is_over(&self, version: &VersionEntry) -> bool {
        version.valid_until.is_some_and(|until| until <= self.desk.now)
    }

    /// The term ran out meanwhile, so nothing is signed: from now on the award is expired, and can be renewed.
    async fn end_suspension(&mut self, current: &VersionEntry) -> Result<(), VerbError> {
        let signed = super::signed(self.desk.app, self.known, current.number).await?;
        let fact = issue::fact(&self.known.standing, self.known.award().id, current, &signed);
        let (id, now) = (&self.known.pointer.certification, self.desk.now);
        self.desk.write_down(id, Happening::Reinstated { version: current.number }, now).await?;
        self.desk.tell(EventKind::AwardReinstated(fact));
        Ok(())
    }

    /// Whether the holder has another name from now on: then all their credentials follow.
    fn correct_name(&mut self) -> bool {
        let person = &mut self.desk.person;
        let Some(name) = self.request.name.as_deref().map(str::trim).filter(|name| *name != person.name) else {
            return false;
        };
        name.clone_into(&mut person.name);
        let person = person.id.clone();
        self.desk.tell(EventKind::PersonCorrected { person });
        true
    }

    async fn sign(&mut self, kind: VersionKind, term: Term) -> Result<(), VerbError> {
        let judge = self.desk.in_force.clone();
        let certification = self.certification()?;
        Ok(self.desk.sign(&judge, certification, kind, term).await?)
    }

    fn certification(&self) -> Result<&'a Certification, VerbError> {
        self.known.certification().ok_or_else(|| VerbError::Gone(self.known.pointer.certification.to_string()))
    }

    fn same_term(&self, version: &VersionEntry) -> Term {
        Term::of(version, self.desk.in_force.program.timezone)
    }
}
