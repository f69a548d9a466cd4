//! What becomes of results under a hold: released, they count again; upheld, they are void.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::view::{self, HoldView};
use super::{mark, work};
use crate::app::App;
use crate::id::{CertificationId, HoldId, Realm};
use crate::rules::{AwardState, Cause, Reason};

pub use crate::rules::ResultRef;

use crate::service::caller::Caller;
use crate::service::desk::{self, Desk};
use crate::service::grounds::{self, Fall, Grounds};
use crate::service::refused::{PersonRef, Refused, check_words, need_words};
use crate::service::reinstate::reinstate;
use crate::service::{Breakdown, TRIES};
use crate::store::{Changes, Commit, EventKind, HeldRecord, HeldResult, HoldRecord, HoldState, ReadSet, Verdict};

/// What is released: exactly one of these.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReleaseRequest {
    /// Everything of one person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonRef>,
    /// One result.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<ResultRef>,
    /// Everything that is still kept back; the hold is closed then.
    #[serde(default)]
    pub all: bool,
    /// Words for your own records; never public.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// What is struck out: exactly one of person and result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpholdRequest {
    /// Everything of one person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonRef>,
    /// One result.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<ResultRef>,
    /// Words for your own records; never public.
    pub text: String,
}

/// Takes the hold off some results, or off all.
pub async fn release(app: &App, caller: &Caller, id: &str, request: &ReleaseRequest) -> Result<HoldView, Refused> {
    check_words("/text", request.text.as_deref())?;
    let hold = known(app, caller, id).await?;
    if request.all {
        if request.person.is_some() || request.result.is_some() {
            return Err(Refused::invalid("/all", "goes without person and result"));
        }
        release_all(app, caller, &hold.id).await?;
        work::run(app, caller.realm, &hold.id).await?;
        return view::show(app, caller, id).await;
    }
    let decided = Decided {
        verdict: Verdict::Released,
        by: &caller.name,
        text: request.text.as_deref(),
        only: request.result.as_ref(),
    };
    decide_some(app, caller, &hold, request.person.as_ref(), &decided).await?;
    view::show(app, caller, id).await
}

/// Strikes results out. An award that nothing else carries is revoked.
pub async fn uphold(app: &App, caller: &Caller, id: &str, request: &UpholdRequest) -> Result<HoldView, Refused> {
    need_words("/text", &request.text)?;
    let hold = known(app, caller, id).await?;
    let decided = Decided {
        verdict: Verdict::Upheld,
        by: &caller.name,
        text: Some(&request.text),
        only: request.result.as_ref(),
    };
    decide_some(app, caller, &hold, request.person.as_ref(), &decided).await?;
    view::show(app, caller, id).await
}

async fn known(app: &App, caller: &Caller, id: &str) -> Result<HoldRecord, Refused> {
    let unknown = || Refused::Unknown("hold");
    let id: HoldId = id.parse().map_err(|_| unknown())?;
    let hold = app.store.hold(caller.realm, &id, &mut ReadSet::new()).await?.ok_or_else(unknown)?;
    if hold.state == HoldState::Opening {
        return Err(Refused::State("this hold is still being opened; look again in a moment".to_owned()));
    }
    Ok(hold)
}

/// From this commit on nothing new is held, and what is held is released step by step.
async fn release_all(app: &App, caller: &Caller, id: &HoldId) -> Result<(), Refused> {
    for _ in 0..TRIES {
        let mut reads = ReadSet::new();
        let hold = app.store.hold(caller.realm, id, &mut reads).await?.ok_or(Refused::Unknown("hold"))?;
        if hold.state != HoldState::Open {
            return Ok(());
        }
        let mut active = app.store.active_holds(caller.realm, &mut reads).await?;
        for entry in active.0.iter_mut().filter(|entry| entry.id == *id) {
            entry.state = HoldState::Releasing;
        }
        let mut changes = Changes::new(caller.realm);
        changes.active_holds(&active);
        let released_by = Some(caller.name.clone());
        changes.hold(&HoldRecord { state: HoldState::Releasing, released_by, ..hold });
        if let Commit::Done(_) = app.store.commit(&reads, changes).await? {
            return Ok(());
        }
    }
    Err(Breakdown::Busy.into())
}

async fn decide_some(
    app: &App,
    caller: &Caller,
    hold: &HoldRecord,
    person: Option<&PersonRef>,
    decided: &Decided<'_>,
) -> Result<(), Refused> {
    let realm = caller.realm;
    let rows = match (person, decided.only) {
        (Some(person), None) => {
            let person = person.find(app, realm, "/person", &mut ReadSet::new()).await?;
            app.store.held_of(realm, &hold.id, &person.id).await?
        }
        (None, Some(result)) => row_of(app, realm, &hold.id, result).await?.into_iter().collect(),
        _ => return Err(Refused::invalid("", "needs exactly one of person and result")),
    };
    if rows.is_empty() {
        return Err(Refused::State("this hold keeps nothing back of that".to_owned()));
    }
    for row in &rows {
        decide(app, realm, &hold.id, row, decided).await?;
    }
    Ok(())
}

