//! Keys of the outbox, of opt-outs, of wishes for a link and of appeals. Mail is of the live realm only.

use chrono::{DateTime, Utc};

use super::{foreign, key};
use crate::clock::rfc3339;
use crate::id::{AppealId, AwardId, Realm};
use crate::openbadges::comparable_email;
use crate::store::engine::{Key, KeyRange};

/// How far the feed was read.
pub(in crate::store) fn cursor() -> Key {
    Key::new(&["cursor", "mail"])
}

pub(in crate::store) fn letter(id: &str) -> Key {
    Key::new(&["mail", id])
}

/// A piece of a letter as it was written.
pub(in crate::store) fn kept(id: &str, piece: usize) -> Key {
    Key::new(&["mailkept", id, &format!("{piece:02}")])
}

/// Names a letter by its state and the moment of that; of queued ones, of the next try.
pub(in crate::store) fn letter_by(status: &str, at: DateTime<Utc>, id: &str) -> Key {
    Key::new(&["mailby", status, &rfc3339(at), id])
}

pub(in crate::store) fn letters_by(status: &str) -> KeyRange {
    KeyRange::under(&Key::new(&["mailby", status]))
}

/// Those of a state up to a moment, which is included.
pub(in crate::store) fn letters_until(status: &str, at: DateTime<Utc>) -> KeyRange {
    let after = at + chrono::TimeDelta::seconds(1);
    KeyRange::between(&Key::new(&["mailby", status, ""]), &Key::new(&["mailby", status, &rfc3339(after)]))
}

/// Guards that one matter is told to one reader once.
pub(in crate::store) fn once(matter: &str, reader: &str) -> Key {
    Key::new(&["mailonce", matter, reader])
}

pub(in crate::store) fn opt_out(reader: &str) -> Key {
    Key::new(&["optout", reader])
}

/// All spellings of one address have one key.
pub(in crate::store) fn link_ask(realm: Realm, address: &str) -> Key {
    key(realm, &["linkask", &foreign(&comparable_email(address))])
}

pub(in crate::store) fn link_asks() -> KeyRange {
    KeyRange::under(&key(Realm::Live, &["linkask"]))
}

pub(in crate::store) fn appeal(realm: Realm, appeal: &AppealId) -> Key {
    key(realm, &["appeal", appeal.as_str()])
}

pub(in crate::store) fn appeals(realm: Realm) -> KeyRange {
    KeyRange::under(&key(realm, &["appeal"]))
}

/// The open appeals about an award.
pub(in crate::store) fn open_appeals(realm: Realm, award: AwardId) -> Key {
    key(realm, &["appealopen", award.as_str()])
}
