//! [`Connections`]: which there are, and who goes when there is no place for another.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::pulse::Pulse;

/// Descriptors that are not for connections: the store, the log, addresses that are asked.
const OWN: u64 = 32;

/// Those that are open.
#[derive(Debug)]
pub(super) struct Connections {
    most: usize,
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    by_number: HashMap<u64, Arc<Pulse>>,
    last: u64,
}

/// A place among them, until dropped.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) pulse: Arc<Pulse>,
    number: u64,
    among: Arc<Connections>,
}

impl Connections {
    /// At most `most`, and no more than the process can hold: each has a socket, and perhaps a file for what it uploads.
    pub(super) fn new(most: usize) -> Self {
        let descriptors = raised_limit().map_or(usize::MAX, |limit| usize::try_from(limit).unwrap_or(usize::MAX));
        let bearable = descriptors.saturating_sub(usize::try_from(OWN).unwrap_or(0)) / 2;
        Connections { most: most.min(bearable.max(1)), open: Mutex::default() }
    }

    /// A place for one more. When there is none, whoever has waited longest for its other end goes; `None` when all are
    /// being answered.
    pub(super) fn enter(self: &Arc<Self>) -> Option<Place> {
        let mut open = self.open();
        if open.by_number.len() >= self.most {
            let waiting = open.by_number.iter().filter_map(|(number, pulse)| Some((pulse.waits_since()?, *number)));
            let (_, longest) = waiting.min()?;
            open.by_number.remove(&longest)?.goes.notify_one();
        }
        open.last += 1;
        let (number, pulse) = (open.last, Arc::new(Pulse::new()));
        open.by_number.insert(number, pulse.clone());
        Some(Place { pulse, number, among: self.clone() })
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.among.open().by_number.remove(&self.number);
    }
}

/// How many descriptors the process may have, after it has asked for all it can get; `None` without a limit.
fn raised_limit() -> Option<u64> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
    if setrlimit(Resource::Nofile, raised).is_ok() { limit.maximum } else { limit.current }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    fn goes(place: &Place) -> bool {
        place.pulse.goes.notified().now_or_never().is_some()
    }

    #[test]
    fn the_idle_longest_goes_first_and_nobody_who_is_being_answered() {
        let connections = Arc::new(Connections::new(3));
        let places: Vec<_> = (0..3).map(|_| connections.enter().unwrap()).collect();
        places[0].pulse.begin();
        places[1].pulse.came();
        let fourth = connections.enter().unwrap();
        assert_eq!(places.iter().map(goes).collect::<Vec<_>>(), [false, false, true]);
        fourth.pulse.begin();
        let fifth = connections.enter().unwrap();
        assert!(goes(&places[1]), "half a head is no request");
        fifth.pulse.begin();
        assert!(connections.enter().is_none(), "all are being answered");
        drop(fifth);
        assert!(connections.enter().is_some());
    }
}
