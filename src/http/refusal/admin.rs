//! What an administrator's call is refused with.

use super::sentence;
use crate::http::problem::{Code, Problem};
use crate::service::refused::Refused;

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Invalid { pointer, detail } => {
                Problem::new(Code::InvalidValue, "A value is missing or cannot be; nothing was done.")
                    .at(pointer, detail)
            }
            Refused::Nobody => Problem::new(Code::NotFound, sentence(&refused))
                .hint("A person is known from the first result on, or from an award of history."),
            Refused::SeveralPersons => Problem::new(Code::InvalidValue, sentence(&refused))
                .at("/person", "names several persons")
                .hint("Merge them first, or leave out the wrong id."),
            Refused::UnknownCertification(_) => Problem::new(Code::UnknownCertification, sentence(&refused))
                .at("/certification", "is not in the program")
                .hint("The catalogue is at /."),
            Refused::UnknownRequirement { .. } => Problem::new(Code::UnknownRequirement, sentence(&refused))
                .at("/requirement", "is not of this certification"),
            Refused::Unknown(_) => Problem::new(Code::NotFound, sentence(&refused)),
            Refused::State(_) => Problem::new(Code::InvalidState, sentence(&refused)),
            Refused::SameCaller(_) => Problem::new(Code::Forbidden, sentence(&refused))
                .hint("Let somebody else confirm it, with an API key of their own."),
            Refused::KeyReused => Problem::new(Code::IdempotencyConflict, sentence(&refused)),
            Refused::Breakdown(breakdown) => breakdown.into(),
        }
    }
}
