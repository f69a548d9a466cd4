//! What wants a person's eye: listed.

use crate::app::App;
use crate::id::{Realm, ReviewId};
use crate::service::Breakdown;
use crate::store::ReviewRecord;

/// The most of one page.
pub const MAX_PAGE: usize = 200;

/// Reviews, newest first; `before` is the last one of the page before. The second value tells whether there are more.
pub async fn list(
    app: &App,
    realm: Realm,
    before: Option<&ReviewId>,
    limit: usize,
) -> Result<(Vec<ReviewRecord>, bool), Breakdown> {
    let limit = limit.clamp(1, MAX_PAGE);
    let mut found = app.store.reviews(realm, before, limit + 1).await?;
    let more = found.len() > limit;
    found.truncate(limit);
    Ok((found, more))
}
