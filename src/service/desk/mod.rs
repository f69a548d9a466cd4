//! [`Desk`]: one person's standings under decision. What is read, decided, signed and told goes into one batch.

mod acts;
mod demands;
mod settle;

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::awards::AwardView;
use super::{Breakdown, program, tell};
use crate::app::{App, InForce};
use crate::id::{CertificationId, EventId, Realm};
use crate::intake::EvidenceRecord;
use crate::rules::{self, Award, AwardState, Cause, Decision, Held, Standing, Versions};
use crate::store::{Changes, Event, EventKind, Person, ReadSet};

/// Everything one use case decides about one person. Nothing of it is true before its changes are committed.
pub(in crate::service) struct Desk<'a> {
    pub(in crate::service) app: &'a App,
    pub(in crate::service) realm: Realm,
    pub(in crate::service) now: DateTime<Utc>,
    /// The program in force now.
    pub(in crate::service) in_force: Arc<InForce>,
    pub(in crate::service) person: Person,
    pub(in crate::service) changes: Changes,
    pub(in crate::service) reads: ReadSet,
    /// History is being imported, and told until then: original dates, and nobody is told.
    pub(in crate::service) history: Option<DateTime<Utc>>,
    /// What the acts of this batch go back to.
    cause: Cause,
    /// The person as read; none: not known before.
    known: Option<Person>,
    /// The versions of the program that decided so far, each with its first moment.
    pub(in crate::service) versions: Vec<(DateTime<Utc>, Arc<InForce>)>,
    open: BTreeMap<CertificationId, Open>,
    evidence: BTreeMap<CertificationId, Vec<EvidenceRecord>>,
}

/// Whom a desk is about.
pub(in crate::service) struct Whom {
    /// As read; none: not known before.
    pub(in crate::service) known: Option<Person>,
    /// As they are from now on.
    pub(in crate::service) person: Person,
}

impl From<Person> for Whom {
    /// As read, and unchanged.
    fn from(person: Person) -> Self {
        Whom { known: Some(person.clone()), person }
    }
}

/// One standing on the desk.
struct Open {
    before: Standing,
    after: Standing,
    /// As it was when it was last decided, or read: what differs from that is to be decided anew.
    decided: Option<Standing>,
    /// The award as whatever depends on it knows it.
    known: Option<Award>,
    /// What it is to be decided anew for, if not for what this batch goes back to.
    because: Option<Cause>,
    outcome: Outcome,
}

impl Open {
    fn new(before: Standing, after: Standing) -> Self {
        let outcome = Outcome { decision: Decision::Record, reinstated: false };
        Open { decided: Some(before.clone()), known: before.award.clone(), because: None, before, after, outcome }
    }

    fn is_touched(&self) -> bool {
        self.decided.as_ref() != Some(&self.after)
    }
}

/// What came of a standing since it was put on the desk.
#[derive(Debug, Clone)]
pub(in crate::service) struct Outcome {
    /// What was earned last; else what was decided last.
    pub(in crate::service) decision: Decision,
    /// A missed demand was mended, so that the award holds again.
    pub(in crate::service) reinstated: bool,
}

impl Outcome {
    fn add(&mut self, decision: Decision, reinstated: bool) {
        let earned = |decision: &Decision| matches!(decision, Decision::Award(_) | Decision::Renew(_));
        self.reinstated |= reinstated;
        match (&self.decision, decision) {
            // What is earned and at once renewed is a first award.
            (Decision::Award(_), Decision::Renew(term)) => self.decision = Decision::Award(term),
            (before, decision) if earned(&decision) || !earned(before) => self.decision = decision,
            _ => {}
        }
    }
}

impl<'a> Desk<'a> {
    /// A desk for somebody who was read together with everything in `reads`. What is done goes back to `cause`.
    pub(in crate::service) async fn new(
        app: &'a App,
        realm: Realm,
        whom: impl Into<Whom>,
        cause: Cause,
        mut reads: ReadSet,
    ) -> Result<Self, Breakdown> {
        let Whom { known, person } = whom.into();
        let (now, changes) = (super::moment(app), Changes::new(realm));
        let versions = program::decided(app, now, &mut reads).await?;
        let in_force = versions.last().expect("one version is in force").1.clone();
        let (open, evidence) = (BTreeMap::new(), BTreeMap::new());
        let history = None;
        Ok(Desk { app, realm, now, in_force, person, changes, reads, history, cause, known, versions, open, evidence })
    }

    /// A desk on which something is only looked up: nothing is done and nothing committed.
    pub(in crate::service) async fn to_look(
        app: &'a App,
        realm: Realm,
        person: Person,
        reads: ReadSet,
    ) -> Result<Self, Breakdown> {
        Desk::new(app, realm, person, Cause::Time, reads).await
    }

    /// From now on what is done goes back to `cause`; answers what it went back to before.
    pub(in crate::service) fn because(&mut self, cause: Cause) -> Cause {
        std::mem::replace(&mut self.cause, cause)
    }

