//! What an award rests on, and what is left of it without what is in doubt or turned out to be wrong. Holds, their verdicts,
//! undone batches and exceptions that are taken back all ask here, term by term.

mod fall;

pub(super) use fall::{Fall, fall, ripple};

use super::Breakdown;
use super::desk::Desk;
use super::program;
use crate::id::{CertificationId, CredentialVersion};
use crate::rules::{
    self, Award, Cause, Decision, Earned, Happening, Held, HistoryEntry, Question, RecordedResult, ResultRef, Standing,
    Term, VersionEntry, VersionKind, Versions,
};

/// What is left of an award.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Grounds {
    /// All of it.
    Whole,
    /// The award, with the term that the rest carries.
    Rest(Box<Rest>),
    /// Nothing carries it.
    None,
}

impl Grounds {
    /// Whether what is left lasts as long as the award does.
    pub(super) fn carries(&self, award: &Award) -> bool {
        match self {
            Grounds::Whole => true,
            Grounds::Rest(rest) => rest.ends_as(award),
            Grounds::None => false,
        }
    }
}

/// An award as the rest would have made it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Rest {
    /// Only terms that stand, with the dates and the results that the rest gives them.
    pub(super) award: Award,
    /// Versions that began a term which does not stand, or has other dates.
    pub(super) fallen: Vec<CredentialVersion>,
}

impl Rest {
    /// Whether it ends no earlier than it did.
    fn ends_as(&self, before: &Award) -> bool {
        let (now, then) = (self.award.current().valid_until, before.current().valid_until);
        now.is_none_or(|now| then.is_some_and(|then| now >= then))
    }

    /// The term that is left: that of a version which stands, or another.
    pub(super) fn earned(&self, zone: chrono_tz::Tz) -> Earned {
        let began = self.award.began();
        let is_other = self.fallen.contains(&began.number);
        let term = Term { began: (!is_other).then_some(began.number), ..Term::of(self.award.current(), zone) };
        Earned { term, rests_on: if is_other { began.rests_on.clone() } else { Vec::new() } }
    }
}

/// What made a version, and whether that is in doubt.
pub(super) type Doubt<'a> = dyn Fn(&VersionEntry, &Cause) -> bool + Sync + 'a;

/// What is left of the award of `rest`, in which nothing counts that is in doubt. A term stands unless `doubt` is about what
/// earned it, or the term before it fell or is another; else it is decided anew, by the versions of the program of each day. What somebody granted
/// stands.
pub(super) async fn compare(
    desk: &mut Desk<'_>,
    id: &CertificationId,
    rest: &Standing,
    doubt: &Doubt<'_>,
) -> Result<Grounds, Breakdown> {
    let Some(award) = &rest.award else { return Ok(Grounds::Whole) };
    let mut left = Award { versions: Vec::new(), demands: Vec::new(), history: Vec::new(), ..award.clone() };
    let (mut fallen, mut touched) = (Vec::new(), false);
    let stands = |term| award.version(term).is_none_or(|began| !began.fallen);
    for version in award.versions.iter().filter(|version| stands(version.term)) {
        let Some(line) = made(award, version) else { continue };
        if version.term != version.number {
            go_on(&mut left, version, line);
            continue;
        }
        let in_doubt = doubt(version, &line.cause);
        let moved = !fallen.is_empty() && !version.rests_on.is_empty();
        let adrift = left.versions.is_empty() && version.kind == VersionKind::Renewal;
        if !in_doubt && !moved && !adrift {
            add(&mut left, version.clone(), line);
            continue;
        }
        touched = true;
        let before = (!left.versions.is_empty()).then_some(&left);
        match is_earned(desk, (id, version.program, line), before, rest).await? {
            Some(Earned { term, rests_on }) => {
                let (awarded_at, valid_until) = (term.awarded_at, term.valid_until);
                if (awarded_at, valid_until) != (version.awarded_at, version.valid_until) {
                    fallen.push(version.number);
                }
                add(&mut left, VersionEntry { valid_until, awarded_at, rests_on, ..version.clone() }, line);
            }
            None => fallen.push(version.number),
        }
    }
    Ok(match (touched, left.versions.is_empty()) {
        (false, _) => Grounds::Whole,
        (true, true) => Grounds::None,
        (true, false) => Grounds::Rest(Box::new(Rest { award: left, fallen })),
    })
}

