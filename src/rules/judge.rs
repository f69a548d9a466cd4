//! What is wrong with one result as such, whatever else was shown.

use super::score::Score;
use super::standing::{Outcome, RecordedResult};
use super::unmet::{Unmet, UnmetCode, in_words};
use crate::decimal::{Decimal, Fraction};
use crate::program::{Criterion, Proctoring, Requirement, RequirementKind, Reviewer};

/// Everything that keeps a result from being good enough; empty when it is.
pub(super) fn flaws(requirement: &Requirement, result: &RecordedResult) -> Vec<Unmet> {
    let mut flaws = Vec::new();
    let name = in_words(requirement);
    let have = result.score.map(Score::share).or_else(|| weighted(requirement, result));
    if let (Some(have), Some(need)) = (have, requirement.pass)
        && !have.reaches(need)
    {
        let have = have.rounded_below(need);
        let words = format!("{name}: {have} % reported, {need} % needed.");
        flaws.push(Unmet::of(requirement, UnmetCode::BelowPassMark, words).fact("have", have).fact("need", need));
    }
    let accepted = match requirement.kind {
        RequirementKind::Training => result.outcome != Outcome::Failed,
        RequirementKind::Exam | RequirementKind::Review | RequirementKind::Evidence => {
            result.outcome == Outcome::Passed
        }
    };
    if !accepted && flaws.is_empty() {
        flaws.push(Unmet::not_done(requirement));
    }
    flaws.extend(watched_too_little(requirement, result));
    flaws.extend(reviewed_by_another(requirement, result));
    for criterion in &requirement.rubric {
        let about = |code, words| Unmet::of(requirement, code, words).fact("criterion", criterion.id.as_str());
        match (score(result, &criterion.id), criterion.pass) {
            (Some(have), Some(need)) if have < need => {
                let have = Fraction::new(have, Decimal::ONE).rounded_below(need);
                let words = format!("{name}: \"{}\" has {have} %, {need} % needed.", criterion.name);
                flaws.push(about(UnmetCode::BelowRubric, words).fact("have", have).fact("need", need));
            }
            (None, pass) if accepted && (pass.is_some() || wants_all_scores(requirement, result)) => {
                let words = format!("{name}: \"{}\" was not scored.", criterion.name);
                flaws.push(about(UnmetCode::RubricIncomplete, words));
            }
            _ => {}
        }
    }
    flaws
}

fn wants_all_scores(requirement: &Requirement, result: &RecordedResult) -> bool {
    requirement.pass.is_some() && result.score.is_none()
}

/// The last score that was reported for a criterion.
fn score(result: &RecordedResult, criterion: &str) -> Option<Decimal> {
    result.rubric.iter().filter(|(id, _)| id == criterion).map(|(_, score)| *score).next_back()
}

/// The score by the weights of the rubric, when every criterion has one.
fn weighted(requirement: &Requirement, result: &RecordedResult) -> Option<Fraction> {
    let scored = |criterion: &Criterion| Some((criterion.weight, score(result, &criterion.id)?));
    Fraction::mean(requirement.rubric.iter().map(scored).collect::<Option<Vec<_>>>()?)
}

fn watched_too_little(requirement: &Requirement, result: &RecordedResult) -> Option<Unmet> {
    let (have, need) = (watched(result), requirement.proctoring);
    if have >= need {
        return None;
    }
    let (have, need) = (word(have), word(need));
    let words = format!("{}: proctoring \"{have}\" reported, \"{need}\" needed.", in_words(requirement));
    Some(Unmet::of(requirement, UnmetCode::ProctoringTooWeak, words).fact("have", have).fact("need", need))
}

/// Who reviewed must be stated to be wrong.
fn reviewed_by_another(requirement: &Requirement, result: &RecordedResult) -> Option<Unmet> {
    let have = result.by.as_deref().filter(|_| requirement.kind == RequirementKind::Review)?;
    let need = match requirement.by {
        Reviewer::Assessor => "assessor",
        Reviewer::Peer => "peer",
        Reviewer::Ai => "ai",
        Reviewer::Manager => "manager",
    };
    if have == need {
        return None;
    }
    let words = format!("{}: reviewed by \"{have}\", by \"{need}\" needed.", in_words(requirement));
    Some(Unmet::of(requirement, UnmetCode::WrongReviewer, words).fact("have", have).fact("need", need))
}

/// What is not reported, or not known, counts as the least.
fn watched(result: &RecordedResult) -> Proctoring {
    match result.proctoring.as_deref() {
        Some("live") => Proctoring::Live,
        Some("in-person") => Proctoring::InPerson,
        _ => Proctoring::SelfPaced,
    }
}

fn word(proctoring: Proctoring) -> &'static str {
    match proctoring {
        Proctoring::SelfPaced => "self",
        Proctoring::Live => "live",
        Proctoring::InPerson => "in-person",
    }
}

pub(super) fn seconds_spent(result: &RecordedResult) -> i64 {
    seconds_of(result.minutes.unwrap_or(0.0))
}

#[expect(clippy::cast_possible_truncation, reason = "clamped; not a number becomes 0")]
pub(super) fn seconds_of(minutes: f64) -> i64 {
    (minutes * 60.0).round().clamp(0.0, 1e12) as i64
}