    /// The standing in `certification`, read once, to be changed in place.
    pub(in crate::service) async fn standing(
        &mut self,
        certification: &CertificationId,
    ) -> Result<&mut Standing, Breakdown> {
        if !self.open.contains_key(certification) {
            let read = self.app.store.standing(self.realm, &self.person.id, certification, &mut self.reads).await?;
            self.open.insert(certification.clone(), Open::new(read.clone(), read));
        }
        let open = self.open.get_mut(certification).expect("it was just opened");
        Ok(&mut open.after)
    }

    /// Tells the feed, as part of this batch.
    pub(in crate::service) fn tell(&mut self, what: EventKind) {
        tell(self.app, &mut self.changes, self.now, what);
    }

    /// The same, before what was told after the first `place` events.
    pub(in crate::service) fn tell_at(&mut self, place: usize, what: EventKind) {
        let id = EventId::new(self.now, self.app.ids.as_ref());
        self.changes.event_at(place, &Event { id, recorded_at: self.now, realm: self.realm, what });
    }

    /// Puts a standing on the desk that was made of those of two persons. Its award is not new: the timer that the award
    /// had is that of `before`, and the caller sees to its pointer.
    pub(in crate::service) fn adopt(&mut self, before: Standing, after: Standing) {
        self.open.insert(after.certification.clone(), Open::new(before, after));
    }

    /// The evidence in a certification, with what this batch adds to it.
    async fn evidence(&mut self, certification: &CertificationId) -> Result<Vec<EvidenceRecord>, Breakdown> {
        match self.evidence.get(certification) {
            Some(added) => Ok(added.clone()),
            None => Ok(self.app.store.evidence(self.realm, &self.person.id, certification, &mut self.reads).await?),
        }
    }

    /// Adds to the evidence in a certification.
    pub(in crate::service) async fn add_evidence(
        &mut self,
        certification: &CertificationId,
        more: &[EvidenceRecord],
    ) -> Result<(), Breakdown> {
        if !more.is_empty() {
            let mut evidence = self.evidence(certification).await?;
            evidence.extend_from_slice(more);
            self.evidence.insert(certification.clone(), evidence);
        }
        Ok(())
    }

    /// The program version that dated the current term.
    pub(in crate::service) async fn basis(&mut self, id: &CertificationId) -> Result<Option<Arc<InForce>>, Breakdown> {
        let Some(award) = &self.standing(id).await?.award else { return Ok(None) };
        let version = award.current().program;
        Ok(Some(program::version(self.app, version).await?))
    }

    /// The person's awards in these certifications, with what this batch changes.
    pub(in crate::service) async fn held(
        &mut self,
        ids: impl Iterator<Item = &CertificationId>,
    ) -> Result<Vec<Held>, Breakdown> {
        let mut held = Vec::new();
        for id in ids {
            if let Some(award) = &self.standing(id).await?.award {
                held.push(Held { certification: id.clone(), award: award.clone() });
            }
        }
        Ok(held)
    }

    /// The award as it is shown, by the program version that dated it.
    pub(in crate::service) async fn view(&mut self, id: &CertificationId) -> Result<Option<AwardView>, Breakdown> {
        let (app, realm, now) = (self.app, self.realm, self.now);
        let Some(basis) = self.basis(id).await? else { return Ok(None) };
        Ok(Some(AwardView::new(app, realm, self.standing(id).await?, &basis.program, now)))
    }

    /// The award's state now.
    pub(in crate::service) async fn state(&mut self, id: &CertificationId) -> Result<Option<AwardState>, Breakdown> {
        let basis = self.basis(id).await?;
        let (now, zone) = (self.now, self.in_force.program.timezone);
        let certification = basis.as_ref().and_then(|version| version.program.certification(id));
        let award = self.standing(id).await?.award.as_ref();
        Ok(award.map(|award| rules::state_at(award, certification, zone, now)))
    }

    /// What is to be committed, and what it rests on. Whatever was touched is reconsidered first.
    pub(in crate::service) async fn finish(mut self) -> Result<(Changes, ReadSet), Breakdown> {
        self.reconsider().await?;
        for (id, open) in &mut self.open {
            if open.before == open.after {
                continue;
            }
            if let Some(certification) = self.in_force.program.certification(id) {
                let first = open.after.moved_out;
                let later: Vec<_> =
                    self.versions[1..].iter().map(|(from, version)| (*from, &version.program)).collect();
                let versions = Versions::new(&self.versions[0].1.program, &later);
                let moved = rules::move_out(&mut open.after, versions, certification);
                self.changes.moved_out(&open.after, first, &moved);
            }
            self.changes.standing(&open.before, &open.after);
        }
        for (id, evidence) in &self.evidence {
            self.changes.evidence(&self.person.id, id, evidence);
        }
        if self.known.as_ref() != Some(&self.person) {
            self.changes.person(&self.person);
        }
        Ok((self.changes, self.reads))
    }
}

/// The award of a standing that must have one.
pub(in crate::service) fn held(standing: &Standing) -> &Award {
    standing.award.as_ref().expect("this standing has an award")
}
