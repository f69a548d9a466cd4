//! What is refused of the list of issuers that are relied on.

use super::sentence;
use crate::http::problem::{Code, Problem};
use crate::service::trust::TrustError;

impl From<TrustError> for Problem {
    fn from(error: TrustError) -> Self {
        match error {
            TrustError::Issuer => Problem::new(Code::InvalidValue, sentence(&error))
                .at("/issuer", "is neither a DID nor an https address")
                .hint("Take the issuer's id from one of its badges; assay verify shows it."),
            TrustError::Name => Problem::new(Code::InvalidValue, sentence(&error)).at("/name", "cannot be a name"),
            TrustError::Time(member) => Problem::new(Code::InvalidValue, sentence(&error))
                .at(format!("/{member}"), "is neither a day nor a moment"),
            TrustError::Reversed => {
                Problem::new(Code::InvalidValue, sentence(&error)).at("/since", "lies after /until")
            }
            TrustError::TooMany => {
                Problem::new(Code::InvalidState, sentence(&error)).hint("Remove those that are not needed any more.")
            }
            TrustError::Unknown(_) => {
                Problem::new(Code::NotFound, sentence(&error)).hint("GET /api/v1/trusted-issuers lists those that are.")
            }
            TrustError::Breakdown(breakdown) => breakdown.into(),
        }
    }
}
