//! API keys: made, listed, revoked. The secret is shown once and kept only as a hash.

use super::caller::{self, Caller, HOLDER, OPERATOR, SCOPES};
use super::lookalike::passes_for;
use super::{Breakdown, TRIES, moment, program, tell};
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
    #[error("a key's name is 1 to 64 letters, digits, spaces, dots, hyphens or underscores")]
    Name,
    /// Readers of a history would take it for somebody else.
    #[error("the name {0:?} passes for \"{OPERATOR}\" or \"{HOLDER}\", which are no keys")]
    Misleading(String),
    /// No such scope.
    #[error("there is no scope {0:?}; there are: {list}", list = SCOPES.join(", "))]
    Scope(String),
    /// Nobody gives what they have not.
    #[error("a key without the scope {0} cannot make one that has it")]
    Lacking(String),
    /// The rules take this source at its word, so that its name is power.
    #[error("the program vouches for {0:?}: only a key with the scope admin makes a source of this name")]
    Vouched(String),
    /// A test key makes test keys.
    #[error("a test key makes no live keys")]
    OtherRealm,
    /// No such key.
    #[error("there is no API key {0:?}")]
    Unknown(String),
    /// Anything else.
    #[error(transparent)]
    Breakdown(#[from] Breakdown),
}

breaks_down!(ApiKeyError);

/// A key to be made.
#[derive(Debug, Clone, Copy)]
pub struct NewKey<'a> {
    /// Unique; the source of the results it reports.
    pub name: &'a str,
    /// Where what it writes goes.
    pub realm: Realm,
    /// What it may do.
    pub scopes: &'a [String],
}

/// Makes a key that may do no more than who makes it. The second value is its secret, which is nowhere else.
pub async fn create(app: &App, by: &Caller, new: NewKey<'_>) -> Result<(ApiKeyRecord, String), ApiKeyError> {
    let NewKey { name, realm, scopes } = new;
    let plain = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '.' | '-' | '_');
    if name.trim() != name || name.is_empty() || name.chars().count() > 64 || !name.chars().all(plain) {
        return Err(ApiKeyError::Name);
    }
    if passes_for(name, OPERATOR) || passes_for(name, HOLDER) {
        return Err(ApiKeyError::Misleading(name.to_owned()));
    }
    if let Some(unknown) = scopes.iter().find(|s| !SCOPES.contains(&s.as_str())) {
        return Err(ApiKeyError::Scope(unknown.clone()));
    }
    if !by.reaches(realm) {
        return Err(ApiKeyError::OtherRealm);
    }
    if let Some(lacking) = scopes.iter().find(|scope| !by.may(scope)) {
        return Err(ApiKeyError::Lacking(lacking.clone()));
    }
    let now = moment(app);
    let secret = caller::new_secret(app, realm);
    let hash = caller::hash(&secret);
    let mut reads = ReadSet::new();
    if is_vouched_for(app, by, name, &mut reads).await? {
        return Err(ApiKeyError::Vouched(name.to_owned()));
    }
    if app.store.api_key_named(name, &mut reads).await?.is_some() {
        return Err(ApiKeyError::NameTaken(name.to_owned()));
    }
    let key = ApiKeyRecord {
        hash: hash.clone(),
        name: name.to_owned(),
        realm,
        scopes: scopes.to_vec(),
        created_at: now,
        revoked_at: None,
    };
    let mut changes = Changes::new(realm);
    changes.api_key(&key);
    tell(app, &mut changes, moment(app), EventKind::ApiKeyCreated { key: Digest::of(hash.as_bytes()) });
    match app.store.commit(&reads, changes).await? {
        Commit::Done(_) => Ok((key, secret)),
        Commit::Conflict(_) => Err(ApiKeyError::NameTaken(name.to_owned())),
    }
}

/// Whether a source of this name is believed more than who makes it may give.
pub(super) async fn is_vouched_for(app: &App, by: &Caller, name: &str, reads: &mut ReadSet) -> Result<bool, Breakdown> {
    Ok(!by.may("admin") && !program::in_force(app, reads).await?.program.vouched(name).is_empty())
}

/// All keys that `by` reaches, oldest first.
pub async fn list(app: &App, by: &Caller) -> Result<Vec<ApiKeyRecord>, Breakdown> {
    let mut keys = app.store.api_keys().await?;
    keys.retain(|key| by.reaches(key.realm));
    keys.sort_by(|a, b| (a.created_at, &a.name).cmp(&(b.created_at, &b.name)));
    Ok(keys)
}

/// Ends the key with this name. Its name is not given away again, since results are told apart by it.
pub async fn revoke(app: &App, by: &Caller, name: &str) -> Result<ApiKeyRecord, ApiKeyError> {
    for _ in 0..TRIES {
        let mut reads = ReadSet::new();
        let unknown = || ApiKeyError::Unknown(name.to_owned());
        let hash = app.store.api_key_named(name, &mut reads).await?.ok_or_else(unknown)?;
        let key = app.store.api_key(&hash, &mut reads).await?;
        let mut key = key.filter(|key| by.reaches(key.realm)).ok_or_else(unknown)?;
        if key.revoked_at.is_some() {
            return Ok(key);
        }
        key.revoked_at = Some(moment(app));
        let mut changes = Changes::new(key.realm);
        changes.api_key(&key);
        tell(app, &mut changes, moment(app), EventKind::ApiKeyRevoked { key: Digest::of(hash.as_bytes()) });
        if let Commit::Done(_) = app.store.commit(&reads, changes).await? {
            return Ok(key);
        }
    }
    Err(Breakdown::Busy.into())
}
