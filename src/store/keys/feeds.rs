//! Keys of what feeds told, and of what wants a person's eye.

use super::{foreign, key};
use crate::id::{CertificationId, PersonId, Realm, RequirementId, ReviewId};
use crate::store::WaitingReview;
use crate::store::engine::{Key, KeyRange};

/// One message of a feed, by the source's own id of it.
pub(in crate::store) fn feed_message(realm: Realm, source: &str, id: &str) -> Key {
    key(realm, &["feed", &foreign(source), &foreign(id)])
}

/// What is known of one attempt of a person in a source.
pub(in crate::store) fn attempt(realm: Realm, source: &str, person: &PersonId, attempt: &str) -> Key {
    key(realm, &["attempt", &foreign(source), person.as_str(), &foreign(attempt)])
}

pub(in crate::store) fn review(realm: Realm, review: &ReviewId) -> Key {
    key(realm, &["review", review.as_str()])
}

pub(in crate::store) fn reviews(realm: Realm) -> KeyRange {
    KeyRange::under(&key(realm, &["review"]))
}

/// A result that waits for its review: found by whom it came from and what it is about.
pub(in crate::store) fn waiting_review(realm: Realm, waiting: &WaitingReview) -> Key {
    let WaitingReview { source, certification, requirement, review } = waiting;
    key(realm, &["waits", &foreign(source), certification.as_str(), requirement.as_str(), review.as_str()])
}

pub(in crate::store) fn waiting_reviews(
    realm: Realm,
    of: Option<(&str, &CertificationId, &RequirementId)>,
) -> KeyRange {
    KeyRange::under(&match of {
        Some((source, certification, requirement)) => {
            key(realm, &["waits", &foreign(source), certification.as_str(), requirement.as_str()])
        }
        None => key(realm, &["waits"]),
    })
}

pub(in crate::store) fn vouching(realm: Realm) -> Key {
    key(realm, &["vouching"])
}

pub(in crate::store) fn inbound_webhook(source: &str) -> Key {
    Key::new(&["inbound", &foreign(source)])
}

pub(in crate::store) fn inbound_webhooks() -> KeyRange {
    KeyRange::under(&Key::new(&["inbound"]))
}
