//! `/api/v1/reviews`: what wants a person's eye.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::http::auth::{Authorized, AwardsRead};
use crate::http::extract::{Json, Query};
use crate::http::problem::{Code, Problem};
use crate::service::intake::reviews;
use crate::store::ReviewRecord;

/// Which page.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Page {
    /// The most of one page, up to 200.
    limit: Option<usize>,
    /// As the page before said.
    cursor: Option<String>,
}

/// One page of them.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct ReviewList {
    data: Vec<ReviewRecord>,
    /// For the next page; null on the last.
    next_cursor: Option<String>,
}

/// Lists results that were not taken as they came, or only with a question: ambiguous ones, and grades that dropped.
#[utoipa::path(
    get, path = "/api/v1/reviews", tag = "results", operation_id = "list_reviews", params(Page), security(("api_key" = ["awards:read"])),
    responses((status = 200, description = "The reviews, newest first", body = ReviewList))
)]
pub(in crate::http) async fn list(
    State(app): State<Arc<App>>,
    caller: Authorized<AwardsRead>,
    Query(page): Query<Page>,
) -> Result<Response, Problem> {
    let unknown = |_| Problem::new(Code::MalformedRequest, "The cursor is none of ours.").hint("Begin without one.");
    let before = page.cursor.as_deref().map(str::parse).transpose().map_err(unknown)?;
    let (data, more) = reviews::list(&app, caller.realm, before.as_ref(), page.limit.unwrap_or(50)).await?;
    let next_cursor = data.last().filter(|_| more).map(|last| last.id.to_string());
    Ok(Json(ReviewList { data, next_cursor }).into_response())
}
