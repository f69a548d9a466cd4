//! `Achievement`: what can be earned.

use serde::Serialize;

use super::types::constant;
use super::{Alignment, Criteria, Image, Profile, ResultDescription};

constant! {
    /// `["Achievement"]`
    Type = ["Achievement"]
}

/// What can be earned; each certification is one.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "named as in Open Badges 3.0")]
pub struct Achievement {
    pub id: String,
    #[serde(rename = "type")]
    pub kind: Type,
    pub achievement_type: &'static str,
    pub name: String,
    pub description: String,
    pub criteria: Criteria,
    pub image: Image,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub creator: Option<Profile>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub alignment: Vec<Alignment>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub result_description: Vec<ResultDescription>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tag: Vec<String>,
}
