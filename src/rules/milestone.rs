//! [`milestones`]: what time brings to an award, as moments at which the feed is told.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::award::{Award, Demand};
use super::state::{AwardState, state_at};
use super::term::last_moment;
use crate::program::Certification;
use crate::program::duration::{local_day, start_of_day};

/// Reminders are told at this time after the local day has begun.
const MORNING: TimeDelta = TimeDelta::hours(8);

/// Something time brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Milestone {
    /// A step of the reminders before expiry.
    Reminder {
        /// Days left, of the calendar.
        days: u32,
        /// What it reminds of.
        valid_until: DateTime<Utc>,
    },
    /// The term is over.
    Expired {
        /// Its last second.
        since: DateTime<Utc>,
    },
    /// The renewal path closed, and the streamlined one is open.
    GraceEnded {
        /// The last second of the renewal path.
        since: DateTime<Utc>,
    },
    /// Only the full path is left.
    Lapsed {
        /// The last second of the last shorter path.
        since: DateTime<Utc>,
    },
    /// A step of the reminders before a demand's cutoff.
    DemandReminder {
        /// Days left, of the calendar.
        days: u32,
        /// Which.
        demand: Demand,
    },
    /// A demand was not met, and the miss has its effect from now on.
    DemandMissed(Demand),
}

/// Everything that falls after `after` and not after `until`, in order. `basis` is the certification as the program version
/// that dated the current term has it. What is renewed, mended or revoked meanwhile is not told.
pub fn milestones(
    award: &Award,
    basis: Option<&Certification>,
    zone: Tz,
    after: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Vec<(DateTime<Utc>, Milestone)> {
    let mut found = all(award, basis, zone);
    found.retain(|(at, _)| *at > after && *at <= until);
    found.sort_by_key(|(at, _)| *at);
    found
}

/// When time next brings something after `after`.
pub fn next_milestone(
    award: &Award,
    basis: Option<&Certification>,
    zone: Tz,
    after: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    all(award, basis, zone).into_iter().map(|(at, _)| at).filter(|at| *at > after).min()
}

fn all(award: &Award, basis: Option<&Certification>, zone: Tz) -> Vec<(DateTime<Utc>, Milestone)> {
    let current = award.current();
    let last = award.history.last().map_or(current.valid_from, |entry| entry.valid_at.max(current.valid_from));
    let (resting, ended) = match state_at(award, basis, zone, last) {
        AwardState::Revoked { .. } => return Vec::new(),
        AwardState::Suspended { .. } => (true, None),
        AwardState::Expired { since, .. } => (false, Some(since)),
        AwardState::Valid { .. } | AwardState::NotYetValid { .. } => (false, None),
    };
    let mut found = Vec::new();
    let Some(expiry) = ended.or(current.valid_until) else {
        demanded(award, basis, zone, resting, &mut found);
        return found;
    };
    let last_day = local_day(expiry, zone);
    let renewal = basis.map(|certification| &certification.renewal);
    for step in renewal.iter().flat_map(|renewal| &renewal.remind).filter(|_| !resting && ended.is_none()) {
        let day = step.before(last_day);
        let at = start_of_day(day, zone) + MORNING;
        if at > current.valid_from {
            let days = u32::try_from((last_day - day).num_days()).unwrap_or(0);
            found.push((at, Milestone::Reminder { days, valid_until: expiry }));
        }
    }
    let after = |moment: DateTime<Utc>| moment + TimeDelta::seconds(1);
    found.push((after(expiry), Milestone::Expired { since: expiry }));
    if let Some(renewal) = renewal {
        let grace = last_moment(expiry, renewal.grace, zone);
        let path = last_moment(expiry, renewal.streamlined, zone).max(grace);
        if grace > expiry && path > grace {
            found.push((after(grace), Milestone::GraceEnded { since: grace }));
        }
        if path > expiry {
            found.push((after(path), Milestone::Lapsed { since: path }));
        }
    }
    demanded(award, basis, zone, resting || ended.is_some(), &mut found);
    found
}

fn demanded(
    award: &Award,
    basis: Option<&Certification>,
    zone: Tz,
    resting: bool,
    found: &mut Vec<(DateTime<Utc>, Milestone)>,
) {
    let over = |at: DateTime<Utc>| award.current().valid_until.is_some_and(|until| at > until);
    for demand in award.demands.iter().filter(|d| d.met.is_none() && !over(d.cutoff)) {
        let last_day = local_day(demand.cutoff, zone);
        for step in basis.iter().flat_map(|c| &c.renewal.remind).filter(|_| !resting) {
            let day = step.before(last_day);
            let at = start_of_day(day, zone) + MORNING;
            if at > demand.placed_at && at > demand.opens {
                let days = u32::try_from((last_day - day).num_days()).unwrap_or(0);
                found.push((at, Milestone::DemandReminder { days, demand: demand.clone() }));
            }
        }
        found.push((demand.cutoff + TimeDelta::seconds(1), Milestone::DemandMissed(demand.clone())));
    }
}
