//! [`Progress`]: one path from its beginning to now, result by result: what was met when, and which results counted.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::attempts::{Admission, Attempts, Numbered};
use super::cause::ResultRef;
use super::exception::{Exception, ExceptionKind};
use super::judge::{Judgement, judge, seconds_of, seconds_spent};
use super::pieces::Pieces;
use super::standing::RecordedResult;
use super::term::last_moment;
use crate::id::RequirementId;
use crate::program::{Certification, Exhausted, Requirement};

/// What counts on a path.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scope<'a> {
    pub(super) certification: &'a Certification,
    pub(super) results: &'a [RecordedResult],
    pub(super) exceptions: &'a [Exception],
    pub(super) zone: Tz,
    /// Results from then on.
    pub(super) from: Option<DateTime<Utc>>,
    /// Results after that moment.
    pub(super) after: Option<DateTime<Utc>>,
    /// Results that we heard of after that moment.
    pub(super) recorded_after: Option<DateTime<Utc>>,
    /// Exceptions that were granted after that moment.
    pub(super) granted_after: Option<DateTime<Utc>>,
    /// Neither results nor exceptions later than this.
    pub(super) until: DateTime<Utc>,
    /// What must come first must do so on this path only if every one of these lists that has the one has the other, too.
    /// None: always.
    pub(super) together: Option<&'a [Vec<RequirementId>]>,
    /// As if nothing were held back.
    pub(super) held_too: bool,
}

/// For each requirement of a certification, whether it was met at each moment that matters.
pub(super) struct Progress<'a> {
    pub(super) scope: Scope<'a>,
    /// Ascending; the last one is now.
    pub(super) moments: Vec<DateTime<Utc>>,
    lines: Vec<Line<'a>>,
    /// In order, of requirements the certification has.
    pub(super) judged: Vec<Judged<'a>>,
    /// Where a failed last attempt made everything begin anew: whose, and when.
    pub(super) restarted: Option<(&'a RequirementId, DateTime<Utc>, Option<u32>)>,
}

/// One requirement under way.
struct Line<'a> {
    requirement: &'a Requirement,
    attempts: Attempts<'a>,
    waived: Option<DateTime<Utc>>,
    counted: Vec<Counted<'a>>,
    /// Those before it do not count any more, since everything began anew.
    from: usize,
    marks: Vec<Mark>,
}

#[derive(Clone, Copy)]
struct Counted<'a> {
    result: &'a RecordedResult,
    last: Option<DateTime<Utc>>,
}

/// What counted towards a requirement at one moment.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Mark {
    pub(super) count: i64,
    pub(super) seconds: i64,
    pub(super) met: bool,
    /// Something that counts was earned at that very moment.
    earned: bool,
    /// Which of what was counted on its line.
    counting: (usize, usize),
}

/// One result and what became of it.
pub(super) struct Judged<'a> {
    pub(super) result: &'a RecordedResult,
    pub(super) fate: Fate<'a>,
    /// Its requirement was met without it.
    pub(super) met_before: bool,
}

/// What became of a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fate<'a> {
    /// It counts, for as long as it is valid.
    Counted,
    /// It adds nothing: it is about pieces that count already.
    Again,
    /// A failed attempt.
    Failed(Numbered),
    /// Not good enough, where attempts are not counted.
    Flawed,
    /// Enough as far as it says, but not everything is said: it waits for somebody to look at it.
    Missing,
    /// Good, but these should have come first.
    OutOfOrder(Vec<&'a RequirementId>),
    /// Taken before the waiting period was over, or when there was none left: not an attempt.
    NotAdmitted(Admission),
}

impl<'a> Progress<'a> {
    /// `moments` may hold moments that matter beside those of the results and waivers.
    pub(super) fn new(scope: Scope<'a>, mut moments: Vec<DateTime<Utc>>) -> Self {
        let lines: Vec<_> = scope.certification.requirements.iter().map(|r| Line::new(r, &scope)).collect();
        let mut results: Vec<_> = scope.results.iter().filter(|r| scope.counts(r)).collect();
        let rank = ranks(scope.certification);
        let place = |r: &RecordedResult| {
            scope.certification.requirements.iter().position(|q| q.id == r.requirement).map_or(usize::MAX, |n| rank[n])
        };
        results.sort_by(|a, b| {
            (a.at, place(a), a.recorded_at, &a.source, &a.id).cmp(&(b.at, place(b), b.recorded_at, &b.source, &b.id))
        });
        moments.extend(results.iter().map(|r| r.at));
        moments.extend(lines.iter().filter_map(|line| line.waived));
        moments.retain(|at| *at <= scope.until);
        moments.push(scope.until);
        moments.sort_unstable();
        moments.dedup();
        let mut progress = Progress { scope, moments, lines, judged: Vec::new(), restarted: None };
        progress.run(&results);
        progress
    }

