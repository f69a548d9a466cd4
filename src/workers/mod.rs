//! What time and the feed bring due, done in small steps. Each step is safe on any number of nodes: what it did is committed
//! on condition that nobody else did it.

mod admin;
mod apart;
mod clock;
mod content_review;
mod forecast;
mod lease;
mod mail;
mod recertification;
mod status_lists;
mod turns;
pub mod webhooks;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;

pub use forecast::{Forecast, ForecastError, Line, until};

use crate::app::App;
use crate::service::{Breakdown, moment, presence};

/// How long to rest when nothing is due.
const REST: Duration = Duration::from_secs(1);
/// How long to rest after something did not work.
const AFTER_BREAKDOWN: Duration = Duration::from_secs(30);

/// Those who do the work, in the order in which it follows from one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Worker {
    Recertification,
    Admin,
    Clock,
    Turns,
    ContentReview,
    StatusLists,
    Mail,
    Webhooks,
}

impl Worker {
    const ALL: [Worker; 8] = [
        Worker::Admin,
        Worker::Recertification,
        Worker::Clock,
        Worker::Turns,
        Worker::ContentReview,
        Worker::StatusLists,
        Worker::Mail,
        Worker::Webhooks,
    ];
    /// Those who change what is true, and send nothing.
    const OF_TIME: [Worker; 5] =
        [Worker::Admin, Worker::Recertification, Worker::Clock, Worker::Turns, Worker::ContentReview];

    const fn name(self) -> &'static str {
        match self {
            Worker::Recertification => "recertification",
            Worker::Admin => "admin",
            Worker::Clock => "clock",
            Worker::Turns => "turns",
            Worker::ContentReview => "content-review",
            Worker::StatusLists => "status-lists",
            Worker::Mail => "mail",
            Worker::Webhooks => "webhooks",
        }
    }

    /// One bounded piece of work; `true` when there may be more.
    async fn step(self, app: &Arc<App>) -> Result<bool, Breakdown> {
        match self {
            Worker::Recertification => recertification::step(app).await,
            Worker::Admin => admin::step(app).await,
            Worker::Clock => clock::step(app).await,
            Worker::Turns => turns::step(app).await,
            Worker::ContentReview => content_review::step(app).await,
            Worker::StatusLists => status_lists::step(app).await,
            Worker::Mail => mail::step(app).await,
            Worker::Webhooks => webhooks::step(app).await,
        }
    }
}

/// Does everything that is due now; answers whether there was anything.
pub async fn tick(app: &Arc<App>) -> Result<bool, Breakdown> {
    all_of(app, &Worker::ALL).await
}

/// The same for what time brings; nothing leaves the process.
pub async fn tick_time(app: &Arc<App>) -> Result<bool, Breakdown> {
    all_of(app, &Worker::OF_TIME).await
}

async fn all_of(app: &Arc<App>, workers: &[Worker]) -> Result<bool, Breakdown> {
    let mut did = false;
    loop {
        let mut more = false;
        for worker in workers {
            more |= worker.step(app).await?;
        }
        if !more {
            return Ok(did);
        }
        did = true;
    }
}

/// Works until `stop` says so, and says as long that this process is there. A worker that breaks down is logged and tried
/// again: nothing is lost by it, and the others go on.
pub async fn run(app: Arc<App>, stop: watch::Receiver<bool>) {
    let mut pulse = JoinSet::new();
    pulse.spawn(be_there(app.clone()));
    let mut at_work = JoinSet::new();
    for worker in Worker::ALL {
        at_work.spawn(alone(app.clone(), worker, stop.clone()));
    }
    while at_work.join_next().await.is_some() {}
}

async fn be_there(app: Arc<App>) {
    loop {
        if let Err(error) = presence::pulse(&app).await {
            told(&app, "presence", &error.to_string());
        }
        tokio::time::sleep(presence::PULSE).await;
    }
}

async fn alone(app: Arc<App>, worker: Worker, mut stop: watch::Receiver<bool>) {
    loop {
        let rest = match held(&app, worker).await {
            Ok(true) => Duration::ZERO,
            Ok(false) => REST,
            Err(cause) => {
                told(&app, worker.name(), &cause);
                AFTER_BREAKDOWN
            }
        };
        if timeout(rest, stop.wait_for(|stop| *stop)).await.is_ok() {
            return;
        }
    }
}

/// A step of `worker`, if this process is the one to do it. In a task of its own: one that panics ends nothing else.
async fn held(app: &Arc<App>, worker: Worker) -> Result<bool, String> {
    let mut step = JoinSet::new();
    let app = app.clone();
    step.spawn(async move { Ok::<_, Breakdown>(lease::hold(&app, worker.name()).await? && worker.step(&app).await?) });
    match step.join_next().await {
        Some(Ok(ended)) => ended.map_err(|error| error.to_string()),
        Some(Err(error)) => Err(error.to_string()),
        None => Ok(false),
    }
}

fn told(app: &App, worker: &str, cause: &str) {
    if let Some(times) = app.caches.troubles.note(cause, moment(app)) {
        tracing::warn!(worker, cause, times, "stopped in the middle of its work");
    }
}
