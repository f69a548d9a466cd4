//! [`why`]: of each result of a standing, whether it counts, and why not.

use serde::Serialize;

use super::attempts::{Admission, Numbered};
use super::award::Award;
use super::course::{Course, course};
use super::decide::Question;
use super::explain::written;
use super::full::{Start, scope};
use super::judge::{Judgement, flaws, judge};
use super::progress::{Fate, Judged, Progress};
use super::scope::Scope;
use super::standing::RecordedResult;
use super::term::last_moment;
use crate::program::Certification;
use crate::program::duration::local_day;

/// What became of one result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Why {
    /// Whether it counts now, or counted towards what was awarded.
    pub counts: bool,
    /// For programs.
    pub code: WhyCode,
    /// For people.
    pub words: String,
    /// The number of a failed attempt in its series.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attempt: Option<u32>,
    /// How many attempts there were.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attempts: Option<u32>,
}

/// Stable codes of what becomes of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum WhyCode {
    /// It counts.
    Counts,
    /// A failed attempt.
    FailedAttempt,
    /// It does not say all that is asked: somebody will look at it.
    Incomplete,
    /// Not good enough.
    NotGoodEnough,
    /// It belongs to no path that is open: it lies before the renewal window, or in an earlier term.
    OtherTerm,
    /// Something else should have come first.
    OutOfOrder,
    /// It is about a piece that counts already.
    SamePiece,
    /// It was taken before the waiting period was over.
    TooEarly,
    /// It counted, and is too long ago.
    TooOld,
    /// It is being looked into; says nothing against the person.
    UnderReview,
    /// The program has no such requirement any more.
    Unknown,
    /// There was no attempt left.
    UsedUp,
    /// It counted until the path began anew.
    BeganAnew,
    /// It was struck out.
    Void,
}

const OTHER_TERM: &str = "It lies outside what counts for the next term.";

/// In the order of the standing's results. What a term of the award rests on counted, whatever is judged now.
pub fn why(q: &Question<'_>) -> Vec<Why> {
    let now = match course(q) {
        Course::Full(start) => scope(q, &start),
        Course::Renewal(cycle) | Course::Renewed(cycle, _) => cycle.scope(q, cycle.phase(q.now)),
        Course::Rests | Course::Mending(_) => scope(q, &Start::default()),
    };
    let now = Progress::new(now, Vec::new());
    let first = q.standing.award.as_ref().map(|award| Progress::new(first_path(q, award), Vec::new()));
    q.standing.results.iter().map(|result| of(q, result, &now, first.as_ref())).collect()
}

/// What led to the first award.
fn first_path<'a>(q: &Question<'a>, award: &Award) -> Scope<'a> {
    let issued = award.versions.first().map_or(q.now, |version| version.earned_at);
    Scope { until: issued, ..scope(q, &Start::default()) }
}

fn of(q: &Question<'_>, result: &RecordedResult, now: &Progress<'_>, first: Option<&Progress<'_>>) -> Why {
    if result.void_at.is_some() {
        return said(false, WhyCode::Void, "It was struck out.");
    }
    if !result.holds.is_empty() {
        return said(false, WhyCode::UnderReview, "It is under review, which says nothing against the person.");
    }
    let requirement = q.certification_at(result.at).and_then(|c| c.requirement(&result.requirement));
    let Some(requirement) = requirement else {
        return said(false, WhyCode::Unknown, "The program had no such requirement then.");
    };
    let in_progress = |progress: &Progress<'_>| {
        let judged = progress.judged.iter().find(|judged| std::ptr::eq(judged.result, result))?;
        (judged.fate != Fate::Before).then(|| fate(q, progress, judged))
    };
    if q.standing.award.as_ref().is_some_and(|award| award.rests_on(&result.named())) {
        return said(true, WhyCode::Counts, "It counts.");
    }
    in_progress(now).or_else(|| first.and_then(in_progress)).unwrap_or_else(|| match judge(requirement, result) {
        Judgement::Good => said(false, WhyCode::OtherTerm, OTHER_TERM),
        Judgement::Flawed(flaws) => said(false, WhyCode::NotGoodEnough, words(&flaws)),
        Judgement::Missing(missing) => said(false, WhyCode::Incomplete, words(&missing)),
    })
}

fn fate(q: &Question<'_>, progress: &Progress<'_>, judged: &Judged<'_>) -> Why {
    let (zone, result, requirement) = (q.program.timezone, judged.result, judged.requirement);
    let flawed = || words(&flaws(requirement, result));
    match &judged.fate {
        Fate::Counted => {
            if progress.void_until(&requirement.id, progress.scope.until).is_some_and(|at| at >= result.at) {
                return said(
                    false,
                    WhyCode::BeganAnew,
                    "It counted until every attempt was used up and all began anew.",
                );
            }
            let last = requirement.valid_for.map(|length| last_moment(result.at, length, zone));
            match last.filter(|last| *last < progress.scope.until) {
                Some(last) => {
                    let until = written(local_day(last, zone));
                    said(false, WhyCode::TooOld, format!("It counted until {until}."))
                }
                None if judged.met_before => said(true, WhyCode::Counts, "It counts; this was met already."),
                None => said(true, WhyCode::Counts, "It counts."),
            }
        }
        Fate::Again => said(false, WhyCode::SamePiece, "It is about a piece that counts already; each counts once."),
        Fate::Failed(Numbered { attempt, attempts }) => {
            let number = match attempts {
                Some(attempts) => format!("Attempt {attempt} of {attempts}."),
                None => format!("Attempt {attempt}."),
            };
            let why = said(false, WhyCode::FailedAttempt, format!("{} {number}", flawed()).trim().to_owned());
            Why { attempt: Some(*attempt), attempts: *attempts, ..why }
        }
        Fate::Before => said(false, WhyCode::OtherTerm, OTHER_TERM),
        Fate::Missing => said(false, WhyCode::Incomplete, format!("{} It waits for somebody to look at it.", flawed())),
        Fate::Flawed => said(false, WhyCode::NotGoodEnough, flawed()),
        Fate::OutOfOrder(missing) => {
            let names: Vec<String> = missing.iter().map(|id| name(q.certification, id.as_str())).collect();
            said(false, WhyCode::OutOfOrder, format!("{} must come first.", names.join(" and ")))
        }
        Fate::NotAdmitted(Admission::TooEarly { from }) => {
            let from = written(*from);
            let words = format!("It was taken before the waiting period was over, which was on {from}.");
            said(false, WhyCode::TooEarly, words)
        }
        Fate::NotAdmitted(_) => said(false, WhyCode::UsedUp, "There was no attempt left."),
    }
}

fn name(certification: &Certification, id: &str) -> String {
    let known = certification.requirements.iter().find(|requirement| requirement.id.as_str() == id);
    format!("\"{}\"", known.map_or(id, |requirement| requirement.name.as_str()))
}

fn words(flaws: &[super::Unmet]) -> String {
    flaws.iter().map(|flaw| flaw.words.as_str()).collect::<Vec<_>>().join(" ")
}

fn said(counts: bool, code: WhyCode, words: impl Into<String>) -> Why {
    Why { counts, code, words: words.into(), attempt: None, attempts: None }
}
