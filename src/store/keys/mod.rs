//! The key layout, in one place. `/` stands between parts, foreign text is percent-encoded, numbers have fixed width.

mod admin;
mod feeds;
pub(super) mod mail;
pub(super) mod people;
mod program;
pub(super) mod tokens;
pub(super) mod webhooks;

use std::borrow::Cow;

use chrono::{DateTime, Utc};

use super::engine::{Key, KeyRange};
use super::sha256_hex;
use crate::clock::rfc3339;
use crate::id::{AwardId, CertificationId, CredentialVersion, PersonId, Realm};

pub(super) use admin::*;
pub(super) use feeds::*;
pub(super) use people::{email, external, person};
pub(super) use program::*;

/// A key of `realm`: what a test key writes begins with `test/`.
fn key(realm: Realm, parts: &[&str]) -> Key {
    Key::in_realm(realm, parts)
}

pub(super) fn issuer() -> Key {
    Key::new(&["meta", "issuer"])
}

pub(super) fn vc_api() -> Key {
    Key::new(&["meta", "vc-api"])
}

pub(super) fn signing_key(kid: &str) -> Key {
    Key::new(&["key", kid])
}

pub(super) fn signing_keys() -> KeyRange {
    KeyRange::under(&Key::new(&["key"]))
}

pub(super) fn api_key(hash: &str) -> Key {
    Key::new(&["apikey", hash])
}

pub(super) fn api_keys() -> KeyRange {
    KeyRange::under(&Key::new(&["apikey"]))
}

/// Guards that no two keys share a name: results are told apart by it.
pub(super) fn api_key_name(name: &str) -> Key {
    Key::new(&["apikeyname", &foreign(name)])
}

pub(super) fn trusted_issuer(issuer: &str) -> Key {
    Key::new(&["trust", &foreign(issuer)])
}

pub(super) fn trusted_issuers() -> KeyRange {
    KeyRange::under(&Key::new(&["trust"]))
}

/// Written with every change of the list, so that its version tells when it last changed.
pub(super) fn trust_mark() -> Key {
    Key::new(&["trustmark"])
}

pub(super) fn standing(realm: Realm, person: &PersonId, certification: &CertificationId) -> Key {
    key(realm, &["s", person.as_str(), certification.as_str()])
}

/// A piece of the record at `of`, in its realm.
pub(super) fn piece(of: &Key, number: u32) -> Key {
    let is_test = of.parts().first().is_some_and(|first| first == "test");
    let realm = if is_test { Realm::Test } else { Realm::Live };
    key(realm, &["piece", &sha256_hex(of.as_bytes()), &format!("{number:06}")])
}

/// A result that can matter no more.
pub(super) fn moved_result(realm: Realm, person: &PersonId, certification: &CertificationId, number: u32) -> Key {
    key(realm, &["sr", person.as_str(), certification.as_str(), &format!("{number:06}")])
}

pub(super) fn award(realm: Realm, award: AwardId) -> Key {
    key(realm, &["a", award.as_str()])
}

pub(super) fn credential(
    realm: Realm,
    person: &PersonId,
    certification: &CertificationId,
    version: CredentialVersion,
) -> Key {
    key(realm, &["c", person.as_str(), certification.as_str(), &format!("{:04}", version.0)])
}

/// One version of an award that another person had before the two were found to be one, where both had awards.
pub(super) fn joined_credential(realm: Realm, award: AwardId, version: CredentialVersion) -> Key {
    key(realm, &["ca", award.as_str(), &format!("{:04}", version.0)])
}

/// Evidence is free text: apart from the standing, so that erasure can delete it.
pub(super) fn evidence(realm: Realm, person: &PersonId, certification: &CertificationId) -> Key {
    key(realm, &["evidence", person.as_str(), certification.as_str()])
}

pub(super) fn result(realm: Realm, source: &str, id: &str) -> Key {
    key(realm, &["r", &foreign(source), &foreign(id)])
}

pub(super) fn raw_chunk(realm: Realm, at: DateTime<Utc>, source: &str, id: &str, chunk: usize) -> Key {
    key(realm, &["raw", &at.format("%Y-%m-%d").to_string(), &foreign(source), &foreign(id), &format!("{chunk:04}")])
}

pub(super) fn note(realm: Realm, award: AwardId, entry: usize) -> Key {
    key(realm, &["note", award.as_str(), &format!("{entry:06}")])
}

pub(super) fn idempotency(realm: Realm, api_key: &str, key_given: &str) -> Key {
    key(realm, &["idem", api_key, &foreign(key_given)])
}

/// All timers, the earliest first.
pub(super) fn timers(realm: Realm) -> KeyRange {
    KeyRange::under(&key(realm, &["due"]))
}

/// The same without those that are due at `after` or before.
pub(super) fn timers_after(realm: Realm, after: DateTime<Utc>) -> KeyRange {
    let next = rfc3339(after + chrono::TimeDelta::seconds(1));
    KeyRange::between(&key(realm, &["due", &next]), &key(realm, &["due", "z"]))
}

/// The moment that stands in a timer's key.
pub(super) fn moment_of_timer(timer: &Key) -> Option<DateTime<Utc>> {
    let parts = timer.parts();
    parts.iter().skip_while(|part| *part != "due").nth(1)?.parse().ok()
}

/// Every standing, person by person.
pub(super) fn standings(realm: Realm) -> KeyRange {
    KeyRange::under(&key(realm, &["s"]))
}

pub(super) fn due(realm: Realm, at: DateTime<Utc>, award: AwardId) -> Key {
    key(realm, &["due", &rfc3339(at), "award", award.as_str()])
}

/// How far the turns of time were served.
pub(super) fn turns(realm: Realm) -> Key {
    key(realm, &["turns"])
}

pub(super) fn lease(worker: &str) -> Key {
    Key::new(&["lease", worker])
}

pub(super) fn process(name: &str) -> Key {
    Key::new(&["process", name])
}

pub(super) fn processes() -> KeyRange {
    KeyRange::under(&Key::new(&["process"]))
}

pub(super) fn list(realm: Realm, number: u32) -> Key {
    key(realm, &["list", &format!("{number:06}")])
}

/// Names the list whose indices are being given away.
pub(super) fn current_list(realm: Realm) -> Key {
    key(realm, &["list", "current"])
}

/// Written with every bit, so that its version tells when the list last changed.
pub(super) fn list_mark(realm: Realm, number: u32) -> Key {
    key(realm, &["listmark", &format!("{number:06}")])
}

pub(super) fn bit(realm: Realm, number: u32, index: u32) -> Key {
    key(realm, &["bit", &format!("{number:06}"), &format!("{index:06}")])
}

pub(super) fn bits(realm: Realm, number: u32) -> KeyRange {
    KeyRange::under(&key(realm, &["bit", &format!("{number:06}")]))
}

/// Text of others as a part of a key: long text by its digest, so that a key stays within the engine's bound.
fn foreign(text: &str) -> Cow<'_, str> {
    if text.len() <= 120 { Cow::Borrowed(text) } else { Cow::Owned(format!("~{}", sha256_hex(text.as_bytes()))) }
}
