//! Which events somebody wants, by type.

use super::told;
use crate::store::Event;

/// Every type of event there is. A test holds this against `EventKind`.
pub const TYPES: [&str; 52] = [
    "issuer.created",
    "program.applied",
    "signing_key.generated",
    "signing_key.activated",
    "signing_key.retired",
    "api_key.created",
    "api_key.revoked",
    "issuer.trusted",
    "issuer.distrusted",
    "person.created",
    "person.corrected",
    "result.recorded",
    "award.issued",
    "award.renewed",
    "award.corrected",
    "award.reinstated",
    "award.extended",
    "award.imported",
    "award.suspended",
    "award.revoked",
    "award.reminder",
    "award.expired",
    "award.grace_ended",
    "award.lapsed",
    "award.demand_placed",
    "award.demand_reminder",
    "award.demand_met",
    "award.demand_missed",
    "award.merged",
    "person.merged",
    "person.address_added",
    "result.held",
    "result.released",
    "result.voided",
    "result.review_opened",
    "result.review_closed",
    "hold.opened",
    "hold.closed",
    "exception.granted",
    "exception.confirmed",
    "exception.withdrawn",
    "appeal.opened",
    "appeal.closed",
    "program.proposed",
    "program.rejected",
    "recertification.announced",
    "recertification.placed",
    "certification.content_review_due",
    "certification.content_reviewed",
    "webhook.created",
    "webhook.disabled",
    "webhook.test",
];

/// The most patterns of one filter.
pub(super) const MOST_PATTERNS: usize = 32;

/// A pattern that no event can match.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnknownType {
    /// It names nothing.
    #[error("there is no event of the type {0:?}")]
    Nothing(String),
    /// There are too many.
    #[error("a filter has at most {MOST_PATTERNS} types")]
    TooMany,
}

/// Patterns, of which one has to match: a type (`award.issued`), or all of a kind (`award.*`). None: everything.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter(Vec<String>);

impl Filter {
    /// Refuses patterns that match nothing: they are mistyped.
    pub fn new<'a>(patterns: impl IntoIterator<Item = &'a str>) -> Result<Self, UnknownType> {
        let mut kept: Vec<String> = Vec::new();
        for pattern in patterns {
            if !TYPES.iter().any(|kind| matches(pattern, kind)) {
                return Err(UnknownType::Nothing(pattern.chars().take(100).collect()));
            }
            if kept.len() == MOST_PATTERNS {
                return Err(UnknownType::TooMany);
            }
            kept.push(pattern.to_owned());
        }
        Ok(Filter(kept))
    }

    /// Patterns that were judged before.
    pub fn known(patterns: &[String]) -> Self {
        Filter(patterns.to_vec())
    }

    /// Whether it is wanted.
    pub fn lets(&self, event: &Event) -> bool {
        if self.0.is_empty() {
            return true;
        }
        let (kind, _) = told(&event.what);
        self.0.iter().any(|pattern| matches(pattern, &kind))
    }
}

fn matches(pattern: &str, kind: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some("") => true,
        Some(start) => start.ends_with('.') && kind.starts_with(start),
        None => pattern == kind,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_a_type_or_all_of_a_kind() {
        for pattern in ["award.issued", "award.*", "*", "result.review_opened"] {
            assert!(Filter::new([pattern]).is_ok(), "{pattern}");
        }
        for pattern in
            ["", "award", "award*", "awar*", "award.", "award.issue", "*.issued", "Award.*", "award.**", "a.*"]
        {
            assert_eq!(Filter::new([pattern]), Err(UnknownType::Nothing(pattern.to_owned())), "{pattern}");
        }
        assert!(Filter::new(["*"; MOST_PATTERNS]).is_ok());
        assert_eq!(Filter::new(["*"; MOST_PATTERNS + 1]), Err(UnknownType::TooMany));
    }

    /// The names are read from the source of `EventKind`: there is no other list of them.
    #[test]
    fn every_kind_of_event_can_be_asked_for() {
        let source = include_str!("../../store/event.rs");
        let kinds = source.split("pub enum EventKind").nth(1).unwrap().split("\n}").next().unwrap();
        let names = kinds.lines().filter_map(|line| line.trim().strip_prefix("#[serde(rename = \"")?.split('"').next());
        assert_eq!(names.collect::<Vec<_>>(), TYPES);
    }
}
