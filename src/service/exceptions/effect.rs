//! What an exception may be granted for, and what it does once it holds.

use chrono::{DateTime, Utc};

use crate::id::CertificationId;
use crate::program::Certification;
use crate::rules::{self, AwardState, Cause, Decision, Exception, ExceptionKind, Reason, Term, VersionKind};
use crate::service::desk::{self, Desk};
use crate::service::grounds::{self, Grounds};
use crate::service::refused::Refused;

/// Whether there is something to grant.
pub(super) async fn check(
    desk: &mut Desk<'_>,
    certification: &Certification,
    kind: &ExceptionKind,
) -> Result<(), Refused> {
    match kind {
        ExceptionKind::Attempt { requirement } => {
            let limited = |r: &crate::program::Requirement| r.attempts > 0 || !r.wait.is_zero();
            if certification.requirement(requirement).is_some_and(limited) {
                return Ok(());
            }
            state(format!("attempts at {requirement} are not limited, so there is none to grant"))
        }
        ExceptionKind::Extend { until } => extendable(desk, certification, *until).await,
        ExceptionKind::AwardByHand => match desk.state(&certification.id).await? {
            None | Some(AwardState::Revoked { reason: Reason::IssuedInError, .. }) => Ok(()),
            Some(AwardState::Revoked { .. }) => state("this award was revoked, which is final"),
            Some(_) => state("this certification is held already; extend or renew the award"),
        },
        ExceptionKind::Approve if certification.approval == 0 => {
            state(format!("{} asks for no approval", certification.name))
        }
        ExceptionKind::Waive { .. } | ExceptionKind::Approve => Ok(()),
    }
}

async fn extendable(desk: &mut Desk<'_>, certification: &Certification, until: DateTime<Utc>) -> Result<(), Refused> {
    match desk.state(&certification.id).await? {
        None => return state("there is no award to extend"),
        Some(AwardState::Suspended { .. }) => return state("this award is suspended; reinstate it first"),
        Some(AwardState::Revoked { .. }) => return state("this award was revoked, which is final"),
        Some(_) => {}
    }
    let now = desk.now;
    let Some(expiry) = desk::held(desk.standing(&certification.id).await?).current().valid_until else {
        return state("this award does not expire, so there is nothing to extend");
    };
    if until <= expiry {
        return state(format!("this award runs until {}; an extension never shortens", crate::clock::rfc3339(expiry)));
    }
    if until <= now {
        return Err(Refused::invalid("/until", "lies in the past"));
    }
    Ok(())
}

/// Does what an exception in effect means.
pub(super) async fn take(
    desk: &mut Desk<'_>,
    certification: &Certification,
    exception: &Exception,
    (by, words): (&str, Option<&str>),
) -> Result<Decision, Refused> {
    let (id, now, in_force) = (&certification.id, desk.now, desk.in_force.clone());
    match &exception.kind {
        ExceptionKind::Extend { until } => {
            let term = Term::of(desk::held(desk.standing(id).await?).current(), in_force.program.timezone);
            let term = Term { valid_until: Some(*until), ..term };
            desk.sign(&in_force, certification, VersionKind::Extension, term).await?;
            desk.annotate(id, by, words).await?;
            Ok(desk.reconsidered(id).await?.decision)
        }
        ExceptionKind::AwardByHand => {
            let term = rules::term(&in_force.program, certification, now, None, now);
            desk.award(id, term).await?;
            desk.annotate(id, by, words).await?;
            desk.reconsider().await?;
            Ok(Decision::Award(term.into()))
        }
        ExceptionKind::Waive { .. } | ExceptionKind::Attempt { .. } | ExceptionKind::Approve => {
            let decision = desk.reconsidered(id).await?.decision;
            if matches!(decision, Decision::Award(_) | Decision::Renew(_)) {
                desk.annotate(id, by, words).await?;
            }
            Ok(decision)
        }
    }
}

/// Up to when exceptions were granted for something that is over, and rests on nothing any more: a term that ended, or an
/// award that was issued in error.
pub(super) async fn over_since(desk: &mut Desk<'_>, id: &CertificationId) -> Result<Option<DateTime<Utc>>, Refused> {
    Ok(match desk.state(id).await? {
        Some(AwardState::Expired { since, .. } | AwardState::Revoked { since, reason: Reason::IssuedInError }) => {
            Some(since)
        }
        _ => None,
    })
}

/// Whether an award, or its present term, would not be there without the exception.
pub(super) async fn carries(desk: &mut Desk<'_>, id: &CertificationId, of: &Exception) -> Result<bool, Refused> {
    if over_since(desk, id).await?.is_some_and(|over| of.since().is_some_and(|since| since <= over)) {
        return Ok(false);
    }
    let mut without = desk.standing(id).await?.clone();
    without.exceptions.retain(|exception| exception.id != of.id);
    let granted = Cause::Exception { exception: of.id.clone() };
    // Renewals keep the day on which it was earned; what was earned before a lapse is over.
    let Some(earned) = without.award.as_ref().map(|award| award.current().awarded_at) else { return Ok(false) };
    let doubt = |version: &rules::VersionEntry, cause: &Cause| {
        version.awarded_at == earned && (!version.rests_on.is_empty() || *cause == granted)
    };
    Ok(match grounds::compare(desk, id, &without, &doubt).await? {
        Grounds::Whole => false,
        Grounds::Rest(rest) => !rest.fallen.is_empty(),
        Grounds::None => true,
    })
}

fn state<T>(words: impl Into<String>) -> Result<T, Refused> {
    Err(Refused::State(words.into()))
}
