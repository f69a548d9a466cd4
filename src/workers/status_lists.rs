//! Status lists are signed anew before anybody waits for it.

use crate::app::App;
use crate::service::{Breakdown, status};

/// Signs every list anew that has changed or grown old; there is never more to do at once.
pub(super) async fn step(app: &App) -> Result<bool, Breakdown> {
    let names: Vec<String> = app.caches.lists.lock().expect("no panic while lists are kept").keys().cloned().collect();
    for name in names.iter().filter_map(|name| name.parse().ok()) {
        status::list_credential(app, name).await?;
    }
    Ok(false)
}
