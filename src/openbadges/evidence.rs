//! `Evidence`: what was shown.

use serde::Serialize;

use super::types::constant;

constant! {
    /// `["Evidence"]`
    Type = ["Evidence"]
}

/// One piece of work at an address.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[expect(missing_docs, reason = "named as in Open Badges 3.0")]
pub struct Evidence {
    pub id: String,
    #[serde(rename = "type")]
    pub kind: Type,
    pub name: String,
}
