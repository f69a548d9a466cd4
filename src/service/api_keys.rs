//! API keys: made, listed, revoked. The secret is shown once and kept only as a hash.

use super::caller::{self, OPERATOR, SCOPES};
use super::{Breakdown, TRIES, is_written, tell};
use crate::app::App;
use crate::id::Realm;
use crate::store::{ApiKeyRecord, Changes, Commit, Digest, EventKind, ReadSet};

/// Why a key was not made or revoked.
#[derive(Debug, thiserror::Error)]
pub enum ApiKeyError {
    /// Another key has this name.
    #[error("there is already an API key named {0:?}")]
    NameTaken(String),
    /// The name cannot be used.
    #[error("a key's name is 1 to 64 letters, digits, spaces, dots, hyphens or underscores, and not \"{OPERATOR}\"")]
    Name,
    /// No such scope.
    #[error("there is no scope {0:?}; there are: {list}", list = SCOPES.join(", "))]
    Scope(String),
    /// No such key.
    #[error("there is no API key {0:?}")]
    Unknown(String),
    /// Anything else.
    #[error(transparent)]
    Breakdown(#[from] Breakdown),
}

breaks_down!(ApiKeyError);

/// Makes a key. The second value is its secret, which is nowhere else.
pub async fn create(
    app: &App,
    name: &str,
    realm: Realm,
    scopes: &[String],
) -> Result<(ApiKeyRecord, String), ApiKeyError> {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '.' | '-' | '_');
    if name.trim() != name
        || name.is_empty()
        || name.chars().count() > 64
        || !name.chars().all(plain)
        || name == OPERATOR
    {
        return Err(ApiKeyError::Name);
    }
    if let Some(unknown) = scopes.iter().find(|s| !SCOPES.contains(&s.as_str())) {
        return Err(ApiKeyError::Scope(unknown.clone()));
    }
    let now = app.clock.now();
    let secret = caller::new_secret(app, realm);
    let hash = caller::hash(&secret);
    let key = ApiKeyRecord {
        hash: hash.clone(),
        name: name.to_owned(),
        realm,
        scopes: scopes.to_vec(),
        created_at: now,
        revoked_at: None,
    };
    for _ in 0..TRIES {
        let mut reads = ReadSet::new();
        match app.store.api_key_named(name, &mut reads).await? {
            None => {}
            // Written by a try of which it was not known: nobody else has this secret.
            Some(ours) if ours == hash => return Ok((key, secret)),
            Some(_) => return Err(ApiKeyError::NameTaken(name.to_owned())),
        }
        let mut changes = Changes::new(Realm::Live);
        changes.api_key(&key);
        tell(app, &mut changes, app.clock.now(), EventKind::ApiKeyCreated { key: Digest::of(hash.as_bytes()) });
        if is_written(app.store.commit(&reads, changes).await)? {
            return Ok((key, secret));
        }
    }
    Err(Breakdown::Busy.into())
}

/// All keys, oldest first.
pub async fn list(app: &App) -> Result<Vec<ApiKeyRecord>, Breakdown> {
    let mut keys = app.store.api_keys().await?;
    keys.sort_by(|a, b| (a.created_at, &a.name).cmp(&(b.created_at, &b.name)));
    Ok(keys)
}

/// Ends the key with this name. Its name is not given away again, since results are told apart by it.
pub async fn revoke(app: &App, name: &str) -> Result<ApiKeyRecord, ApiKeyError> {
    for _ in 0..TRIES {
        let mut reads = ReadSet::new();
        let unknown = || ApiKeyError::Unknown(name.to_owned());
        let hash = app.store.api_key_named(name, &mut reads).await?.ok_or_else(unknown)?;
        let mut key = app.store.api_key(&hash, &mut reads).await?.ok_or_else(unknown)?;
        if key.revoked_at.is_some() {
            return Ok(key);
        }
        key.revoked_at = Some(app.clock.now());
        let mut changes = Changes::new(Realm::Live);
        changes.api_key(&key);
        tell(app, &mut changes, app.clock.now(), EventKind::ApiKeyRevoked { key: Digest::of(hash.as_bytes()) });
        if let Commit::Done(_) = app.store.commit(&reads, changes).await? {
            return Ok(key);
        }
    }
    Err(Breakdown::Busy.into())
}
