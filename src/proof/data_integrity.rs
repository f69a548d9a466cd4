//! Data Integrity proofs: eddsa-rdfc-2022 made and checked; eddsa-jcs-2022 and Ed25519Signature2020 checked.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::{PublicKey, date_time_stamp};
use crate::clock;
use crate::linked_data::{self, Library, Limits};

/// The most proofs that are looked at on one document.
pub const MAX_PROOFS: usize = 16;

/// What a proof of ours says beside its value: a `DataIntegrityProof` with eddsa-rdfc-2022, for `assertionMethod`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProofOptions {
    /// The id of the key.
    pub verification_method: String,
    /// When the proof is made.
    pub created: DateTime<Utc>,
}

/// Why proofs can be neither made nor checked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProofError {
    /// Not a JSON object.
    #[error("the document is not a JSON object")]
    NotAnObject,
    /// No `proof`.
    #[error("the document has no proof")]
    NoProof,
    /// More than [`MAX_PROOFS`].
    #[error("{count} proofs are more than the {MAX_PROOFS} allowed")]
    TooManyProofs {
        /// How many there are.
        count: usize,
    },
    /// The document has no canonical form.
    #[error(transparent)]
    Document(#[from] linked_data::Error),
}

/// What became of one proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProofVerdict {
    /// The proof's own id, if it has one.
    pub id: Option<String>,
    /// The id of the key, as the proof says; empty where it says none.
    pub verification_method: String,
    /// The suite: `cryptosuite`, or the type where the type is a suite.
    pub cryptosuite: String,
    /// What the proof is for; empty where it does not say.
    pub purpose: String,
    /// When the proof says it was made. No evidence: whoever holds the key can write any date.
    pub created: Option<DateTime<Utc>>,
    /// Until when the proof itself is meant to be relied on; comparing it with the present is the caller's part.
    pub expires: Option<DateTime<Utc>>,
    /// The proofs that this one covers, too.
    pub previous: Vec<String>,
    /// Whether the signature fits.
    pub outcome: Outcome,
}

/// The outcome of checking one proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The signature fits the document.
    Fits,
    /// It does not: the document or the proof has been changed, or another key was used.
    DoesNotFit,
    /// The key could not be had.
    UnknownKey,
    /// A suite that is not known here.
    Unsupported(String),
    /// The proof itself is not as it must be.
    Malformed(String),
}

/// The 64 bytes to sign: hash of the proof's options, then hash of the document, of which a `proof` is left out.
pub fn bytes_to_sign(unsigned: &Value, options: &ProofOptions) -> Result<[u8; 64], ProofError> {
    let document = unsigned.as_object().ok_or(ProofError::NotAnObject)?;
    let mut configuration = options_of(options);
    if let Some(context) = document.get("@context") {
        configuration.insert("@context".to_owned(), context.clone());
    }
    let library = Library::built_in();
    let config_hash = rdfc_hash(library, &Value::Object(configuration))?;
    let document_hash = if document.contains_key("proof") {
        rdfc_hash(library, &Value::Object(without(document, "proof")))?
    } else {
        rdfc_hash(library, unsigned)?
    };
    Ok(joined(config_hash, document_hash))
}

/// The proof object to put into the document's `proof`.
pub fn proof(options: &ProofOptions, signature: &[u8; 64]) -> Value {
    let mut proof = options_of(options);
    proof.insert("proofValue".to_owned(), Value::String(format!("z{}", bs58::encode(signature).into_string())));
    Value::Object(proof)
}

/// Checks every proof of a document, a set or a chain; `key_for` finds the key by its id and purpose.
///
/// eddsa-jcs-2022 says nothing about contexts and terms: who relies on the meaning of a document with such a proof
/// canonicalizes it as well.
pub fn verify(
    document: &Value,
    key_for: &mut dyn FnMut(&str, &str) -> Option<PublicKey>,
) -> Result<Vec<ProofVerdict>, ProofError> {
    verify_with(Library::built_in(), document, key_for)
}

/// The same, with other contexts than the compiled-in ones.
pub fn verify_with(
    library: &Library,
    document: &Value,
    key_for: &mut dyn FnMut(&str, &str) -> Option<PublicKey>,
) -> Result<Vec<ProofVerdict>, ProofError> {
    let document = document.as_object().ok_or(ProofError::NotAnObject)?;
    let proofs = match document.get("proof") {
        None | Some(Value::Null) => return Err(ProofError::NoProof),
        Some(Value::Array(proofs)) if proofs.is_empty() => return Err(ProofError::NoProof),
        Some(Value::Array(proofs)) => proofs.as_slice(),
        Some(one) => std::slice::from_ref(one),
    };
    if proofs.len() > MAX_PROOFS {
        return Err(ProofError::TooManyProofs { count: proofs.len() });
    }
    let mut secured = Secured { library, unsecured: without(document, "proof"), proofs, hash: None };
    proofs.iter().map(|proof| secured.check(proof, key_for)).collect()
}

