//! Tokens: given out for one purpose and a time, and taken once.

use chrono::{DateTime, TimeDelta, Utc};

use super::Breakdown;
use super::caller::{hash, random_part};
use crate::app::App;
use crate::id::Realm;
use crate::store::{Changes, Purpose, ReadSet, Token};

/// No secret of ours is longer.
const LONGEST: usize = 100;

/// A token whose secret was shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Live or test.
    pub realm: Realm,
    /// What it is.
    pub token: Token,
    hash: String,
}

/// Why a secret opens nothing.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// Never given out here, or long forgotten.
    #[error("this link is unknown")]
    Unknown,
    /// Its time is over.
    #[error("this link ran out")]
    Expired(Shown),
    /// It was spent.
    #[error("this link was used before")]
    Used(Shown),
    /// Anything else.
    #[error(transparent)]
    Breakdown(#[from] Breakdown),
}

breaks_down!(TokenError);

/// Gives out a token as part of `changes`; answers its secret, which is kept nowhere.
pub fn issue(app: &App, changes: &mut Changes, now: DateTime<Utc>, purpose: Purpose, lives: TimeDelta) -> String {
    let secret = random_part(app.ids.as_ref());
    let token = Token { purpose, issued_at: now, expires_at: now + lives, used_at: None };
    changes.new_token(&hash(&secret), &token);
    secret
}

/// The token of this secret, if it is good at `now`. It is noted in `reads`: of two who spend it, one conflicts.
/// The caller looks at its purpose, and spends it with [`Shown::spend`] in the batch that does what it is for.
pub async fn take(app: &App, secret: &str, now: DateTime<Utc>, reads: &mut ReadSet) -> Result<Shown, TokenError> {
    if secret.len() > LONGEST {
        return Err(TokenError::Unknown);
    }
    let hash = hash(secret);
    let (realm, token) = app.store.token(&hash, reads).await?.ok_or(TokenError::Unknown)?;
    let (used, over) = (token.used_at.is_some(), token.expires_at <= now);
    let shown = Shown { realm, token, hash };
    match (used, over) {
        (true, _) => Err(TokenError::Used(shown)),
        (false, true) => Err(TokenError::Expired(shown)),
        (false, false) => Ok(shown),
    }
}

impl Shown {
    /// What it was given out for.
    pub fn purpose(&self) -> &Purpose {
        &self.token.purpose
    }

    /// Makes it good for nothing more, as part of `changes` of its realm.
    pub fn spend(mut self, changes: &mut Changes, now: DateTime<Utc>) {
        self.token.used_at = Some(now);
        changes.token(&self.hash, &self.token);
    }
}
