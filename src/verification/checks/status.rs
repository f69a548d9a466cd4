//! `status`: was it revoked or suspended, or this copy replaced? From our own record, or from the issuer's list.

use serde_json::Value;

use super::{Answer, Case, UNSEEN, revocation_list, status_list};
use crate::openbadges::reading::{is_a, many};
use crate::rules::AwardState;
use crate::verification::own::{OwnAward, WhichCopy};
use crate::verification::report::{CheckId, CheckOutcome, Verdict};
use crate::verification::words::{self, day};

/// The most status entries of one credential that are looked at.
const MAXIMUM_ENTRIES: usize = 8;

pub(in crate::verification) fn check(case: &Case<'_>) -> Answer {
    if let Some(own) = case.own {
        return recorded(own);
    }
    let all = many(case.document, "credentialStatus");
    if all.len() > MAXIMUM_ENTRIES {
        return Answer::open(CheckId::Status, format!("It has {} status entries, more than are read.", all.len()));
    }
    let entries: Vec<&Value> = all.iter().filter(|entry| !status_list::is_beside(entry)).collect();
    let mut answers: Vec<Answer> = entries.iter().map(|entry| of_entry(case, entry)).collect();
    let needs: Vec<_> = answers.iter_mut().flat_map(|answer| std::mem::take(&mut answer.needs)).collect();
    let gravest = answers.into_iter().max_by_key(gravity).unwrap_or_else(|| unsaid(case, all.len()));
    let gravest = gravest.need(needs);
    // Beside an entry that tells of a suspension, the one that tells of a revocation may be hidden.
    if case.is_shown_in_part() && !entries.iter().any(|entry| tells_of_revocation(entry)) {
        return gravest.fact(UNSEEN, true);
    }
    gravest
}

/// The answer where no entry says whether it was taken back.
fn unsaid(case: &Case<'_>, beside: usize) -> Answer {
    let what = if beside == 0 { "It has no status entry" } else { "Its status entry speaks of other things" };
    let why = if case.is_shown_in_part() { ", as its holder need not show all of it" } else { "" };
    Answer::warning(CheckId::Status, format!("{what}: whether its issuer took it back cannot be seen from it{why}."))
}

fn tells_of_revocation(entry: &Value) -> bool {
    is_a(entry, REVOCATION_LIST) || entry.get("statusPurpose").and_then(Value::as_str) == Some("revocation")
}

/// The type of an entry that names a list of ids.
const REVOCATION_LIST: &str = "1EdTechRevocationList";

/// What one status entry says, by the list it names.
fn of_entry(case: &Case<'_>, entry: &Value) -> Answer {
    if is_a(entry, REVOCATION_LIST) {
        return revocation_list::entry(case, entry);
    }
    status_list::entry(case, entry)
}

/// Of several entries, the one that matters most: revoked, suspended, open, warned of, passed.
fn gravity(answer: &Answer) -> u8 {
    match (answer.check.outcome, &answer.verdict) {
        (CheckOutcome::Failed, Some((Verdict::Suspended, _))) => 3,
        (CheckOutcome::Failed, _) => 4,
        (CheckOutcome::CouldNotCheck, _) => 2,
        (CheckOutcome::Warning, _) => 1,
        (CheckOutcome::Passed, _) => 0,
    }
}

/// Our own record tells suspended and replaced from revoked, and since when.
fn recorded(own: &OwnAward) -> Answer {
    let since = |at| day(at, own.zone);
    match own.state {
        AwardState::Revoked { since: at, reason } => {
            let told = own.tell_reason.then_some(reason);
            let answer = Answer::failed(CheckId::Status, Verdict::Revoked, words::revoked(&since(at), told))
                .fact("since", at.to_rfc3339());
            match told.and_then(|reason| serde_json::to_value(reason).ok()) {
                Some(code) => answer.fact("reason", code),
                None => answer,
            }
        }
        AwardState::Suspended { since: at, .. } => {
            Answer::failed(CheckId::Status, Verdict::Suspended, words::suspended(&since(at)))
                .fact("since", at.to_rfc3339())
        }
        AwardState::Valid { .. } | AwardState::Expired { .. } | AwardState::NotYetValid { .. } => copy(own),
    }
}

fn copy(own: &OwnAward) -> Answer {
    let replaced = |words: String| Answer::failed(CheckId::Status, Verdict::Replaced, words);
    match own.copy {
        WhichCopy::Current(_) => {
            Answer::passed(CheckId::Status, "Neither revoked nor suspended, by the issuer's own record.")
        }
        WhichCopy::Renewed { on, .. } => {
            let words = format!("Renewed on {}; neither revoked nor suspended.", day(on, own.zone));
            Answer::passed(CheckId::Status, words)
        }
        WhichCopy::Joined { with, .. } => {
            let words = format!("Joined with the award {}; neither revoked nor suspended.", with.grouped());
            Answer::passed(CheckId::Status, words).fact("joined_with", with.to_string())
        }
        WhichCopy::Corrected { on, .. } => replaced(words::corrected(&day(on, own.zone))).fact("on", on.to_rfc3339()),
        WhichCopy::Reinstated { on, .. } => replaced(words::reinstated(&day(on, own.zone))).fact("on", on.to_rfc3339()),
        WhichCopy::Unknown => Answer::failed(
            CheckId::Status,
            Verdict::Invalid,
            "The issuer has no record of having signed this copy. Do not rely on it.",
        ),
    }
}
