//! [`Draft`]: linted, not yet signed; and [`Credential`]: signed, never changed again.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::claim::Signer;
use super::lint::{Flaw, Lint, Lints};
use crate::proof::data_integrity::{self, ProofOptions};

/// A document that passed every lint, and the bytes whose signature it lacks. Signing consumes it.
#[derive(Debug)]
pub struct Draft {
    document: Value,
    options: ProofOptions,
    to_sign: [u8; 64],
}

impl Draft {
    /// The last lint is JSON-LD itself, in safe mode: what it would lose is refused by name.
    pub(super) fn new(
        document: Value,
        signer: &Signer<'_>,
        created: DateTime<Utc>,
        mut lints: Vec<Lint>,
    ) -> Result<Draft, Lints> {
        let options = ProofOptions { verification_method: signer.verification_method(), created };
        match data_integrity::bytes_to_sign(&document, &options) {
            Ok(to_sign) if lints.is_empty() => Ok(Draft { document, options, to_sign }),
            Ok(_) => Err(Lints(lints)),
            Err(error) => {
                lints.push(Lint::new("@context", Flaw::Meaning(error.to_string())));
                Err(Lints(lints))
            }
        }
    }

    /// What the issuer's key signs.
    pub fn bytes_to_sign(&self) -> &[u8] {
        &self.to_sign
    }

    /// The document without its proof.
    pub fn document(&self) -> &Value {
        &self.document
    }

    /// Puts the signature in; what comes out is kept and served byte by byte.
    pub fn attach(self, signature: &[u8; 64]) -> Credential {
        let mut value = self.document;
        value["proof"] = json!([data_integrity::proof(&self.options, signature)]);
        Credential { text: value.to_string(), value }
    }
}

/// Signed: the text is kept exactly as signed and served exactly as kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Credential {
    text: String,
    value: Value,
}

impl Credential {
    /// Compact JSON.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The same, parsed.
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// The text, to be stored.
    pub fn into_text(self) -> String {
        self.text
    }
}
