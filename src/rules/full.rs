//! The full path: prerequisites, approvals, and every requirement of one of the ways to a first award.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::decide::{Earned, Held, Question};
use super::exception::ExceptionKind;
use super::explain::{in_the_future, under_review};
use super::progress::{Progress, Scope};
use super::state::{AwardState, state_at};
use super::term::{Term, term};
use super::unmet::{Unmet, UnmetCode};
use crate::id::{CertificationId, RequirementId};
use crate::program::Program;
use crate::program::duration::{end_of_day, local_day, start_of_day};

/// Where the full path begins.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Start {
    /// Results after this moment count.
    pub(super) after: Option<DateTime<Utc>>,
    /// Results that we heard of after this moment count.
    pub(super) recorded_after: Option<DateTime<Utc>>,
    /// Exceptions that were granted after this moment count.
    pub(super) granted_after: Option<DateTime<Utc>>,
    /// Nothing is earned before this moment.
    pub(super) not_before: Option<DateTime<Utc>>,
    /// There is an award already, which goes on.
    pub(super) renews: bool,
    /// The end that it had.
    pub(super) promised: Option<DateTime<Utc>>,
}

/// The term that is earned, or what is missing: never empty.
pub(super) fn full(q: &Question<'_>, start: &Start) -> Result<Earned, Vec<Unmet>> {
    let gates = gates(q, start);
    let by_hand = by_hand(q, start.granted_after).map(|at| dated(q, start, at)).filter(|term| lasts(q, term));
    let earned = earned(q, gates.since, start);
    let by_rules = match &earned {
        Ok(earned) if gates.unmet.is_empty() => Some(earned.clone()),
        _ => None,
    };
    let by_hand = by_hand.map(Earned::from);
    if let Some(earned) = by_rules.into_iter().chain(by_hand).min_by_key(|earned| earned.term.awarded_at) {
        return Ok(earned);
    }
    let mut unmet = gates.unmet;
    unmet.extend(earned.err().into_iter().flatten());
    if unmet.is_empty() {
        let words = format!("The program has no way to earn {}.", q.certification.name);
        unmet.push(Unmet::new(UnmetCode::NoPath, words));
    }
    Err(unmet)
}

/// Since when it is awarded by hand.
pub(super) fn by_hand(q: &Question<'_>, granted_after: Option<DateTime<Utc>>) -> Option<DateTime<Utc>> {
    granted(q, granted_after, ExceptionKind::AwardByHand).map(|(_, at)| at).min()
}

/// Exceptions of one kind in effect, with who granted them.
fn granted<'q>(
    q: &Question<'q>,
    after: Option<DateTime<Utc>>,
    kind: ExceptionKind,
) -> impl Iterator<Item = (&'q str, DateTime<Utc>)> {
    let now = q.now;
    q.standing.exceptions.iter().filter_map(move |exception| {
        let at = exception.since()?;
        let counts = exception.kind == kind && at <= now && after.is_none_or(|after| at > after);
        counts.then_some((exception.by.as_str(), at))
    })
}

/// What must be given beside the requirements.
pub(super) struct Gates {
    /// When the last of them was given.
    pub(super) since: Option<DateTime<Utc>>,
    pub(super) unmet: Vec<Unmet>,
}

pub(super) fn gates(q: &Question<'_>, start: &Start) -> Gates {
    let mut gates = Gates { since: start.not_before, unmet: Vec::new() };
    for choice in &q.certification.prerequisites {
        let current = q.held.iter().filter(|held| choice.contains(&held.certification) && is_current(q, held));
        match current.map(|held| held.award.current().awarded_at).min() {
            Some(at) => gates.since = gates.since.max(Some(at.min(q.now))),
            None => gates.unmet.push(not_held(q.program, choice)),
        }
    }
    gates.unmet.extend(not_offered(q));
    match approved(q, start) {
        Ok(at) => gates.since = gates.since.max(at),
        Err(unmet) => gates.unmet.push(unmet),
    }
    gates
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

/// Since when enough different callers approved; none where nobody must.
fn approved(q: &Question<'_>, start: &Start) -> Result<Option<DateTime<Utc>>, Unmet> {
    let need = usize::from(q.certification.approval);
    let mut approvals: Vec<_> = granted(q, start.granted_after, ExceptionKind::Approve).collect();
    approvals.sort_by_key(|(_, at)| *at);
    let mut by = BTreeSet::new();
    let last = approvals.into_iter().filter(|(caller, _)| by.insert(*caller)).take(need).last().map(|(_, at)| at);
    if by.len() >= need {
        return Ok(last);
    }
    let people = if need == 1 { "one person".to_owned() } else { format!("{need} persons") };
    let so_far = if by.is_empty() { String::new() } else { format!(" So far {} did.", by.len()) };
    let words = format!("{} must be approved by {people}.{so_far}", q.certification.name);
    Err(Unmet::new(UnmetCode::ApprovalMissing, words).fact("need", need).fact("have", by.len()))
}

/// The results of the path, up to the horizon.
pub(super) fn scope<'a>(q: &Question<'a>, start: &Start) -> Scope<'a> {
    Scope {
        certification: q.certification,
        results: &q.standing.results,
        exceptions: &q.standing.exceptions,
        zone: q.program.timezone,
        from: None,
        after: start.after,
        recorded_after: start.recorded_after,
        granted_after: start.granted_after,
        until: q.horizon(),
        together: None,
        held_too: false,
    }
}

