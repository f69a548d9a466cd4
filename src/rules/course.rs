//! [`Course`]: what leads from where a standing is to its next award or renewal.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::award::{Award, Happening, HistoryEntry, Reason};
use super::cause::ResultRef;
use super::decide::{Earned, Question};
use super::full::{Start, by_hand};
use super::progress::{Progress, Scope};
use super::state::{AwardState, state_at};
use super::term::{RenewalPhase, in_calendar, last_moment, renewal_phase, term};
use crate::id::RequirementId;
use crate::program::Certification;
use crate::program::duration::{end_of_day, local_day, start_of_day};

/// Renewals that were reported so late that several are made up for at once: no more than these.
const CYCLES: usize = 64;

/// What leads on.
pub(super) enum Course<'a> {
    /// Nothing: it never expires, is suspended, revoked for good, or has not begun.
    Rests,
    /// The full path, for a first award or after a lapse.
    Full(Start),
    /// The renewal paths, which are not complete.
    Renewal(Cycle<'a>),
    /// The renewal paths, which are complete.
    Renewed(Cycle<'a>, Earned),
}

/// A term that ends, and when it can be renewed by which paths.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cycle<'a> {
    basis: &'a Certification,
    zone: Tz,
    began: Began,
    /// The first moment of the window.
    pub(super) opens: DateTime<Utc>,
    /// The last second of the term.
    pub(super) expiry: DateTime<Utc>,
    /// The last second of the renewal path.
    pub(super) grace_until: DateTime<Utc>,
    /// The last second of the streamlined path.
    pub(super) streamlined_until: DateTime<Utc>,
}

/// How a term came about.
#[derive(Debug, Clone, Copy)]
struct Began {
    awarded_at: DateTime<Utc>,
    /// Results after this moment count for the next one.
    earned: DateTime<Utc>,
    /// Exceptions that were granted after this moment do.
    signed: DateTime<Utc>,
}

/// Where the standing is, as of the question's moment.
pub(super) fn course<'a>(q: &Question<'a>) -> Course<'a> {
    let Some(award) = &q.standing.award else { return Course::Full(Start::default()) };
    let current = award.current();
    match state_at(award, Some(q.basis), q.program.timezone, q.now) {
        AwardState::Revoked { reason: Reason::IssuedInError, since } => Course::Full(Start::anew(award, since)),
        AwardState::NotYetValid { .. } | AwardState::Suspended { .. } | AwardState::Revoked { .. } => Course::Rests,
        // A missed recertification ended it: that is mended by completing it, or by everything again.
        AwardState::Expired { since, .. } if current.valid_until.is_none_or(|until| since < until) => {
            Course::Full(Start::after(since, since, current.valid_until))
        }
        AwardState::Valid { .. } | AwardState::Expired { .. } => match Cycle::of(award, q.basis, q.program.timezone) {
            Some(cycle) => renewals(q, cycle),
            None => Course::Rests,
        },
    }
}

/// Follows the renewals from one term to the next, to the first that is not over.
fn renewals<'a>(q: &Question<'a>, mut cycle: Cycle<'a>) -> Course<'a> {
    for _ in 0..CYCLES {
        let Some((completed, earned)) = cycle.renewed(q) else { break };
        let term = earned.term;
        if q.history || term.holds_at(q.now) {
            return Course::Renewed(cycle, earned);
        }
        let Some(expiry) = term.valid_until else { break };
        cycle = Cycle::new(
            q.certification,
            q.program.timezone,
            expiry,
            expiry,
            Began { awarded_at: term.awarded_at, earned: completed, signed: completed },
        );
    }
    if q.now > cycle.streamlined_until {
        return Course::Full(Start::after(cycle.expiry, cycle.streamlined_until, Some(cycle.expiry)));
    }
    Course::Renewal(cycle)
}

impl<'a> Cycle<'a> {
    /// None for an award that never expires.
    pub(super) fn of(award: &Award, basis: &'a Certification, zone: Tz) -> Option<Self> {
        let current = award.current();
        let expiry = current.valid_until?;
        let began = award.began();
        // An extension must not shut out what was shown in the window that was promised before it.
        let of_term = award.versions.iter().filter(|version| version.term == began.number);
        let promised = of_term.filter_map(|version| version.valid_until).min().unwrap_or(expiry);
        let earned = term_began(award);
        let signed = began.valid_from.max(earned);
        let began = Began { awarded_at: current.awarded_at, earned, signed };
        Some(Cycle::new(basis, zone, expiry, promised.min(expiry), began))
    }

    fn new(basis: &'a Certification, zone: Tz, expiry: DateTime<Utc>, promised: DateTime<Utc>, began: Began) -> Self {
        let opens = start_of_day(basis.renewal.window.before(local_day(in_calendar(promised), zone)), zone);
        let grace_until = last_moment(expiry, basis.renewal.grace, zone);
        let streamlined_until = last_moment(expiry, basis.renewal.streamlined, zone).max(grace_until);
        Cycle { basis, zone, began, opens, expiry, grace_until, streamlined_until }
    }

