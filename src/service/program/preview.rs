//! [`Preview`]: what another version of the program would change, for whom by name.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::definitions::{Definition, changed};
use super::version;
use crate::app::{App, InForce};
use crate::id::{CertificationId, Realm};
use crate::program::duration::local_day;
use crate::program::{Certification, Program};
use crate::rules::{self, Award, AwardState, Decision, Held, Question, RenewalPhase, Standing, Unmet, Versions};
use crate::service::{Breakdown, recertification};
use crate::store::{ReadSet, Recertification};

/// The most lines about persons, and about definitions: more are only counted.
pub const MOST_LINES: usize = 1_000;
/// How many standings are read at a time.
const PAGE: usize = 500;

/// What another version would change.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Preview {
    /// The version it is compared with: the one in force at its date.
    pub replaces: u32,
    /// From when it would decide.
    pub effective_at: DateTime<Utc>,
    /// What it defines differently.
    pub definitions: Vec<Definition>,
    /// What changes for whom: first what shortens or ends awards.
    pub changes: Vec<Line>,
    /// How many changes there are of each kind, those that are not listed included.
    pub counts: BTreeMap<LineKind, u64>,
    /// How many changes there are in all.
    pub total: u64,
    /// How many of them shorten or end an award: with any, another caller must confirm.
    pub shortens: u64,
}

/// One change for one person.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = PreviewLine)]
pub struct Line {
    /// What kind of change.
    pub kind: LineKind,
    /// It shortens or ends an award.
    pub shortens: bool,
    /// The person's name, for callers who may read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// In what.
    pub certification: String,
    /// The award's number, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub award: Option<String>,
    /// The day on which the award ends, or by which something is demanded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<DateTime<Utc>>,
    /// In a sentence.
    pub words: String,
}

/// Kinds of change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LineKind {
    /// The certification is gone: what is held runs out.
    Removed,
    /// The certification closes: what is held runs out.
    Closes,
    /// Something must be completed by a date, or the award expires then.
    Demand,
    /// What was withheld would be awarded.
    Awarded,
    /// What would have been awarded is withheld.
    Withheld,
    /// It stays withheld, for other reasons.
    OtherReasons,
    /// The path to it is gone before it was awarded.
    PathGone,
    /// Other words stand in the next credential; the one that is held keeps its own.
    ShownLater,
}

/// Compares two versions for every live standing. `names`: the caller may read them.
pub(super) async fn of(
    app: &App,
    names: bool,
    old: &InForce,
    new: &Program,
    at: DateTime<Utc>,
) -> Result<Preview, Breakdown> {
    let mut definitions = changed(&old.program, new);
    definitions.truncate(MOST_LINES);
    let asked = newly_asked(app, &old.program, new, at).await?;
    let change = Change { old, new, asked, at };
    let mut lines = Lines::default();
    let mut after = None;
    loop {
        let page = app.store.standings_after(Realm::Live, after.as_ref(), PAGE).await?;
        let Some(last) = page.last() else { break };
        after = Some((last.person.clone(), last.certification.clone()));
        for standing in &page {
            for line in compare(app, standing, &change).await? {
                lines.add(app, names.then_some(standing), line).await?;
            }
        }
    }
    Ok(lines.into_preview(old.record.version, at, definitions))
}

/// Recertifications that the new version asks for and that were not asked before.
async fn newly_asked(
    app: &App,
    old: &Program,
    new: &Program,
    at: DateTime<Utc>,
) -> Result<Vec<Recertification>, Breakdown> {
    let mut asked = Vec::new();
    for entry in new.recertify.iter().filter(|entry| old.recertify.iter().all(|known| known.id != entry.id)) {
        if app.store.recertification(Realm::Live, &entry.id, &mut ReadSet::new()).await?.is_none() {
            asked.push(recertification::of_program(entry, new.timezone, 0, at));
        }
    }
    Ok(asked)
}

/// One version in place of another.
struct Change<'a> {
    old: &'a InForce,
    new: &'a Program,
    asked: Vec<Recertification>,
    at: DateTime<Utc>,
}

