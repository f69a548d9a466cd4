//! What undoing a batch means for one person.

use crate::id::CertificationId;
use crate::rules::{Cause, Reason, RecordedResult, Standing, VersionEntry};
use crate::service::Breakdown;
use crate::service::desk::Desk;
use crate::service::grounds::{self, Fall};
use crate::store::{EventKind, UndoEffect, UndoRecord, UndoneRecord};

/// Whether anything of a person's is part of the batch.
pub(super) fn concerns(record: &UndoRecord, standings: &[Standing]) -> bool {
    standings.iter().any(|standing| standing.results.iter().any(|r| record.criteria.fit(&standing.certification, r)))
}

/// Undoes what is part of the batch, at most `most` results at a time; `None`: nothing is left.
pub(super) async fn undo(
    desk: &mut Desk<'_>,
    certifications: &[CertificationId],
    record: &UndoRecord,
    most: usize,
) -> Result<Option<UndoneRecord>, Breakdown> {
    let firsts_only = record.criteria.issued_only;
    let how = Fall {
        reason: Reason::IssuedInError,
        by: &record.by,
        text: record.text.as_deref(),
        reinstates: false,
        firsts_only,
    };
    let (mut wrong, mut awards, mut fallen) = (Vec::new(), Vec::new(), Vec::new());
    for id in certifications {
        let standing = desk.standing(id).await?.clone();
        let meant = standing.results.iter().filter(|result| record.criteria.fit(id, result)).cloned();
        let meant: Vec<RecordedResult> = meant.collect();
        let rest = without(standing, &meant, desk);
        let doubt = |version: &VersionEntry, _: &Cause| grounds::lacks(&rest, version);
        let left = grounds::compare(desk, id, &rest, &doubt).await?;
        let undone = grounds::fall(desk, id, left, &how, &mut fallen).await?;
        let is_revoked = undone.as_ref().is_some_and(|undone| undone.effect == UndoEffect::Revoked);
        awards.extend(undone);
        if is_revoked || !firsts_only {
            wrong.extend(meant.into_iter().map(|result| (id.clone(), result)));
        }
    }
    if wrong.is_empty() {
        return Ok(None);
    }
    awards.extend(grounds::ripple(desk, &how, fallen).await?);
    // Once its award is revoked, a standing is not known by it any more.
    let most = if firsts_only { usize::MAX } else { most };
    let results = u32::try_from(wrong.len().min(most)).unwrap_or(u32::MAX);
    for (id, result) in wrong.iter().take(most) {
        strike_out(desk, id, result).await?;
    }
    Ok(Some(UndoneRecord { person: desk.person.id.clone(), results, awards }))
}

/// The standing as if these results had never come.
fn without(mut standing: Standing, wrong: &[RecordedResult], desk: &Desk<'_>) -> Standing {
    let named: Vec<_> = wrong.iter().map(RecordedResult::named).collect();
    for result in standing.results.iter_mut().filter(|result| named.iter().any(|named| result.is(named))) {
        result.void_at = Some(desk.now);
    }
    standing
}

/// The result counts no more, and its id is free for another.
async fn strike_out(desk: &mut Desk<'_>, id: &CertificationId, wrong: &RecordedResult) -> Result<(), Breakdown> {
    let (now, named) = (desk.now, wrong.named());
    if let Some(result) = desk.standing(id).await?.results.iter_mut().find(|result| result.is(&named)) {
        result.void_at = Some(now);
    }
    desk.changes.result_undone(&named.source, &named.id);
    let (person, requirement) = (desk.person.id.clone(), wrong.requirement.clone());
    desk.tell(EventKind::ResultVoided { person, certification: id.clone(), requirement });
    Ok(())
}