async fn row_of(app: &App, realm: Realm, hold: &HoldId, result: &ResultRef) -> Result<Option<HeldRecord>, Refused> {
    let mut after = None;
    loop {
        let (rows, next) = app.store.held_after(realm, hold, after, 256).await?;
        let has = |row: &HeldRecord| row.results.iter().any(|r| r.source == result.source && r.id == result.id);
        if let Some(row) = rows.into_iter().find(has) {
            return Ok(Some(row));
        }
        after = next;
        if after.is_none() {
            return Ok(None);
        }
    }
}

/// A decision on results under a hold.
pub(super) struct Decided<'a> {
    pub(super) verdict: Verdict,
    pub(super) by: &'a str,
    pub(super) text: Option<&'a str>,
    /// Only this one of them.
    pub(super) only: Option<&'a ResultRef>,
}

impl Decided<'_> {
    fn is_about(&self, held: &HeldResult) -> bool {
        self.only.is_none_or(|result| result.source == held.source && result.id == held.id)
    }
}

/// Decides on those results of one standing that are meant and still kept back, and what follows for its award.
pub(super) async fn decide(
    app: &App,
    realm: Realm,
    hold: &HoldId,
    row: &HeldRecord,
    decided: &Decided<'_>,
) -> Result<(), Refused> {
    for _ in 0..TRIES {
        let mut reads = ReadSet::new();
        let held = app.store.held(realm, hold, (&row.person, &row.certification), &mut reads).await?;
        let mut held = held.ok_or(Breakdown::Missing("what a hold keeps back"))?;
        let person = app.store.person(realm, &row.person, &mut reads).await?;
        let person = person.ok_or(Breakdown::Missing("the person of a result that is held back"))?;
        let mut desk = Desk::new(app, realm, person, Cause::Verdict { hold: hold.clone() }, reads).await?;
        if !strike(&mut desk, hold, &mut held, decided).await? {
            return Ok(());
        }
        let (changes, reads) = desk.finish().await?;
        if let Commit::Done(_) = app.store.commit(&reads, changes).await? {
            return Ok(());
        }
    }
    Err(Breakdown::Busy.into())
}

/// `false`: all of it was decided before.
async fn strike(
    desk: &mut Desk<'_>,
    hold: &HoldId,
    held: &mut HeldRecord,
    decided: &Decided<'_>,
) -> Result<bool, Refused> {
    let (now, person, id) = (desk.now, desk.person.id.clone(), held.certification.clone());
    let mut told = Vec::new();
    for result in held.results.iter_mut().filter(|result| result.verdict == Verdict::Held && decided.is_about(result)) {
        result.verdict = decided.verdict;
        result.decided = Some((decided.by.to_owned(), now));
        result.text = decided.text.map(str::to_owned);
        let (person, certification, requirement) = (person.clone(), id.clone(), result.requirement.clone());
        told.push(match decided.verdict {
            Verdict::Upheld => EventKind::ResultVoided { person, certification, requirement },
            _ => EventKind::ResultReleased { hold: hold.clone(), person, certification, requirement },
        });
        let standing = desk.standing(&id).await?;
        let named = ResultRef { source: result.source.clone(), id: result.id.clone() };
        let marked = standing.results.iter_mut().find(|result| result.is(&named));
        if let Some(marked) = marked {
            marked.holds.retain(|by| by != hold);
            marked.void_at = marked.void_at.or((decided.verdict == Verdict::Upheld).then_some(now));
        }
    }
    if told.is_empty() {
        return Ok(false);
    }
    for what in told {
        desk.tell(what);
    }
    settle(desk, &id, decided).await?;
    desk.changes.held(hold, held);
    Ok(true)
}

/// An award that was suspended for what was held back holds again as soon as it stands without what is still in doubt. What
/// was struck out takes away what nothing else carries, whether the award rested or not.
async fn settle(desk: &mut Desk<'_>, id: &CertificationId, decided: &Decided<'_>) -> Result<(), Refused> {
    let standing = desk.standing(id).await?.clone();
    let under_review = |state| matches!(state, AwardState::Suspended { reason: Reason::UnderReview, .. });
    let rests = desk.state(id).await?.is_some_and(under_review);
    let certain = mark::left(desk, id, &standing).await?;
    // What other holds keep back may still carry it.
    let hoped = mark::left(desk, id, &mark::unheld(&standing)).await?;
    let is_settled = certain == hoped;
    if hoped != Grounds::Whole && (is_settled || !rests) {
        let how = Fall {
            reason: Reason::RequirementsNotMet,
            by: decided.by,
            text: decided.text,
            reinstates: rests,
            firsts_only: false,
        };
        let mut fallen = Vec::new();
        grounds::fall(desk, id, hoped, &how, &mut fallen).await?;
        grounds::ripple(desk, &Fall { reinstates: false, ..how }, fallen).await?;
    } else if rests && certain.carries(desk::held(&standing)) {
        reinstate(desk, id, None).await?;
        desk.annotate(id, decided.by, decided.text).await?;
    }
    Ok(())
}
