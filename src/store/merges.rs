//! What moves in the store when two persons turn out to be one.

use chrono::{DateTime, Utc};

use super::engine::EngineError;
use super::{AwardPointer, Changes, ReadSet, SignedCredential, Store, keys};
use crate::id::{AwardId, CredentialVersion, Realm};
use crate::rules::{RecordedResult, Standing};

impl Store {
    /// The results that were moved out of a standing.
    pub async fn moved_results(
        &self,
        realm: Realm,
        of: &Standing,
        reads: &mut ReadSet,
    ) -> Result<Vec<RecordedResult>, EngineError> {
        let key = |n| keys::moved_result(realm, &of.person, &of.certification, n);
        let found = self.read_all((0..of.moved_out).map(key).collect(), reads).await?;
        Ok(found.into_iter().flatten().collect())
    }

    /// Whether one version's signed bytes were joined before, so that they stay where they are.
    pub async fn is_kept_by_number(
        &self,
        realm: Realm,
        award: AwardId,
        version: CredentialVersion,
    ) -> Result<bool, EngineError> {
        Ok(self.peek::<SignedCredential>(keys::joined_credential(realm, award, version)).await?.is_some())
    }

    /// One version's signed bytes where two persons' awards of one certification were joined: numbers may be there twice.
    pub async fn joined_credential(
        &self,
        realm: Realm,
        of: &AwardPointer,
        award: AwardId,
        version: CredentialVersion,
    ) -> Result<Option<SignedCredential>, EngineError> {
        let joined = keys::joined_credential(realm, award, version);
        let own = keys::credential(realm, &of.person, &of.certification, version);
        Ok(self.read_all(vec![joined, own], &mut ReadSet::new()).await?.into_iter().flatten().next())
    }
}

impl Changes {
    /// Lets the number of an award lead to another standing; the one before must have been read.
    pub fn award_pointer(&mut self, award: AwardId, to: &AwardPointer) {
        self.put(keys::award(self.realm, award), to);
    }

    /// Keeps one version's signed bytes by the number of its award.
    pub fn joined_credential(&mut self, award: AwardId, version: CredentialVersion, credential: &SignedCredential) {
        let key = keys::joined_credential(self.realm, award, version);
        self.expect_absent(key.clone());
        self.put(key, credential);
    }

    /// The standing is part of another's now; what belonged to it goes, but for its credentials.
    pub fn standing_moved(&mut self, standing: &Standing) {
        let Standing { person, certification, .. } = standing;
        self.delete_whole(&keys::standing(self.realm, person, certification), standing);
        self.delete(keys::evidence(self.realm, person, certification));
        for n in 0..standing.moved_out {
            self.delete(keys::moved_result(self.realm, person, certification, n));
        }
    }

    /// One version's signed bytes were put elsewhere.
    pub fn credential_moved(&mut self, standing: &Standing, version: CredentialVersion) {
        self.delete(keys::credential(self.realm, &standing.person, &standing.certification, version));
    }

    /// An award has no timer any more.
    pub fn timer_gone(&mut self, at: DateTime<Utc>, award: AwardId) {
        self.delete(keys::due(self.realm, at, award));
    }
}
