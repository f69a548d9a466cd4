//! What is done to an award: suspended, revoked, ended, taken back, written down.

use chrono::{DateTime, Utc};

use super::{Desk, held};
use crate::id::{AwardId, CertificationId};
use crate::rules::{Award, FormerWhy, Happening, HistoryEntry, Reason, VersionEntry};
use crate::service::Breakdown;
use crate::store::{EventKind, Note};

/// So many bits are set without a look whether they are.
const MANY: usize = 64;

impl Desk<'_> {
    /// Makes the award invalid from `since` on, until it is reinstated.
    pub(in crate::service) async fn suspend(
        &mut self,
        id: &CertificationId,
        reason: Reason,
        since: DateTime<Utc>,
    ) -> Result<(), Breakdown> {
        let award = self.end(id, Happening::Suspended { reason }, since).await?;
        let (certification, person) = (id.clone(), self.person.id.clone());
        self.tell(EventKind::AwardSuspended { award, certification, person, reason });
        Ok(())
    }

    /// Makes the award invalid for good.
    pub(in crate::service) async fn revoke(&mut self, id: &CertificationId, reason: Reason) -> Result<(), Breakdown> {
        let award = self.end(id, Happening::Revoked { reason }, self.now).await?;
        let (certification, person) = (id.clone(), self.person.id.clone());
        self.tell(EventKind::AwardRevoked { award, certification, person, reason });
        Ok(())
    }

    /// Ends the term before its date, at `since`: a recertification was missed. That it expired is a milestone of its own.
    pub(in crate::service) async fn expire(
        &mut self,
        id: &CertificationId,
        since: DateTime<Utc>,
    ) -> Result<(), Breakdown> {
        self.end(id, Happening::Expired, since).await?;
        Ok(())
    }

    /// Sets the bits of every version of the award that has not run out by itself.
    pub(in crate::service) async fn take_back(&mut self, id: &CertificationId) -> Result<(), Breakdown> {
        let award = held(self.standing(id).await?).clone();
        self.take_back_versions(&award).await
    }

    /// The same for an award that is not the current one of its standing.
    pub(in crate::service) async fn take_back_versions(&mut self, award: &Award) -> Result<(), Breakdown> {
        let bits: Vec<_> = award.versions.iter().filter_map(|version| bit(version, self.now)).collect();
        let many = bits.len() > MANY;
        for (list, index) in bits {
            // A bit is never cleared: one that is set already needs no place in the batch, which is bounded.
            if !many || !self.app.store.status_bit(self.realm, list, index).await? {
                self.changes.set_bit(list, index);
            }
        }
        Ok(())
    }

    /// Takes every copy back, also those of awards that were joined with it, and says why in the history.
    pub(in crate::service) async fn end(
        &mut self,
        id: &CertificationId,
        what: Happening,
        since: DateTime<Utc>,
    ) -> Result<AwardId, Breakdown> {
        self.take_back(id).await?;
        let aliases = self.standing(id).await?.former.iter().filter(|former| former.why == FormerWhy::Alias);
        for alias in aliases.map(|former| former.award.clone()).collect::<Vec<_>>() {
            self.take_back_versions(&alias).await?;
        }
        self.write_down(id, what, since).await?;
        Ok(held(self.standing(id).await?).id)
    }

    /// A line in the history of the award, which signs nothing by itself.
    pub(in crate::service) async fn write_down(
        &mut self,
        id: &CertificationId,
        what: Happening,
        valid_at: DateTime<Utc>,
    ) -> Result<(), Breakdown> {
        let line = self.line(what, valid_at);
        let standing = self.standing(id).await?;
        standing.award.as_mut().expect("only an award has a history").history.push(line);
        self.plan(id).await
    }

    /// A line of a history that goes back to the cause of this batch.
    pub(in crate::service) fn line(&self, what: Happening, valid_at: DateTime<Utc>) -> HistoryEntry {
        let (recorded_at, program, cause) = (self.now, self.in_force.record.version, self.cause.clone());
        HistoryEntry { what, valid_at, recorded_at, program, cause }
    }

    /// Private words to the last line of the award's history.
    pub(in crate::service) async fn annotate(
        &mut self,
        id: &CertificationId,
        by: &str,
        text: Option<&str>,
    ) -> Result<(), Breakdown> {
        let award = held(self.standing(id).await?);
        let (award, line) = (award.id, award.history.len() - 1);
        self.changes.note(award, line, &Note { by: by.to_owned(), text: text.map(str::to_owned) });
        Ok(())
    }
}

/// Where the status of a version stands, unless it has run out by itself.
fn bit(version: &VersionEntry, now: DateTime<Utc>) -> Option<(u32, u32)> {
    version.valid_until.is_none_or(|until| until >= now).then_some((version.list, version.index))
}
