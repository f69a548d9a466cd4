//! What time and the feed bring due. Each worker does one bounded piece of work at a time, and can be stopped anywhere.

mod content_review;
mod recertification;

use crate::app::App;
use crate::service::Breakdown;

/// Does everything that is due now.
pub async fn tick(app: &App) -> Result<(), Breakdown> {
    while recertification::step(app).await? || content_review::step(app).await? {}
    Ok(())
}
