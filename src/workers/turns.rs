//! Decides anew what another version of the program, or the first day of an offer, may have changed.

use crate::app::App;
use crate::service::{Breakdown, turns};

/// Decides some standings anew; `true` while there were any.
pub(super) async fn step(app: &App) -> Result<bool, Breakdown> {
    turns::serve(app).await
}
