//! [`Progress`]: one path from its beginning to now, result by result: what was met when, and which results counted.

use chrono::{DateTime, Utc};

use super::attempts::{Admission, Attempts, Numbered};
use super::cause::ResultRef;
use super::exception::ExceptionKind;
use super::judge::{Judgement, judge, seconds_of, seconds_spent};
use super::pieces::Pieces;
use super::scope::Scope;
use super::standing::RecordedResult;
use super::term::last_moment;
use crate::id::RequirementId;
use crate::program::{Certification, Exhausted, Requirement};

/// For each requirement of a certification, whether it was met at each moment that matters.
pub(super) struct Progress<'a> {
    pub(super) scope: Scope<'a>,
    /// Ascending; the last one is now.
    pub(super) moments: Vec<DateTime<Utc>>,
    lines: Vec<Line<'a>>,
    /// In order, of requirements that the certification had then.
    pub(super) judged: Vec<Judged<'a>>,
    /// Where a failed last attempt made its paths begin anew.
    pub(super) restarts: Vec<Restart<'a>>,
}

/// A last attempt failed, and every path with it begins anew.
#[derive(Debug, Clone, Copy)]
pub(super) struct Restart<'a> {
    /// Whose attempts were used up.
    pub(super) exam: &'a RequirementId,
    pub(super) at: DateTime<Utc>,
    /// How many there were.
    pub(super) attempts: Option<u32>,
}

/// One requirement under way.
struct Line<'a> {
    id: &'a RequirementId,
    attempts: Attempts<'a>,
    waived: Option<DateTime<Utc>>,
    counted: Vec<Counted<'a>>,
}

#[derive(Clone, Copy)]
struct Counted<'a> {
    result: &'a RecordedResult,
    last: Option<DateTime<Utc>>,
    /// It was about something that did not count already.
    is_new: bool,
}

/// What counted towards a requirement at one moment.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Mark {
    pub(super) count: i64,
    pub(super) seconds: i64,
    pub(super) met: bool,
}

/// One result and what became of it.
pub(super) struct Judged<'a> {
    pub(super) result: &'a RecordedResult,
    /// As the version of the program has it that judged.
    pub(super) requirement: &'a Requirement,
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
    /// Good, but before what counts here: it only ends a series of attempts.
    Before,
    /// A failed attempt.
    Failed(Numbered),
    /// Not good enough, where attempts are not counted.
    Flawed,
    /// Enough as far as it says, but not everything is said: it waits for somebody to look at it.
    Missing,
    /// These should have come first: neither counted nor an attempt.
    OutOfOrder(Vec<&'a RequirementId>),
    /// Taken before the waiting period was over, or when there was none left: not an attempt.
    NotAdmitted(Admission),
}

impl<'a> Progress<'a> {
    /// `moments` may hold moments that matter beside those of the results and waivers.
    pub(super) fn new(scope: Scope<'a>, mut moments: Vec<DateTime<Utc>>) -> Self {
        let lines: Vec<_> = scope.requirements().into_iter().map(|r| Line::new(r, &scope)).collect();
        let results = scope.heard();
        moments.extend(results.iter().map(|r| r.at));
        moments.extend(lines.iter().filter_map(|line| line.waived));
        moments.retain(|at| *at <= scope.until);
        moments.push(scope.until);
        moments.sort_unstable();
        moments.dedup();
        let mut progress = Progress { scope, moments, lines, judged: Vec::new(), restarts: Vec::new() };
        for result in results {
            progress.hear(result);
        }
        for line in &mut progress.lines {
            if let Some(requirement) = scope.requirement_at(line.id, scope.until) {
                line.attempts.are_ruled_by(requirement);
            }
        }
        progress
    }

    fn hear(&mut self, result: &'a RecordedResult) {
        let Some(requirement) = self.scope.requirement_at(&result.requirement, result.at) else { return };
        let Some(n) = self.lines.iter().position(|line| line.id == &result.requirement) else { return };
        let met_before = self.is_met(&self.lines[n], result.at);
        let fate = self.take(n, requirement, result, met_before);
        self.judged.push(Judged { result, requirement, fate, met_before });
    }

