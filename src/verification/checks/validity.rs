//! `validity`: is the moment within its dates?

use chrono::{DateTime, SubsecRound, Utc};

use super::{Answer, Case, UNSEEN, format};
use crate::openbadges::reading::{Moment, moment};
use crate::rules::AwardState;
use crate::verification::own::{OwnAward, WhichCopy};
use crate::verification::report::{CheckId, Verdict};
use crate::verification::words::{self, day};

pub(in crate::verification) fn check(case: &Case<'_>) -> Answer {
    let written = written(case);
    match case.own {
        Some(own) => recorded(case, own, written),
        None => written,
    }
}

/// By the dates in the credential.
fn written(case: &Case<'_>) -> Answer {
    let token = case.secured.token.as_ref();
    let from = moment(case.document, &["validFrom", "issuanceDate"]);
    let until = moment(case.document, &["validUntil", "expirationDate"]);
    if from == Some(Moment::Unreadable) || until == Some(Moment::Unreadable) {
        return Answer::open(CheckId::Validity, "It has a date that cannot be read.");
    }
    // Only of badges is a beginning required.
    if from.is_none() && format::is_badge(case.document) {
        return Answer::open(CheckId::Validity, "It does not say from when it is valid.");
    }
    // A token has dates of its own, and 1EdTech's profile of VC-JWT sets the end of a badge there.
    let begins = token.and_then(|token| token.begins().ok().flatten());
    let from = [from.and_then(Moment::at), begins].into_iter().flatten().max();
    if let Some(from) = from.filter(|from| case.at < *from) {
        return not_yet(case, from);
    }
    let ends = token.and_then(|token| token.expires().ok().flatten());
    let until = until.and_then(Moment::at);
    match [until, ends].into_iter().flatten().min() {
        // The last second counts to its end.
        Some(until) if case.at.trunc_subsecs(0) > until => {
            let words = words::expired(&day(until, case.zone()), None, None);
            Answer::failed(CheckId::Validity, Verdict::Expired, words).fact("validUntil", until.to_rfc3339())
        }
        None if case.is_shown_in_part() => {
            let words = "Within the dates it shows: whether it ended cannot be seen from it, as its holder need not \
                         show all of it.";
            Answer::warning(CheckId::Validity, words).fact(UNSEEN, true)
        }
        until => within(case, until),
    }
}

fn not_yet(case: &Case<'_>, from: DateTime<Utc>) -> Answer {
    let words = words::not_yet_valid(&day(from, case.zone()));
    Answer::failed(CheckId::Validity, Verdict::NotYetValid, words).fact("validFrom", from.to_rfc3339())
}

fn within(case: &Case<'_>, until: Option<DateTime<Utc>>) -> Answer {
    match until {
        Some(until) => {
            let words = format!("Within its dates: valid until {}.", day(until, case.zone()));
            Answer::passed(CheckId::Validity, words).fact("validUntil", until.to_rfc3339())
        }
        None => Answer::passed(CheckId::Validity, "Within its dates: it does not expire."),
    }
}

/// By our own record, which knows of renewals that this copy cannot know of.
fn recorded(case: &Case<'_>, own: &OwnAward, written: Answer) -> Answer {
    match own.state {
        AwardState::Valid { until } => {
            // The newest copy must agree with the record; older ones are for the record alone. So is a copy signed in the
            // same second as the one before: it begins a moment ahead of the clock.
            let is_newest = matches!(own.copy, WhichCopy::Current(_));
            let begins_later = matches!(written.verdict, Some((Verdict::NotYetValid, _)));
            if is_newest && !begins_later { written } else { within(case, until) }
        }
        AwardState::Expired { since, grace_until } => {
            let grace = grace_until.map(|at| day(at, own.zone));
            let honoured = own.rights_in_grace && grace_until.is_some_and(|until| case.at <= until);
            let vendor = honoured.then_some(own.vendor.as_str());
            let words = words::expired(&day(since, own.zone), grace.as_deref(), vendor);
            Answer::failed(CheckId::Validity, Verdict::Expired, words).fact("since", since.to_rfc3339())
        }
        AwardState::NotYetValid { from } => {
            let words = words::not_issued_yet(&day(from, own.zone));
            Answer::failed(CheckId::Validity, Verdict::NotYetValid, words).fact("validFrom", from.to_rfc3339())
        }
        AwardState::Suspended { .. } | AwardState::Revoked { .. } => written,
    }
}
