//! Standings, the awards in them, and the signed credentials.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::engine::{EngineError, Page};
use super::{Changes, ReadSet, Store, keys, sha256_hex};
use crate::id::{AwardId, CertificationId, CredentialVersion, PersonId, Realm};
use crate::intake::EvidenceRecord;
use crate::rules::{RecordedResult, Standing};

/// Where an award's number leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AwardPointer {
    /// Whose.
    pub person: PersonId,
    /// In what.
    pub certification: CertificationId,
}

/// A credential exactly as signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedCredential {
    /// The signed bytes: served as they are, never rewritten.
    pub text: String,
    /// Multibase public key.
    pub kid: String,
    /// Of `text`, in hex.
    pub sha256: String,
}

impl SignedCredential {
    /// `text` as signed by `kid`.
    pub fn new(text: &str, kid: &str) -> Self {
        SignedCredential { text: text.to_owned(), kid: kid.to_owned(), sha256: sha256_hex(text.as_bytes()) }
    }
}

/// Private words that go with one line of an award's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Note {
    /// Name of the API key that acted.
    pub by: String,
    /// Never public.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// A timer's key bears no time.
#[derive(Debug, thiserror::Error)]
#[error("the key of a timer bears no time")]
struct NoMoment;

impl Store {
    /// Live or test, and whose: `None` if no such award was ever made here.
    pub async fn find_award(&self, award: AwardId) -> Result<Option<(Realm, AwardPointer)>, EngineError> {
        let keys = vec![keys::award(Realm::Live, award), keys::award(Realm::Test, award)];
        let mut found = self.read_all(keys, &mut ReadSet::new()).await?.into_iter();
        let (live, test) = (found.next().flatten(), found.next().flatten());
        Ok(live.map(|p| (Realm::Live, p)).or(test.map(|p| (Realm::Test, p))))
    }

    /// Where an award's number leads in `realm`, for a decision.
    pub async fn award_pointer(
        &self,
        realm: Realm,
        award: AwardId,
        reads: &mut ReadSet,
    ) -> Result<Option<AwardPointer>, EngineError> {
        self.read(keys::award(realm, award), reads).await
    }

    /// The timers of awards that are due at `now`, the oldest first; those that follow the timer `after`.
    pub async fn due(
        &self,
        realm: Realm,
        now: DateTime<Utc>,
        after: Option<(DateTime<Utc>, AwardId)>,
        limit: usize,
    ) -> Result<Vec<(DateTime<Utc>, AwardId)>, EngineError> {
        let after = after.map(|(at, award)| keys::due(realm, at, award));
        let rows = self.engine.scan(&keys::timers(realm), Page { after, ..Page::first(limit) }).await?;
        let mut due = Vec::new();
        for (key, row) in &rows.rows {
            let at = keys::moment_of_timer(key).ok_or_else(|| EngineError::corrupt(key.clone(), NoMoment))?;
            if at > now {
                break;
            }
            due.push((at, super::read_set::decode(key, &row.doc)?));
        }
        Ok(due)
    }

