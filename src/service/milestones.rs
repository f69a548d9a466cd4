//! What time brought to an award is told to the feed, and what was missed has its effect.

use chrono::{DateTime, Utc};

use super::desk::Desk;
use super::{Breakdown, TRIES, program};
use crate::app::App;
use crate::id::{AwardId, CertificationId, Realm};
use crate::rules::{self, Award, AwardState, Cause, Decision, Demand, DemandKind, Milestone, Reason};
use crate::store::{AwardPointer, Commit, DemandEvent, Digest, EventKind, ReadSet};

/// Serves the timer of an award: `false` when another had served it already. State never waits for this: it follows from
/// the documents and the time by itself.
pub async fn serve(app: &App, realm: Realm, award: AwardId, due: DateTime<Utc>) -> Result<bool, Breakdown> {
    for _ in 0..TRIES {
        let mut reads = ReadSet::new();
        let pointer = app.store.award_pointer(realm, award, &mut reads).await?;
        let pointer = pointer.ok_or(Breakdown::Missing("the award that a timer leads to"))?;
        let person = app.store.person(realm, &pointer.person, &mut reads).await?;
        let person = person.ok_or(Breakdown::Missing("the holder of an award"))?;
        let mut desk = Desk::new(app, realm, person, Cause::Time, reads).await?;
        let standing = desk.standing(&pointer.certification).await?;
        if standing.due != Some(due) || standing.award.as_ref().is_none_or(|held| held.id != award) {
            return Ok(false);
        }
        // What is due before it could be told is a rest of imported history.
        desk.history = standing.told.filter(|told| due <= *told);
        tell_all(&mut desk, &pointer).await?;
        let (changes, reads) = desk.finish().await?;
        if let Commit::Done(_) = app.store.commit(&reads, changes).await? {
            return Ok(true);
        }
    }
    Err(Breakdown::Busy)
}

/// Everything since it was last told, in order; of reminders that were missed only the latest. What time itself renews, at the
/// turn to a shorter path, is told of until then: the rest is the new term's.
async fn tell_all(desk: &mut Desk<'_>, pointer: &AwardPointer) -> Result<(), Breakdown> {
    let id = &pointer.certification;
    let (now, zone) = (desk.now, desk.in_force.program.timezone);
    let standing = desk.standing(id).await?.clone();
    let award = standing.award.as_ref().expect("a timer belongs to an award");
    let basis = program::version(desk.app, award.current().program).await?;
    let told = standing.told.unwrap_or(award.current().valid_from);
    let until = match desk.decide(id).await? {
        Decision::Renew(earned) => earned.term.earned_at.min(now),
        _ => now,
    };
    let brought = rules::milestones(award, basis.program.certification(id), zone, told, until);
    for milestone in latest(brought.into_iter().map(|(_, milestone)| milestone).collect()) {
        tell(desk, id, award, milestone).await?;
    }
    desk.standing(id).await?.told = Some(now);
    desk.plan(id).await
}

/// Without the steps that a later step of the same kind, or the end itself, has overtaken.
fn latest(brought: Vec<Milestone>) -> Vec<Milestone> {
    let overtaken = |n: usize, step: &Milestone| {
        brought[n + 1..].iter().any(|later| match (step, later) {
            (Milestone::Reminder { .. }, Milestone::Reminder { .. } | Milestone::Expired { .. }) => true,
            (
                Milestone::DemandReminder { demand, .. },
                Milestone::DemandReminder { demand: later, .. } | Milestone::DemandMissed(later),
            ) => demand.id == later.id,
            _ => false,
        })
    };
    let kept: Vec<bool> = brought.iter().enumerate().map(|(n, step)| !overtaken(n, step)).collect();
    brought.into_iter().zip(kept).filter_map(|(step, kept)| kept.then_some(step)).collect()
}

async fn tell(desk: &mut Desk<'_>, id: &CertificationId, held: &Award, milestone: Milestone) -> Result<(), Breakdown> {
    let (award, certification, person) = (held.id, id.clone(), desk.person.id.clone());
    match milestone {
        Milestone::Reminder { days, valid_until } => {
            desk.tell(EventKind::AwardReminder { award, certification, person, days, valid_until });
        }
        Milestone::Expired { since } => desk.tell(EventKind::AwardExpired { award, certification, person, since }),
        Milestone::GraceEnded { since } => {
            desk.tell(EventKind::AwardGraceEnded { award, certification, person, since });
        }
        Milestone::Lapsed { since } => desk.tell(EventKind::AwardLapsed { award, certification, person, since }),
        Milestone::DemandReminder { days, demand } => {
            let demand = of(desk, id, held, &demand);
            desk.tell(EventKind::AwardDemandReminder { days, demand });
        }
        Milestone::DemandMissed(demand) => {
            let told = of(desk, id, held, &demand);
            desk.tell(EventKind::AwardDemandMissed(told));
            miss(desk, id, &demand).await?;
        }
    }
    Ok(())
}

/// The status lists learn what the award's own documents say since the cutoff.
async fn miss(desk: &mut Desk<'_>, id: &CertificationId, demand: &Demand) -> Result<(), Breakdown> {
    let since = demand.cutoff + chrono::TimeDelta::seconds(1);
    let written =
        crate::service::desk::held(desk.standing(id).await?).history.iter().any(|line| line.valid_at == since);
    let ended = matches!(desk.state(id).await?, Some(AwardState::Revoked { .. }) | None);
    match demand.kind {
        _ if written || ended => Ok(()),
        DemandKind::Upkeep => desk.suspend(id, Reason::UpkeepMissed, since).await,
        DemandKind::Recertification => {
            let before = desk.because(Cause::Recertification { recertification: demand.id.clone() });
            desk.expire(id, since).await?;
            desk.because(before);
            Ok(())
        }
    }
}

fn of(desk: &Desk<'_>, id: &CertificationId, award: &Award, demand: &Demand) -> DemandEvent {
    DemandEvent {
        award: award.id,
        person: desk.person.id.clone(),
        certification: id.clone(),
        demand: Digest::of(demand.id.as_bytes()),
        kind: demand.kind,
        due: demand.due,
        cutoff: demand.cutoff,
    }
}
