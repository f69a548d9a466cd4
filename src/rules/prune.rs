//! [`move_out`]: keeps a standing small by taking out results that can matter no more.

use std::collections::BTreeSet;

use super::award::HistoryEntry;
use super::decide::Question;
use super::exception::ExceptionKind;
use super::judge::flaws;
use super::progress::{Fate, Progress};
use super::scope::{Scope, Ways};
use super::standing::{RecordedResult, Standing};
use super::versions::Versions;
use crate::id::RequirementId;
use crate::program::{Certification, Exhausted};

/// A standing has at most so many results, and bytes as JSON: a document of the store has room for 65,536.
const MOST: (usize, usize) = (200, 40_000);

/// What is left of one that had more, as far as it can be taken out.
const ENOUGH: (usize, usize) = (150, 30_000);

/// Takes the oldest results that can matter no more out of a standing that has become large: struck out, of former terms,
/// superseded failures, and what was shown again though it was met already. No decision, attempt, count or hour changes by it.
pub fn move_out(standing: &mut Standing, versions: Versions<'_>, certification: &Certification) -> Vec<RecordedResult> {
    let sizes: Vec<usize> = standing.results.iter().map(size).collect();
    let rest = size(&Standing { results: Vec::new(), ..standing.clone() });
    let mut have = (sizes.len(), rest + sizes.iter().sum::<usize>());
    if have.0 <= MOST.0 && have.1 <= MOST.1 {
        return Vec::new();
    }
    let mut out = BTreeSet::new();
    for group in (Judge { standing, versions, certification }).groups() {
        if have.0 <= ENOUGH.0 && have.1 <= ENOUGH.1 {
            break;
        }
        for n in group {
            if out.insert(n) {
                have = (have.0 - 1, have.1 - sizes[n]);
            }
        }
    }
    let (mut kept, mut moved) = (Vec::new(), Vec::new());
    for (n, result) in std::mem::take(&mut standing.results).into_iter().enumerate() {
        if out.contains(&n) { moved.push(result) } else { kept.push(result) }
    }
    standing.results = kept;
    standing.moved_out = standing.moved_out.saturating_add(u32::try_from(moved.len()).unwrap_or(u32::MAX));
    moved
}

/// As JSON, with a comma.
fn size<T: serde::Serialize>(value: &T) -> usize {
    serde_json::to_vec(value).map_or(usize::MAX / 1_000_000, |json| json.len() + 1)
}

struct Judge<'a> {
    standing: &'a Standing,
    versions: Versions<'a>,
    certification: &'a Certification,
}

