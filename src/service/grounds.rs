//! What an award rests on: whether it would have been made, and given its present term, without something in doubt.

use super::Breakdown;
use super::desk::Desk;
use super::program;
use crate::id::CertificationId;
use crate::rules::{self, Award, Decision, Happening, Question, RecordedResult, Standing, Term};

/// What is left of an award without what is in doubt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Grounds {
    /// All of it.
    Whole,
    /// The award, with the term before the last renewal.
    EarlierTerm(Term),
    /// Nothing carries it.
    None,
}

/// Compares a standing in which everything counts that ever did with one that lacks what is in doubt. An award that was
/// made or renewed by hand, or came in as history, rests on nothing that was reported.
pub(super) async fn compare(
    desk: &Desk<'_>,
    id: &CertificationId,
    with: &Standing,
    without: &Standing,
) -> Result<Grounds, Breakdown> {
    let Some(award) = &with.award else { return Ok(Grounds::Whole) };
    let issued = award.versions.first().expect("an award is made with its first version").program;
    if falls(desk, id, (issued, None), (with, without)).await? {
        return Ok(Grounds::None);
    }
    if let Some((before, version)) = before_renewal(award) {
        let term = Term::of(before.current(), desk.in_force.program.timezone);
        if falls(desk, id, (version, Some(before)), (with, without)).await? {
            return Ok(Grounds::EarlierTerm(term));
        }
    }
    Ok(Grounds::Whole)
}

/// The standing as if every result counted that was ever held back or struck out.
pub(super) fn as_reported(standing: &Standing) -> Standing {
    let cleared = |result: &RecordedResult| RecordedResult { holds: Vec::new(), void_at: None, ..result.clone() };
    Standing { results: standing.results.iter().map(cleared).collect(), ..standing.clone() }
}

/// The award as it was before its last renewal, and the version of the program that renewed it.
pub(super) fn before_renewal(award: &Award) -> Option<(Award, u32)> {
    let renewed = |line: &rules::HistoryEntry| matches!(line.what, Happening::Renewed { .. });
    let line = award.history.iter().rposition(renewed)?;
    let version = award.history[line].what.version()?;
    let place = award.versions.iter().position(|v| v.number == version).filter(|place| *place > 0)?;
    let program = award.versions[place].program;
    let mut before = award.clone();
    before.history.truncate(line);
    before.versions.truncate(place);
    before.demands.clear();
    Some((before, program))
}

/// Whether one step (the issue, or a renewal of `before`) was earned with everything and is not without what is in doubt.
async fn falls(
    desk: &Desk<'_>,
    id: &CertificationId,
    step: (u32, Option<Award>),
    (with, without): (&Standing, &Standing),
) -> Result<bool, Breakdown> {
    let (version, before) = step;
    Ok(is_earned(desk, id, version, before.as_ref(), with).await?
        && !is_earned(desk, id, version, before.as_ref(), without).await?)
}

/// By the rules of that version of the program. What had to be held first is another standing's matter.
async fn is_earned(
    desk: &Desk<'_>,
    id: &CertificationId,
    version: u32,
    before: Option<&Award>,
    of: &Standing,
) -> Result<bool, Breakdown> {
    let judge = program::version(desk.app, version).await?;
    let Some(certification) = judge.program.certification(id) else { return Ok(false) };
    let mut certification = certification.clone();
    certification.prerequisites.clear();
    let dated = match before {
        Some(award) => Some(program::version(desk.app, award.current().program).await?),
        None => None,
    };
    let basis = dated.as_ref().and_then(|dated| dated.program.certification(id)).unwrap_or(&certification);
    let standing = Standing { award: before.cloned(), former: Vec::new(), ..of.clone() };
    let question = Question {
        program: &judge.program,
        certification: &certification,
        basis,
        standing: &standing,
        held: &[],
        now: desk.now,
        history: true,
    };
    Ok(matches!(rules::decide(&question), Decision::Award(_) | Decision::Renew(_)))
}
