//! `ResultDescription`: what can come out.

use serde::Serialize;

use super::types::constant;

constant! {
    /// `["ResultDescription"]`
    Type = ["ResultDescription"]
}

/// What a [`super::Result`] is measured by.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "named as in Open Badges 3.0")]
pub struct ResultDescription {
    pub id: String,
    #[serde(rename = "type")]
    pub kind: Type,
    pub name: String,
    pub result_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value_min: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value_max: Option<String>,
}
