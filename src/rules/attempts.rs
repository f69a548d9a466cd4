//! [`Attempts`]: which tries at a requirement count, and when the next one may be taken.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use super::term::in_calendar;
use crate::program::duration::{local_day, start_of_day};
use crate::program::{Exhausted, Requirement};

/// The tries at one requirement by one person, told one after the other in the order in which they were taken. A pass ends a
/// series, as does a newly earned term; failures after it begin another one.
#[derive(Debug, Clone)]
pub(super) struct Attempts<'a> {
    requirement: &'a Requirement,
    zone: Tz,
    /// From when each further attempt was granted, ascending.
    grants: Vec<DateTime<Utc>>,
    /// How many of them were needed.
    taken: usize,
    /// Of this series.
    used: u32,
    /// How many grants this series took.
    granted: u32,
    last_failure: Option<DateTime<Utc>>,
}

/// Whether a try counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Admission {
    /// It does.
    Open,
    /// It was taken before the waiting period was over.
    TooEarly { from: NaiveDate },
    /// There was none left.
    UsedUp { from: Option<NaiveDate> },
}

/// The number of a failed attempt in its series, and how many there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Numbered {
    pub(super) attempt: u32,
    pub(super) attempts: Option<u32>,
}

impl Numbered {
    pub(super) fn is_last(self) -> bool {
        self.attempts.is_some_and(|attempts| self.attempt >= attempts)
    }
}

impl<'a> Attempts<'a> {
    pub(super) fn new(requirement: &'a Requirement, mut grants: Vec<DateTime<Utc>>, zone: Tz) -> Self {
        grants.sort_unstable();
        Attempts { requirement, zone, grants, taken: 0, used: 0, granted: 0, last_failure: None }
    }

    /// From now on by this version of the program.
    pub(super) fn are_ruled_by(&mut self, requirement: &'a Requirement) {
        self.requirement = requirement;
    }

    /// Whether the program limits them at all.
    pub(super) fn are_limited(&self) -> bool {
        self.requirement.attempts > 0 || !self.requirement.wait.is_zero()
    }

    /// A try at `at`. One that would not count takes a grant, if there is one.
    pub(super) fn admit(&mut self, at: DateTime<Utc>) -> Admission {
        let admission = self.admission(at);
        if admission == Admission::Open {
            if self.is_used_up() {
                self.begin_anew();
            }
        } else if self.may_take_grant(at) {
            self.taken += 1;
            self.granted += 1;
            return Admission::Open;
        }
        admission
    }

    fn admission(&self, at: DateTime<Utc>) -> Admission {
        let Some(from) = self.waits_until() else {
            return if self.is_used_up() { Admission::UsedUp { from: None } } else { Admission::Open };
        };
        if in_calendar(at) >= start_of_day(from, self.zone) {
            return Admission::Open;
        }
        if self.is_used_up() { Admission::UsedUp { from: Some(from) } } else { Admission::TooEarly { from } }
    }

    /// The local day from which time alone opens the next attempt; none: at once, or never.
    fn waits_until(&self) -> Option<NaiveDate> {
        let day = local_day(in_calendar(self.last_failure?), self.zone);
        let waited = self.requirement.wait.after(day);
        match self.requirement.then {
            Exhausted::Wait(length) if self.is_used_up() => Some(length.after(day).max(waited)),
            _ if self.is_used_up() => None,
            _ => Some(waited),
        }
        .map(|day| day.min(super::term::last_day_of_calendar()))
    }

    fn may_take_grant(&self, at: DateTime<Utc>) -> bool {
        self.grants.get(self.taken).is_some_and(|granted| *granted <= at)
    }

    /// Whether the last attempt of the series failed.
    pub(super) fn is_used_up(&self) -> bool {
        self.limit().is_some_and(|limit| self.used >= limit)
    }

    /// How many there are, with those granted so far.
    pub(super) fn limit(&self) -> Option<u32> {
        (self.requirement.attempts > 0).then(|| self.requirement.attempts.saturating_add(self.granted))
    }

    /// How many were used of this series.
    pub(super) fn used(&self) -> u32 {
        self.used
    }

    /// A try that was admitted and is good enough.
    pub(super) fn passed(&mut self) {
        self.begin_anew();
    }

    /// A try that was admitted and is not good enough.
    pub(super) fn failed(&mut self, at: DateTime<Utc>) -> Numbered {
        self.used = self.used.saturating_add(1);
        self.last_failure = Some(at);
        Numbered { attempt: self.used, attempts: self.limit() }
    }

    /// The whole path begins anew. The waiting period after this requirement's own last failure stays.
    pub(super) fn restart(&mut self, by_own_failure: bool) {
        let last_failure = self.last_failure.filter(|_| by_own_failure);
        self.begin_anew();
        self.last_failure = last_failure;
    }

    fn begin_anew(&mut self) {
        (self.used, self.granted, self.last_failure) = (0, 0, None);
    }

    /// Whether nothing is left at `now`, not even a granted one.
    pub(super) fn are_used_up_at(&self, now: DateTime<Utc>) -> bool {
        matches!(self.admission(now), Admission::UsedUp { .. }) && !self.may_take_grant(now)
    }

    /// As seen at `now`: the first local day on which another attempt counts, or counted.
    pub(super) fn next_from(&self, now: DateTime<Utc>) -> Next {
        let Some(failure) = self.last_failure else { return Next::AtOnce };
        let waits = self.waits_until();
        if self.may_take_grant(now) && self.admission(now) != Admission::Open {
            let granted = self.grants.get(self.taken).map_or(failure, |granted| (*granted).max(failure));
            return Next::From(local_day(in_calendar(granted), self.zone));
        }
        match waits {
            Some(from) => Next::From(from),
            None if self.is_used_up() => Next::MustBeGranted,
            None => Next::AtOnce,
        }
    }
}

/// When another attempt may be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// Nothing stands in the way.
    AtOnce,
    /// From this local day.
    From(NaiveDate),
    /// An administrator must grant one.
    MustBeGranted,
}
