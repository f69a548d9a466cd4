//! Tells webhooks what happened: several at a time, so that a slow receiver holds up nobody but itself.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::apart::{Ended, Tasks};
use crate::app::App;
use crate::id::WebhookId;
use crate::service::Breakdown;
use crate::service::moment;
use crate::service::webhooks::delivery::{Burst, Candidate, burst, candidates, wake};
use crate::store::Position;

const NAME: &str = super::Worker::Webhooks.name();
/// So many webhooks are told something at a time.
const CONCURRENT: usize = 16;
/// A step ends after so many bursts, so that what is due again is looked for anew; but nobody waits for a slow receiver then.
const MOST_BURSTS: usize = 256;
/// A receiver is slow when so many bursts of others began since its own did.
const SLOW: usize = 64;
/// How long new events are waited for while a slow receiver is.
const PATIENCE: Duration = Duration::from_secs(30);

/// Works until there is nothing to do, or it was much; answers whether there was anything.
pub async fn step(app: &Arc<App>) -> Result<bool, Breakdown> {
    let queue = candidates(app).await?.into();
    let tasks = Tasks::new();
    let mut round = Round {
        app,
        queue,
        tasks,
        bursts: 0,
        out: HashSet::new(),
        watching: false,
        worked: false,
        upto: Position::default(),
        failed: None,
    };
    loop {
        round.begin_bursts();
        if !round.is_busy() {
            return round.failed.map_or(Ok(round.worked), Err);
        }
        round.watch();
        let Some((task, ended)) = round.tasks.next().await else { return Ok(round.worked) };
        if let Err(error) = round.take(task, ended) {
            // What is under way is finished, then the first failure is told.
            round.failed.get_or_insert(error);
        }
    }
}

/// What happens in one step.
struct Round<'a> {
    app: &'a Arc<App>,
    queue: VecDeque<Candidate>,
    tasks: Tasks<Task, Found>,
    bursts: usize,
    /// Slow receivers that were told something when the step was to end: their turn comes with the next one.
    out: HashSet<WebhookId>,
    watching: bool,
    worked: bool,
    upto: Position,
    failed: Option<Breakdown>,
}

/// What a task is for.
enum Task {
    /// Tells one webhook something; so many bursts began before.
    Burst(Candidate, usize),
    /// Looks for what is new: while somebody is slow, the others may be told what happens meanwhile.
    Watch,
}

/// What a task brings.
enum Found {
    Told(Burst),
    /// How far the feed goes, and who may have work now.
    News(Option<(Position, Vec<Candidate>)>),
}

impl Round<'_> {
    fn goes_on(&self) -> bool {
        let waits = || self.tasks.items().any(|task| matches!(task, Task::Burst(_, began) if self.is_slow(*began)));
        let stops = self.app.caches.stopping.load(Ordering::Relaxed);
        self.failed.is_none() && !stops && (self.bursts < MOST_BURSTS || waits())
    }

    fn is_slow(&self, began: usize) -> bool {
        self.bursts - began > SLOW
    }

    fn is_busy(&self) -> bool {
        self.tasks.len() > usize::from(self.watching)
    }

    fn is_told(&self, id: &WebhookId) -> bool {
        self.tasks.items().any(|task| matches!(task, Task::Burst(candidate, _) if candidate.id() == id))
    }

    fn begin_bursts(&mut self) {
        let now = moment(self.app);
        while self.tasks.len() < CONCURRENT + usize::from(self.watching) && self.goes_on() {
            let free = |candidate: &Candidate| !self.is_told(candidate.id()) && !self.out.contains(candidate.id());
            let Some(place) = self.queue.iter().position(free) else { break };
            let Some(candidate) = self.queue.remove(place) else { break };
            if self.app.caches.aside.rests(NAME, candidate.id().as_str(), now) {
                continue;
            }
            let (app, of) = (Arc::clone(self.app), candidate.clone());
            self.bursts += 1;
            self.tasks
                .begin(Task::Burst(candidate, self.bursts), async move { burst(&app, &of).await.map(Found::Told) });
        }
    }

    fn watch(&mut self) {
        if self.watching || self.tasks.len() >= CONCURRENT || !self.goes_on() {
            return;
        }
        self.watching = true;
        let (app, upto) = (Arc::clone(self.app), self.upto);
        self.tasks.begin(Task::Watch, async move {
            let Some(upto) = wake(&app, upto, PATIENCE).await? else { return Ok(Found::News(None)) };
            Ok(Found::News(Some((upto, candidates(&app).await?))))
        });
    }

    fn take(&mut self, task: Task, ended: Ended<Found>) -> Result<(), Breakdown> {
        let what = match &task {
            Task::Burst(candidate, began) => {
                if self.bursts >= MOST_BURSTS && self.is_slow(*began) {
                    self.out.insert(candidate.id().clone());
                }
                candidate.id().to_string()
            }
            Task::Watch => {
                self.watching = false;
                "what is new".to_owned()
            }
        };
        match (task, ended.settle(self.app, NAME, &what)?) {
            (Task::Burst(candidate, _), Some(Found::Told(burst))) => {
                self.worked |= burst.worked;
                self.upto = self.upto.max(burst.upto);
                if burst.worked {
                    // What was due again was told; the next look finds what is due then.
                    self.queue.push_back(candidate.without_retries());
                }
            }
            (Task::Watch, Some(Found::News(Some((upto, found))))) => {
                self.upto = self.upto.max(upto);
                self.queue = found.into();
            }
            _ => {}
        }
        Ok(())
    }
}
