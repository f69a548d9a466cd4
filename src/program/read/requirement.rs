//! `[[certification.requirement]]`.

use super::lists::Defaults;
use crate::decimal::Decimal;
use crate::id::RequirementId;
use crate::program::duration::CalendarDuration;
use crate::program::model::{Criterion, Exhausted, Proctoring, Requirement, RequirementKind, Reviewer};
use crate::program::reader::{Cell, Kind, Table, quoted};

pub(super) const EXHAUSTED_HINT: &str = "\"ask\", \"restart\", or a duration such as \"90d\"";

/// A requirement, and where its order and references stand.
pub(super) fn requirement(mut t: Table<'_>, scope: &str, defaults: &Defaults) -> Option<Requirement> {
    let id: Option<RequirementId> = t.need("id").and_then(|c| c.define(Kind::Requirement, scope));
    let kinds = [
        ("exam", RequirementKind::Exam),
        ("training", RequirementKind::Training),
        ("review", RequirementKind::Review),
        ("evidence", RequirementKind::Evidence),
    ];
    let kind = t.need("kind").and_then(|c| c.choice(&kinds));
    if let (Some(id), Some(RequirementKind::Training)) = (&id, kind) {
        t.sink.define(Kind::Training, "", id.as_str(), &t.place);
    }
    let is_exam = kind == Some(RequirementKind::Exam);
    let is_tried = is_exam || kind == Some(RequirementKind::Review);
    let name = t.get("name").and_then(|c| c.name());
    let description = t.get("description").and_then(|c| c.prose());
    let first = t.get("first").and_then(|c| c.boolean()).unwrap_or(true);
    let after = t.get("after").and_then(|c| c.distinct(|c| c.refer_in(scope))).unwrap_or_default();
    let count = t.get("count").and_then(|c| c.integer(1..=1_000)).unwrap_or(1);
    let hours = t.get("hours").and_then(|c| c.number(0.0..=10_000.0)).unwrap_or(0.0);
    let pass = pass(&mut t, kind).or(defaults.pass.filter(|_| is_exam));
    let attempts = t.get("attempts").and_then(|c| c.integer(0..=1_000));
    let wait = t.get("wait").and_then(|c| c.duration());
    let then = t.get("then").and_then(|c| exhausted(&c, EXHAUSTED_HINT));
    let watched = t.get("proctoring").and_then(|c| proctoring(&c));
    let reviewers = [
        ("assessor", Reviewer::Assessor),
        ("peer", Reviewer::Peer),
        ("ai", Reviewer::Ai),
        ("manager", Reviewer::Manager),
    ];
    let by = t.get("by").and_then(|c| c.choice(&reviewers)).unwrap_or_default();
    let rubric = t.get("rubric").and_then(|c| rubric(&c)).unwrap_or_default();
    let valid_for = t.get("valid_for").and_then(|c| c.time());
    let unlocks = t.get("unlocks").and_then(|c| c.references(Kind::Right)).unwrap_or_default();
    let id = id?;
    Some(Requirement {
        name: name.unwrap_or_else(|| name_of(id.as_str())),
        id,
        kind: kind?,
        description,
        first,
        after,
        count,
        hours,
        pass,
        attempts: attempts.or(defaults.attempts.filter(|_| is_tried)).unwrap_or(0),
        wait: wait.or(defaults.wait.filter(|_| is_tried)).unwrap_or(CalendarDuration::ZERO),
        then: then.or(defaults.then.filter(|_| is_tried)).unwrap_or_default(),
        proctoring: watched.or(defaults.proctoring.filter(|_| is_exam)).unwrap_or_default(),
        by,
        rubric,
        valid_for,
        unlocks,
    })
}

fn pass(t: &mut Table<'_>, kind: Option<RequirementKind>) -> Option<Decimal> {
    let cell = t.get("pass")?;
    if matches!(kind, Some(RequirementKind::Training | RequirementKind::Evidence)) {
        let hint = "take the key out, or make this an exam or a review";
        cell.fault("only exams and reviews have a pass mark", Some(hint.to_owned()));
        return None;
    }
    cell.percent()
}

/// What follows when all attempts are used up.
pub(super) fn exhausted(cell: &Cell<'_>, hint: &str) -> Option<Exhausted> {
    let text = cell.name()?;
    match text.as_str() {
        "ask" => Some(Exhausted::Ask),
        "restart" => Some(Exhausted::Restart),
        other => {
            if other.parse::<CalendarDuration>().is_err() {
                let message = format!("must be ask, restart or a duration, not {}", quoted(other));
                cell.fault(message, Some(hint.to_owned()));
                return None;
            }
            cell.time().map(Exhausted::Wait)
        }
    }
}

/// The least proctoring that is accepted.
pub(super) fn proctoring(cell: &Cell<'_>) -> Option<Proctoring> {
    cell.choice(&[("self", Proctoring::SelfPaced), ("live", Proctoring::Live), ("in-person", Proctoring::InPerson)])
}

fn rubric(cell: &Cell<'_>) -> Option<Vec<Criterion>> {
    let mut seen = std::collections::BTreeSet::new();
    let mut criteria = Vec::new();
    for cell in cell.list()? {
        let Some(mut t) = cell.table() else { continue };
        let id = t.need("id").and_then(|c| {
            let id: RequirementId = c.slug()?;
            if !seen.insert(id.clone()) {
                c.fault(format!("{} is already the id of another criterion", quoted(id.as_str())), None);
            }
            Some(id)
        });
        let name = t.need("name").and_then(|c| c.name());
        let weight = t.get("weight").and_then(|c| c.percent()).unwrap_or(Decimal::ONE);
        let pass = t.get("pass").and_then(|c| c.percent());
        if let (Some(id), Some(name)) = (id, name) {
            criteria.push(Criterion { id: id.as_str().to_owned(), name, weight, pass });
        }
    }
    Some(criteria)
}

/// `sales-101` is read as "Sales 101".
fn name_of(id: &str) -> String {
    let spaced = id.replace('-', " ");
    let mut letters = spaced.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