    /// In which part of it `at` lies. The window never opens after it was promised to.
    pub(super) fn phase(&self, at: DateTime<Utc>) -> RenewalPhase {
        match renewal_phase(self.basis, self.expiry, self.zone, at) {
            RenewalPhase::Early if at >= self.opens => RenewalPhase::Window,
            phase => phase,
        }
    }

    /// The paths that renew in this phase.
    pub(super) fn paths(certification: &Certification, phase: RenewalPhase) -> &[Vec<RequirementId>] {
        match phase {
            RenewalPhase::Streamlined => &certification.renewal.late_any_of,
            RenewalPhase::Early | RenewalPhase::Window | RenewalPhase::Grace => &certification.renewal.any_of,
            RenewalPhase::Lapsed => &certification.any_of,
        }
    }

    /// What counts towards `paths` in this cycle.
    pub(super) fn scope<'q>(&self, q: &Question<'q>, paths: &'q [Vec<RequirementId>]) -> Scope<'q> {
        Scope {
            certification: q.certification,
            results: &q.standing.results,
            exceptions: &q.standing.exceptions,
            zone: self.zone,
            from: Some(self.opens),
            after: Some(self.began.earned),
            recorded_after: None,
            granted_after: Some(self.began.signed),
            until: q.horizon(),
            together: Some(paths),
            held_too: false,
        }
    }

    /// The first moment at which a path that was open then was complete, and the term that follows.
    fn renewed(&self, q: &Question<'a>) -> Option<(DateTime<Utc>, Earned)> {
        let closes = q.certification.closes.map(|day| end_of_day(day, self.zone));
        let by_rules = [RenewalPhase::Window, RenewalPhase::Streamlined].into_iter().find_map(|phase| {
            self.completed(q, Cycle::paths(q.certification, phase), phase == RenewalPhase::Streamlined)
        });
        let by_rules = by_rules.filter(|(at, _)| closes.is_none_or(|closes| *at <= closes));
        let by_hand = by_hand(q, Some(self.began.signed.max(self.expiry))).filter(|at| *at <= self.streamlined_until);
        let by_hand = by_hand.map(|at| (at, Vec::new()));
        let (at, rests_on) = by_rules.into_iter().chain(by_hand).min_by_key(|(at, _)| *at)?;
        let at = at.min(q.now);
        let term = term(q.program, q.certification, self.began.awarded_at, Some(self.expiry), at);
        Some((at, Earned { term: term.not_before(Some(self.expiry)), rests_on }))
    }

    fn completed(
        &self,
        q: &Question<'a>,
        paths: &'a [Vec<RequirementId>],
        late: bool,
    ) -> Option<(DateTime<Utc>, Vec<ResultRef>)> {
        let late_from = self.grace_until + TimeDelta::seconds(1);
        let (from, until) = if late { (late_from, self.streamlined_until) } else { (self.opens, self.grace_until) };
        let progress = Progress::new(self.scope(q, paths), vec![from]);
        let paths: Vec<_> = paths.iter().filter(|path| !path.is_empty()).collect();
        let complete = |i: usize, at: DateTime<Utc>| {
            let begins = late && at == from;
            paths.iter().find(|path| progress.all_met(path, i) && (begins || progress.any_earned(path, i)))
        };
        let moments = progress.moments.iter().copied().enumerate();
        let mut moments = moments.filter(|(_, at)| *at >= from && *at <= until);
        moments.find_map(|(i, at)| Some((at, progress.rests_on(complete(i, at)?, i))))
    }
}

/// The moment after which results count for the term after the current one: when that was earned or, where a renewal kept the
/// date of its award, signed.
pub(super) fn term_began(award: &Award) -> DateTime<Utc> {
    let version = award.began();
    let mut before = award.versions.iter().rev().skip_while(|other| other.number >= version.number);
    let kept = before.next().is_some_and(|before| before.awarded_at == version.awarded_at);
    if kept { version.valid_from } else { version.awarded_at }
}

impl Start {
    /// The full path after what was issued in error was revoked.
    fn anew(award: &Award, since: DateTime<Utc>) -> Self {
        let revoked = |entry: &&HistoryEntry| {
            entry.valid_at == since && matches!(entry.what, Happening::Revoked { reason: Reason::IssuedInError })
        };
        let recorded = award.history.iter().find(revoked).map_or(since, |entry| entry.recorded_at);
        Start { recorded_after: Some(recorded), granted_after: Some(recorded), ..Start::default() }
    }

    /// The full path after a term that ended at `expiry` and could be renewed until `closed`.
    fn after(expiry: DateTime<Utc>, closed: DateTime<Utc>, promised: Option<DateTime<Utc>>) -> Self {
        Start {
            after: Some(expiry),
            granted_after: Some(expiry),
            not_before: Some(closed + TimeDelta::seconds(1)),
            renews: true,
            promised,
            ..Start::default()
        }
    }
}
