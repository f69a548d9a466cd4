//! `BitstringStatusListCredential` (W3C): which versions are no longer valid, signed by their issuer.

use serde::Serialize;

use super::CONTEXT_VC2;
use super::types::constant;

constant! {
    /// The W3C context alone.
    Context = [CONTEXT_VC2]
}

constant! {
    /// `["VerifiableCredential", "BitstringStatusListCredential"]`
    CredentialType = ["VerifiableCredential", "BitstringStatusListCredential"]
}

constant! {
    /// `"BitstringStatusList"`
    Type = "BitstringStatusList"
}

/// The list and who answers for it, without its proof.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "named as in Bitstring Status List 1.0")]
pub struct BitstringStatusListCredential {
    #[serde(rename = "@context")]
    pub context: Context,
    pub id: String,
    #[serde(rename = "type")]
    pub kind: CredentialType,
    pub issuer: String,
    pub valid_from: String,
    pub valid_until: String,
    pub credential_subject: BitstringStatusList,
}

/// The list itself.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "named as in Bitstring Status List 1.0")]
pub struct BitstringStatusList {
    pub id: String,
    #[serde(rename = "type")]
    pub kind: Type,
    pub status_purpose: &'static str,
    pub encoded_list: String,
    /// Milliseconds for which a verifier may keep it.
    pub ttl: u32,
}
