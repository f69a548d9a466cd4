//! How long an answer is kept, by what its host says (RFC 9111) and within our bounds.

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::header::{AGE, CACHE_CONTROL, DATE, EXPIRES, HeaderMap, HeaderName, VARY};

/// Of answers that say nothing about it.
const UNSTATED: TimeDelta = TimeDelta::seconds(60);
/// Whatever a host says: a revoked badge must be seen to be so.
const LONGEST: TimeDelta = TimeDelta::hours(1);
/// That something is not there is believed less long.
const LONGEST_ABSENCE: TimeDelta = TimeDelta::seconds(60);
/// How long a host that failed is left alone.
pub(super) const FAILURE: TimeDelta = TimeDelta::seconds(30);

/// How long an answer of this status is kept, if it stays fresh so long; zero: not at all.
pub(super) fn lifetime(status: u16, fresh: TimeDelta) -> TimeDelta {
    match status {
        200 => fresh,
        404 | 410 => fresh.min(LONGEST_ABSENCE),
        429 | 500..=599 => FAILURE,
        _ => TimeDelta::zero(),
    }
}

/// How long an answer stays fresh: from nothing to an hour. We are a private cache: `private` and `s-maxage` are not for us.
pub(super) fn freshness(headers: &HeaderMap, now: DateTime<Utc>) -> TimeDelta {
    stated(headers, now).unwrap_or(UNSTATED).clamp(TimeDelta::zero(), LONGEST)
}

fn stated(headers: &HeaderMap, now: DateTime<Utc>) -> Option<TimeDelta> {
    let mut most = None;
    for directive in listed(headers, &CACHE_CONTROL) {
        let (name, value) = directive.split_once('=').unwrap_or((directive, ""));
        match name.trim_end().to_ascii_lowercase().as_str() {
            "no-store" | "no-cache" => return Some(TimeDelta::zero()),
            // Of several the least; one that cannot be read is none (section 4.2.1).
            "max-age" => {
                let age = seconds(value.trim().trim_matches('"')).unwrap_or_default();
                most = Some(most.map_or(age, |most: TimeDelta| most.min(age)));
            }
            _ => {}
        }
    }
    if listed(headers, &VARY).any(|name| name == "*") {
        return Some(TimeDelta::zero());
    }
    let until_expiry = || {
        let expires = headers.get(EXPIRES)?;
        let read = |text: &str| DateTime::parse_from_rfc2822(text).ok();
        let from = headers.get(DATE).and_then(|date| read(date.to_str().ok()?)).map_or(now, |date| date.to_utc());
        // "0" and its like mean: already expired (section 5.3).
        let until = expires.to_str().ok().and_then(read).map_or(from, |until| until.to_utc());
        Some(until - from)
    };
    let age = listed(headers, &AGE).next().and_then(seconds).unwrap_or_default();
    most.or_else(until_expiry).map(|life| life - age)
}

/// The members of a comma-separated field.
fn listed<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    let lines = headers.get_all(name).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).map(str::trim)
}

/// A whole number of seconds; beyond what fits, the most that does.
fn seconds(text: &str) -> Option<TimeDelta> {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| TimeDelta::seconds(text.parse::<u32>().unwrap_or(u32::MAX).into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(fields: &[(HeaderName, &str)], expected: i64) {
        let headers = fields.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect();
        let now = "2026-11-20T10:00:00Z".parse().unwrap();
        assert_eq!(freshness(&headers, now).num_seconds(), expected, "{fields:?}");
    }

    #[test]
    fn an_answer_stays_fresh_as_long_as_its_host_says_within_bounds() {
        check(&[], 60);
        check(&[(CACHE_CONTROL, "private")], 60);
        check(&[(CACHE_CONTROL, "public, must-revalidate")], 60);
        for (control, expected) in [
            ("max-age=300", 300),
            ("Max-Age=300, public", 300),
            ("max-age=\"300\"", 300),
            ("max-age=300, s-maxage=7", 300),
            ("s-maxage=7", 60),
            ("max-age=300, max-age=200", 200),
            ("max-age=86400", 3_600),
            ("max-age=99999999999999999999", 3_600),
            ("max-age=0", 0),
            ("max-age=-5", 0),
            ("max-age", 0),
            ("max-age=soon", 0),
            ("no-store", 0),
            ("max-age=300, No-Store", 0),
            ("no-cache, max-age=300", 0),
            ("no-cache=\"set-cookie\", max-age=300", 0),
        ] {
            check(&[(CACHE_CONTROL, control)], expected);
        }
        check(&[(CACHE_CONTROL, "max-age=300"), (CACHE_CONTROL, "no-store")], 0);
        check(&[(CACHE_CONTROL, "max-age=300"), (VARY, "accept")], 300);
        check(&[(CACHE_CONTROL, "max-age=300"), (VARY, "accept, *")], 0);
    }

    #[test]
    fn what_it_aged_before_it_came_counts() {
        check(&[(CACHE_CONTROL, "max-age=300"), (AGE, "100")], 200);
        check(&[(CACHE_CONTROL, "max-age=300"), (AGE, "301")], 0);
        check(&[(CACHE_CONTROL, "max-age=300"), (AGE, "old")], 300);
        check(&[(EXPIRES, "Fri, 20 Nov 2026 10:05:00 GMT")], 300);
        check(&[(EXPIRES, "Fri, 20 Nov 2026 10:05:00 GMT"), (AGE, "60")], 240);
        // Its own clock may be wrong; what counts is the difference.
        check(&[(EXPIRES, "Fri, 20 Nov 2026 12:05:00 GMT"), (DATE, "Fri, 20 Nov 2026 12:00:00 GMT")], 300);
        check(&[(EXPIRES, "Fri, 20 Nov 2026 09:00:00 GMT")], 0);
        check(&[(EXPIRES, "Sun, 20 Nov 2033 10:00:00 GMT")], 3_600);
        check(&[(EXPIRES, "0")], 0);
        check(&[(EXPIRES, "Friday, 20-Nov-26 10:05:00 GMT")], 0);
        check(&[(EXPIRES, "Fri, 20 Nov 2026 10:05:00 GMT"), (CACHE_CONTROL, "max-age=10")], 10);
    }

    #[test]
    fn only_some_answers_are_kept() {
        let kept = |status| lifetime(status, TimeDelta::seconds(3_600)).num_seconds();
        for (status, expected) in [(200, 3_600), (404, 60), (410, 60), (429, 30), (500, 30), (503, 30)] {
            assert_eq!(kept(status), expected, "{status}");
        }
        for status in [201, 204, 206, 300, 304, 400, 401, 403, 600] {
            assert_eq!(kept(status), 0, "{status}");
        }
        assert_eq!(lifetime(404, TimeDelta::seconds(5)).num_seconds(), 5);
        assert_eq!(
            lifetime(503, TimeDelta::zero()).num_seconds(),
            30,
            "a host that fails does not say how often to ask"
        );
    }
}
