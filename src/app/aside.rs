//! What a worker could not do for a reason that lies in the thing itself: set aside for a while, counted and shown, so that
//! it keeps nothing else waiting.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};

use chrono::{DateTime, TimeDelta, Utc};

/// Everything that is set aside in this process; the next one tries it anew.
#[derive(Default)]
pub struct Aside(Mutex<BTreeMap<(&'static str, String), SetAside>>);

/// One thing that is set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAside {
    /// When it failed first.
    pub since: DateTime<Utc>,
    /// How often it was tried.
    pub attempts: u32,
    /// When it is tried again.
    pub until: DateTime<Utc>,
    /// What went wrong the last time.
    pub why: String,
}

impl Aside {
    /// Minutes until it is tried again; after the last one always so many.
    const WAITS: [i64; 5] = [1, 5, 15, 30, 60];
    /// What was not tried again for so long after its time is not there any more.
    const GONE: TimeDelta = TimeDelta::minutes(30);
    /// So many are remembered; more are tried at every turn.
    const MOST: usize = 10_000;

    /// Sets something of a worker aside.
    pub fn put(&self, worker: &'static str, what: &str, why: String, now: DateTime<Utc>) {
        let mut all = self.all();
        let known = all.get(&(worker, what.to_owned()));
        if known.is_none() && all.len() >= Self::MOST {
            return;
        }
        let (since, attempts) = known.map_or((now, 1), |known| (known.since, known.attempts.saturating_add(1)));
        let waits = usize::try_from(attempts).unwrap_or(usize::MAX).min(Self::WAITS.len());
        let until = now + TimeDelta::minutes(Self::WAITS[waits - 1]);
        all.insert((worker, what.to_owned()), SetAside { since, attempts, until, why });
    }

    /// It was done after all.
    pub fn take(&self, worker: &'static str, what: &str) {
        self.all().remove(&(worker, what.to_owned()));
    }

    /// Whether it is not to be tried yet.
    pub fn rests(&self, worker: &'static str, what: &str, now: DateTime<Utc>) -> bool {
        let all = self.all();
        !all.is_empty() && all.get(&(worker, what.to_owned())).is_some_and(|it| (it.since..it.until).contains(&now))
    }

    /// Everything, by worker and name.
    pub fn list(&self, now: DateTime<Utc>) -> Vec<(&'static str, String, SetAside)> {
        let mut all = self.all();
        all.retain(|_, it| now < it.until + Self::GONE);
        all.iter().map(|((worker, what), it)| (*worker, what.clone(), it.clone())).collect()
    }

    /// How many there are of each worker.
    pub fn counts(&self, now: DateTime<Utc>) -> BTreeMap<&'static str, usize> {
        let mut counts = BTreeMap::new();
        self.list(now).into_iter().for_each(|(worker, _, _)| *counts.entry(worker).or_default() += 1);
        counts
    }

    fn all(&self) -> MutexGuard<'_, BTreeMap<(&'static str, String), SetAside>> {
        self.0.lock().expect("no panic while things are set aside")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fails_again_rests_longer() {
        let aside = Aside::default();
        let mut now = DateTime::UNIX_EPOCH;
        for minutes in [1, 5, 15, 30, 60, 60] {
            aside.put("clock", "a", "broken".to_owned(), now);
            now += TimeDelta::minutes(minutes) - TimeDelta::seconds(1);
            assert!(aside.rests("clock", "a", now) && !aside.rests("clock", "b", now));
            now += TimeDelta::seconds(1);
            assert!(!aside.rests("clock", "a", now));
        }
        let (worker, what, it) = aside.list(now).remove(0);
        assert_eq!((worker, what.as_str(), it.attempts, it.since), ("clock", "a", 6, DateTime::UNIX_EPOCH));
        assert_eq!(aside.counts(now), BTreeMap::from([("clock", 1)]));
        assert!(aside.counts(now + Aside::GONE).is_empty(), "nobody tries it any more");
        aside.put("clock", "a", "broken".to_owned(), now);
        aside.take("clock", "a");
        assert!(aside.counts(now).is_empty());
    }

    #[test]
    fn no_more_is_remembered_than_there_is_room_for() {
        let aside = Aside::default();
        for n in 0..Aside::MOST + 5 {
            aside.put("clock", &n.to_string(), String::new(), DateTime::UNIX_EPOCH);
        }
        assert_eq!(aside.counts(DateTime::UNIX_EPOCH)["clock"], Aside::MOST);
    }
}
