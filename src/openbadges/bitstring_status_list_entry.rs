//! `BitstringStatusListEntry` (W3C): where a credential's status stands.

use serde::Serialize;

use super::types::constant;

constant! {
    /// `"BitstringStatusListEntry"`
    Type = "BitstringStatusListEntry"
}

/// One bit of one list.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "named as in Bitstring Status List 1.0")]
pub struct BitstringStatusListEntry {
    pub id: String,
    #[serde(rename = "type")]
    pub kind: Type,
    pub status_purpose: &'static str,
    /// A number in decimal, as a string.
    pub status_list_index: String,
    pub status_list_credential: String,
}
