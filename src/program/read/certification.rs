//! `[[certification]]`, with what its level says merged in.

use super::cycles::{self, Node};
use super::lists::{Defaults, theme};
use super::renewal::{self, RenewalDraft};
use super::requirement::requirement;
use crate::id::{CertificationId, LevelId, RequirementId};
use crate::program::duration::CalendarDuration;
use crate::program::model::{Blueprint, Certification, Level, Requirement, Skill};
use crate::program::reader::{Cell, Kind, Located, Place, Sink, Table, quoted};

pub(super) fn all(sink: &Sink<'_>, rows: Vec<Table<'_>>, levels: &[(Level, Defaults)]) -> Vec<Certification> {
    let mut places = Vec::new();
    let mut certifications = Vec::new();
    for (n, table) in rows.into_iter().enumerate() {
        let place = table.place.clone();
        let scope = table.peek("id").map_or_else(|| format!("#{}", n + 1), str::to_owned);
        if let Some((certification, prerequisites_at)) = certification(table, &scope, levels) {
            places.push(prerequisites_at.unwrap_or(place));
            certifications.push(certification);
        }
    }
    let node = |(certification, place): (&Certification, Place)| Node {
        name: certification.id.as_str().to_owned(),
        place,
        needs: certification
            .prerequisites
            .iter()
            .map(|any| any.iter().map(|id| id.as_str().to_owned()).collect())
            .collect(),
    };
    cycles::check(sink, certifications.iter().zip(places).map(node).collect());
    certifications
}

fn certification(
    mut t: Table<'_>,
    scope: &str,
    levels: &[(Level, Defaults)],
) -> Option<(Certification, Option<Place>)> {
    let sink = t.sink;
    let id = t.need("id").and_then(|c| c.define(Kind::Certification, ""));
    let track = t.need("track").and_then(|c| c.refer(Kind::Track));
    let name = t.need("name").and_then(|c| c.name());
    let description = t.need("description").and_then(|c| c.prose());
    let criteria = t.need("criteria").and_then(|c| c.prose());
    let level: Option<LevelId> = t.get("level").and_then(|c| c.refer(Kind::Level));
    let above = level.as_ref().and_then(|id| levels.iter().find(|(level, _)| level.id == *id));
    let defaults = above.map(|(_, defaults)| defaults.clone()).unwrap_or_default();
    let areas = t.get("area").and_then(|c| areas(&c)).unwrap_or_default();
    let validity = match t.get("validity") {
        Some(cell) => cell.time(),
        None => defaults.validity,
    };
    let expires_on = expires_on(&mut t, validity);
    let image = t.get("image").and_then(|c| c.file(&["svg", "png"]));
    let theme = t.get("theme").and_then(|c| theme(&c)).or(above.and_then(|(level, _)| level.theme));
    let skills = t.get("skills").and_then(|c| c.each(skill)).unwrap_or_default();
    let prerequisites_cell = t.get("prerequisites");
    let prerequisites = prerequisites_cell.as_ref().and_then(|c| c.each(choice_of_certifications)).unwrap_or_default();
    let renews = t.get("renews").and_then(|c| c.references(Kind::Certification)).unwrap_or_default();
    let unlocks = t.get("unlocks").and_then(|c| c.references(Kind::Right)).unwrap_or_default();
    let approval = t.get("approval").and_then(|c| approval(&c)).unwrap_or(0);
    let fee = t.get("fee").and_then(|c| c.name());
    let content_review = t.get("content_review").and_then(|c| c.time());
    let (opens, closes) = offered(&mut t);
    let blueprint = t.table("blueprint").map(blueprint);
    let requirements = requirements(&mut t, scope, &defaults);
    let any_of = first_paths(&mut t, scope, &requirements);
    let renewal = t.table("renewal").map_or_else(RenewalDraft::default, |mut t| renewal::of_person(&mut t));
    let renewal = renewal.of_certification(&defaults.renewal, sink, scope, &any_of);
    let upkeep = t.rows("upkeep").into_iter();
    let upkeep = upkeep.filter_map(|t| renewal::upkeep_of_certification(t, scope, &requirements)).collect();
    let certification = Certification {
        id: id?,
        track: track?,
        level,
        areas,
        name: name?,
        description: description?,
        criteria: criteria?,
        theme: theme.unwrap_or_default(),
        validity,
        expires_on,
        image,
        skills,
        prerequisites,
        renews,
        any_of,
        unlocks,
        approval,
        fee,
        content_review,
        opens,
        closes,
        blueprint,
        requirements,
        renewal,
        upkeep,
    };
    Some((certification, prerequisites_cell.map(|c| c.place)))
}

/// One id, or a list of them.
fn areas<T: std::str::FromStr>(cell: &Cell<'_>) -> Option<Vec<T>> {
    if cell.is_list() { cell.references(Kind::Area) } else { Some(vec![cell.refer(Kind::Area)?]) }
}

