//! [`Cause`]: what an act on an award goes back to, so that it can be explained, and taken back with that and nothing else.

use serde::{Deserialize, Serialize};

use crate::id::{CertificationId, CredentialVersion, ExceptionId, HoldId, PersonId, UndoId};

/// A reported result by its source's own id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResultRef {
    /// Who reported it: the name of an API key.
    pub source: String,
    /// Under which id.
    pub id: String,
}

/// What led to a line of an award's history. Not public: it names sources and their ids.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Cause {
    /// A result came in, in this certification.
    Result(ResultRef),
    /// The award itself came in as history, under this id.
    Import(ResultRef),
    /// Another award of the same person was made or renewed: one that had to be held first, or one that renews this one.
    Award {
        /// In what.
        certification: CertificationId,
        /// Which version of it.
        version: CredentialVersion,
    },
    /// An exception took effect.
    Exception {
        /// Which.
        exception: ExceptionId,
    },
    /// A recertification was not completed in time.
    Recertification {
        /// Id of the order.
        recertification: String,
    },
    /// Results were held back.
    Hold {
        /// By which hold.
        hold: HoldId,
    },
    /// Results that were held back were decided on.
    Verdict {
        /// Under which hold.
        hold: HoldId,
    },
    /// A batch was undone.
    Undo {
        /// Which.
        undo: UndoId,
    },
    /// Two persons turned out to be one.
    Merge {
        /// Who became part of the other.
        other: PersonId,
    },
    /// Details of the holder were corrected.
    Details,
    /// Somebody with a key did it: a verb.
    Verb,
    /// A date came.
    Time,
}
