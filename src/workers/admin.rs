//! Holds, batches that are being undone, and results that a source vouches for now: finishes what a call began.

use crate::app::App;
use crate::service::intake::reviews;
use crate::service::{Breakdown, holds, undo};

/// One step of what was begun and not finished; `true` while there was any.
pub(super) async fn step(app: &App) -> Result<bool, Breakdown> {
    Ok(holds::advance(app).await? | undo::advance(app).await? | reviews::advance(app).await?)
}
