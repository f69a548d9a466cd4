//! The issuer's keys: listed, generated (published before they sign), rotated, retired.

use chrono::TimeDelta;

use super::caller::LiveCaller;
use super::{Breakdown, TRIES, issuer, moment, tell};
use crate::app::App;
use crate::id::Realm;
use crate::store::{Changes, Commit, Digest, EventKind, ReadSet, SigningKeyRecord};

/// Why a key was not changed.
#[derive(Debug, thiserror::Error)]
pub enum SigningKeyError {
    /// Not a key of this issuer.
    #[error("{kid} is no key of this issuer")]
    Unknown {
        /// Multibase public key.
        kid: String,
    },
    /// A `did:key` issuer is its key.
    #[error("this issuer is {did}: its name is its key, so it cannot have another")]
    NameIsKey {
        /// The issuer.
        did: String,
    },
    /// The active key signs; another must take over first.
    #[error("{kid} is the active key; rotate to another first")]
    Active {
        /// Multibase public key.
        kid: String,
    },
    /// No key waits to become active.
    #[error("no generated key is waiting")]
    NoneWaiting,
    /// Anything else.
    #[error(transparent)]
    Breakdown(#[from] Breakdown),
}

breaks_down!(SigningKeyError);

/// All keys, oldest first.
pub async fn list(app: &App) -> Result<Vec<SigningKeyRecord>, Breakdown> {
    let mut keys = app.store.signing_keys().await?;
    keys.sort_by_key(|k| k.created_at);
    Ok(keys)
}

/// Makes a key and publishes it. It signs nothing until [`rotate`].
pub async fn generate(app: &App, _: &LiveCaller) -> Result<SigningKeyRecord, SigningKeyError> {
    let mut reads = ReadSet::new();
    let issuer = issuer(app, &mut reads).await?;
    if issuer.did.starts_with("did:key:") {
        return Err(SigningKeyError::NameIsKey { did: issuer.did });
    }
    // Strictly later than the one before, so that the newest is known even within a second.
    let last = list(app).await?.last().map(|key| key.created_at);
    let now = last.map_or(moment(app), |last| moment(app).max(last + TimeDelta::seconds(1)));
    let kid = app.signer.generate(app.ids.as_ref()).map_err(Breakdown::from)?.multibase();
    app.store.signing_key(&kid, &mut reads).await?;
    let key =
        SigningKeyRecord { kid: kid.clone(), created_at: now, active_from: None, retired_at: None, revoked_at: None };
    let mut changes = Changes::new(Realm::Live);
    changes.signing_key(&key);
    tell(app, &mut changes, moment(app), EventKind::SigningKeyGenerated { key: Digest::of(kid.as_bytes()) });
    match app.store.commit(&reads, changes).await? {
        Commit::Done(_) => Ok(key),
        Commit::Conflict(_) => Err(Breakdown::Busy.into()),
    }
}

/// Lets the newest waiting key sign from now on; the active one is retired. What it signed stays good.
pub async fn rotate(app: &App, _: &LiveCaller) -> Result<SigningKeyRecord, SigningKeyError> {
    for _ in 0..TRIES {
        let now = moment(app);
        let mut reads = ReadSet::new();
        let mut issuer = issuer(app, &mut reads).await?;
        if issuer.did.starts_with("did:key:") {
            return Err(SigningKeyError::NameIsKey { did: issuer.did });
        }
        let waiting = list(app)
            .await?
            .into_iter()
            .rfind(|k| k.active_from.is_none() && k.retired_at.is_none() && app.signer.holds(&k.kid));
        let waiting = waiting.ok_or(SigningKeyError::NoneWaiting)?;
        let mut next = found(app, &waiting.kid, &mut reads).await?;
        let mut last = found(app, &issuer.active, &mut reads).await?;
        next.active_from = Some(now);
        last.retired_at = Some(now);
        issuer.active.clone_from(&next.kid);
        let mut changes = Changes::new(Realm::Live);
        changes.signing_key(&next);
        changes.signing_key(&last);
        changes.issuer(&issuer);
        tell(app, &mut changes, moment(app), EventKind::SigningKeyActivated { key: Digest::of(next.kid.as_bytes()) });
        tell(app, &mut changes, moment(app), EventKind::SigningKeyRetired { key: Digest::of(last.kid.as_bytes()) });
        if let Commit::Done(_) = app.store.commit(&reads, changes).await? {
            return Ok(next);
        }
    }
    Err(Breakdown::Busy.into())
}

/// Ends a key that does not sign: a waiting one, before it ever did. A retired key stays as it is.
pub async fn retire(app: &App, _: &LiveCaller, kid: &str) -> Result<SigningKeyRecord, SigningKeyError> {
    for _ in 0..TRIES {
        let mut reads = ReadSet::new();
        let issuer = issuer(app, &mut reads).await?;
        let mut key = found(app, kid, &mut reads).await?;
        if issuer.active == kid {
            return Err(SigningKeyError::Active { kid: kid.to_owned() });
        }
        if key.retired_at.is_some() {
            return Ok(key);
        }
        key.retired_at = Some(moment(app));
        let mut changes = Changes::new(Realm::Live);
        changes.signing_key(&key);
        tell(app, &mut changes, moment(app), EventKind::SigningKeyRetired { key: Digest::of(kid.as_bytes()) });
        if let Commit::Done(_) = app.store.commit(&reads, changes).await? {
            return Ok(key);
        }
    }
    Err(Breakdown::Busy.into())
}

async fn found(app: &App, kid: &str, reads: &mut ReadSet) -> Result<SigningKeyRecord, SigningKeyError> {
    let key = app.store.signing_key(kid, reads).await?;
    key.ok_or_else(|| SigningKeyError::Unknown { kid: kid.to_owned() })
}
