//! What goes wrong again and again is said once a minute, with how often it did.

use std::collections::HashMap;
use std::sync::Mutex;

use chrono::{DateTime, TimeDelta, Utc};

/// Troubles that were told, by their words.
#[derive(Default)]
pub struct Troubles(Mutex<HashMap<String, Told>>);

/// When it was, and how often it happened since.
struct Told {
    at: DateTime<Utc>,
    since: u64,
}

impl Troubles {
    /// So long the same is not told again.
    const QUIET: TimeDelta = TimeDelta::minutes(1);
    /// So many are told apart.
    const MOST: usize = 100;

    /// Notes that it happened; if it is time to tell it, how often it did since it was told last.
    pub fn note(&self, what: &str, now: DateTime<Utc>) -> Option<u64> {
        let mut known = self.0.lock().expect("no panic while troubles are counted");
        let Some(told) = known.get_mut(what) else {
            if known.len() >= Self::MOST {
                known.clear();
            }
            known.insert(what.to_owned(), Told { at: now, since: 0 });
            return Some(1);
        };
        told.since += 1;
        let is_time = !(TimeDelta::zero()..Self::QUIET).contains(&(now - told.at));
        is_time.then(|| std::mem::replace(told, Told { at: now, since: 0 }).since)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_is_told_once_a_minute_with_a_count() {
        let troubles = Troubles::default();
        let at = |seconds| DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds);
        let told: Vec<_> = (0..150).filter_map(|second| Some((second, troubles.note("full", at(second))?))).collect();
        assert_eq!(told, [(0, 1), (60, 60), (120, 60)]);
        assert_eq!(troubles.note("something else", at(121)), Some(1));
        assert_eq!(troubles.note("full", at(100)), Some(30), "the clock was set back");
        for n in 0..1_000 {
            troubles.note(&n.to_string(), at(200));
        }
        assert!(troubles.0.lock().unwrap().len() <= Troubles::MOST);
    }
}
