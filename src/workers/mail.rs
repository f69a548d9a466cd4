//! Mail: follows the feed into the outbox, and sends what is due.

use crate::app::App;
use crate::id::Realm;
use crate::service::notices::{self, Progress};
use crate::service::{Breakdown, moment};

/// Forgotten at once.
const TOKENS: usize = 100;

/// One bounded piece of work. Letters leave only when everything that the feed told is in the outbox, so that what one day
/// brings is in one letter.
pub(super) async fn step(app: &App) -> Result<bool, Breakdown> {
    let read = match notices::follow(app).await? {
        Progress::Behind => return Ok(true),
        Progress::CaughtUp { read } => read,
    };
    let asked = notices::queue_proofs(app).await? | notices::queue_links(app).await?;
    if notices::send_due(app).await? || read || asked {
        return Ok(true);
    }
    Ok(app.store.forget_tokens(Realm::Live, moment(app), TOKENS).await?)
}
