//! What a message of a feed is taken for, before anything of it is written.

use super::feeds::FeedAnswer;
use crate::id::PersonId;
use crate::intake::Submission;
use crate::store::{AttemptRecord, Person, ReviewRecord};

/// Everything one message leads to beside its result.
#[derive(Default)]
pub(super) struct Effect {
    pub(super) known: Option<(Person, bool)>,
    pub(super) attempt: Option<(PersonId, String, AttemptRecord)>,
    pub(super) review: Option<ReviewRecord>,
}

/// What a message is taken for, before anything is written.
pub(super) enum Taken {
    /// It leads to no result.
    Beside(FeedAnswer, Box<Effect>),
    /// It leads to one.
    Result(Box<Told>),
}

/// A message that leads to a result.
pub(super) struct Told {
    pub(super) submission: Submission,
    /// The earlier result of the same attempt.
    pub(super) replaces: Option<String>,
    /// What is known of the attempt from then on; none when something newer is known.
    pub(super) attempt: Option<(String, AttemptRecord)>,
    pub(super) review: Option<ReviewRecord>,
}
