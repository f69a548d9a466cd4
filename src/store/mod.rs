//! The store: an ordered key-value engine, and the record operations over it.
//!
//! Reading gives documents and notes them in a [`ReadSet`]; the service decides; [`Store::commit`] writes [`Changes`] in one
//! batch that expects everything that was read. The key layout is in `keys`.

mod appeals;
pub mod engine;
mod event;
mod exceptions;
mod feed;
mod feeds;
mod holds;
mod keys;
mod leases;
mod link_asks;
mod mail;
mod merges;
mod people;
mod pieces;
mod program;
mod proofs;
mod read_set;
mod recertifications;
mod results;
mod settings;
mod standings;
mod status;
mod tokens;
mod trust;
mod turns;
mod undo;
mod webhooks;

use std::fmt::Write as _;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

pub use appeals::{AppealRecord, Closed};
pub use engine::{
    Batch, Commit, Engine, EngineError, Feed, FeedEntry, Key, KeyRange, Page, Position, Rows, Version, Versioned,
};
pub use event::{AwardEvent, DemandEvent, Digest, Event, EventKind, ReviewCode};
pub use exceptions::{ExceptionPointer, ExceptionStep};
pub use feed::{Events, Place};
pub use feeds::{AttemptRecord, FeedRecord, InboundWebhookRecord, ReviewRecord, Reviewed, Vouching, WaitingReview};
pub use holds::{ActiveHold, ActiveHolds, HeldRecord, HeldResult, HoldCriteria, HoldRecord, HoldState, Verdict};
pub use leases::{LeaseRecord, ProcessRecord};
pub use link_asks::LinkAsk;
pub use mail::{LetterRecord, MailCursor, MailItem, MailStatus, OptOut, Recipient};
pub use people::{Found, Managers, PendingAddress, Person};
pub use program::{Asset, ContentReview, Effective, ProgramRecord, ProgramTimeline, Proposed};
pub use proofs::{FormerCode, Proof, ProofMail, ToProve};
pub use read_set::{Changes, ReadSet};
pub use recertifications::{OpenRecertification, Recertification, Stage};
pub use results::Answered;
pub use settings::{ApiKeyRecord, IssuerRecord, SigningKeyRecord, VcApiRecord};
pub use standings::{AwardPointer, Note, SignedCredential};
pub use status::StatusList;
pub use tokens::{Purpose, Token};
pub use trust::MOST_TRUSTED;
pub use turns::Turns;
pub use undo::{UndoCriteria, UndoEffect, UndoRecord, UndoneAward, UndoneRecord};
pub use webhooks::{
    Delivery, DeliveryMark, Disabled, DisabledReason, Format, FormerKeys, MOST_WEBHOOKS, Progress, Replay, Retry,
    Webhook, WebhookKeys,
};

/// Whole operations over one engine. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    engine: Arc<dyn Engine>,
}

impl Store {
    /// A store over `engine`.
    pub fn new(engine: Arc<dyn Engine>) -> Self {
        Store { engine }
    }

    /// The engine, for what has no meaning: the feed, the export, the health check.
    pub fn engine(&self) -> &dyn Engine {
        self.engine.as_ref()
    }
}

/// SHA-256 in lower-case hex.
pub fn sha256_hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
