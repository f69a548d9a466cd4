//! `AchievementCredential`, also called `OpenBadgeCredential`: the signed thing, before its proof.

use serde::Serialize;

use super::types::constant;
use super::{
    AchievementSubject, BitstringStatusListEntry, CONTEXT_OB3, CONTEXT_OB3_EXTENSIONS, CONTEXT_VC2, Evidence, Profile,
    RefreshService,
};

constant! {
    /// The three contexts, in the order the specification demands.
    Context = [CONTEXT_VC2, CONTEXT_OB3, CONTEXT_OB3_EXTENSIONS]
}

constant! {
    /// `["VerifiableCredential", "OpenBadgeCredential"]`
    Type = ["VerifiableCredential", "OpenBadgeCredential"]
}

/// A credential without its proof.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "named as in Open Badges 3.0")]
pub struct AchievementCredential {
    #[serde(rename = "@context")]
    pub context: Context,
    pub id: String,
    #[serde(rename = "type")]
    pub kind: Type,
    pub name: String,
    pub issuer: Profile,
    pub valid_from: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<String>,
    pub awarded_date: String,
    pub credential_subject: AchievementSubject,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
    pub credential_status: BitstringStatusListEntry,
    pub refresh_service: RefreshService,
}