    fn run(&mut self, results: &[&'a RecordedResult]) {
        let mut results = results.iter().peekable();
        for at in self.moments.clone() {
            let mut earned = vec![false; self.lines.len()];
            while let Some(result) = results.next_if(|r| r.at <= at) {
                let Some(n) = self.lines.iter().position(|line| line.requirement.id == result.requirement) else {
                    continue;
                };
                let met_before = self.lines[n].mark(result.at).met;
                let fate = self.take(n, result, met_before);
                earned[n] |= fate == Fate::Counted;
                self.judged.push(Judged { result, fate, met_before });
            }
            for (line, earned) in self.lines.iter_mut().zip(earned) {
                let mark = line.mark(at);
                line.marks.push(Mark { earned: (earned && mark.count > 0) || line.waived == Some(at), ..mark });
            }
        }
    }

    fn take(&mut self, n: usize, result: &'a RecordedResult, met: bool) -> Fate<'a> {
        let requirement = self.lines[n].requirement;
        let good = match judge(requirement, result) {
            Judgement::Missing(_) => return Fate::Missing,
            judgement => judgement == Judgement::Good,
        };
        let missing = self.missing_before(requirement, result.at);
        if good && !missing.is_empty() {
            return Fate::OutOfOrder(missing);
        }
        let line = &mut self.lines[n];
        // What is met already takes no attempts, and a failure does not undo it.
        if line.attempts.are_limited() && !met {
            match line.attempts.admit(result.at) {
                Admission::Open => {}
                not => return Fate::NotAdmitted(not),
            }
            if !good {
                let numbered = line.attempts.failed(result.at);
                if numbered.is_last() && requirement.then == Exhausted::Restart {
                    self.restart(n, result.at, numbered);
                }
                return Fate::Failed(numbered);
            }
            line.attempts.passed();
        }
        if !good {
            return Fate::Flawed;
        }
        if self.restarted.is_none_or(|(_, at, _)| result.at > at) {
            let last = requirement.valid_for.map(|length| last_moment(result.at, length, self.scope.zone));
            let line = &mut self.lines[n];
            let counted = |line: &Line<'_>| (line.mark(result.at).count, line.mark(result.at).seconds);
            let before = counted(line);
            line.counted.push(Counted { result, last });
            if requirement.count > 1 && counted(line) == before {
                return Fate::Again;
            }
        }
        Fate::Counted
    }

    /// Everything shown so far no longer counts.
    fn restart(&mut self, n: usize, at: DateTime<Utc>, numbered: Numbered) {
        for (i, line) in self.lines.iter_mut().enumerate() {
            line.from = line.counted.len();
            line.attempts.restart(i == n);
        }
        self.restarted = Some((&self.lines[n].requirement.id, at, numbered.attempts));
    }

    /// What should have been met at `at` for this requirement, but was not.
    pub(super) fn missing_before(&self, requirement: &'a Requirement, at: DateTime<Utc>) -> Vec<&'a RequirementId> {
        let met = |id: &RequirementId| self.line(id).is_some_and(|line| line.waived.is_some() || line.mark(at).met);
        requirement.after.iter().filter(|id| self.goes_together(&requirement.id, id) && !met(id)).collect()
    }

    fn goes_together(&self, requirement: &RequirementId, first: &RequirementId) -> bool {
        self.scope
            .together
            .is_none_or(|paths| paths.iter().filter(|path| path.contains(requirement)).all(|path| path.contains(first)))
    }

    fn line(&self, id: &RequirementId) -> Option<&Line<'a>> {
        self.lines.iter().find(|line| line.requirement.id == *id)
    }

    /// Whether all these requirements were met at the moment with this index.
    pub(super) fn all_met(&self, path: &[RequirementId], moment: usize) -> bool {
        path.iter().all(|id| self.mark(id, moment).met)
    }

    /// Whether something that counts on the path was earned at the moment with this index.
    pub(super) fn any_earned(&self, path: &[RequirementId], moment: usize) -> bool {
        path.iter().any(|id| self.mark(id, moment).earned)
    }

    /// The results that count on the path at the moment with this index.
    pub(super) fn rests_on(&self, path: &[RequirementId], moment: usize) -> Vec<ResultRef> {
        let lines = path.iter().filter_map(|id| self.line(id));
        let counting = lines.flat_map(|line| line.counting(self.moments[moment], line.marks[moment].counting));
        counting.map(|counted| counted.result.named()).collect()
    }

    fn mark(&self, id: &RequirementId, moment: usize) -> Mark {
        self.line(id).and_then(|line| line.marks.get(moment).copied()).unwrap_or_default()
    }

    /// What counts now.
    pub(super) fn now(&self, id: &RequirementId) -> Mark {
        self.mark(id, self.moments.len() - 1)
    }

    /// Since when it is met without a break, if it is.
    pub(super) fn met_since(&self, id: &RequirementId) -> Option<DateTime<Utc>> {
        let line = self.line(id)?;
        let unbroken = line.marks.iter().rev().take_while(|mark| mark.met).count();
        (unbroken > 0).then(|| self.moments[line.marks.len() - unbroken])
    }

    /// Since when it is waived.
    pub(super) fn waived(&self, id: &RequirementId) -> Option<DateTime<Utc>> {
        self.line(id)?.waived
    }

    /// The tries at it so far.
    pub(super) fn attempts(&self, id: &RequirementId) -> Option<&Attempts<'a>> {
        self.line(id).map(|line| &line.attempts).filter(|attempts| attempts.are_limited())
    }
}

impl<'a> Line<'a> {
    fn new(requirement: &'a Requirement, scope: &Scope<'a>) -> Self {
        let granted = |wanted: fn(&ExceptionKind) -> Option<&RequirementId>| {
            scope.exceptions.iter().filter_map(move |exception| {
                let at = exception.since()?;
                let about = wanted(&exception.kind)? == &requirement.id;
                let in_scope = at <= scope.until && scope.granted_after.is_none_or(|after| at > after);
                (about && in_scope).then_some(at)
            })
        };
        let waive = granted(|kind| match kind {
            ExceptionKind::Waive { requirement } => Some(requirement),
            _ => None,
        });
        let grants = granted(|kind| match kind {
            ExceptionKind::Attempt { requirement } => Some(requirement),
            _ => None,
        });
        let waived = waive.min().map(|at| at.max(scope.from.unwrap_or(at))).filter(|at| *at <= scope.until);
        let attempts = Attempts::new(requirement, grants.collect(), scope.zone);
        Line { requirement, attempts, waived, counted: Vec::new(), from: 0, marks: Vec::new() }
    }

