//! Tells the feed of certifications whose contents must be looked over again.

use crate::app::App;
use crate::service::{Breakdown, program};

/// Tells what has become due; whether there was anything to do.
pub(super) async fn step(app: &App) -> Result<bool, Breakdown> {
    program::tell_due(app).await
}
