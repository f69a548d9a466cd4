//! `/api/v1/undo`: a batch of results that was a mistake.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};

use super::awards::{answered, idempotency_key};
use crate::app::App;
use crate::http::auth::{Authorized, AwardsRead, AwardsWrite};
use crate::http::extract::{Json, Path};
use crate::http::problem::{Problem, ProblemBody};
use crate::service::undo::{self as batches, UndoRequest, UndoView};

/// Strikes out the results of a batch, revokes the awards it issued, and takes its renewals back.
#[utoipa::path(
    post, path = "/api/v1/undo", tag = "undo", operation_id = "undo_batch",
    params(("Idempotency-Key" = Option<String>, Header, description = "A repeat with the same key is answered as before")),
    request_body = UndoRequest, security(("api_key" = ["awards:write"])),
    responses(
        (status = 200, description = "It is undone; with `dry_run`: what would be", body = UndoView),
        (status = 202, description = "It is being undone; look again", body = UndoView),
        (status = 422, description = "A value is missing or cannot be", body = ProblemBody),
    )
)]
pub(in crate::http) async fn undo(
    State(app): State<Arc<App>>,
    caller: Authorized<AwardsWrite>,
    headers: HeaderMap,
    Json(request): Json<UndoRequest>,
) -> Result<Response, Problem> {
    let key = idempotency_key(&headers)?;
    Ok(answered(batches::undo(&app, &caller, &request, key.as_deref()).await?).into_response())
}

/// Shows a batch that was undone, or how far that is.
#[utoipa::path(
    get, path = "/api/v1/undo/{undo}", tag = "undo", operation_id = "show_undone_batch",
    params(("undo" = String, Path, description = "Its id")), security(("api_key" = ["awards:read"])),
    responses((status = 200, description = "The batch", body = UndoView), (status = 404, description = "No such batch", body = ProblemBody))
)]
pub(in crate::http) async fn show(
    State(app): State<Arc<App>>,
    caller: Authorized<AwardsRead>,
    Path(undo): Path<String>,
) -> Result<Response, Problem> {
    Ok(Json(batches::show(&app, &caller, &undo).await?).into_response())
}
