//! Asks the holders of whom a recertification is demanded.

use crate::app::App;
use crate::service::{Breakdown, recertification};

/// Takes up one recertification, or asks some more holders; whether there was anything to do.
pub(super) async fn step(app: &App) -> Result<bool, Breakdown> {
    recertification::place(app).await
}
