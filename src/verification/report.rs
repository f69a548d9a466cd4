//! [`Report`]: the one answer of a verification, the same for page, API and command line.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::past::Past;

/// What a person is told first. Never `Valid` while a required check is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the sentences are in `words`")]
pub enum Verdict {
    Valid,
    Expired,
    NotYetValid,
    Suspended,
    Revoked,
    /// A corrected copy.
    Replaced,
    /// Proof or content broken.
    Invalid,
    /// All checks pass; the issuer is neither ours nor listed.
    UntrustedIssuer,
    /// A required check could not be made, or what would end it may be hidden.
    Inconclusive,
    NotFound,
    Malformed,
}

impl Verdict {
    /// As it stands in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Valid => "valid",
            Verdict::Expired => "expired",
            Verdict::NotYetValid => "not_yet_valid",
            Verdict::Suspended => "suspended",
            Verdict::Revoked => "revoked",
            Verdict::Replaced => "replaced",
            Verdict::Invalid => "invalid",
            Verdict::UntrustedIssuer => "untrusted_issuer",
            Verdict::Inconclusive => "inconclusive",
            Verdict::NotFound => "not_found",
            Verdict::Malformed => "malformed",
        }
    }
}

/// The stable ids of the checks, in the order of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is a file of this module")]
pub enum CheckId {
    Format,
    Context,
    Schema,
    Proof,
    Issuer,
    Status,
    Validity,
    Refresh,
    Subject,
    Endorsements,
}

impl CheckId {
    /// As it stands in JSON.
    pub fn name(self) -> &'static str {
        match self {
            CheckId::Format => "format",
            CheckId::Context => "context",
            CheckId::Schema => "schema",
            CheckId::Proof => "proof",
            CheckId::Issuer => "issuer",
            CheckId::Status => "status",
            CheckId::Validity => "validity",
            CheckId::Refresh => "refresh",
            CheckId::Subject => "subject",
            CheckId::Endorsements => "endorsements",
        }
    }
}

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum CheckOutcome {
    Passed,
    Failed,
    Warning,
    CouldNotCheck,
}

/// One check: what was found, in a sentence and as facts, and what to do about it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Check {
    /// Which.
    pub id: CheckId,
    /// How it ended.
    pub outcome: CheckOutcome,
    /// A sentence for people.
    pub words: String,
    /// For programs.
    #[serde(default, skip_serializing_if = "serde_json::Map::is_empty")]
    #[schema(value_type = Object)]
    pub facts: serde_json::Map<String, Value>,
    /// What to do next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

/// What the credential claims, as far as it could be read. Claims, not findings.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
#[expect(missing_docs, reason = "as in the credential")]
pub struct Summary {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The award's number, when it is one of ours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub award: Option<String>,
    /// Which version of the award this copy is, when it is one of ours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The holder's name, if the credential tells it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holder: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub achievement: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub awarded_at: Option<DateTime<Utc>>,
    /// Carries the TEST mark.
    #[serde(default)]
    pub test: bool,
}

/// What is known of the issuer, apart from what it says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Trust {
    /// This service issues for it.
    Ours,
    /// On the operator's list.
    Listed,
    /// On the operator's list, but not for the time at which this was issued.
    ListedForOtherTimes,
    /// Neither.
    #[default]
    Unlisted,
}

impl Trust {
    /// As it stands in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Trust::Ours => "ours",
            Trust::Listed => "listed",
            Trust::ListedForOtherTimes => "listed_for_other_times",
            Trust::Unlisted => "unlisted",
        }
    }
}

/// Who signed: the proven identity (DID or address) and what is known of it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
pub struct IssuerTrust {
    /// `did:…` or an https address, as written in the credential; proven only if the `issuer` check passed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The address at which its document lies, where its own only sends on to another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leads_to: Option<String>,
    /// Whether we know it.
    pub trust: Trust,
    /// What the operator calls it, if it is listed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// What was handed in is a receipt: of a check that another time, and perhaps another service, has made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReceiptOf {
    /// The DID of the service that made the check; proven only if the `issuer` check passed.
    pub by: String,
    /// When it was made.
    pub checked_at: DateTime<Utc>,
    /// SHA-256, in hex, of what was checked.
    pub sha256: String,
    /// What was found then.
    pub headline: String,
}

/// The whole answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Report {
    /// In one word.
    pub verdict: Verdict,
    /// In one sentence.
    pub headline: String,
    /// When the checks were made.
    pub checked_at: DateTime<Utc>,
    /// The moment the answer is about. Of our own awards it is that of the check, whatever was asked about.
    pub as_of: DateTime<Utc>,
    /// Of our own awards: what was true at the moment that was asked about, beside what is true now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub then: Option<Past>,
    /// All of them, in order.
    pub checks: Vec<Check>,
    /// What the credential says.
    pub credential: Summary,
    /// Who signed it.
    pub issuer: IssuerTrust,
    /// Of a receipt: what it is the receipt of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt_of: Option<ReceiptOf>,
}

impl Report {
    /// Whether no check failed, and none is open on which the verdict rests. What is shown in part may stand, and be
    /// inconclusive all the same.
    pub fn stands(&self) -> bool {
        self.checks.iter().all(|check| match check.outcome {
            CheckOutcome::Passed | CheckOutcome::Warning => true,
            CheckOutcome::CouldNotCheck => {
                matches!(check.id, CheckId::Refresh | CheckId::Subject | CheckId::Endorsements)
            }
            CheckOutcome::Failed => false,
        })
    }
}
