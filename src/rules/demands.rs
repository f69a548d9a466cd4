//! What a holder must show while the award runs: placing it, and finding out that it was shown.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

use super::award::{Award, Demand, DemandKind, RemedyDemand};
use super::decide::Question;
use super::life::{effect_of, ended_with_term};
use super::progress::Progress;
use super::scope::{Scope, Ways};
use super::term::{Term, in_calendar, last_day_of_calendar, last_moment};
use crate::id::RequirementId;
use crate::program::duration::{end_of_day, local_day, start_of_day};
use crate::program::{Certification, Renewal, Upkeep};

/// So many demands of one upkeep are placed ahead. A term that is longer gets the next ones when this is called again.
const AHEAD: u32 = 24;

/// What is due within `term`, soonest first, as `certification` of this program version asks for it. The last period is due
/// with the term, unless renewing it asks for the same. What was due before `placed_at` is over and not asked for: nobody can
/// be told of it in time.
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
        let with_term = !is_asked_by_renewal(upkeep, certification);
        demands.extend(
            due_days((upkeep, with_term), term, &placed).map(|(opens, due)| placed.upkeep(&name, upkeep, opens, due)),
        );
    }
    demands.sort_by(|a, b| (a.due, &a.id).cmp(&(b.due, &b.id)));
    demands
}

/// Whether nobody can renew without showing what this upkeep asks for.
fn is_asked_by_renewal(upkeep: &Upkeep, certification: &Certification) -> bool {
    let shows_it = |path: &Vec<RequirementId>| {
        let asked = upkeep.any_of.iter().filter(|asked| !asked.is_empty());
        asked.into_iter().any(|asked| asked.iter().all(|id| path.contains(id)))
    };
    let Renewal { any_of, late_any_of, .. } = &certification.renewal;
    let mut paths = any_of.iter().chain(late_any_of).filter(|path| !path.is_empty()).peekable();
    paths.peek().is_some() && paths.all(shows_it)
}

/// First and last local day of each period that ends before the term does, or with it.
fn due_days<'a>(
    (upkeep, with_term): (&'a Upkeep, bool),
    term: &'a Term,
    placed: &'a Placed,
) -> impl Iterator<Item = (NaiveDate, NaiveDate)> + 'a {
    let last = term.valid_until.map_or(last_day_of_calendar(), |until| local_day(in_calendar(until), placed.zone));
    let period = move |k: u32| {
        let due = upkeep.every.times(k).after(term.begins);
        let before = upkeep.every.times(k - 1).after(term.begins);
        (if k == 1 { before } else { before.succ_opt().unwrap_or(before) }, due)
    };
    let running =
        (1..).map(period).take_while(move |(opens, due)| opens <= due && (*due < last || with_term && *due == last));
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

/// Until when completing it mends a missed recertification: as long as a shorter path than the full one would be open. None: as
/// long as the award could run.
pub(super) fn mend_until(demand: &Demand, basis: &Certification, zone: Tz) -> Option<DateTime<Utc>> {
    match (&demand.remedy, demand.kind) {
        (Some(remedy), _) => Some(remedy.until),
        (None, DemandKind::Upkeep) => None,
        (None, DemandKind::Recertification) => {
            let shorter = [basis.renewal.grace, basis.renewal.streamlined];
            shorter.into_iter().map(|length| last_moment(demand.cutoff, length, zone)).max()
        }
    }
}

/// The recertification whose miss ended the award at `since`.
pub(super) fn missed_recertification(award: &Award, since: DateTime<Utc>) -> Option<&Demand> {
    let ended =
        |demand: &&Demand| demand.kind == DemandKind::Recertification && demand.cutoff == since && demand.met.is_none();
    award.demands.iter().find(ended)
}

/// The demands that turn out to be met, or to have been met earlier than was known, with the moment at which the last needed
/// thing was shown or waived: in time; or after a miss, by its remedy, or by the thing itself where there is none. One
/// fulfilment meets one period of an upkeep, the oldest open one.
pub fn newly_met(q: &Question<'_>) -> Vec<(String, DateTime<Utc>)> {
    let newly = asked(q).into_iter().filter_map(|Asked { demand, met, .. }| {
        let at = met.filter(|at| demand.met.is_none_or(|known| *at < known.at))?;
        Some((demand.id.clone(), at))
    });
    newly.collect()
}

