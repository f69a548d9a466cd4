//! `Image`: a picture at an address.

use serde::Serialize;

use super::types::constant;

constant! {
    /// `"Image"`
    Type = "Image"
}

/// A picture and what it shows.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[expect(missing_docs, reason = "named as in Open Badges 3.0")]
pub struct Image {
    pub id: String,
    #[serde(rename = "type")]
    pub kind: Type,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
}
