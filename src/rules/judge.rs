//! What one result says by itself, whatever else was shown: enough, too little, or not all that is asked.

use super::score::Score;
use super::standing::{Outcome, RecordedResult};
use super::unmet::{Unmet, UnmetCode, in_words};
use crate::decimal::{Decimal, Fraction};
use crate::program::{Criterion, Particular, Proctoring, Requirement, RequirementKind, Reviewer};

/// What a result is worth.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Judgement {
    /// It says everything that is asked, and all of it is enough.
    Good,
    /// Something that it says is not enough: an attempt.
    Flawed(Vec<Unmet>),
    /// What it says is enough, but it does not say all: neither passed nor an attempt, until somebody looks at it.
    Missing(Vec<Unmet>),
}

/// Judges a result. What its source vouches for it need not say; what it does say counts all the same.
pub(super) fn judge(requirement: &Requirement, result: &RecordedResult) -> Judgement {
    let said = too_weak(requirement, result);
    if !said.is_empty() {
        return Judgement::Flawed(said);
    }
    let missing = missing(requirement, result);
    if missing.is_empty() { Judgement::Good } else { Judgement::Missing(missing) }
}

/// Everything that keeps a result from being good enough; empty when it is.
pub(super) fn flaws(requirement: &Requirement, result: &RecordedResult) -> Vec<Unmet> {
    match judge(requirement, result) {
        Judgement::Good => Vec::new(),
        Judgement::Flawed(flaws) | Judgement::Missing(flaws) => flaws,
    }
}

/// What a result that would count does not say though it is asked; empty where nothing is missing, or it would not count.
pub fn unsaid(requirement: &Requirement, result: &RecordedResult) -> Vec<Unmet> {
    match judge(requirement, result) {
        Judgement::Missing(missing) => missing,
        Judgement::Good | Judgement::Flawed(_) => Vec::new(),
    }
}

fn too_weak(requirement: &Requirement, result: &RecordedResult) -> Vec<Unmet> {
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
        if let (Some(have), Some(need)) = (score(result, &criterion.id), criterion.pass)
            && have < need
        {
            let have = Fraction::new(have, Decimal::ONE).rounded_below(need);
            let words = format!("{name}: \"{}\" has {have} %, {need} % needed.", criterion.name);
            let flaw = Unmet::of(requirement, UnmetCode::BelowRubric, words).fact("criterion", criterion.id.as_str());
            flaws.push(flaw.fact("have", have).fact("need", need));
        }
    }
    flaws
}

fn missing(requirement: &Requirement, result: &RecordedResult) -> Vec<Unmet> {
    let asked = requirement.particulars();
    asked
        .into_iter()
        .filter(|one| !result.vouched.contains(one))
        .flat_map(|one| lacks(requirement, result, one))
        .collect()
}

/// What a result lacks of one particular.
fn lacks(requirement: &Requirement, result: &RecordedResult, particular: Particular) -> Vec<Unmet> {
    let name = in_words(requirement);
    let one = |code, words: String| vec![Unmet::of(requirement, code, words)];
    match particular {
        Particular::Score => no_score(requirement, result),
        Particular::Hours if result.minutes.is_none() => {
            let words = format!("{name}: no minutes were reported, {} hours needed.", requirement.hours);
            one(UnmetCode::HoursMissing, words)
        }
        Particular::Proctoring if result.proctoring.is_none() => {
            let need = word(requirement.proctoring);
            let words = format!("{name}: no proctoring was reported, \"{need}\" needed.");
            vec![Unmet::of(requirement, UnmetCode::ProctoringMissing, words).fact("need", need)]
        }
        Particular::Reviewer if result.by.is_none() => {
            let need = reviewer(requirement.by);
            let words = format!("{name}: it was not reported who reviewed, \"{need}\" needed.");
            vec![Unmet::of(requirement, UnmetCode::ReviewerMissing, words).fact("need", need)]
        }
        Particular::Evidence if result.evidence.is_empty() => {
            one(UnmetCode::EvidenceMissing, format!("{name}: no evidence was reported."))
        }
        Particular::Hours | Particular::Proctoring | Particular::Reviewer | Particular::Evidence => Vec::new(),
    }
}

/// A rubric that was begun must be complete where it stands for the score.
fn no_score(requirement: &Requirement, result: &RecordedResult) -> Vec<Unmet> {
    let name = in_words(requirement);
    let mark = requirement.pass.filter(|pass| *pass > Decimal::ZERO);
    let in_all = mark.filter(|_| result.score.is_none() && weighted(requirement, result).is_none());
    let begun = requirement.rubric.iter().any(|criterion| score(result, &criterion.id).is_some());
    let wanted = |criterion: &&Criterion| criterion.pass.is_some() || (in_all.is_some() && begun);
    let unscored = requirement.rubric.iter().filter(wanted).filter(|c| score(result, &c.id).is_none());
    let mut missing: Vec<Unmet> = unscored
        .map(|criterion| {
            let words = format!("{name}: \"{}\" was not scored.", criterion.name);
            Unmet::of(requirement, UnmetCode::RubricIncomplete, words).fact("criterion", criterion.id.as_str())
        })
        .collect();
    if let Some(need) = in_all.filter(|_| missing.is_empty()) {
        let words = format!("{name}: no score was reported, {need} % needed.");
        missing.push(Unmet::of(requirement, UnmetCode::ScoreMissing, words).fact("need", need));
    }
    missing
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
    let have = match result.proctoring.as_deref()? {
        "live" => Proctoring::Live,
        "in-person" => Proctoring::InPerson,
        _ => Proctoring::SelfPaced,
    };
    let need = requirement.proctoring;
    if have >= need {
        return None;
    }
    let (have, need) = (word(have), word(need));
    let words = format!("{}: proctoring \"{have}\" reported, \"{need}\" needed.", in_words(requirement));
    Some(Unmet::of(requirement, UnmetCode::ProctoringTooWeak, words).fact("have", have).fact("need", need))
}

fn reviewed_by_another(requirement: &Requirement, result: &RecordedResult) -> Option<Unmet> {
    let have = result.by.as_deref().filter(|_| requirement.kind == RequirementKind::Review)?;
    let need = reviewer(requirement.by);
    if have == need {
        return None;
    }
    let words = format!("{}: reviewed by \"{have}\", by \"{need}\" needed.", in_words(requirement));
    Some(Unmet::of(requirement, UnmetCode::WrongReviewer, words).fact("have", have).fact("need", need))
}

fn reviewer(by: Reviewer) -> &'static str {
    match by {
        Reviewer::Assessor => "assessor",
        Reviewer::Peer => "peer",
        Reviewer::Ai => "ai",
        Reviewer::Manager => "manager",
    }
}

fn word(proctoring: Proctoring) -> &'static str {
    match proctoring {
        Proctoring::SelfPaced => "self",
        Proctoring::Live => "live",
        Proctoring::InPerson => "in-person",
    }
}

/// The time that a result adds; all that is asked, where it was taken on trust.
pub(super) fn seconds_spent(requirement: &Requirement, result: &RecordedResult) -> i64 {
    let trusted = result.vouched.contains(&Particular::Hours).then_some(requirement.hours * 60.0);
    seconds_of(result.minutes.or(trusted).unwrap_or(0.0))
}

#[expect(clippy::cast_possible_truncation, reason = "clamped; not a number becomes 0")]
pub(super) fn seconds_of(minutes: f64) -> i64 {
    (minutes * 60.0).round().clamp(0.0, 1e12) as i64
}
