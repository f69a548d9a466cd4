//! Persons: found by any known id, made when nobody has it, and led on to when two turned out to be one.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::engine::EngineError;
use super::{Changes, ReadSet, Store, keys};
use crate::id::{PersonId, Realm};
use crate::intake::ExternalId;
use crate::openbadges::comparable_email;

/// A human being, with what was told of them. Deleted on erasure; events never hold any of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Internal.
    pub id: PersonId,
    /// As last reported or corrected.
    pub name: String,
    /// Normalised addresses, the one of the badge first.
    pub emails: Vec<String>,
    /// Addresses that nobody has shown to reach them yet: nobody is found by these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pending: Vec<PendingAddress>,
    /// Ids in other systems.
    #[serde(default)]
    pub external: Vec<ExternalId>,
    /// What may become public: `score`, `evidence`.
    #[serde(default)]
    pub consent: Vec<String>,
    /// The subject of all their credentials from this issuer: `urn:uuid:…`.
    pub subject: String,
    /// When we first heard of them.
    pub created_at: DateTime<Utc>,
    /// BCP 47 tag of the language they read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Who else is told what becomes of their awards.
    #[serde(default, skip_serializing_if = "Managers::is_none")]
    pub managers: Managers,
    /// Where they work, in the vendor's own words; recertifications can be for some regions only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Ids of persons who turned out to be this one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub merged: Vec<PersonId>,
}

/// The mail addresses of those who look after a person.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Managers {
    /// At the person's firm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub firm: Option<String>,
    /// At the vendor; the issuer's address unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner: Option<String>,
}

impl Managers {
    /// Whether nobody is known.
    pub fn is_none(&self) -> bool {
        *self == Managers::default()
    }
}

/// An address that was named for a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PendingAddress {
    /// Normalised.
    pub address: String,
    /// When it was last asked for.
    pub asked_at: DateTime<Utc>,
}

impl Person {
    /// Whether one of their addresses is this one, in whatever spelling.
    pub fn has_address(&self, address: &str) -> bool {
        let wanted = comparable_email(address);
        self.emails.iter().any(|known| comparable_email(known) == wanted)
    }

    /// Takes up an address that reaches them.
    pub fn add_address(&mut self, address: &str) {
        let wanted = comparable_email(address);
        self.pending.retain(|pending| comparable_email(&pending.address) != wanted);
        if !self.has_address(address) {
            self.emails.push(address.to_owned());
        }
    }
}

/// What is left under the id of somebody who turned out to be another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Tombstone {
    merged_into: PersonId,
    merged_at: DateTime<Utc>,
}

/// Who a set of ids belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// Nobody yet.
    Nobody,
    /// One person.
    Person(PersonId),
    /// More than one: the ids contradict each other.
    Several,
}

impl Store {
    /// Looks up every id; each look-up, also of an id nobody has, is noted in `reads`.
    pub async fn find_person(
        &self,
        realm: Realm,
        email: Option<&str>,
        external: &[ExternalId],
        reads: &mut ReadSet,
    ) -> Result<Found, EngineError> {
        let mut wanted: Vec<_> = email.map(|e| keys::email(realm, e)).into_iter().collect();
        wanted.extend(external.iter().map(|x| keys::external(realm, &x.system, &x.id)));
        let mut found: Vec<PersonId> = self.read_all(wanted, reads).await?.into_iter().flatten().collect();
        found.dedup();
        Ok(match found.as_slice() {
            [] => Found::Nobody,
            [one] => Found::Person(one.clone()),
            [first, rest @ ..] if rest.iter().all(|p| p == first) => Found::Person(first.clone()),
            _ => Found::Several,
        })
    }

    /// The person's document. The id of somebody who was merged leads to the person who was kept.
    pub async fn person(
        &self,
        realm: Realm,
        id: &PersonId,
        reads: &mut ReadSet,
    ) -> Result<Option<Person>, EngineError> {
        let mut id = id.clone();
        loop {
            if let Some(person) = self.read(keys::person(realm, &id), reads).await? {
                return Ok(Some(person));
            }
            // Whoever was merged is nobody's goal, so that this comes to an end.
            match self.read::<Tombstone>(keys::people::merged(realm, &id), reads).await? {
                Some(tombstone) => id = tombstone.merged_into,
                None => return Ok(None),
            }
        }
    }
}

impl Changes {
    /// Writes the person and the keys they are found by. The look-ups must be in the read set.
    pub fn person(&mut self, person: &Person) {
        self.put(keys::person(self.realm, &person.id), person);
        for address in &person.emails {
            self.put(keys::email(self.realm, address), &person.id);
        }
        for x in &person.external {
            self.put(keys::external(self.realm, &x.system, &x.id), &person.id);
        }
    }

    /// Nobody is found by this address any more.
    pub fn forget_address(&mut self, address: &str) {
        self.delete(keys::email(self.realm, address));
    }

    /// Nobody is found by this id any more.
    pub fn forget_external(&mut self, x: &ExternalId) {
        self.delete(keys::external(self.realm, &x.system, &x.id));
    }

    /// Lets the id of `other`, who must have been read, lead to `keep`.
    pub fn merged_person(&mut self, other: &PersonId, keep: &PersonId, merged_at: DateTime<Utc>) {
        self.delete(keys::person(self.realm, other));
        let key = keys::people::merged(self.realm, other);
        self.expect_absent(key.clone());
        self.put(key, &Tombstone { merged_into: keep.clone(), merged_at });
    }
}
