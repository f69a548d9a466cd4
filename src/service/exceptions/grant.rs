//! Granting an exception.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{answer, effect};
use crate::app::App;
use crate::id::ExceptionId;
use crate::program::Certification;
use crate::rules::{Cause, Exception, ExceptionKind, Standing};
use crate::service::awards;
use crate::service::caller::Caller;
use crate::service::desk::Desk;
use crate::service::refused::{self, DayOrMoment, Once, PersonRef, Refused, need_words};
use crate::service::{Answer, Breakdown, TRIES, moment};
use crate::store::{Commit, EventKind, ExceptionPointer, ExceptionStep, Note, ReadSet};

/// Most exceptions of one standing, so that its document stays within its bound.
const MOST: usize = 100;

/// What is to be granted to whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExceptionRequest {
    /// To whom: somebody known.
    pub person: PersonRef,
    /// Id of the certification.
    #[schema(example = "sales-associate")]
    pub certification: String,
    /// What is granted.
    pub kind: RequestedKind,
    /// With `waive` and `attempt`: which requirement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requirement: Option<String>,
    /// With `extend`: the last day, such as `2027-12-31`, or the last second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// Words for your own records; never public.
    pub reason: String,
    /// It waits until another caller confirms it.
    #[serde(default)]
    pub needs_second: bool,
}

/// What can be granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RequestedKind {
    /// A requirement counts as met.
    Waive,
    /// One attempt more, at once.
    Attempt,
    /// The term ends later.
    Extend,
    /// Awarded whatever the rules say.
    AwardByHand,
    /// One of the approvals that the certification asks for.
    Approve,
}

/// Grants it: at once, or when another caller has confirmed it.
pub async fn grant(
    app: &App,
    caller: &Caller,
    request: &ExceptionRequest,
    idempotency_key: Option<&str>,
) -> Result<Answer, Refused> {
    need_words("/reason", &request.reason)?;
    let once = Once::new(caller, idempotency_key, "exception", request);
    for _ in 0..TRIES {
        let mut reads = ReadSet::new();
        if let Some(mut earlier) = once.earlier(app, &mut reads).await? {
            awards::told_again(app, &mut earlier.body).await?;
            return Ok(earlier);
        }
        let person = request.person.find(app, caller.realm, "/person", &mut reads).await?;
        let id = ExceptionId::new(moment(app), app.ids.as_ref());
        let cause = Cause::Exception { exception: id.clone() };
        let mut desk = Desk::new(app, caller.realm, person, cause, reads).await?;
        let answer = put_down(&mut desk, caller, request, id).await?;
        let (mut changes, reads) = desk.finish().await?;
        once.keep(&mut changes, &answer);
        if let Commit::Done(_) = app.store.commit(&reads, changes).await? {
            return Ok(answer);
        }
    }
    Err(Breakdown::Busy.into())
}

async fn put_down(
    desk: &mut Desk<'_>,
    caller: &Caller,
    request: &ExceptionRequest,
    id: ExceptionId,
) -> Result<Answer, Refused> {
    let in_force = desk.in_force.clone();
    let certification = refused::certification(&in_force.program, &request.certification)?;
    let kind = kind_of(request, certification, in_force.program.timezone)?;
    let over = effect::over_since(desk, &certification.id).await?;
    check_room(desk.standing(&certification.id).await?, caller, &kind, over)?;
    effect::check(desk, certification, &kind).await?;
    let exception = Exception {
        id,
        kind,
        by: caller.name.clone(),
        at: desk.now,
        needs_second: request.needs_second,
        second: None,
        withdrawn_at: None,
    };
    let (id, person) = (certification.id.clone(), desk.person.id.clone());
    desk.standing(&id).await?.exceptions.push(exception.clone());
    let pointer = ExceptionPointer { person: person.clone(), certification: id.clone() };
    desk.changes.exception(&exception.id, &pointer);
    let note = Note { by: caller.name.clone(), text: Some(request.reason.clone()) };
    desk.changes.exception_note(&exception.id, ExceptionStep::Granted, &note);
    let in_effect = exception.since().is_some();
    desk.tell(EventKind::ExceptionGranted { exception: exception.id.clone(), person, certification: id, in_effect });
    let words = Some(request.reason.as_str());
    let decision = if in_effect {
        Some(effect::take(desk, certification, &exception, (&caller.name, words)).await?)
    } else {
        None
    };
    answer(desk, certification, (&exception, note.text), decision.as_ref(), 201).await
}

/// Of the approvals, those count that are in effect: what was approved before `over` has ended.
fn check_room(
    standing: &Standing,
    caller: &Caller,
    kind: &ExceptionKind,
    over: Option<DateTime<Utc>>,
) -> Result<(), Refused> {
    if standing.exceptions.len() >= MOST {
        return Err(Refused::State(format!("there are {MOST} exceptions already, which is the most")));
    }
    let in_effect = |e: &Exception| e.since().is_some_and(|since| over.is_none_or(|over| since > over));
    let approved = |e: &Exception| e.kind == ExceptionKind::Approve && e.by == caller.name && in_effect(e);
    if *kind == ExceptionKind::Approve && standing.exceptions.iter().any(approved) {
        return Err(Refused::SameCaller(caller.name.clone()));
    }
    Ok(())
}

fn kind_of(request: &ExceptionRequest, certification: &Certification, zone: Tz) -> Result<ExceptionKind, Refused> {
    let ExceptionRequest { kind, requirement, until, needs_second, .. } = request;
    let about_requirement = matches!(kind, RequestedKind::Waive | RequestedKind::Attempt);
    if requirement.is_some() && !about_requirement {
        return Err(Refused::invalid("/requirement", "is for waive and attempt only"));
    }
    if until.is_some() && *kind != RequestedKind::Extend {
        return Err(Refused::invalid("/until", "is for extend only"));
    }
    if *kind == RequestedKind::Approve && *needs_second {
        return Err(Refused::invalid("/needs_second", "is not for approve: each approval is another caller's anyway"));
    }
    let requirement = || match requirement {
        Some(id) => Ok(refused::requirement(certification, id)?.id.clone()),
        None => Err(Refused::invalid("/requirement", "is needed: which one?")),
    };
    Ok(match kind {
        RequestedKind::Waive => ExceptionKind::Waive { requirement: requirement()? },
        RequestedKind::Attempt => ExceptionKind::Attempt { requirement: requirement()? },
        RequestedKind::Extend => {
            let until = until.as_deref().ok_or_else(|| Refused::invalid("/until", "is needed: until when?"))?;
            ExceptionKind::Extend { until: DayOrMoment::parse("/until", until)?.end(zone) }
        }
        RequestedKind::AwardByHand => ExceptionKind::AwardByHand,
        RequestedKind::Approve => ExceptionKind::Approve,
    })
}
