//! `Alignment`: a skill or node of a framework that an achievement attests.

use serde::Serialize;

use super::types::constant;

constant! {
    /// `["Alignment"]`
    Type = ["Alignment"]
}

/// What an achievement corresponds to elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "named as in Open Badges 3.0")]
pub struct Alignment {
    #[serde(rename = "type")]
    pub kind: Type,
    pub target_name: String,
    pub target_url: String,
}
