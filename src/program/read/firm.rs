//! `[[tier]]` and `[[accreditation]]`.

use super::certification::approval;
use super::cycles::{self, Node};
use super::line;
use super::renewal::{self, RenewalDraft};
use crate::program::duration::CalendarDuration;
use crate::program::model::{Accreditation, AccreditationKind, Line, Tier};
use crate::program::reader::{Cell, Kind, Sink, Table};

pub(super) fn all(
    sink: &Sink<'_>,
    tiers: Vec<Table<'_>>,
    accreditations: Vec<Table<'_>>,
) -> (Vec<Tier>, Vec<Accreditation>) {
    let mut nodes = Vec::new();
    let tiers = tiers.into_iter().filter_map(|table| {
        let place = table.place.clone();
        let tier = tier(table)?;
        nodes.push(Node { name: format!("tier {}", tier.id), place, needs: needs(&tier.require) });
        Some(tier)
    });
    let tiers = tiers.collect();
    let accreditations = accreditations.into_iter().filter_map(|table| {
        let place = table.place.clone();
        let accreditation = accreditation(table)?;
        let name = format!("accreditation {}", accreditation.id);
        nodes.push(Node { name, place, needs: needs(&accreditation.require) });
        Some(accreditation)
    });
    let accreditations = accreditations.collect();
    cycles::check(sink, nodes);
    (tiers, accreditations)
}

/// The tiers and accreditations that lines ask for: all of the choices.
fn needs(lines: &[Line]) -> Vec<Vec<String>> {
    lines.iter().filter_map(choice).collect()
}

/// Any of these; `None` when the line can be met without any.
fn choice(line: &Line) -> Option<Vec<String>> {
    match line {
        Line::Tier(id) => Some(vec![format!("tier {id}")]),
        Line::Accreditation(id) => Some(vec![format!("accreditation {id}")]),
        Line::Any(lines) => lines.iter().map(choice).collect::<Option<Vec<_>>>().map(|c| c.concat()),
        Line::People { .. } | Line::Share { .. } | Line::Metric { .. } | Line::Document { .. } => None,
    }
}

fn tier(mut t: Table<'_>) -> Option<Tier> {
    let id = t.need("id").and_then(|c| c.define(Kind::Tier, ""));
    let name = t.need("name").and_then(|c| c.name());
    let require = t.get("require").and_then(|c| line::lines(&c)).unwrap_or_default();
    let unlocks = t.get("unlocks").and_then(|c| c.references(Kind::Right)).unwrap_or_default();
    let grace = t.get("grace").and_then(|c| c.duration()).unwrap_or(CalendarDuration::ZERO);
    let settle = t.get("settle").and_then(|c| c.duration()).unwrap_or(CalendarDuration::ZERO);
    let approval = t.get("approval").and_then(|c| approval(&c)).unwrap_or(0);
    let badge = t.get("badge").and_then(|c| c.boolean()).unwrap_or(false);
    Some(Tier { id: id?, name: name?, require, unlocks, grace, settle, approval, badge })
}

fn accreditation(mut t: Table<'_>) -> Option<Accreditation> {
    let id = t.need("id").and_then(|c| c.define(Kind::Accreditation, ""));
    let name = t.need("name").and_then(|c| c.name());
    let kinds = [
        ("technical", AccreditationKind::Technical),
        ("industry", AccreditationKind::Industry),
        ("delivery", AccreditationKind::Delivery),
        ("compliance", AccreditationKind::Compliance),
    ];
    let kind = t.need("kind").and_then(|c| c.choice(&kinds));
    let description = t.need("description").and_then(|c| c.prose());
    let criteria = t.need("criteria").and_then(|c| c.prose());
    let require = t.need("require").and_then(|c| line::some_lines(&c));
    let image = t.get("image").and_then(|c| c.file(&["svg", "png"]));
    let validity = t.get("validity").and_then(|c| c.time());
    let unlocks = t.get("unlocks").and_then(|c| c.references(Kind::Right)).unwrap_or_default();
    let draft = t.table("renewal").map(|mut t| renewal::of_firm(&mut t));
    let draft = draft.or_else(|| validity.map(|_| RenewalDraft::default()));
    let own = require.clone().unwrap_or_default();
    let renewal = draft.map(|draft| draft.of_accreditation(t.sink, &own));
    let upkeep = t.rows("upkeep").into_iter().filter_map(renewal::upkeep_of_accreditation).collect();
    let grace = t.get("grace").and_then(|c| c.duration()).unwrap_or(CalendarDuration::ZERO);
    let settle = t.get("settle").and_then(|c| c.duration()).unwrap_or(CalendarDuration::ZERO);
    let approval = t.get("approval").and_then(|c| approval(&c)).unwrap_or(1);
    let identifiers = t.get("identifiers").and_then(|c| c.distinct(Cell::name)).unwrap_or_default();
    Some(Accreditation {
        id: id?,
        name: name?,
        kind: kind?,
        description: description?,
        criteria: criteria?,
        require: require?,
        image,
        validity,
        unlocks,
        renewal,
        upkeep,
        grace,
        settle,
        approval,
        identifiers,
    })
}
