//! [`Signatures`]: what the signatures of a document came to, for a credential, an endorsement and a status list alike.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::facts::{Facts, Need};
use super::keys::{self, KeyProblem, PURPOSE, Vouched};
use super::token::{Secured, Token, ends_before};
use crate::linked_data;
use crate::openbadges::reading::{id_of, many};
use crate::proof::data_integrity::{self, Outcome, ProofError, ProofVerdict, SELECTIVE};

/// The most proofs of one document that are looked at.
pub(super) const MAXIMUM_PROOFS: usize = 8;

/// What the signatures of a document came to.
pub(super) struct Signatures {
    findings: Vec<Finding>,
    /// The proofs could not be looked at at all; why.
    broken: Option<String>,
    /// The content, or a proof that is covered, has no canonical form; why.
    pub(super) undefined: Option<linked_data::Error>,
    /// The moment by which proofs that run out are judged.
    at: DateTime<Utc>,
}

/// One signature.
struct Finding {
    id: Option<String>,
    /// The names of those it covers, too.
    previous: Vec<String>,
    /// The key it names.
    method: String,
    /// Suite or algorithm.
    kind: String,
    expires: Option<DateTime<Utc>>,
    outcome: Outcome,
    key: Result<Vouched, KeyProblem>,
    /// Covers the RDF of the content, which went through JSON-LD's safe mode for it.
    over_rdf: bool,
    /// Whether it fits, has not run out, and all that it covers hold.
    holds: bool,
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
    /// The key could be had, and nothing ties it to the issuer: whose, and why.
    Unbound(String, String),
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

/// What one of several signatures is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// It fits, by a key that its controller vouches for.
    Holds,
    /// It does not, or that could not be found out.
    DoesNotHold,
    /// Of a kind that is not read.
    Unsupported,
}

impl Held {
    /// As it stands in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Held::Holds => "holds",
            Held::DoesNotHold => "does_not_hold",
            Held::Unsupported => "unsupported",
        }
    }
}

/// Who is to sign a document for this purpose: the issuer a credential, the holder a presentation.
fn signer_of<'d>(document: &'d Value, purpose: &str) -> Option<&'d str> {
    id_of(document, if purpose == PURPOSE { "issuer" } else { "holder" })
}

impl Signatures {
    /// Checks every signature of `secured`, made for assertions.
    pub(super) fn of(secured: &Secured, facts: &Facts) -> Signatures {
        Signatures::made_for(PURPOSE, secured, facts)
    }

    /// The same for another purpose: presentations are signed for `authentication`.
    pub(super) fn made_for(purpose: &str, secured: &Secured, facts: &Facts) -> Signatures {
        let document = &secured.document;
        let mut signatures = Signatures { findings: Vec::new(), broken: None, undefined: None, at: facts.moment() };
        let proofs = many(document, "proof");
        if let Some(token) = &secured.token {
            signatures.findings.push(token_finding(token, document, purpose, facts));
        } else if proofs.len() > MAXIMUM_PROOFS {
            signatures.broken = Some(format!("it carries {} signatures, more than {MAXIMUM_PROOFS}", proofs.len()));
        } else if !proofs.is_empty() {
            signatures.compare(document, purpose, facts);
        }
        if signatures.undefined.is_none() && !signatures.content_is_defined() {
            signatures.undefined = linked_data::canonicalize(&without_proof(document)).err();
        }
        signatures.settle();
        signatures
    }

    /// One of a chain holds only if all it covers hold (VC Data Integrity §2.1.2).
    fn settle(&mut self) {
        for finding in &mut self.findings {
            finding.holds = finding.fits(self.at);
        }
        loop {
            let (standing, fallen): (Vec<_>, Vec<_>) = self.findings.iter_mut().partition(|finding| finding.holds);
            let fallen: HashSet<&str> = fallen.iter().filter_map(|finding| finding.id.as_deref()).collect();
            let mut settled = true;
            for finding in standing {
                if finding.previous.iter().any(|id| fallen.contains(id.as_str())) {
                    finding.holds = false;
                    settled = false;
                }
            }
            if settled {
                return;
            }
        }
    }

