//! [`Desk`]: one person's standings under decision. What is read, decided, signed and told goes into one batch.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::awards::AwardView;
use super::issue::{self, NewVersion};
use super::{Breakdown, issuer, program, tell};
use crate::app::{App, InForce};
use crate::id::{AwardId, CertificationId, EventId, Realm};
use crate::intake::EvidenceRecord;
use crate::program::duration::local_day;
use crate::program::{Certification, Program};
use crate::rules::{
    self, Award, AwardState, Decision, Demand, DemandKind, Former, FormerWhy, Happening, Held, HistoryEntry, Met,
    Question, Reason, Standing, Term, VersionEntry, VersionKind,
};
use crate::store::{Changes, DemandEvent, Digest, Event, EventKind, Note, Person, ReadSet};

/// Everything one use case decides about one person. Nothing of it is true before its changes are committed.
pub(super) struct Desk<'a> {
    pub(super) app: &'a App,
    pub(super) realm: Realm,
    pub(super) now: DateTime<Utc>,
    /// The program in force now.
    pub(super) in_force: Arc<InForce>,
    pub(super) person: Person,
    pub(super) changes: Changes,
    pub(super) reads: ReadSet,
    /// History is being imported: original dates, and nobody is told.
    pub(super) history: bool,
    /// The person as read; none: not known before.
    known: Option<Person>,
    open: BTreeMap<CertificationId, Open>,
    evidence: BTreeMap<CertificationId, Vec<EvidenceRecord>>,
}

/// One standing on the desk.
struct Open {
    before: Standing,
    after: Standing,
}

/// How a decision about a standing came out, with what changed along.
pub(super) struct Outcome {
    pub(super) decision: Decision,
    /// A missed demand was mended, so that the award holds again.
    pub(super) reinstated: bool,
}

impl<'a> Desk<'a> {
    /// A desk for `person`, who was read as `known` (`None`: is new) together with everything in `reads`.
    pub(super) async fn new(
        app: &'a App,
        realm: Realm,
        known: Option<Person>,
        person: Person,
        mut reads: ReadSet,
    ) -> Result<Self, Breakdown> {
        let in_force = program::in_force(app, &mut reads).await?;
        let (now, changes) = (super::moment(app), Changes::new(realm));
        let (open, evidence) = (BTreeMap::new(), BTreeMap::new());
        Ok(Desk { app, realm, now, in_force, person, changes, reads, history: false, known, open, evidence })
    }

    /// The standing in `certification`, read once, to be changed in place.
    pub(super) async fn standing(&mut self, certification: &CertificationId) -> Result<&mut Standing, Breakdown> {
        if !self.open.contains_key(certification) {
            let read = self.app.store.standing(self.realm, &self.person.id, certification, &mut self.reads).await?;
            self.open.insert(certification.clone(), Open { before: read.clone(), after: read });
        }
        let open = self.open.get_mut(certification).expect("it was just opened");
        Ok(&mut open.after)
    }

    /// Tells the feed, as part of this batch.
    pub(super) fn tell(&mut self, what: EventKind) {
        tell(self.app, &mut self.changes, self.now, what);
    }

    /// The same, before what was told after the first `place` events.
    pub(super) fn tell_at(&mut self, place: usize, what: EventKind) {
        let id = EventId::new(self.now, self.app.ids.as_ref());
        self.changes.event_at(place, &Event { id, recorded_at: self.now, realm: self.realm, what });
    }

    /// Decides a standing anew by the program in force at `earned_at`, and does what follows: signs, renews the awards that
    /// follow along, records met demands, and decides whatever waited for this award.
    pub(super) async fn reconsider(
        &mut self,
        certification: &CertificationId,
        earned_at: DateTime<Utc>,
    ) -> Result<Outcome, Breakdown> {
        let judge = program::in_force_at(self.app, earned_at.min(self.now), &mut self.reads).await?;
        let first = self.settle(&judge, certification).await?;
        if matches!(first.decision, Decision::Award(_) | Decision::Renew(_)) {
            self.settle_dependents(certification.clone()).await?;
        }
        Ok(first)
    }

