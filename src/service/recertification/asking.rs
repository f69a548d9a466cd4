//! Whom a recertification concerns, and what it demands of them.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use crate::program::duration::{end_of_day, local_day, start_of_day};
use crate::program::{Certification, Program, Recertify};
use crate::rules::{self, AwardState, Demand, DemandKind, Met, Question, Standing, Versions};
use crate::store::{Recertification, Stage};

/// Who is asked after the day of the announcement has at least so many days.
const AT_LEAST: i64 = 14;

/// What `[[recertify]]` asks for, in version `program`, when holders begin to be asked at `now`.
pub fn of_program(entry: &Recertify, zone: Tz, program: u32, now: DateTime<Utc>) -> Recertification {
    let announced = start_of_day(entry.announced, zone);
    let asked = Recertification {
        id: entry.id.clone(),
        certifications: entry.certifications.clone(),
        requirement: entry.requirement.clone(),
        announced_at: announced,
        opens: announced,
        due: end_of_day(entry.by.after(entry.announced), zone),
        issued_before: entry.issued_before.map(|day| start_of_day(day, zone)),
        program_version: None,
        region: entry.region.clone(),
        program,
        by: None,
        second: None,
        recorded_at: now,
        stage: Stage::Placing,
        looked_at: None,
        placed: 0,
    };
    Recertification { due: due_of(&asked, zone, now), ..asked }
}

/// Whether the holder is asked: who holds it (also while it is suspended), unless the order is narrower.
pub fn concerns(asked: &Recertification, standing: &Standing, state: &AwardState) -> bool {
    let Some(award) = &standing.award else { return false };
    let current = award.current();
    asked.certifications.contains(&standing.certification)
        && asked.issued_before.is_none_or(|before| current.awarded_at < before)
        && asked.program_version.is_none_or(|version| current.program == version)
        && matches!(state, AwardState::Valid { .. } | AwardState::Suspended { .. })
        && award.demands.iter().all(|demand| demand.id != asked.id)
}

/// Whether somebody who works there is asked. Of whom that is not known is not, where regions are named.
pub(in crate::service) fn concerns_region(asked: &Recertification, region: Option<&str>) -> bool {
    let there = |region: &str| asked.region.iter().any(|named| named.eq_ignore_ascii_case(region));
    asked.region.is_empty() || region.is_some_and(there)
}

/// The date of what holders begin to be asked at `now`: after its own date, they have as long from then.
pub(super) fn due_of(asked: &Recertification, zone: Tz, now: DateTime<Utc>) -> DateTime<Utc> {
    if now <= asked.due {
        return asked.due;
    }
    days_after(now, local_day(asked.due, zone) - local_day(asked.opens, zone), zone)
}

/// Until when a holder who is told at `told` has time: the date of all, but never less than two weeks for who is told later
/// than others.
pub fn due_for(asked: &Recertification, zone: Tz, told: DateTime<Utc>) -> DateTime<Utc> {
    if local_day(told, zone) <= local_day(asked.opens, zone) {
        return asked.due;
    }
    asked.due.max(days_after(told, TimeDelta::days(AT_LEAST), zone))
}

/// The end of the day that comes so long after that of `at`.
fn days_after(at: DateTime<Utc>, long: TimeDelta, zone: Tz) -> DateTime<Utc> {
    let day = local_day(at, zone);
    end_of_day(day.checked_add_signed(long).unwrap_or(day), zone)
}

/// What is demanded, and whether results since the announcement have shown it already.
pub(in crate::service) fn demand(
    asked: &Recertification,
    program: &Program,
    standing: &Standing,
    now: DateTime<Utc>,
) -> Demand {
    let due = due_for(asked, program.timezone, now);
    let mut demand = Demand {
        id: asked.id.clone(),
        kind: DemandKind::Recertification,
        paths: vec![vec![asked.requirement.clone()]],
        opens: asked.opens,
        due,
        cutoff: due,
        remedy: None,
        placed_at: now,
        program: asked.program,
        met: None,
    };
    let met = program.certification(&standing.certification).and_then(|c| shown_at(&demand, c, standing, program, now));
    demand.met = met.map(|at| Met { at, recorded_at: now });
    demand
}

/// When what is demanded was shown: as if the award had the demand already.
fn shown_at(
    demand: &Demand,
    certification: &Certification,
    standing: &Standing,
    program: &Program,
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    let mut asked = standing.clone();
    asked.award.as_mut()?.demands = vec![demand.clone()];
    let met = rules::newly_met(&Question {
        versions: Versions::only(program),
        program,
        certification,
        basis: certification,
        standing: &asked,
        held: None,
        now,
        history: false,
    });
    met.first().map(|(_, at)| *at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(told: &str, expected: &str) {
        let zone: Tz = "Europe/Berlin".parse().unwrap();
        let entry = Recertify {
            id: "release-9".to_owned(),
            announced: "2027-03-01".parse().unwrap(),
            certifications: Vec::new(),
            requirement: "annual-update".parse().unwrap(),
            by: "60d".parse().unwrap(),
            issued_before: None,
            region: Vec::new(),
        };
        let asked = of_program(&entry, zone, 1, "2027-03-01T09:00:00Z".parse().unwrap());
        assert_eq!(due_for(&asked, zone, told.parse().unwrap()), expected.parse::<DateTime<Utc>>().unwrap(), "{told}");
    }

    #[test]
    fn the_date_is_that_of_all_but_nobody_has_less_than_two_weeks() {
        check("2027-03-01T09:00:00Z", "2027-04-30T21:59:59Z");
        check("2027-04-15T09:00:00Z", "2027-04-30T21:59:59Z");
        check("2027-04-16T21:59:59Z", "2027-04-30T21:59:59Z");
        check("2027-04-16T22:00:00Z", "2027-05-01T21:59:59Z");
        check("2027-04-30T09:00:00Z", "2027-05-14T21:59:59Z");
    }
}
