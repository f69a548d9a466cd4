//! Keys of the program's versions, of the files they name, and of what the program asks of holders.

use super::key;
use crate::id::{AwardId, CertificationId, Realm};
use crate::store::engine::{Key, KeyRange};

/// Which version decides when.
pub(in crate::store) fn program_pointer() -> Key {
    Key::new(&["program", "current"])
}

pub(in crate::store) fn program_version(version: u32) -> Key {
    Key::new(&["program", "v", &format!("{version:08}")])
}

pub(in crate::store) fn asset_chunk(sha256: &str, chunk: usize) -> Key {
    Key::new(&["asset", sha256, &format!("{chunk:04}")])
}

/// When the contents of a certification were last looked over.
pub(in crate::store) fn content_review(certification: &CertificationId) -> Key {
    Key::new(&["contentreview", certification.as_str()])
}

pub(in crate::store) fn recertification(realm: Realm, id: &str) -> Key {
    key(realm, &["recert", id])
}

pub(in crate::store) fn recertifications(realm: Realm) -> KeyRange {
    KeyRange::under(&key(realm, &["recert"]))
}

pub(in crate::store) fn open_recertifications(realm: Realm) -> Key {
    key(realm, &["recertopen"])
}

/// One award of whose holder it was asked.
pub(in crate::store) fn recertification_award(realm: Realm, id: &str, award: AwardId) -> Key {
    key(realm, &["recertaward", id, award.as_str()])
}

pub(in crate::store) fn recertification_awards(realm: Realm, id: &str) -> KeyRange {
    KeyRange::under(&key(realm, &["recertaward", id]))
}
