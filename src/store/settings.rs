//! The issuer, its public keys and the API keys.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::engine::{Direction, EngineError, KeyRange, Page};
use super::{Changes, ReadSet, Store, keys};
use crate::id::Realm;

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

/// The key that signs test credentials for the W3C VC API; none of the issuer's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VcApiRecord {
    /// Multibase public key.
    pub key: String,
    /// When it was made.
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

impl Store {
    /// Who signs here; `None` before `init`.
    pub async fn issuer(&self, reads: &mut ReadSet) -> Result<Option<IssuerRecord>, EngineError> {
        self.read(keys::issuer(), reads).await
    }

    /// What signs test credentials, if there was ever such a key.
    pub async fn vc_api(&self, reads: &mut ReadSet) -> Result<Option<VcApiRecord>, EngineError> {
        self.read(keys::vc_api(), reads).await
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

    /// Every document of a range.
    pub(super) async fn all<T: serde::de::DeserializeOwned>(&self, range: &KeyRange) -> Result<Vec<T>, EngineError> {
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

    /// Writes what signs test credentials.
    pub fn vc_api(&mut self, key: &VcApiRecord) {
        self.put(keys::vc_api(), key);
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
}
