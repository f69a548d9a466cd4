//! Deciding: what follows from a standing, and what follows from that.

use chrono::{DateTime, Utc};

use super::demands::demand;
use super::{Desk, Outcome, held};
use crate::app::InForce;
use crate::id::{AwardId, CertificationId};
use crate::program::{Certification, Program};
use crate::rules::{self, Cause, Decision, Earned, Former, FormerWhy, Question, RecordedResult, ResultRef};
use crate::rules::{Standing, VersionKind};
use crate::service::issue::{self, NewVersion};
use crate::service::{Breakdown, issuer, program};

impl Desk<'_> {
    /// Decides a standing anew by the program in force at `earned_at`, and does what follows: signs, renews the awards that
    /// follow along, records met demands, and decides whatever waited for this award.
    pub(in crate::service) async fn reconsider(
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
    pub(in crate::service) async fn settle_dependents(&mut self, earned: CertificationId) -> Result<(), Breakdown> {
        let judge = self.in_force.clone();
        let mut earned = vec![earned];
        while let Some(prerequisite) = earned.pop() {
            let waits = |c: &&Certification| c.prerequisites.iter().flatten().any(|id| *id == prerequisite);
            for dependent in judge.program.certifications.iter().filter(waits) {
                let standing = self.standing(&dependent.id).await?;
                if standing.award.is_some() || standing.results.is_empty() {
                    continue;
                }
                let before = self.because_of_award(&prerequisite).await?;
                let decision = self.settle(&judge, &dependent.id).await?.decision;
                self.because(before);
                if let Decision::Award(_) = decision {
                    earned.push(dependent.id.clone());
                }
            }
        }
        Ok(())
    }

    /// What is done now goes back to the newest version of that award.
    async fn because_of_award(&mut self, id: &CertificationId) -> Result<Cause, Breakdown> {
        let version = held(self.standing(id).await?).current().number;
        Ok(self.because(Cause::Award { certification: id.clone(), version }))
    }

    pub(in crate::service) async fn settle(
        &mut self,
        judge: &InForce,
        id: &CertificationId,
    ) -> Result<Outcome, Breakdown> {
        let Some(certification) = judge.program.certification(id) else {
            return Ok(Outcome { decision: Decision::Record, reinstated: false });
        };
        let decision = self.decide(judge, certification).await?;
        let mut reinstated = false;
        match &decision {
            Decision::Award(earned) => self.award(judge, certification, earned.clone()).await?,
            Decision::Renew(earned) => {
                self.sign(judge, certification, VersionKind::Renewal, earned.clone()).await?;
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
    pub(in crate::service) async fn decide(
        &mut self,
        judge: &InForce,
        certification: &Certification,
    ) -> Result<Decision, Breakdown> {
        self.ask(&judge.program, certification, rules::decide).await
    }

    /// Asks the rules of `program` something about a standing.
    pub(in crate::service) async fn ask<T>(
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

    /// A first award; one that was undone keeps its address, which goes on saying so.
    pub(in crate::service) async fn award(
        &mut self,
        judge: &InForce,
        certification: &Certification,
        earned: impl Into<Earned>,
    ) -> Result<(), Breakdown> {
        let standing = self.standing(&certification.id).await?;
        if let Some(undone) = standing.award.take() {
            standing.former.push(Former { award: undone, why: FormerWhy::Undone });
        }
        self.sign(judge, certification, VersionKind::Issue, earned).await?;
        self.renew_along(judge, certification).await
    }

    /// Lower awards that a higher one renews.
    pub(in crate::service) async fn renew_along(
        &mut self,
        judge: &InForce,
        earned: &Certification,
    ) -> Result<(), Breakdown> {
        let held = self.held(earned.renews.iter()).await?;
        let before = self.because_of_award(&earned.id).await?;
        for (id, term) in rules::renewed_along(&judge.program, earned, &held, self.now) {
            if let Some(lower) = judge.program.certification(&id) {
                self.sign(judge, lower, VersionKind::Renewal, term).await?;
            }
        }
        self.because(before);
        Ok(())
    }

    /// Signs a version of the award in `certification` with the dates of `judge`.
    pub(in crate::service) async fn sign(
        &mut self,
        judge: &InForce,
        certification: &Certification,
        kind: VersionKind,
        earned: impl Into<Earned>,
    ) -> Result<(), Breakdown> {
        let earned = earned.into();
        let issuer = issuer(self.app, &mut self.reads).await?;
        let evidence = self.evidence(&certification.id).await?;
        let standing = self.standing(&certification.id).await?.clone();
        let moved_out = self.moved_out_of(&earned, &standing).await?;
        let award = standing.award.as_ref().map_or_else(|| AwardId::new(self.app.ids.as_ref()), |award| award.id);
        let new = NewVersion {
            realm: self.realm,
            issuer: &issuer,
            in_force: judge,
            certification,
            standing: &standing,
            moved_out: &moved_out,
            person: &self.person,
            evidence: &evidence,
            award,
            kind,
            earned: &earned,
            cause: &self.cause,
            now: self.now,
            history: self.history,
        };
        let mut after = issue::add_version(self.app, &new, &mut self.changes).await?;
        if earned.term.began.is_none() {
            let placed_at = if self.history { earned.term.awarded_at } else { self.now };
            let (version, zone) = (judge.record.version, judge.program.timezone);
            let award = after.award.as_mut().expect("it was just signed");
            demand(award, rules::upkeep_demands(version, certification, &earned.term, zone, placed_at));
        }
        *self.standing(&certification.id).await? = after;
        if kind != VersionKind::Correction {
            self.ask_what_is_open(&certification.id).await?;
        }
        self.plan(&certification.id).await
    }

    /// Results that earned the term, where the standing has room for them no more.
    async fn moved_out_of(&mut self, earned: &Earned, of: &Standing) -> Result<Vec<RecordedResult>, Breakdown> {
        let began = earned.term.began.and_then(|number| of.award.as_ref()?.version(number));
        let rests_on = began.map_or(&earned.rests_on, |began| &began.rests_on);
        let is_there = |named: &ResultRef| of.results.iter().any(|result| result.is(named));
        if of.moved_out == 0 || rests_on.iter().all(is_there) {
            return Ok(Vec::new());
        }
        Ok(self.app.store.moved_results(self.realm, of, &mut self.reads).await?)
    }
}
