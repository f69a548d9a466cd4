//! JSON-LD to canonical N-Quads: a library within the house that knows nothing of badges.
//!
//! JSON-LD 1.1 in safe mode only: whatever the standard would leave out without a word is an [`Error`] that names it.
//! Contexts are compiled in ([`Library`]) and never fetched; each is processed once. Expansion, node map and conversion to
//! RDF are one walk over the document, which ends in RDFC-1.0 with a limit on its work.
//!
//! Left out on purpose and refused by name: base directions of texts (`@direction`), blank nodes as predicates
//! (generalized RDF).

mod canonical;
mod context;
mod dataset;
mod error;
mod iri;
pub mod json;
mod library;
mod limits;
mod walk;

use serde_json::Value;

pub use canonical::{Canonical, canonicalize_dataset, canonicalize_relabelled};
pub use dataset::{Dataset, Node};
pub use error::Error;
pub use library::{Document, Library};
pub use limits::Limits;

/// The canonical N-Quads of a JSON-LD document (RDFC-1.0 with SHA-256).
pub fn canonicalize(document: &Value) -> Result<String, Error> {
    canonicalize_within(document, &Limits::DEFAULT)
}

/// The same, with other bounds.
pub fn canonicalize_within(document: &Value, limits: &Limits) -> Result<String, Error> {
    Library::built_in().canonicalize(document, limits)
}

/// The statements of a JSON-LD document.
pub fn to_dataset(document: &Value) -> Result<Dataset, Error> {
    Library::built_in().dataset(document, &Limits::DEFAULT)
}

/// Whether a context address is compiled in.
pub fn known_context(url: &str) -> bool {
    Library::built_in().knows(url)
}

impl Library {
    /// The statements of a JSON-LD document that uses these contexts.
    pub fn dataset(&self, document: &Value, limits: &Limits) -> Result<Dataset, Error> {
        walk::dataset(self, document, limits)
    }

    /// The canonical N-Quads of a JSON-LD document that uses these contexts.
    pub fn canonicalize(&self, document: &Value, limits: &Limits) -> Result<String, Error> {
        let dataset = self.dataset(document, limits)?;
        Ok(canonical::canonical_text::<sha2::Sha256>(&dataset, limits)?.0)
    }
}
