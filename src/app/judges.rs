//! [`Judges`]: where what strangers send is read and judged: apart from the threads that answer everybody, and so much at a
//! time, whoever sends it.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::oneshot;

/// How many wait for each that is at work. A piece of work takes a quarter of a second at most: nobody waits longer than four.
const WAITING: usize = 16;

/// A number of workers and a queue of a certain length. Whoever waits holds nothing that another needs.
#[derive(Debug, Clone)]
pub struct Judges {
    most_at_work: usize,
    most_waiting: usize,
    queue: Arc<Mutex<Queue>>,
}

#[derive(Default)]
struct Queue {
    at_work: usize,
    waiting: VecDeque<Work>,
}

type Work = Box<dyn FnOnce() + Send>;

/// Why something was not judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unjudged {
    /// As many wait as may. Safe to repeat.
    #[error("too much waits to be judged")]
    Crowded,
    /// It panicked.
    #[error("a check broke off")]
    BrokeOff,
}

impl Default for Judges {
    /// As many as this machine has cores.
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Judges::new(cores, WAITING * cores)
    }
}

impl Judges {
    /// So many at a time, so many that wait.
    pub fn new(most_at_work: usize, most_waiting: usize) -> Self {
        Judges { most_at_work, most_waiting, queue: Arc::default() }
    }

    /// Does a piece of work when its turn comes. Who no longer waits for it when it comes is passed over.
    pub async fn judge<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Unjudged> {
        let (tell, told) = oneshot::channel();
        self.take_in(Box::new(move || {
            if !tell.is_closed() {
                let _ = tell.send(work());
            }
        }))?;
        told.await.map_err(|_| Unjudged::BrokeOff)
    }

    fn take_in(&self, work: Work) -> Result<(), Unjudged> {
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        if queue.at_work == self.most_at_work {
            if queue.waiting.len() == self.most_waiting {
                return Err(Unjudged::Crowded);
            }
            queue.waiting.push_back(work);
            return Ok(());
        }
        queue.at_work += 1;
        let queue = self.queue.clone();
        tokio::task::spawn_blocking(move || {
            let mut next = Some(work);
            while let Some(work) = next {
                // Whoever asked sees that the answer will not come; those behind go on.
                let _ = catch_unwind(AssertUnwindSafe(work));
                next = Queue::next(&queue);
            }
        });
        Ok(())
    }
}

impl Queue {
    fn next(queue: &Mutex<Queue>) -> Option<Work> {
        let mut queue = queue.lock().unwrap_or_else(PoisonError::into_inner);
        let next = queue.waiting.pop_front();
        queue.at_work -= usize::from(next.is_none());
        next
    }
}

impl std::fmt::Debug for Queue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Queue({} at work, {} waiting)", self.at_work, self.waiting.len())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[tokio::test]
    async fn so_many_work_so_many_wait_and_the_next_is_turned_away() {
        let judges = Judges::new(1, 1);
        let (open, gate) = mpsc::channel::<()>();
        let first = judges.judge(move || gate.recv().is_ok());
        let second = judges.judge(|| 2);
        let third = judges.judge(|| 3);
        // A future begins when it is first asked.
        let (first, second, third) = tokio::join!(first, second, async move {
            let third = third.await;
            open.send(()).expect("the first waits");
            third
        });
        assert_eq!((first, second, third), (Ok(true), Ok(2), Err(Unjudged::Crowded)));
        assert_eq!(judges.judge(|| 4).await, Ok(4));
    }

    #[tokio::test]
    async fn one_that_panics_or_goes_away_holds_nobody_up() {
        let judges = Judges::new(1, 1);
        assert_eq!(judges.judge(|| panic!("on purpose")).await, Err::<(), _>(Unjudged::BrokeOff));
        let (open, gate) = mpsc::channel::<()>();
        let parked = tokio::spawn({
            let judges = judges.clone();
            async move { judges.judge(move || gate.recv().is_ok()).await }
        });
        while judges.queue.lock().expect("no panic").at_work == 0 {
            tokio::task::yield_now().await;
        }
        parked.abort();
        open.send(()).expect("it is at work all the same");
        assert_eq!(judges.judge(|| 5).await, Ok(5));
    }
}
