//! [`Course`]: what leads from where a standing is to its next award or renewal.

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use chrono_tz::Tz;

use super::award::{Award, Demand, HistoryEntry, Reason};
use super::cause::ResultRef;
use super::decide::{Earned, Question};
use super::demands::{mend_until, missed_recertification};
use super::full::{Start, by_hand};
use super::progress::Progress;
use super::scope::{Scope, Ways};
use super::state::AwardState;
use super::term::{RenewalPhase, Term, in_calendar, last_moment, term};
use crate::id::RequirementId;
use crate::program::Certification;
use crate::program::duration::{end_of_day, local_day, start_of_day};

/// Renewals that were reported so late that several are made up for at once: no more than these.
const CYCLES: usize = 64;

/// What leads on.
pub(super) enum Course<'a> {
    /// Nothing: it never expires, is suspended, revoked for good, or has not begun.
    Rests,
    /// Only showing what was demanded and missed, as long as that mends it.
    Mending(&'a Demand),
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
    basis: &'a Certification,
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
    match q.state() {
        Some(AwardState::Revoked { reason: Reason::IssuedInError, since }) => Course::Full(Start::anew(award, since)),
        None | Some(AwardState::NotYetValid { .. } | AwardState::Suspended { .. } | AwardState::Revoked { .. }) => {
            Course::Rests
        }
        // A missed recertification ended it: that is mended by completing it; in the end, by everything again.
        Some(AwardState::Expired { since, .. }) if current.valid_until.is_none_or(|until| since < until) => {
            let missed = missed_recertification(award, since);
            match missed.map(|demand| (demand, mend_until(demand, q.basis, q.program.timezone))) {
                Some((demand, until)) if until.is_none_or(|until| q.now <= until) => Course::Mending(demand),
                closed => {
                    let lapsed = closed.and_then(|(_, until)| until).unwrap_or(since);
                    Course::Full(Start::after((award.term_began(), since), lapsed, current.valid_until))
                }
            }
        }
        Some(AwardState::Valid { .. } | AwardState::Expired { .. }) => {
            match Cycle::of(award, q.basis, q.program.timezone) {
                Some(cycle) => renewals(q, cycle),
                None => Course::Rests,
            }
        }
    }
}

/// Follows the renewals from one term to the next, to the first that is not over.
fn renewals<'a>(q: &Question<'a>, mut cycle: Cycle<'a>) -> Course<'a> {
    for _ in 0..CYCLES {
        let Some((earned, basis)) = cycle.renewed(q) else { break };
        let term = earned.term;
        if q.history || term.holds_at(q.now) {
            return Course::Renewed(cycle, earned);
        }
        let Some(expiry) = term.valid_until else { break };
        let began = Began { awarded_at: term.awarded_at, earned: term.earned_at, signed: term.earned_at };
        cycle = Cycle::new(basis, q.program.timezone, (expiry, expiry), began);
    }
    if q.now.trunc_subsecs(0) > cycle.streamlined_until {
        let shown = (cycle.began.earned, cycle.expiry);
        return Course::Full(Start::after(shown, cycle.streamlined_until, Some(cycle.expiry)));
    }
    Course::Renewal(cycle)
}

impl<'a> Cycle<'a> {
    /// None for an award that never expires.
    pub(super) fn of(award: &Award, basis: &'a Certification, zone: Tz) -> Option<Self> {
        let current = award.current();
        let expiry = current.valid_until?;
        let began = award.began();
        let of_term = award.versions.iter().filter(|version| version.term == began.number);
        // An extension must not shut out what was shown in the window that was promised before it.
        let promised = of_term.filter_map(|version| version.valid_until).min().unwrap_or(expiry);
        let earned = award.term_began();
        let signed = began.valid_from.max(earned);
        let began = Began { awarded_at: current.awarded_at, earned, signed };
        Some(Cycle::new(basis, zone, (expiry, promised.min(expiry)), began))
    }

    /// The one of a term that ends at `expiry` and was `promised` to end by then.
    fn new(
        basis: &'a Certification,
        zone: Tz,
        (expiry, promised): (DateTime<Utc>, DateTime<Utc>),
        began: Began,
    ) -> Self {
        let opens = start_of_day(basis.renewal.window.before(local_day(in_calendar(promised), zone)), zone);
        let grace_until = last_moment(expiry, basis.renewal.grace, zone);
        let streamlined_until = last_moment(expiry, basis.renewal.streamlined, zone).max(grace_until);
        Cycle { zone, began, opens, expiry, grace_until, streamlined_until, basis }
    }

