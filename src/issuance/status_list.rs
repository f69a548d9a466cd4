//! Status list credentials: which versions are no longer valid, signed anew on change and every six hours.

use chrono::{DateTime, TimeDelta, Utc};

use super::claim::Signer;
use super::draft::Draft;
use super::lint::{self, Lints};
use crate::clock::rfc3339;
use crate::id::ListName;
use crate::openbadges::{BitstringStatusList, BitstringStatusListCredential};
use crate::status_list::Bitstring;
use crate::urls::Urls;

/// Five minutes, in milliseconds: how long a verifier may keep a list.
const TTL: u32 = 300_000;

/// Everything a status list credential says.
#[derive(Debug, Clone, Copy)]
pub struct ListClaim<'a> {
    /// Where the service answers.
    pub urls: &'a Urls,
    /// Who signs: the same as signs the credentials.
    pub signer: Signer<'a>,
    /// Which list.
    pub list: ListName,
    /// A set bit: no longer valid.
    pub bits: &'a Bitstring,
    /// The moment of signing.
    pub signed_at: DateTime<Utc>,
}

/// Builds and lints a status list credential; it is good for a day.
pub fn prepare_status_list(claim: &ListClaim<'_>) -> Result<Draft, Lints> {
    let id = claim.urls.status_list(claim.list);
    let credential = BitstringStatusListCredential {
        issuer: claim.signer.did.to_owned(),
        valid_from: rfc3339(claim.signed_at),
        valid_until: rfc3339(claim.signed_at + TimeDelta::hours(24)),
        credential_subject: BitstringStatusList {
            id: format!("{id}#list"),
            status_purpose: "revocation",
            encoded_list: claim.bits.encode(),
            ttl: TTL,
            ..BitstringStatusList::default()
        },
        id,
        ..BitstringStatusListCredential::default()
    };
    let document = serde_json::to_value(credential).expect("the data model has only text keys");
    let lints = lint::document(&document);
    Draft::new(document, &claim.signer, claim.signed_at, lints)
}
