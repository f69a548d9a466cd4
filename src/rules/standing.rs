//! [`Standing`]: where one person stands in one certification, with the whole history of the award.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::id::{AwardId, CertificationId, CredentialVersion, PersonId, RequirementId};

/// One document of the store: everything a decision or a verification reads about person x certification.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Standing {
    /// Whose.
    pub person: PersonId,
    /// In what.
    pub certification: CertificationId,
    /// Every reported result, in the order in which they were recorded.
    pub results: Vec<RecordedResult>,
    /// What was awarded, if anything.
    pub award: Option<Award>,
}

impl Standing {
    /// Nothing reported, nothing awarded.
    pub fn empty(person: PersonId, certification: CertificationId) -> Self {
        Standing { person, certification, results: Vec::new(), award: None }
    }
}

/// How a requirement was reported to have gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// An exam, review or evidence that was accepted.
    Passed,
    /// One that was not.
    Failed,
    /// A training that was gone through.
    Completed,
}

/// One reported outcome, as accepted. Free text and evidence are documents of their own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordedResult {
    /// The API key's name.
    pub source: String,
    /// The source's own id of the result.
    pub id: String,
    /// Of this certification.
    pub requirement: RequirementId,
    /// As reported.
    pub outcome: Outcome,
    /// In percent, 0 to 100.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<f64>,
    /// Minutes spent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<f64>,
    /// As in the program file: `self`, `live`, `in-person`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proctoring: Option<String>,
    /// Score in percent by criterion of the rubric, as far as reported.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rubric: Vec<(String, f64)>,
    /// How many pieces of evidence came with it.
    #[serde(default)]
    pub evidence: u32,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// When we heard of it.
    pub recorded_at: DateTime<Utc>,
}

/// Person x certification, one permanent number and address.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Award {
    /// For life.
    pub id: AwardId,
    /// Oldest first; never empty.
    pub versions: Vec<VersionEntry>,
    /// In the order of the store's commits.
    pub history: Vec<HistoryEntry>,
}

impl Award {
    /// The newest credential.
    pub fn current(&self) -> &VersionEntry {
        self.versions.last().expect("an award is made with its first version")
    }

    /// The version with this number.
    pub fn version(&self, number: CredentialVersion) -> Option<&VersionEntry> {
        self.versions.iter().find(|v| v.number == number)
    }
}

/// Why a credential was signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum VersionKind {
    /// First issue.
    Issue,
    /// A new term.
    Renewal,
    /// Details corrected; the version before it is never served again.
    Correction,
    /// After a suspension.
    Reinstatement,
}

/// One signed credential of an award.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VersionEntry {
    /// 1, 2, …
    pub number: CredentialVersion,
    /// Why it was signed.
    pub kind: VersionKind,
    /// Number of its status list.
    pub list: u32,
    /// Its index there, never used again.
    pub index: u32,
    /// The moment of signing, whole seconds.
    pub valid_from: DateTime<Utc>,
    /// 23:59:59 local of the last day; none: does not expire.
    pub valid_until: Option<DateTime<Utc>>,
    /// When it was earned.
    pub awarded_at: DateTime<Utc>,
    /// Version of the program that gave the dates.
    pub program: u32,
    /// Multibase public key that signed.
    pub kid: String,
}

/// Closed reason codes of a revocation; free text is private.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// It should never have been awarded.
    IssuedInError,
    /// What was required turned out not to be met.
    RequirementsNotMet,
    /// The holder asked.
    HolderRequest,
    /// The signing key can no longer be trusted.
    KeyCompromise,
    /// Anything else.
    Other,
}

/// What happened to an award.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "type")]
#[expect(missing_docs, reason = "the field's verbs")]
pub enum Happening {
    Issued { version: CredentialVersion },
    Renewed { version: CredentialVersion },
    Corrected { version: CredentialVersion },
    Suspended { reason: Reason },
    Reinstated { version: CredentialVersion },
    Revoked { reason: Reason },
}

/// One line of an award's history. No names, no free text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryEntry {
    /// What.
    #[serde(flatten)]
    pub what: Happening,
    /// From when it is true.
    pub valid_at: DateTime<Utc>,
    /// When we recorded it.
    pub recorded_at: DateTime<Utc>,
    /// Version of the program in force.
    pub program: u32,
}
