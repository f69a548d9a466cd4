//! [`Past`]: what was true of an award of ours at an earlier moment. It stands beside what is true today, never in its place.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::own::{OwnAward, WhichCopy};
use super::report::Verdict;
use super::words::{day, moment};
use crate::id::CredentialVersion;
use crate::program::duration::{end_of_day, local_day};
use crate::rules::AwardState;

/// What was true then, told in the past tense. It says nothing of today.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Past {
    /// The moment that was asked about.
    pub at: DateTime<Utc>,
    /// By what had been recorded up to then.
    pub known: DateTime<Utc>,
    /// In one word: what was true.
    pub verdict: Verdict,
    /// In one sentence.
    pub headline: String,
    /// Number of the credential that was current.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    /// What was known then and what is known now of that moment differ.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hindsight: Option<Hindsight>,
}

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
    pub now: &'a OwnAward,
    /// By what had been recorded up to `known_at`; none: nothing had been.
    pub before: Option<&'a OwnAward>,
    /// Up to when.
    pub known_at: DateTime<Utc>,
    /// When what makes the difference was recorded.
    pub recorded_at: Option<DateTime<Utc>>,
    /// What was known before was asked for, and the hindsight is that of now; else the other way round.
    pub asked_of_before: bool,
    /// Number of the credential that was current in the view that was asked for.
    pub version: Option<CredentialVersion>,
    /// When the question is answered.
    pub asked_at: DateTime<Utc>,
}

/// What was true at the moment that both views are of, and the other view where the two differ.
pub fn past(views: &TwoViews<'_>) -> Past {
    let TwoViews { at, now, before, known_at, .. } = *views;
    let (asked, known) = if views.asked_of_before { (before, known_at) } else { (Some(now), views.asked_at) };
    let hindsight = hindsight(views);
    let zone = now.zone;
    let by = match (views.asked_of_before, &hindsight) {
        (false, Some(_)) => "as recorded by today".to_owned(),
        // Nothing was recorded since that tells otherwise.
        (false, None) => "as recorded by then".to_owned(),
        (true, _) if known_at == at => "as recorded by then".to_owned(),
        (true, _) => format!("as recorded by {}", moment_of(known_at, zone)),
    };
    let on = format!("On {}", moment_of(at, zone));
    let headline = match asked {
        Some(own) => format!("{on} {}, {by}.", was(own)),
        None => format!("{on} it was not issued: by {}, nothing of it had been recorded.", moment_of(known_at, zone)),
    };
    let verdict = asked.map_or(Verdict::NotYetValid, verdict);
    let version = views.version.filter(|_| verdict != Verdict::NotYetValid).map(|version| version.0);
    Past { at, known, verdict, headline, version, hindsight }
}

/// In one word, of the copy that is spoken of.
fn verdict(own: &OwnAward) -> Verdict {
    match (own.state, own.copy) {
        (AwardState::Revoked { .. }, _) => Verdict::Revoked,
        (AwardState::Suspended { .. }, _) => Verdict::Suspended,
        (AwardState::NotYetValid { .. }, _) => Verdict::NotYetValid,
        (_, WhichCopy::Corrected { .. } | WhichCopy::Reinstated { .. }) => Verdict::Replaced,
        (AwardState::Valid { .. }, _) => Verdict::Valid,
        (AwardState::Expired { .. }, _) => Verdict::Expired,
    }
}

/// The same in the past tense, to be followed by whose word it is.
fn was(own: &OwnAward) -> String {
    let on = |at| day(at, own.zone);
    match (verdict(own), own.state) {
        (Verdict::Replaced, _) => "this copy had been replaced by a newer one".to_owned(),
        (_, AwardState::Valid { .. }) => "it was valid".to_owned(),
        (_, AwardState::Expired { since, .. }) => format!("it was not valid: it had expired on {}", on(since)),
        (_, AwardState::Suspended { since, .. }) => {
            format!("it was not valid: the issuer had been reviewing it since {}", on(since))
        }
        (_, AwardState::Revoked { since, .. }) => format!("it was not valid: it had been revoked on {}", on(since)),
        (_, AwardState::NotYetValid { from }) => format!("it was not issued: that came on {}", on(from)),
    }
}

/// A whole day is named by its date alone.
fn moment_of(at: DateTime<Utc>, zone: Tz) -> String {
    if at == end_of_day(local_day(at, zone), zone) { day(at, zone) } else { moment(at) }
}

/// The other view, where the two differ.
fn hindsight(views: &TwoViews<'_>) -> Option<Hindsight> {
    let (now, before) = (verdict(views.now), views.before.map(verdict));
    let until = |own: Option<&OwnAward>| match own.map(|own| own.state) {
        Some(AwardState::Valid { until }) => until,
        _ => None,
    };
    // What did not exist at that moment needs no second view.
    let never_was = before.is_none() && now == Verdict::NotYetValid;
    if never_was || before == Some(now) && until(views.before) == until(Some(views.now)) {
        return None;
    }
    let zone = views.now.zone;
    let known = moment_of(views.known_at, zone);
    let recorded = views.recorded_at.map_or(String::new(), |at| format!(" on {}", day(at, zone)));
    let had_said = match before {
        None => "nothing of it had been recorded".to_owned(),
        Some(before) => format!("what had been recorded said: {}", said(before, until(views.before), zone)),
    };
    let says = said(now, until(Some(views.now)), zone);
    let words = if views.asked_of_before {
        format!("This is what had been recorded by {known}. Recorded since then{recorded}: {says}.")
    } else {
        format!("This was recorded{recorded}; by {known}, {had_said}.")
    };
    Some(Hindsight { known_at: views.known_at, verdict: before, recorded_at: views.recorded_at, words })
}

