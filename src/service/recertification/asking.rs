//! Whom a recertification concerns, and what it demands of them.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::program::duration::{end_of_day, local_day, start_of_day};
use crate::program::{Certification, Program, Recertify};
use crate::rules::{self, AwardState, Demand, DemandKind, Met, Standing};
use crate::store::{Recertification, Stage};

/// What `[[recertify]]` asks for, in version `program`.
pub fn of_program(entry: &Recertify, zone: Tz, program: u32, now: DateTime<Utc>) -> Recertification {
    let announced = start_of_day(entry.announced, zone);
    Recertification {
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
    }
}

/// Whether the holder is asked: who holds it (also while it is suspended) and earned it before the announcement.
pub fn concerns(asked: &Recertification, standing: &Standing, state: &AwardState) -> bool {
    let Some(award) = &standing.award else { return false };
    let current = award.current();
    asked.certifications.contains(&standing.certification)
        && current.awarded_at <= asked.announced_at
        && asked.issued_before.is_none_or(|before| current.awarded_at < before)
        && asked.program_version.is_none_or(|version| current.program == version)
        && matches!(state, AwardState::Valid { .. } | AwardState::Suspended { .. })
        && award.demands.iter().all(|demand| demand.id != asked.id)
}

/// Whether somebody who works there is asked. Of whom that is not known is not, where regions are named.
pub(super) fn concerns_region(asked: &Recertification, region: Option<&str>) -> bool {
    let there = |region: &str| asked.region.iter().any(|named| named.eq_ignore_ascii_case(region));
    asked.region.is_empty() || region.is_some_and(there)
}

/// Until when a holder who is told at `told` has time: who is told after the date has as long from then.
pub fn due_for(asked: &Recertification, zone: Tz, told: DateTime<Utc>) -> DateTime<Utc> {
    if told <= asked.due {
        return asked.due;
    }
    let long = local_day(asked.due, zone) - local_day(asked.opens, zone);
    let last = local_day(told, zone).checked_add_signed(long).unwrap_or_else(|| local_day(told, zone));
    end_of_day(last, zone)
}

/// What is demanded, and whether results since the announcement have shown it already.
pub(super) fn demand(asked: &Recertification, program: &Program, standing: &Standing, now: DateTime<Utc>) -> Demand {
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
    let met = rules::newly_met(certification, &asked, program.timezone, now);
    met.first().map(|(_, at)| *at)
}