    fn compare(&mut self, document: &Value, purpose: &str, facts: &Facts) {
        let mut known: HashMap<(String, String), Result<Vouched, KeyProblem>> = HashMap::new();
        let mut key_for = |method: &str, made_for: &str| {
            let name = (method.to_owned(), made_for.to_owned());
            let found = known.entry(name).or_insert_with(|| {
                if made_for == purpose {
                    return keys::key(method, purpose, facts);
                }
                let why = format!("was made for the purpose \u{201c}{made_for}\u{201d}");
                Err(KeyProblem::NotVouchedFor(keys::controller(method).to_owned(), why))
            });
            found.as_ref().ok().map(|vouched| vouched.key.clone())
        };
        match data_integrity::verify(document, &mut key_for) {
            Ok(verdicts) => {
                self.findings = verdicts.into_iter().map(|verdict| Finding::of(verdict, &known)).collect();
            }
            // Of the content, or of a proof that another one covers.
            Err(ProofError::Document(error)) => self.undefined = Some(error),
            Err(error) => self.broken = Some(error.to_string()),
        }
    }

    fn content_is_defined(&self) -> bool {
        let compared = |finding: &Finding| matches!(finding.outcome, Outcome::Fits | Outcome::DoesNotFit);
        self.findings.iter().any(|finding| finding.over_rdf && compared(finding))
    }

    /// Who is proven to have signed, and with which key: of the signatures that fit.
    pub(super) fn proven(&self) -> impl Iterator<Item = (&str, &str)> {
        self.findings
            .iter()
            .filter(|finding| finding.holds)
            .filter_map(|finding| Some((finding.key.as_ref().ok()?.controller.as_str(), finding.method.as_str())))
    }

    /// Whether all signatures are by others than `issuer`, as far as they say whose they are: an address alone does not
    /// until what lies there was seen.
    pub(super) fn are_by_others(&self, issuer: &str) -> bool {
        let by_another = |finding: &Finding| match &finding.key {
            Ok(vouched) => vouched.controller != issuer,
            Err(KeyProblem::NotVouchedFor(who, _)) => who != issuer,
            Err(_) => finding.method.starts_with("did:") && keys::controller(&finding.method) != issuer,
        };
        !self.findings.is_empty() && self.findings.iter().all(by_another)
    }

    /// The suites and algorithms of the signatures that fit.
    pub(super) fn kinds(&self) -> Vec<&str> {
        self.findings.iter().filter(|finding| finding.holds).map(|finding| finding.kind.as_str()).collect()
    }

    /// Whether all that fit and are by `issuer` cover only what a holder chose to show.
    pub(super) fn are_selective(&self, issuer: &str) -> bool {
        let by_issuer = |finding: &&Finding| finding.key.as_ref().is_ok_and(|vouched| vouched.controller == issuer);
        let mut theirs = self.findings.iter().filter(|finding| finding.holds).filter(by_issuer).peekable();
        theirs.peek().is_some() && theirs.all(|finding| finding.kind == SELECTIVE)
    }

    /// Whether each holds, in the order of the proofs.
    pub(super) fn each(&self) -> Vec<Held> {
        let held = |finding: &Finding| match finding.outcome {
            Outcome::Fits if finding.holds => Held::Holds,
            Outcome::Unsupported(_) => Held::Unsupported,
            _ => Held::DoesNotHold,
        };
        self.findings.iter().map(held).collect()
    }

    /// What must be fetched before all signatures can be judged.
    pub(super) fn needs(&self) -> impl Iterator<Item = &Need> {
        self.findings.iter().filter_map(|finding| match &finding.key {
            Err(KeyProblem::Missing(need)) => Some(need),
            _ => None,
        })
    }

