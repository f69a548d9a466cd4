//! [`conclude`]: the one verdict and sentence that all checks come to.

use chrono::{DateTime, Utc};

use chrono_tz::Tz;

use super::checks::{Answer, UNSEEN};
use super::facts::Facts;
use super::inspect::Judgement;
use super::own::{OwnAward, WhichCopy};
use super::presented::Malformed;
use super::report::{Check, CheckId, CheckOutcome, IssuerTrust, Report, Summary, Trust, Verdict};
use super::summary::shown;
use super::trusted::TrustedIssuer;
use super::words::{self, day};
use crate::rules::AwardState;

/// All that a verdict is made of.
pub(super) struct Conclusion<'a> {
    /// In the order of the report.
    pub(super) answers: Vec<Answer>,
    pub(super) summary: Summary,
    /// Who is named as the issuer.
    pub(super) issuer: Option<&'a str>,
    /// Our own record, if it applies.
    pub(super) own: Option<&'a OwnAward>,
    pub(super) facts: &'a Facts,
}

/// The report, and all that the answers miss.
pub(super) fn conclude(mut conclusion: Conclusion<'_>) -> Judgement {
    let mut needs = Vec::new();
    for need in conclusion.answers.iter_mut().flat_map(|answer| std::mem::take(&mut answer.needs)) {
        if !needs.contains(&need) {
            needs.push(need);
        }
    }
    let issued = conclusion.summary.valid_from.or(conclusion.summary.awarded_at);
    let trust = trust_in(conclusion.issuer, issued, conclusion.facts);
    let (verdict, headline) = outcome(&conclusion, trust);
    let Conclusion { answers, summary, issuer, facts, .. } = conclusion;
    let name = issuer.and_then(|issuer| listed_name(issuer, facts));
    let leads_to = issuer.and_then(|issuer| facts.leads_to(issuer)).and_then(shown);
    let report = Report {
        verdict,
        headline: words::marked(summary.test, &headline),
        checked_at: facts.now,
        as_of: facts.moment(),
        then: None,
        checks: answers.into_iter().map(|answer| answer.check).collect(),
        credential: summary,
        issuer: IssuerTrust { id: issuer.and_then(shown), leads_to, trust, name },
        receipt_of: None,
    };
    Judgement { report, needs }
}

/// The report on something that is no credential at all.
pub fn malformed(problem: &Malformed, now: DateTime<Utc>) -> Report {
    let headline = words::malformed(&problem.to_string());
    let check = Check {
        id: CheckId::Format,
        outcome: CheckOutcome::Failed,
        words: headline.clone(),
        facts: serde_json::Map::new(),
        hint: Some("Hand in a badge picture (PNG or SVG) or a credential (JSON) as it was received.".to_owned()),
    };
    without_credential(Verdict::Malformed, headline, vec![check], now)
}

/// The report on a number under which nothing public is kept. Unknown, private and erased are answered alike.
pub fn not_found(now: DateTime<Utc>) -> Report {
    without_credential(Verdict::NotFound, words::NOT_FOUND.to_owned(), Vec::new(), now)
}

/// The report on an address at which nothing could be had; `why` is the end of a sentence: "did not answer".
pub fn unreached(address: &str, why: &str, now: DateTime<Utc>) -> Report {
    let words = words::missed(&format!("The badge at {}", words::host(address)), why, now);
    let headline = words::inconclusive(&words);
    let check = Answer::open(CheckId::Format, words).fact("address", address).check;
    without_credential(Verdict::Inconclusive, headline, vec![check], now)
}

fn without_credential(verdict: Verdict, headline: String, checks: Vec<Check>, now: DateTime<Utc>) -> Report {
    Report {
        verdict,
        headline,
        checked_at: now,
        as_of: now,
        then: None,
        checks,
        credential: Summary::default(),
        issuer: IssuerTrust::default(),
        receipt_of: None,
    }
}

/// Our own record speaks only of what names us as its issuer: anybody can write one of our numbers into a badge.
pub(super) fn own_applies(issuer: Option<&str>, facts: &Facts) -> bool {
    facts.own.is_some() && is_ours(issuer, facts)
}

fn is_ours(issuer: Option<&str>, facts: &Facts) -> bool {
    issuer.is_some_and(|issuer| facts.ours.iter().any(|id| id == issuer))
}

fn listed<'f>(issuer: Option<&str>, facts: &'f Facts) -> Option<&'f TrustedIssuer> {
    issuer.and_then(|issuer| facts.listed.find(issuer))
}

/// What the operator calls an issuer.
pub(super) fn listed_name(issuer: &str, facts: &Facts) -> Option<String> {
    listed(Some(issuer), facts).map(|entry| entry.name.clone())
}

/// Whether the operator relies on what this issuer issued then; without a date, on what it issues now.
pub(super) fn trust_in(issuer: Option<&str>, issued: Option<DateTime<Utc>>, facts: &Facts) -> Trust {
    if is_ours(issuer, facts) {
        return Trust::Ours;
    }
    let Some(entry) = listed(issuer, facts) else { return Trust::Unlisted };
    if entry.covers(issued.unwrap_or(facts.now)) { Trust::Listed } else { Trust::ListedForOtherTimes }
}

