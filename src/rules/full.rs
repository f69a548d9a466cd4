//! The full path: every requirement of one of the ways to a first award, with its gates open.

use chrono::{DateTime, Utc};

use super::decide::{Earned, Question};
use super::exception::ExceptionKind;
use super::explain::{in_the_future, nothing_since_lapse, under_review};
use super::gates::{Gates, Open};
use super::progress::Progress;
use super::scope::{Scope, Ways};
use super::term::{Term, term};
use super::unmet::{Unmet, UnmetCode};
use crate::id::RequirementId;
use crate::program::duration::{end_of_day, local_day};

/// Where the full path begins.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Start {
    /// The tries after this moment belong together.
    pub(super) tried_after: Option<DateTime<Utc>>,
    /// Results after this moment count.
    pub(super) after: Option<DateTime<Utc>>,
    /// Results that we heard of after this moment count.
    pub(super) recorded_after: Option<DateTime<Utc>>,
    /// Exceptions that were granted after this moment count.
    pub(super) granted_after: Option<DateTime<Utc>>,
    /// The last moment of the shorter paths. Nothing is earned until then, and something must be shown after it.
    pub(super) lapsed: Option<DateTime<Utc>>,
    /// There is an award already, which goes on.
    pub(super) renews: bool,
    /// The end that it had.
    pub(super) promised: Option<DateTime<Utc>>,
}

/// The term that is earned, or what is missing: never empty.
pub(super) fn full(q: &Question<'_>, start: &Start) -> Result<Earned, Vec<Unmet>> {
    let by_hand = by_hand(q, start.granted_after).and_then(|at| dated(q, start, at)).filter(|term| lasts(q, term));
    let gates = Gates::new(q, start);
    let earned = earned(q, &gates, start);
    let mut unmet = gates.unmet();
    let (by_rules, missing) = match earned {
        // What had to be held at the act must be held now, too.
        Ok(earned) => (Some(earned).filter(|_| unmet.is_empty()), Vec::new()),
        Err(missing) => (None, missing),
    };
    let by_hand = by_hand.map(Earned::from);
    if let Some(earned) = by_rules.into_iter().chain(by_hand).min_by_key(|earned| earned.term.awarded_at) {
        return Ok(earned);
    }
    unmet.extend(missing);
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
pub(super) fn granted<'q>(
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

/// The results of the path, up to the horizon.
pub(super) fn scope<'a>(q: &Question<'a>, start: &Start) -> Scope<'a> {
    Scope {
        tried_after: start.tried_after,
        after: start.after,
        recorded_after: start.recorded_after,
        granted_after: start.granted_after,
        ..Scope::of(q, Ways::Full)
    }
}

/// The term of the first moment at which a whole path was met and the gates were open, by an act of that moment: something
/// shown or waived, or a gate that opened. Where that term is over already, what was earned later counts.
fn earned(q: &Question<'_>, gates: &Gates<'_, '_>, start: &Start) -> Result<Earned, Vec<Unmet>> {
    let progress = Progress::new(scope(q, start), gates.moments());
    let is_late = |path: &[RequirementId], at| {
        start.lapsed.is_none_or(|lapsed| at > lapsed && progress.any_after(path, lapsed, at))
    };
    let mut over = None;
    for at in progress.moments.iter().copied() {
        let complete = |path: &&Vec<RequirementId>| !path.is_empty() && progress.all_met(path, at) && is_late(path, at);
        let paths: Vec<_> = progress.scope.paths_at(at).iter().filter(complete).collect();
        if paths.is_empty() {
            continue;
        }
        let acted = match gates.open_at(at) {
            Open::No => false,
            Open::Before => paths.iter().any(|path| progress.any_earned(path, at)),
            Open::JustNow => true,
        };
        let Some(term) = acted.then(|| dated(q, start, at)).flatten() else { continue };
        if lasts(q, &term) {
            let rests_on = paths.first().map(|path| progress.rests_on(path, at)).unwrap_or_default();
            return Ok(Earned { term, rests_on });
        }
        over = term.valid_until;
    }
    Err(not_earned(q, &progress, start, over))
}

/// What is missing on the full path, of which the last complete term was over at `over`.
fn not_earned(q: &Question<'_>, progress: &Progress<'_>, start: &Start, over: Option<DateTime<Utc>>) -> Vec<Unmet> {
    let (until, zone) = (progress.scope.until, q.program.timezone);
    let paths = &q.certification.any_of;
    let complete = |path: &&Vec<RequirementId>| !path.is_empty() && progress.all_met(path, until);
    let is_fresh =
        |path: &Vec<RequirementId>| start.lapsed.is_none_or(|lapsed| progress.any_after(path, lapsed, until));
    let mut complete = paths.iter().filter(complete).peekable();
    let mut unmet = match (complete.peek().is_some(), start.lapsed) {
        (false, _) => missing(progress, paths),
        (true, Some(lapsed)) if !complete.any(is_fresh) => {
            vec![nothing_since_lapse(q.certification, local_day(lapsed, zone))]
        }
        // What is complete waits for a gate, or came too late.
        (true, _) => Vec::new(),
    };
    let later = q.standing.results.iter().filter(|r| r.counts() && r.at > until).map(|r| r.at).min();
    unmet.extend(later.map(|at| in_the_future(at, local_day(at, zone))));
    if let Some(over) = over {
        let over = local_day(over, zone);
        let words = format!("What was shown is too long ago: the award would have expired on {over}.");
        unmet.push(Unmet::new(UnmetCode::AlreadyExpired, words).fact("until", over.to_string()));
    }
    unmet.extend(closed_by(q, until));
    unmet
}

/// By the version in force at `at`.
fn dated(q: &Question<'_>, start: &Start, at: DateTime<Utc>) -> Option<Term> {
    let term = term(q.versions.at(at), q.certification_at(at)?, at.min(q.now), None, q.now);
    Some(Term { earned_at: at, ..term.not_before(start.promised) })
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
    let explain = |path: &[RequirementId], id: &RequirementId| {
        let review = if_all_counted.as_ref().filter(|all| all.now(path, id).met && !progress.now(path, id).met);
        match review.and_then(|_| under_review(scope.certification, id)) {
            Some(unmet) => vec![unmet],
            None => progress.explain(path, id),
        }
    };
    let paths: Vec<_> = paths.iter().filter(|path| !path.is_empty()).collect();
    let mut all: Vec<(Unmet, Vec<usize>)> = Vec::new();
    for (n, path) in paths.iter().enumerate() {
        for unmet in path.iter().flat_map(|id| explain(path, id)) {
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