fn expires_on(t: &mut Table<'_>, validity: Option<CalendarDuration>) -> Vec<(u32, u32)> {
    let Some(cell) = t.get("expires_on") else { return Vec::new() };
    let mut days = cell.distinct(Cell::month_and_day).unwrap_or_default();
    if validity.is_none() && !t.has("validity") {
        let hint = "add `validity`; the award then runs out on the next of these days after it";
        cell.fault("has no meaning without a validity", Some(hint.to_owned()));
    }
    days.sort_unstable();
    days
}

fn skill(cell: &Cell<'_>) -> Option<Skill> {
    let mut t = cell.table()?;
    let name = t.need("name").and_then(|c| c.name());
    let url = t.need("url").and_then(|c| c.url());
    Some(Skill { name: name?, url: url? })
}

/// One certification, or a choice of several.
fn choice_of_certifications(cell: &Cell<'_>) -> Option<Vec<CertificationId>> {
    if !cell.is_list() {
        return Some(vec![cell.refer(Kind::Certification)?]);
    }
    let choice = cell.references(Kind::Certification)?;
    if cell.list()?.is_empty() {
        cell.fault("a choice must have at least one certification", None);
    }
    Some(choice)
}

pub(super) fn approval(cell: &Cell<'_>) -> Option<u8> {
    cell.integer(0..=2).and_then(|n| u8::try_from(n).ok())
}

fn offered(t: &mut Table<'_>) -> (Option<chrono::NaiveDate>, Option<chrono::NaiveDate>) {
    let opens = t.get("opens").and_then(|c| c.date());
    let closes_cell = t.get("closes");
    let closes = closes_cell.as_ref().and_then(Cell::date);
    if let (Some(opens), Some(closes), Some(cell)) = (opens, closes, closes_cell)
        && closes < opens
    {
        cell.fault(format!("{closes} is before it opens, on {opens}"), None);
    }
    (opens, closes)
}

fn blueprint(mut t: Table<'_>) -> Blueprint {
    Blueprint {
        hours: t.get("hours").and_then(|c| c.name()),
        questions: t.get("questions").and_then(|c| c.integer(1..=10_000)),
        minutes: t.get("minutes").and_then(|c| c.integer(1..=10_000)),
        bank: t.get("bank").and_then(|c| c.integer(1..=1_000_000)),
        domains: t.get("domains").and_then(|c| domains(&c)).unwrap_or_default(),
    }
}

fn domains(cell: &Cell<'_>) -> Option<Vec<(String, u32)>> {
    let cells = cell.list()?;
    let domains = cell.each(|cell| {
        let mut t = cell.table()?;
        let name = t.need("name").and_then(|c| c.name());
        let weight = t.need("weight").and_then(|c| c.integer(0..=100));
        Some((name?, weight?))
    })?;
    let sum: u32 = domains.iter().map(|(_, weight)| weight).sum();
    if domains.len() == cells.len() && !cells.is_empty() && sum != 100 {
        cell.fault(format!("the weights sum to {sum}, not to 100"), None);
    }
    Some(domains)
}

fn requirements(t: &mut Table<'_>, scope: &str, defaults: &Defaults) -> Vec<Requirement> {
    let mut nodes = Vec::new();
    let mut requirements = Vec::new();
    let sink = t.sink;
    for table in t.rows("requirement") {
        let place = table.place.clone();
        if let Some(requirement) = requirement(table, scope, defaults) {
            let needs = requirement.after.iter().map(|id| vec![id.as_str().to_owned()]).collect();
            nodes.push(Node { name: requirement.id.as_str().to_owned(), place, needs });
            requirements.push(requirement);
        }
    }
    cycles::check(sink, nodes);
    requirements
}

/// The paths to a first award; by default one, of all requirements with `first = true`.
fn first_paths(t: &mut Table<'_>, scope: &str, requirements: &[Requirement]) -> Vec<Vec<RequirementId>> {
    let Some(cell) = t.get("any_of") else {
        let all: Vec<_> = requirements.iter().filter(|r| r.first).map(|r| r.id.clone()).collect();
        if all.is_empty() && requirements.len() == t.count("requirement") {
            let hint = "add a [[certification.requirement]] without `first = false`";
            t.sink.fault(&t.place, "has no requirement for a first award", Some(hint.to_owned()));
        }
        return vec![all];
    };
    let paths = cell.paths().unwrap_or_default();
    let is_for_renewal = |id: &RequirementId| requirements.iter().any(|r| r.id == *id && !r.first);
    let want = |id: &Located| {
        if is_for_renewal(&id.id) {
            id.fault(t.sink, format!("{} has `first = false`: it is for renewal only", quoted(id.id.as_str())));
        }
        id.want(t.sink, scope, false)
    };
    paths.iter().map(|path| path.iter().map(want).collect()).collect()
}
