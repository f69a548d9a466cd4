//! Keys of webhooks, of what is still to be sent to them, and of what was.

use chrono::{DateTime, Utc};

use super::key;
use crate::clock::rfc3339;
use crate::id::{EventId, Realm, WebhookId};
use crate::store::engine::{Key, KeyRange};

pub(in crate::store) fn webhook(realm: Realm, webhook: &WebhookId) -> Key {
    key(realm, &["hook", webhook.as_str()])
}

pub(in crate::store) fn webhooks(realm: Realm) -> KeyRange {
    KeyRange::under(&key(realm, &["hook"]))
}

/// Expected and written by all who make one, so that the bound on their number holds.
pub(in crate::store) fn webhook_count(realm: Realm) -> Key {
    key(realm, &["hookcount"])
}

/// How far a webhook is: the cursor of a follower.
pub(in crate::store) fn progress(realm: Realm, webhook: &WebhookId) -> Key {
    key(realm, &["cursor", "hook", webhook.as_str()])
}

pub(in crate::store) fn retry(realm: Realm, due: DateTime<Utc>, webhook: &WebhookId, event: &EventId) -> Key {
    key(realm, &["retry", &rfc3339(due), webhook.as_str(), event.as_str()])
}

/// Everything that is due by `now`.
pub(in crate::store) fn retries_due(realm: Realm, now: DateTime<Utc>) -> KeyRange {
    // The keys of this very second have more parts, and so come after its own.
    let end = rfc3339(now + chrono::TimeDelta::seconds(1));
    KeyRange::between(&key(realm, &["retry", "0"]), &key(realm, &["retry", &end]))
}

/// One attempt; `mark` tells attempts of one second apart.
pub(in crate::store) fn delivery(realm: Realm, webhook: &WebhookId, at: DateTime<Utc>, mark: &str) -> Key {
    key(realm, &["hooklog", webhook.as_str(), &rfc3339(at), mark])
}

pub(in crate::store) fn deliveries(realm: Realm, webhook: &WebhookId) -> KeyRange {
    KeyRange::under(&key(realm, &["hooklog", webhook.as_str()]))
}

/// The attempts before `end`.
pub(in crate::store) fn deliveries_before(realm: Realm, webhook: &WebhookId, end: DateTime<Utc>) -> KeyRange {
    let of = |time: &str| key(realm, &["hooklog", webhook.as_str(), time]);
    KeyRange::between(&of("0"), &of(&rfc3339(end)))
}
