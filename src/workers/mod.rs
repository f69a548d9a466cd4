//! What time and the feed bring due.

mod mail;

use crate::app::App;
use crate::service::Breakdown;

/// Works until nothing is left to do at this moment.
pub async fn tick(app: &App) -> Result<(), Breakdown> {
    while mail::step(app).await? {}
    Ok(())
}
