//! [`Progress`]: which requirements were met when, and for those that are not, why not.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::standing::{Outcome, RecordedResult};
use super::term::last_moment;
use super::unmet::{Unmet, UnmetCode, in_words};
use crate::id::RequirementId;
use crate::program::duration::local_day;
use crate::program::{Certification, Proctoring, Requirement, RequirementKind};

/// For each requirement of a certification, whether it was met at each moment that matters.
pub(super) struct Progress<'a> {
    certification: &'a Certification,
    results: Vec<&'a RecordedResult>,
    zone: Tz,
    /// Ascending; the last one is now.
    pub(super) moments: Vec<DateTime<Utc>>,
    met: BTreeMap<&'a RequirementId, Vec<Tally>>,
}

/// What counted towards a requirement at one moment.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    count: i64,
    seconds: i64,
    met: bool,
    /// Something that counts was earned at that very moment.
    earned: bool,
}

impl<'a> Progress<'a> {
    /// `moments` must hold `now` and may hold others that matter; results after `now` are left out.
    pub(super) fn new(
        certification: &'a Certification,
        results: impl Iterator<Item = &'a RecordedResult>,
        mut moments: Vec<DateTime<Utc>>,
        now: DateTime<Utc>,
        zone: Tz,
    ) -> Self {
        let mut results: Vec<_> = results.filter(|r| r.at <= now).collect();
        results.sort_by_key(|r| r.at);
        moments.extend(results.iter().map(|r| r.at));
        moments.retain(|at| *at <= now);
        moments.push(now);
        moments.sort_unstable();
        moments.dedup();
        let mut progress = Progress { certification, results, zone, moments, met: BTreeMap::new() };
        // In the order of `after`. What waits for something undefined, or in a circle, is never met.
        let mut waiting: Vec<&Requirement> = certification.requirements.iter().collect();
        while let Some(i) = waiting.iter().position(|r| r.after.iter().all(|a| progress.met.contains_key(a))) {
            let requirement = waiting.remove(i);
            let tallies = progress.tally(requirement);
            progress.met.insert(&requirement.id, tallies);
        }
        progress
    }

    /// Whether all these requirements were met at the moment with this index.
    pub(super) fn all_met(&self, path: &[RequirementId], moment: usize) -> bool {
        path.iter().all(|id| self.is_met(id, moment))
    }

    /// Whether something that counts on the path was earned at the moment with this index.
    pub(super) fn any_earned(&self, path: &[RequirementId], moment: usize) -> bool {
        path.iter().any(|id| self.met.get(id).is_some_and(|tallies| tallies[moment].earned))
    }

    fn is_met(&self, id: &RequirementId, moment: usize) -> bool {
        self.met.get(id).and_then(|tallies| tallies.get(moment)).is_some_and(|tally| tally.met)
    }

    fn index_of(&self, at: DateTime<Utc>) -> usize {
        self.moments.partition_point(|moment| *moment < at)
    }

    fn tally(&self, requirement: &Requirement) -> Vec<Tally> {
        let mut tallies = vec![Tally::default(); self.moments.len()];
        for result in self.results.iter().filter(|r| r.requirement == requirement.id) {
            let begins = self.index_of(result.at);
            if !flaws(requirement, result).is_empty() || !self.missing_before(requirement, result).is_empty() {
                continue;
            }
            let last = requirement.valid_for.map(|length| last_moment(result.at, length, self.zone));
            let ends = last.map_or(self.moments.len(), |last| self.moments.partition_point(|moment| *moment <= last));
            let (count, seconds) = (pieces(requirement, result), seconds_spent(result));
            tallies[begins].count += count;
            tallies[begins].seconds += seconds;
            tallies[begins].earned = true;
            if let Some(after) = tallies.get_mut(ends) {
                after.count -= count;
                after.seconds -= seconds;
            }
        }
        let mut sum = Tally::default();
        for tally in &mut tallies {
            sum.count += tally.count;
            sum.seconds += tally.seconds;
            let met =
                sum.count >= i64::from(requirement.count.max(1)) && sum.seconds >= seconds_of(requirement.hours * 60.0);
            *tally = Tally { met, earned: tally.earned, ..sum };
        }
        tallies
    }

