//! `refresh`: is there a newer version? Reported when it names an address for that; counts only when it fails.

use super::{Answer, Case};
use crate::openbadges::reading::many;
use crate::verification::facts::WhichCopy;
use crate::verification::report::CheckId;

pub(in crate::verification) fn check(case: &Case<'_>) -> Option<Answer> {
    if many(case.document, "refreshService").is_empty() {
        return None;
    }
    Some(match case.own.map(|own| own.copy) {
        Some(WhichCopy::Current(_)) => Answer::passed(CheckId::Refresh, "It is the newest version."),
        Some(_) => Answer::warning(CheckId::Refresh, "There is a newer version of it.")
            .hint("The address it names gives the newest version."),
        None => Answer::open(
            CheckId::Refresh,
            "It names an address where a newer version may be kept; that address was not asked.",
        ),
    })
}