/// A demand that can still matter.
pub(super) struct Asked<'a> {
    pub(super) demand: &'a Demand,
    /// Results after this moment are not used up by the periods before.
    after: Option<DateTime<Utc>>,
    /// When it was met.
    met: Option<DateTime<Utc>>,
    /// By what mends a miss instead.
    by_remedy: bool,
}

/// What is asked of the holder, soonest first, and whether it was shown.
pub(super) fn asked<'a>(q: &Question<'a>) -> Vec<Asked<'a>> {
    let Some(award) = &q.standing.award else { return Vec::new() };
    let mut demands: Vec<&Demand> = award.demands.iter().filter(|d| !ended_with_term(award, d, q.now)).collect();
    demands.sort_by_key(|demand| (demand.due, &demand.id));
    let mut all: Vec<Asked<'a>> = Vec::new();
    for demand in demands {
        let same = |other: &&Asked<'_>| demand.kind == DemandKind::Upkeep && other.demand.paths == demand.paths;
        let used = |by_remedy| {
            let by = all.iter().filter(same).filter(|other| other.by_remedy == by_remedy);
            by.filter_map(|other| other.met).max()
        };
        let mut asked = Asked { demand, after: used(false), met: None, by_remedy: false };
        let known = demand.met.map(|met| met.at);
        asked.met = asked.first(q, (demand.opens, demand.cutoff));
        if asked.met.is_none() && q.now >= effect_of(demand) {
            if demand.remedy.is_some() {
                (asked.by_remedy, asked.after) = (true, used(true));
            }
            asked.met = asked.first(q, asked.mending(q));
        }
        // What is known stays, also where the results that showed it are kept elsewhere.
        if let Some(known) = known {
            asked.met = Some(asked.met.map_or(known, |at| at.min(known)));
        }
        all.push(asked);
    }
    all
}

impl Asked<'_> {
    /// What leads on: the paths themselves or, of a miss, what mends it.
    pub(super) fn paths(&self) -> Vec<Vec<RequirementId>> {
        match &self.demand.remedy {
            Some(remedy) if self.by_remedy => vec![vec![remedy.training.clone()]],
            _ => self.demand.paths.clone(),
        }
    }

    /// Whether its miss has an effect that can still be mended.
    pub(super) fn is_missed(&self, q: &Question<'_>) -> bool {
        self.met.is_none() && q.now >= effect_of(self.demand) && q.now <= self.mending(q).1
    }

    /// From when to when a miss can be mended.
    fn mending(&self, q: &Question<'_>) -> (DateTime<Utc>, DateTime<Utc>) {
        let from = if self.by_remedy { effect_of(self.demand) } else { self.demand.opens };
        (from, mend_until(self.demand, q.basis, q.program.timezone).unwrap_or(q.now))
    }

    /// What of it counts until now.
    pub(super) fn scope<'p>(&self, q: &Question<'p>, paths: &'p [Vec<RequirementId>]) -> Scope<'p> {
        let (opens, began) =
            (self.demand.opens - TimeDelta::seconds(1), q.standing.award.as_ref().map(Award::term_began));
        Scope {
            tried_after: Some(began.map_or(opens, |began| began.min(opens))),
            from: Some(if self.by_remedy { effect_of(self.demand) } else { self.demand.opens }),
            after: self.after,
            granted_after: Some(self.after.map_or(opens, |after| after.max(opens))),
            until: q.now,
            ..Scope::of(q, Ways::Only(paths))
        }
    }

    /// The first moment at which it was shown.
    fn first(&self, q: &Question<'_>, (from, until): (DateTime<Utc>, DateTime<Utc>)) -> Option<DateTime<Utc>> {
        let paths = self.paths();
        let scope = Scope { until: until.min(q.now), ..self.scope(q, &paths) };
        let progress = Progress::new(scope, Vec::new());
        let complete = |at: DateTime<Utc>| paths.iter().any(|path| !path.is_empty() && progress.all_met(path, at));
        progress.moments.iter().copied().find(|at| *at >= from && *at <= until && complete(*at))
    }
}
