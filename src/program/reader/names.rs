//! What the file defines and what it refers to. References are checked when everything has been read, so order is free.

use std::collections::BTreeMap;
use std::str::FromStr;

use super::{Cell, Place, Sink, quoted};
use crate::id::RequirementId;

/// What can be defined and referred to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::program) enum Kind {
    Accreditation,
    Area,
    Certification,
    Level,
    Recertify,
    Requirement,
    Right,
    Source,
    Tier,
    Track,
    /// A requirement of kind training, in any certification.
    Training,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Kind::Accreditation => "accreditation",
            Kind::Area => "area",
            Kind::Certification => "certification",
            Kind::Level => "level",
            Kind::Recertify => "recertify",
            Kind::Requirement => "requirement",
            Kind::Right => "right",
            Kind::Source => "source",
            Kind::Tier => "tier",
            Kind::Track => "track",
            Kind::Training => "training",
        }
    }
}

/// Names seen so far. A requirement's scope is its certification; everything else has the scope "".
#[derive(Default)]
pub(super) struct Names {
    defined: BTreeMap<(Kind, String), BTreeMap<String, usize>>,
    wanted: Vec<Wanted>,
}

struct Wanted {
    kind: Kind,
    scope: String,
    name: String,
    place: Place,
    inherited: bool,
}

/// A reference to a requirement whose certification is not known yet: a level's renewal is inherited by many.
#[derive(Debug, Clone)]
pub(in crate::program) struct Located {
    pub(in crate::program) id: RequirementId,
    place: Place,
}

impl Located {
    /// Demands that the certification `scope` has this requirement.
    pub(in crate::program) fn want(&self, sink: &Sink<'_>, scope: &str, inherited: bool) -> RequirementId {
        sink.note(Kind::Requirement, scope, self, inherited);
        self.id.clone()
    }

    /// The same, unless there is no such certification: that is a fault of its own.
    pub(in crate::program) fn want_if_defined(&self, sink: &Sink<'_>, scope: &str) {
        sink.want_if_defined(scope, self.id.as_str(), &self.place);
    }

    /// Notes a fault at the reference.
    pub(in crate::program) fn fault(&self, sink: &Sink<'_>, message: String) {
        sink.fault(&self.place, message, None);
    }
}

impl Sink<'_> {
    /// Notes a definition, whether or not the name is well formed, so that references to it are not faulted too.
    pub(in crate::program) fn define(&self, kind: Kind, scope: &str, name: &str, place: &Place) {
        let mut names = self.names.borrow_mut();
        let scope = names.defined.entry((kind, scope.to_owned())).or_default();
        if kind == Kind::Training {
            scope.insert(name.to_owned(), place.offset);
        } else if let Some(first) = scope.get(name).copied() {
            let (line, _) = self.positions.at(first);
            drop(names);
            let message = format!("{} is already the id of another {}", quoted(name), kind.word());
            self.fault(place, message, Some(format!("the other one is on line {line}")));
        } else {
            scope.insert(name.to_owned(), place.offset);
        }
    }

    /// Notes a reference.
    pub(in crate::program) fn want(&self, kind: Kind, scope: &str, name: &str, place: &Place) {
        let (scope, name, place) = (scope.to_owned(), name.to_owned(), place.clone());
        self.names.borrow_mut().wanted.push(Wanted { kind, scope, name, place, inherited: false });
    }

    fn note(&self, kind: Kind, scope: &str, at: &Located, inherited: bool) {
        let (scope, name, place) = (scope.to_owned(), at.id.to_string(), at.place.clone());
        self.names.borrow_mut().wanted.push(Wanted { kind, scope, name, place, inherited });
    }

    /// Notes a reference to a requirement of a certification, which is only checked if that one has been defined.
    pub(in crate::program) fn want_if_defined(&self, scope: &str, name: &str, place: &Place) {
        let defined = self
            .names
            .borrow()
            .defined
            .get(&(Kind::Certification, String::new()))
            .is_some_and(|c| c.contains_key(scope));
        if defined {
            self.want(Kind::Requirement, scope, name, place);
        }
    }

    /// Reports every reference to something that is not defined.
    pub(in crate::program) fn resolve(&self) {
        let names = self.names.borrow();
        let nothing = BTreeMap::new();
        for Wanted { kind, scope, name, place, inherited } in &names.wanted {
            let defined = names.defined.get(&(*kind, scope.clone())).unwrap_or(&nothing);
            if defined.contains_key(name) {
                continue;
            }
            let mut message = format!("there is no {} {}", kind.word(), quoted(name));
            if *kind == Kind::Requirement {
                message = format!("{message} in certification {}", quoted(scope));
            }
            if *inherited {
                message.push_str(", which inherits this");
            }
            let hint = match closest(name, defined.keys().map(String::as_str)) {
                Some(guess) => Some(format!("did you mean {}?", quoted(guess))),
                None if defined.is_empty() || defined.len() > 8 => Some(kind.how_to_define()),
                None => Some(format!("there is {}", defined.keys().map(|k| quoted(k)).collect::<Vec<_>>().join(", "))),
            };
            self.fault(place, message, hint);
        }
    }
}

