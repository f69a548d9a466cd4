//! Why a requirement is not met, in words and facts.

use chrono::{DateTime, NaiveDate, Utc};

use super::attempts::{Admission, Next, Numbered};
use super::judge::{flaws, seconds_of};
use super::progress::{Fate, Judged, Mark, Progress};
use super::standing::RecordedResult;
use super::term::last_moment;
use super::unmet::{Unmet, UnmetCode, in_words};
use crate::decimal::Decimal;
use crate::id::RequirementId;
use crate::program::duration::local_day;
use crate::program::{Certification, Exhausted, Requirement};

impl Progress<'_> {
    /// Why a requirement of this path is not met now; empty when it is.
    pub(super) fn explain(&self, path: &[RequirementId], id: &RequirementId) -> Vec<Unmet> {
        let Some(requirement) = self.scope.certification.requirement(id) else {
            let words = format!("The program does not say what \"{id}\" is.");
            return vec![Unmet::new(UnmetCode::EvidenceNotAccepted, words).fact("requirement", id.as_str())];
        };
        let mark = self.now(path, id);
        if mark.met {
            return Vec::new();
        }
        let latest = self.judged.iter().rev().find(|judged| judged.result.requirement == *id);
        let mut unmet = match latest {
            None => vec![Unmet::not_done(requirement)],
            Some(latest) if mark.count == 0 => self.explain_result(latest),
            Some(_) => too_little(requirement, mark),
        };
        unmet.extend(self.used_up(requirement, latest));
        unmet
    }

    /// By the version of the program that judged it.
    fn explain_result(&self, judged: &Judged<'_>) -> Vec<Unmet> {
        let (result, requirement) = (judged.result, judged.requirement);
        let mut unmet = match &judged.fate {
            Fate::Counted | Fate::Again | Fate::Before => Vec::new(),
            Fate::OutOfOrder(missing) => {
                let mut unmet = vec![self.out_of_order(requirement, result, missing)];
                unmet.extend(flaws(requirement, result));
                unmet
            }
            Fate::NotAdmitted(Admission::TooEarly { from }) => vec![self.too_early(requirement, result, *from)],
            Fate::NotAdmitted(_) => self.none_was_left(requirement, result).into_iter().collect(),
            Fate::Failed(numbered) => self.numbered(requirement, result, *numbered),
            Fate::Flawed | Fate::Missing => flaws(requirement, result),
        };
        unmet.extend(self.too_old(requirement, result));
        // That none is left now is said once for all of them.
        let said_elsewhere = matches!(judged.fate, Fate::NotAdmitted(_));
        if unmet.is_empty() && !said_elsewhere { vec![Unmet::not_done(requirement)] } else { unmet }
    }

    /// What is wrong with a failed attempt, and which one it was.
    fn numbered(&self, requirement: &Requirement, result: &RecordedResult, numbered: Numbered) -> Vec<Unmet> {
        let Numbered { attempt, attempts } = numbered;
        let next = self.attempts(&requirement.id).map_or(Next::AtOnce, |a| a.next_from(self.scope.until));
        let restarted = self.void_until(&requirement.id, self.scope.until).is_some_and(|at| at >= result.at);
        let over = self.attempts(&requirement.id).is_some_and(|a| a.are_used_up_at(self.scope.until)) || restarted;
        let mut words = match attempts {
            Some(attempts) => format!("Attempt {attempt} of {attempts}"),
            None => format!("Attempt {attempt}"),
        };
        let from = match next {
            Next::From(day) if !over => Some(day),
            _ => None,
        };
        match from {
            Some(day) if !requirement.wait.is_zero() || numbered.is_last() => {
                words = format!("{words}; the next may be taken from {}.", written(day));
            }
            Some(_) => words.push_str("; the next may be taken at once."),
            None => words.push('.'),
        }
        let mut unmet = flaws(requirement, result);
        if let Some(first) = unmet.first_mut() {
            first.words = format!("{} {words}", first.words);
        }
        let more = |unmet: Unmet| {
            let unmet = unmet.fact("attempt", attempt);
            let unmet = if let Some(attempts) = attempts { unmet.fact("attempts", attempts) } else { unmet };
            if let Some(day) = from { unmet.fact("next_attempt_from", day.to_string()) } else { unmet }
        };
        unmet.into_iter().map(more).collect()
    }

    /// That every attempt is used up, and what follows.
    fn used_up(&self, requirement: &Requirement, latest: Option<&Judged<'_>>) -> Option<Unmet> {
        let name = in_words(requirement);
        let now = self.scope.until;
        let own = self.restarts.iter().rfind(|restart| *restart.exam == requirement.id);
        let restarted = own.filter(|restart| latest.is_some_and(|latest| latest.result.at <= restart.at));
        let attempts = self.attempts(&requirement.id)?;
        let limit = match restarted {
            Some(restart) => restart.attempts?,
            None => attempts.limit().filter(|_| attempts.are_used_up_at(now))?,
        };
        let all = if limit == 1 { "the only attempt is".to_owned() } else { format!("all {limit} attempts are") };
        let next = match attempts.next_from(now) {
            Next::From(day) => Some(day),
            Next::AtOnce | Next::MustBeGranted => None,
        };
        let (then, words) = match (requirement.then, next) {
            (Exhausted::Restart, Some(day)) if !requirement.wait.is_zero() => (
                "restart",
                format!(
                    "{name}: {all} used up. The whole path begins anew; the next may be taken from {}.",
                    written(day)
                ),
            ),
            (Exhausted::Restart, _) => ("restart", format!("{name}: {all} used up. The whole path begins anew.")),
            (Exhausted::Wait(_), Some(day)) => {
                ("wait", format!("{name}: {all} used up; the next may be taken from {}.", written(day)))
            }
            _ => ("ask", format!("{name}: {all} used up; another one must be granted.")),
        };
        let unmet = Unmet::of(requirement, UnmetCode::AttemptsUsedUp, words).fact("attempts", limit).fact("then", then);
        Some(if let Some(day) = next { unmet.fact("next_attempt_from", day.to_string()) } else { unmet })
    }

    fn too_early(&self, requirement: &Requirement, result: &RecordedResult, from: NaiveDate) -> Unmet {
        let was = written(local_day(result.at, self.scope.zone));
        let words = format!(
            "{}: taken on {was}, before the waiting period was over, so it does not count; the next may be taken from {}.",
            in_words(requirement),
            written(from)
        );
        Unmet::of(requirement, UnmetCode::TooEarly, words)
            .fact("at", result.at.to_rfc3339())
            .fact("next_attempt_from", from.to_string())
    }

    /// That it was taken when no attempt was left, where meanwhile there is one.
    fn none_was_left(&self, requirement: &Requirement, result: &RecordedResult) -> Option<Unmet> {
        let attempts = self.attempts(&requirement.id).filter(|attempts| !attempts.are_used_up_at(self.scope.until))?;
        let was = written(local_day(result.at, self.scope.zone));
        let (next, day) = match attempts.next_from(self.scope.until) {
            Next::From(day) => (format!("from {}", written(day)), Some(day)),
            Next::AtOnce | Next::MustBeGranted => ("at once".to_owned(), None),
        };
        let name = in_words(requirement);
        let words = format!(
            "{name}: taken on {was}, when no attempt was left, so it does not count; the next may be taken {next}."
        );
        let unmet = Unmet::of(requirement, UnmetCode::AttemptsUsedUp, words).fact("at", result.at.to_rfc3339());
        Some(if let Some(day) = day { unmet.fact("next_attempt_from", day.to_string()) } else { unmet })
    }

    fn out_of_order(&self, requirement: &Requirement, result: &RecordedResult, missing: &[&RequirementId]) -> Unmet {
        let missing: Vec<&str> = missing.iter().map(|id| name_of(self.scope.certification, id)).collect();
        let words = format!(
            "{}: {} must come first; it was taken on {}, before that.",
            in_words(requirement),
            missing.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(" and "),
            local_day(result.at, self.scope.zone)
        );
        Unmet::of(requirement, UnmetCode::OutOfOrder, words).fact("at", result.at.to_rfc3339()).fact("after", missing)
    }

    fn too_old(&self, requirement: &Requirement, result: &RecordedResult) -> Option<Unmet> {
        let last = last_moment(result.at, requirement.valid_for?, self.scope.zone);
        if last >= self.scope.until {
            return None;
        }
        let (was, until) = (local_day(result.at, self.scope.zone), local_day(last, self.scope.zone));
        let words = format!("{}: reported for {was}, which counted until {until}.", in_words(requirement));
        let unmet = Unmet::of(requirement, UnmetCode::TooOld, words);
        Some(unmet.fact("on", was.to_string()).fact("until", until.to_string()))
    }
}

