//! Tokens: secrets in mailed links and in cookies, each for one purpose and for a time. Only their hashes are kept.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::engine::{EngineError, Page};
use super::{Changes, ReadSet, Store, keys};
use crate::id::{PersonId, Realm};

/// A used or expired token is remembered this long, so that its bearer can be told what became of it.
const REMEMBERED: TimeDelta = TimeDelta::days(90);

/// What a token was given out for. It opens nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "for", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Purpose {
    /// The link in a mail that opens the holder's page; used once.
    HolderLink {
        /// Whose page.
        person: PersonId,
    },
    /// The cookie of somebody who opened that link.
    HolderSession {
        /// Whose page.
        person: PersonId,
    },
    /// The link in a reminder that stops reminders.
    Unsubscribe {
        /// Who wants none: as in the opt-out.
        recipient: String,
    },
    /// The link that shows that an address reaches a person.
    VerifyAddress {
        /// Who claims it.
        person: PersonId,
        /// Normalised.
        address: String,
    },
}

/// A token, known by the hash of its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Token {
    /// What for.
    pub purpose: Purpose,
    /// When it was given out.
    pub issued_at: DateTime<Utc>,
    /// From then on it opens nothing.
    pub expires_at: DateTime<Utc>,
    /// When it was spent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used_at: Option<DateTime<Utc>>,
}

impl Store {
    /// The token whose secret has this hash, and its realm.
    pub async fn token(&self, hash: &str, reads: &mut ReadSet) -> Result<Option<(Realm, Token)>, EngineError> {
        let wanted = vec![keys::tokens::token(Realm::Live, hash), keys::tokens::token(Realm::Test, hash)];
        let mut found = self.read_all(wanted, reads).await?.into_iter();
        let (live, test) = (found.next().flatten(), found.next().flatten());
        Ok(live.map(|token| (Realm::Live, token)).or(test.map(|token| (Realm::Test, token))))
    }

    /// Forgets tokens that were of no use for long: so many at most, and answers whether there were any.
    pub async fn forget_tokens(&self, realm: Realm, now: DateTime<Utc>, most: usize) -> Result<bool, EngineError> {
        let ended = self.engine.scan(&keys::tokens::ended_tokens(realm, now), Page::first(most)).await?;
        let mut changes = Changes::new(realm);
        for (key, _) in &ended.rows {
            if let Some(hash) = key.parts().last() {
                changes.delete(keys::tokens::token(realm, hash));
            }
            changes.delete(key.clone());
        }
        if ended.rows.is_empty() {
            return Ok(false);
        }
        self.commit(&ReadSet::new(), changes).await?;
        Ok(true)
    }
}

impl Changes {
    /// Writes a new token.
    pub fn new_token(&mut self, hash: &str, token: &Token) {
        let key = keys::tokens::token(self.realm, hash);
        self.expect_absent(key.clone());
        self.put(key, token);
        self.put(keys::tokens::token_end(self.realm, token.expires_at + REMEMBERED, hash), &());
    }

    /// Writes what became of a token, which must have been read.
    pub fn token(&mut self, hash: &str, token: &Token) {
        self.put(keys::tokens::token(self.realm, hash), token);
    }
}
