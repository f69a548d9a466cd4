//! [`Signatures`]: what the proofs of a document came to, for a credential and for a status list alike.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::facts::Facts;
use super::keys::{self, KeyProblem};
use crate::linked_data;
use crate::openbadges::reading::many;
use crate::proof::data_integrity::{self, Outcome, ProofError, ProofVerdict};

/// The most proofs of one document that are looked at.
pub(super) const MAXIMUM_PROOFS: usize = 8;

/// What the proofs of a document came to.
pub(super) struct Signatures {
    pub(super) verdicts: Vec<ProofVerdict>,
    problems: HashMap<String, KeyProblem>,
    /// The proofs could not be looked at at all; why.
    broken: Option<String>,
    /// The content has no canonical form; why.
    pub(super) undefined: Option<linked_data::Error>,
    /// The moment by which proofs that run out are judged.
    at: DateTime<Utc>,
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
    /// The content has no canonical form that could be compared.
    Undefined,
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
        let mut signatures = Signatures {
            verdicts: Vec::new(),
            problems: HashMap::new(),
            broken: None,
            undefined: None,
            at: facts.moment(),
        };
        if proofs.len() > MAXIMUM_PROOFS {
            signatures.broken = Some(format!("it carries {} signatures, more than {MAXIMUM_PROOFS}", proofs.len()));
        } else if !proofs.is_empty() {
            signatures.compare(document, facts);
        }
        if !signatures.content_is_defined() {
            signatures.undefined = linked_data::canonicalize(&without_proof(document)).err();
        }
        signatures
    }

    fn compare(&mut self, document: &Value, facts: &Facts) {
        let problems = &mut self.problems;
        let mut key_for = |method: &str, purpose: &str| match keys::key(method, purpose, facts) {
            Ok(key) => Some(key),
            Err(problem) => {
                problems.insert(method.to_owned(), problem);
                None
            }
        };
        match data_integrity::verify(document, &mut key_for) {
            Ok(verdicts) => self.verdicts = verdicts,
            // What is wrong with the content is told by `undefined`.
            Err(ProofError::Document(_)) => {}
            Err(error) => self.broken = Some(error.to_string()),
        }
    }

    /// Whether a signature was compared over the RDF of the content: then the content went through JSON-LD's safe mode.
    fn content_is_defined(&self) -> bool {
        let over_json = |suite: &str| matches!(suite, "eddsa-jcs-2022" | "ecdsa-jcs-2019");
        self.verdicts
            .iter()
            .any(|v| matches!(v.outcome, Outcome::Fits | Outcome::DoesNotFit) && !over_json(&v.cryptosuite))
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
        verdict.outcome == Outcome::Fits && verdict.expires.is_none_or(|until| self.at <= until)
    }

    /// One suffices; without one, the gravest finding is the answer.
    pub(super) fn signed(&self) -> Signed {
        if let Some(why) = &self.broken {
            return Signed::Malformed(why.clone());
        }
        if self.verdicts.iter().any(|v| self.holds(v)) {
            return Signed::Fits { others: !self.verdicts.iter().all(|v| self.holds(v)) };
        }
        if self.undefined.is_some() {
            return Signed::Undefined;
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
            Outcome::Malformed(why) => Signed::Malformed(why.clone()),
            Outcome::UnknownKey => match self.problems.get(&verdict.verification_method) {
                Some(KeyProblem::NotVouchedFor(why)) => Signed::NotVouchedFor(controller, why.clone()),
                Some(KeyProblem::Unreachable(why)) => Signed::Unreachable(controller, why.clone()),
                None => Signed::Unreachable(controller, "was not asked".to_owned()),
            },
        }
    }
}

fn without_proof(document: &Value) -> Value {
    let mut document = document.clone();
    if let Some(members) = document.as_object_mut() {
        members.shift_remove("proof");
    }
    document
}

impl Signed {
    fn gravity(&self) -> u8 {
        match self {
            Signed::Fits { .. } => 0,
            Signed::Unreachable(..) => 1,
            Signed::Unsupported(_) => 2,
            Signed::Absent | Signed::Undefined => 3,
            Signed::Malformed(_) => 4,
            Signed::RanOut => 5,
            Signed::NotVouchedFor(..) => 6,
            Signed::DoesNotFit => 7,
        }
    }
}
