//! Refusals about appeals.

use super::sentence;
use crate::http::problem::{Code, Problem};
use crate::service::appeals::CloseError;

impl From<CloseError> for Problem {
    fn from(error: CloseError) -> Self {
        match error {
            CloseError::Unknown(_) => {
                Problem::new(Code::NotFound, sentence(&error)).hint("The appeals are at /api/v1/appeals.")
            }
            CloseError::Closed(_) => Problem::new(Code::InvalidState, sentence(&error))
                .hint("What was decided stays. The holder can appeal again."),
            CloseError::Length(_) => {
                Problem::new(Code::InvalidValue, sentence(&error)).at("/text", "must be at most 2000 characters")
            }
            CloseError::Breakdown(breakdown) => breakdown.into(),
        }
    }
}