/// A document and its proofs.
struct Secured<'a> {
    library: &'a Library,
    unsecured: Map<String, Value>,
    proofs: &'a [Value],
    /// Hash of the document without any proof, once it was needed.
    hash: Option<[u8; 32]>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Suite {
    Rdfc,
    Jcs,
}

impl Secured<'_> {
    fn check(
        &mut self,
        proof: &Value,
        key_for: &mut dyn FnMut(&str, &str) -> Option<PublicKey>,
    ) -> Result<ProofVerdict, ProofError> {
        let text = |name: &str| proof.get(name).and_then(Value::as_str);
        let kind = text("type").unwrap_or_default();
        let suite = if kind == "DataIntegrityProof" { text("cryptosuite").unwrap_or_default() } else { kind };
        let date = |name: &str| text(name).and_then(date_time_stamp);
        let mut verdict = ProofVerdict {
            id: text("id").map(str::to_owned),
            verification_method: text("verificationMethod").unwrap_or_default().to_owned(),
            cryptosuite: suite.to_owned(),
            purpose: text("proofPurpose").unwrap_or_default().to_owned(),
            created: date("created"),
            expires: date("expires"),
            previous: strings(proof.get("previousProof")).unwrap_or_default(),
            outcome: Outcome::DoesNotFit,
        };
        verdict.outcome = match read(proof, &verdict) {
            Err(outcome) => outcome,
            Ok((suite, signature)) => match key_for(&verdict.verification_method, &verdict.purpose) {
                None => Outcome::UnknownKey,
                Some(key) => match self.hash_data(suite, proof, &verdict.previous)? {
                    Err(outcome) => outcome,
                    Ok(hash) if key.verify(&hash, &signature) => Outcome::Fits,
                    Ok(_) => Outcome::DoesNotFit,
                },
            },
        };
        Ok(verdict)
    }

    /// What must have been signed; an outcome where the proof makes that impossible to say.
    fn hash_data(
        &mut self,
        suite: Suite,
        proof: &Value,
        previous: &[String],
    ) -> Result<Result<[u8; 64], Outcome>, ProofError> {
        let covered = match self.covered(previous) {
            Ok(covered) => covered,
            Err(outcome) => return Ok(Err(outcome)),
        };
        let mut configuration = proof.as_object().map(|proof| without(proof, "proofValue")).unwrap_or_default();
        match suite {
            Suite::Rdfc => {
                match self.unsecured.get("@context") {
                    Some(context) => configuration.insert("@context".to_owned(), context.clone()),
                    None => configuration.remove("@context"),
                };
                let config_hash = match rdfc_hash(self.library, &Value::Object(configuration)) {
                    Ok(hash) => hash,
                    Err(error) => return Ok(Err(Outcome::Malformed(error.to_string()))),
                };
                let document_hash = match (covered, self.hash) {
                    (Some(covered), _) => rdfc_hash(self.library, &self.with_proofs(covered))?,
                    (None, Some(hash)) => hash,
                    (None, None) => {
                        let unsecured = Value::Object(std::mem::take(&mut self.unsecured));
                        let hash = rdfc_hash(self.library, &unsecured);
                        if let Value::Object(map) = unsecured {
                            self.unsecured = map;
                        }
                        *self.hash.insert(hash?)
                    }
                };
                Ok(Ok(joined(config_hash, document_hash)))
            }
            Suite::Jcs => {
                let mut document = match covered {
                    Some(covered) => self.with_proofs(covered),
                    None => Value::Object(self.unsecured.clone()),
                };
                if let Some(context) = configuration.get("@context") {
                    if !starts_with(document.get("@context"), context) {
                        let why = "the document's @context does not begin with that of the proof";
                        return Ok(Err(Outcome::Malformed(why.to_owned())));
                    }
                    document["@context"] = context.clone();
                }
                let hashes = (jcs_hash(&Value::Object(configuration)), jcs_hash(&document));
                Ok(match hashes {
                    (Some(config_hash), Some(document_hash)) => Ok(joined(config_hash, document_hash)),
                    _ => Err(Outcome::Malformed("no canonical JSON".to_owned())),
                })
            }
        }
    }

    /// The earlier proofs that a proof of a chain covers.
    fn covered(&self, previous: &[String]) -> Result<Option<Vec<Value>>, Outcome> {
        if previous.is_empty() {
            return Ok(None);
        }
        let has_id = |proof: &Value, id: &str| proof.get("id").and_then(Value::as_str) == Some(id);
        if let Some(missing) = previous.iter().find(|id| !self.proofs.iter().any(|proof| has_id(proof, id))) {
            return Err(Outcome::Malformed(format!("previousProof names \"{missing}\", which is not here")));
        }
        let covered = self.proofs.iter().filter(|proof| previous.iter().any(|id| has_id(proof, id)));
        Ok(Some(covered.cloned().collect()))
    }

    fn with_proofs(&self, proofs: Vec<Value>) -> Value {
        let mut document = self.unsecured.clone();
        document.insert("proof".to_owned(), Value::Array(proofs));
        Value::Object(document)
    }
}

