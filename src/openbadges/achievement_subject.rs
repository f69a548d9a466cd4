//! `AchievementSubject`: who earned what.

use serde::Serialize;

use super::types::constant;
use super::{Achievement, IdentityObject, Result};

constant! {
    /// `["AchievementSubject"]`
    Type = ["AchievementSubject"]
}

/// Who earned what, and how it went.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[expect(missing_docs, reason = "named as in Open Badges 3.0")]
pub struct AchievementSubject {
    pub id: String,
    #[serde(rename = "type")]
    pub kind: Type,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub identifier: Vec<IdentityObject>,
    pub achievement: Achievement,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub result: Vec<Result>,
}
