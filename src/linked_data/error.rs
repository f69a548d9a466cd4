//! Why a document has no canonical form here.

/// Why a document was refused. Every variant names the thing at fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A key that no context in force defines: it would not be signed.
    #[error("the term \"{term}\" is not defined by any of the contexts")]
    UndefinedTerm {
        /// The key as written.
        term: String,
    },
    /// A type that no context in force defines.
    #[error("the type \"{name}\" is not defined by any of the contexts")]
    UndefinedType {
        /// The type as written.
        name: String,
    },
    /// A context that is not compiled in. Contexts are never fetched.
    #[error("the context {url} is not known")]
    UnknownContext {
        /// Its address as written.
        url: String,
    },
    /// An identifier that is not an absolute IRI.
    #[error("\"{iri}\" is not an absolute IRI")]
    RelativeIri {
        /// The identifier as written or as far as it could be expanded.
        iri: String,
    },
    /// A value that JSON-LD would leave out without a word.
    #[error("{what} would be left out")]
    Dropped {
        /// What, and where.
        what: String,
    },
    /// A mistake that JSON-LD itself knows and names.
    #[error("{code}: {at}")]
    Invalid {
        /// The error code of the JSON-LD 1.1 API.
        code: &'static str,
        /// The term or value at fault.
        at: String,
    },
    /// A lawful construct that this engine leaves out on purpose.
    #[error("{what} is not supported")]
    Unsupported {
        /// Its name.
        what: &'static str,
    },
    /// More work than one document may cause.
    #[error("the document is too complex: more than {limit} {what}")]
    TooComplex {
        /// What there was too much of.
        what: &'static str,
        /// How much would have been allowed.
        limit: usize,
    },
}

pub(super) fn invalid(code: &'static str, at: impl Into<String>) -> Error {
    Error::Invalid { code, at: at.into() }
}
