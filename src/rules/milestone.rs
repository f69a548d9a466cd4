//! [`milestones`]: what time brings to an award, as moments at which the feed is told.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::award::{Award, Demand};
use super::life::{effect_of, ended_with_term, life};
use super::state::{AwardState, state_at};
use super::term::{in_calendar, last_moment};
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

/// What time brings if nothing else happens from what is known now.
fn all(award: &Award, basis: Option<&Certification>, zone: Tz) -> Vec<(DateTime<Utc>, Milestone)> {
    let life = life(award, DateTime::<Utc>::MAX_UTC);
    if life.revoked.is_some() {
        return Vec::new();
    }
    let running = |at| matches!(state_at(award, basis, zone, at), AwardState::Valid { .. });
    let mut found: Vec<_> = life.missed.iter().filter(|demand| demand.met.is_none()).map(|d| missed(d)).collect();
    if let Some(expiry) = life.ended.or(award.current().valid_until) {
        found.extend(expiry_and_after(basis, zone, expiry));
    }
    if let Some(valid_until) = award.current().valid_until {
        let steps =
            reminders(basis, zone, valid_until).filter(|(at, _)| *at > award.current().valid_from && running(*at));
        found.extend(steps.map(|(at, days)| (at, Milestone::Reminder { days, valid_until })));
    }
    let open = |demand: &&Demand| demand.met.is_none() && !ended_with_term(award, demand, award.current().valid_from);
    for demand in award.demands.iter().filter(open) {
        let in_term = award.current().valid_until.is_none_or(|until| demand.due <= until);
        let steps = reminders(basis, zone, demand.cutoff).filter(|(at, _)| in_term && running(*at));
        let steps = steps.filter(|(at, _)| *at > demand.placed_at && *at >= demand.opens && *at <= demand.cutoff);
        found.extend(steps.map(|(at, days)| (at, Milestone::DemandReminder { days, demand: demand.clone() })));
    }
    found
}

fn missed(demand: &Demand) -> (DateTime<Utc>, Milestone) {
    (effect_of(demand), Milestone::DemandMissed(demand.clone()))
}

/// The end of the term, and of each shorter path; of what a missed recertification ended, both are to complete it.
fn expiry_and_after(basis: Option<&Certification>, zone: Tz, expiry: DateTime<Utc>) -> Vec<(DateTime<Utc>, Milestone)> {
    let after = |moment: DateTime<Utc>| moment + TimeDelta::seconds(1);
    let mut found = vec![(after(expiry), Milestone::Expired { since: expiry })];
    let Some(renewal) = basis.map(|certification| &certification.renewal) else { return found };
    let grace = last_moment(expiry, renewal.grace, zone);
    let streamlined = last_moment(expiry, renewal.streamlined, zone).max(grace);
    if grace > expiry && streamlined > grace {
        found.push((after(grace), Milestone::GraceEnded { since: grace }));
    }
    if streamlined > expiry {
        found.push((after(streamlined), Milestone::Lapsed { since: streamlined }));
    }
    found
}

/// The mornings of the reminders before the day of `end`, each with the days left.
fn reminders(
    basis: Option<&Certification>,
    zone: Tz,
    end: DateTime<Utc>,
) -> impl Iterator<Item = (DateTime<Utc>, u32)> {
    let last_day = local_day(in_calendar(end), zone);
    basis.into_iter().flat_map(|certification| &certification.renewal.remind).map(move |step| {
        let day = step.before(last_day);
        (start_of_day(day, zone) + MORNING, u32::try_from((last_day - day).num_days()).unwrap_or(0))
    })
}