/// What the answers come to, in this order: no badge; broken; not known to be genuine; taken back or out of date; shown in
/// part, or not known whether it was; signed by a stranger; valid.
fn outcome(conclusion: &Conclusion<'_>, trust: Trust) -> (Verdict, String) {
    let answers = &conclusion.answers;
    let issuer = conclusion.issuer.unwrap_or_default();
    let shown_as = conclusion.facts.leads_to(issuer).unwrap_or(issuer);
    let finding = |verdict: Verdict| answers.iter().filter_map(|a| a.verdict.as_ref()).find(|(v, _)| *v == verdict);
    let open = |ids: &[CheckId]| {
        let mut open = answers.iter().filter(|a| a.check.outcome == CheckOutcome::CouldNotCheck);
        open.find(|a| ids.contains(&a.check.id))
    };
    if let Some(found) = finding(Verdict::Malformed) {
        return found.clone();
    }
    if let Some(found) = broken(answers) {
        return found;
    }
    let inconclusive = |answer: &Answer| (Verdict::Inconclusive, words::inconclusive(&answer.check.words));
    if let Some(answer) = open(&[CheckId::Proof, CheckId::Context, CheckId::Issuer, CheckId::Format]) {
        return inconclusive(answer);
    }
    let taken_back = [Verdict::Revoked, Verdict::Suspended, Verdict::Replaced, Verdict::Expired, Verdict::NotYetValid];
    if let Some((verdict, headline)) = taken_back.into_iter().find_map(finding) {
        let stranger = match trust {
            Trust::Ours | Trust::Listed => "",
            Trust::Unlisted => " Its issuer is none that you have listed.",
            Trust::ListedForOtherTimes => " You have listed its issuer for other times only.",
        };
        return (*verdict, format!("{headline}{stranger}"));
    }
    // Trying again shows no more of it.
    let is_unseen = |id: CheckId| answers.iter().any(|a| a.check.id == id && a.check.facts.contains_key(UNSEEN));
    if let Some(words) = words::unseen(is_unseen(CheckId::Validity), is_unseen(CheckId::Status)) {
        return (Verdict::Inconclusive, words);
    }
    if let Some(answer) = open(&[CheckId::Status, CheckId::Validity]) {
        return inconclusive(answer);
    }
    match trust {
        Trust::Ours | Trust::Listed => (Verdict::Valid, valid(conclusion)),
        Trust::Unlisted => (Verdict::UntrustedIssuer, words::unlisted(shown_as)),
        Trust::ListedForOtherTimes => (Verdict::UntrustedIssuer, words::listed_for_other_times(shown_as)),
    }
}

/// Something failed that makes it worthless; a signature that does not fit is named first.
fn broken(answers: &[Answer]) -> Option<(Verdict, String)> {
    let order = [CheckId::Context, CheckId::Proof, CheckId::Issuer, CheckId::Schema];
    let invalid = |answer: &&Answer| answer.verdict.as_ref().is_some_and(|(v, _)| *v == Verdict::Invalid);
    let in_order = order.iter().find_map(|id| answers.iter().filter(invalid).find(|a| a.check.id == *id));
    in_order.or_else(|| answers.iter().find(invalid)).and_then(|answer| answer.verdict.clone())
}

fn valid(conclusion: &Conclusion<'_>) -> String {
    let Conclusion { summary, own, .. } = conclusion;
    let zone = own.map_or(Tz::UTC, |own| own.zone);
    let recorded = own.and_then(|own| match own.state {
        AwardState::Valid { until } => Some(until),
        _ => None,
    });
    let until = recorded.unwrap_or(summary.valid_until).map(|at| day(at, zone));
    let is_older = own.is_some_and(|own| matches!(own.copy, WhichCopy::Renewed { .. }));
    if is_older && let Some(from) = summary.valid_from {
        return words::older_copy(until.as_deref(), &day(from, zone));
    }
    if let Some(WhichCopy::Joined { with, .. }) = own.map(|own| own.copy) {
        return words::joined_copy(until.as_deref(), &with.grouped());
    }
    let achievement = summary.achievement.as_deref().or(summary.name.as_deref()).unwrap_or("an achievement");
    let achievement = achievement.strip_prefix(crate::issuance::TEST_MARK).unwrap_or(achievement);
    let issuer = conclusion.issuer.unwrap_or_default();
    let host = words::host(conclusion.facts.leads_to(issuer).unwrap_or(issuer));
    let listed = listed(conclusion.issuer, conclusion.facts).map(|entry| entry.name.as_str());
    let issuer = own.map(|own| own.vendor.as_str()).or(listed).or(summary.issuer_name.as_deref()).unwrap_or(&host);
    words::valid(summary.holder.as_deref(), achievement, issuer, until.as_deref())
}
