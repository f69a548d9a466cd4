//! JSON-LD to canonical N-Quads: a library within the house that knows nothing of badges.
//!
//! JSON-LD 1.1 in safe mode only: whatever the standard would leave out without a word is an [`Error`] that names it.
//! Contexts are compiled in ([`Library`]) and never fetched; each is processed once. Expansion, node map and conversion to
//! RDF are one walk over the document, which ends in RDFC-1.0 with a limit on its work.
//!
//! The directions of texts (`@direction`) are signed as `i18n-datatype`: the standard would leave them out by default and so
//! leave them unsigned, jsonld.js in safe mode refuses that, and the signers that use it ask it for this form
//! (eddsa-rdfc-2022 of Digital Bazaar, jsonld-signatures since 11.5). A signature made without the direction does not fit.
//!
//! What is refused although a processor of JSON-LD may take it, and why:
//!
//! | refused | because |
//! |---|---|
//! | blank nodes as predicates | they are generalized RDF, which RDFC-1.0 does not canonicalize; jsonld.js refuses them, too |
//! | terms, types and ids that mean nothing, null as a `@value`, ill-formed languages, nodes that say nothing | safe mode: nobody would have signed them |
//! | relative IRIs | a credential has no base (`base: null`, as other signers have it) |
//! | what has the look of an IRI but is none, such as one with two `#` | RDF has no name for it; jsonld.js, which looks only at the beginning, lets it pass |
//! | whole numbers beyond 2^53 and others that lose digits | other processors sign the neighbouring number |
//! | contexts that are not compiled in | contexts are never fetched |
//! | processing mode 1.0, and what 1.1 forbids but 1.0 did not | the proofs of credentials are defined over 1.1 |
//! | a context beside the document (`expandContext`) | it would not be signed; put first in `@context` it means the same |
//! | directions as compound literals | no signer writes them, and jsonld.js cannot |
//!
//! Null for a member, an empty list and an empty map say nothing and are passed over, as jsonld.js does.

mod canonical;
mod context;
mod dataset;
mod error;
mod iri;
pub mod json;
mod library;
mod limits;
mod vocabulary;
mod walk;

use serde_json::Value;

pub use canonical::{Canonical, canonicalize_dataset, canonicalize_relabelled};
pub use dataset::{Dataset, Node};
pub use error::Error;
pub use library::{Document, Library};
pub use limits::Limits;
pub use vocabulary::Vocabulary;

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

/// Whether a text is an absolute IRI as N-Quads can write it, with one fragment at most.
pub fn is_iri(text: &str) -> bool {
    iri::is_iri(text)
}

/// Whether a term that simply stands for this IRI is a prefix of others (JSON-LD 1.1 API §4.2.2).
pub fn is_prefix(iri: &str) -> bool {
    iri::ends_in_delimiter(iri)
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
