//! The one place where what a use case refuses, or breaks over, becomes a [`Problem`].

mod admin;
mod appeals;
mod intake;
mod people;
mod program;
mod trust;
mod webhooks;

use std::io::ErrorKind;

use super::problem::{Code, Problem};
use crate::app::Unjudged;
use crate::keyring::KeyringError;
use crate::service::Breakdown;
use crate::service::api_keys::ApiKeyError;
use crate::service::awards::VerbError;
use crate::service::results::SubmitError;
use crate::service::signing_keys::SigningKeyError;
use crate::store::EngineError;

/// Seconds after which another try makes sense when the store cannot be written.
const RETRY: u32 = 5;
/// The same when others are being judged: a check takes a quarter of a second at most.
const CROWDED: u32 = 2;

impl From<Breakdown> for Problem {
    fn from(breakdown: Breakdown) -> Self {
        match breakdown {
            Breakdown::Store(error) => store(error),
            Breakdown::Busy => Problem::unavailable("Others are changing the same records.", 1).because(breakdown),
            Breakdown::Unjudged(Unjudged::Crowded) => {
                Problem::unavailable("As much as can be is being checked just now.", CROWDED).because(breakdown)
            }
            Breakdown::Keyring(KeyringError::File { ref source, .. }) if is_full(source) => {
                Problem::unavailable("The disk of the keys is full; nothing was written.", RETRY).because(breakdown)
            }
            Breakdown::Sign(_)
            | Breakdown::Keyring(_)
            | Breakdown::Missing(_)
            | Breakdown::Program { .. }
            | Breakdown::Unsound(_)
            | Breakdown::Unjudged(Unjudged::BrokeOff)
            | Breakdown::Drawing(_) => Problem::internal(breakdown),
        }
    }
}

fn is_full(error: &std::io::Error) -> bool {
    matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded)
}

fn store(error: EngineError) -> Problem {
    match error {
        EngineError::Full => {
            Problem::unavailable("The disk of this service is full; nothing was written.", RETRY).because(error)
        }
        EngineError::Unavailable(_) => {
            Problem::unavailable("The store cannot be reached; nothing was written.", RETRY).because(error)
        }
        EngineError::Unknown(_) => Problem::unavailable("Whether this was written is not known.", RETRY)
            .hint("Repeat it under the same result id or Idempotency-Key, then it is done once; else look first.")
            .because(error),
        EngineError::TooLarge(_) => {
            Problem::new(Code::PayloadTooLarge, "This is more than one record can hold.").because(error)
        }
        EngineError::Corrupt { .. } => Problem::internal(error)
            .hint("A part of the store is damaged. The log names it; put the store back from a copy."),
    }
}

impl From<SubmitError> for Problem {
    fn from(error: SubmitError) -> Self {
        match error {
            SubmitError::Invalid(faults) => {
                let problem = Problem::new(Code::InvalidValue, "Some values cannot be; nothing was recorded.");
                faults.into_iter().fold(problem, |problem, fault| problem.at(fault.pointer, fault.detail))
            }
            SubmitError::UnknownCertification(_) => Problem::new(Code::UnknownCertification, sentence(&error))
                .at("/certification", "is not in the program")
                .hint("The catalogue is at /."),
            SubmitError::UnknownRequirement { .. } => Problem::new(Code::UnknownRequirement, sentence(&error))
                .at("/requirement", "is not of this certification"),
            SubmitError::Conflict { .. } => {
                Problem::new(Code::ResultConflict, sentence(&error)).hint("Report a new result under a new id.")
            }
            SubmitError::SeveralPersons => Problem::new(Code::InvalidValue, sentence(&error))
                .at("/person", "names several persons")
                .hint("Leave out the wrong id; or, if they are one human being, join them: assay person merge."),
            SubmitError::Breakdown(breakdown) => breakdown.into(),
        }
    }
}

impl From<VerbError> for Problem {
    fn from(error: VerbError) -> Self {
        match error {
            VerbError::Unknown { .. } => Problem::new(Code::UnknownAward, "There is no award under this number."),
            VerbError::Invalid { pointer, detail } => {
                Problem::new(Code::InvalidValue, "A value is missing or cannot be.").at(pointer, detail)
            }
            VerbError::State { .. } | VerbError::Closed { .. } | VerbError::Renewal(_) | VerbError::Gone(_) => {
                Problem::new(Code::InvalidState, sentence(&error))
            }
            VerbError::KeyReused => Problem::new(Code::IdempotencyConflict, sentence(&error)),
            VerbError::Breakdown(breakdown) => breakdown.into(),
        }
    }
}

impl From<ApiKeyError> for Problem {
    fn from(error: ApiKeyError) -> Self {
        match error {
            ApiKeyError::NameTaken(_) => Problem::new(Code::EditConflict, sentence(&error))
                .hint("Names are not given away twice, not even of revoked keys."),
            ApiKeyError::Name | ApiKeyError::Misleading(_) => {
                Problem::new(Code::InvalidValue, sentence(&error)).at("/name", "cannot be")
            }
            ApiKeyError::Vouched(_) => Problem::new(Code::Forbidden, sentence(&error))
                .hint("Let an administrator make it, or the operator: assay api-key create"),
            ApiKeyError::Scope(_) => {
                Problem::new(Code::InvalidValue, sentence(&error)).at("/scopes", "has an unknown one")
            }
            ApiKeyError::Lacking(_) => Problem::new(Code::Forbidden, sentence(&error))
                .at("/scopes", "has one that your own key lacks")
                .hint("Let somebody make it whose key has that scope, or the operator: assay api-key create"),
            ApiKeyError::OtherRealm => Problem::new(Code::Forbidden, sentence(&error)).at("/realm", "is not yours"),
            ApiKeyError::Unknown(_) => Problem::new(Code::NotFound, sentence(&error)),
            ApiKeyError::Breakdown(breakdown) => breakdown.into(),
        }
    }
}

impl From<SigningKeyError> for Problem {
    fn from(error: SigningKeyError) -> Self {
        match error {
            SigningKeyError::Unknown { .. } => Problem::new(Code::NotFound, sentence(&error)),
            SigningKeyError::NameIsKey { .. } => Problem::new(Code::InvalidState, sentence(&error))
                .hint("An issuer at an https address with a name (did:web) can rotate its keys."),
            SigningKeyError::Active { .. } | SigningKeyError::NoneWaiting => {
                Problem::new(Code::InvalidState, sentence(&error))
                    .hint("Make a key first: assay keys generate, then assay keys rotate")
            }
            SigningKeyError::Breakdown(breakdown) => breakdown.into(),
        }
    }
}

/// An error's words as a sentence.
pub(super) fn sentence(error: &impl ToString) -> String {
    let words = error.to_string();
    let mut letters = words.chars();
    letters.next().map_or(String::new(), |first| format!("{}{}.", first.to_uppercase(), letters.as_str()))
}