/// Not met, but it may be once what is held back counts.
pub(super) fn under_review(certification: &Certification, id: &RequirementId) -> Option<Unmet> {
    let requirement = certification.requirement(id)?;
    let words = format!("{}: what was reported is being looked into and may count later.", in_words(requirement));
    Some(Unmet::of(requirement, UnmetCode::UnderReview, words))
}

/// Everything was shown before the shorter paths closed, which by itself earns nothing.
pub(super) fn nothing_since_lapse(certification: &Certification, lapsed: NaiveDate) -> Unmet {
    let words = format!(
        "{} lapsed after {}: at least one thing that it asks for must be shown since.",
        certification.name,
        written(lapsed)
    );
    Unmet::new(UnmetCode::NothingSinceLapse, words).fact("lapsed", lapsed.to_string())
}

/// The result is dated after `horizon`.
pub(super) fn in_the_future(at: DateTime<Utc>, day: NaiveDate) -> Unmet {
    let words = format!("The result is dated {day}, which is in the future.");
    Unmet::new(UnmetCode::InTheFuture, words).fact("at", at.to_rfc3339())
}

fn too_little(requirement: &Requirement, mark: Mark) -> Vec<Unmet> {
    let mut unmet = Vec::new();
    let name = in_words(requirement);
    let need = i64::from(requirement.count.max(1));
    if mark.count < need {
        let words = match requirement.count {
            0 | 1 => format!("{name}: {} accepted, {need} needed.", mark.count),
            _ => format!("{name}: {} accepted, {need} different ones needed.", mark.count),
        };
        unmet.push(Unmet::of(requirement, UnmetCode::TooFew, words).fact("have", mark.count).fact("need", need));
    }
    if mark.seconds < seconds_of(requirement.hours * 60.0) {
        let minutes = mark.seconds / 60;
        let words = format!("{name}: {minutes} minutes reported, {} hours needed.", requirement.hours);
        let flaw = Unmet::of(requirement, UnmetCode::TooFewHours, words);
        unmet.push(flaw.fact("have_minutes", minutes).fact("need_minutes", Decimal::from(requirement.hours * 60.0)));
    }
    unmet
}

fn name_of<'n>(certification: &'n Certification, id: &'n RequirementId) -> &'n str {
    certification.requirement(id).map_or(id.as_str(), |r| r.name.as_str())
}

/// `4 December 2026`.
pub(super) fn written(day: NaiveDate) -> String {
    day.format("%-d %B %Y").to_string()
}
