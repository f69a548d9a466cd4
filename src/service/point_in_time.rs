//! [`PointInTime`]: the moment an answer shall be about, and up to when what was recorded may be used for it.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use super::{Breakdown, moment, program};
use crate::app::App;
use crate::clock::whole_seconds;
use crate::program::duration::{end_of_day, local_day, start_of_day};
use crate::store::ReadSet;

/// A day of the program's calendar, or a moment: `2026-03-01`, `2026-03-01T10:00:00Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayOrMoment {
    /// A local day.
    Day(NaiveDate),
    /// With its time zone.
    Moment(DateTime<Utc>),
}

impl DayOrMoment {
    /// Reads either form; anything else, and years that no calendar of ours has, is `None`.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Ok(day) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
            return sane(day.and_time(chrono::NaiveTime::MIN).and_utc()).then_some(DayOrMoment::Day(day));
        }
        let at = DateTime::parse_from_rfc3339(text).ok()?.with_timezone(&Utc);
        sane(at).then(|| DayOrMoment::Moment(whole_seconds(at)))
    }

    /// The last second of the day; of today, `now`.
    pub fn end(self, zone: Tz, now: DateTime<Utc>) -> DateTime<Utc> {
        match self {
            DayOrMoment::Day(day) if day == local_day(now, zone) => now,
            DayOrMoment::Day(day) => end_of_day(day, zone),
            DayOrMoment::Moment(at) => at,
        }
    }

    /// The first second of the day; of today, `now`.
    pub(super) fn start(self, zone: Tz, now: DateTime<Utc>) -> DateTime<Utc> {
        match self {
            DayOrMoment::Day(day) if day == local_day(now, zone) => now,
            DayOrMoment::Day(day) => start_of_day(day, zone),
            DayOrMoment::Moment(at) => at,
        }
    }
}

/// Years that every calendar here can show.
fn sane(at: DateTime<Utc>) -> bool {
    use chrono::Datelike as _;
    (1_900..=9_000).contains(&at.year())
}

/// Which moment, and as known when. The default is now, as known now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PointInTime {
    /// What was true then; now unless told.
    pub at: Option<DateTime<Utc>>,
    /// By what had been recorded then; now unless told.
    pub known: Option<DateTime<Utc>>,
}

/// Why there is no answer about that moment.
#[derive(Debug, thiserror::Error)]
pub enum PointInTimeError {
    /// Neither a day nor a moment.
    #[error("{parameter} must be a day such as 2026-03-01 or a moment with its time zone such as 2026-03-01T10:00:00Z")]
    Malformed {
        /// `at` or `known`.
        parameter: &'static str,
    },
    /// Nobody knows yet.
    #[error("{parameter} lies in the future: what was true can be told, what will be true cannot")]
    Future {
        /// `at` or `known`.
        parameter: &'static str,
    },
    /// Anything else.
    #[error(transparent)]
    Breakdown(#[from] Breakdown),
}

breaks_down!(PointInTimeError);

impl PointInTime {
    /// Reads both parameters. A day without a time means its last second in the program's time zone; today means now.
    pub async fn read(app: &App, at: Option<&str>, known: Option<&str>) -> Result<Self, PointInTimeError> {
        let (at, known) = (filled(at), filled(known));
        if at.is_none() && known.is_none() {
            return Ok(PointInTime::default());
        }
        let zone = program::in_force(app, &mut ReadSet::new()).await?.program.timezone;
        let now = moment(app);
        let one = |parameter: &'static str, text: Option<&str>| {
            let Some(text) = text else { return Ok(None) };
            let given = DayOrMoment::read(text).ok_or(PointInTimeError::Malformed { parameter })?;
            let at = given.end(zone, now);
            if at > now { Err(PointInTimeError::Future { parameter }) } else { Ok(Some(at)) }
        };
        Ok(PointInTime { at: one("at", at)?, known: one("known", known)? })
    }
}

fn filled(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        let zone: Tz = "Europe/Berlin".parse().unwrap();
        let now: DateTime<Utc> = "2026-11-20T10:00:00Z".parse().unwrap();
        let expected: Option<DateTime<Utc>> = expected.map(|at| at.parse().unwrap());
        assert_eq!(DayOrMoment::read(text).map(|given| given.end(zone, now)), expected, "{text}");
    }

    #[test]
    fn a_day_means_its_last_local_second_and_today_means_now() {
        check("2026-03-01", Some("2026-03-01T22:59:59Z"));
        check("2026-07-01", Some("2026-07-01T21:59:59Z"));
        check("2026-11-20", Some("2026-11-20T10:00:00Z"));
        check(" 2026-03-01T10:00:00.9+01:00 ", Some("2026-03-01T09:00:00Z"));
        for nonsense in
            ["", "yesterday", "2026-03-01T10:00:00", "01.03.2026", "2026-02-30", "0001-01-01", "+99999-01-01"]
        {
            check(nonsense, None);
        }
    }
}
