//! The steps in which a batch is undone. Each can be made again: what is void already is no part of the batch any more.

use super::batch;
use crate::app::App;
use crate::id::{CertificationId, PersonId, Realm, UndoId};
use crate::rules::Cause;
use crate::service::desk::Desk;
use crate::service::{Breakdown, TRIES, moment};
use crate::store::{Changes, Commit, ReadSet, UndoRecord, UndoneRecord};

/// Standings of one step.
const PAGE: usize = 200;
/// Steps that a call makes itself; the worker makes the rest.
const STEPS: usize = 25;
/// Results of one person that one commit strikes out.
const AT_ONCE: usize = 150;

/// One step of something that was begun; `false` when there is nothing.
pub async fn advance(app: &App) -> Result<bool, Breakdown> {
    for realm in [Realm::Live, Realm::Test] {
        let active = app.store.active_undos(realm, &mut ReadSet::new()).await?;
        if let Some(id) = active.first() {
            return step(app, realm, id).await;
        }
    }
    Ok(false)
}

/// The steps that a call waits for.
pub(super) async fn run(app: &App, realm: Realm, id: &UndoId) -> Result<(), Breakdown> {
    for _ in 0..STEPS {
        if !step(app, realm, id).await? {
            break;
        }
    }
    Ok(())
}

async fn step(app: &App, realm: Realm, id: &UndoId) -> Result<bool, Breakdown> {
    let mut reads = ReadSet::new();
    let record = app.store.undo(realm, id, &mut reads).await?.ok_or(Breakdown::Missing("a batch to be undone"))?;
    if record.done_at.is_some() {
        return Ok(false);
    }
    let persons = app.store.persons_after(realm, record.after.as_ref(), PAGE).await?;
    for (person, standings) in &persons {
        if batch::concerns(&record, standings) {
            let certifications: Vec<_> = standings.iter().map(|standing| standing.certification.clone()).collect();
            while undo_some(app, realm, &record, person, &certifications).await? {}
        }
    }
    let seen = record.seen + persons.iter().map(|(_, standings)| standings.len() as u64).sum::<u64>();
    let mut changes = Changes::new(realm);
    if let Some((last, _)) = persons.last() {
        changes.undo(&UndoRecord { after: Some(last.clone()), seen, ..record });
    } else {
        let mut active = app.store.active_undos(realm, &mut reads).await?;
        active.retain(|entry| entry != id);
        changes.active_undos(&active);
        changes.undo(&UndoRecord { after: None, done_at: Some(moment(app)), ..record });
    }
    // Somebody else who got there first did the same.
    app.store.commit(&reads, changes).await?;
    Ok(true)
}

/// `false`: nothing is left of this person's.
async fn undo_some(
    app: &App,
    realm: Realm,
    record: &UndoRecord,
    person: &PersonId,
    certifications: &[CertificationId],
) -> Result<bool, Breakdown> {
    for _ in 0..TRIES {
        let mut reads = ReadSet::new();
        let Some(known) = app.store.person(realm, person, &mut reads).await? else { return Ok(false) };
        let before = app.store.undone(realm, &record.id, person, &mut reads).await?;
        let mut desk = Desk::new(app, realm, known, Cause::Undo { undo: record.id.clone() }, reads).await?;
        let Some(undone) = batch::undo(&mut desk, certifications, record, AT_ONCE).await? else { return Ok(false) };
        desk.changes.undone(&record.id, &joined(before, undone));
        let (changes, reads) = desk.finish().await?;
        if let Commit::Done(_) = app.store.commit(&reads, changes).await? {
            return Ok(true);
        }
    }
    Err(Breakdown::Busy)
}

fn joined(before: Option<UndoneRecord>, mut undone: UndoneRecord) -> UndoneRecord {
    if let Some(before) = before {
        undone.results += before.results;
        undone.awards.splice(0..0, before.awards);
    }
    undone
}
