//! [`ProblemDetails`]: what is wrong with a credential or a request, by the types that the specifications of the W3C name.

use serde::Serialize;
use utoipa::ToSchema;

use crate::verification::{Check, CheckId, CheckOutcome, Malformed, PresentationProblem};

/// The types of problems, each defined by one of the specifications.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is its name; what it means is in the specifications")]
pub enum ProblemType {
    // VCDM 2.0 §7.2
    Parsing,
    CryptographicSecurity,
    MalformedValue,
    Range,
    // VC Data Integrity 1.0 §4.7
    ProofVerification,
    DataLossDetection,
    InvalidDomain,
    InvalidChallenge,
    // Bitstring Status List 1.0 §3.5
    StatusRetrieval,
    StatusVerification,
    StatusListLength,
    // VCALM §3.8
    UnknownOption,
}

impl ProblemType {
    /// As a URL, and the name at its end.
    const fn names(self) -> (&'static str, &'static str) {
        match self {
            ProblemType::Parsing => ("https://www.w3.org/TR/vc-data-model#PARSING_ERROR", "PARSING_ERROR"),
            ProblemType::CryptographicSecurity => {
                ("https://www.w3.org/TR/vc-data-model#CRYPTOGRAPHIC_SECURITY_ERROR", "CRYPTOGRAPHIC_SECURITY_ERROR")
            }
            ProblemType::MalformedValue => {
                ("https://www.w3.org/TR/vc-data-model#MALFORMED_VALUE_ERROR", "MALFORMED_VALUE_ERROR")
            }
            ProblemType::Range => ("https://www.w3.org/TR/vc-data-model#RANGE_ERROR", "RANGE_ERROR"),
            ProblemType::ProofVerification => {
                ("https://w3id.org/security#PROOF_VERIFICATION_ERROR", "PROOF_VERIFICATION_ERROR")
            }
            ProblemType::DataLossDetection => {
                ("https://w3id.org/security#DATA_LOSS_DETECTION_ERROR", "DATA_LOSS_DETECTION_ERROR")
            }
            ProblemType::InvalidDomain => ("https://w3id.org/security#INVALID_DOMAIN_ERROR", "INVALID_DOMAIN_ERROR"),
            ProblemType::InvalidChallenge => {
                ("https://w3id.org/security#INVALID_CHALLENGE_ERROR", "INVALID_CHALLENGE_ERROR")
            }
            ProblemType::StatusRetrieval => {
                ("https://www.w3.org/ns/credentials/status-list#STATUS_RETRIEVAL_ERROR", "STATUS_RETRIEVAL_ERROR")
            }
            ProblemType::StatusVerification => {
                ("https://www.w3.org/ns/credentials/status-list#STATUS_VERIFICATION_ERROR", "STATUS_VERIFICATION_ERROR")
            }
            ProblemType::StatusListLength => {
                ("https://www.w3.org/ns/credentials/status-list#STATUS_LIST_LENGTH_ERROR", "STATUS_LIST_LENGTH_ERROR")
            }
            ProblemType::UnknownOption => {
                ("https://www.w3.org/TR/vcalm#UNKNOWN_OPTION_PROVIDED", "UNKNOWN_OPTION_PROVIDED")
            }
        }
    }

    /// A problem of this type; `detail` is a sentence about this case.
    pub fn because(self, detail: impl Into<String>) -> ProblemDetails {
        let (kind, title) = self.names();
        ProblemDetails { kind, title, detail: detail.into() }
    }
}

/// One problem (VCALM §3.8, in the shape of RFC 9457).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ProblemDetails {
    /// The URL of its type.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The name of its type.
    pub title: &'static str,
    /// What is wrong this time.
    pub detail: String,
}

impl From<&Malformed> for ProblemDetails {
    fn from(malformed: &Malformed) -> Self {
        let kind = match malformed {
            Malformed::BrokenJson(_) | Malformed::BrokenToken(_) | Malformed::Empty | Malformed::NotUtf8 => {
                ProblemType::Parsing
            }
            Malformed::TooLarge { .. } | Malformed::TooMany { .. } => ProblemType::Range,
            Malformed::Unrecognized
            | Malformed::NothingBaked
            | Malformed::BrokenPicture(_)
            | Malformed::NotAnObject
            | Malformed::Presentation { .. }
            | Malformed::NotACredential
            | Malformed::OnlyAddress(_) => ProblemType::MalformedValue,
        };
        kind.because(format!("It cannot be verified: {malformed}."))
    }
}

impl From<&PresentationProblem> for ProblemDetails {
    fn from(problem: &PresentationProblem) -> Self {
        let kind = match problem {
            PresentationProblem::Shape(_) | PresentationProblem::Roundabout => ProblemType::MalformedValue,
            PresentationProblem::Undefined(_) => ProblemType::DataLossDetection,
            PresentationProblem::Signature(_) => ProblemType::ProofVerification,
            PresentationProblem::DoesNotFit | PresentationProblem::NotByHolder => ProblemType::CryptographicSecurity,
            PresentationProblem::Challenge => ProblemType::InvalidChallenge,
            PresentationProblem::Domain => ProblemType::InvalidDomain,
        };
        kind.because(format!("The presentation cannot be relied on: {problem}."))
    }
}

/// What keeps a credential from being verified, as far as it is this check.
pub(super) fn of_check(check: &Check) -> Option<ProblemDetails> {
    let problem = check.facts.get("problem").and_then(|problem| problem.as_str());
    let failed = check.outcome == CheckOutcome::Failed;
    let kind = match check.id {
        CheckId::Refresh | CheckId::Subject | CheckId::Endorsements => return None,
        _ if !stands_in_the_way(check) => return None,
        CheckId::Context if problem.is_some() => ProblemType::DataLossDetection,
        CheckId::Proof if problem == Some("no_signature") => ProblemType::Parsing,
        CheckId::Proof | CheckId::Issuer if failed && problem.is_none() => ProblemType::CryptographicSecurity,
        CheckId::Proof | CheckId::Issuer => ProblemType::ProofVerification,
        CheckId::Status => match (check.outcome, problem) {
            (CheckOutcome::Warning, _) => ProblemType::StatusListLength,
            (_, Some("not_retrieved")) => ProblemType::StatusRetrieval,
            (_, Some("out_of_range")) => ProblemType::Range,
            _ => ProblemType::StatusVerification,
        },
        CheckId::Validity if failed => ProblemType::Range,
        CheckId::Format | CheckId::Schema | CheckId::Context | CheckId::Validity => ProblemType::MalformedValue,
    };
    Some(kind.because(&check.words))
}

/// Two warnings of the report are errors by the specifications: a proof beside one that holds does not hold itself
/// (VC Data Integrity §4.5; those of kinds that are not read may be left aside), and a status list is shorter than the
/// least length (Bitstring Status List §3.2).
fn stands_in_the_way(check: &Check) -> bool {
    let spoilt = |each: &serde_json::Value| each.as_array().is_some_and(|each| each.contains(&"does_not_hold".into()));
    match check.outcome {
        CheckOutcome::Passed => false,
        CheckOutcome::Failed | CheckOutcome::CouldNotCheck => true,
        CheckOutcome::Warning if check.id == CheckId::Proof => check.facts.get("each").is_some_and(spoilt),
        CheckOutcome::Warning => check.id == CheckId::Status && check.facts.contains_key("bits"),
    }
}