    /// What waited only for an award that is there now is awarded, too, and what waited for that.
    pub(super) async fn settle_dependents(&mut self, earned: CertificationId) -> Result<(), Breakdown> {
        let judge = self.in_force.clone();
        let mut earned = vec![earned];
        while let Some(prerequisite) = earned.pop() {
            let waits = |c: &&Certification| c.prerequisites.iter().flatten().any(|id| *id == prerequisite);
            for dependent in judge.program.certifications.iter().filter(waits) {
                let standing = self.standing(&dependent.id).await?;
                if standing.award.is_some() || standing.results.is_empty() {
                    continue;
                }
                if let Decision::Award(_) = self.settle(&judge, &dependent.id).await?.decision {
                    earned.push(dependent.id.clone());
                }
            }
        }
        Ok(())
    }

    async fn settle(&mut self, judge: &InForce, id: &CertificationId) -> Result<Outcome, Breakdown> {
        let Some(certification) = judge.program.certification(id) else {
            return Ok(Outcome { decision: Decision::Record, reinstated: false });
        };
        let decision = self.decide(judge, certification).await?;
        let mut reinstated = false;
        match &decision {
            Decision::Award(term) => self.award(judge, certification, *term).await?,
            Decision::Renew(term) => {
                self.sign(judge, certification, VersionKind::Renewal, *term).await?;
                self.renew_along(judge, certification).await?;
            }
            Decision::Record | Decision::Withhold(_) => {}
        }
        if self.standing(id).await?.award.is_some() {
            reinstated = self.meet_demands(judge, certification).await?;
        }
        Ok(Outcome { decision, reinstated })
    }

    /// What the rules say of a standing as it is on the desk. Nothing is done about it.
    pub(super) async fn decide(
        &mut self,
        judge: &InForce,
        certification: &Certification,
    ) -> Result<Decision, Breakdown> {
        self.ask(&judge.program, certification, rules::decide).await
    }