/// Suite and signature of a proof that has all it must have.
fn read(proof: &Value, verdict: &ProofVerdict) -> Result<(Suite, [u8; 64]), Outcome> {
    let malformed = |what: &str| Outcome::Malformed(what.to_owned());
    let proof = proof.as_object().ok_or_else(|| malformed("not an object"))?;
    for name in ["type", "verificationMethod", "proofPurpose"] {
        if !proof.get(name).is_some_and(Value::is_string) {
            return Err(malformed(&format!("{name} is missing or no text")));
        }
    }
    if proof["type"] == "DataIntegrityProof" && !proof.get("cryptosuite").is_some_and(Value::is_string) {
        return Err(malformed("cryptosuite is missing or no text"));
    }
    let by_type = proof["type"] != "DataIntegrityProof";
    let suite = match verdict.cryptosuite.as_str() {
        "eddsa-rdfc-2022" if !by_type => Suite::Rdfc,
        "eddsa-jcs-2022" if !by_type => Suite::Jcs,
        "Ed25519Signature2020" if by_type => Suite::Rdfc,
        other => return Err(Outcome::Unsupported(other.to_owned())),
    };
    for (name, date) in [("created", verdict.created), ("expires", verdict.expires)] {
        if proof.contains_key(name) && date.is_none() {
            return Err(malformed(&format!("{name} is not a date with time and zone")));
        }
    }
    if by_type && verdict.created.is_none() {
        return Err(malformed("created is missing"));
    }
    if strings(proof.get("previousProof")).is_none() {
        return Err(malformed("previousProof is not one id or several"));
    }
    let value = proof.get("proofValue").and_then(Value::as_str).ok_or_else(|| malformed("proofValue is missing"))?;
    let digits = value.strip_prefix('z').ok_or_else(|| malformed("proofValue does not begin with z"))?;
    let mut signature = [0; 64];
    // 64 bytes are at most 88 characters; more are not worth decoding.
    let length = if digits.len() <= 88 { bs58::decode(digits).onto(&mut signature).ok() } else { None };
    if length != Some(64) {
        return Err(malformed("proofValue is not 64 bytes in base58btc"));
    }
    Ok((suite, signature))
}

fn options_of(options: &ProofOptions) -> Map<String, Value> {
    let options = json!({
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": clock::rfc3339(options.created),
        "verificationMethod": options.verification_method,
        "proofPurpose": "assertionMethod",
    });
    match options {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

fn rdfc_hash(library: &Library, document: &Value) -> Result<[u8; 32], linked_data::Error> {
    Ok(Sha256::digest(library.canonicalize(document, &Limits::DEFAULT)?).into())
}

fn jcs_hash(document: &Value) -> Option<[u8; 32]> {
    serde_json_canonicalizer::to_vec(document).ok().map(|text| Sha256::digest(text).into())
}

fn joined(first: [u8; 32], second: [u8; 32]) -> [u8; 64] {
    let mut both = [0; 64];
    both[..32].copy_from_slice(&first);
    both[32..].copy_from_slice(&second);
    both
}

fn without(map: &Map<String, Value>, key: &str) -> Map<String, Value> {
    map.iter().filter(|(name, _)| *name != key).map(|(name, value)| (name.clone(), value.clone())).collect()
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

/// Whether a `@context` begins with all entries of another.
fn starts_with(whole: Option<&Value>, beginning: &Value) -> bool {
    let list = |value: &Value| match value {
        Value::Array(entries) => entries.clone(),
        one => vec![one.clone()],
    };
    whole.is_some_and(|whole| list(whole).starts_with(&list(beginning)))
}