    /// One suffices; without one, the gravest finding is the answer.
    pub(super) fn signed(&self) -> Signed {
        if let Some(why) = &self.broken {
            return Signed::Malformed(why.clone());
        }
        if self.findings.iter().any(|finding| finding.holds) {
            return Signed::Fits { others: !self.findings.iter().all(|finding| finding.holds) };
        }
        if self.undefined.is_some() {
            return Signed::Undefined;
        }
        // One that fits does not hold because of another, which says why.
        let faults = self.findings.iter().filter(|finding| !finding.fits(self.at)).map(Finding::signed);
        faults.max_by_key(Signed::gravity).unwrap_or(Signed::Absent)
    }
}

impl Finding {
    fn of(verdict: ProofVerdict, known: &HashMap<(String, String), Result<Vouched, KeyProblem>>) -> Self {
        let over_rdf = !verdict.cryptosuite.contains("-jcs-");
        let name = (verdict.verification_method, verdict.purpose);
        let unasked = || Err(KeyProblem::Unreachable(keys::controller(&name.0).to_owned(), "was not asked".to_owned()));
        let key = known.get(&name).cloned().unwrap_or_else(unasked);
        Finding {
            id: verdict.id,
            previous: verdict.previous,
            method: name.0,
            kind: verdict.cryptosuite,
            expires: verdict.expires,
            outcome: verdict.outcome,
            key,
            over_rdf,
            holds: false,
        }
    }

    /// By itself.
    fn fits(&self, at: DateTime<Utc>) -> bool {
        self.outcome == Outcome::Fits && self.expires.is_none_or(|until| at <= until)
    }

    fn signed(&self) -> Signed {
        match &self.outcome {
            Outcome::Fits => Signed::RanOut,
            Outcome::DoesNotFit => Signed::DoesNotFit,
            Outcome::Unsupported(suite) => Signed::Unsupported(suite.clone()),
            Outcome::Malformed(why) => Signed::Malformed(why.clone()),
            Outcome::UnknownKey => match &self.key {
                Err(KeyProblem::NotVouchedFor(who, why)) => Signed::NotVouchedFor(who.clone(), why.clone()),
                Err(KeyProblem::Unreachable(who, why)) => Signed::Unreachable(who.clone(), why.clone()),
                Err(KeyProblem::Unbound(who, why)) => Signed::Unbound(who.clone(), why.clone()),
                Err(KeyProblem::Missing(_)) | Ok(_) => {
                    Signed::Unreachable(keys::controller(&self.method).to_owned(), "was not asked".to_owned())
                }
            },
        }
    }
}

/// The signature around a credential or presentation.
fn token_finding(token: &Token, document: &Value, purpose: &str, facts: &Facts) -> Finding {
    let signer = signer_of(document, purpose);
    let kind = token.jws.algorithm().name().to_owned();
    let (key, method) = match keys::token_key(token, signer, purpose, facts) {
        Ok((vouched, method)) => (Ok(vouched), method),
        Err(problem) => (Err(problem), token.jws.kid().or(signer).unwrap_or_default().to_owned()),
    };
    let (expires, unreadable) = match token.expires() {
        Ok(expires) => (expires, false),
        Err(()) => (None, true),
    };
    let outcome = match &key {
        _ if unreadable => Outcome::Malformed("its claim exp is no date".to_owned()),
        Err(_) => Outcome::UnknownKey,
        Ok(vouched) if token.jws.fits(&vouched.key) => Outcome::Fits,
        Ok(_) => Outcome::DoesNotFit,
    };
    // A credential that ends when its token does has ended itself, which its dates say.
    let expires = expires.filter(|expires| purpose != PURPOSE || ends_before(*expires, document));
    let (id, previous) = (None, Vec::new());
    Finding { id, previous, method, kind, expires, outcome, key, over_rdf: false, holds: false }
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
            Signed::Unreachable(..) | Signed::Unbound(..) => 1,
            Signed::Unsupported(_) => 2,
            Signed::Absent | Signed::Undefined => 3,
            Signed::Malformed(_) => 4,
            Signed::RanOut => 5,
            Signed::NotVouchedFor(..) => 6,
            Signed::DoesNotFit => 7,
        }
    }
}
