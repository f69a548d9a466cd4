//! The steps in which a hold opens and releases. Each can be made again: what was done is known by the documents.

use super::mark;
use super::verdict::{self, Decided};
use crate::app::App;
use crate::id::{CertificationId, HoldId, PersonId, Realm};
use crate::rules::Cause;
use crate::service::desk::Desk;
use crate::service::refused::Refused;
use crate::service::{Breakdown, TRIES, moment, tell};
use crate::store::{Changes, Commit, EventKind, HoldRecord, HoldState, ReadSet, Verdict};

/// Standings of one step.
const PAGE: usize = 200;
/// Steps that a call makes itself; the worker makes the rest.
const STEPS: usize = 25;

/// One step of something that was begun; `false` when there is nothing.
pub async fn advance(app: &App) -> Result<bool, Breakdown> {
    for realm in [Realm::Live, Realm::Test] {
        let active = app.store.active_holds(realm, &mut ReadSet::new()).await?;
        let busy = active.0.iter().find(|hold| matches!(hold.state, HoldState::Opening | HoldState::Releasing));
        if let Some(hold) = busy {
            return step(app, realm, &hold.id).await;
        }
    }
    Ok(false)
}

/// The steps of one hold that a call waits for.
pub(super) async fn run(app: &App, realm: Realm, id: &HoldId) -> Result<(), Breakdown> {
    for _ in 0..STEPS {
        if !step(app, realm, id).await? {
            break;
        }
    }
    Ok(())
}

async fn step(app: &App, realm: Realm, id: &HoldId) -> Result<bool, Breakdown> {
    let mut reads = ReadSet::new();
    let hold = app.store.hold(realm, id, &mut reads).await?.ok_or(Breakdown::Missing("a hold that is open"))?;
    match hold.state {
        HoldState::Opening => open(app, realm, hold, reads).await?,
        HoldState::Releasing => release(app, realm, hold, reads).await?,
        HoldState::Open | HoldState::Closed => return Ok(false),
    }
    Ok(true)
}

async fn open(app: &App, realm: Realm, hold: HoldRecord, reads: ReadSet) -> Result<(), Breakdown> {
    let persons = app.store.persons_after(realm, hold.after.as_ref(), PAGE).await?;
    for (person, standings) in &persons {
        let concerned = standings.iter().filter(|standing| mark::concerns(&hold, standing));
        let concerned: Vec<_> = concerned.map(|standing| standing.certification.clone()).collect();
        if !concerned.is_empty() {
            mark_person(app, realm, &hold, person, &concerned).await?;
        }
    }
    let seen = hold.seen + persons.iter().map(|(_, standings)| standings.len() as u64).sum::<u64>();
    let after = match persons.last() {
        Some((last, _)) => HoldRecord { after: Some(last.clone()), seen, ..hold },
        None => HoldRecord { after: None, state: HoldState::Open, ..hold },
    };
    write(app, realm, &after, reads).await
}

async fn mark_person(
    app: &App,
    realm: Realm,
    hold: &HoldRecord,
    person: &PersonId,
    certifications: &[CertificationId],
) -> Result<(), Breakdown> {
    for _ in 0..TRIES {
        let mut reads = ReadSet::new();
        let Some(person) = app.store.person(realm, person, &mut reads).await? else { return Ok(()) };
        let mut desk = Desk::new(app, realm, person, Cause::Hold { hold: hold.id.clone() }, reads).await?;
        let mut marked = false;
        for certification in certifications {
            marked |= mark::mark(&mut desk, certification, hold).await?.is_some();
        }
        if !marked {
            return Ok(());
        }
        let (changes, reads) = desk.finish().await?;
        if let Commit::Done(_) = app.store.commit(&reads, changes).await? {
            return Ok(());
        }
    }
    Err(Breakdown::Busy)
}

/// Releases some of what is still kept back; with nothing left, closes.
async fn release(app: &App, realm: Realm, hold: HoldRecord, reads: ReadSet) -> Result<(), Breakdown> {
    let by = hold.released_by.clone().unwrap_or_else(|| hold.by.clone());
    let decided = Decided { verdict: Verdict::Released, by: &by, text: None, only: None };
    let (mut done, mut after) = (0, None);
    loop {
        let (rows, next) = app.store.held_after(realm, &hold.id, after, PAGE).await?;
        for row in rows.iter().filter(|row| row.results.iter().any(|r| r.verdict == Verdict::Held)) {
            verdict::decide(app, realm, &hold.id, row, &decided).await.map_err(breakdown)?;
            done += 1;
            if done == PAGE {
                return Ok(());
            }
        }
        after = next;
        if after.is_none() {
            break;
        }
    }
    let closed = HoldRecord { state: HoldState::Closed, closed_at: Some(moment(app)), ..hold };
    write(app, realm, &closed, reads).await
}

/// Writes how far the hold is. Somebody else who got there first did the same.
async fn write(app: &App, realm: Realm, hold: &HoldRecord, mut reads: ReadSet) -> Result<(), Breakdown> {
    let mut active = app.store.active_holds(realm, &mut reads).await?;
    let before = active.clone();
    match hold.state {
        HoldState::Closed => active.0.retain(|entry| entry.id != hold.id),
        state => active.0.iter_mut().filter(|entry| entry.id == hold.id).for_each(|entry| entry.state = state),
    }
    let mut changes = Changes::new(realm);
    changes.hold(hold);
    if active != before {
        changes.active_holds(&active);
    }
    if hold.state == HoldState::Closed {
        tell(app, &mut changes, moment(app), EventKind::HoldClosed { hold: hold.id.clone() });
    }
    app.store.commit(&reads, changes).await?;
    Ok(())
}

/// Deciding on a whole row asks for nothing that can be refused.
fn breakdown(refused: Refused) -> Breakdown {
    match refused {
        Refused::Breakdown(breakdown) => breakdown,
        _ => Breakdown::Missing("what a hold keeps back"),
    }
}
