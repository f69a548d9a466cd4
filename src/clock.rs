//! The only reader of time. Everything else is told what time it is.

use std::sync::Mutex;

use chrono::{DateTime, TimeDelta, Utc};

/// Tells the time. Held by [`crate::app`] and read once per request, so that one decision sees one moment.
pub trait Clock: Send + Sync + 'static {
    /// The present moment, in UTC.
    fn now(&self) -> DateTime<Utc>;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// A clock that stands still until it is moved: for tests and for looking into the future of a copied store.
#[derive(Debug)]
pub struct FixedClock(Mutex<DateTime<Utc>>);

impl FixedClock {
    /// A clock standing at `now`.
    pub fn at(now: DateTime<Utc>) -> Self {
        FixedClock(Mutex::new(now))
    }

    /// Moves the clock on (or, with a negative delta, back).
    pub fn advance(&self, by: TimeDelta) {
        *self.0.lock().expect("no panic while the clock is held") += by;
    }

    /// Sets the clock to `now`.
    pub fn set(&self, now: DateTime<Utc>) {
        *self.0.lock().expect("no panic while the clock is held") = now;
    }
}

impl Clock for FixedClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().expect("no panic while the clock is held")
    }
}

/// The same moment without its parts of a second; a leap second is the one before it.
pub fn whole_seconds(at: DateTime<Utc>) -> DateTime<Utc> {
    DateTime::from_timestamp(at.timestamp(), 0).expect("a moment without its fraction is one, too")
}

/// `YYYY-MM-DDThh:mm:ssZ`: the one form in which a moment is written into credentials, JSON and store keys.
pub fn rfc3339(at: DateTime<Utc>) -> String {
    whole_seconds(at).format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_in_whole_seconds() {
        for (given, expected) in [
            ("2026-11-20T14:41:15Z", "2026-11-20T14:41:15Z"),
            ("2026-11-20T14:41:15.653097963Z", "2026-11-20T14:41:15Z"),
            ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z"),
            ("2016-12-31T23:59:60.9Z", "2016-12-31T23:59:59Z"),
            ("1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59Z"),
            ("2026-11-20T14:41:15.5+02:00", "2026-11-20T12:41:15Z"),
        ] {
            let at: DateTime<Utc> = given.parse().unwrap();
            assert_eq!(rfc3339(at), expected, "{given}");
            assert_eq!(serde_json::to_value(whole_seconds(at)).unwrap(), expected, "{given}");
        }
    }
}