    /// Asks the rules of `program` something about a standing.
    pub(super) async fn ask<T>(
        &mut self,
        program: &Program,
        certification: &Certification,
        what: impl FnOnce(&Question<'_>) -> T,
    ) -> Result<T, Breakdown> {
        let id = &certification.id;
        let basis = self.basis(id).await?;
        let held = self.held(certification.prerequisites.iter().flatten()).await?;
        let (now, history) = (self.now, self.history);
        let standing = self.standing(id).await?;
        let basis = basis.as_ref().and_then(|version| version.program.certification(id)).unwrap_or(certification);
        Ok(what(&Question { program, certification, basis, standing, held: &held, now, history }))
    }

    /// Puts a standing on the desk that was made of those of two persons. Its award is not new: the timer that the award
    /// had is that of `before`, and the caller sees to its pointer.
    pub(super) fn adopt(&mut self, before: Standing, after: Standing) {
        self.open.insert(after.certification.clone(), Open { before, after });
    }

    /// A first award; one that was undone keeps its address, which goes on saying so.
    pub(super) async fn award(
        &mut self,
        judge: &InForce,
        certification: &Certification,
        term: Term,
    ) -> Result<(), Breakdown> {
        let standing = self.standing(&certification.id).await?;
        if let Some(undone) = standing.award.take() {
            standing.former.push(Former { award: undone, why: FormerWhy::Undone });
        }
        self.sign(judge, certification, VersionKind::Issue, term).await?;
        self.renew_along(judge, certification).await
    }

    /// Lower awards that a higher one renews.
    async fn renew_along(&mut self, judge: &InForce, earned: &Certification) -> Result<(), Breakdown> {
        let held = self.held(earned.renews.iter()).await?;
        for (id, term) in rules::renewed_along(&judge.program, earned, &held, self.now) {
            if let Some(lower) = judge.program.certification(&id) {
                self.sign(judge, lower, VersionKind::Renewal, term).await?;
            }
        }
        Ok(())
    }

    /// Signs a version of the award in `certification` with the dates of `judge`.
    pub(super) async fn sign(
        &mut self,
        judge: &InForce,
        certification: &Certification,
        kind: VersionKind,
        term: Term,
    ) -> Result<(), Breakdown> {
        let issuer = issuer(self.app, &mut self.reads).await?;
        let evidence = self.evidence(&certification.id).await?;
        let standing = self.standing(&certification.id).await?.clone();
        let award = standing.award.as_ref().map_or_else(|| AwardId::new(self.app.ids.as_ref()), |award| award.id);
        let new = NewVersion {
            realm: self.realm,
            issuer: &issuer,
            in_force: judge,
            certification,
            standing: &standing,
            person: &self.person,
            evidence: &evidence,
            award,
            kind,
            awarded_at: term.awarded_at,
            valid_until: term.valid_until,
            now: self.now,
            history: self.history,
        };
        let mut after = issue::add_version(self.app, &new, &mut self.changes).await?;
        if matches!(kind, VersionKind::Issue | VersionKind::Renewal) {
            let placed_at = if self.history { term.awarded_at } else { self.now };
            let (version, zone) = (judge.record.version, judge.program.timezone);
            let award = after.award.as_mut().expect("it was just signed");
            demand(award, rules::upkeep_demands(version, certification, &term, zone, placed_at));
        }
        *self.standing(&certification.id).await? = after;
        self.plan(&certification.id).await
    }

    /// The evidence in a certification, with what this batch adds to it.
    async fn evidence(&mut self, certification: &CertificationId) -> Result<Vec<EvidenceRecord>, Breakdown> {
        match self.evidence.get(certification) {
            Some(added) => Ok(added.clone()),
            None => Ok(self.app.store.evidence(self.realm, &self.person.id, certification, &mut self.reads).await?),
        }
    }

    /// Adds to the evidence in a certification.
    pub(super) async fn add_evidence(
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

    /// Records what was demanded and is shown now. An award that rested for want of it holds again.
    async fn meet_demands(&mut self, judge: &InForce, certification: &Certification) -> Result<bool, Breakdown> {
        let (now, zone) = (self.now, judge.program.timezone);
        let standing = self.standing(&certification.id).await?;
        let met = rules::newly_met(certification, standing, zone, now);
        let (person, id) = (standing.person.clone(), standing.certification.clone());
        let award = standing.award.as_mut().expect("demands are looked for on an award");
        let before = rules::state_at(award, Some(certification), zone, now);
        let mut told = Vec::new();
        for (name, at) in met {
            if let Some(demand) = award.demands.iter_mut().find(|demand| demand.id == name) {
                demand.met = Some(Met { at, recorded_at: now });
                told.push(EventKind::AwardDemandMet(DemandEvent {
                    award: award.id,
                    person: person.clone(),
                    certification: id.clone(),
                    demand: Digest::of(name.as_bytes()),
                    kind: demand.kind,
                    due: demand.due,
                    cutoff: demand.cutoff,
                }));
            }
        }
        if told.is_empty() {
            return Ok(false);
        }
        let mended = is_mended(award, &before, now);
        let current = award.current().clone();
        for what in told {
            self.tell(what);
        }
        if mended && current.valid_until.is_none_or(|until| until > now) {
            let term = Term::of(&current, zone);
            self.sign(judge, certification, VersionKind::Reinstatement, term).await?;
            return Ok(true);
        }
        self.plan(&certification.id).await?;
        Ok(false)
    }

    /// Reckons when time next brings something for the award.
    pub(super) async fn plan(&mut self, id: &CertificationId) -> Result<(), Breakdown> {
        let basis = self.basis(id).await?;
        let (now, zone) = (self.now, self.in_force.program.timezone);
        let standing = self.standing(id).await?;
        let version = basis.as_ref().map_or(1, |version| version.record.version);
        let basis = basis.as_ref().and_then(|version| version.program.certification(id));
        if let (Some(award), Some(certification)) = (&mut standing.award, basis) {
            ask_further(award, certification, version, zone, now);
        }
        let told = *standing.told.get_or_insert(now);
        standing.due = standing.award.as_ref().and_then(|award| rules::next_milestone(award, basis, zone, told));
        Ok(())
    }

    /// The program version that dated the current term.
    pub(super) async fn basis(&mut self, id: &CertificationId) -> Result<Option<Arc<InForce>>, Breakdown> {
        let Some(award) = &self.standing(id).await?.award else { return Ok(None) };
        let version = award.current().program;
        Ok(Some(program::version(self.app, version).await?))
    }

    /// The person's awards in these certifications, with what this batch changes.
    async fn held(&mut self, ids: impl Iterator<Item = &CertificationId>) -> Result<Vec<Held>, Breakdown> {
        let mut held = Vec::new();
        for id in ids {
            if let Some(award) = &self.standing(id).await?.award {
                held.push(Held { certification: id.clone(), award: award.clone() });
            }
        }
        Ok(held)
    }

    /// The award as it is shown, by the program version that dated it.
    pub(super) async fn view(&mut self, id: &CertificationId) -> Result<Option<AwardView>, Breakdown> {
        let (app, realm, now) = (self.app, self.realm, self.now);
        let Some(basis) = self.basis(id).await? else { return Ok(None) };
        Ok(Some(AwardView::new(app, realm, self.standing(id).await?, &basis.program, now)))
    }

    /// The award's state now.
    pub(super) async fn state(&mut self, id: &CertificationId) -> Result<Option<AwardState>, Breakdown> {
        let basis = self.basis(id).await?;
        let (now, zone) = (self.now, self.in_force.program.timezone);
        let certification = basis.as_ref().and_then(|version| version.program.certification(id));
        let award = self.standing(id).await?.award.as_ref();
        Ok(award.map(|award| rules::state_at(award, certification, zone, now)))
    }

    /// Makes the award invalid from `since` on, until it is reinstated.
    pub(super) async fn suspend(
        &mut self,
        id: &CertificationId,
        reason: Reason,
        since: DateTime<Utc>,
    ) -> Result<(), Breakdown> {
        let award = self.end(id, Happening::Suspended { reason }, since).await?;
        let (certification, person) = (id.clone(), self.person.id.clone());
        self.tell(EventKind::AwardSuspended { award, certification, person, reason });
        Ok(())
    }

    /// Makes the award invalid for good.
    pub(super) async fn revoke(&mut self, id: &CertificationId, reason: Reason) -> Result<(), Breakdown> {
        let award = self.end(id, Happening::Revoked { reason }, self.now).await?;
        let (certification, person) = (id.clone(), self.person.id.clone());
        self.tell(EventKind::AwardRevoked { award, certification, person, reason });
        Ok(())
    }

    /// Ends the term before its date, at `since`: a recertification was missed. That it expired is a milestone of its own.
    pub(super) async fn expire(&mut self, id: &CertificationId, since: DateTime<Utc>) -> Result<(), Breakdown> {
        self.end(id, Happening::Expired, since).await?;
        Ok(())
    }

    /// Sets the bits of every version of the award that has not run out by itself.
    pub(super) async fn take_back(&mut self, id: &CertificationId) -> Result<(), Breakdown> {
        let award = held(self.standing(id).await?).clone();
        self.take_back_versions(&award);
        Ok(())
    }

    /// The same for an award that is not the current one of its standing.
    pub(super) fn take_back_versions(&mut self, award: &Award) {
        for (list, index) in award.versions.iter().filter_map(|version| bit(version, self.now)) {
            self.changes.set_bit(list, index);
        }
    }

    /// Takes every copy back, also those of awards that were joined with it, and says why in the history.
    async fn end(&mut self, id: &CertificationId, what: Happening, since: DateTime<Utc>) -> Result<AwardId, Breakdown> {
        self.take_back(id).await?;
        let aliases = self.standing(id).await?.former.iter().filter(|former| former.why == FormerWhy::Alias);
        for alias in aliases.map(|former| former.award.clone()).collect::<Vec<_>>() {
            self.take_back_versions(&alias);
        }
        self.write_down(id, what, since).await?;
        Ok(held(self.standing(id).await?).id)
    }

    /// A line in the history of the award, which signs nothing by itself.
    pub(super) async fn write_down(
        &mut self,
        id: &CertificationId,
        what: Happening,
        valid_at: DateTime<Utc>,
    ) -> Result<(), Breakdown> {
        let line = HistoryEntry { what, valid_at, recorded_at: self.now, program: self.in_force.record.version };
        let standing = self.standing(id).await?;
        standing.award.as_mut().expect("only an award has a history").history.push(line);
        self.plan(id).await
    }

    /// Private words to the last line of the award's history.
    pub(super) async fn annotate(
        &mut self,
        id: &CertificationId,
        by: &str,
        text: Option<&str>,
    ) -> Result<(), Breakdown> {
        let award = held(self.standing(id).await?);
        let (award, line) = (award.id, award.history.len() - 1);
        self.changes.note(award, line, &Note { by: by.to_owned(), text: text.map(str::to_owned) });
        Ok(())
    }

    /// What is to be committed, and what it rests on.
    pub(super) fn finish(mut self) -> (Changes, ReadSet) {
        for (id, open) in &mut self.open {
            if open.before == open.after {
                continue;
            }
            if let Some(certification) = self.in_force.program.certification(id) {
                let first = open.after.moved_out;
                let moved = rules::move_out(&mut open.after, certification, self.in_force.program.timezone);
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
        (self.changes, self.reads)
    }
}

/// The award of a standing that must have one.
pub(super) fn held(standing: &Standing) -> &Award {
    standing.award.as_ref().expect("this standing has an award")
}

/// Places what is not asked for yet.
fn demand(award: &mut Award, demands: Vec<Demand>) {
    for demand in demands {
        if !award.demands.iter().any(|known| known.id == demand.id) {
            award.demands.push(demand);
        }
    }
}

/// Upkeep of a long term is asked for some periods ahead: when the last of them opens, the next are placed.
fn ask_further(award: &mut Award, certification: &Certification, version: u32, zone: Tz, now: DateTime<Utc>) {
    let last = award.demands.iter().filter(|demand| demand.kind == DemandKind::Upkeep).max_by_key(|demand| demand.due);
    if let Some(last) = last.filter(|last| last.opens <= now && certification.upkeep.len() == 1) {
        let current = award.current();
        let begins = local_day(last.due, zone);
        let rest = Term { awarded_at: current.awarded_at, begins, valid_until: current.valid_until };
        let further = rules::upkeep_demands(version, certification, &rest, zone, now);
        demand(award, further);
    }
}

/// Whether an award that rested or ended for want of something demanded lacks nothing any more.
fn is_mended(award: &Award, before: &AwardState, now: DateTime<Utc>) -> bool {
    let rested = match before {
        AwardState::Suspended { reason, .. } => *reason == Reason::UpkeepMissed,
        AwardState::Expired { .. } => award.current().valid_until.is_none_or(|until| until > now),
        _ => false,
    };
    rested && !award.demands.iter().any(|demand| demand.met.is_none() && demand.cutoff < now)
}

/// Where the status of a version stands, unless it has run out by itself.
fn bit(version: &VersionEntry, now: DateTime<Utc>) -> Option<(u32, u32)> {
    version.valid_until.is_none_or(|until| until >= now).then_some((version.list, version.index))
}