    /// When the first timer after `after` is due.
    pub async fn next_due(&self, realm: Realm, after: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, EngineError> {
        let rows = self.engine.scan(&keys::timers_after(realm, after), Page::first(1)).await?;
        let Some((key, _)) = rows.rows.first() else { return Ok(None) };
        keys::moment_of_timer(key).map(Some).ok_or_else(|| EngineError::corrupt(key.clone(), NoMoment))
    }

    /// Some of all standings, person by person, for whoever must look at every one; none after the last.
    pub async fn standings_after(
        &self,
        realm: Realm,
        after: Option<&(PersonId, CertificationId)>,
        limit: usize,
    ) -> Result<Vec<Standing>, EngineError> {
        let after = after.map(|(person, certification)| keys::standing(realm, person, certification));
        let rows = self.engine.scan(&keys::standings(realm), Page { after, ..Page::first(limit) }).await?;
        self.whole_rows(rows.rows).await
    }

    /// Every standing of one person.
    pub async fn standings_of(&self, realm: Realm, person: &PersonId) -> Result<Vec<Standing>, EngineError> {
        let (mut all, mut page) = (Vec::new(), Page::first(1_000));
        loop {
            let rows = self.engine.scan(&keys::standings_of(realm, person), page.clone()).await?;
            all.extend(self.whole_rows(rows.rows).await?);
            let Some(next) = rows.next else { return Ok(all) };
            page = page.after(next);
        }
    }

    /// Where a person stands in a certification; nothing recorded yet is an empty standing.
    pub async fn standing(
        &self,
        realm: Realm,
        person: &PersonId,
        certification: &CertificationId,
        reads: &mut ReadSet,
    ) -> Result<Standing, EngineError> {
        let found = self.read_whole(keys::standing(realm, person, certification), reads).await?;
        Ok(found.unwrap_or_else(|| Standing::empty(person.clone(), certification.clone())))
    }

    /// The same for several certifications.
    pub async fn standings(
        &self,
        realm: Realm,
        person: &PersonId,
        certifications: &[CertificationId],
        reads: &mut ReadSet,
    ) -> Result<Vec<Standing>, EngineError> {
        let keys = certifications.iter().map(|c| keys::standing(realm, person, c)).collect();
        Ok(self.read_all_whole(keys, reads).await?.into_iter().flatten().collect())
    }

    /// The evidence that came with a person's results in a certification.
    pub async fn evidence(
        &self,
        realm: Realm,
        person: &PersonId,
        certification: &CertificationId,
        reads: &mut ReadSet,
    ) -> Result<Vec<EvidenceRecord>, EngineError> {
        Ok(self.read(keys::evidence(realm, person, certification), reads).await?.unwrap_or_default())
    }

    /// One version's signed bytes.
    pub async fn credential(
        &self,
        realm: Realm,
        of: &AwardPointer,
        version: CredentialVersion,
    ) -> Result<Option<SignedCredential>, EngineError> {
        self.peek(keys::credential(realm, &of.person, &of.certification, version)).await
    }

    /// The private note to a line of an award's history.
    pub async fn note(&self, realm: Realm, award: AwardId, entry: usize) -> Result<Option<Note>, EngineError> {
        self.peek(keys::note(realm, award, entry)).await
    }
}

impl Changes {
    /// Writes the standing (which must have been read), its award's pointer when it is new, and the award's one timer.
    pub fn standing(&mut self, before: &Standing, after: &Standing) {
        let key = keys::standing(self.realm, &after.person, &after.certification);
        self.put_whole(&key, after, Some(before));
        let was = before.award.as_ref().map(|award| award.id);
        if let Some(award) = after.award.as_ref().filter(|award| was != Some(award.id)) {
            let key = keys::award(self.realm, award.id);
            self.expect_absent(key.clone());
            let pointer = AwardPointer { person: after.person.clone(), certification: after.certification.clone() };
            self.put(key, &pointer);
        }
        self.timer(before, after);
    }

    /// Keeps results that can matter no more out of the standing's document; they are numbered from `first`.
    pub fn moved_out(&mut self, standing: &Standing, first: u32, results: &[RecordedResult]) {
        for (n, result) in (first..).zip(results) {
            self.put(keys::moved_result(self.realm, &standing.person, &standing.certification, n), result);
        }
    }

    /// Writes the evidence that came with a person's results in a certification.
    pub fn evidence(&mut self, person: &PersonId, certification: &CertificationId, evidence: &Vec<EvidenceRecord>) {
        self.put(keys::evidence(self.realm, person, certification), evidence);
    }

    /// Writes one version's signed bytes; a version is written once.
    pub fn credential(&mut self, standing: &Standing, version: CredentialVersion, credential: &SignedCredential) {
        let key = keys::credential(self.realm, &standing.person, &standing.certification, version);
        self.expect_absent(key.clone());
        self.put(key, credential);
    }

    /// Writes the private words to the history's line number `entry`.
    pub fn note(&mut self, award: AwardId, entry: usize, note: &Note) {
        self.put(keys::note(self.realm, award, entry), note);
    }

    fn timer(&mut self, before: &Standing, after: &Standing) {
        let timer = |standing: &Standing| Some((standing.due?, standing.award.as_ref()?.id));
        let (old, new) = (timer(before), timer(after));
        if old == new {
            return;
        }
        if let Some((at, award)) = old {
            self.delete(keys::due(self.realm, at, award));
        }
        if let Some((at, award)) = new {
            self.put(keys::due(self.realm, at, award), &award);
        }
    }
}
