//! [`Exception`]: what an administrator grants one person beside the rules. Shown in the why-trail, never publicly.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::award::Award;
use crate::id::{ExceptionId, RequirementId};

/// One exception, in a person's standing. Its words are a document of their own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exception {
    /// Internal.
    pub id: ExceptionId,
    /// What is granted.
    #[serde(flatten)]
    pub kind: ExceptionKind,
    /// Name of the API key that granted it.
    pub by: String,
    /// When it was granted.
    pub at: DateTime<Utc>,
    /// Whether it waits for another caller.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub needs_second: bool,
    /// The other caller who confirmed it, and when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second: Option<(String, DateTime<Utc>)>,
    /// When it was withdrawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn_at: Option<DateTime<Utc>>,
}

impl Exception {
    /// From when it holds: `None` while it waits for a second caller, and after it was withdrawn.
    pub fn since(&self) -> Option<DateTime<Utc>> {
        if self.withdrawn_at.is_some() {
            return None;
        }
        match (&self.second, self.needs_second) {
            (Some((_, at)), _) => Some(*at),
            (None, false) => Some(self.at),
            (None, true) => None,
        }
    }
}

/// What can be granted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum ExceptionKind {
    /// A requirement counts as met.
    Waive {
        /// Which.
        #[schema(value_type = String)]
        requirement: RequirementId,
    },
    /// One attempt more, at once.
    Attempt {
        /// At what.
        #[schema(value_type = String)]
        requirement: RequirementId,
    },
    /// The term ends later.
    Extend {
        /// The new last second.
        until: DateTime<Utc>,
    },
    /// Awarded whatever the rules say.
    AwardByHand,
    /// One of the approvals that the certification asks for; each by another caller.
    Approve,
}

/// Another award of the same person in the same certification, whose address lives on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Former {
    /// With its whole history.
    pub award: Award,
    /// Why it is not the current one.
    pub why: FormerWhy,
}

/// Why an award is not the current one of its standing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FormerWhy {
    /// Two persons turned out to be one: its address shows the current award.
    Alias,
    /// It was issued in error and the certification was earned later: its address goes on saying revoked.
    Undone,
}
