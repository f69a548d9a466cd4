//! [`Pieces`]: what a requirement counts. The same deal, course or document counts once, however often it is reported.

use std::collections::BTreeSet;

use super::standing::RecordedResult;
use crate::program::{Requirement, RequirementKind};

/// The pieces seen so far. What has neither an id of its source nor evidence is one piece together.
#[derive(Debug, Default)]
pub(super) struct Pieces<'a>(BTreeSet<Name<'a>>);

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Name<'a> {
    /// The source's own id of it.
    Piece(&'a str),
    /// Where its evidence lies.
    Evidence(&'a str),
    Nameless,
}

impl<'a> Pieces<'a> {
    /// How many pieces a result adds: of evidence one for each new address; anything else is one piece, if any of its names
    /// is new.
    pub(super) fn add(&mut self, requirement: &Requirement, result: &'a RecordedResult) -> i64 {
        let new = names(result).into_iter().map(|name| i64::from(self.0.insert(name))).sum::<i64>();
        match requirement.kind {
            RequirementKind::Evidence => new,
            RequirementKind::Exam | RequirementKind::Training | RequirementKind::Review => new.min(1),
        }
    }
}

fn names(result: &RecordedResult) -> Vec<Name<'_>> {
    match &result.piece {
        Some(piece) => vec![Name::Piece(piece)],
        None if result.evidence.is_empty() => vec![Name::Nameless],
        None => result.evidence.iter().map(|place| Name::Evidence(place)).collect(),
    }
}
