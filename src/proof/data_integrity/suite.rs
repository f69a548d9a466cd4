//! A proof read: its suite, and the value that the suite has.

use serde_json::{Map, Value};

use super::selective::{Derived, SELECTIVE};
use super::{Outcome, ProofVerdict};
use crate::proof::{EXPIRES, KeyKind, date_time_stamp};

/// A suite that is known here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Suite {
    /// eddsa-rdfc-2022 and Ed25519Signature2020.
    EddsaRdfc,
    EddsaJcs,
    EcdsaRdfc,
    EcdsaJcs,
    EcdsaSd,
}

/// What a proof has signed with.
#[derive(Debug)]
pub(super) enum ProofValue {
    /// One signature over everything.
    Signature(Vec<u8>),
    /// Signatures over what is disclosed.
    Derived(Box<Derived>),
}

impl Suite {
    fn of(name: &str, by_type: bool) -> Option<Suite> {
        Some(match (by_type, name) {
            (false, "eddsa-rdfc-2022") | (true, "Ed25519Signature2020") => Suite::EddsaRdfc,
            (false, "eddsa-jcs-2022") => Suite::EddsaJcs,
            (false, "ecdsa-rdfc-2019") => Suite::EcdsaRdfc,
            (false, "ecdsa-jcs-2019") => Suite::EcdsaJcs,
            (false, SELECTIVE) => Suite::EcdsaSd,
            _ => return None,
        })
    }

    /// Whether the canonical form is that of JSON, not of RDF.
    pub(super) fn is_jcs(self) -> bool {
        matches!(self, Suite::EddsaJcs | Suite::EcdsaJcs)
    }

    /// The kinds of key it is for.
    fn kinds(self) -> &'static [KeyKind] {
        match self {
            Suite::EddsaRdfc | Suite::EddsaJcs => &[KeyKind::Ed25519],
            Suite::EcdsaRdfc | Suite::EcdsaJcs => &[KeyKind::P256, KeyKind::P384],
            Suite::EcdsaSd => &[KeyKind::P256],
        }
    }

    /// Refuses a key of another kind: a suite says how its keys sign, and none signs in two ways.
    pub(super) fn takes(self, kind: KeyKind, name: &str) -> Result<(), Outcome> {
        if self.kinds().contains(&kind) {
            return Ok(());
        }
        let kinds: Vec<String> = self.kinds().iter().map(ToString::to_string).collect();
        Err(Outcome::Malformed(format!("{name} is for {} keys, and this one is {kind}", kinds.join(" and "))))
    }
}

/// What a proof says, before anything is checked.
pub(super) fn told(proof: &Value) -> ProofVerdict {
    let text = |name: &str| proof.get(name).and_then(Value::as_str);
    let kind = text("type").unwrap_or_default();
    let suite = if kind == "DataIntegrityProof" { text("cryptosuite").unwrap_or_default() } else { kind };
    let date = |name: &str| text(name).and_then(date_time_stamp);
    ProofVerdict {
        id: text("id").map(str::to_owned),
        verification_method: text("verificationMethod").unwrap_or_default().to_owned(),
        cryptosuite: suite.to_owned(),
        purpose: text("proofPurpose").unwrap_or_default().to_owned(),
        created: date("created"),
        expires: EXPIRES.iter().filter_map(|name| date(name)).min(),
        previous: strings(proof.get("previousProof")).unwrap_or_default(),
        outcome: Outcome::DoesNotFit,
    }
}

/// Suite and value of a proof that has all it must have.
pub(super) fn read(proof: &Value, verdict: &ProofVerdict) -> Result<(Suite, ProofValue), Outcome> {
    let proof = proof.as_object().ok_or_else(|| malformed("not an object"))?;
    for name in ["type", "verificationMethod", "proofPurpose"] {
        if !proof.get(name).is_some_and(Value::is_string) {
            return Err(malformed(&format!("{name} is missing or no text")));
        }
    }
    let by_type = proof["type"] != "DataIntegrityProof";
    if !by_type && !proof.get("cryptosuite").is_some_and(Value::is_string) {
        return Err(malformed("cryptosuite is missing or no text"));
    }
    let suite =
        Suite::of(&verdict.cryptosuite, by_type).ok_or_else(|| Outcome::Unsupported(verdict.cryptosuite.clone()))?;
    for name in ["created"].iter().chain(&EXPIRES) {
        if proof.get(*name).is_some_and(|date| date.as_str().and_then(date_time_stamp).is_none()) {
            return Err(malformed(&format!("{name} is not a date with time and zone")));
        }
    }
    if by_type && verdict.created.is_none() {
        return Err(malformed("created is missing"));
    }
    for name in ["challenge", "nonce"] {
        if proof.get(name).is_some_and(|value| !value.is_string()) {
            return Err(malformed(&format!("{name} is no text")));
        }
    }
    for (name, what) in [("domain", "text"), ("previousProof", "id")] {
        if strings(proof.get(name)).is_none() {
            return Err(malformed(&format!("{name} is not one {what} or several")));
        }
    }
    if suite == Suite::EcdsaSd && !verdict.previous.is_empty() {
        return Err(Outcome::Unsupported(format!("{SELECTIVE} with previousProof")));
    }
    Ok((suite, value(proof, suite)?))
}

fn value(proof: &Map<String, Value>, suite: Suite) -> Result<ProofValue, Outcome> {
    let value = proof.get("proofValue").and_then(Value::as_str).ok_or_else(|| malformed("proofValue is missing"))?;
    // The longest of these bytes have 88 and 132 characters; more are not worth decoding.
    let (longest, lengths, name) = match suite {
        Suite::EcdsaSd => {
            return Derived::read(value)
                .map(|derived| ProofValue::Derived(Box::new(derived)))
                .map_err(Outcome::Malformed);
        }
        Suite::EddsaRdfc | Suite::EddsaJcs => (88, [64].as_slice(), "64"),
        Suite::EcdsaRdfc | Suite::EcdsaJcs => (132, [64, 96].as_slice(), "64 or 96"),
    };
    let digits = value.strip_prefix('z').ok_or_else(|| malformed("proofValue does not begin with z"))?;
    let bytes = if digits.len() <= longest { bs58::decode(digits).into_vec().ok() } else { None };
    match bytes.filter(|bytes| lengths.contains(&bytes.len())) {
        Some(signature) => Ok(ProofValue::Signature(signature)),
        None => Err(malformed(&format!("proofValue is not {name} bytes in base58btc"))),
    }
}

fn malformed(what: &str) -> Outcome {
    Outcome::Malformed(what.to_owned())
}

/// One text or several; none where there is nothing; nothing at all for anything else.
fn strings(value: Option<&Value>) -> Option<Vec<String>> {
    match value {
        None => Some(Vec::new()),
        Some(Value::String(one)) => Some(vec![one.clone()]),
        Some(Value::Array(several)) => several.iter().map(|one| one.as_str().map(str::to_owned)).collect(),
        Some(_) => None,
    }
}
