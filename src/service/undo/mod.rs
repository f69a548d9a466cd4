//! Undoing a batch: results that were reported by mistake are void and their ids free again, awards that nothing else carries
//! are revoked as issued in error, and the others have the term that is left. One call, person by person, with a preview that is the same work.

mod batch;
mod view;
mod work;

pub use view::{UndoView, show};
pub use work::advance;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::caller::Caller;
use super::desk::Desk;
use super::refused::{self, DayOrMoment, Once, Refused, check_words};
use super::{Answer, Breakdown, TRIES, moment, program};
use crate::app::App;
use crate::id::UndoId;
use crate::intake::flaw_of_text;
use crate::rules::Cause;
use crate::store::{Changes, Commit, ReadSet, UndoCriteria, UndoRecord};

/// Standings of one page of a preview.
const PAGE: usize = 256;

/// What was a mistake.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UndoRequest {
    /// Who reported it: the name of an API key. Left out: anybody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Recorded from this day or moment on.
    #[schema(example = "2026-11-20T09:00:00Z")]
    pub recorded_from: String,
    /// Recorded up to the end of this day, or before this moment.
    #[schema(example = "2026-11-20T10:00:00Z")]
    pub recorded_until: String,
    /// In this certification only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certification: Option<String>,
    /// Only where it led to a first award; renewals, and results that led to nothing, stay.
    #[serde(default)]
    pub issued_only: bool,
    /// Words for your own records; never public.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Only show what would happen.
    #[serde(default)]
    pub dry_run: bool,
}

/// Undoes it, or shows what that would do.
pub async fn undo(
    app: &App,
    caller: &Caller,
    request: &UndoRequest,
    idempotency_key: Option<&str>,
) -> Result<Answer, Refused> {
    check_words("/text", request.text.as_deref())?;
    if request.dry_run {
        let record = new(app, caller, request, &mut ReadSet::new()).await?;
        return Ok(shown(200, &preview(app, caller, &record).await?, false));
    }
    let once = Once::new(caller, idempotency_key, "undo", request);
    let (id, replayed) = begin(app, caller, request, &once).await?;
    work::run(app, caller.realm, &id).await?;
    let view = show(app, caller, id.as_str()).await?;
    Ok(shown(if view.done_at.is_some() { 200 } else { 202 }, &view, replayed))
}

fn shown(status: u16, view: &UndoView, replayed: bool) -> Answer {
    Answer { status, body: serde_json::to_value(view).expect("a view has text keys"), replayed }
}

async fn new(app: &App, caller: &Caller, request: &UndoRequest, reads: &mut ReadSet) -> Result<UndoRecord, Refused> {
    let in_force = program::in_force(app, reads).await?;
    let (now, zone) = (moment(app), in_force.program.timezone);
    if let Some(flaw) = request.source.as_deref().and_then(flaw_of_text) {
        return Err(Refused::invalid("/source", flaw));
    }
    let certification = match &request.certification {
        Some(id) => Some(refused::certification(&in_force.program, id)?.id.clone()),
        None => None,
    };
    let recorded_from = DayOrMoment::parse("/recorded_from", &request.recorded_from)?.start(zone);
    let recorded_until = DayOrMoment::parse("/recorded_until", &request.recorded_until)?.beyond(zone);
    if recorded_until <= recorded_from {
        return Err(Refused::invalid("/recorded_until", "must lie after recorded_from"));
    }
    let criteria = UndoCriteria {
        source: request.source.clone(),
        recorded_from,
        // What comes in from now on is no part of it.
        recorded_until: recorded_until.min(now + chrono::TimeDelta::seconds(1)),
        certification,
        issued_only: request.issued_only,
    };
    Ok(UndoRecord {
        id: UndoId::new(now, app.ids.as_ref()),
        criteria,
        text: request.text.clone(),
        by: caller.name.clone(),
        at: now,
        after: None,
        seen: 0,
        done_at: None,
    })
}

async fn begin(app: &App, caller: &Caller, request: &UndoRequest, once: &Once<'_>) -> Result<(UndoId, bool), Refused> {
    for _ in 0..TRIES {
        let mut reads = ReadSet::new();
        if let Some(earlier) = once.earlier(app, &mut reads).await? {
            let id = earlier.body["id"].as_str().and_then(|id| id.parse().ok());
            return Ok((id.ok_or(Breakdown::Missing("the batch of an earlier call"))?, true));
        }
        let record = new(app, caller, request, &mut reads).await?;
        let mut active = app.store.active_undos(caller.realm, &mut reads).await?;
        active.push(record.id.clone());
        let mut changes = Changes::new(caller.realm);
        changes.undo(&record);
        changes.active_undos(&active);
        once.keep(&mut changes, &Answer { status: 200, body: serde_json::json!({ "id": record.id }), replayed: false });
        if let Commit::Done(_) = app.store.commit(&reads, changes).await? {
            return Ok((record.id, false));
        }
    }
    Err(Breakdown::Busy.into())
}

/// Undoes everything on desks that are never committed.
async fn preview(app: &App, caller: &Caller, record: &UndoRecord) -> Result<UndoView, Refused> {
    let (realm, mut after, mut seen) = (caller.realm, None, 0);
    let mut shown = view::Shown::new(app, caller);
    loop {
        let persons = app.store.persons_after(realm, after.as_ref(), PAGE).await?;
        let Some((last, _)) = persons.last() else { break };
        after = Some(last.clone());
        for (person, standings) in &persons {
            seen += standings.len() as u64;
            if !batch::concerns(record, standings) {
                continue;
            }
            let mut reads = ReadSet::new();
            let Some(person) = app.store.person(realm, person, &mut reads).await? else { continue };
            let mut desk = Desk::new(app, realm, person, Cause::Undo { undo: record.id.clone() }, reads).await?;
            let certifications: Vec<_> = standings.iter().map(|standing| standing.certification.clone()).collect();
            if let Some(undone) = batch::undo(&mut desk, &certifications, record, usize::MAX).await? {
                shown.add(&undone).await?;
            }
        }
    }
    Ok(shown.finish(&UndoRecord { seen, ..record.clone() }, true))
}
