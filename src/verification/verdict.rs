//! [`inspect`]: all checks, and the one verdict and sentence they come to.

use chrono::{DateTime, Utc};

use super::checks::{
    Answer, Case, context, endorsements, format, issuer, proof, refresh, schema, status, subject, validity,
};
use super::facts::{Facts, HolderShown, WhichCopy};
use super::presented::{Malformed, Presented};
use super::report::{Check, CheckId, CheckOutcome, IssuerTrust, Report, Summary, Trust, Verdict};
use super::signatures::Signatures;
use super::summary::{self, shown};
use super::words::{self, day};
use crate::openbadges::reading::id_of;
use crate::rules::AwardState;

/// Judges a credential by what is known: every check is made and reported, not only the first that fails.
pub fn inspect(presented: &Presented, facts: &Facts) -> Report {
    let document = presented.value();
    let issuer = id_of(document, "issuer");
    let own = facts.own.as_ref().filter(|_| own_applies(issuer, facts));
    let case = Case { document, facts, at: facts.moment(), own, issuer, signatures: Signatures::of(document, facts) };
    let answers = answers(&case);
    let mut summary = summary::summary(document, own);
    match &facts.holder_shown {
        HolderShown::AsSigned => {}
        HolderShown::Instead(name) => summary.holder = Some(name.clone()),
        HolderShown::Withheld => summary.holder = None,
    }
    let trust = trust(issuer, facts);
    let (verdict, headline) = conclude(&case, &answers, &summary, trust);
    Report {
        verdict,
        headline: words::marked(summary.test, &headline),
        checked_at: facts.now,
        as_of: case.at,
        as_known_at: None,
        hindsight: None,
        checks: answers.into_iter().map(|answer| answer.check).collect(),
        credential: summary,
        issuer: IssuerTrust { id: issuer.and_then(shown), trust },
    }
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

fn without_credential(verdict: Verdict, headline: String, checks: Vec<Check>, now: DateTime<Utc>) -> Report {
    Report {
        verdict,
        headline,
        checked_at: now,
        as_of: now,
        as_known_at: None,
        hindsight: None,
        checks,
        credential: Summary::default(),
        issuer: IssuerTrust::default(),
    }
}

/// Our own record speaks only of what names us as its issuer: anybody can write one of our numbers into a badge.
pub(super) fn own_applies(issuer: Option<&str>, facts: &Facts) -> bool {
    facts.own.is_some() && trust(issuer, facts) == Trust::Ours
}

fn trust(issuer: Option<&str>, facts: &Facts) -> Trust {
    let Some(issuer) = issuer else { return Trust::Unlisted };
    if facts.ours.iter().any(|id| id == issuer) {
        Trust::Ours
    } else if facts.listed.iter().any(|id| id == issuer) {
        Trust::Listed
    } else {
        Trust::Unlisted
    }
}

fn answers(case: &Case<'_>) -> Vec<Answer> {
    let required = [
        format::check(case),
        context::check(case),
        schema::check(case),
        proof::check(case),
        issuer::check(case),
        status::check(case),
        validity::check(case),
    ];
    let asked_for = [refresh::check(case), subject::check(case), endorsements::check(case)];
    required.into_iter().chain(asked_for.into_iter().flatten()).collect()
}

/// What the answers come to, in this order: no badge; broken; not known to be genuine; taken back or out of date; not
/// known whether it was; signed by a stranger; valid.
fn conclude(case: &Case<'_>, answers: &[Answer], summary: &Summary, trust: Trust) -> (Verdict, String) {
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
        let stranger = if trust == Trust::Unlisted { " Its issuer is none that you have listed." } else { "" };
        return (*verdict, format!("{headline}{stranger}"));
    }
    if let Some(answer) = open(&[CheckId::Status, CheckId::Validity]) {
        return inconclusive(answer);
    }
    if trust == Trust::Unlisted {
        return (Verdict::UntrustedIssuer, words::unlisted(case.issuer.unwrap_or_default()));
    }
    (Verdict::Valid, valid(case, summary))
}

/// Something failed that makes it worthless; a signature that does not fit is named first.
fn broken(answers: &[Answer]) -> Option<(Verdict, String)> {
    let order = [CheckId::Context, CheckId::Proof, CheckId::Issuer, CheckId::Schema];
    let invalid = |answer: &&Answer| answer.verdict.as_ref().is_some_and(|(v, _)| *v == Verdict::Invalid);
    let in_order = order.iter().find_map(|id| answers.iter().filter(invalid).find(|a| a.check.id == *id));
    in_order.or_else(|| answers.iter().find(invalid)).and_then(|answer| answer.verdict.clone())
}

fn valid(case: &Case<'_>, summary: &Summary) -> String {
    let zone = case.zone();
    let recorded = case.own.and_then(|own| match own.state {
        AwardState::Valid { until } => Some(until),
        _ => None,
    });
    let until = recorded.unwrap_or(summary.valid_until).map(|at| day(at, zone));
    let is_older = case.own.is_some_and(|own| matches!(own.copy, WhichCopy::Renewed { .. }));
    if is_older && let Some(from) = summary.valid_from {
        return words::older_copy(until.as_deref(), &day(from, zone));
    }
    if let Some(WhichCopy::Joined { with, .. }) = case.own.map(|own| own.copy) {
        return words::joined_copy(until.as_deref(), &with.grouped());
    }
    let achievement = summary.achievement.as_deref().or(summary.name.as_deref()).unwrap_or("an achievement");
    let achievement = achievement.strip_prefix(crate::issuance::TEST_MARK).unwrap_or(achievement);
    let host = words::host(case.issuer.unwrap_or_default());
    let issuer = case.own.map(|own| own.vendor.as_str()).or(summary.issuer_name.as_deref()).unwrap_or(&host);
    words::valid(summary.holder.as_deref(), achievement, issuer, until.as_deref())
}
