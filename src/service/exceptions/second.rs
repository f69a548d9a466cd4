//! The second caller, and taking an exception back.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{answer, effect};
use crate::app::App;
use crate::id::ExceptionId;
use crate::program::Certification;
use crate::rules::{Cause, Decision, Exception, ExceptionKind};
use crate::service::caller::Caller;
use crate::service::desk::Desk;
use crate::service::refused::{self, Refused, check_words};
use crate::service::{Answer, Breakdown, TRIES};
use crate::store::{Commit, EventKind, ExceptionPointer, ExceptionStep, Note, ReadSet};

/// What comes with a withdrawal.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawRequest {
    /// Words for your own records; never public.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// What comes with a confirmation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmRequest {
    /// Words for your own records; never public.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// What is done to an exception that was granted.
#[derive(Debug, Clone, Copy)]
enum Step<'a> {
    Confirm(&'a ConfirmRequest),
    Withdraw(&'a WithdrawRequest),
}

/// Another caller than the one who granted it lets it take effect.
pub async fn confirm(app: &App, caller: &Caller, id: &str, request: &ConfirmRequest) -> Result<Answer, Refused> {
    check_words("/reason", request.reason.as_deref())?;
    act(app, caller, id, Step::Confirm(request)).await
}

/// Takes it back, as long as no award rests on it.
pub async fn withdraw(app: &App, caller: &Caller, id: &str, request: &WithdrawRequest) -> Result<Answer, Refused> {
    check_words("/reason", request.reason.as_deref())?;
    act(app, caller, id, Step::Withdraw(request)).await
}

async fn act(app: &App, caller: &Caller, id: &str, step: Step<'_>) -> Result<Answer, Refused> {
    let id: ExceptionId = id.parse().map_err(|_| Refused::Unknown("exception"))?;
    for _ in 0..TRIES {
        let mut reads = ReadSet::new();
        let pointer = app.store.exception(caller.realm, &id, &mut reads).await?;
        let pointer = pointer.ok_or(Refused::Unknown("exception"))?;
        let person = app.store.person(caller.realm, &pointer.person, &mut reads).await?;
        let person = person.ok_or(Breakdown::Missing("the person of an exception"))?;
        let mut desk = Desk::new(app, caller.realm, person, Cause::Exception { exception: id.clone() }, reads).await?;
        let answer = step_of(&mut desk, caller, (&id, &pointer), step).await?;
        if answer.replayed {
            return Ok(answer);
        }
        let (changes, reads) = desk.finish().await?;
        if let Commit::Done(_) = app.store.commit(&reads, changes).await? {
            return Ok(answer);
        }
    }
    Err(Breakdown::Busy.into())
}

async fn step_of(
    desk: &mut Desk<'_>,
    caller: &Caller,
    (id, pointer): (&ExceptionId, &ExceptionPointer),
    step: Step<'_>,
) -> Result<Answer, Refused> {
    let in_force = desk.in_force.clone();
    let certification = refused::certification(&in_force.program, pointer.certification.as_str())?;
    let standing = desk.standing(&pointer.certification).await?;
    let before = standing.exceptions.iter().find(|exception| exception.id == *id).cloned();
    let before = before.ok_or(Breakdown::Missing("an exception that an id leads to"))?;
    let words = desk.app.store.exception_note(desk.realm, id, ExceptionStep::Granted).await?.and_then(|note| note.text);
    let (after, decision) = match step {
        Step::Confirm(request) => {
            let decided = confirmed(desk, caller, certification, (&before, words.as_deref())).await?;
            if decided.1.is_some() {
                let note = Note { by: caller.name.clone(), text: request.reason.clone() };
                desk.changes.exception_note(id, ExceptionStep::Confirmed, &note);
            }
            decided
        }
        Step::Withdraw(request) => (withdrawn(desk, caller, certification, &before, request).await?, None),
    };
    let answer = answer(desk, certification, (&after, words), decision.as_ref(), 200).await?;
    Ok(Answer { replayed: before == after, ..answer })
}

async fn confirmed(
    desk: &mut Desk<'_>,
    caller: &Caller,
    certification: &Certification,
    (before, words): (&Exception, Option<&str>),
) -> Result<(Exception, Option<Decision>), Refused> {
    if before.withdrawn_at.is_some() {
        return Err(Refused::State("this exception was withdrawn".to_owned()));
    }
    if !before.needs_second {
        return Err(Refused::State("this exception holds without a second caller".to_owned()));
    }
    if before.second.is_some() {
        return Ok((before.clone(), None));
    }
    if before.by == caller.name {
        return Err(Refused::SameCaller(caller.name.clone()));
    }
    effect::check(desk, certification, &before.kind).await?;
    let after = Exception { second: Some((caller.name.clone(), desk.now)), ..before.clone() };
    replace(desk, certification, &after).await?;
    let (exception, person) = (after.id.clone(), desk.person.id.clone());
    desk.tell(EventKind::ExceptionConfirmed { exception, person, certification: certification.id.clone() });
    let decision = effect::take(desk, certification, &after, (&caller.name, words)).await?;
    Ok((after, Some(decision)))
}

async fn withdrawn(
    desk: &mut Desk<'_>,
    caller: &Caller,
    certification: &Certification,
    before: &Exception,
    request: &WithdrawRequest,
) -> Result<Exception, Refused> {
    if before.withdrawn_at.is_some() {
        return Ok(before.clone());
    }
    if before.since().is_some() {
        match before.kind {
            ExceptionKind::Extend { .. } => return state("the award was extended; revoke it, or let it run out"),
            ExceptionKind::AwardByHand => return state("the award was made; revoke it if it was a mistake"),
            ExceptionKind::Waive { .. } | ExceptionKind::Attempt { .. } | ExceptionKind::Approve => {
                if effect::carries(desk, &certification.id, before).await? {
                    return state("an award rests on it; revoke that if it was a mistake");
                }
            }
        }
    }
    let after = Exception { withdrawn_at: Some(desk.now), ..before.clone() };
    replace(desk, certification, &after).await?;
    let note = Note { by: caller.name.clone(), text: request.reason.clone() };
    desk.changes.exception_note(&after.id, ExceptionStep::Withdrawn, &note);
    let (exception, person) = (after.id.clone(), desk.person.id.clone());
    desk.tell(EventKind::ExceptionWithdrawn { exception, person, certification: certification.id.clone() });
    Ok(after)
}

async fn replace(desk: &mut Desk<'_>, certification: &Certification, after: &Exception) -> Result<(), Refused> {
    let standing = desk.standing(&certification.id).await?;
    for exception in standing.exceptions.iter_mut().filter(|exception| exception.id == after.id) {
        exception.clone_from(after);
    }
    Ok(())
}

fn state<T>(words: &str) -> Result<T, Refused> {
    Err(Refused::State(words.to_owned()))
}