impl Judge<'_> {
    /// What can be taken out together, first what is missed least.
    fn groups(&self) -> Vec<Vec<usize>> {
        let results = &self.standing.results;
        let one = |n: usize| vec![n];
        let mut struck: Vec<usize> = (0..results.len()).filter(|n| results[*n].void_at.is_some()).collect();
        let (mut failed, passed): (Vec<usize>, Vec<usize>) =
            (0..results.len()).filter(|n| self.is_settled(&results[*n])).partition(|n| self.is_bad(&results[*n]));
        let (mut grounds, mut passed): (Vec<usize>, Vec<usize>) =
            passed.into_iter().partition(|n| self.carries(&results[*n]));
        for list in [&mut struck, &mut failed, &mut passed, &mut grounds] {
            list.sort_by_key(|n| (results[*n].at, &results[*n].source, &results[*n].id));
        }
        let of_former_terms = struck.into_iter().chain(failed).chain(passed).map(one);
        of_former_terms.chain(self.superseded()).chain(grounds.into_iter().map(one)).collect()
    }

    /// On a path that is not complete. While something is held back, all of it stays: what is surplus with it may be what
    /// decides without it, and the other way round.
    fn superseded(&self) -> Vec<Vec<usize>> {
        let held = self.standing.results.iter().any(|r| !r.holds.is_empty() && r.void_at.is_none());
        if held { Vec::new() } else { self.superseded_now() }
    }

    /// Whether it lies before everything that is still judged.
    fn is_settled(&self, result: &RecordedResult) -> bool {
        let Some(award) = self.standing.award.as_ref().filter(|_| result.counts()) else { return false };
        if let Some(until) = award.history.iter().find_map(HistoryEntry::forgets_until) {
            return result.recorded_at <= until;
        }
        let demanded = award.demands.iter().any(|demand| demand.met.is_none() && result.at >= demand.opens);
        result.at <= award.term_began() && !demanded
    }

    fn is_bad(&self, result: &RecordedResult) -> bool {
        let certification = self.versions.at(result.at).certification(&self.certification.id);
        let requirement = certification.and_then(|c| c.requirement(&result.requirement));
        requirement.is_none_or(|r| !flaws(r, result).is_empty())
    }

    /// Whether the current term rests on it: what is doubted or undone is looked for here, so these go last.
    fn carries(&self, result: &RecordedResult) -> bool {
        self.standing.award.as_ref().is_some_and(|award| award.began().rests_on.contains(&result.named()))
    }

    /// The best score of each requirement is what a credential may say.
    fn is_best(&self, result: &RecordedResult) -> bool {
        let others = self.standing.results.iter().filter(|r| r.requirement == result.requirement && r.counts());
        let better = |r: &RecordedResult| r.score > result.score;
        result.score.is_some() && !others.filter(|r| !self.is_bad(r)).any(better)
    }

    fn superseded_now(&self) -> Vec<Vec<usize>> {
        let mut groups = Vec::new();
        let Some(progress) = self.first_path() else { return groups };
        let index = |result: &RecordedResult| self.standing.results.iter().position(|r| std::ptr::eq(r, result));
        let restarts = self.certification.requirements.iter().any(|r| r.attempts > 0 && r.then == Exhausted::Restart);
        let (mut again, mut last) = (Vec::new(), Vec::new());
        for requirement in &self.certification.requirements {
            let own: Vec<_> = progress.judged.iter().filter(|j| j.result.requirement == requirement.id).collect();
            let Some((_, before_last)) = own.split_last() else { continue };
            if self.has_grants(&requirement.id) || (requirement.attempts > 0 && requirement.then == Exhausted::Restart)
            {
                continue;
            }
            let idle = before_last.iter().filter(|j| matches!(j.fate, Fate::Flawed | Fate::NotAdmitted(_)));
            groups.extend(idle.filter_map(|j| Some(vec![index(j.result)?])));
            let waiting = before_last.iter().filter(|j| j.fate == Fate::Missing);
            last.extend(waiting.filter_map(|j| Some(vec![index(j.result)?])));
            let pass = own.iter().rposition(|j| j.fate == Fate::Counted).unwrap_or(0);
            let failures = own[..pass].iter().filter(|j| matches!(j.fate, Fate::Failed(_)));
            groups.push(failures.filter_map(|j| index(j.result)).collect());
            if requirement.valid_for.is_none() && !restarts {
                let surplus = own.iter().filter(|j| (j.met_before && j.fate == Fate::Counted) || j.fate == Fate::Again);
                let surplus = surplus.filter(|j| !self.is_best(j.result));
                again.extend(surplus.filter_map(|j| Some(vec![index(j.result)?])));
            }
        }
        groups.extend(again);
        groups.extend(last);
        groups
    }

    fn has_grants(&self, id: &RequirementId) -> bool {
        let about = |kind: &ExceptionKind| matches!(kind, ExceptionKind::Attempt { requirement } if requirement == id);
        self.standing.exceptions.iter().any(|exception| about(&exception.kind))
    }

    /// The path to a first award, unless there is one. What is dated later than it was recorded is not looked at.
    fn first_path(&self) -> Option<Progress<'_>> {
        let until = self.standing.results.iter().map(|r| r.recorded_at).max()?;
        self.standing.award.is_none().then(|| {
            let question = Question {
                versions: self.versions,
                program: self.versions.at(until),
                certification: self.certification,
                basis: self.certification,
                standing: self.standing,
                held: None,
                now: until,
                history: false,
            };
            let scope = Scope { until, ..Scope::of(&question, Ways::Full) };
            Progress::new(scope, Vec::new())
        })
    }
}
