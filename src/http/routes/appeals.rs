//! `/api/v1/appeals`: what holders object to.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::app::App;
use crate::http::auth::{Authorized, AwardsWrite, PeopleRead};
use crate::http::extract::{Json, Path, Query};
use crate::http::problem::{Code, Problem, ProblemBody};
use crate::service::appeals::{self, AppealView, AppealsView, CloseRequest};

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Before {
    /// `next` of the page before.
    before: Option<String>,
}

/// The appeals, latest first.
#[utoipa::path(
    get, path = "/api/v1/appeals", tag = "appeals", operation_id = "list_appeals", params(Before),
    security(("api_key" = ["people:read"])),
    responses((status = 200, description = "A page of appeals", body = AppealsView), (status = 403, description = "The key lacks people:read", body = ProblemBody))
)]
pub(in crate::http) async fn list(
    State(app): State<Arc<App>>,
    caller: Authorized<PeopleRead>,
    Query(Before { before }): Query<Before>,
) -> Result<Response, Problem> {
    let malformed = |_| Problem::new(Code::MalformedRequest, "`before` must be `next` of the page before.");
    let before = before.map(|id| id.parse()).transpose().map_err(malformed)?;
    Ok(Json(appeals::list(&app, &caller, before.as_ref()).await?).into_response())
}

/// Closes an appeal and tells the holder by mail. It changes no award.
#[utoipa::path(
    post, path = "/api/v1/appeals/{id}/close", tag = "appeals", operation_id = "close_appeal",
    params(("id" = String, Path, description = "The appeal's id")), request_body = CloseRequest,
    security(("api_key" = ["awards:write"])),
    responses(
        (status = 200, description = "The appeal as it is now", body = AppealView),
        (status = 404, description = "No such appeal", body = ProblemBody),
        (status = 409, description = "It was closed in another way", body = ProblemBody),
    )
)]
pub(in crate::http) async fn close(
    State(app): State<Arc<App>>,
    caller: Authorized<AwardsWrite>,
    Path(id): Path<String>,
    Json(request): Json<CloseRequest>,
) -> Result<Response, Problem> {
    Ok(Json(appeals::close(&app, &caller, &id, &request).await?).into_response())
}
