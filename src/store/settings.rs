//! The issuer, its public keys, the API keys, and the versions of the program.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use super::engine::{Direction, EngineError, Key, KeyRange, Page};
use super::{Changes, ReadSet, Store, keys, sha256_hex};
use crate::id::Realm;

/// Files are kept in pieces that fit the store's documents.
const CHUNK: usize = 48 * 1024;

/// Who signs here. Made once, at `init`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IssuerRecord {
    /// Fixed for ever: never recomputed from the base.
    pub did: String,
    /// Where the service answers.
    pub base: String,
    /// Multibase public key that signs now.
    pub active: String,
    /// When `init` ran.
    pub created_at: DateTime<Utc>,
}

/// A public key of ours and the interval in which it signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SigningKeyRecord {
    /// Multibase public key.
    pub kid: String,
    /// When it was made: published from then on.
    pub created_at: DateTime<Utc>,
    /// When it began to sign.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active_from: Option<DateTime<Utc>>,
    /// When it ceased to sign. What it signed stays good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retired_at: Option<DateTime<Utc>>,
    /// When it stopped being trusted at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<DateTime<Utc>>,
}

/// A caller of the API, known by the hash of its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApiKeyRecord {
    /// SHA-256 of the secret, in hex.
    pub hash: String,
    /// Unique; the source of the results it reports.
    pub name: String,
    /// Live or test.
    pub realm: Realm,
    /// Such as `results:write`.
    pub scopes: Vec<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// From then on it opens nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<DateTime<Utc>>,
}

/// A file kept in the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asset {
    /// Of its content, in hex.
    pub sha256: String,
    /// In bytes.
    pub length: usize,
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
        known.chain(self.proposed.iter().map(|p| p.effective.version)).max().unwrap_or(0) + 1
    }

    /// With another version in force from its date on.
    pub fn add(&mut self, effective: Effective) {
        let place = self.versions.partition_point(|v| (v.from, v.version) <= (effective.from, effective.version));
        self.versions.insert(place, effective);
    }
}

impl Store {
    /// Who signs here; `None` before `init`.
    pub async fn issuer(&self, reads: &mut ReadSet) -> Result<Option<IssuerRecord>, EngineError> {
        self.read(keys::issuer(), reads).await
    }

    /// One public key of ours.
    pub async fn signing_key(&self, kid: &str, reads: &mut ReadSet) -> Result<Option<SigningKeyRecord>, EngineError> {
        self.read(keys::signing_key(kid), reads).await
    }

    /// All public keys of ours, also retired ones.
    pub async fn signing_keys(&self) -> Result<Vec<SigningKeyRecord>, EngineError> {
        self.all(&keys::signing_keys()).await
    }

    /// The API key whose secret has this hash.
    pub async fn api_key(&self, hash: &str, reads: &mut ReadSet) -> Result<Option<ApiKeyRecord>, EngineError> {
        self.read(keys::api_key(hash), reads).await
    }

    /// The hash of the API key with this name.
    pub async fn api_key_named(&self, name: &str, reads: &mut ReadSet) -> Result<Option<String>, EngineError> {
        self.read(keys::api_key_name(name), reads).await
    }

    /// All API keys, also revoked ones.
    pub async fn api_keys(&self) -> Result<Vec<ApiKeyRecord>, EngineError> {
        self.all(&keys::api_keys()).await
    }

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

    async fn all<T: serde::de::DeserializeOwned>(&self, range: &KeyRange) -> Result<Vec<T>, EngineError> {
        let (mut found, mut after) = (Vec::new(), None);
        loop {
            let rows = self.engine.scan(range, Page { after, limit: 1_000, direction: Direction::Forward }).await?;
            for (key, row) in &rows.rows {
                found.push(super::read_set::decode(key, &row.doc)?);
            }
            match rows.next {
                Some(next) => after = Some(next),
                None => return Ok(found),
            }
        }
    }
}

impl Changes {
    /// Writes who signs.
    pub fn issuer(&mut self, issuer: &IssuerRecord) {
        self.put(keys::issuer(), issuer);
    }

    /// Writes a public key of ours.
    pub fn signing_key(&mut self, key: &SigningKeyRecord) {
        self.put(keys::signing_key(&key.kid), key);
    }

    /// Writes an API key and the guard of its name.
    pub fn api_key(&mut self, key: &ApiKeyRecord) {
        self.put(keys::api_key_name(&key.name), &key.hash);
        self.put(keys::api_key(&key.hash), key);
    }

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
}
