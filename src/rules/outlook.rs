//! [`outlook`]: where a standing is and what leads on, said in full: for people, and for programs that ask.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use super::attempts::Next;
use super::award::{Award, Demand, DemandKind, Reason};
use super::course::{Course, Cycle, course};
use super::decide::Question;
use super::exception::{Exception, ExceptionKind};
use super::explain::written;
use super::full::{Gates, closed_by, full, gates, missing, scope};
use super::life::effect_of;
use super::progress::{Progress, Scope};
use super::state::{AwardState, state_at};
use super::term::{RenewalPhase, last_moment};
use super::unmet::{Unmet, UnmetCode};
use crate::id::{CertificationId, ExceptionId, RequirementId};
use crate::program::duration::local_day;

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
    let (phase, since, reason) = award.map_or((Phase::NotHeld, None, None), |award| phase(q, award));
    let cycle = award.and_then(|award| Cycle::of(award, q.basis, q.program.timezone));
    let (next, paths, unmet) = ahead(q, &course);
    Outlook {
        certification: q.certification.id.clone(),
        at: q.now,
        phase,
        since,
        reason,
        awarded_at: award.map(|award| award.current().awarded_at),
        valid_until: award.and_then(|award| award.current().valid_until),
        renewal: cycle.map(|cycle| dates(&cycle)),
        next,
        paths,
        demands: award.map(|award| demands(q, award)).unwrap_or_default(),
        exceptions: q.standing.exceptions.iter().filter_map(|exception| in_effect(exception, q.now)).collect(),
        unmet,
    }
}

fn dates(cycle: &Cycle<'_>) -> RenewalDates {
    RenewalDates {
        opens: cycle.opens,
        due: cycle.expiry,
        grace_until: cycle.grace_until,
        streamlined_until: cycle.streamlined_until,
    }
}

fn phase(q: &Question<'_>, award: &Award) -> (Phase, Option<DateTime<Utc>>, Option<Reason>) {
    let zone = q.program.timezone;
    match state_at(award, Some(q.basis), zone, q.now) {
        AwardState::NotYetValid { from } => (Phase::NotYetValid, Some(from), None),
        AwardState::Suspended { since, reason } => (Phase::Suspended, Some(since), Some(reason)),
        AwardState::Revoked { since, reason } => (Phase::Revoked, Some(since), Some(reason)),
        AwardState::Valid { .. } => {
            let cycle = Cycle::of(award, q.basis, zone);
            let open = cycle.is_some_and(|cycle| cycle.phase(q.now) == RenewalPhase::Window);
            (if open { Phase::Window } else { Phase::Valid }, None, None)
        }
        AwardState::Expired { since, grace_until } => {
            let by_date = award.current().valid_until == Some(since);
            let cycle = Cycle::of(award, q.basis, zone).filter(|_| by_date);
            let phase = match cycle.map(|cycle| cycle.phase(q.now)) {
                Some(RenewalPhase::Streamlined) => Phase::Streamlined,
                _ if grace_until.is_some() => Phase::Grace,
                _ => Phase::Lapsed,
            };
            (phase, Some(since), None)
        }
    }
}

/// What can be earned next, on which paths, and what is missing.
fn ahead(q: &Question<'_>, course: &Course<'_>) -> (NextStep, Vec<PathOutlook>, Vec<Unmet>) {
    match course {
        Course::Rests => (NextStep::Nothing, Vec::new(), Vec::new()),
        Course::Full(start) => {
            let Gates { since, .. } = gates(q, start);
            let progress = Progress::new(scope(q, start), since.into_iter().collect());
            let next = if start.renews { NextStep::Renewal } else { NextStep::Award };
            (next, paths(&progress, &q.certification.any_of), full(q, start).err().unwrap_or_default())
        }
        Course::Renewal(cycle) | Course::Renewed(cycle, _) => {
            let phase = cycle.phase(q.now);
            let ways = Cycle::paths(q.certification, phase);
            let progress = Progress::new(cycle.scope(q, ways), Vec::new());
            let mut unmet = Vec::new();
            if matches!(course, Course::Renewal(_)) {
                unmet.extend(not_open_yet(q, cycle, phase));
                unmet.extend(missing(&progress, ways));
                unmet.extend(closed_by(q, q.now));
            }
            (NextStep::Renewal, paths(&progress, ways), unmet)
        }
    }
}

fn not_open_yet(q: &Question<'_>, cycle: &Cycle<'_>, phase: RenewalPhase) -> Option<Unmet> {
    let opens = local_day(cycle.opens, q.program.timezone);
    let words = format!("{} can be renewed from {}.", q.certification.name, written(opens));
    (phase == RenewalPhase::Early).then(|| Unmet::new(UnmetCode::NotOpenYet, words).fact("opens", opens.to_string()))
}

fn paths(progress: &Progress<'_>, ways: &[Vec<RequirementId>]) -> Vec<PathOutlook> {
    let path = |way: &Vec<RequirementId>| {
        let requirements: Vec<_> = way.iter().map(|id| requirement(progress, id)).collect();
        PathOutlook { met: requirements.iter().all(|r| r.met), requirements }
    };
    ways.iter().filter(|way| !way.is_empty()).map(path).collect()
}

fn requirement(progress: &Progress<'_>, id: &RequirementId) -> RequirementOutlook {
    let Scope { certification, until, .. } = progress.scope;
    let met = progress.now(id).met;
    let attempts = progress.attempts(id);
    let next = attempts.filter(|_| !met).map(|attempts| attempts.next_from(until));
    RequirementOutlook {
        requirement: id.clone(),
        name: certification.requirement(id).map_or_else(|| id.to_string(), |r| r.name.clone()),
        met,
        since: progress.met_since(id),
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

/// What is still to be shown: not what a later version has made good, nor what falls due after the term.
fn demands(q: &Question<'_>, award: &Award) -> Vec<DemandOutlook> {
    let valid = matches!(state_at(award, Some(q.basis), q.program.timezone, q.now), AwardState::Valid { .. });
    let ended = award.current().valid_until.filter(|until| q.now > *until);
    let over = |demand: &Demand| (valid && is_missed(q, demand)) || ended.is_some_and(|until| demand.cutoff > until);
    let mut open: Vec<_> = award.demands.iter().filter(|demand| demand.met.is_none() && !over(demand)).collect();
    open.sort_by_key(|demand| demand.due);
    open.into_iter().map(|demand| demanded(q, demand)).collect()
}

fn is_missed(q: &Question<'_>, demand: &Demand) -> bool {
    q.now >= effect_of(demand)
}

fn demanded(q: &Question<'_>, demand: &Demand) -> DemandOutlook {
    let mend_until = match (&demand.remedy, demand.kind) {
        (Some(remedy), _) => Some(remedy.until),
        (None, DemandKind::Upkeep) => None,
        (None, DemandKind::Recertification) => {
            Some(last_moment(demand.cutoff, q.certification.renewal.grace, q.program.timezone))
        }
    };
    DemandOutlook {
        id: demand.id.clone(),
        kind: demand.kind,
        opens: demand.opens,
        due: demand.due,
        cutoff: demand.cutoff,
        missed: is_missed(q, demand),
        paths: demand.paths.clone(),
        remedy: demand.remedy.as_ref().map(|remedy| remedy.training.clone()),
        mend_until,
    }
}

fn in_effect(exception: &Exception, now: DateTime<Utc>) -> Option<ExceptionOutlook> {
    let since = exception.since().filter(|since| *since <= now)?;
    Some(ExceptionOutlook { id: exception.id.clone(), kind: exception.kind.clone(), by: exception.by.clone(), since })
}
