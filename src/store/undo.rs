//! Batches of results that were undone, and the standings of persons one after the other.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::engine::{EngineError, Key, Page};
use super::read_set::decode;
use super::{Changes, ReadSet, Store, keys};
use crate::id::{AwardId, CertificationId, PersonId, Realm, UndoId};
use crate::rules::{RecordedResult, Standing};

/// Which results were a mistake: those that fit everything that is given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UndoCriteria {
    /// Name of the API key that reported them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Recorded then or later.
    pub recorded_from: DateTime<Utc>,
    /// Recorded before.
    pub recorded_until: DateTime<Utc>,
    /// In this certification only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certification: Option<CertificationId>,
    /// Only where they led to a first award.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub issued_only: bool,
}

impl UndoCriteria {
    /// Whether a result in `certification` is meant. One that is void already is not.
    pub fn fit(&self, certification: &CertificationId, result: &RecordedResult) -> bool {
        let source = self.source.as_ref().is_none_or(|asked| *asked == result.source);
        let there = self.certification.as_ref().is_none_or(|asked| asked == certification);
        let then = self.recorded_from <= result.recorded_at && result.recorded_at < self.recorded_until;
        source && there && then && result.void_at.is_none()
    }
}

/// One batch that is being undone, or was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UndoRecord {
    /// Internal.
    pub id: UndoId,
    /// What is undone.
    pub criteria: UndoCriteria,
    /// Private words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Name of the API key that asked for it.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
    /// The last person who was looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<PersonId>,
    /// Standings looked at so far.
    #[serde(default)]
    pub seen: u64,
    /// When everything was undone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done_at: Option<DateTime<Utc>>,
}

/// What was undone of one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UndoneRecord {
    /// Whose.
    pub person: PersonId,
    /// Results that are void.
    pub results: u32,
    /// What it meant for awards.
    pub awards: Vec<UndoneAward>,
}

/// What undoing a batch means for one award.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UndoneAward {
    /// Which.
    pub award: AwardId,
    /// In what.
    pub certification: CertificationId,
    /// What is done.
    pub effect: UndoEffect,
    /// Of the term that is left: its last second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<DateTime<Utc>>,
}

/// What undoing a batch does to an award.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum UndoEffect {
    /// It should never have been issued.
    Revoked,
    /// It has the term that is left: an earlier one, or the one that other results carry.
    EarlierTerm,
    /// The term that is left is over meanwhile.
    Expired,
}

impl Store {
    /// A batch that was undone.
    pub async fn undo(
        &self,
        realm: Realm,
        undo: &UndoId,
        reads: &mut ReadSet,
    ) -> Result<Option<UndoRecord>, EngineError> {
        self.read(keys::undo(realm, undo), reads).await
    }

    /// The batches that are being undone.
    pub async fn active_undos(&self, realm: Realm, reads: &mut ReadSet) -> Result<Vec<UndoId>, EngineError> {
        Ok(self.read(keys::active_undos(realm), reads).await?.unwrap_or_default())
    }

    /// What was undone of one person.
    pub async fn undone(
        &self,
        realm: Realm,
        undo: &UndoId,
        person: &PersonId,
        reads: &mut ReadSet,
    ) -> Result<Option<UndoneRecord>, EngineError> {
        self.read(keys::undone(realm, undo, person), reads).await
    }

    /// Some of what was undone, person by person.
    pub async fn undone_after(
        &self,
        realm: Realm,
        undo: &UndoId,
        after: Option<Key>,
        limit: usize,
    ) -> Result<(Vec<UndoneRecord>, Option<Key>), EngineError> {
        let rows = self.engine.scan(&keys::undone_by(realm, undo), Page { after, ..Page::first(limit) }).await?;
        let undone = rows.rows.iter().map(|(key, row)| decode(key, &row.doc));
        Ok((undone.collect::<Result<_, _>>()?, rows.next))
    }

    /// The standings of some persons after `after`, each person with all of them; none at the end.
    pub async fn persons_after(
        &self,
        realm: Realm,
        after: Option<&PersonId>,
        limit: usize,
    ) -> Result<Vec<(PersonId, Vec<Standing>)>, EngineError> {
        let after = after.map(|person| keys::behind_standings_of(realm, person));
        let rows = self.engine.scan(&keys::standings(realm), Page { after, ..Page::first(limit) }).await?;
        let mut persons: Vec<(PersonId, Vec<Standing>)> = Vec::new();
        for standing in self.whole_rows::<Standing>(rows.rows).await? {
            match persons.last_mut() {
                Some((person, standings)) if *person == standing.person => standings.push(standing),
                _ => persons.push((standing.person.clone(), vec![standing])),
            }
        }
        // The page may end in the middle of a person.
        if let (Some((person, standings)), true) = (persons.last_mut(), rows.next.is_some()) {
            *standings = self.standings_of(realm, person).await?;
        }
        Ok(persons)
    }
}

impl Changes {
    /// Writes the document of a batch that is undone, which must have been read unless it is new.
    pub fn undo(&mut self, undo: &UndoRecord) {
        self.put(keys::undo(self.realm, &undo.id), undo);
    }

    /// Names the batches that are being undone; they must have been read.
    pub fn active_undos(&mut self, active: &Vec<UndoId>) {
        self.put(keys::active_undos(self.realm), active);
    }

    /// Writes what was undone of one person, which must have been read.
    pub fn undone(&mut self, undo: &UndoId, undone: &UndoneRecord) {
        self.put(keys::undone(self.realm, undo, &undone.person), undone);
    }
}
