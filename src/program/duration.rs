//! [`CalendarDuration`]: `90d`, `6w`, `3mo`, `2y`, reckoned by the calendar in a time zone.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Days, Months, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

/// A number of days, weeks, months or years. 29 February + 1y is 28 February.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CalendarDuration {
    months: u32,
    days: u32,
}

/// Not a duration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a duration is a whole number with d, w, mo or y, such as 30d or 1y")]
pub struct MalformedDuration;

impl CalendarDuration {
    /// No time at all.
    pub const ZERO: CalendarDuration = CalendarDuration { months: 0, days: 0 };

    /// So many days.
    pub const fn days(days: u32) -> Self {
        CalendarDuration { months: 0, days }
    }

    /// So many months.
    pub const fn months(months: u32) -> Self {
        CalendarDuration { months, days: 0 }
    }

    /// Whether this is no time at all.
    pub fn is_zero(self) -> bool {
        self == CalendarDuration::ZERO
    }

    /// So many times as long. Months are added at once: 31 January and two times 1mo is 31 March.
    #[must_use]
    pub const fn times(self, n: u32) -> Self {
        CalendarDuration { months: self.months.saturating_mul(n), days: self.days.saturating_mul(n) }
    }

    /// The day this long after `day`.
    pub fn after(self, day: NaiveDate) -> NaiveDate {
        let moved = day.checked_add_months(Months::new(self.months)).unwrap_or(NaiveDate::MAX);
        moved.checked_add_days(Days::new(u64::from(self.days))).unwrap_or(NaiveDate::MAX)
    }

    /// The day this long before `day`.
    pub fn before(self, day: NaiveDate) -> NaiveDate {
        let moved = day.checked_sub_months(Months::new(self.months)).unwrap_or(NaiveDate::MIN);
        moved.checked_sub_days(Days::new(u64::from(self.days))).unwrap_or(NaiveDate::MIN)
    }
}

/// The last second of the local `day`, in UTC: what `validUntil` says. Where clocks that are set back show midnight twice, the
/// later one ends the day.
pub fn end_of_day(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    let midnight = start_of_day(day.succ_opt().unwrap_or(day), zone);
    let ahead = |at: DateTime<Utc>| at.with_timezone(&zone).naive_local() - at.naive_utc();
    let again = midnight + (ahead(midnight) - ahead(midnight + TimeDelta::hours(3)));
    let second = TimeDelta::seconds(1);
    if again > midnight && local_day(again - second, zone) == day { again - second } else { midnight - second }
}

/// The first moment of the local `day`, in UTC; where clocks jump over midnight, or over the day, the first that exists.
pub fn start_of_day(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN);
    // A day that was left out whole is the longest jump there ever was.
    let jump = (0..=96).map(|n| TimeDelta::minutes(15 * n));
    let shown = jump.into_iter().find_map(|jump| zone.from_local_datetime(&(midnight + jump)).earliest());
    shown.map_or_else(|| Utc.from_utc_datetime(&midnight), |at| at.with_timezone(&Utc))
}

/// The local day on which `at` falls.
pub fn local_day(at: DateTime<Utc>, zone: Tz) -> NaiveDate {
    at.with_timezone(&zone).date_naive()
}

impl FromStr for CalendarDuration {
    type Err = MalformedDuration;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let split = text.find(|c: char| !c.is_ascii_digit()).ok_or(MalformedDuration)?;
        let (digits, unit) = text.split_at(split);
        let n: u32 = digits.parse().ok().filter(|n| *n <= 36_500).ok_or(MalformedDuration)?;
        match unit {
            "d" => Ok(CalendarDuration { months: 0, days: n }),
            "w" => Ok(CalendarDuration { months: 0, days: 7 * n }),
            "mo" => Ok(CalendarDuration { months: n, days: 0 }),
            "y" => Ok(CalendarDuration { months: 12 * n, days: 0 }),
            _ => Err(MalformedDuration),
        }
    }
}

impl fmt::Display for CalendarDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.months, self.days) {
            (0, d) => write!(f, "{d}d"),
            (m, 0) if m % 12 == 0 => write!(f, "{}y", m / 12),
            (m, 0) => write!(f, "{m}mo"),
            (m, d) => write!(f, "{m}mo {d}d"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(zone: &str, day: &str, first: &str, last: &str) {
        let (zone, day) = (zone.parse().unwrap(), day.parse().unwrap());
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        assert_eq!((start_of_day(day, zone), end_of_day(day, zone)), (at(first), at(last)), "{zone} {day}");
    }

    #[test]
    fn days_begin_and_end_as_the_clocks_show_it() {
        check("Europe/Berlin", "2026-03-29", "2026-03-28T23:00:00Z", "2026-03-29T21:59:59Z");
        // Midnight is left out.
        check("America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z", "2018-11-05T01:59:59Z");
        // Midnight comes twice: the later one ends the day before.
        check("America/Sao_Paulo", "2018-02-17", "2018-02-17T02:00:00Z", "2018-02-18T02:59:59Z");
        check("America/St_Johns", "2010-11-06", "2010-11-06T02:30:00Z", "2010-11-07T03:29:59Z");
        check("America/St_Johns", "2010-11-07", "2010-11-07T02:30:00Z", "2010-11-08T03:29:59Z");
        // The 30th is left out.
        check("Pacific/Apia", "2011-12-29", "2011-12-29T10:00:00Z", "2011-12-30T09:59:59Z");
        check("Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z", "2011-12-31T09:59:59Z");
    }
}
