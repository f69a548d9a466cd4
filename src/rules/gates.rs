//! [`Gates`]: what must be given beside the requirements of a first path, at any moment: prerequisites, approvals, the offer.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};

use super::award::Award;
use super::decide::{Held, Question};
use super::exception::ExceptionKind;
use super::full::{Start, granted};
use super::life::effect_of;
use super::state::{AwardState, state_at};
use super::term::last_moment;
use super::unmet::{Unmet, UnmetCode};
use crate::id::CertificationId;
use crate::program::duration::{end_of_day, start_of_day};
use crate::program::{Certification, Program};

/// The gates of a full path.
pub(super) struct Gates<'q, 'a> {
    q: &'q Question<'a>,
    start: &'q Start,
    /// Each term from when it was earned, whenever we heard of it.
    held: Option<Vec<Held>>,
}

impl<'q, 'a> Gates<'q, 'a> {
    pub(super) fn new(q: &'q Question<'a>, start: &'q Start) -> Self {
        let as_earned = |held: &Held| Held { certification: held.certification.clone(), award: held.award.as_earned() };
        Gates { q, start, held: q.held.map(|held| held.iter().map(as_earned).collect()) }
    }

    /// The moments until now at which one may open.
    pub(super) fn moments(&self) -> Vec<DateTime<Utc>> {
        let (q, zone) = (self.q, self.q.program.timezone);
        let mut moments: Vec<_> = q.versions.turns().collect();
        let offered = q.versions.all().filter_map(|program| program.certification(&q.certification.id)?.opens);
        moments.extend(offered.map(|day| start_of_day(day, zone)));
        moments.extend(granted(q, self.start.granted_after, ExceptionKind::Approve).map(|(_, at)| at));
        moments.extend(self.held.iter().flatten().flat_map(|held| turns(&held.award)));
        moments.retain(|at| *at <= q.now && self.start.after.is_none_or(|after| *at > after));
        moments
    }

    /// Whether one opened at this very moment, and all are open since.
    pub(super) fn open_at(&self, at: DateTime<Utc>) -> Open {
        match (self.are_open(at), self.are_open(at - TimeDelta::seconds(1))) {
            (false, _) => Open::No,
            (true, true) if !self.q.versions.turns().any(|turn| turn == at) => Open::Before,
            (true, _) => Open::JustNow,
        }
    }

    fn are_open(&self, at: DateTime<Utc>) -> bool {
        let (at, zone) = (at.min(self.q.now), self.q.program.timezone);
        let program = self.q.versions.at(at);
        let Some(certification) = self.q.certification_at(at) else { return false };
        let is_held = |choice: &Vec<CertificationId>| self.is_held(program, choice, at);
        certification.prerequisites.iter().all(is_held)
            && certification.opens.is_none_or(|day| at >= start_of_day(day, zone))
            && certification.closes.is_none_or(|day| at <= end_of_day(day, zone))
            && self.approvals(at) >= usize::from(certification.approval)
    }

    /// What is not given now.
    pub(super) fn unmet(&self) -> Vec<Unmet> {
        let Question { program, certification, now, .. } = *self.q;
        let missing = certification.prerequisites.iter().filter(|choice| !self.is_held(program, choice, now));
        let mut unmet: Vec<_> = missing.map(|choice| not_held(program, choice)).collect();
        unmet.extend(not_offered(self.q));
        let (have, need) = (self.approvals(now), usize::from(certification.approval));
        unmet.extend((have < need).then(|| not_approved(certification, have, need)));
        unmet
    }

    fn is_held(&self, program: &Program, choice: &[CertificationId], at: DateTime<Utc>) -> bool {
        self.held.as_ref().is_none_or(|held| {
            held.iter().any(|held| choice.contains(&held.certification) && is_current(program, held, at))
        })
    }

    /// How many different callers approved by then.
    fn approvals(&self, at: DateTime<Utc>) -> usize {
        let approvals = granted(self.q, self.start.granted_after, ExceptionKind::Approve);
        approvals.filter(|(_, since)| *since <= at).map(|(by, _)| by).collect::<BTreeSet<_>>().len()
    }
}

/// Whether all gates were open at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Open {
    No,
    /// They were a second before, too.
    Before,
    /// The last one opened then: that is what earns an award for which everything else was there.
    JustNow,
}

/// When an award may have begun to hold, or to hold again.
fn turns(award: &Award) -> impl Iterator<Item = DateTime<Utc>> {
    let mended = award.demands.iter().filter_map(|demand| Some(demand.met?.at.max(effect_of(demand))));
    award.history.iter().map(|entry| entry.valid_at).chain(mended)
}

/// Valid; or in grace, where the program lets rights go on.
fn is_current(program: &Program, held: &Held, at: DateTime<Utc>) -> bool {
    let certification = program.certification(&held.certification);
    match state_at(&held.award, certification, program.timezone, at) {
        AwardState::Valid { .. } => true,
        AwardState::Expired { since, .. } => certification
            .is_some_and(|c| c.renewal.rights_in_grace && at <= last_moment(since, c.renewal.grace, program.timezone)),
        _ => false,
    }
}

fn not_held(program: &Program, choice: &[CertificationId]) -> Unmet {
    let name = |id: &CertificationId| program.certification(id).map_or(id.to_string(), |c| c.name.clone());
    let names: Vec<String> = choice.iter().map(name).collect();
    let ids: Vec<&str> = choice.iter().map(CertificationId::as_str).collect();
    let words = format!("{} must be held and current.", names.join(" or "));
    Unmet::new(UnmetCode::PrerequisiteNotHeld, words).fact("any_of", ids)
}

fn not_offered(q: &Question<'_>) -> Option<Unmet> {
    let opens = q.certification.opens.filter(|day| q.now < start_of_day(*day, q.program.timezone))?;
    let words = format!("{} opens on {opens}.", q.certification.name);
    Some(Unmet::new(UnmetCode::NotOpenYet, words).fact("opens", opens.to_string()))
}

fn not_approved(certification: &Certification, have: usize, need: usize) -> Unmet {
    let people = if need == 1 { "one person".to_owned() } else { format!("{need} persons") };
    let so_far = if have == 0 { String::new() } else { format!(" So far {have} did.") };
    let words = format!("{} must be approved by {people}.{so_far}", certification.name);
    Unmet::new(UnmetCode::ApprovalMissing, words).fact("need", need).fact("have", have)
}
