//! The versions of the program, which of them decides when, and the files they name.

use std::collections::BTreeMap;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::engine::{EngineError, Key};
use super::{Changes, Digest, ReadSet, Store, keys, sha256_hex};
use crate::id::CertificationId;

/// Files are kept in pieces that fit the store's documents.
const CHUNK: usize = 48 * 1024;

/// A file kept in the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asset {
    /// Of its content, in hex.
    pub sha256: String,
    /// In bytes.
    pub length: usize,
}

impl Asset {
    /// Of its content, for the feed.
    pub fn digest(&self) -> Digest {
        Digest::taken(&self.sha256)
    }
}

/// One version of the rule book.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProgramRecord {
    /// Counted from 1.
    pub version: u32,
    /// The file as it was applied.
    pub text: Asset,
    /// The files it names, by name.
    pub assets: BTreeMap<String, Asset>,
    /// From when it decides.
    pub effective_at: DateTime<Utc>,
    /// When it was applied.
    pub recorded_at: DateTime<Utc>,
}

/// Which version of the rule book decides when. The one document that every decision reads.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProgramTimeline {
    /// By effective date; of two with the same, the later version comes later.
    pub versions: Vec<Effective>,
    /// A version that ends or shortens somebody's award, until another caller confirms it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposed: Option<Proposed>,
    /// The highest number that was ever given away: also a version that was rejected keeps its number.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub highest: u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_zero(n: &u32) -> bool {
    *n == 0
}

/// From when a version decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Effective {
    /// Its number.
    pub version: u32,
    /// Its first moment.
    pub from: DateTime<Utc>,
}

/// A version that waits for a second pair of eyes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proposed {
    /// Its number, and from when it shall decide.
    pub effective: Effective,
    /// Name of the caller who proposed it, and who cannot confirm it.
    pub by: String,
}

impl ProgramTimeline {
    /// The version that decides at `moment`; before the first one, the first.
    pub fn at(&self, moment: DateTime<Utc>) -> Option<u32> {
        let begun = self.versions.iter().rev().find(|v| v.from <= moment);
        begun.or(self.versions.first()).map(|v| v.version)
    }

    /// The number a new version gets.
    pub fn next(&self) -> u32 {
        let known = self.versions.iter().map(|v| v.version);
        known.chain(self.proposed.iter().map(|p| p.effective.version)).max().unwrap_or(0).max(self.highest) + 1
    }

    /// What comes into force after `moment`, in order.
    pub fn after(&self, moment: DateTime<Utc>) -> impl Iterator<Item = &Effective> {
        self.versions.iter().filter(move |v| v.from > moment)
    }

    /// With another version in force from its date on.
    pub fn add(&mut self, effective: Effective) {
        let place = self.versions.partition_point(|v| (v.from, v.version) <= (effective.from, effective.version));
        self.versions.insert(place, effective);
    }
}

/// When the contents of a certification were last looked over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContentReview {
    /// When somebody said so; at first, when the version came into force that asks for it.
    pub reviewed_at: DateTime<Utc>,
    /// The last due date that the feed was told of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told: Option<DateTime<Utc>>,
}

impl Store {
    /// Which version of the program decides when; `None` before `init`.
    pub async fn program_timeline(&self, reads: &mut ReadSet) -> Result<Option<ProgramTimeline>, EngineError> {
        self.read(keys::program_pointer(), reads).await
    }

    /// One version of the program.
    pub async fn program(&self, version: u32) -> Result<Option<ProgramRecord>, EngineError> {
        self.peek(keys::program_version(version)).await
    }

    /// The content of a kept file; `None` if a piece is missing or altered.
    pub async fn asset(&self, asset: &Asset) -> Result<Option<Vec<u8>>, EngineError> {
        let wanted: Vec<Key> = (0..asset.length.div_ceil(CHUNK)).map(|n| keys::asset_chunk(&asset.sha256, n)).collect();
        let mut content = Vec::with_capacity(asset.length);
        for chunk in self.engine.get(&wanted).await? {
            match chunk {
                Some(chunk) => content.extend_from_slice(&chunk.doc),
                None => return Ok(None),
            }
        }
        Ok((sha256_hex(&content) == asset.sha256).then_some(content))
    }

    /// When the contents of a certification were last looked over; `None` if nobody asked for it yet.
    pub async fn content_review(
        &self,
        certification: &CertificationId,
        reads: &mut ReadSet,
    ) -> Result<Option<ContentReview>, EngineError> {
        self.read(keys::content_review(certification), reads).await
    }
}

impl Changes {
    /// Keeps a file.
    pub fn asset(&mut self, content: &[u8]) -> Asset {
        let sha256 = sha256_hex(content);
        for (n, chunk) in content.chunks(CHUNK).enumerate() {
            self.put_bytes(keys::asset_chunk(&sha256, n), Bytes::copy_from_slice(chunk));
        }
        Asset { sha256, length: content.len() }
    }

    /// Writes a version of the program; a version is written once.
    pub fn program(&mut self, record: &ProgramRecord) {
        self.expect_absent(keys::program_version(record.version));
        self.put(keys::program_version(record.version), record);
    }

    /// Writes which version decides when.
    pub fn program_timeline(&mut self, timeline: &ProgramTimeline) {
        self.put(keys::program_pointer(), timeline);
    }

    /// Writes when the contents of a certification were looked over.
    pub fn content_review(&mut self, certification: &CertificationId, review: &ContentReview) {
        self.put(keys::content_review(certification), review);
    }
}