    /// What of these counts at that moment.
    fn counting(&self, at: DateTime<Utc>, (from, until): (usize, usize)) -> impl Iterator<Item = &Counted<'a>> {
        self.counted[from..until].iter().filter(move |counted| counted.last.is_none_or(|last| at <= last))
    }

    fn mark(&self, at: DateTime<Utc>) -> Mark {
        let (mut sum, mut pieces) =
            (Mark { counting: (self.from, self.counted.len()), ..Mark::default() }, Pieces::default());
        for counted in self.counting(at, sum.counting) {
            sum.count += pieces.add(self.requirement, counted.result);
            sum.seconds += seconds_spent(self.requirement, counted.result);
        }
        let need = &self.requirement;
        let shown = sum.count >= i64::from(need.count.max(1)) && sum.seconds >= seconds_of(need.hours * 60.0);
        sum.met = shown || self.waived.is_some_and(|since| since <= at);
        sum
    }
}

impl Scope<'_> {
    fn counts(&self, result: &RecordedResult) -> bool {
        result.at <= self.until
            && result.void_at.is_none()
            && (self.held_too || result.holds.is_empty())
            && self.from.is_none_or(|from| result.at >= from)
            && self.after.is_none_or(|after| result.at > after)
            && self.recorded_after.is_none_or(|after| result.recorded_at > after)
    }
}

/// For each requirement, a number higher than those of what must come first: of results of one moment, those count first.
fn ranks(certification: &Certification) -> Vec<usize> {
    let requirements = &certification.requirements;
    let mut ranks: Vec<Option<usize>> = vec![None; requirements.len()];
    let index = |id: &RequirementId| requirements.iter().position(|r| r.id == *id);
    for next in 0..requirements.len() {
        let ready = |n: &usize| {
            let before = &requirements[*n].after;
            ranks[*n].is_none() && before.iter().filter_map(index).all(|first| ranks[first].is_some())
        };
        let Some(n) = (0..requirements.len()).find(ready) else { break };
        ranks[n] = Some(next);
    }
    ranks.into_iter().map(|rank| rank.unwrap_or(usize::MAX - 1)).collect()
}