impl Kind {
    fn how_to_define(self) -> String {
        match self {
            Kind::Requirement => "define it with [[certification.requirement]]".to_owned(),
            Kind::Training => "define it as a [[certification.requirement]] of kind \"training\"".to_owned(),
            _ => format!("define it with [[{}]]", self.word()),
        }
    }
}

impl Cell<'_> {
    /// The id that is defined here.
    pub(in crate::program) fn define<T: FromStr>(&self, kind: Kind, scope: &str) -> Option<T> {
        let name = self.raw_text()?;
        self.sink.define(kind, scope, name, &self.place);
        self.slug()
    }

    /// A reference to something outside of any certification.
    pub(in crate::program) fn refer<T: FromStr>(&self, kind: Kind) -> Option<T> {
        let id = self.slug()?;
        self.sink.want(kind, "", self.raw_text()?, &self.place);
        Some(id)
    }

    /// A reference to a requirement of the certification `scope`.
    pub(in crate::program) fn refer_in<T: FromStr>(&self, scope: &str) -> Option<T> {
        let id = self.slug()?;
        self.sink.want(Kind::Requirement, scope, self.raw_text()?, &self.place);
        Some(id)
    }

    /// A reference to a requirement of a certification that is not known yet.
    pub(in crate::program) fn located(&self) -> Option<Located> {
        Some(Located { id: self.slug()?, place: self.place.clone() })
    }
}

/// The candidate that `name` is most likely a misspelling of, if any is close.
pub(in crate::program) fn closest<'c>(name: &str, candidates: impl Iterator<Item = &'c str>) -> Option<&'c str> {
    let length = name.chars().count();
    if length > 64 {
        return None;
    }
    let limit = (length / 3).clamp(1, 3);
    candidates
        .filter(|c| c.len() <= 128)
        .map(|c| (distance(name, c), c))
        .filter(|(d, _)| *d <= limit)
        .min_by_key(|(d, _)| *d)
        .map(|(_, c)| c)
}

/// Insertions, deletions, replacements and swaps of neighbours that make `a` into `b`, letter case aside.
fn distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.chars().flat_map(char::to_lowercase).collect();
    let b: Vec<char> = b.chars().flat_map(char::to_lowercase).collect();
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let change = usize::from(a[i - 1] != b[j - 1]);
            let mut best = (rows[i - 1][j] + 1).min(row[j - 1] + 1).min(rows[i - 1][j - 1] + change);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelling_finds_the_nearest_name_and_a_stranger_finds_none() {
        let known = ["validity", "valid_for", "wait", "pass"];
        assert_eq!(closest("validty", known.into_iter()), Some("validity"));
        assert_eq!(closest("vaildity", known.into_iter()), Some("validity"));
        assert_eq!(closest("Pass", known.into_iter()), Some("pass"));
        assert_eq!(closest("hours", known.into_iter()), None);
        assert_eq!(closest("", known.into_iter()), None);
        assert_eq!(closest(&"x".repeat(65), known.into_iter()), None);
    }
}
