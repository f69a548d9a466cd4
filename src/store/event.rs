//! What the feed tells: ids, codes, dates and hashes. No names and no free text; there is no field for them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::id::{AwardId, CertificationId, CredentialVersion, EventId, PersonId, Realm, RequirementId};
use crate::rules::{Outcome, Reason, UnmetCode};

/// One thing that happened. Its place in the feed is the engine's; `recorded_at` never decides order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// For receivers, to tell repeats.
    pub id: EventId,
    /// When we recorded it.
    pub recorded_at: DateTime<Utc>,
    /// Live or test.
    pub realm: Realm,
    /// What.
    #[serde(flatten)]
    pub what: EventKind,
}

/// A SHA-256 digest, in hex: stands for text that must not be in the feed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Digest(String);

impl Digest {
    /// The digest of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        Digest(super::sha256_hex(bytes))
    }
}

/// Kinds of events, named as webhooks will name them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
#[expect(missing_docs, reason = "the fields are ids, codes and dates")]
pub enum EventKind {
    #[serde(rename = "issuer.created")]
    IssuerCreated { did: Digest },
    #[serde(rename = "program.applied")]
    ProgramApplied { version: u32, text: Digest },
    #[serde(rename = "signing_key.generated")]
    SigningKeyGenerated { key: Digest },
    #[serde(rename = "signing_key.activated")]
    SigningKeyActivated { key: Digest },
    #[serde(rename = "signing_key.retired")]
    SigningKeyRetired { key: Digest },
    #[serde(rename = "api_key.created")]
    ApiKeyCreated { key: Digest },
    #[serde(rename = "api_key.revoked")]
    ApiKeyRevoked { key: Digest },
    #[serde(rename = "person.created")]
    PersonCreated { person: PersonId },
    #[serde(rename = "person.corrected")]
    PersonCorrected { person: PersonId },
    #[serde(rename = "result.recorded")]
    ResultRecorded {
        person: PersonId,
        certification: CertificationId,
        requirement: RequirementId,
        outcome: Outcome,
        at: DateTime<Utc>,
        source: Digest,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        unmet: Vec<UnmetCode>,
    },
    #[serde(rename = "award.issued")]
    AwardIssued(AwardEvent),
    #[serde(rename = "award.renewed")]
    AwardRenewed(AwardEvent),
    #[serde(rename = "award.corrected")]
    AwardCorrected(AwardEvent),
    #[serde(rename = "award.reinstated")]
    AwardReinstated(AwardEvent),
    #[serde(rename = "award.suspended")]
    AwardSuspended { award: AwardId, certification: CertificationId, person: PersonId, reason: Reason },
    #[serde(rename = "award.revoked")]
    AwardRevoked { award: AwardId, certification: CertificationId, person: PersonId, reason: Reason },
}

/// A new version of an award's credential.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are ids, codes and dates")]
pub struct AwardEvent {
    pub award: AwardId,
    pub person: PersonId,
    pub certification: CertificationId,
    pub version: CredentialVersion,
    pub program: u32,
    pub valid_from: DateTime<Utc>,
    pub valid_until: Option<DateTime<Utc>>,
    /// Of the signed bytes.
    pub credential: Digest,
}
