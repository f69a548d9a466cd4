//! Whom the operator relies on, and for which time.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::proof::issuer::normalized;

/// An issuer whose credentials are relied on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TrustedIssuer {
    /// A DID or an https address, in its one form.
    pub issuer: String,
    /// As the operator knows it.
    pub name: String,
    /// What was issued before is not relied on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<DateTime<Utc>>,
    /// What was issued after this moment is not relied on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<DateTime<Utc>>,
    /// When it came on the list.
    pub added_at: DateTime<Utc>,
}

impl TrustedIssuer {
    /// Whether what was issued at this moment is relied on; both ends are within.
    pub fn covers(&self, issued_at: DateTime<Utc>) -> bool {
        self.since.is_none_or(|since| since <= issued_at) && self.until.is_none_or(|until| issued_at <= until)
    }
}

/// The whole list, in order of ids.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TrustList(Vec<TrustedIssuer>);

impl TrustList {
    /// Of these, in any order.
    pub fn new(mut issuers: Vec<TrustedIssuer>) -> Self {
        issuers.sort_by(|a, b| a.issuer.cmp(&b.issuer));
        TrustList(issuers)
    }

    /// All of them.
    pub fn issuers(&self) -> &[TrustedIssuer] {
        &self.0
    }

    /// The one that an id names, in whichever writing.
    pub fn find(&self, issuer: &str) -> Option<&TrustedIssuer> {
        let issuer = normalized(issuer)?;
        self.0.binary_search_by(|known| known.issuer.as_str().cmp(&issuer)).ok().map(|place| &self.0[place])
    }

    /// Those whose ids come after this one.
    pub fn behind(&self, issuer: Option<&str>) -> &[TrustedIssuer] {
        let from = issuer.map_or(0, |issuer| self.0.partition_point(|known| known.issuer.as_str() <= issuer));
        &self.0[from..]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ends_of_the_time_are_within() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let (start, end) = ("2026-01-01T00:00:00Z", "2026-12-31T23:59:59Z");
        let list = |since: Option<&str>, until: Option<&str>| TrustedIssuer {
            issuer: "did:web:badges.example".to_owned(),
            name: "Badges".to_owned(),
            since: since.map(at),
            until: until.map(at),
            added_at: at(start),
        };
        for (since, until, issued, expected) in [
            (None, None, "1999-01-01T00:00:00Z", true),
            (Some(start), None, "2025-12-31T23:59:59Z", false),
            (Some(start), None, start, true),
            (None, Some(end), end, true),
            (None, Some(end), "2027-01-01T00:00:00Z", false),
            (Some(start), Some(end), "2026-06-01T00:00:00Z", true),
        ] {
            assert_eq!(list(since, until).covers(at(issued)), expected, "{since:?} {until:?} {issued}");
        }
    }
}