    /// What should have been met when this result was earned, but was not.
    fn missing_before<'r>(&self, requirement: &'r Requirement, result: &RecordedResult) -> Vec<&'r RequirementId> {
        let moment = self.index_of(result.at);
        requirement.after.iter().filter(|id| !self.is_met(id, moment)).collect()
    }

    /// Why a requirement is not met now; empty when it is.
    pub(super) fn explain(&self, id: &RequirementId) -> Vec<Unmet> {
        let now = self.moments.len() - 1;
        let Some(requirement) = self.certification.requirement(id) else {
            let words = format!("The program does not say what \"{id}\" is.");
            return vec![Unmet::new(UnmetCode::EvidenceNotAccepted, words).fact("requirement", id.as_str())];
        };
        if self.is_met(id, now) {
            return Vec::new();
        }
        let tally = self.met.get(id).map(|tallies| tallies[now]).unwrap_or_default();
        let latest = self.results.iter().rev().find(|r| r.requirement == *id);
        match latest {
            None => vec![Unmet::not_done(requirement)],
            Some(latest) if tally.count == 0 => self.explain_result(requirement, latest),
            Some(_) => too_little(requirement, tally),
        }
    }

    fn explain_result(&self, requirement: &Requirement, result: &RecordedResult) -> Vec<Unmet> {
        let mut unmet = flaws(requirement, result);
        let missing = self.missing_before(requirement, result);
        let missing: Vec<&str> = missing.into_iter().map(|id| self.name_of(id)).collect();
        if !missing.is_empty() {
            let words = format!(
                "{}: {} must come first; it was taken on {}, before that.",
                in_words(requirement),
                missing.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(" and "),
                local_day(result.at, self.zone)
            );
            unmet.push(
                Unmet::of(requirement, UnmetCode::OutOfOrder, words)
                    .fact("at", result.at.to_rfc3339())
                    .fact("after", missing),
            );
        }
        if let Some(length) = requirement.valid_for {
            let last = last_moment(result.at, length, self.zone);
            if last < self.moments[self.moments.len() - 1] {
                let (was, until) = (local_day(result.at, self.zone), local_day(last, self.zone));
                let words = format!("{}: reported for {was}, which counted until {until}.", in_words(requirement));
                unmet.push(
                    Unmet::of(requirement, UnmetCode::TooOld, words)
                        .fact("on", was.to_string())
                        .fact("until", until.to_string()),
                );
            }
        }
        if unmet.is_empty() { vec![Unmet::not_done(requirement)] } else { unmet }
    }

    fn name_of<'n>(&'n self, id: &'n RequirementId) -> &'n str {
        self.certification.requirement(id).map_or(id.as_str(), |r| r.name.as_str())
    }
}

/// What is wrong with one result as such; empty when it is good enough.
fn flaws(requirement: &Requirement, result: &RecordedResult) -> Vec<Unmet> {
    let mut flaws = Vec::new();
    let name = in_words(requirement);
    if let (Some(have), Some(need)) = (result.percent, requirement.pass)
        && (have.is_nan() || have < need)
    {
        let words = format!("{name}: {have} % reported, {need} % needed.");
        flaws.push(Unmet::of(requirement, UnmetCode::BelowPassMark, words).fact("have", have).fact("need", need));
    }
    let accepted = match requirement.kind {
        RequirementKind::Training => result.outcome != Outcome::Failed,
        RequirementKind::Exam | RequirementKind::Review | RequirementKind::Evidence => {
            result.outcome == Outcome::Passed
        }
    };
    if !accepted && flaws.is_empty() {
        flaws.push(Unmet::not_done(requirement));
    }
    let (have, need) = (watched(result), requirement.proctoring);
    if have < need {
        let words = format!("{name}: proctoring \"{}\" reported, \"{}\" needed.", word(have), word(need));
        flaws.push(
            Unmet::of(requirement, UnmetCode::ProctoringTooWeak, words)
                .fact("have", word(have))
                .fact("need", word(need)),
        );
    }
    for criterion in &requirement.rubric {
        let reported = result.rubric.iter().filter(|(id, _)| *id == criterion.id).map(|(_, score)| *score).next_back();
        if let (Some(have), Some(need)) = (reported, criterion.pass)
            && (have.is_nan() || have < need)
        {
            let words = format!("{name}: \"{}\" has {have} %, {need} % needed.", criterion.name);
            let flaw = Unmet::of(requirement, UnmetCode::BelowRubric, words);
            flaws.push(flaw.fact("criterion", criterion.id.as_str()).fact("have", have).fact("need", need));
        }
    }
    flaws
}

fn too_little(requirement: &Requirement, tally: Tally) -> Vec<Unmet> {
    let mut unmet = Vec::new();
    let name = in_words(requirement);
    let need = i64::from(requirement.count.max(1));
    if tally.count < need {
        let words = format!("{name}: {} accepted, {need} needed.", tally.count);
        unmet.push(Unmet::of(requirement, UnmetCode::TooFew, words).fact("have", tally.count).fact("need", need));
    }
    if tally.seconds < seconds_of(requirement.hours * 60.0) {
        let minutes = tally.seconds / 60;
        let words = format!("{name}: {minutes} minutes reported, {} hours needed.", requirement.hours);
        let flaw = Unmet::of(requirement, UnmetCode::TooFewHours, words);
        unmet.push(flaw.fact("have_minutes", minutes).fact("need_minutes", requirement.hours * 60.0));
    }
    unmet
}

/// One, or the number of pieces of evidence.
fn pieces(requirement: &Requirement, result: &RecordedResult) -> i64 {
    match requirement.kind {
        RequirementKind::Evidence => i64::from(result.evidence.max(1)),
        RequirementKind::Exam | RequirementKind::Training | RequirementKind::Review => 1,
    }
}

fn seconds_spent(result: &RecordedResult) -> i64 {
    seconds_of(result.minutes.unwrap_or(0.0))
}

#[expect(clippy::cast_possible_truncation, reason = "clamped; not a number becomes 0")]
fn seconds_of(minutes: f64) -> i64 {
    (minutes * 60.0).round().clamp(0.0, 1e12) as i64
}

/// What is not reported, or not known, counts as the least.
fn watched(result: &RecordedResult) -> Proctoring {
    match result.proctoring.as_deref() {
        Some("live") => Proctoring::Live,
        Some("in-person") => Proctoring::InPerson,
        _ => Proctoring::SelfPaced,
    }
}

fn word(proctoring: Proctoring) -> &'static str {
    match proctoring {
        Proctoring::SelfPaced => "self",
        Proctoring::Live => "live",
        Proctoring::InPerson => "in-person",
    }
}
