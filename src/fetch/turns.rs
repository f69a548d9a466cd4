//! Who may ask now: few at a time of one host, and not too many in all.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, Weak};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Turns, given out in the order in which they are asked for.
pub(super) struct Turns {
    per_host: usize,
    all: Arc<Semaphore>,
    hosts: Mutex<HashMap<String, Weak<Semaphore>>>,
}

/// Leave to ask one host, until dropped.
#[derive(Debug)]
pub(super) struct Turn {
    _host: OwnedSemaphorePermit,
    _all: OwnedSemaphorePermit,
}

impl Turns {
    pub(super) fn new(per_host: usize, all: usize) -> Self {
        Turns { per_host, all: Arc::new(Semaphore::new(all)), hosts: Mutex::default() }
    }

    /// Waits for a turn with this host. Whoever waits for a busy host keeps nobody from another.
    pub(super) async fn take(&self, host: &str) -> Turn {
        let queue = self.queue(host);
        let host = queue.acquire_owned().await.expect("turns are never closed");
        let all = self.all.clone().acquire_owned().await.expect("turns are never closed");
        Turn { _host: host, _all: all }
    }

    fn queue(&self, host: &str) -> Arc<Semaphore> {
        let mut hosts = self.hosts.lock().expect("no panic while turns are counted");
        if let Some(queue) = hosts.get(host).and_then(Weak::upgrade) {
            return queue;
        }
        hosts.retain(|_, queue| queue.strong_count() > 0);
        let queue = Arc::new(Semaphore::new(self.per_host));
        hosts.insert(host.to_owned(), Arc::downgrade(&queue));
        queue
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    #[test]
    fn a_host_is_asked_by_few_and_all_by_not_too_many() {
        let turns = Turns::new(2, 3);
        let take = |host: &str| turns.take(host).now_or_never();
        let first = take("a").unwrap();
        let second = take("a").unwrap();
        assert!(take("a").is_none(), "two at a time");
        let third = take("b").unwrap();
        assert!(take("c").is_none(), "three in all");
        drop(first);
        assert!(take("c").is_some());
        assert!(take("a").is_some());
        drop((second, third));
        assert!(take("d").is_some());
        assert_eq!(turns.hosts.lock().unwrap().len(), 1, "who is asked no more is forgotten");
    }

    #[test]
    fn whoever_waits_for_a_busy_host_keeps_nobody_from_another() {
        let turns = Turns::new(1, 2);
        let _busy = turns.take("a").now_or_never().unwrap();
        let waiting = turns.take("a");
        let mut waiting = std::pin::pin!(waiting);
        assert!(waiting.as_mut().now_or_never().is_none());
        assert!(turns.take("b").now_or_never().is_some());
    }
}
