//! [`judge`]: all checks of a badge, by what is known of it; and what should be known.

use super::checks::refresh::{self, Refreshed};
use super::checks::{Answer, Case, context, endorsements, format, issuer, proof, schema, status, subject, validity};
use super::facts::{Facts, Need};
use super::presented::{Content, Presented};
use super::report::{CheckOutcome, Report};
use super::summary;
use super::token::Secured;
use super::verdict::{self, Conclusion};
use super::words;
use super::{earlier, receipt};
use crate::openbadges::reading::id_of;

/// A report, and what would have to be fetched to leave nothing open that could be known.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// By what is known.
    pub report: Report,
    /// What is missing. Ask again after fetching until nothing is, or the budget is spent.
    pub needs: Vec<Need>,
}

/// Judges a badge by what is known: every check is made and reported, not only the first that fails.
pub fn judge(presented: &Presented, facts: &Facts) -> Judgement {
    match &presented.content {
        Content::Credential(secured) => credential(secured, presented.in_presentation, facts),
        Content::Assertion(secured) => earlier::judge(secured, facts),
        Content::Receipt(receipt) => receipt::judge(receipt, facts),
    }
}

/// The report of [`judge`].
pub fn inspect(presented: &Presented, facts: &Facts) -> Report {
    judge(presented, facts).report
}

/// What [`judge`] misses.
pub fn needs(presented: &Presented, facts: &Facts) -> Vec<Need> {
    judge(presented, facts).needs
}

fn credential(secured: &Secured, in_presentation: bool, facts: &Facts) -> Judgement {
    let issuer = id_of(&secured.document, "issuer");
    let own = facts.own.as_ref().filter(|_| verdict::own_applies(issuer, facts));
    let case = Case { own, in_presentation, ..Case::new(secured, facts) };
    match refresh::check(&case) {
        Refreshed::NotOffered => conclude(&case, None),
        Refreshed::ThisOne(answer) => conclude(&case, Some(*answer)),
        Refreshed::Newer(newer) => {
            let newest = Case { in_presentation, ..Case::new(&newer, facts) };
            let missing: Vec<Need> = newest.signatures.needs().cloned().collect();
            if newest.is_genuine() && context::check(&newest).check.outcome != CheckOutcome::Failed {
                conclude(&newest, Some(refresh::renewed(&case, &newest)))
            } else {
                let of = words::host(issuer.unwrap_or_default());
                conclude(&case, Some(refresh::unusable(&of).need(missing)))
            }
        }
    }
}

fn conclude(case: &Case<'_>, refresh: Option<Answer>) -> Judgement {
    let required = [
        format::check(case),
        context::check(case),
        schema::check(case),
        proof::check(case),
        issuer::check(case),
        status::check(case),
        validity::check(case),
    ];
    let asked_for = [refresh, subject::check(case), endorsements::check(case)];
    let answers: Vec<Answer> = required.into_iter().chain(asked_for.into_iter().flatten()).collect();
    let summary = summary::summary(case.document, case.own);
    verdict::conclude(Conclusion { answers, summary, issuer: case.issuer, own: case.own, facts: case.facts })
}