    fn take(&mut self, n: usize, requirement: &'a Requirement, result: &'a RecordedResult, met: bool) -> Fate<'a> {
        let good = match judge(requirement, result) {
            Judgement::Missing(_) => return Fate::Missing,
            judgement => judgement == Judgement::Good,
        };
        let counts = self.scope.counts(result);
        self.lines[n].attempts.are_ruled_by(requirement);
        let limited = self.lines[n].attempts.are_limited();
        if counts && (good || limited) {
            let missing = self.missing_before(requirement, result.at);
            if !missing.is_empty() {
                return Fate::OutOfOrder(missing);
            }
        }
        let attempts = &mut self.lines[n].attempts;
        // What is met already takes no attempts, and a failure does not undo it.
        if limited && !met {
            match attempts.admit(result.at) {
                Admission::Open => {}
                not => return Fate::NotAdmitted(not),
            }
            if !good {
                let numbered = attempts.failed(result.at);
                if numbered.is_last() && requirement.then == Exhausted::Restart {
                    self.restart(n, result.at, numbered);
                }
                return Fate::Failed(numbered);
            }
            attempts.passed();
        }
        if !good {
            return Fate::Flawed;
        }
        if !counts {
            return Fate::Before;
        }
        let last = requirement.valid_for.map(|length| last_moment(result.at, length, self.scope.zone));
        let counted = |progress: &Self| {
            let line = &progress.lines[n];
            let mark = progress.mark(line, progress.void_until(line.id, result.at), result.at);
            (mark.count, mark.seconds)
        };
        let before = counted(self);
        self.lines[n].counted.push(Counted { result, last, is_new: true });
        if requirement.count > 1 && counted(self) == before {
            if let Some(again) = self.lines[n].counted.last_mut() {
                again.is_new = false;
            }
            return Fate::Again;
        }
        Fate::Counted
    }

    /// Nothing shown so far counts any more on the paths with this exam, and attempts there are counted anew.
    fn restart(&mut self, n: usize, at: DateTime<Utc>, numbered: Numbered) {
        let exam = self.lines[n].id;
        let paths: Vec<_> = self.scope.paths_at(at).iter().filter(|path| path.contains(exam)).collect();
        for (i, line) in self.lines.iter_mut().enumerate() {
            if i == n || paths.iter().any(|path| path.contains(line.id)) {
                line.attempts.restart(i == n);
            }
        }
        self.restarts.push(Restart { exam, at, attempts: numbered.attempts });
    }

    /// The last time until `at` that this path began anew: nothing shown until then counts on it.
    fn began_anew(&self, path: &[RequirementId], at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.restarts.iter().filter(|r| r.at <= at && path.contains(r.exam)).map(|r| r.at).max()
    }

    /// The moment until which what was shown of a requirement counts on none of its paths.
    pub(super) fn void_until(&self, id: &RequirementId, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let with = self.scope.paths_at(at).iter().filter(|path| path.contains(id));
        with.map(|path| self.began_anew(path, at)).min().flatten()
    }

    /// What should have been met at `at` for this requirement, but was not.
    pub(super) fn missing_before(&self, requirement: &'a Requirement, at: DateTime<Utc>) -> Vec<&'a RequirementId> {
        let met = |id: &RequirementId| self.line(id).is_some_and(|line| line.waived.is_some() || self.is_met(line, at));
        let first = requirement.after.iter().filter(|id| self.scope.goes_together(&requirement.id, id, at));
        first.filter(|id| !met(id)).collect()
    }

    /// Whether it is met on any of its paths.
    fn is_met(&self, line: &Line<'a>, at: DateTime<Utc>) -> bool {
        self.mark(line, self.void_until(line.id, at), at).met
    }

    fn line(&self, id: &RequirementId) -> Option<&Line<'a>> {
        self.lines.iter().find(|line| line.id == id)
    }

    fn mark(&self, line: &Line<'a>, void: Option<DateTime<Utc>>, at: DateTime<Utc>) -> Mark {
        let Some(need) = self.scope.requirement_at(line.id, at) else { return Mark::default() };
        let (mut sum, mut pieces) = (Mark::default(), Pieces::default());
        for counted in line.counted_at(void, at) {
            sum.count += pieces.add(need, counted.result);
            sum.seconds += seconds_spent(need, counted.result);
        }
        let shown = sum.count >= i64::from(need.count.max(1)) && sum.seconds >= seconds_of(need.hours * 60.0);
        sum.met = shown || line.waived.is_some_and(|since| since <= at);
        sum
    }

    /// What counts towards one of the requirements of a path at `at`.
    fn on_path(&self, path: &[RequirementId], id: &RequirementId, at: DateTime<Utc>) -> Mark {
        self.line(id).map(|line| self.mark(line, self.began_anew(path, at), at)).unwrap_or_default()
    }

    /// Whether all these requirements were met at `at`.
    pub(super) fn all_met(&self, path: &[RequirementId], at: DateTime<Utc>) -> bool {
        path.iter().all(|id| self.on_path(path, id, at).met)
    }

    /// Whether something that counts on the path was earned at that very moment.
    pub(super) fn any_earned(&self, path: &[RequirementId], at: DateTime<Utc>) -> bool {
        self.any_shown(path, |shown| shown == at, at)
    }

    /// Whether something that counts on the path at `at` was shown or waived after `since`.
    pub(super) fn any_after(&self, path: &[RequirementId], since: DateTime<Utc>, at: DateTime<Utc>) -> bool {
        self.any_shown(path, |shown| shown > since && shown <= at, at)
    }

    fn any_shown(&self, path: &[RequirementId], when: impl Fn(DateTime<Utc>) -> bool, at: DateTime<Utc>) -> bool {
        let void = self.began_anew(path, at);
        path.iter().filter_map(|id| self.line(id)).any(|line| {
            line.counted_at(void, at).any(|counted| counted.is_new && when(counted.result.at))
                || line.waived.is_some_and(&when)
        })
    }

    /// The results that count on the path at `at`.
    pub(super) fn rests_on(&self, path: &[RequirementId], at: DateTime<Utc>) -> Vec<ResultRef> {
        let void = self.began_anew(path, at);
        let lines = path.iter().filter_map(|id| self.line(id));
        lines.flat_map(|line| line.counted_at(void, at)).map(|counted| counted.result.named()).collect()
    }

    /// What counts now on this path.
    pub(super) fn now(&self, path: &[RequirementId], id: &RequirementId) -> Mark {
        self.on_path(path, id, self.scope.until)
    }

    /// Since when it is met on this path without a break, if it is.
    pub(super) fn met_since(&self, path: &[RequirementId], id: &RequirementId) -> Option<DateTime<Utc>> {
        self.moments.iter().rev().copied().take_while(|at| self.on_path(path, id, *at).met).last()
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
        let waive =
            scope.granted(|kind| matches!(kind, ExceptionKind::Waive { requirement: id } if *id == requirement.id));
        let waived = waive.min().map(|at| at.max(scope.from.unwrap_or(at))).filter(|at| *at <= scope.until);
        let grants =
            scope.granted(|kind| matches!(kind, ExceptionKind::Attempt { requirement: id } if *id == requirement.id));
        let attempts = Attempts::new(requirement, grants.collect(), scope.zone);
        Line { id: &requirement.id, attempts, waived, counted: Vec::new() }
    }

    /// What was shown after `void` and counts at `at`.
    fn counted_at(&self, void: Option<DateTime<Utc>>, at: DateTime<Utc>) -> impl Iterator<Item = &Counted<'a>> {
        let counts = move |counted: &&Counted<'a>| {
            let shown = counted.result.at;
            shown <= at && counted.last.is_none_or(|last| at <= last) && void.is_none_or(|void| shown > void)
        };
        self.counted.iter().filter(counts)
    }
}

/// For each requirement, a number higher than those of what must come first: of results of one moment, those count first.
pub(super) fn ranks(certification: &Certification) -> Vec<usize> {
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
