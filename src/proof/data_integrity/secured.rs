//! [`Secured`]: a document with its proofs, each checked over what it covers.

use serde_json::{Map, Value};
use sha2::Sha256;

use super::hash::Hash;
use super::selective::{Derived, MAX_STATEMENT_SIGNATURES, TOO_MANY_SIGNATURES};
use super::suite::{self, ProofValue, Suite};
use super::{Outcome, ProofError, ProofVerdict, without};
use crate::linked_data::{Library, Limits, canonicalize_relabelled};
use crate::proof::PublicKey;

/// A document and its proofs.
pub(super) struct Secured<'a> {
    library: &'a Library,
    unsecured: Map<String, Value>,
    proofs: &'a [Value],
    /// Hash of the document without any proof, once it was needed, by the function it was made with.
    hash: Option<(Hash, Vec<u8>)>,
    /// How many signatures over single statements may still be checked.
    statements: usize,
}

impl<'a> Secured<'a> {
    pub(super) fn new(library: &'a Library, unsecured: Map<String, Value>, proofs: &'a [Value]) -> Self {
        Secured { library, unsecured, proofs, hash: None, statements: MAX_STATEMENT_SIGNATURES }
    }

    pub(super) fn check(
        &mut self,
        proof: &Value,
        key_for: &mut dyn FnMut(&str, &str) -> Option<PublicKey>,
    ) -> Result<ProofVerdict, ProofError> {
        let mut verdict = suite::told(proof);
        verdict.outcome = match suite::read(proof, &verdict) {
            Err(outcome) => outcome,
            Ok((suite, value)) => match key_for(&verdict.verification_method, &verdict.purpose) {
                None => Outcome::UnknownKey,
                Some(key) => match suite.takes(key.kind(), &verdict.cryptosuite) {
                    Err(outcome) => outcome,
                    Ok(()) => self.compare(proof, &verdict.previous, (suite, value), &key)?,
                },
            },
        };
        Ok(verdict)
    }

    fn compare(
        &mut self,
        proof: &Value,
        previous: &[String],
        (suite, value): (Suite, ProofValue),
        key: &PublicKey,
    ) -> Result<Outcome, ProofError> {
        let options = proof.as_object().map(|proof| without(proof, "proofValue")).unwrap_or_default();
        let signature = match value {
            ProofValue::Derived(derived) => return self.disclosed(options, &derived, key),
            ProofValue::Signature(signature) => signature,
        };
        let covered = match self.covered(previous) {
            Ok(covered) => covered,
            Err(outcome) => return Ok(outcome),
        };
        let hash = Hash::of(key.kind());
        let signed = if suite.is_jcs() { self.jcs(options, covered, hash) } else { self.rdfc(options, covered, hash)? };
        Ok(match signed {
            Err(outcome) => outcome,
            Ok(signed) if key.verify(&signed, &signature) => Outcome::Fits,
            Ok(_) => Outcome::DoesNotFit,
        })
    }

    /// What must have been signed over RDF; an outcome where the proof makes that impossible to say.
    fn rdfc(
        &mut self,
        options: Map<String, Value>,
        covered: Option<Vec<Value>>,
        hash: Hash,
    ) -> Result<Result<Vec<u8>, Outcome>, ProofError> {
        let mut signed = match self.options_hash(options, hash) {
            Ok(hash) => hash,
            Err(outcome) => return Ok(Err(outcome)),
        };
        match (covered, &self.hash) {
            (Some(covered), _) => signed.extend(hash.rdfc(self.library, &self.with_proofs(covered))?),
            (None, Some((by, known))) if *by == hash => signed.extend_from_slice(known),
            (None, _) => {
                let library = self.library;
                let fresh = self.as_value(|document| hash.rdfc(library, document))?;
                signed.extend_from_slice(&fresh);
                self.hash = Some((hash, fresh));
            }
        }
        Ok(Ok(signed))
    }

    /// What must have been signed over JSON.
    fn jcs(&self, options: Map<String, Value>, covered: Option<Vec<Value>>, hash: Hash) -> Result<Vec<u8>, Outcome> {
        let mut document = match covered {
            Some(covered) => self.with_proofs(covered),
            None => Value::Object(self.unsecured.clone()),
        };
        if let Some(context) = options.get("@context") {
            if !starts_with(document.get("@context"), context) {
                let why = "the document's @context does not begin with that of the proof";
                return Err(Outcome::Malformed(why.to_owned()));
            }
            document["@context"] = context.clone();
        }
        match (hash.jcs(&Value::Object(options)), hash.jcs(&document)) {
            (Some(options), Some(document)) => Ok([options, document].concat()),
            _ => Err(Outcome::Malformed("no canonical JSON".to_owned())),
        }
    }

    /// A derived proof: what is disclosed, statement by statement.
    fn disclosed(
        &mut self,
        options: Map<String, Value>,
        derived: &Derived,
        key: &PublicKey,
    ) -> Result<Outcome, ProofError> {
        let options_hash = match self.options_hash(options, Hash::Sha256) {
            Ok(hash) => hash,
            Err(outcome) => return Ok(outcome),
        };
        let Some(left) = self.statements.checked_sub(derived.signatures()) else {
            return Ok(Outcome::Malformed(TOO_MANY_SIGNATURES.to_owned()));
        };
        self.statements = left;
        let library = self.library;
        let statements = self.as_value(|document| {
            let dataset = library.dataset(document, &Limits::DEFAULT)?;
            canonicalize_relabelled::<Sha256>(&dataset, &Limits::DEFAULT, |number| derived.label(number))
        })?;
        Ok(match statements {
            Some(statements) => derived.check(&statements, &options_hash, key),
            None => Outcome::Malformed("the proof does not name all blank nodes of the document".to_owned()),
        })
    }

    /// The hash of a proof's options, read with the contexts of the document.
    fn options_hash(&self, mut options: Map<String, Value>, hash: Hash) -> Result<Vec<u8>, Outcome> {
        match self.unsecured.get("@context") {
            Some(context) => options.insert("@context".to_owned(), context.clone()),
            None => options.remove("@context"),
        };
        hash.rdfc(self.library, &Value::Object(options)).map_err(|error| Outcome::Malformed(error.to_string()))
    }

    /// Lends the document without its proofs, uncopied.
    fn as_value<T>(&mut self, with: impl FnOnce(&Value) -> T) -> T {
        let document = Value::Object(std::mem::take(&mut self.unsecured));
        let result = with(&document);
        if let Value::Object(map) = document {
            self.unsecured = map;
        }
        result
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

/// Whether a `@context` begins with all entries of another.
fn starts_with(whole: Option<&Value>, beginning: &Value) -> bool {
    let list = |value: &Value| match value {
        Value::Array(entries) => entries.clone(),
        one => vec![one.clone()],
    };
    whole.is_some_and(|whole| list(whole).starts_with(&list(beginning)))
}
