//! Deciding: what follows from an act in the standing that it touched, and in whatever depends on that.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::demands::demand;
use super::{Desk, Outcome};
use crate::app::InForce;
use crate::id::{AwardId, CertificationId};
use crate::program::Certification;
use crate::rules::{self, Cause, Decision, Earned, Former, FormerWhy, Question, RecordedResult, ResultRef};
use crate::rules::{Standing, VersionKind, Versions};
use crate::service::issue::{self, NewVersion};
use crate::service::{Breakdown, issuer};

/// What one act leads to in one standing comes to an end: a bound that is never met in earnest.
const STEPS: usize = 64;

impl Desk<'_> {
    /// Decides anew whatever was touched, and does what follows: signs, renews the awards that follow along, records met
    /// demands, and decides what waits for any of them, until nothing changes. What nobody touched is left alone, so this may
    /// be asked for whenever an answer needs it; a desk is never left without.
    pub(in crate::service) async fn reconsider(&mut self) -> Result<(), Breakdown> {
        for _ in 0..STEPS * self.in_force.program.certifications.len().max(1) {
            let Some(id) = self.open.iter().find(|(_, open)| open.is_touched()).map(|(id, _)| id.clone()) else {
                return Ok(());
            };
            let because = self.open.get_mut(&id).and_then(|open| open.because.take());
            let before = because.map(|cause| self.because(cause));
            self.settle(&id).await?;
            before.map(|cause| self.because(cause));
        }
        Err(Breakdown::Missing("an end of what follows from an act"))
    }

    /// The same, and what came of it in one standing.
    pub(in crate::service) async fn reconsidered(&mut self, id: &CertificationId) -> Result<Outcome, Breakdown> {
        self.standing(id).await?;
        self.reconsider().await?;
        let open = self.open.get_mut(id).expect("it was just opened");
        Ok(open.outcome.clone())
    }

    /// Decides a standing anew that nobody touched; whether anything changes.
    pub(in crate::service) async fn decide_anew(&mut self, id: &CertificationId) -> Result<bool, Breakdown> {
        self.standing(id).await?;
        self.open.get_mut(id).expect("it was just opened").decided = None;
        self.reconsider().await?;
        Ok(self.open.values().any(|open| open.before != open.after))
    }

    /// Until nothing changes. What waits for an award that changed is to be decided, too.
    async fn settle(&mut self, id: &CertificationId) -> Result<(), Breakdown> {
        for _ in 0..STEPS {
            let decision = self.decide(id).await?;
            match &decision {
                Decision::Award(earned) => self.award(id, earned.clone()).await?,
                Decision::Renew(earned) => {
                    let judge = self.judge(earned.term.earned_at);
                    self.sign_term(&judge, id, VersionKind::Renewal, earned.clone()).await?;
                }
                Decision::Record | Decision::Withhold(_) => {}
            }
            let reinstated = self.standing(id).await?.award.is_some() && self.meet_demands(id).await?;
            let goes_on = reinstated || matches!(decision, Decision::Award(_) | Decision::Renew(_));
            let open = self.open.get_mut(id).expect("it is being decided");
            open.outcome.add(decision, reinstated);
            open.decided = Some(open.after.clone());
            if !goes_on {
                break;
            }
        }
        self.call_up_dependents(id).await
    }

    /// Whatever has this award among what must be held first is to be decided anew, once the award has changed.
    async fn call_up_dependents(&mut self, changed: &CertificationId) -> Result<(), Breakdown> {
        let open = self.open.get_mut(changed).expect("it was just decided");
        if open.known == open.after.award {
            return Ok(());
        }
        open.known.clone_from(&open.after.award);
        let because = self.made_by(changed);
        let in_force = self.in_force.clone();
        let waits = |c: &&Certification| c.prerequisites.iter().flatten().any(|id| id == changed);
        for dependent in in_force.program.certifications.iter().filter(waits) {
            let standing = self.standing(&dependent.id).await?;
            if !standing.results.is_empty() || !standing.exceptions.is_empty() {
                let open = self.open.get_mut(&dependent.id).expect("it was just opened");
                (open.decided, open.because) = (None, because.clone());
            }
        }
        Ok(())
    }

    /// That something goes back to the newest version of that award.
    fn made_by(&self, id: &CertificationId) -> Option<Cause> {
        let version = self.open[id].after.award.as_ref()?.current().number;
        Some(Cause::Award { certification: id.clone(), version })
    }

    /// What the rules say of a standing as it is on the desk. Nothing is done about it.
    pub(in crate::service) async fn decide(&mut self, id: &CertificationId) -> Result<Decision, Breakdown> {
        Ok(self.ask(id, rules::decide).await?.unwrap_or(Decision::Record))
    }

    /// Asks the rules something about a standing; none: no version of the program that decided so far has the certification.
    pub(in crate::service) async fn ask<T>(
        &mut self,
        id: &CertificationId,
        what: impl FnOnce(&Question<'_>) -> T,
    ) -> Result<Option<T>, Breakdown> {
        let (mut now, history) = (self.now, self.history.is_some());
        let told = self.standing(id).await?.results.iter().map(|result| result.at);
        let (first, last) = (told.clone().min(), told.max());
        // History is decided as of what is told of it so far: what time brought meanwhile may be overtaken by the rest.
        if let Some(until) = self.history {
            now = last.map_or(until, |last| last.max(until)).min(now);
        }
        // Versions that were over before the first result judge nothing.
        let over =
            self.versions.partition_point(|(from, _)| first.is_none_or(|first| *from <= first)).saturating_sub(1);
        let decided = self.versions[over..].to_vec();
        let newest = self
            .versions
            .iter()
            .rev()
            .find_map(|(_, version)| version.program.certification(id).map(|_| version.clone()));
        let Some(newest) = newest else { return Ok(None) };
        let certification = newest.program.certification(id).expect("it was just found");
        let prerequisites = decided.iter().filter_map(|(_, version)| version.program.certification(id));
        let held = self.held(prerequisites.flat_map(|c| c.prerequisites.iter().flatten())).await?;
        let basis = self.basis(id).await?;
        let standing = self.standing(id).await?;
        let later: Vec<_> = decided[1..].iter().map(|(from, version)| (*from, &version.program)).collect();
        Ok(Some(what(&Question {
            versions: Versions::new(&decided[0].1.program, &later),
            program: &newest.program,
            certification,
            basis: basis.as_ref().and_then(|version| version.program.certification(id)).unwrap_or(certification),
            standing,
            held: Some(&held),
            now,
            history,
        })))
    }

    /// What time alone brought after all that is told of history so far is made up for by a timer that is due at once, unless
    /// more of it is told before.
    pub(in crate::service) async fn leave_the_rest_to_time(&mut self, id: &CertificationId) -> Result<(), Breakdown> {
        let (now, until) = (self.now, self.history);
        self.history = Some(now);
        let decision = self.decide(id).await?;
        self.history = until;
        if matches!(decision, Decision::Renew(_)) {
            self.standing(id).await?.due = Some(now);
        }
        Ok(())
    }

    /// The program in force at the act that earned something.
    fn judge(&self, earned_at: DateTime<Utc>) -> Arc<InForce> {
        let begun = self.versions.partition_point(|(from, _)| *from <= earned_at);
        self.versions[begun.saturating_sub(1)].1.clone()
    }

    /// A first award; one that was undone keeps its address, which goes on saying so.
    pub(in crate::service) async fn award(
        &mut self,
        id: &CertificationId,
        earned: impl Into<Earned>,
    ) -> Result<(), Breakdown> {
        let earned = earned.into();
        let judge = self.judge(earned.term.earned_at);
        let standing = self.standing(id).await?;
        if let Some(undone) = standing.award.take() {
            standing.former.push(Former { award: undone, why: FormerWhy::Undone });
        }
        self.sign_term(&judge, id, VersionKind::Issue, earned).await
    }

    /// A new term; lower awards that it renews follow along.
    pub(in crate::service) async fn sign_term(
        &mut self,
        judge: &InForce,
        id: &CertificationId,
        kind: VersionKind,
        earned: Earned,
    ) -> Result<(), Breakdown> {
        let certification = judge.program.certification(id);
        let certification = certification.ok_or(Breakdown::Missing("the certification of a term"))?;
        let at = earned.term.earned_at.min(self.now);
        self.sign(judge, certification, kind, earned).await?;
        let before = self.made_by(id).map(|cause| self.because(cause));
        let held = self.held(certification.renews.iter()).await?;
        for (id, along) in rules::renewed_along(&judge.program, certification, &held, at) {
            let lower = judge.program.certification(&id).filter(|_| self.history.is_some() || along.holds_at(self.now));
            if let Some(lower) = lower {
                self.sign(judge, lower, VersionKind::Renewal, along).await?;
            }
        }
        before.map(|cause| self.because(cause));
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
            person: &self.person,
            evidence: &evidence,
            moved_out: &moved_out,
            award,
            kind,
            earned: &earned,
            cause: &self.cause,
            now: self.now,
            history: self.history.is_some(),
        };
        let mut after = issue::add_version(self.app, &new, &mut self.changes).await?;
        if earned.term.began.is_none() {
            let placed_at = if self.history.is_some() { earned.term.earned_at } else { self.now };
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
