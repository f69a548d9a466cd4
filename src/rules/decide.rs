//! [`decide`]: what one more result means for a standing.

use chrono::{DateTime, TimeDelta, Utc};

use super::award::Award;
use super::progress::Progress;
use super::standing::Standing;
use super::state::{AwardState, state_at};
use super::term::{Term, term};
use super::unmet::{Unmet, UnmetCode};
use crate::id::{CertificationId, RequirementId};
use crate::program::duration::{end_of_day, local_day, start_of_day};
use crate::program::{Certification, Program};

/// A result may be this much ahead of our clock.
const CLOCKS_DIFFER_BY: TimeDelta = TimeDelta::minutes(5);

/// Everything a decision depends on.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The rule book that judges: the one in force when the newest result was earned.
    pub program: &'a Program,
    /// What is decided about, of `program`.
    pub certification: &'a Certification,
    /// The certification as the program version that dated the current award has it: its window, grace and streamlined
    /// path were promised. The same as `certification` when nothing is held.
    pub basis: &'a Certification,
    /// With every result, the newest included.
    pub standing: &'a Standing,
    /// The person's awards in the prerequisites.
    pub held: &'a [Held],
    /// The moment of the decision.
    pub now: DateTime<Utc>,
    /// History is being imported: what would have expired already is awarded as it was.
    pub history: bool,
}

/// An award in a prerequisite, as read.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    /// In what.
    pub certification: CertificationId,
    /// With its whole history.
    pub award: Award,
}

/// What follows from a result.
#[derive(Debug, Clone, PartialEq)]
pub enum Decision {
    /// It is earned.
    Award(Term),
    /// It is earned for another term.
    Renew(Term),
    /// It is held, and nothing changes.
    Record,
    /// It is not held, and this is missing: never empty.
    Withhold(Vec<Unmet>),
}

/// Judges all results, the new one included. An award that exists, in whatever state, is not awarded again.
pub fn decide(question: &Question<'_>) -> Decision {
    if question.standing.award.is_some() {
        return Decision::Record;
    }
    let Prerequisites { since, mut unmet } = prerequisites(question);
    unmet.extend(not_offered(question));
    unmet.extend(not_approved(question.certification));
    match earned(question, since) {
        Ok(term) if unmet.is_empty() => Decision::Award(term),
        Ok(_) => Decision::Withhold(unmet),
        Err(missing) => {
            unmet.extend(missing);
            if unmet.is_empty() {
                let words = format!("The program has no way to earn {}.", question.certification.name);
                unmet.push(Unmet::new(UnmetCode::NoPath, words));
            }
            Decision::Withhold(unmet)
        }
    }
}

struct Prerequisites {
    /// When the last of them was awarded.
    since: Option<DateTime<Utc>>,
    unmet: Vec<Unmet>,
}

fn prerequisites(q: &Question<'_>) -> Prerequisites {
    let mut found = Prerequisites { since: None, unmet: Vec::new() };
    for choice in &q.certification.prerequisites {
        let current = q.held.iter().filter(|held| choice.contains(&held.certification) && is_current(q, held));
        match current.map(|held| held.award.current().awarded_at).min() {
            Some(at) => found.since = found.since.max(Some(at.min(q.now))),
            None => found.unmet.push(not_held(q.program, choice)),
        }
    }
    found
}

/// Valid; or in grace, where the program lets rights go on.
fn is_current(q: &Question<'_>, held: &Held) -> bool {
    let certification = q.program.certification(&held.certification);
    match state_at(&held.award, certification, q.program.timezone, q.now) {
        AwardState::Valid { .. } => true,
        AwardState::Expired { grace_until: Some(_), .. } => certification.is_some_and(|c| c.renewal.rights_in_grace),
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

/// Nobody can approve yet, so what needs approval is never awarded by itself.
fn not_approved(certification: &Certification) -> Option<Unmet> {
    let people = match certification.approval {
        0 => return None,
        1 => "one person".to_owned(),
        n => format!("{n} persons"),
    };
    let words = format!("{} must be approved by {people}.", certification.name);
    Some(Unmet::new(UnmetCode::ApprovalMissing, words).fact("need", certification.approval))
}

/// The term of the first moment at which a whole path was met, not before the prerequisites were; or what is missing. Where
/// that term is over already, what was earned later counts.
fn earned(q: &Question<'_>, prerequisites_since: Option<DateTime<Utc>>) -> Result<Term, Vec<Unmet>> {
    let zone = q.program.timezone;
    let horizon = q.now + CLOCKS_DIFFER_BY;
    let opens = q.certification.opens.map(|day| start_of_day(day, zone));
    let not_before = prerequisites_since.max(opens);
    let progress = Progress::new(
        q.certification,
        q.standing.results.iter().filter(|r| r.counts()),
        not_before.into_iter().collect(),
        horizon,
        zone,
    );
    let closed = q.certification.closes.map(|day| end_of_day(day, zone));
    let in_time = |at: DateTime<Utc>| not_before.is_none_or(|t| at >= t) && closed.is_none_or(|t| at <= t);
    let paths: Vec<_> = q.certification.any_of.iter().filter(|path| !path.is_empty()).collect();
    // A moment at which nothing was earned is no date of an award, even though everything was met then, too.
    let on_path = |path: &&Vec<RequirementId>, i: usize, at: DateTime<Utc>| {
        progress.all_met(path, i) && (progress.any_earned(path, i) || Some(at) == not_before)
    };
    let complete = progress.moments.iter().enumerate();
    let complete = complete.filter(|(i, at)| in_time(**at) && paths.iter().any(|path| on_path(path, *i, **at)));
    let mut over = None;
    for (_, at) in complete {
        let term = term(q.program, q.certification, (*at).min(q.now), None, q.now);
        match term.valid_until {
            Some(until) if until < q.now && !q.history => over = Some(until),
            _ => return Ok(term),
        }
    }
    let mut unmet = missing(&progress, &paths);
    if let Some(result) = q.standing.results.iter().rev().find(|r| r.at > horizon) {
        let words = format!("The result is dated {}, which is in the future.", local_day(result.at, zone));
        unmet.push(Unmet::new(UnmetCode::InTheFuture, words).fact("at", result.at.to_rfc3339()));
    }
    if let Some(until) = over {
        let until = local_day(until, zone);
        let words = format!("What was shown is too long ago: the award would have expired on {until}.");
        unmet.push(Unmet::new(UnmetCode::AlreadyExpired, words).fact("until", until.to_string()));
    }
    if let Some(day) = q.certification.closes.filter(|_| closed.is_some_and(|t| horizon > t)) {
        let words = format!("{} closed on {day}.", q.certification.name);
        unmet.push(Unmet::new(UnmetCode::Closed, words).fact("closes", day.to_string()));
    }
    Err(unmet)
}

/// What is missing on each path; with several paths, each reason says on which.
fn missing(progress: &Progress<'_>, paths: &[&Vec<RequirementId>]) -> Vec<Unmet> {
    let mut all: Vec<(Unmet, Vec<usize>)> = Vec::new();
    for (n, path) in paths.iter().enumerate() {
        for unmet in path.iter().flat_map(|id| progress.explain(id)) {
            match all.iter_mut().find(|(known, _)| *known == unmet) {
                Some((_, on)) if on.last() == Some(&(n + 1)) => {}
                Some((_, on)) => on.push(n + 1),
                None => all.push((unmet, vec![n + 1])),
            }
        }
    }
    let several = paths.len() > 1;
    all.into_iter().map(|(unmet, on)| if several { unmet.fact("paths", on) } else { unmet }).collect()
}
