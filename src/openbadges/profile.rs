//! `Profile`: who issues.

use serde::Serialize;

use super::Image;
use super::types::constant;

constant! {
    /// `["Profile"]`
    Type = ["Profile"]
}

/// An organisation as it presents itself.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[expect(missing_docs, reason = "named as in Open Badges 3.0")]
pub struct Profile {
    pub id: String,
    #[serde(rename = "type")]
    pub kind: Type,
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<Image>,
}