    /// In which part of it `at` lies. The window never opens after it was promised to.
    pub(super) fn phase(&self, at: DateTime<Utc>) -> RenewalPhase {
        match super::term::renewal_phase(self.basis, self.expiry, self.zone, at) {
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

    /// What counts in this cycle towards the paths of a phase. Attempts run on over the window, the end and the grace.
    pub(super) fn scope(&self, q: &Question<'a>, phase: RenewalPhase) -> Scope<'a> {
        Scope {
            zone: self.zone,
            tried_after: Some(self.began.earned),
            from: Some(self.opens),
            after: Some(self.began.earned),
            granted_after: Some(self.began.signed),
            ..Scope::of(q, Ways::Renewal(phase))
        }
    }

    /// The term of the first moment at which a path that was open then was complete, and what dates it.
    fn renewed(&self, q: &Question<'a>) -> Option<(Earned, &'a Certification)> {
        let phases = [RenewalPhase::Window, RenewalPhase::Streamlined];
        let by_rules = phases.into_iter().find_map(|phase| self.completed(q, phase));
        let by_hand = by_hand(q, Some(self.began.signed.max(self.expiry))).filter(|at| *at <= self.streamlined_until);
        let by_hand = by_hand.map(|at| (at, Vec::new()));
        let (at, rests_on) = by_rules.into_iter().chain(by_hand).min_by_key(|(at, _)| *at)?;
        let certification = q.certification_at(at)?;
        let term = term(q.versions.at(at), certification, self.began.awarded_at, Some(self.expiry), at.min(q.now));
        let term = Term { earned_at: at, ..term.not_before(Some(self.expiry)) };
        Some((Earned { term, rests_on }, certification))
    }

    /// The first moment in a phase at which one of its paths was complete by an act: something shown or waived, the turn to
    /// the streamlined paths, or another version of the program.
    fn completed(&self, q: &Question<'a>, phase: RenewalPhase) -> Option<(DateTime<Utc>, Vec<ResultRef>)> {
        let late_from = self.grace_until + TimeDelta::seconds(1);
        let late = phase == RenewalPhase::Streamlined;
        let (from, until) = if late { (late_from, self.streamlined_until) } else { (self.opens, self.grace_until) };
        let turns = q.versions.turns().chain(late.then_some(late_from));
        let turns: Vec<_> = turns.filter(|at| *at >= from && *at <= until && *at <= q.now).collect();
        let progress = Progress::new(self.scope(q, phase), turns.clone());
        let complete = |at: DateTime<Utc>| {
            let closes = q.certification_at(at)?.closes;
            let acted = |path: &[RequirementId]| turns.contains(&at) || progress.any_earned(path, at);
            let mut paths = progress.scope.paths_at(at).iter().filter(|path| !path.is_empty());
            let path = paths.find(|path| progress.all_met(path, at) && acted(path))?;
            closes.is_none_or(|day| at <= end_of_day(day, self.zone)).then(|| (at, progress.rests_on(path, at)))
        };
        let mut moments = progress.moments.iter().copied().filter(|at| *at >= from && *at <= until);
        moments.find_map(complete)
    }
}

impl Start {
    /// The full path after what was issued in error was revoked.
    fn anew(award: &Award, since: DateTime<Utc>) -> Self {
        let mut here = award.history.iter().filter(|entry| entry.valid_at == since);
        let recorded = here.find_map(HistoryEntry::forgets_until).unwrap_or(since);
        Start { recorded_after: Some(recorded), granted_after: Some(recorded), ..Start::default() }
    }

    /// The full path after a term that was earned and that ended, and could be renewed until `lapsed`.
    fn after(
        (earned, ended): (DateTime<Utc>, DateTime<Utc>),
        lapsed: DateTime<Utc>,
        promised: Option<DateTime<Utc>>,
    ) -> Self {
        Start {
            tried_after: Some(earned),
            after: Some(ended),
            granted_after: Some(ended),
            lapsed: Some(lapsed),
            renews: true,
            promised,
            ..Start::default()
        }
    }
}
