//! [`Hindsight`]: that what is known of a moment now is not what had been recorded of it before.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::report::{IssuerTrust, Report, Summary, Verdict};
use super::words::day;
use crate::rules::AwardState;

/// Two answers about the same moment, by what was recorded when.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Hindsight {
    /// By what had been recorded up to then …
    pub known_at: DateTime<Utc>,
    /// … the answer was this one; none: nothing had been recorded of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
    /// When what makes the difference was recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recorded_at: Option<DateTime<Utc>>,
    /// Both in a sentence.
    pub words: String,
}

/// What was recorded when, about one moment.
#[derive(Debug, Clone, Copy)]
pub struct TwoViews<'a> {
    /// The moment.
    pub at: DateTime<Utc>,
    /// By what is recorded now.
    pub now: &'a AwardState,
    /// By what had been recorded up to `known_at`; none: nothing had been.
    pub before: Option<&'a AwardState>,
    /// Up to when.
    pub known_at: DateTime<Utc>,
    /// When what makes the difference was recorded.
    pub recorded_at: Option<DateTime<Utc>>,
    /// The answer speaks of what was known before, and the hindsight of now; else the other way round.
    pub asked_of_before: bool,
    /// Where the vendor's days begin and end.
    pub zone: Tz,
}

/// The other view, where the two differ.
pub fn hindsight(views: &TwoViews<'_>) -> Option<Hindsight> {
    let verdict = |state: &AwardState| match state {
        AwardState::Valid { .. } => Verdict::Valid,
        AwardState::Expired { .. } => Verdict::Expired,
        AwardState::Suspended { .. } => Verdict::Suspended,
        AwardState::Revoked { .. } => Verdict::Revoked,
        AwardState::NotYetValid { .. } => Verdict::NotYetValid,
    };
    let (now, before) = (verdict(views.now), views.before.map(verdict));
    let until = |state: Option<&AwardState>| match state {
        Some(AwardState::Valid { until }) => *until,
        _ => None,
    };
    if before == Some(now) && until(views.before) == until(Some(views.now)) {
        return None;
    }
    let dated = |at| day(at, views.zone);
    let recorded = views.recorded_at.map_or(String::new(), |at| format!(" on {}", dated(at)));
    let had_said = match before {
        None => "nothing of it had been recorded".to_owned(),
        Some(before) => format!("what had been recorded said: {}", said(before, until(views.before), views.zone)),
    };
    let says = said(now, until(Some(views.now)), views.zone);
    let words = if views.asked_of_before {
        format!("This is what had been recorded by {}. Recorded since then{recorded}: {says}.", dated(views.known_at))
    } else {
        format!("This was recorded{recorded}; by {}, {had_said}.", dated(views.known_at))
    };
    Some(Hindsight { known_at: views.known_at, verdict: before, recorded_at: views.recorded_at, words })
}

fn said(verdict: Verdict, until: Option<DateTime<Utc>>, zone: Tz) -> String {
    match (verdict, until) {
        (Verdict::Valid, Some(until)) => format!("valid until {}", day(until, zone)),
        (Verdict::Valid, None) => "valid".to_owned(),
        (Verdict::Expired, _) => "expired".to_owned(),
        (Verdict::Suspended, _) => "not valid at present".to_owned(),
        (Verdict::Revoked, _) => "no longer valid".to_owned(),
        _ => "not issued yet".to_owned(),
    }
}

/// The report on an award of which nothing had been recorded by then.
pub fn unrecorded(at: DateTime<Utc>, known_at: DateTime<Utc>, zone: Tz, now: DateTime<Utc>) -> Report {
    Report {
        verdict: Verdict::NotYetValid,
        headline: format!("Not issued yet: by {}, nothing of it had been recorded.", day(known_at, zone)),
        checked_at: now,
        as_of: at,
        as_known_at: Some(known_at),
        hindsight: None,
        checks: Vec::new(),
        credential: Summary::default(),
        issuer: IssuerTrust::default(),
        receipt_of: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::Reason;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[track_caller]
    fn check(now: &AwardState, before: Option<&AwardState>, asked_of_before: bool, expected: Option<&str>) {
        let views = TwoViews {
            at: at("2026-03-01T22:59:59Z"),
            now,
            before,
            known_at: at("2026-03-01T22:59:59Z"),
            recorded_at: Some(at("2026-03-10T09:00:00Z")),
            asked_of_before,
            zone: "Europe/Berlin".parse().unwrap(),
        };
        assert_eq!(hindsight(&views).map(|h| h.words).as_deref(), expected);
    }

    #[test]
    fn both_views_are_named_where_they_differ() {
        let valid = AwardState::Valid { until: Some(at("2027-01-31T22:59:59Z")) };
        let longer = AwardState::Valid { until: Some(at("2028-01-31T22:59:59Z")) };
        let suspended = AwardState::Suspended { since: at("2026-02-20T00:00:00Z"), reason: Reason::Other };
        check(&valid, Some(&valid), false, None);
        check(
            &suspended,
            Some(&valid),
            false,
            Some(
                "This was recorded on 10 March 2026; by 1 March 2026, what had been recorded said: valid until 31 January 2027.",
            ),
        );
        check(
            &suspended,
            Some(&valid),
            true,
            Some(
                "This is what had been recorded by 1 March 2026. Recorded since then on 10 March 2026: not valid at present.",
            ),
        );
        check(
            &longer,
            Some(&valid),
            true,
            Some(
                "This is what had been recorded by 1 March 2026. Recorded since then on 10 March 2026: valid until 31 January 2028.",
            ),
        );
        check(
            &valid,
            None,
            false,
            Some("This was recorded on 10 March 2026; by 1 March 2026, nothing of it had been recorded."),
        );
    }
}
