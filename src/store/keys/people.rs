//! Keys of persons and of what they are found by.

use super::{foreign, key};
use crate::id::{PersonId, Realm};
use crate::openbadges::comparable_email;
use crate::store::engine::{Key, KeyRange};

pub(in crate::store) fn person(realm: Realm, person: &PersonId) -> Key {
    key(realm, &["p", person.as_str()])
}

/// Where the id of somebody who turned out to be another leads.
pub(in crate::store) fn merged(realm: Realm, person: &PersonId) -> Key {
    key(realm, &["merged", person.as_str()])
}

/// All spellings of one address have one key.
pub(in crate::store) fn email(realm: Realm, address: &str) -> Key {
    key(realm, &["email", &foreign(&comparable_email(address))])
}

pub(in crate::store) fn external(realm: Realm, system: &str, id: &str) -> Key {
    key(realm, &["ext", &foreign(system), &foreign(id)])
}

/// The code that was mailed to a person and is waited for.
pub(in crate::store) fn proof(realm: Realm, person: &PersonId) -> Key {
    key(realm, &["proof", person.as_str()])
}

/// Something to be mailed to a person so that they prove an address; `what` tells one from another.
pub(in crate::store) fn proof_mail(realm: Realm, person: &PersonId, what: &str) -> Key {
    key(realm, &["proofmail", person.as_str(), what])
}

pub(in crate::store) fn proof_mails(realm: Realm) -> KeyRange {
    KeyRange::under(&key(realm, &["proofmail"]))
}