/// Whether any of what earned a version's term does not count in `rest`.
pub(super) fn lacks(rest: &Standing, version: &VersionEntry) -> bool {
    version.rests_on.iter().any(|named| is_out(rest, named))
}

fn is_out(rest: &Standing, named: &ResultRef) -> bool {
    let mut same = rest.results.iter().filter(|result| result.id == named.id && result.source == named.source);
    same.clone().next().is_some() && !same.any(RecordedResult::counts)
}

/// The line that tells of a version first.
fn made<'a>(award: &'a Award, version: &VersionEntry) -> Option<&'a HistoryEntry> {
    award.history.iter().find(|line| line.what.version() == Some(version.number))
}

fn add(left: &mut Award, version: VersionEntry, line: &HistoryEntry) {
    left.versions.push(version);
    left.history.push(line.clone());
}

/// A version that goes on with a term falls with it, and has its dates; an extension ends later.
fn go_on(left: &mut Award, version: &VersionEntry, line: &HistoryEntry) {
    let Some(of) = left.versions.iter().rev().find(|known| known.term == version.term) else { return };
    let (awarded_at, mut valid_until) = (of.awarded_at, of.valid_until);
    if let Happening::Extended { .. } = line.what {
        valid_until = valid_until.and_then(|until| Some(until.max(version.valid_until?)));
    }
    add(left, VersionEntry { valid_until, awarded_at, ..version.clone() }, line);
}

/// What earns the term after `before` (the first one) by the rules of that version of the program: as it was decided then, or
/// by what came since. What had to be held first is looked at where the term waited for it; else that is another standing's
/// matter.
async fn is_earned(
    desk: &mut Desk<'_>,
    (id, version, line): (&CertificationId, u32, &HistoryEntry),
    before: Option<&Award>,
    of: &Standing,
) -> Result<Option<Earned>, Breakdown> {
    let judge = program::version(desk.app, version).await?;
    let Some(certification) = judge.program.certification(id) else { return Ok(None) };
    // What was taken back meanwhile was not held then either.
    let taken_back =
        |held: &Held| matches!(held.award.history.last(), Some(line) if matches!(line.what, Happening::Revoked { .. }));
    let held = match line.cause {
        Cause::Award { .. } => {
            let held = desk.held(certification.prerequisites.iter().flatten()).await?;
            Some(held.into_iter().filter(|held| !taken_back(held)).collect::<Vec<_>>())
        }
        _ => None,
    };
    let dated = match before {
        Some(award) => Some(program::version(desk.app, award.current().program).await?),
        None => None,
    };
    let basis = dated.as_ref().and_then(|dated| dated.program.certification(id)).unwrap_or(certification);
    let later: Vec<_> = desk.versions[1..].iter().map(|(from, version)| (*from, &version.program)).collect();
    let standing = Standing { award: before.cloned(), former: Vec::new(), ..of.clone() };
    let then = (line.recorded_at, line.valid_at != line.recorded_at);
    for (now, history) in [then, (desk.now, true)] {
        let question = Question {
            versions: Versions::new(&desk.versions[0].1.program, &later),
            program: &judge.program,
            certification,
            basis,
            standing: &standing,
            held: held.as_deref(),
            now,
            history,
        };
        if let Decision::Award(earned) | Decision::Renew(earned) = rules::decide(&question) {
            return Ok(Some(earned));
        }
    }
    Ok(None)
}
