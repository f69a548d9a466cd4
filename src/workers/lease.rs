//! [`hold`]: several nodes share the work without doing it twice.

use chrono::TimeDelta;

use crate::app::App;
use crate::id::Realm;
use crate::service::{Breakdown, moment};
use crate::store::{Changes, Commit, LeaseRecord, ReadSet};

/// How long a node keeps a lease that it does not prolong.
const LENGTH: TimeDelta = TimeDelta::seconds(60);
/// A lease is prolonged when less than this is left.
const PROLONG: TimeDelta = TimeDelta::seconds(30);

/// Takes or prolongs the lease on `worker`; `false` while another node has it.
pub(super) async fn hold(app: &App, worker: &str, holder: &str) -> Result<bool, Breakdown> {
    let now = moment(app);
    let mut reads = ReadSet::new();
    if let Some(lease) = app.store.lease(worker, &mut reads).await? {
        let ours = lease.holder == holder;
        if !ours && lease.until > now {
            return Ok(false);
        }
        if ours && lease.until > now + PROLONG {
            return Ok(true);
        }
    }
    let mut changes = Changes::new(Realm::Live);
    changes.lease(worker, &LeaseRecord { holder: holder.to_owned(), until: now + LENGTH });
    Ok(matches!(app.store.commit(&reads, changes).await?, Commit::Done(_)))
}
