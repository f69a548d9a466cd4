//! The clock: serves the timers of awards that are due.

use futures_util::{StreamExt as _, stream};

use crate::app::App;
use crate::id::Realm;
use crate::service::{Breakdown, milestones, moment};

/// Timers of one step, and how many are served side by side.
const TIMERS: usize = 256;
const SIDE_BY_SIDE: usize = 32;

/// Serves some of the timers that are due; `true` while any was.
pub(super) async fn step(app: &App) -> Result<bool, Breakdown> {
    let now = moment(app);
    let mut did = false;
    for realm in [Realm::Live, Realm::Test] {
        let due = app.store.due(realm, now, TIMERS).await?;
        let served = stream::iter(due).map(|(at, award)| milestones::serve(app, realm, award, at));
        let mut served = served.buffer_unordered(SIDE_BY_SIDE);
        while let Some(served) = served.next().await {
            did |= served?;
        }
    }
    Ok(did)
}
