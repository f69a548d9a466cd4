//! What time and the feed bring due, done in small steps. Each step is safe on any number of nodes: what it did is committed
//! on condition that nobody else did it.

mod admin;
mod clock;
mod content_review;
mod forecast;
mod lease;
mod mail;
mod recertification;
mod status_lists;
pub mod webhooks;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

pub use forecast::{Forecast, ForecastError, Line, until};

use crate::app::App;
use crate::service::{Breakdown, caller};

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
    ContentReview,
    StatusLists,
    Mail,
    Webhooks,
}

impl Worker {
    const ALL: [Worker; 7] = [
        Worker::Admin,
        Worker::Recertification,
        Worker::Clock,
        Worker::ContentReview,
        Worker::StatusLists,
        Worker::Mail,
        Worker::Webhooks,
    ];
    /// Those who change what is true, and send nothing.
    const OF_TIME: [Worker; 4] = [Worker::Admin, Worker::Recertification, Worker::Clock, Worker::ContentReview];

    fn name(self) -> &'static str {
        match self {
            Worker::Recertification => "recertification",
            Worker::Admin => "admin",
            Worker::Clock => "clock",
            Worker::ContentReview => "content-review",
            Worker::StatusLists => "status-lists",
            Worker::Mail => "mail",
            Worker::Webhooks => "webhooks",
        }
    }

    /// One bounded piece of work; `true` when there may be more.
    async fn step(self, app: &App) -> Result<bool, Breakdown> {
        match self {
            Worker::Recertification => recertification::step(app).await,
            Worker::Admin => admin::step(app).await,
            Worker::Clock => clock::step(app).await,
            Worker::ContentReview => content_review::step(app).await,
            Worker::StatusLists => status_lists::step(app).await,
            Worker::Mail => mail::step(app).await,
            Worker::Webhooks => webhooks::step(app).await,
        }
    }
}

/// Does everything that is due now; answers whether there was anything.
pub async fn tick(app: &App) -> Result<bool, Breakdown> {
    all_of(app, &Worker::ALL).await
}

/// The same for what time brings; nothing leaves the process.
pub async fn tick_time(app: &App) -> Result<bool, Breakdown> {
    all_of(app, &Worker::OF_TIME).await
}

async fn all_of(app: &App, workers: &[Worker]) -> Result<bool, Breakdown> {
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

/// Works until `stop` says so. A worker that breaks down is logged and tried again: nothing is lost by it, and the others go
/// on.
pub async fn run(app: Arc<App>, stop: watch::Receiver<bool>) {
    let holder = caller::random_part(app.ids.as_ref());
    let all = Worker::ALL.map(|worker| alone(&app, worker, &holder, stop.clone()));
    futures_util::future::join_all(all).await;
}

async fn alone(app: &App, worker: Worker, holder: &str, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        let rest = match held(app, worker, holder).await {
            Ok(true) => continue,
            Ok(false) => REST,
            Err(error) => {
                tracing::warn!(worker = worker.name(), error = %error, "stopped in the middle of its work");
                AFTER_BREAKDOWN
            }
        };
        tokio::select! {
            () = tokio::time::sleep(rest) => {}
            changed = stop.changed() => if changed.is_err() { return },
        }
    }
}

/// A step of `worker`, if this node is the one to do it.
async fn held(app: &App, worker: Worker, holder: &str) -> Result<bool, Breakdown> {
    Ok(lease::hold(app, worker.name(), holder).await? && worker.step(app).await?)
}
