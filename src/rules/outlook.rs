//! [`outlook`]: where a standing is and what leads on, said in full: for people, and for programs that ask.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use super::attempts::Next;
use super::award::{Award, Demand, DemandKind, Reason};
use super::course::{Cycle, course};
use super::decide::Question;
use super::demands::{asked, mend_until, missed_recertification};
use super::exception::{Exception, ExceptionKind};
use super::life::effect_of;
use super::open::{Open, open};
use super::progress::Progress;
use super::scope::Scope;
use super::state::AwardState;
use super::term::{RenewalPhase, last_moment, renewal_phase};
use super::unmet::Unmet;
use crate::id::{CertificationId, ExceptionId, RequirementId};

/// Everything that can be said of a standing at a moment.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Outlook {
    /// In what.
    #[schema(value_type = String)]
    pub certification: CertificationId,
    /// The moment of which it is true.
    pub at: DateTime<Utc>,
    /// Where in its life the award is.
    pub phase: Phase,
    /// From when: of a suspension or revocation; its last second, of what expired.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<DateTime<Utc>>,
    /// Why it is suspended or revoked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// When it was earned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub awarded_at: Option<DateTime<Utc>>,
    /// The last second of the term; none: nothing is held, or it does not expire.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<DateTime<Utc>>,
    /// The dates of the renewal of what is held and ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub renewal: Option<RenewalDates>,
    /// What the paths lead to.
    pub next: NextStep,
    /// Any one of these is enough.
    pub paths: Vec<PathOutlook>,
    /// What must be shown while the award runs and was not yet; soonest first.
    pub demands: Vec<DemandOutlook>,
    /// What was granted and is in effect.
    pub exceptions: Vec<ExceptionOutlook>,
    /// What is missing for the next award or renewal.
    pub unmet: Vec<Unmet>,
}

/// Where in its life an award is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// Nothing was awarded.
    NotHeld,
    /// It has not begun.
    NotYetValid,
    /// It holds, and cannot be renewed yet.
    Valid,
    /// It holds, and can be renewed.
    Window,
    /// It expired, and the renewal path is open.
    Grace,
    /// It expired, and the streamlined path is open.
    Streamlined,
    /// It expired, and only the full path is left.
    Lapsed,
    /// It is not valid at present.
    Suspended,
    /// It is no longer valid, for good.
    Revoked,
}

/// What the paths lead to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NextStep {
    /// An award.
    Award,
    /// Another term of the award.
    Renewal,
    /// The rest of its term, after a miss.
    Reinstatement,
    /// There is nothing to earn.
    Nothing,
}

/// When an award can be renewed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct RenewalDates {
    /// The first moment of the window.
    pub opens: DateTime<Utc>,
    /// The last second of the term.
    pub due: DateTime<Utc>,
    /// The last second of the renewal path.
    pub grace_until: DateTime<Utc>,
    /// The last second of the streamlined path.
    pub streamlined_until: DateTime<Utc>,
}

/// One way to the next award or renewal.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct PathOutlook {
    /// All of these are needed.
    pub requirements: Vec<RequirementOutlook>,
    /// Whether all of them are met.
    pub met: bool,
}

/// One requirement of a path.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct RequirementOutlook {
    /// Its id.
    #[schema(value_type = String)]
    pub requirement: RequirementId,
    /// Its name.
    pub name: String,
    /// Whether it is met.
    pub met: bool,
    /// Since when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<DateTime<Utc>>,
    /// Whether it was waived.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub waived: bool,
    /// How many failed attempts were used since the last pass, where attempts are counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attempts_used: Option<u32>,
    /// How many there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attempts: Option<u32>,
    /// The first day on which another attempt counts; none: at once, or only when one is granted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_attempt_from: Option<NaiveDate>,
    /// Whether another attempt must be granted first.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub must_be_granted: bool,
}

/// One open demand.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct DemandOutlook {
    /// Unique within the award.
    pub id: String,
    /// What a miss leads to.
    pub kind: DemandKind,
    /// Results from then on count.
    pub opens: DateTime<Utc>,
    /// Asked for by then.
    pub due: DateTime<Utc>,
    /// The last second before a miss has its effect.
    pub cutoff: DateTime<Utc>,
    /// Whether it was missed.
    pub missed: bool,
    /// Any one of these lists of requirements.
    #[schema(value_type = Vec<Vec<String>>)]
    pub paths: Vec<Vec<RequirementId>>,
    /// The training that mends a miss.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub remedy: Option<RequirementId>,
    /// The last second in which a miss can be mended; none: not limited, or it cannot.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mend_until: Option<DateTime<Utc>>,
}

/// One exception in effect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ExceptionOutlook {
    /// Internal.
    #[schema(value_type = String)]
    pub id: ExceptionId,
    /// What is granted.
    #[serde(flatten)]
    pub kind: ExceptionKind,
    /// Name of the API key that granted it.
    pub by: String,
    /// From when it holds.
    pub since: DateTime<Utc>,
}

/// Where the standing is and what leads on, at the question's moment.
pub fn outlook(q: &Question<'_>) -> Outlook {
    let award = q.standing.award.as_ref();
    let course = course(q);
    let (phase, since, reason) = phase(q);
    let Open { next, paths, unmet } = open(q, &course);
    // What a missed recertification ended has that end.
    let ended = since.filter(|_| matches!(phase, Phase::Grace | Phase::Streamlined | Phase::Lapsed));
    Outlook {
        certification: q.certification.id.clone(),
        at: q.now,
        phase,
        since,
        reason,
        awarded_at: award.map(|award| award.current().awarded_at),
        valid_until: ended.or_else(|| award?.current().valid_until),
        renewal: award.and_then(|award| dates(q, award, ended)),
        next,
        paths,
        demands: demands(q),
        exceptions: q.standing.exceptions.iter().filter_map(|exception| in_effect(exception, q.now)).collect(),
        unmet,
    }
}

