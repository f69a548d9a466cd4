//! What time and the feed bring due, done in small steps. Each step is safe on any number of nodes: what it did is committed
//! on condition that nobody else did it.

mod clock;
mod forecast;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

pub use forecast::{Forecast, ForecastError, Line, until};

use crate::app::App;
use crate::service::Breakdown;

/// How long to rest when nothing is due.
const REST: Duration = Duration::from_secs(5);
/// How long to rest after something did not work.
const AFTER_BREAKDOWN: Duration = Duration::from_secs(30);

/// Does everything that is due now; answers whether there was anything.
pub async fn tick(app: &App) -> Result<bool, Breakdown> {
    let mut did = false;
    while step(app).await? {
        did = true;
    }
    Ok(did)
}

/// The same, but only what time brings: nothing is mailed and nobody else is told.
pub async fn tick_time(app: &App) -> Result<bool, Breakdown> {
    let mut did = false;
    while clock::step(app).await? {
        did = true;
    }
    Ok(did)
}

/// One bounded piece of each worker's work; `true` when there may be more.
async fn step(app: &App) -> Result<bool, Breakdown> {
    let mut more = false;
    more |= clock::step(app).await?;
    Ok(more)
}

/// Works until `stop` says so. A breakdown is logged and tried again: nothing is lost by it.
pub async fn run(app: Arc<App>, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        let rest = match step(&app).await {
            Ok(true) => continue,
            Ok(false) => REST,
            Err(error) => {
                tracing::warn!(error = %error, "a worker stopped in the middle of its work");
                AFTER_BREAKDOWN
            }
        };
        tokio::select! {
            () = tokio::time::sleep(rest) => {}
            changed = stop.changed() => if changed.is_err() { return },
        }
    }
}
