//! Each thing is done in a task of its own, a bounded number at a time. Tasks are polled whatever their starter does, so that
//! none stands still with something in its hands; and a thing that cannot be done is set aside, so that the others are.

use std::collections::HashMap;

use tokio::task::{Id, JoinSet};

use crate::app::App;
use crate::service::{Breakdown, moment};

/// Tasks, each for one thing. They end when this is dropped.
pub(super) struct Tasks<I, T> {
    running: JoinSet<Result<T, Breakdown>>,
    items: HashMap<Id, I>,
}

impl<I, T: Send + 'static> Tasks<I, T> {
    pub(super) fn new() -> Self {
        Tasks { running: JoinSet::new(), items: HashMap::new() }
    }

    pub(super) fn begin(&mut self, item: I, work: impl Future<Output = Result<T, Breakdown>> + Send + 'static) {
        self.items.insert(self.running.spawn(work).id(), item);
    }

    /// Those that are under way.
    pub(super) fn items(&self) -> impl Iterator<Item = &I> {
        self.items.values()
    }

    pub(super) fn len(&self) -> usize {
        self.items.len()
    }

    /// What became of the next one that ends; `None` when none is under way.
    pub(super) async fn next(&mut self) -> Option<(I, Ended<T>)> {
        let (id, ended) = match self.running.join_next_with_id().await? {
            Ok((id, ended)) => (id, Ended::Whole(ended)),
            Err(error) => (error.id(), Ended::Panicked),
        };
        let item = self.items.remove(&id)?;
        Some((item, ended))
    }
}

/// How a task ended.
pub(super) enum Ended<T> {
    Whole(Result<T, Breakdown>),
    Panicked,
}

impl<T> Ended<T> {
    /// What was done for `what`. `None`: that cannot be done, and is set aside. An error is one that strikes everything.
    pub(super) fn settle(self, app: &App, worker: &'static str, what: &str) -> Result<Option<T>, Breakdown> {
        let why = match self {
            Ended::Whole(Ok(done)) => {
                app.caches.aside.take(worker, what);
                return Ok(Some(done));
            }
            Ended::Whole(Err(error)) if error.strikes_all() => return Err(error),
            Ended::Whole(Err(error)) => error.to_string(),
            Ended::Panicked => "it panicked".to_owned(),
        };
        tracing::error!(worker, what, cause = %why, "set aside for a while");
        app.caches.aside.put(worker, what, why, moment(app));
        Ok(None)
    }
}
