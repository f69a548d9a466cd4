//! `/api/v1/recertifications`: holders are told to complete a delta by a date.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::program::Nothing;
use crate::app::App;
use crate::http::auth::{Authorized, ProgramWrite};
use crate::http::extract::{Json, Path, Query};
use crate::http::problem::{Code, Problem, ProblemBody};
use crate::service::recertification::{self, Order, OrderAnswer, Ordered, RecertificationView, Shown};

/// The most that one list shows.
const MOST: usize = 100;

/// Which piece of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Piece {
    /// `next_cursor` of the piece before.
    cursor: Option<String>,
    /// 1 to 100; 20 unless told.
    limit: Option<usize>,
}

/// A piece of the list.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Recertifications {
    data: Vec<Shown>,
    /// Where the list goes on.
    next_cursor: Option<String>,
}

/// Recertifications by id, with how many holders were asked, complied and did not.
#[utoipa::path(
    get, path = "/api/v1/recertifications", tag = "program", operation_id = "list_recertifications", params(Piece),
    security(("api_key" = ["program:write"])),
    responses((status = 200, description = "The recertifications", body = Recertifications))
)]
pub(in crate::http) async fn list(
    State(app): State<Arc<App>>,
    caller: Authorized<ProgramWrite>,
    Query(piece): Query<Piece>,
) -> Result<Response, Problem> {
    let limit = piece.limit.unwrap_or(20).clamp(1, MOST);
    if piece.cursor.as_ref().is_some_and(|cursor| cursor.len() > 100) {
        return Err(Problem::new(Code::MalformedRequest, "The cursor is none of ours."));
    }
    let data = recertification::list(&app, &caller, piece.cursor.as_deref(), limit).await?;
    let next_cursor = data.last().filter(|_| data.len() == limit).map(|last| last.about.id.clone());
    Ok(Json(Recertifications { data, next_cursor }).into_response())
}

/// One recertification, with who has not completed it.
#[utoipa::path(
    get, path = "/api/v1/recertifications/{id}", tag = "program", operation_id = "show_recertification",
    params(("id" = String, Path, description = "Its id")), security(("api_key" = ["program:write"])),
    responses((status = 200, description = "The recertification", body = Shown), (status = 404, description = "There is none", body = ProblemBody))
)]
pub(in crate::http) async fn show(
    State(app): State<Arc<App>>,
    caller: Authorized<ProgramWrite>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let unknown = || Problem::new(Code::NotFound, "There is no recertification of this id.");
    Ok(Json(recertification::show(&app, &caller, &id).await?.ok_or_else(unknown)?).into_response())
}

/// Orders a recertification. Where it concerns anybody it waits until another caller confirms it.
#[utoipa::path(
    post, path = "/api/v1/recertifications", tag = "program", operation_id = "order_recertification",
    request_body = Order, security(("api_key" = ["program:write"])),
    responses(
        (status = 201, description = "Ordered: it concerns nobody yet", body = OrderAnswer),
        (status = 200, description = "A preview, or ordered before in the same words", body = OrderAnswer),
        (status = 202, description = "It waits until another caller confirms it", body = OrderAnswer),
        (status = 409, description = "The id is taken", body = ProblemBody),
        (status = 422, description = "A value that cannot be", body = ProblemBody),
    )
)]
pub(in crate::http) async fn order(
    State(app): State<Arc<App>>,
    caller: Authorized<ProgramWrite>,
    Json(order): Json<Order>,
) -> Result<Response, Problem> {
    let answer = recertification::order(&app, &caller, &order).await?;
    let status = match answer.outcome {
        Ordered::Ordered => StatusCode::CREATED,
        Ordered::Proposed => StatusCode::ACCEPTED,
        Ordered::Preview | Ordered::Known => StatusCode::OK,
    };
    Ok((status, Json(answer)).into_response())
}

/// Confirms or rejects a recertification that waits: `confirm` needs another caller than who ordered it.
#[utoipa::path(
    post, path = "/api/v1/recertifications/{id}/{verb}", tag = "program", operation_id = "decide_recertification",
    params(("id" = String, Path, description = "Its id"), ("verb" = String, Path, description = "`confirm` or `reject`")),
    request_body(content = Nothing, description = "Nothing is needed"), security(("api_key" = ["program:write"])),
    responses(
        (status = 200, description = "What became of it", body = RecertificationView),
        (status = 403, description = "Who ordered it cannot confirm it", body = ProblemBody),
        (status = 409, description = "It does not wait", body = ProblemBody),
    )
)]
pub(in crate::http) async fn decide(
    State(app): State<Arc<App>>,
    caller: Authorized<ProgramWrite>,
    Path((id, verb)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let decided = match verb.as_str() {
        "confirm" => recertification::confirm(&app, &caller, &id).await?,
        "reject" => recertification::reject(&app, &caller, &id).await?,
        _ => return Err(Problem::new(Code::NotFound, "There is no such verb.").hint("confirm or reject")),
    };
    Ok(Json(decided).into_response())
}
