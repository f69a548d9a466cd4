//! A result comes in that an open hold is about.

use crate::id::{CertificationId, HoldId};
use crate::rules::RecordedResult;
use crate::service::Breakdown;
use crate::service::desk::Desk;
use crate::store::{EventKind, HeldRecord, HeldResult, HoldState, Verdict};

/// Marks the result with the holds that are about it. Which are open is noted among the reads: a hold that opens meanwhile
/// either finds the result recorded, or makes this decision anew.
pub(in crate::service) async fn arriving(
    desk: &mut Desk<'_>,
    certification: &CertificationId,
    result: &mut RecordedResult,
) -> Result<(), Breakdown> {
    let (app, realm, person) = (desk.app, desk.realm, desk.person.id.clone());
    let active = app.store.active_holds(realm, &mut desk.reads).await?;
    let keeps = |state| matches!(state, HoldState::Opening | HoldState::Open);
    for hold in active.0 {
        if !keeps(hold.state) || !hold.criteria.fit(certification, result) {
            continue;
        }
        let held = app.store.held(realm, &hold.id, (&person, certification), &mut desk.reads).await?;
        let mut held = held.unwrap_or_else(|| empty(desk, certification));
        held.results.push(of(result));
        desk.changes.held(&hold.id, &held);
        result.holds.push(hold.id);
    }
    Ok(())
}

/// Tells that a result is kept back.
pub(in crate::service) fn tell_held(desk: &mut Desk<'_>, certification: &CertificationId, result: &RecordedResult) {
    for hold in &result.holds {
        tell_of(desk, certification, result, hold);
    }
}

pub(super) fn tell_of(desk: &mut Desk<'_>, certification: &CertificationId, result: &RecordedResult, hold: &HoldId) {
    desk.tell(EventKind::ResultHeld {
        hold: hold.clone(),
        person: desk.person.id.clone(),
        certification: certification.clone(),
        requirement: result.requirement.clone(),
    });
}

/// Nothing is kept back of this standing yet.
pub(super) fn empty(desk: &Desk<'_>, certification: &CertificationId) -> HeldRecord {
    HeldRecord {
        person: desk.person.id.clone(),
        certification: certification.clone(),
        results: Vec::new(),
        suspended: None,
    }
}

/// A result as the hold keeps it.
pub(super) fn of(result: &RecordedResult) -> HeldResult {
    HeldResult {
        source: result.source.clone(),
        id: result.id.clone(),
        requirement: result.requirement.clone(),
        verdict: Verdict::Held,
        decided: None,
        text: None,
    }
}
