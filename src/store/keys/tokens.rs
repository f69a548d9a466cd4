//! Keys of the tokens.

use chrono::{DateTime, Utc};

use super::key;
use crate::clock::rfc3339;
use crate::id::Realm;
use crate::store::engine::{Key, KeyRange};

/// `hash` is the SHA-256 of the secret, in hex.
pub(in crate::store) fn token(realm: Realm, hash: &str) -> Key {
    key(realm, &["token", hash])
}

/// Names a token by the moment from which it is of no use at all.
pub(in crate::store) fn token_end(realm: Realm, end: DateTime<Utc>, hash: &str) -> Key {
    key(realm, &["tokenend", &rfc3339(end), hash])
}

/// All that are of no use at `now`.
pub(in crate::store) fn ended_tokens(realm: Realm, now: DateTime<Utc>) -> KeyRange {
    KeyRange::between(&key(realm, &["tokenend", ""]), &key(realm, &["tokenend", &rfc3339(now)]))
}