async fn compare(app: &App, standing: &Standing, change: &Change<'_>) -> Result<Vec<Line>, Breakdown> {
    let Change { old, new, at, .. } = change;
    let at = *at;
    let id = &standing.certification;
    match &standing.award {
        Some(award) => {
            let basis = version(app, award.current().program).await?;
            let certification = basis.program.certification(id);
            let state = rules::state_at(award, certification, basis.program.timezone, at);
            let known = certification.or_else(|| old.program.certification(id));
            let Some(known) = known.filter(|known| !is_over(award, known, &basis.program, &state, at)) else {
                return Ok(Vec::new());
            };
            let mut lines = held_changes(standing, award, known, &old.program, new);
            lines.extend(demands(app, standing, &state, change).await?);
            Ok(lines)
        }
        None if standing.results.is_empty() => Ok(Vec::new()),
        None => Ok(undecided(app, standing, old, new, at).await?.into_iter().collect()),
    }
}

/// Nothing short of the whole path brings it back.
fn is_over(award: &Award, known: &Certification, basis: &Program, state: &AwardState, at: DateTime<Utc>) -> bool {
    match state {
        AwardState::Revoked { .. } => true,
        AwardState::Expired { since, .. } => {
            rules::renewal_phase(known, *since, basis.timezone, at) == RenewalPhase::Lapsed
        }
        AwardState::Valid { .. } | AwardState::Suspended { .. } | AwardState::NotYetValid { .. } => {
            award.versions.is_empty()
        }
    }
}

/// Of an award that is held: it cannot be renewed any more, or its next credential says something else.
fn held_changes(standing: &Standing, award: &Award, known: &Certification, old: &Program, new: &Program) -> Vec<Line> {
    let until = award.current().valid_until;
    let zone = new.timezone;
    let ends = || until.map_or("it does not expire".to_owned(), |at| format!("it ends on {}", local_day(at, zone)));
    let was_open = old.certification(&standing.certification);
    let line = |kind, words: String| Line {
        kind,
        shortens: matches!(kind, LineKind::Removed | LineKind::Closes) && until.is_some(),
        name: None,
        certification: standing.certification.to_string(),
        award: Some(award.id.grouped()),
        on: until,
        words,
    };
    let Some(next) = new.certification(&standing.certification) else {
        if was_open.is_none() {
            return Vec::new();
        }
        let words = format!("{} is not in the program any more: the award cannot be renewed; {}.", known.name, ends());
        return vec![line(LineKind::Removed, words)];
    };
    let mut lines = Vec::new();
    let closed_before = was_open.and_then(|c| c.closes);
    if let Some(closes) = next.closes.filter(|day| closed_before.is_none_or(|before| *day < before)) {
        let words = format!("{} closes on {closes}: after that the award cannot be renewed; {}.", next.name, ends());
        lines.push(line(LineKind::Closes, words));
    }
    let differ: Vec<&str> = [("name", known.name != next.name), ("criteria", known.criteria != next.criteria)]
        .into_iter()
        .filter_map(|(what, differs)| differs.then_some(what))
        .collect();
    if !differ.is_empty() {
        let words = format!("{}: another {} from the next credential on.", next.name, differ.join(" and "));
        lines.push(Line { on: None, ..line(LineKind::ShownLater, words) });
    }
    lines
}

async fn demands(
    app: &App,
    standing: &Standing,
    state: &AwardState,
    change: &Change<'_>,
) -> Result<Vec<Line>, Breakdown> {
    let Change { new, asked, at, .. } = change;
    let Some(award) = &standing.award else { return Ok(Vec::new()) };
    let mut lines = Vec::new();
    for entry in asked.iter().filter(|entry| recertification::concerns(entry, standing, state)) {
        if recertification::works_there(app, Realm::Live, entry, standing).await? {
            lines.push(demand_line(standing, award, (entry, *at), new));
        }
    }
    Ok(lines)
}

/// What a recertification means for one holder.
pub(in crate::service) fn demand_line(
    standing: &Standing,
    award: &Award,
    (asked, told): (&Recertification, DateTime<Utc>),
    program: &Program,
) -> Line {
    let named = program.certification(&standing.certification);
    let requirement =
        named.and_then(|c| c.requirement(&asked.requirement)).map_or(asked.requirement.as_str(), |r| &r.name);
    let name = named.map_or(standing.certification.as_str(), |c| &c.name);
    let due = recertification::due_for(asked, program.timezone, told);
    let by = local_day(due, program.timezone);
    Line {
        kind: LineKind::Demand,
        shortens: true,
        name: None,
        certification: standing.certification.to_string(),
        award: Some(award.id.grouped()),
        on: Some(due),
        words: format!("{name}: \"{requirement}\" must be completed by {by}, or the award expires then."),
    }
}