/// Of an award that ended before its date, at `ended`, they are reckoned from there.
fn dates(q: &Question<'_>, award: &Award, ended: Option<DateTime<Utc>>) -> Option<RenewalDates> {
    let zone = q.program.timezone;
    if let Some(due) = ended.filter(|ended| award.current().valid_until.is_none_or(|until| *ended < until)) {
        let until = |length| last_moment(due, length, zone);
        let (grace, streamlined) = (until(q.basis.renewal.grace), until(q.basis.renewal.streamlined));
        let opens = missed_recertification(award, due).map_or(due, |demand| demand.opens);
        return Some(RenewalDates { opens, due, grace_until: grace, streamlined_until: streamlined.max(grace) });
    }
    let Cycle { opens, expiry: due, grace_until, streamlined_until, .. } = Cycle::of(award, q.basis, zone)?;
    Some(RenewalDates { opens, due, grace_until, streamlined_until })
}

fn phase(q: &Question<'_>) -> (Phase, Option<DateTime<Utc>>, Option<Reason>) {
    let zone = q.program.timezone;
    match (q.state(), &q.standing.award) {
        (None, _) | (_, None) => (Phase::NotHeld, None, None),
        (Some(AwardState::NotYetValid { from }), _) => (Phase::NotYetValid, Some(from), None),
        (Some(AwardState::Suspended { since, reason }), _) => (Phase::Suspended, Some(since), Some(reason)),
        (Some(AwardState::Revoked { since, reason }), _) => (Phase::Revoked, Some(since), Some(reason)),
        (Some(AwardState::Valid { .. }), Some(award)) => {
            let cycle = Cycle::of(award, q.basis, zone);
            let open = cycle.is_some_and(|cycle| cycle.phase(q.now) == RenewalPhase::Window);
            (if open { Phase::Window } else { Phase::Valid }, None, None)
        }
        (Some(AwardState::Expired { since, .. }), _) => {
            let phase = match renewal_phase(q.basis, since, zone, q.now) {
                RenewalPhase::Streamlined => Phase::Streamlined,
                RenewalPhase::Lapsed => Phase::Lapsed,
                RenewalPhase::Early | RenewalPhase::Window | RenewalPhase::Grace => Phase::Grace,
            };
            (phase, Some(since), None)
        }
    }
}

/// Each of these ways to go on.
pub(super) fn path_outlooks(progress: &Progress<'_>, ways: &[Vec<RequirementId>]) -> Vec<PathOutlook> {
    let path = |way: &Vec<RequirementId>| {
        let requirements: Vec<_> = way.iter().map(|id| requirement(progress, way, id)).collect();
        PathOutlook { met: requirements.iter().all(|r| r.met), requirements }
    };
    ways.iter().filter(|way| !way.is_empty()).map(path).collect()
}

fn requirement(progress: &Progress<'_>, way: &[RequirementId], id: &RequirementId) -> RequirementOutlook {
    let Scope { certification, until, .. } = progress.scope;
    let met = progress.now(way, id).met;
    let attempts = progress.attempts(id);
    let next = attempts.filter(|_| !met).map(|attempts| attempts.next_from(until));
    RequirementOutlook {
        requirement: id.clone(),
        name: certification.requirement(id).map_or_else(|| id.to_string(), |r| r.name.clone()),
        met,
        since: progress.met_since(way, id),
        waived: progress.waived(id).is_some(),
        attempts_used: attempts.map(super::attempts::Attempts::used),
        attempts: attempts.and_then(super::attempts::Attempts::limit),
        next_attempt_from: match next {
            Some(Next::From(day)) => Some(day),
            _ => None,
        },
        must_be_granted: next == Some(Next::MustBeGranted),
    }
}

/// What is still to be shown: not what a later version has made good, nor what ended with its term.
fn demands(q: &Question<'_>) -> Vec<DemandOutlook> {
    let valid = matches!(q.state(), Some(AwardState::Valid { .. }));
    let asked = asked(q).into_iter().map(|asked| asked.demand);
    let open = asked.filter(|demand| demand.met.is_none() && !(valid && is_missed(q, demand)));
    open.map(|demand| demanded(q, demand)).collect()
}

fn is_missed(q: &Question<'_>, demand: &Demand) -> bool {
    q.now >= effect_of(demand)
}

fn demanded(q: &Question<'_>, demand: &Demand) -> DemandOutlook {
    DemandOutlook {
        id: demand.id.clone(),
        kind: demand.kind,
        opens: demand.opens,
        due: demand.due,
        cutoff: demand.cutoff,
        missed: is_missed(q, demand),
        paths: demand.paths.clone(),
        remedy: demand.remedy.as_ref().map(|remedy| remedy.training.clone()),
        mend_until: mend_until(demand, q.basis, q.program.timezone),
    }
}

fn in_effect(exception: &Exception, now: DateTime<Utc>) -> Option<ExceptionOutlook> {
    let since = exception.since().filter(|since| *since <= now)?;
    Some(ExceptionOutlook { id: exception.id.clone(), kind: exception.kind.clone(), by: exception.by.clone(), since })
}
