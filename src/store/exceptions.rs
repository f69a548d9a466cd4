//! Exceptions by their ids, with the private words that go with them.

use serde::{Deserialize, Serialize};

use super::engine::EngineError;
use super::{Answered, Changes, Note, ReadSet, Store, keys};
use crate::id::{CertificationId, ExceptionId, PersonId, Realm};

/// Where an exception's id leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExceptionPointer {
    /// Whose.
    pub person: PersonId,
    /// In what.
    pub certification: CertificationId,
}

/// What happened to an exception that words may go with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the field's verbs")]
pub enum ExceptionStep {
    Granted,
    Confirmed,
    Withdrawn,
}

impl ExceptionStep {
    fn as_str(self) -> &'static str {
        match self {
            ExceptionStep::Granted => "granted",
            ExceptionStep::Confirmed => "confirmed",
            ExceptionStep::Withdrawn => "withdrawn",
        }
    }
}

impl Store {
    /// Where an exception's id leads in `realm`.
    pub async fn exception(
        &self,
        realm: Realm,
        exception: &ExceptionId,
        reads: &mut ReadSet,
    ) -> Result<Option<ExceptionPointer>, EngineError> {
        self.read(keys::exception(realm, exception), reads).await
    }

    /// The private words to a step of an exception.
    pub async fn exception_note(
        &self,
        realm: Realm,
        exception: &ExceptionId,
        step: ExceptionStep,
    ) -> Result<Option<Note>, EngineError> {
        self.peek(keys::exception_note(realm, exception, step.as_str())).await
    }

    /// The answer to an earlier import of an award under this id.
    pub async fn imported_award(
        &self,
        realm: Realm,
        source: &str,
        id: &str,
        reads: &mut ReadSet,
    ) -> Result<Option<Answered>, EngineError> {
        self.read_whole(keys::imported_award(realm, source, id), reads).await
    }
}

impl Changes {
    /// Lets a new exception's id lead to its standing.
    pub fn exception(&mut self, exception: &ExceptionId, pointer: &ExceptionPointer) {
        let key = keys::exception(self.realm, exception);
        self.expect_absent(key.clone());
        self.put(key, pointer);
    }

    /// Writes the private words to a step of an exception.
    pub fn exception_note(&mut self, exception: &ExceptionId, step: ExceptionStep, note: &Note) {
        self.put(keys::exception_note(self.realm, exception, step.as_str()), note);
    }

    /// Records that the import of an award was answered; refused if it was answered before.
    pub fn imported_award(&mut self, source: &str, id: &str, answered: &Answered) {
        let key = keys::imported_award(self.realm, source, id);
        self.expect_absent(key.clone());
        self.put_whole(&key, answered, None);
    }
}