/// Of what is not awarded yet: with the new version it is decided otherwise.
async fn undecided(
    app: &App,
    standing: &Standing,
    old: &InForce,
    new: &Program,
    at: DateTime<Utc>,
) -> Result<Option<Line>, Breakdown> {
    let id = &standing.certification;
    let Some(before) = old.program.certification(id) else { return Ok(None) };
    let line = |kind, words: String| {
        let certification = id.to_string();
        Some(Line { kind, shortens: false, name: None, certification, award: None, on: None, words })
    };
    let Some(after) = new.certification(id) else {
        return Ok(line(
            LineKind::PathGone,
            format!("{} is not in the program any more; it was not awarded yet.", before.name),
        ));
    };
    let mut wanted: Vec<CertificationId> =
        before.prerequisites.iter().chain(&after.prerequisites).flatten().cloned().collect();
    wanted.sort();
    wanted.dedup();
    let standings = app.store.standings(Realm::Live, &standing.person, &wanted, &mut ReadSet::new()).await?;
    let held = |s: Standing| Some(Held { certification: s.certification, award: s.award? });
    let held: Vec<Held> = standings.into_iter().filter_map(held).collect();
    // What was shown so far is judged by the versions of its days, whatever comes.
    let known = super::decided(app, at, &mut ReadSet::new()).await?;
    let was: Vec<_> = known[1..].iter().map(|(from, version)| (*from, &version.program)).collect();
    let will: Vec<_> = was.iter().copied().chain([(at, new)]).collect();
    let decide = |program, certification, later: &[(DateTime<Utc>, &Program)]| {
        rules::decide(&Question {
            versions: Versions::new(&known[0].1.program, later),
            program,
            certification,
            basis: certification,
            standing,
            held: Some(&held),
            now: at,
            history: false,
        })
    };
    Ok(match (decide(&old.program, before, &was), decide(new, after, &will)) {
        (Decision::Withhold(_), Decision::Award(_)) => {
            line(LineKind::Awarded, format!("{}: everything would be met.", after.name))
        }
        (Decision::Award(_), Decision::Withhold(unmet)) => {
            line(LineKind::Withheld, format!("{}: it would be withheld. {}", after.name, sentences(&unmet)))
        }
        (Decision::Withhold(was), Decision::Withhold(is)) if reasons(&was) != reasons(&is) => {
            line(LineKind::OtherReasons, format!("{}: still withheld. {}", after.name, sentences(&is)))
        }
        _ => None,
    })
}

fn reasons(unmet: &[Unmet]) -> Vec<(String, String)> {
    let reason =
        |u: &Unmet| (format!("{:?}", u.code), u.facts.get("requirement").map_or(String::new(), ToString::to_string));
    unmet.iter().map(reason).collect()
}

fn sentences(unmet: &[Unmet]) -> String {
    unmet.iter().take(5).map(|u| u.words.as_str()).collect::<Vec<_>>().join(" ")
}

/// Lines as they are found: those that shorten an award come first, and each half is bounded.
#[derive(Default)]
struct Lines {
    shortening: Vec<Line>,
    others: Vec<Line>,
    counts: BTreeMap<LineKind, u64>,
    shortens: u64,
}

impl Lines {
    async fn add(&mut self, app: &App, named: Option<&Standing>, mut line: Line) -> Result<(), Breakdown> {
        *self.counts.entry(line.kind).or_default() += 1;
        self.shortens += u64::from(line.shortens);
        let list = if line.shortens { &mut self.shortening } else { &mut self.others };
        if list.len() < MOST_LINES {
            line.name = match named {
                Some(standing) => name_of(app, Realm::Live, standing).await?,
                None => None,
            };
            list.push(line);
        }
        Ok(())
    }

    fn into_preview(mut self, replaces: u32, effective_at: DateTime<Utc>, definitions: Vec<Definition>) -> Preview {
        self.shortening.append(&mut self.others);
        self.shortening.truncate(MOST_LINES);
        let total = self.counts.values().sum();
        let Lines { shortening: changes, counts, shortens, .. } = self;
        Preview { replaces, effective_at, definitions, changes, counts, total, shortens }
    }
}

/// The name of whose standing it is.
pub(in crate::service) async fn name_of(
    app: &App,
    realm: Realm,
    standing: &Standing,
) -> Result<Option<String>, Breakdown> {
    Ok(app.store.person(realm, &standing.person, &mut ReadSet::new()).await?.map(|person| person.name))
}
