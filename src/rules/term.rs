//! [`Term`]: from when until when an award runs, reckoned by the calendar in the program's time zone.

use chrono::{DateTime, Datelike, NaiveDate, SubsecRound, TimeZone, Utc};
use chrono_tz::Tz;

use super::award::{Award, Reason, VersionEntry};
use super::state::{AwardState, state_at};
use crate::id::CredentialVersion;
use crate::program::duration::{CalendarDuration, end_of_day, local_day, start_of_day};
use crate::program::{Certification, Program};

/// The dates of one version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    /// When the last needed thing was earned; kept over renewals.
    pub awarded_at: DateTime<Utc>,
    /// The moment of the act that earned this term.
    pub earned_at: DateTime<Utc>,
    /// The local day from which it is reckoned: the last of the term before when renewed early.
    pub begins: NaiveDate,
    /// 23:59:59 local of the last day; none: does not expire.
    pub valid_until: Option<DateTime<Utc>>,
    /// The version of the award that began it; none: the one that will be signed does.
    pub began: Option<CredentialVersion>,
}

impl Term {
    /// The term that `version` of an award already has.
    pub fn of(version: &VersionEntry, zone: Tz) -> Self {
        let begins = local_day(in_calendar(version.awarded_at), zone);
        Term {
            awarded_at: version.awarded_at,
            earned_at: version.earned_at,
            begins,
            valid_until: version.valid_until,
            began: Some(version.term),
        }
    }

    /// Ends no earlier than `old`, which was promised.
    pub(super) fn not_before(self, old: Option<DateTime<Utc>>) -> Self {
        Term { valid_until: self.valid_until.map(|until| old.map_or(until, |old| until.max(old))), ..self }
    }

    /// Whether it is not over at `now`.
    pub fn holds_at(&self, now: DateTime<Utc>) -> bool {
        self.valid_until.is_none_or(|until| now.trunc_subsecs(0) <= until)
    }
}

/// Why an award cannot be renewed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RenewalRefused {
    /// There is nothing to prolong.
    #[error("this award does not expire, so there is nothing to renew")]
    NeverExpires,
    /// It has not begun.
    #[error("this award is only valid from {from}")]
    NotYetValid {
        /// Its first moment.
        from: DateTime<Utc>,
    },
    /// Reinstate it first.
    #[error("this award is suspended since {since}; reinstate it first")]
    Suspended {
        /// From when.
        since: DateTime<Utc>,
        /// The closed code.
        reason: Reason,
    },
    /// That is final.
    #[error("this award is revoked since {since}, which is final")]
    Revoked {
        /// From when.
        since: DateTime<Utc>,
        /// The closed code.
        reason: Reason,
    },
}

/// Where a moment lies between an award's term and the end of the paths that renew it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RenewalPhase {
    /// Before the window.
    Early,
    /// In the window before expiry.
    Window,
    /// Expired, and the renewal path is open.
    Grace,
    /// After grace, while the streamlined path is open.
    Streamlined,
    /// Only the full path is left.
    Lapsed,
}

/// The term of an award earned at `awarded_at`. With the expiry of the term before it, the new one follows on that (when
/// renewed early) or begins today (when renewed after expiry).
pub fn term(
    program: &Program,
    certification: &Certification,
    awarded_at: DateTime<Utc>,
    from_old_expiry: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Term {
    let day = |at| local_day(in_calendar(at), program.timezone);
    let start = match from_old_expiry {
        Some(old) => day(old).max(day(now)),
        None => day(awarded_at),
    };
    let valid_until = last_day(certification, start).map(|day| end_of_day(day, program.timezone));
    let earned_at = if from_old_expiry.is_some() { now } else { awarded_at };
    Term { awarded_at, earned_at, begins: start, valid_until, began: None }
}

/// The term that renewing `award` by hand gives: at any time, unless it never expires, is suspended or revoked. Beyond the
/// renewal paths it counts as earned anew.
pub fn renewal_term(
    program: &Program,
    certification: &Certification,
    award: &Award,
    now: DateTime<Utc>,
) -> Result<Term, RenewalRefused> {
    match state_at(award, Some(certification), program.timezone, now) {
        AwardState::Valid { .. } | AwardState::Expired { .. } => {}
        AwardState::NotYetValid { from } => return Err(RenewalRefused::NotYetValid { from }),
        AwardState::Suspended { since, reason } => return Err(RenewalRefused::Suspended { since, reason }),
        AwardState::Revoked { since, reason } => return Err(RenewalRefused::Revoked { since, reason }),
    }
    let current = award.current();
    let expiry = current.valid_until.ok_or(RenewalRefused::NeverExpires)?;
    let lapsed = renewal_phase(certification, expiry, program.timezone, now) == RenewalPhase::Lapsed;
    let awarded_at = if lapsed { now } else { current.awarded_at };
    Ok(term(program, certification, awarded_at, Some(expiry), now))
}

/// Where `at` lies for a term that ends at `expiry`.
pub fn renewal_phase(
    certification: &Certification,
    expiry: DateTime<Utc>,
    zone: Tz,
    at: DateTime<Utc>,
) -> RenewalPhase {
    let (renewal, at) = (&certification.renewal, at.trunc_subsecs(0));
    let last = local_day(in_calendar(expiry), zone);
    if at < start_of_day(renewal.window.before(last), zone) {
        RenewalPhase::Early
    } else if at <= expiry {
        RenewalPhase::Window
    } else if at <= last_moment(expiry, renewal.grace, zone) {
        RenewalPhase::Grace
    } else if at <= last_moment(expiry, renewal.streamlined, zone) {
        RenewalPhase::Streamlined
    } else {
        RenewalPhase::Lapsed
    }
}

/// The last moment of something that counts from the local day of `from` for so long.
pub(super) fn last_moment(from: DateTime<Utc>, length: CalendarDuration, zone: Tz) -> DateTime<Utc> {
    end_of_day(length.after(local_day(in_calendar(from), zone)).min(last_day_of_calendar()), zone)
}

/// A validity after `start`, moved on to the next of the days on which awards run out.
fn last_day(certification: &Certification, start: NaiveDate) -> Option<NaiveDate> {
    let day = certification.validity?.after(start).min(last_day_of_calendar());
    let next = |(month, date): &(u32, u32)| {
        let in_year = |year: i32| day_of_year(year, *month, *date);
        in_year(day.year()).filter(|d| *d >= day).or_else(|| in_year(day.year() + 1))
    };
    let moved = certification.expires_on.iter().filter_map(next).min();
    Some(moved.unwrap_or(day).min(last_day_of_calendar()))
}

/// 29 February is the 28th in other years.
fn day_of_year(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month, day).or_else(|| NaiveDate::from_ymd_opt(year, month, day.checked_sub(1)?))
}

/// What a credential can still write with four digits of year.
pub(super) fn last_day_of_calendar() -> NaiveDate {
    NaiveDate::from_ymd_opt(9999, 12, 30).expect("a day of the calendar")
}

/// A moment that every time zone can show.
pub(super) fn in_calendar(at: DateTime<Utc>) -> DateTime<Utc> {
    let first = Utc.timestamp_opt(-62_000_000_000, 0).single().expect("in the year 5");
    let last = Utc.timestamp_opt(253_402_128_000, 0).single().expect("in the year 9999");
    at.clamp(first, last)
}
