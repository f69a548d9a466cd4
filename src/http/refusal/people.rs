//! What the use cases of persons refuse.

use super::sentence;
use crate::http::problem::{Code, Problem};
use crate::service::people::{LinkError, MergeError, PersonError};

const MERGE: &str = "If the two are one human being, join them: POST /api/v1/people/merge, or assay person merge.";

impl From<PersonError> for Problem {
    fn from(error: PersonError) -> Self {
        match error {
            PersonError::Unknown => unknown(),
            PersonError::Invalid(faults) => {
                let problem = Problem::new(Code::InvalidValue, "Some values cannot be; nothing was changed.");
                faults.into_iter().fold(problem, |problem, fault| problem.at(fault.pointer, fault.detail))
            }
            PersonError::Taken { ref pointer, .. } => {
                let pointer = pointer.clone();
                Problem::new(Code::PersonConflict, sentence(&error)).at(pointer, "is another person's").hint(MERGE)
            }
            PersonError::Last => Problem::new(Code::InvalidState, sentence(&error)).hint("Add another one first."),
            PersonError::Primary => Problem::new(Code::InvalidState, sentence(&error))
                .hint("Choose another one for the badge first: POST /api/v1/people/{person}/addresses/primary."),
            PersonError::NotVerified => Problem::new(Code::InvalidState, sentence(&error))
                .hint("Add it, and let the person confirm it by the link in the mail."),
            PersonError::NoAddress => Problem::new(Code::InvalidState, sentence(&error))
                .hint("Add an address, and let the person confirm it by the link in the mail."),
            PersonError::KeyReused => Problem::new(Code::IdempotencyConflict, sentence(&error)),
            PersonError::TooLarge => Problem::new(Code::PayloadTooLarge, sentence(&error))
                .hint("Nothing was changed. Reissue the awards one by one."),
            PersonError::Breakdown(breakdown) => breakdown.into(),
        }
    }
}

impl From<MergeError> for Problem {
    fn from(error: MergeError) -> Self {
        match error {
            MergeError::Unknown { pointer } => unknown().at(pointer, "is nobody"),
            MergeError::Same => Problem::new(Code::InvalidValue, sentence(&error)).at("/other", "is the same as /keep"),
            MergeError::Proof(ref faults) => {
                let problem = Problem::new(Code::InvalidValue, sentence(&error))
                    .hint("Have a code mailed to each of them: POST /api/v1/people/{person}/proof.");
                faults.iter().fold(problem, |problem, fault| problem.at(fault.pointer.clone(), fault.detail.clone()))
            }
            MergeError::TooLarge => Problem::new(Code::PayloadTooLarge, sentence(&error))
                .hint("Nothing was changed: all of it is done in one step of at most 1024 records and 4 MiB."),
            MergeError::Breakdown(breakdown) => breakdown.into(),
        }
    }
}

impl From<LinkError> for Problem {
    fn from(error: LinkError) -> Self {
        match error {
            LinkError::Unknown | LinkError::Over => Problem::new(Code::NotFound, sentence(&error))
                .hint("A link is good for 24 hours. Ask whoever sent it for a new one."),
            LinkError::Taken => Problem::new(Code::PersonConflict, sentence(&error))
                .hint("Ask whoever sent the link: if both are you, the two can be joined."),
            LinkError::Breakdown(breakdown) => breakdown.into(),
        }
    }
}

fn unknown() -> Problem {
    Problem::new(Code::UnknownPerson, "Nobody is known by this.")
        .hint("POST /api/v1/people/find finds a person by address, by an id in another system, or by an award.")
}
