//! The clock: serves the timers of awards that are due.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::apart::Tasks;
use crate::app::App;
use crate::id::{AwardId, Realm};
use crate::service::{Breakdown, milestones, moment};

const NAME: &str = super::Worker::Clock.name();
/// Timers of one step, and how many are served side by side.
const TIMERS: usize = 256;
const SIDE_BY_SIDE: usize = 32;

/// A timer: when it is due, and of which award.
type Timer = (DateTime<Utc>, AwardId);

/// Serves some of the timers that are due; `true` while any was. Those that cannot be served are passed over.
pub(super) async fn step(app: &Arc<App>) -> Result<bool, Breakdown> {
    let mut did = false;
    for realm in [Realm::Live, Realm::Test] {
        let mut after = None;
        loop {
            let due = app.store.due(realm, moment(app), after, TIMERS).await?;
            after = due.last().copied();
            let served = serve(app, realm, due).await?;
            did |= served;
            if served || after.is_none() {
                break;
            }
        }
    }
    Ok(did)
}

/// Serves these; whether any was still to be served.
async fn serve(app: &Arc<App>, realm: Realm, due: Vec<Timer>) -> Result<bool, Breakdown> {
    let now = moment(app);
    let mut due = due.into_iter().filter(|(_, award)| !app.caches.aside.rests(NAME, award.as_str(), now));
    let (mut did, mut tasks) = (false, Tasks::new());
    loop {
        while tasks.len() < SIDE_BY_SIDE
            && let Some((at, award)) = due.next()
        {
            let app = Arc::clone(app);
            tasks.begin(award, async move { milestones::serve(&app, realm, award, at).await });
        }
        let Some((award, ended)) = tasks.next().await else { return Ok(did) };
        did |= ended.settle(app, NAME, award.as_str())?.unwrap_or(false);
    }
}
