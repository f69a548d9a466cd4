//! What a holder must show while the award runs: placing it, and finding out that it was shown.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

use super::award::{Demand, DemandKind, RemedyDemand};
use super::progress::{Progress, Scope};
use super::standing::Standing;
use super::term::{Term, in_calendar, last_day_of_calendar, last_moment};
use crate::id::RequirementId;
use crate::program::duration::{end_of_day, local_day, start_of_day};
use crate::program::{Certification, Upkeep};

/// So many demands of one upkeep are placed ahead. A term that is longer gets the next ones when this is called again.
const AHEAD: u32 = 24;

/// What is due within `term`, soonest first, as `certification` of this program version asks for it. What was due before
/// `placed_at` is over and not asked for: nobody can be told of it in time.
pub fn upkeep_demands(
    program_version: u32,
    certification: &Certification,
    term: &Term,
    zone: Tz,
    placed_at: DateTime<Utc>,
) -> Vec<Demand> {
    let several = certification.upkeep.len() > 1;
    let mut demands = Vec::new();
    for (n, upkeep) in certification.upkeep.iter().enumerate() {
        let name = if several { format!("upkeep-{}", n + 1) } else { "upkeep".to_owned() };
        let placed = Placed { program_version, zone, at: placed_at };
        demands.extend(due_days(upkeep, term, &placed).map(|(opens, due)| placed.upkeep(&name, upkeep, opens, due)));
    }
    demands.sort_by(|a, b| (a.due, &a.id).cmp(&(b.due, &b.id)));
    demands
}

/// First and last local day of each period that ends before the term does.
fn due_days<'a>(
    upkeep: &'a Upkeep,
    term: &'a Term,
    placed: &'a Placed,
) -> impl Iterator<Item = (NaiveDate, NaiveDate)> + 'a {
    let last = term.valid_until.map_or(last_day_of_calendar(), |until| local_day(in_calendar(until), placed.zone));
    let period = move |k: u32| {
        let due = upkeep.every.times(k).after(term.begins);
        let before = upkeep.every.times(k - 1).after(term.begins);
        (if k == 1 { before } else { before.succ_opt().unwrap_or(before) }, due)
    };
    let running = (1..).map(period).take_while(move |(opens, due)| opens <= due && *due < last);
    running.skip_while(move |(_, due)| end_of_day(*due, placed.zone) < placed.at).take(AHEAD as usize)
}

struct Placed {
    program_version: u32,
    zone: Tz,
    at: DateTime<Utc>,
}

impl Placed {
    fn upkeep(&self, name: &str, upkeep: &Upkeep, opens: NaiveDate, due: NaiveDate) -> Demand {
        let cutoff = upkeep.grace.after(due).min(last_day_of_calendar());
        let remedy = upkeep.remedy.as_ref().map(|remedy| RemedyDemand {
            training: remedy.training.clone(),
            until: last_moment(end_of_day(cutoff, self.zone), remedy.within, self.zone),
        });
        Demand {
            id: format!("{name}-{due}"),
            kind: DemandKind::Upkeep,
            paths: upkeep.any_of.clone(),
            opens: start_of_day(opens, self.zone),
            due: end_of_day(due, self.zone),
            cutoff: end_of_day(cutoff, self.zone),
            remedy,
            placed_at: self.at,
            program: self.program_version,
            met: None,
        }
    }
}

/// The demands that turn out to be met, with the moment at which the last needed thing was shown or waived: in time; or after
/// a miss, by its remedy, or by the thing itself where there is none (a recertification: within the certification's grace).
pub fn newly_met(
    certification: &Certification,
    standing: &Standing,
    zone: Tz,
    now: DateTime<Utc>,
) -> Vec<(String, DateTime<Utc>)> {
    let open = standing.award.iter().flat_map(|award| &award.demands).filter(|demand| demand.met.is_none());
    open.filter_map(|demand| Some((demand.id.clone(), met_at(demand, certification, standing, zone, now)?))).collect()
}

fn met_at(
    demand: &Demand,
    certification: &Certification,
    standing: &Standing,
    zone: Tz,
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    let first = |paths: &[Vec<RequirementId>], from, until: DateTime<Utc>| {
        let scope = Scope {
            certification,
            results: &standing.results,
            exceptions: &standing.exceptions,
            zone,
            from: Some(from),
            after: None,
            recorded_after: None,
            granted_after: Some(demand.opens - TimeDelta::seconds(1)),
            until: until.min(now),
            together: Some(paths),
            held_too: false,
        };
        let progress = Progress::new(scope, Vec::new());
        let complete = |i: usize| paths.iter().any(|path| !path.is_empty() && progress.all_met(path, i));
        let mut moments = progress.moments.iter().copied().enumerate();
        moments.find(|(i, at)| *at >= from && *at <= until && complete(*i)).map(|(_, at)| at)
    };
    if let Some(at) = first(&demand.paths, demand.opens, demand.cutoff) {
        return Some(at);
    }
    let missed = demand.cutoff + TimeDelta::seconds(1);
    if now < missed {
        return None;
    }
    match (&demand.remedy, demand.kind) {
        (Some(remedy), _) => first(&[vec![remedy.training.clone()]], missed, remedy.until),
        (None, DemandKind::Upkeep) => first(&demand.paths, demand.opens, now),
        (None, DemandKind::Recertification) => {
            first(&demand.paths, demand.opens, last_moment(demand.cutoff, certification.renewal.grace, zone))
        }
    }
}
