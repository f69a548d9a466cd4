//! When a delivery that failed is tried again, and what an answer means.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::fetch::{Answered, FetchError, RetryAfter};
use crate::id::IdSource;

/// Seconds between attempts: 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h, as Standard Webhooks suggest.
const DELAYS: [i64; 9] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
/// Attempts are spread over this part of the delay, in thousandths.
const JITTER: u64 = 200;
/// Nobody puts an attempt off for longer.
const MOST_DELAY: TimeDelta = TimeDelta::hours(24);
/// A receiver in trouble is left alone for 5 s, 20 s, 80 s and so on, up to half an hour.
const FIRST_PAUSE: i64 = 5;
const MOST_PAUSE: i64 = 1_800;

/// What became of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Outcome {
    /// 200 to 299.
    Delivered,
    /// Something else, but others may fare better.
    Failed,
    /// It is overburdened or away: the next would fare no better now.
    Overburdened,
    /// 410: it wants nothing more.
    Gone,
}

impl Outcome {
    /// Of an answer, or of none.
    pub(super) fn of(answer: &Result<Answered, FetchError>) -> Self {
        match answer {
            Ok(answered) => match answered.status {
                200..=299 => Outcome::Delivered,
                410 => Outcome::Gone,
                429 | 502 | 503 | 504 => Outcome::Overburdened,
                _ => Outcome::Failed,
            },
            Err(FetchError::Timeout { .. } | FetchError::Unreachable { .. } | FetchError::Unresolved { .. }) => {
                Outcome::Overburdened
            }
            Err(_) => Outcome::Failed,
        }
    }
}

/// When the attempt after so many is due; `None` after the last.
pub(super) fn next_attempt(
    made: u32,
    now: DateTime<Utc>,
    asked: Option<RetryAfter>,
    ids: &dyn IdSource,
) -> Option<DateTime<Utc>> {
    let delay = *DELAYS.get(made.checked_sub(1)? as usize)?;
    let mut random = [0_u8; 4];
    ids.fill(&mut random);
    let part = u64::from(u32::from_be_bytes(random)) % (JITTER + 1);
    let jitter = i64::try_from(delay.unsigned_abs() * part / 1_000).unwrap_or(0);
    Some((now + TimeDelta::seconds(delay + jitter)).max(asked_for(asked, now)))
}

/// Until when a receiver is left alone that has been in trouble so often in a row.
pub(super) fn pause(troubles: u32, now: DateTime<Utc>, asked: Option<RetryAfter>) -> DateTime<Utc> {
    let seconds = FIRST_PAUSE.saturating_mul(4_i64.saturating_pow(troubles.saturating_sub(1))).min(MOST_PAUSE);
    (now + TimeDelta::seconds(seconds)).max(asked_for(asked, now))
}

fn asked_for(asked: Option<RetryAfter>, now: DateTime<Utc>) -> DateTime<Utc> {
    let at = match asked {
        None => now,
        Some(RetryAfter::Seconds(seconds)) => now + TimeDelta::seconds(i64::from(seconds)),
        Some(RetryAfter::At(at)) => at,
    };
    at.min(now + MOST_DELAY)
}

/// The time between two readings of the clock, which may have been set back.
pub(super) fn millis(began: DateTime<Utc>, ended: DateTime<Utc>) -> u64 {
    u64::try_from((ended - began).to_std().unwrap_or(Duration::ZERO).as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::CountedIds;

    /// Fills with one byte.
    struct Always(u8);

    impl IdSource for Always {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0);
        }
    }

    fn now() -> DateTime<Utc> {
        "2026-11-20T10:00:00Z".parse().unwrap()
    }

    #[test]
    fn attempts_come_ever_later_and_then_no_more() {
        let mut due = Vec::new();
        for made in 1.. {
            let Some(at) = next_attempt(made, now(), None, &CountedIds::default()) else { break };
            due.push((at - now()).num_seconds());
        }
        assert_eq!(due, [5, 300, 1_801, 7_207, 18_018, 36_036, 50_450, 72_072, 86_486]);
        assert_eq!(next_attempt(0, now(), None, &CountedIds::default()), None);
        for byte in 0..=255 {
            let at = next_attempt(9, now(), None, &Always(byte)).unwrap();
            assert!((86_400..=103_680).contains(&(at - now()).num_seconds()));
        }
    }

    #[test]
    fn what_the_receiver_asks_for_is_heeded_within_reason() {
        let asked =
            |asked| (next_attempt(1, now(), Some(asked), &CountedIds::default()).unwrap() - now()).num_seconds();
        assert_eq!(asked(RetryAfter::Seconds(0)), 5);
        assert_eq!(asked(RetryAfter::Seconds(120)), 120);
        assert_eq!(asked(RetryAfter::Seconds(u32::MAX)), 86_400);
        assert_eq!(asked(RetryAfter::At(now() - TimeDelta::days(1))), 5);
        assert_eq!(asked(RetryAfter::At(now() + TimeDelta::hours(1))), 3_600);
        let pauses = [1, 2, 3, 4, 5, 6, 100].map(|troubles| (pause(troubles, now(), None) - now()).num_seconds());
        assert_eq!(pauses, [5, 20, 80, 320, 1_280, 1_800, 1_800]);
        assert_eq!(pause(1, now(), Some(RetryAfter::Seconds(60))), now() + TimeDelta::seconds(60));
    }

    #[test]
    fn only_success_is_success() {
        let host = || "crm.example".to_owned();
        let answer = |status| Ok(Answered { status, retry_after: None, excerpt: String::new() });
        for (status, outcome) in [
            (200, Outcome::Delivered),
            (204, Outcome::Delivered),
            (301, Outcome::Failed),
            (307, Outcome::Failed),
            (400, Outcome::Failed),
            (410, Outcome::Gone),
            (429, Outcome::Overburdened),
            (500, Outcome::Failed),
            (502, Outcome::Overburdened),
            (503, Outcome::Overburdened),
            (504, Outcome::Overburdened),
        ] {
            assert_eq!(Outcome::of(&answer(status)), outcome, "{status}");
        }
        assert_eq!(Outcome::of(&Err(FetchError::Timeout { host: host(), seconds: 15 })), Outcome::Overburdened);
        assert_eq!(Outcome::of(&Err(FetchError::NotPublic { host: host() })), Outcome::Failed);
    }
}
