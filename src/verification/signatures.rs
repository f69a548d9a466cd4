//! [`Signatures`]: what the proofs of a document came to, for a credential and for a status list alike.

use std::collections::HashMap;

use serde_json::Value;

use super::facts::Facts;
use super::keys::{self, KeyProblem};
use crate::openbadges::reading::{Moment, many, moment};
use crate::proof::data_integrity::{self, Outcome, ProofVerdict};

/// The most proofs of one document that are looked at.
pub(super) const MAXIMUM_PROOFS: usize = 8;

/// What the proofs of a document came to.
pub(super) struct Signatures {
    pub(super) verdicts: Vec<ProofVerdict>,
    problems: HashMap<String, KeyProblem>,
    /// The proofs could not be looked at at all; why.
    pub(super) broken: Option<String>,
    /// Verification methods of proofs that say they have run out.
    expired: Vec<String>,
}

/// All of it in one word, worst last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Signed {
    /// At least one fits.
    Fits {
        /// Others do not fit or could not be made out.
        others: bool,
    },
    /// The key could not be had: whose, and why.
    Unreachable(String, String),
    /// Made in a way we cannot check.
    Unsupported(String),
    /// There is none.
    Absent,
    /// Cannot be read; why.
    Malformed(String),
    /// It fits, but says of itself that it has run out.
    RanOut,
    /// Whoever controls the key does not vouch for it; who, and why.
    NotVouchedFor(String, String),
    /// Changed content, or another key.
    DoesNotFit,
}

impl Signatures {
    /// Checks every proof of `document`.
    pub(super) fn of(document: &Value, facts: &Facts) -> Signatures {
        let proofs = many(document, "proof");
        let mut signatures =
            Signatures { verdicts: Vec::new(), problems: HashMap::new(), broken: None, expired: Vec::new() };
        if proofs.is_empty() {
            return signatures;
        }
        if proofs.len() > MAXIMUM_PROOFS {
            signatures.broken = Some(format!("it carries {} signatures, more than {MAXIMUM_PROOFS}", proofs.len()));
            return signatures;
        }
        for proof in proofs {
            let over = match moment(proof, &["expires"]) {
                None => false,
                Some(Moment::At(at) | Moment::Floating(at)) => facts.moment() > at,
                Some(Moment::Unreadable) => true,
            };
            if over && let Some(method) = proof.get("verificationMethod").and_then(Value::as_str) {
                signatures.expired.push(method.to_owned());
            }
        }
        let problems = &mut signatures.problems;
        let mut key_for = |method: &str, purpose: &str| match keys::key(method, purpose, facts) {
            Ok(key) => Some(key),
            Err(problem) => {
                problems.insert(method.to_owned(), problem);
                None
            }
        };
        match data_integrity::verify(document, &mut key_for) {
            Ok(verdicts) => signatures.verdicts = verdicts,
            Err(error) => signatures.broken = Some(error.to_string()),
        }
        signatures
    }

    /// Whether a signature was compared over the RDF of the content: then the content went through JSON-LD's safe mode.
    pub(super) fn content_is_defined(&self) -> bool {
        self.verdicts
            .iter()
            .any(|v| matches!(v.outcome, Outcome::Fits | Outcome::DoesNotFit) && v.cryptosuite == "eddsa-rdfc-2022")
    }

    /// Who is proven to have signed: the controllers of the keys whose signatures fit.
    pub(super) fn proven(&self) -> impl Iterator<Item = (&str, &str)> {
        self.verdicts
            .iter()
            .filter(|v| self.holds(v))
            .map(|v| (keys::controller(&v.verification_method), v.verification_method.as_str()))
    }

    /// Who is said to have signed.
    pub(super) fn claimed(&self) -> impl Iterator<Item = &str> {
        self.verdicts.iter().map(|v| keys::controller(&v.verification_method))
    }

    fn holds(&self, verdict: &ProofVerdict) -> bool {
        matches!(verdict.outcome, Outcome::Fits) && !self.expired.contains(&verdict.verification_method)
    }

    /// One suffices; without one, the gravest finding is the answer.
    pub(super) fn signed(&self) -> Signed {
        if let Some(why) = &self.broken {
            return Signed::Malformed(why.clone());
        }
        if self.verdicts.iter().any(|v| self.holds(v)) {
            return Signed::Fits { others: !self.verdicts.iter().all(|v| self.holds(v)) };
        }
        let findings = self.verdicts.iter().map(|v| self.finding(v));
        findings.max_by_key(Signed::gravity).unwrap_or(Signed::Absent)
    }

    fn finding(&self, verdict: &ProofVerdict) -> Signed {
        let controller = keys::controller(&verdict.verification_method).to_owned();
        match &verdict.outcome {
            Outcome::Fits => Signed::RanOut,
            Outcome::DoesNotFit => Signed::DoesNotFit,
            Outcome::Unsupported(suite) => Signed::Unsupported(suite.clone()),
            Outcome::Malformed(why) => Signed::Malformed(why.to_string()),
            Outcome::UnknownKey => match self.problems.get(&verdict.verification_method) {
                Some(KeyProblem::NotVouchedFor(why)) => Signed::NotVouchedFor(controller, why.clone()),
                Some(KeyProblem::Unreachable(why)) => Signed::Unreachable(controller, why.clone()),
                None => Signed::Unreachable(controller, "was not asked".to_owned()),
            },
        }
    }
}

impl Signed {
    fn gravity(&self) -> u8 {
        match self {
            Signed::Fits { .. } => 0,
            Signed::Unreachable(..) => 1,
            Signed::Unsupported(_) => 2,
            Signed::Absent => 3,
            Signed::Malformed(_) => 4,
            Signed::RanOut => 5,
            Signed::NotVouchedFor(..) => 6,
            Signed::DoesNotFit => 7,
        }
    }
}