fn said(verdict: Verdict, until: Option<DateTime<Utc>>, zone: Tz) -> String {
    match (verdict, until) {
        (Verdict::Valid, Some(until)) => format!("valid until {}", day(until, zone)),
        (Verdict::Valid, None) => "valid".to_owned(),
        (Verdict::Expired, _) => "expired".to_owned(),
        (Verdict::Suspended, _) => "not valid".to_owned(),
        (Verdict::Revoked, _) => "revoked".to_owned(),
        (Verdict::Replaced, _) => "this copy replaced by a newer one".to_owned(),
        _ => "not issued yet".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::Reason;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn own(state: AwardState) -> OwnAward {
        OwnAward {
            award: "7K3QX9M2TR4HB6WD".parse().unwrap(),
            state,
            copy: WhichCopy::Current(CredentialVersion(1)),
            vendor: "Northwind".to_owned(),
            zone: "Europe/Berlin".parse().unwrap(),
            rights_in_grace: false,
            tell_reason: false,
        }
    }

    #[track_caller]
    fn check(now: AwardState, before: Option<AwardState>, known: Option<&str>, expected: &str, seen: Option<&str>) {
        let then = at("2026-03-01T22:59:59Z");
        let (now, before) = (own(now), before.map(own));
        let views = TwoViews {
            at: then,
            now: &now,
            before: before.as_ref(),
            known_at: known.map_or(then, at),
            recorded_at: Some(at("2026-03-10T09:00:00Z")),
            asked_of_before: known.is_some(),
            version: Some(CredentialVersion(1)),
            asked_at: at("2026-11-20T10:00:00Z"),
        };
        let past = past(&views);
        assert_eq!((past.headline.as_str(), past.hindsight.as_ref().map(|h| h.words.as_str())), (expected, seen));
    }

    const VALID: AwardState = AwardState::Valid { until: None };

    #[test]
    fn the_past_is_told_in_the_past_tense() {
        let since = at("2026-02-20T00:00:00Z");
        let (said, reason) = (|what: &str| format!("On 1 March 2026 {what}, as recorded by then."), Reason::Other);
        for (state, what) in [
            (VALID, "it was valid"),
            (AwardState::Expired { since, grace_until: None }, "it was not valid: it had expired on 20 February 2026"),
            (
                AwardState::Suspended { since, reason },
                "it was not valid: the issuer had been reviewing it since 20 February 2026",
            ),
            (AwardState::Revoked { since, reason }, "it was not valid: it had been revoked on 20 February 2026"),
            (
                AwardState::NotYetValid { from: at("2026-04-01T10:00:00Z") },
                "it was not issued: that came on 1 April 2026",
            ),
        ] {
            check(state, Some(state), None, &said(what), None);
        }
        check(
            VALID,
            Some(VALID),
            Some("2026-03-05T09:30:00Z"),
            "On 1 March 2026 it was valid, as recorded by 5 March 2026 at 09:30 UTC.",
            None,
        );
    }

    #[test]
    fn both_views_are_named_where_they_differ() {
        let valid = AwardState::Valid { until: Some(at("2027-01-31T22:59:59Z")) };
        let longer = AwardState::Valid { until: Some(at("2028-01-31T22:59:59Z")) };
        let suspended = AwardState::Suspended { since: at("2026-02-20T00:00:00Z"), reason: Reason::Other };
        let by_then = Some("2026-03-01T22:59:59Z");
        let was_valid = "On 1 March 2026 it was valid, as recorded by then.";
        check(
            suspended,
            Some(valid),
            None,
            "On 1 March 2026 it was not valid: the issuer had been reviewing it since 20 February 2026, as recorded by today.",
            Some(
                "This was recorded on 10 March 2026; by 1 March 2026, what had been recorded said: valid until 31 January 2027.",
            ),
        );
        check(
            suspended,
            Some(valid),
            by_then,
            was_valid,
            Some("This is what had been recorded by 1 March 2026. Recorded since then on 10 March 2026: not valid."),
        );
        check(
            longer,
            Some(valid),
            by_then,
            was_valid,
            Some(
                "This is what had been recorded by 1 March 2026. Recorded since then on 10 March 2026: valid until 31 January 2028.",
            ),
        );
        check(
            VALID,
            None,
            None,
            "On 1 March 2026 it was valid, as recorded by today.",
            Some("This was recorded on 10 March 2026; by 1 March 2026, nothing of it had been recorded."),
        );
        check(
            VALID,
            None,
            by_then,
            "On 1 March 2026 it was not issued: by 1 March 2026, nothing of it had been recorded.",
            Some("This is what had been recorded by 1 March 2026. Recorded since then on 10 March 2026: valid."),
        );
        let later = AwardState::NotYetValid { from: at("2026-04-01T10:00:00Z") };
        check(
            later,
            None,
            None,
            "On 1 March 2026 it was not issued: that came on 1 April 2026, as recorded by then.",
            None,
        );
    }
}
