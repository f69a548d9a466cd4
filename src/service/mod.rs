//! The use cases: the only place where store and pure code meet.
//!
//! Each reads documents with a read set, lets pure code decide, and commits one batch that expects what was read; on a
//! conflict it reads and decides again, [`TRIES`] times at most.

/// Lets `?` carry an engine's error into a use case's own, as the breakdown it is.
macro_rules! breaks_down {
    ($error:ident) => {
        impl From<$crate::store::EngineError> for $error {
            fn from(error: $crate::store::EngineError) -> Self {
                $error::Breakdown(error.into())
            }
        }
    };
}

pub mod api_keys;
pub mod appeals;
pub mod awards;
pub mod caller;
mod desk;
pub mod events;
pub mod exceptions;
mod grounds;
pub mod holder;
pub mod holds;
pub mod import_awards;
pub mod intake;
mod issue;
mod lookalike;
pub mod milestones;
pub mod notices;
pub mod people;
pub mod pictures;
pub mod point_in_time;
pub mod presence;
pub mod program;
pub mod recertification;
pub mod refused;
mod reinstate;
pub mod results;
pub mod rights;
pub mod setup;
pub mod signing_keys;
pub mod standings;
pub mod status;
pub mod tokens;
pub mod trust;
pub mod turns;
pub mod undo;
pub mod vc_api;
pub mod verify;
pub mod webhooks;

use chrono::{DateTime, Utc};

use crate::app::{App, Unjudged};
use crate::clock::whole_seconds;
use crate::id::EventId;
use crate::keyring::{KeyringError, SignError};
use crate::store::{Changes, EngineError, Event, EventKind, IssuerRecord, ReadSet};

/// How often a use case decides before it gives up. A conflict means that another writer got through, so that of so many
/// writers who all change the same documents once, each is served.
pub const TRIES: usize = 32;

/// Who signs here. `init` made the record, so that its absence is a breakdown.
pub async fn issuer(app: &App, reads: &mut ReadSet) -> Result<IssuerRecord, Breakdown> {
    app.store.issuer(reads).await?.ok_or(Breakdown::Missing("the issuer"))
}

/// Tells the feed what happened, as part of the changes it happened in.
fn tell(app: &App, changes: &mut Changes, recorded_at: DateTime<Utc>, what: EventKind) {
    let realm = changes.realm();
    changes.event(&Event { id: EventId::new(recorded_at, app.ids.as_ref()), recorded_at, realm, what });
}

/// The present moment in whole seconds: the form in which every moment is recorded and answered.
pub fn moment(app: &App) -> DateTime<Utc> {
    whole_seconds(app.clock.now())
}

/// Something did not work that should have: not an answer, and nobody's mistake in the request.
#[derive(Debug, thiserror::Error)]
pub enum Breakdown {
    /// The store.
    #[error(transparent)]
    Store(#[from] EngineError),
    /// Signing.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// Key files.
    #[error(transparent)]
    Keyring(#[from] KeyringError),
    /// Conflicts with other writers, again and again.
    #[error("other writers changed the same documents {TRIES} times in a row")]
    Busy,
    /// A document that must be there is not.
    #[error("the store lacks {0}")]
    Missing(&'static str),
    /// A stored program does not parse any more.
    #[error("version {version} of the program does not parse: {faults}")]
    Program {
        /// Which version.
        version: u32,
        /// What is wrong with it.
        faults: String,
    },
    /// Our own lint or our own verifier refuses what we were about to issue.
    #[error("the credential was not issued: {0}")]
    Unsound(String),
    /// There is too much to be judged, or a check broke off.
    #[error(transparent)]
    Unjudged(#[from] Unjudged),
    /// A picture could not be drawn.
    #[error("cannot draw: {0}")]
    Drawing(String),
}

impl Breakdown {
    /// Whether it would strike anything else as well; otherwise it lies in what was worked on.
    pub fn strikes_all(&self) -> bool {
        match self {
            Breakdown::Store(error) => !matches!(error, EngineError::TooLarge(_) | EngineError::Corrupt { .. }),
            Breakdown::Sign(_) | Breakdown::Keyring(_) | Breakdown::Unjudged(_) => true,
            Breakdown::Busy
            | Breakdown::Missing(_)
            | Breakdown::Program { .. }
            | Breakdown::Unsound(_)
            | Breakdown::Drawing(_) => false,
        }
    }
}

/// What a use case answers, with the HTTP status that belongs to it: kept for repeats of the same call.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// JSON.
    pub body: serde_json::Value,
    /// This call was answered before and changed nothing now.
    pub replayed: bool,
}
