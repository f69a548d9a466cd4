//! How much work one document may cause.

use super::Error;

/// Bounds on the work of one document; each is far above what a credential needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Levels of nesting of objects and arrays.
    pub depth: usize,
    /// Statements in the dataset.
    pub quads: usize,
    /// Bytes of all statements written out (long identifiers and prefixes multiply).
    pub bytes: usize,
    /// `@context` entries processed, counting those inside of others.
    pub contexts: usize,
    /// Terms defined in, or copied between, active contexts that are not ready-made; long ones count several times.
    pub terms: usize,
    /// Steps of Hash N-Degree Quads: calls, permutations, and one for every sixteen related hashes
    /// (long predicates count several times).
    pub steps: usize,
}

impl Limits {
    /// What [`super::canonicalize`] allows.
    pub const DEFAULT: Limits =
        Limits { depth: 64, quads: 20_000, bytes: 4 << 20, contexts: 1_000, terms: 300_000, steps: 4_096 };
}

impl Default for Limits {
    fn default() -> Self {
        Limits::DEFAULT
    }
}

/// What is left of one limit.
#[derive(Debug)]
pub(super) struct Budget {
    what: &'static str,
    limit: usize,
    used: usize,
}

impl Budget {
    pub(super) fn new(what: &'static str, limit: usize) -> Self {
        Budget { what, limit, used: 0 }
    }

    pub(super) fn spend(&mut self, amount: usize) -> Result<(), Error> {
        self.used = self.used.saturating_add(amount);
        if self.used > self.limit { Err(Error::TooComplex { what: self.what, limit: self.limit }) } else { Ok(()) }
    }
}