/// The term of the first moment at which a whole path was met, not before the gates were open; or what is missing. Where that
/// term is over already, what was earned later counts.
fn earned(q: &Question<'_>, gates_since: Option<DateTime<Utc>>, start: &Start) -> Result<Earned, Vec<Unmet>> {
    let zone = q.program.timezone;
    let opens = q.certification.opens.map(|day| start_of_day(day, zone));
    let not_before = gates_since.max(opens);
    let scope = scope(q, start);
    let progress = Progress::new(scope, not_before.into_iter().collect());
    let closed = q.certification.closes.map(|day| end_of_day(day, zone));
    let in_time = |at: DateTime<Utc>| not_before.is_none_or(|t| at >= t) && closed.is_none_or(|t| at <= t);
    let paths: Vec<_> = q.certification.any_of.iter().filter(|path| !path.is_empty()).collect();
    // A moment at which nothing was earned is no date of an award, even though everything was met then, too.
    let on_path = |path: &&Vec<RequirementId>, i: usize, at: DateTime<Utc>| {
        progress.all_met(path, i) && (progress.any_earned(path, i) || Some(at) == not_before)
    };
    let mut over = None;
    for (i, at) in progress.moments.iter().enumerate().filter(|(_, at)| in_time(**at)) {
        let Some(path) = paths.iter().find(|path| on_path(path, i, *at)) else { continue };
        let term = dated(q, start, *at);
        if lasts(q, &term) {
            return Ok(Earned { term, rests_on: progress.rests_on(path, i) });
        }
        over = term.valid_until;
    }
    let mut unmet = missing(&progress, &q.certification.any_of);
    let later = q.standing.results.iter().filter(|r| r.counts() && r.at > scope.until).map(|r| r.at).min();
    unmet.extend(later.map(|at| in_the_future(at, local_day(at, zone))));
    if let Some(until) = over {
        let until = local_day(until, zone);
        let words = format!("What was shown is too long ago: the award would have expired on {until}.");
        unmet.push(Unmet::new(UnmetCode::AlreadyExpired, words).fact("until", until.to_string()));
    }
    unmet.extend(closed_by(q, scope.until));
    Err(unmet)
}

fn dated(q: &Question<'_>, start: &Start, at: DateTime<Utc>) -> Term {
    term(q.program, q.certification, at.min(q.now), None, q.now).not_before(start.promised)
}

fn lasts(q: &Question<'_>, term: &Term) -> bool {
    q.history || term.valid_until.is_none_or(|until| until >= q.now)
}

/// That it is no longer offered at `at`.
pub(super) fn closed_by(q: &Question<'_>, at: DateTime<Utc>) -> Option<Unmet> {
    let day = q.certification.closes.filter(|day| at > end_of_day(*day, q.program.timezone))?;
    let words = format!("{} closed on {day}.", q.certification.name);
    Some(Unmet::new(UnmetCode::Closed, words).fact("closes", day.to_string()))
}

/// What is missing on each path; with several paths, each reason says on which. What may be met once held results count again
/// is said to be under review instead.
pub(super) fn missing(progress: &Progress<'_>, paths: &[Vec<RequirementId>]) -> Vec<Unmet> {
    let scope = progress.scope;
    let any_held = scope.results.iter().any(|r| !r.holds.is_empty() && r.void_at.is_none());
    let if_all_counted = any_held.then(|| Progress::new(Scope { held_too: true, ..scope }, Vec::new()));
    let explain = |id: &RequirementId| {
        let review = if_all_counted.as_ref().filter(|all| all.now(id).met && !progress.now(id).met);
        match review.and_then(|_| under_review(scope.certification, id)) {
            Some(unmet) => vec![unmet],
            None => progress.explain(id),
        }
    };
    let paths: Vec<_> = paths.iter().filter(|path| !path.is_empty()).collect();
    let mut all: Vec<(Unmet, Vec<usize>)> = Vec::new();
    for (n, path) in paths.iter().enumerate() {
        for unmet in path.iter().flat_map(explain) {
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
