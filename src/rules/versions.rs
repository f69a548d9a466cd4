//! [`Versions`]: the program through time, so that whatever happened is judged by the version that was in force then.

use chrono::{DateTime, Utc};

use crate::program::Program;

/// The versions of the program that decide, by date. Before its first moment the first one decides, too.
#[derive(Debug, Clone, Copy)]
pub struct Versions<'a> {
    first: &'a Program,
    later: &'a [(DateTime<Utc>, &'a Program)],
}

impl<'a> Versions<'a> {
    /// There is no other.
    pub fn only(program: &'a Program) -> Self {
        Versions { first: program, later: &[] }
    }

    /// The first, and each later one with its first moment, ascending.
    pub fn new(first: &'a Program, later: &'a [(DateTime<Utc>, &'a Program)]) -> Self {
        Versions { first, later }
    }

    /// The one in force at `at`.
    pub fn at(&self, at: DateTime<Utc>) -> &'a Program {
        let begun = self.later.partition_point(|(from, _)| *from <= at);
        begun.checked_sub(1).map_or(self.first, |n| self.later[n].1)
    }

    /// The moments at which another one came into force.
    pub(super) fn turns(&self) -> impl Iterator<Item = DateTime<Utc>> + use<'a> {
        self.later.iter().map(|(from, _)| *from)
    }

    /// All of them, the oldest first.
    pub(super) fn all(&self) -> impl DoubleEndedIterator<Item = &'a Program> + use<'a> {
        std::iter::once(self.first).chain(self.later.iter().map(|(_, program)| *program))
    }
}
