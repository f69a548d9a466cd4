//! Marking what was there before a hold opened, one standing at a time.

use super::arrival::{empty, of, tell_of};
use crate::id::{AwardId, CertificationId};
use crate::rules::{AwardState, Reason, Standing};
use crate::service::Breakdown;
use crate::service::desk::{self, Desk};
use crate::service::grounds::{self, Grounds};
use crate::store::{HeldRecord, HoldRecord};

/// Whether a standing has results that the hold is about.
pub(super) fn concerns(hold: &HoldRecord, standing: &Standing) -> bool {
    standing.results.iter().any(|r| r.void_at.is_none() && hold.criteria.fit(&standing.certification, r))
}

/// Keeps back what the hold is about and did not know yet, and suspends the award if it rests on that. Answers what the hold
/// keeps back now; `None`: nothing new.
pub(super) async fn mark(
    desk: &mut Desk<'_>,
    certification: &CertificationId,
    hold: &HoldRecord,
) -> Result<Option<HeldRecord>, Breakdown> {
    let (app, realm, person) = (desk.app, desk.realm, desk.person.id.clone());
    let known = app.store.held(realm, &hold.id, (&person, certification), &mut desk.reads).await?;
    let mut held = known.unwrap_or_else(|| empty(desk, certification));
    let standing = desk.standing(certification).await?;
    let mut new = Vec::new();
    for result in &mut standing.results {
        let is_known = held.results.iter().any(|r| r.source == result.source && r.id == result.id);
        if result.void_at.is_none() && !is_known && hold.criteria.fit(certification, result) {
            result.holds.push(hold.id.clone());
            new.push(result.clone());
        }
    }
    if new.is_empty() {
        return Ok(None);
    }
    for result in &new {
        held.results.push(of(result));
        tell_of(desk, certification, result, &hold.id);
    }
    held.suspended = suspend(desk, certification, hold).await?.or(held.suspended);
    desk.changes.held(&hold.id, &held);
    Ok(Some(held))
}

/// An award that holds, or can still be renewed shortly, and that would not be there without what is held back.
async fn suspend(desk: &mut Desk<'_>, id: &CertificationId, hold: &HoldRecord) -> Result<Option<AwardId>, Breakdown> {
    let live = matches!(
        desk.state(id).await?,
        Some(AwardState::Valid { .. } | AwardState::Expired { grace_until: Some(_), .. })
    );
    if !live {
        return Ok(None);
    }
    let standing = desk.standing(id).await?.clone();
    if left(desk, id, &standing).await?.carries(desk::held(&standing)) {
        return Ok(None);
    }
    desk.suspend(id, Reason::UnderReview, desk.now).await?;
    desk.annotate(id, &hold.by, Some(&format!("Hold {}.", hold.id))).await?;
    Ok(Some(desk::held(&standing).id))
}

/// What is left of the award by what counts in `rest`.
pub(super) async fn left(desk: &mut Desk<'_>, id: &CertificationId, rest: &Standing) -> Result<Grounds, Breakdown> {
    grounds::compare(desk, id, rest, &|version, _| grounds::lacks(rest, version)).await
}

/// The standing as if everything that is held back were released; what is void stays void.
pub(super) fn unheld(standing: &Standing) -> Standing {
    let mut released = standing.clone();
    released.results.iter_mut().for_each(|result| result.holds.clear());
    released
}
