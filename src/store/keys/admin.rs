//! Keys of exceptions, holds, batches that were undone, and imported awards.

use super::{Key, KeyRange, Realm, foreign, key};
use crate::id::{CertificationId, ExceptionId, HoldId, PersonId, UndoId};

pub(in crate::store) fn exception(realm: Realm, exception: &ExceptionId) -> Key {
    key(realm, &["exception", exception.as_str()])
}

/// Words are free text: apart from the standing, so that erasure can delete them.
pub(in crate::store) fn exception_note(realm: Realm, exception: &ExceptionId, step: &str) -> Key {
    key(realm, &["exceptionnote", exception.as_str(), step])
}

pub(in crate::store) fn hold(realm: Realm, hold: &HoldId) -> Key {
    key(realm, &["hold", "h", hold.as_str()])
}

pub(in crate::store) fn holds(realm: Realm) -> KeyRange {
    KeyRange::under(&key(realm, &["hold", "h"]))
}

/// Names the holds that results are held by on arrival; every report of a result reads it.
pub(in crate::store) fn active_holds(realm: Realm) -> Key {
    key(realm, &["hold", "active"])
}

/// What a hold keeps back of one standing.
pub(in crate::store) fn held(realm: Realm, hold: &HoldId, person: &PersonId, certification: &CertificationId) -> Key {
    key(realm, &["held", hold.as_str(), person.as_str(), certification.as_str()])
}

pub(in crate::store) fn held_by(realm: Realm, hold: &HoldId) -> KeyRange {
    KeyRange::under(&key(realm, &["held", hold.as_str()]))
}

pub(in crate::store) fn held_of(realm: Realm, hold: &HoldId, person: &PersonId) -> KeyRange {
    KeyRange::under(&key(realm, &["held", hold.as_str(), person.as_str()]))
}

pub(in crate::store) fn undo(realm: Realm, undo: &UndoId) -> Key {
    key(realm, &["undo", "u", undo.as_str()])
}

/// Names the batches that are being undone.
pub(in crate::store) fn active_undos(realm: Realm) -> Key {
    key(realm, &["undo", "active"])
}

/// What was undone of one person.
pub(in crate::store) fn undone(realm: Realm, undo: &UndoId, person: &PersonId) -> Key {
    key(realm, &["undone", undo.as_str(), person.as_str()])
}

pub(in crate::store) fn undone_by(realm: Realm, undo: &UndoId) -> KeyRange {
    KeyRange::under(&key(realm, &["undone", undo.as_str()]))
}

/// An award of history, by its source's own id.
pub(in crate::store) fn imported_award(realm: Realm, source: &str, id: &str) -> Key {
    key(realm, &["importedaward", &foreign(source), &foreign(id)])
}

/// Every standing of one person.
pub(in crate::store) fn standings_of(realm: Realm, person: &PersonId) -> KeyRange {
    KeyRange::under(&key(realm, &["s", person.as_str()]))
}

/// Behind every standing of one person, and before those of the next.
pub(in crate::store) fn behind_standings_of(realm: Realm, person: &PersonId) -> Key {
    key(realm, &["s", person.as_str(), "~"])
}
