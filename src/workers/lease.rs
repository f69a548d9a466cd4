//! [`hold`]: several nodes share the work without doing it twice.

use crate::app::App;
use crate::id::Realm;
use crate::service::{Breakdown, presence};
use crate::store::{Changes, Commit, LeaseRecord, ReadSet};

/// Takes the work of `worker` on, for as long as this process is there; `false` while another process has it.
pub(super) async fn hold(app: &App, worker: &str) -> Result<bool, Breakdown> {
    let me = presence::here(app).await?;
    let mut reads = ReadSet::new();
    if let Some(lease) = app.store.lease(worker, &mut reads).await? {
        if lease.holder == me {
            return Ok(true);
        }
        if presence::is_another(app, &lease.holder).await? {
            return Ok(false);
        }
    }
    let mut changes = Changes::new(Realm::Live);
    changes.lease(worker, &LeaseRecord { holder: me });
    Ok(matches!(app.store.commit(&reads, changes).await?, Commit::Done(_)))
}
