//! `[[area]]`, `[[track]]`, `[[level]]`, `[[right]]`.

use super::line;
use super::renewal::{self, RenewalDraft};
use super::requirement::{EXHAUSTED_HINT, exhausted, proctoring};
use crate::decimal::Decimal;
use crate::program::duration::CalendarDuration;
use crate::program::model::{Area, AreaKind, Exhausted, Level, Proctoring, Right, RightOf, Theme, Track};
use crate::program::reader::{Cell, Kind, Table};

pub(super) fn area(mut t: Table<'_>) -> Option<Area> {
    let id = t.need("id").and_then(|c| c.define(Kind::Area, ""));
    let name = t.need("name").and_then(|c| c.name());
    let kinds = [
        ("product", AreaKind::Product),
        ("solution", AreaKind::Solution),
        ("industry", AreaKind::Industry),
        ("integration", AreaKind::Integration),
    ];
    let kind = t.get("kind").and_then(|c| c.choice(&kinds)).unwrap_or_default();
    Some(Area { id: id?, name: name?, kind })
}

pub(super) fn track(mut t: Table<'_>) -> Option<Track> {
    let id = t.need("id").and_then(|c| c.define(Kind::Track, ""));
    let name = t.need("name").and_then(|c| c.name());
    let audience = t.get("audience").and_then(|c| c.name());
    Some(Track { id: id?, name: name?, audience })
}

/// What a level says for the certifications below it.
#[derive(Debug, Clone, Default)]
pub(super) struct Defaults {
    pub(super) validity: Option<CalendarDuration>,
    pub(super) pass: Option<Decimal>,
    pub(super) attempts: Option<u32>,
    pub(super) wait: Option<CalendarDuration>,
    pub(super) then: Option<Exhausted>,
    pub(super) proctoring: Option<Proctoring>,
    pub(super) renewal: RenewalDraft,
}

pub(super) fn levels(rows: Vec<Table<'_>>) -> Vec<(Level, Defaults)> {
    rows.into_iter().filter_map(level).collect()
}

fn level(mut t: Table<'_>) -> Option<(Level, Defaults)> {
    let id = t.need("id").and_then(|c| c.define(Kind::Level, ""));
    let name = t.need("name").and_then(|c| c.name());
    let theme = t.get("theme").and_then(|c| theme(&c));
    let defaults = Defaults {
        validity: t.get("validity").and_then(|c| c.time()),
        pass: t.get("pass").and_then(|c| c.percent()),
        attempts: t.get("attempts").and_then(|c| c.integer(0..=1_000)),
        wait: t.get("wait").and_then(|c| c.duration()),
        then: t.get("then").and_then(|c| exhausted(&c, EXHAUSTED_HINT)),
        proctoring: t.get("proctoring").and_then(|c| proctoring(&c)),
        renewal: t.table("renewal").map(renewal::of_level).unwrap_or_default(),
    };
    Some((Level { id: id?, name: name?, theme }, defaults))
}

pub(super) fn theme(cell: &Cell<'_>) -> Option<Theme> {
    cell.choice(&[
        ("bronze", Theme::Bronze),
        ("silver", Theme::Silver),
        ("gold", Theme::Gold),
        ("platinum", Theme::Platinum),
        ("slate", Theme::Slate),
    ])
}

pub(super) fn right(mut t: Table<'_>) -> Option<Right> {
    let id = t.need("id").and_then(|c| c.define(Kind::Right, ""));
    let name = t.need("name").and_then(|c| c.name());
    let of = t.get("of").and_then(|c| c.choice(&[("firm", RightOf::Firm), ("person", RightOf::Person)]));
    let require = t.get("require").and_then(|c| line::lines(&c)).unwrap_or_default();
    Some(Right { id: id?, name: name?, of: of.unwrap_or_default(), require })
}
