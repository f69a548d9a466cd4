//! *Lines*: one condition on a firm each, with exactly one subject.

use crate::program::model::{Line, People};
use crate::program::reader::{Cell, Kind, Table};

/// How deep `any` may hold `any`.
const MAX_DEPTH: usize = 4;

const SUBJECTS: [&str; 7] = ["people", "share", "metric", "document", "accreditation", "tier", "any"];

/// A list of lines, all of which must hold.
pub(super) fn lines(cell: &Cell<'_>) -> Option<Vec<Line>> {
    lines_within(cell, MAX_DEPTH)
}

/// A list of lines that may not be empty.
pub(super) fn some_lines(cell: &Cell<'_>) -> Option<Vec<Line>> {
    let lines = lines(cell)?;
    if cell.list()?.is_empty() {
        cell.fault("must have at least one line", Some("such as [{ people = 2, track = \"sales\" }]".to_owned()));
    }
    Some(lines)
}

fn lines_within(cell: &Cell<'_>, depth: usize) -> Option<Vec<Line>> {
    if depth == 0 {
        cell.fault(format!("`any` is nested more than {MAX_DEPTH} deep"), None);
        return None;
    }
    cell.each(|cell| line(cell.table()?, depth))
}

fn line(mut t: Table<'_>, depth: usize) -> Option<Line> {
    let present: Vec<&str> = SUBJECTS.into_iter().filter(|key| t.has(key)).collect();
    let [subject] = present[..] else {
        let message = match present[..] {
            [] => "a line needs a subject".to_owned(),
            _ => format!("a line has exactly one subject, this one has {}", present.join(" and ")),
        };
        t.sink.fault(&t.place, message, Some(format!("one of {}", SUBJECTS.join(", "))));
        t.forgive();
        return None;
    };
    match subject {
        "people" => {
            let at_least = t.get("people").and_then(|c| c.integer(1..=100_000));
            let who = people(&mut t);
            Some(Line::People { at_least: at_least?, who })
        }
        "share" => {
            let percent = t.get("share").and_then(|c| c.number(0.0..=100.0));
            t.need("role");
            let who = people(&mut t);
            Some(Line::Share { percent: percent?, who })
        }
        "metric" => metric(&mut t),
        "document" => document(&mut t),
        "accreditation" => t.get("accreditation").and_then(|c| c.refer(Kind::Accreditation)).map(Line::Accreditation),
        "tier" => t.get("tier").and_then(|c| c.refer(Kind::Tier)).map(Line::Tier),
        _ => {
            let cell = t.get("any")?;
            let lines = lines_within(&cell, depth - 1)?;
            if cell.list()?.is_empty() {
                cell.fault("must have at least one line", None);
            }
            Some(Line::Any(lines))
        }
    }
}

fn people(t: &mut Table<'_>) -> People {
    let who = ["certification", "track", "level", "area"].into_iter().filter(|key| t.has(key)).collect::<Vec<_>>();
    match who[..] {
        [] => {
            let hint = "name a certification, or a track (with a level, that or higher, or an area)";
            t.sink.fault(&t.place, "does not say which people count", Some(hint.to_owned()));
        }
        ["certification"] | ["track" | "level" | "area", ..] => {}
        _ => {
            let message = format!("names a certification and also {}", who[1..].join(" and "));
            t.sink.fault(&t.place, message, Some("a certification alone says which people count".to_owned()));
        }
    }
    People {
        certification: t.get("certification").and_then(|c| c.refer(Kind::Certification)),
        track: t.get("track").and_then(|c| c.refer(Kind::Track)),
        level: t.get("level").and_then(|c| c.refer(Kind::Level)),
        area: t.get("area").and_then(|c| c.refer(Kind::Area)),
        role: t.get("role").and_then(|c| c.name()),
        exclusive: t.get("exclusive").and_then(|c| c.boolean()).unwrap_or(false),
    }
}

fn metric(t: &mut Table<'_>) -> Option<Line> {
    let name = t.get("metric").and_then(|c| c.name());
    let at_least = t.get("at_least").and_then(|c| c.number(-1e12..=1e12));
    let at_most = t.get("at_most").and_then(|c| c.number(-1e12..=1e12));
    let over = t.get("over").and_then(|c| c.time());
    if !t.has("at_least") && !t.has("at_most") {
        t.sink.fault(&t.place, "a metric needs `at_least` or `at_most`", None);
    }
    if let (Some(least), Some(most)) = (at_least, at_most)
        && least > most
    {
        t.sink.fault(&t.place, format!("nothing is at least {least} and at most {most}"), None);
    }
    Some(Line::Metric { name: name?, at_least, at_most, over })
}

fn document(t: &mut Table<'_>) -> Option<Line> {
    let name = t.get("document").and_then(|c| c.name());
    let count = t.get("count").and_then(|c| c.integer(1..=1_000)).unwrap_or(1);
    let review = t.get("review").and_then(|c| c.boolean()).unwrap_or(true);
    let valid_for = t.get("valid_for").and_then(|c| c.time());
    let over = t.get("over").and_then(|c| c.time());
    Some(Line::Document { name: name?, count, review, valid_for, over })
}
