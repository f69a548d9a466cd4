//! `/api/v1/reviews`: what wants a person's eye.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::http::auth::{Authorized, AwardsRead, AwardsWrite};
use crate::http::extract::{Json, Query};
use crate::http::problem::{Code, Problem, ProblemBody};
use crate::service::intake::reviews::{self, Acceptance, Accepted};
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

/// Lists results that want a person's eye: incomplete ones, ambiguous ones, and grades that dropped.
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

/// Accepts what waits of one source and requirement since it does not say all that is asked.
///
/// Each result keeps its own date. A call takes up to 2,000; `more` says that others wait.
#[utoipa::path(
    post, path = "/api/v1/reviews/accept", tag = "results", operation_id = "accept_reviews", request_body = Acceptance,
    security(("api_key" = ["awards:write"])),
    responses(
        (status = 200, description = "What came of it", body = Accepted),
        (status = 422, description = "A value is missing or cannot be", body = ProblemBody),
    )
)]
pub(in crate::http) async fn accept(
    State(app): State<Arc<App>>,
    caller: Authorized<AwardsWrite>,
    Json(wanted): Json<Acceptance>,
) -> Result<Response, Problem> {
    Ok(Json(reviews::accept(&app, &caller, &wanted).await?).into_response())
}
