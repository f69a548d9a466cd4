//! What was asked before: answers as long as they are fresh, failures for a short time, the newest of both.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};

use chrono::{DateTime, TimeDelta, Utc};

use super::flights::Outcome;
use super::lifetime::FAILURE;
use super::{FetchError, Fetched};

/// Answers and failures that are kept.
const MOST: usize = 1_000;
/// What they may take in all.
const MOST_BYTES: usize = 32 << 20;
/// What each is taken to take beside name and content.
const OVERHEAD: usize = 512;

/// What is known without asking.
pub(super) struct Memory(Mutex<Known>);

struct Known {
    answers: Newest<Outcome>,
    /// Hosts to which no connection came about, and why: one failure speaks for every address there.
    hosts: Newest<FetchError>,
}

impl Memory {
    pub(super) fn new() -> Self {
        let (answers, hosts) = (Newest::new(MOST, MOST_BYTES), Newest::new(MOST, MOST_BYTES));
        Memory(Mutex::new(Known { answers, hosts }))
    }

    /// What became of the same request before, if that still holds.
    pub(super) fn recall(&self, name: &str, now: DateTime<Utc>) -> Option<Outcome> {
        let known = self.0.lock().expect("no panic while answers are looked at");
        let outcome = known.answers.get(name, now)?.clone();
        Some(outcome.map(|fetched| Fetched { from_cache: true, ..fetched }))
    }

    /// Keeps what became of a request for `life`, which may be nothing.
    pub(super) fn keep(&self, name: &str, outcome: &Outcome, life: TimeDelta, now: DateTime<Utc>) {
        let bytes = outcome.as_ref().map_or(0, |fetched| fetched.bytes.len());
        self.0.lock().expect("no panic while answers are looked at").answers.put(
            name,
            outcome.clone(),
            bytes,
            (now, now + life),
        );
    }

    /// Why there was no connection to this host a short while ago.
    pub(super) fn shunned(&self, host: &str, now: DateTime<Utc>) -> Option<FetchError> {
        self.0.lock().expect("no panic while answers are looked at").hosts.get(host, now).cloned()
    }

    /// Leaves a host alone for a short while.
    pub(super) fn shun(&self, host: &str, why: &FetchError, now: DateTime<Utc>) {
        let mut known = self.0.lock().expect("no panic while answers are looked at");
        known.hosts.put(host, why.clone(), 0, (now, now + FAILURE));
    }
}

/// Things by name, each for its time; bounded by number and bytes, so that the oldest make room.
struct Newest<T> {
    most: usize,
    most_bytes: usize,
    bytes: usize,
    put: u64,
    kept: HashMap<Arc<str>, Kept<T>>,
    /// In the order in which they were put.
    order: BTreeMap<u64, Arc<str>>,
}

struct Kept<T> {
    value: T,
    bytes: usize,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
    put: u64,
}

impl<T> Newest<T> {
    fn new(most: usize, most_bytes: usize) -> Self {
        Newest { most, most_bytes, bytes: 0, put: 0, kept: HashMap::new(), order: BTreeMap::new() }
    }

    /// A clock that was set back makes nothing last longer.
    fn get(&self, name: &str, now: DateTime<Utc>) -> Option<&T> {
        let kept = self.kept.get(name)?;
        (kept.from <= now && now < kept.until).then_some(&kept.value)
    }

    fn put(&mut self, name: &str, value: T, bytes: usize, (from, until): (DateTime<Utc>, DateTime<Utc>)) {
        self.remove(name);
        let bytes = bytes + name.len() + OVERHEAD;
        if from >= until || bytes > self.most_bytes {
            return;
        }
        let name: Arc<str> = name.into();
        self.put += 1;
        self.bytes += bytes;
        self.order.insert(self.put, name.clone());
        self.kept.insert(name, Kept { value, bytes, from, until, put: self.put });
        while self.kept.len() > self.most || self.bytes > self.most_bytes {
            let Some((_, oldest)) = self.order.pop_first() else { return };
            self.remove(&oldest);
        }
    }

    fn remove(&mut self, name: &str) {
        if let Some(kept) = self.kept.remove(name) {
            self.bytes -= kept.bytes;
            self.order.remove(&kept.put);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_000_000 + seconds, 0).unwrap()
    }

    /// Puts and then lists, in order, which of `a` to `e` are known at the beginning.
    #[track_caller]
    fn check(newest: &mut Newest<()>, puts: &[(&str, usize)], expected: &str) {
        for (name, bytes) in puts {
            newest.put(name, (), *bytes, (at(0), at(10)));
        }
        let known: String = ["a", "b", "c", "d", "e"].into_iter().filter(|n| newest.get(n, at(0)).is_some()).collect();
        assert_eq!(known, expected);
        assert_eq!(newest.order.len(), newest.kept.len());
        assert_eq!(newest.bytes, newest.kept.values().map(|kept| kept.bytes).sum::<usize>());
    }

    #[test]
    fn the_oldest_make_room() {
        let mut by_number = Newest::new(3, usize::MAX);
        check(&mut by_number, &[("a", 0), ("b", 0), ("c", 0)], "abc");
        check(&mut by_number, &[("a", 0), ("d", 0)], "acd");
        let one = OVERHEAD + 1;
        let mut by_bytes = Newest::new(100, 3 * one + 100);
        check(&mut by_bytes, &[("a", 30), ("b", 30), ("c", 30)], "abc");
        check(&mut by_bytes, &[("d", 40)], "bcd");
        check(&mut by_bytes, &[("e", 2 * one + 100)], "e");
        check(&mut by_bytes, &[("a", 3 * one + 100)], "e");
        check(&mut by_bytes, &[("e", 3 * one + 100)], "");
    }

    #[test]
    fn everything_has_its_time() {
        let mut newest = Newest::new(3, usize::MAX);
        newest.put("a", 1, 0, (at(0), at(10)));
        for (now, expected) in [(-1, None), (0, Some(&1)), (9, Some(&1)), (10, None)] {
            assert_eq!(newest.get("a", at(now)), expected, "{now}");
        }
        newest.put("a", 2, 0, (at(5), at(5)));
        assert_eq!(newest.get("a", at(5)), None, "the newer answer is not to be kept, and the older one holds no more");
    }
}
