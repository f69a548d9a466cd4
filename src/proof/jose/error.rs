//! Why a text is no JWS that can be checked.

/// Why a text is no JWS that can be checked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JoseError {
    /// More than is read of one.
    #[error("the {what} has {size} bytes, more than the {limit} allowed")]
    TooLarge {
        /// Which part.
        what: &'static str,
        /// How many bytes it has.
        size: usize,
        /// How many it may have.
        limit: usize,
    },
    /// Not header, payload and signature.
    #[error("a compact JWS has three parts, not {count}")]
    Parts {
        /// How many there are.
        count: usize,
    },
    /// Not base64url, or with padding.
    #[error("the {what} is not base64url without padding")]
    Base64 {
        /// Which part.
        what: &'static str,
    },
    /// Not one JSON object with each member once.
    #[error("the header is malformed: {why}")]
    Header {
        /// What the reader said.
        why: String,
    },
    /// A member of the header that is missing or of the wrong type.
    #[error("\"{name}\" is missing from the header, or malformed")]
    Member {
        /// Which.
        name: &'static str,
    },
    /// `crit` or `b64`: the signature means something else than what is understood here.
    #[error("the header asks for an extension (\"{name}\"), and none is supported")]
    Extension {
        /// Which member asks.
        name: &'static str,
    },
    /// An algorithm that is not known, or one that proves nothing: `none`, or with a shared secret.
    #[error("the algorithm \"{name}\" is not supported")]
    Algorithm {
        /// Its name, shortened.
        name: String,
    },
}
