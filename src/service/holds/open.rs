//! Opening a hold, or looking first at whom it would concern.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::view::{HoldView, Shown};
use super::{CriteriaRequest, mark, view, work};
use crate::app::App;
use crate::id::HoldId;
use crate::rules::Cause;
use crate::service::caller::Caller;
use crate::service::desk::Desk;
use crate::service::refused::{Once, Refused, check_words};
use crate::service::{Answer, Breakdown, TRIES, moment, program, tell};
use crate::store::{ActiveHold, Changes, Commit, EventKind, HoldRecord, HoldState, ReadSet};

/// Most holds at a time: every result that comes in is compared with each.
const MOST: usize = 20;
/// Standings of one page of a preview.
const PAGE: usize = 256;

/// What is to be kept back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HoldRequest {
    /// Which results.
    pub criteria: CriteriaRequest,
    /// Words for your own records; never public.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Only show what would happen.
    #[serde(default)]
    pub dry_run: bool,
}

/// Opens it: every result that is meant counts no more, now and when it comes in later.
pub async fn open(
    app: &App,
    caller: &Caller,
    request: &HoldRequest,
    idempotency_key: Option<&str>,
) -> Result<Answer, Refused> {
    check_words("/text", request.text.as_deref())?;
    if request.dry_run {
        let hold = new(app, caller, request, &mut ReadSet::new()).await?;
        return Ok(shown(200, &preview(app, caller, &hold).await?, false));
    }
    let once = Once::new(caller, idempotency_key, "hold", request);
    let (id, replayed) = begin(app, caller, request, &once).await?;
    work::run(app, caller.realm, &id).await?;
    let view = view::show(app, caller, id.as_str()).await?;
    let status = if view.state == HoldState::Opening { 202 } else { 201 };
    Ok(shown(status, &view, replayed))
}

fn shown(status: u16, view: &HoldView, replayed: bool) -> Answer {
    Answer { status, body: serde_json::to_value(view).expect("a view has text keys"), replayed }
}

async fn new(app: &App, caller: &Caller, request: &HoldRequest, reads: &mut ReadSet) -> Result<HoldRecord, Refused> {
    let in_force = program::in_force(app, reads).await?;
    let now = moment(app);
    Ok(HoldRecord {
        id: HoldId::new(now, app.ids.as_ref()),
        criteria: request.criteria.read(&in_force.program)?,
        text: request.text.clone(),
        by: caller.name.clone(),
        opened_at: now,
        state: HoldState::Opening,
        after: None,
        seen: 0,
        released_by: None,
        closed_at: None,
    })
}

/// From this commit on results are held on arrival; what was recorded before is found by looking.
async fn begin(app: &App, caller: &Caller, request: &HoldRequest, once: &Once<'_>) -> Result<(HoldId, bool), Refused> {
    for _ in 0..TRIES {
        let mut reads = ReadSet::new();
        if let Some(earlier) = once.earlier(app, &mut reads).await? {
            let id = earlier.body["id"].as_str().and_then(|id| id.parse().ok());
            return Ok((id.ok_or(Breakdown::Missing("the hold of an earlier call"))?, true));
        }
        let hold = new(app, caller, request, &mut reads).await?;
        let mut active = app.store.active_holds(caller.realm, &mut reads).await?;
        if active.0.len() >= MOST {
            return Err(Refused::State(format!("{MOST} holds are open, which is the most; release one first")));
        }
        let entry = ActiveHold { id: hold.id.clone(), criteria: hold.criteria.clone(), state: hold.state };
        active.0.push(entry);
        let mut changes = Changes::new(caller.realm);
        changes.hold(&hold);
        changes.active_holds(&active);
        let answer = Answer { status: 201, body: serde_json::json!({ "id": hold.id }), replayed: false };
        once.keep(&mut changes, &answer);
        tell(app, &mut changes, hold.opened_at, EventKind::HoldOpened { hold: hold.id.clone() });
        if let Commit::Done(_) = app.store.commit(&reads, changes).await? {
            return Ok((hold.id, false));
        }
    }
    Err(Breakdown::Busy.into())
}

/// Marks every standing on a desk of its own that is never committed.
async fn preview(app: &App, caller: &Caller, hold: &HoldRecord) -> Result<HoldView, Refused> {
    let (realm, mut after, mut seen) = (caller.realm, None, 0);
    let mut shown = Shown::new(app, caller);
    loop {
        let persons = app.store.persons_after(realm, after.as_ref(), PAGE).await?;
        let Some((last, _)) = persons.last() else { break };
        after = Some(last.clone());
        for (person, standings) in &persons {
            seen += standings.len() as u64;
            for standing in standings.iter().filter(|standing| mark::concerns(hold, standing)) {
                let mut reads = ReadSet::new();
                let Some(person) = app.store.person(realm, person, &mut reads).await? else { continue };
                let mut desk = Desk::new(app, realm, person, Cause::Hold { hold: hold.id.clone() }, reads).await?;
                if let Some(held) = mark::mark(&mut desk, &standing.certification, hold).await? {
                    shown.add(&held, desk.standing(&standing.certification).await?).await?;
                }
            }
        }
    }
    let hold = HoldRecord { seen, ..hold.clone() };
    Ok(shown.finish(&hold, true))
}
