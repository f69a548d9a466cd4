//! `RefreshService`: where the newest version of a credential is kept.

use serde::Serialize;

use super::types::constant;

constant! {
    /// `"1EdTechCredentialRefresh"`
    Type = "1EdTechCredentialRefresh"
}

/// An address that answers with the newest version.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[expect(missing_docs, reason = "named as in Open Badges 3.0")]
pub struct RefreshService {
    pub id: String,
    #[serde(rename = "type")]
    pub kind: Type,
}
