//! `Result`: how it went.

use serde::Serialize;

use super::types::constant;

constant! {
    /// `["Result"]`
    Type = ["Result"]
}

/// One outcome; its [`super::ResultDescription`] says of what.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "named as in Open Badges 3.0")]
pub struct Result {
    #[serde(rename = "type")]
    pub kind: Type,
    pub result_description: String,
    pub status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}
