//! Deciding: what follows from a standing, and what follows from that.

use chrono::{DateTime, Utc};

use super::demands::demand;
use super::{Desk, Outcome};
use crate::app::InForce;
use crate::id::{AwardId, CertificationId};
use crate::program::{Certification, Program};
use crate::rules::{self, Decision, Former, FormerWhy, Question, Term, VersionKind};
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
                if let Decision::Award(_) = self.settle(&judge, &dependent.id).await?.decision {
                    earned.push(dependent.id.clone());
                }
            }
        }
        Ok(())
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
    pub(in crate::service) async fn renew_along(
        &mut self,
        judge: &InForce,
        earned: &Certification,
    ) -> Result<(), Breakdown> {
        let held = self.held(earned.renews.iter()).await?;
        for (id, term) in rules::renewed_along(&judge.program, earned, &held, self.now) {
            if let Some(lower) = judge.program.certification(&id) {
                self.sign(judge, lower, VersionKind::Renewal, term).await?;
            }
        }
        Ok(())
    }

    /// Signs a version of the award in `certification` with the dates of `judge`.
    pub(in crate::service) async fn sign(
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
}
