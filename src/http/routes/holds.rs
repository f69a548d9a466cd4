//! `/api/v1/holds`: results that are kept back while somebody looks into them.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::awards::{answered, idempotency_key};
use crate::app::App;
use crate::http::auth::{Authorized, AwardsRead, AwardsWrite};
use crate::http::extract::{Json, Path};
use crate::http::problem::{Problem, ProblemBody};
use crate::service::holds::{self, HoldRequest, HoldView, ReleaseRequest, UpholdRequest};
use crate::store::HoldState;

/// Several holds.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct HoldList {
    /// The newest first.
    data: Vec<HoldView>,
}

/// Lists the holds, the newest first, without what each keeps back.
#[utoipa::path(
    get, path = "/api/v1/holds", tag = "holds", operation_id = "list_holds", security(("api_key" = ["awards:read"])),
    responses((status = 200, description = "The holds", body = HoldList))
)]
pub(in crate::http) async fn list(
    State(app): State<Arc<App>>,
    caller: Authorized<AwardsRead>,
) -> Result<Response, Problem> {
    Ok(Json(HoldList { data: holds::list(&app, &caller).await? }).into_response())
}

/// Shows a hold with everything it keeps back.
#[utoipa::path(
    get, path = "/api/v1/holds/{hold}", tag = "holds", operation_id = "show_hold",
    params(("hold" = String, Path, description = "Its id")), security(("api_key" = ["awards:read"])),
    responses((status = 200, description = "The hold", body = HoldView), (status = 404, description = "No such hold", body = ProblemBody))
)]
pub(in crate::http) async fn show(
    State(app): State<Arc<App>>,
    caller: Authorized<AwardsRead>,
    Path(hold): Path<String>,
) -> Result<Response, Problem> {
    Ok(Json(holds::show(&app, &caller, &hold).await?).into_response())
}

/// Keeps all results back that fit, those to come included, and suspends the awards that rest on them.
#[utoipa::path(
    post, path = "/api/v1/holds", tag = "holds", operation_id = "open_hold",
    params(("Idempotency-Key" = Option<String>, Header, description = "A repeat with the same key is answered as before")),
    request_body = HoldRequest, security(("api_key" = ["awards:write"])),
    responses(
        (status = 201, description = "It is open", body = HoldView),
        (status = 202, description = "It is being opened; look again", body = HoldView),
        (status = 200, description = "With `dry_run`: what would be kept back", body = HoldView),
        (status = 422, description = "A value is missing or cannot be", body = ProblemBody),
    )
)]
pub(in crate::http) async fn open(
    State(app): State<Arc<App>>,
    caller: Authorized<AwardsWrite>,
    headers: HeaderMap,
    Json(request): Json<HoldRequest>,
) -> Result<Response, Problem> {
    let key = idempotency_key(&headers)?;
    Ok(answered(holds::open(&app, &caller, &request, key.as_deref()).await?).into_response())
}

/// Lets results count again: those of one person, one result, or all.
#[utoipa::path(
    post, path = "/api/v1/holds/{hold}/release", tag = "holds", operation_id = "release_hold",
    params(("hold" = String, Path, description = "Its id")), request_body = ReleaseRequest,
    security(("api_key" = ["awards:write"])),
    responses(
        (status = 200, description = "The hold as it is now", body = HoldView),
        (status = 202, description = "The rest is being released; look again", body = HoldView),
        (status = 404, description = "No such hold", body = ProblemBody),
        (status = 409, description = "It keeps nothing back of that", body = ProblemBody),
    )
)]
pub(in crate::http) async fn release(
    State(app): State<Arc<App>>,
    caller: Authorized<AwardsWrite>,
    Path(hold): Path<String>,
    Json(request): Json<ReleaseRequest>,
) -> Result<Response, Problem> {
    let view = holds::release(&app, &caller, &hold, &request).await?;
    let status = if view.state == HoldState::Releasing { StatusCode::ACCEPTED } else { StatusCode::OK };
    Ok((status, Json(view)).into_response())
}

/// Strikes results out: of one person, or one. Awards that nothing else carries are revoked.
#[utoipa::path(
    post, path = "/api/v1/holds/{hold}/uphold", tag = "holds", operation_id = "uphold_hold",
    params(("hold" = String, Path, description = "Its id")), request_body = UpholdRequest,
    security(("api_key" = ["awards:write"])),
    responses(
        (status = 200, description = "The hold as it is now", body = HoldView),
        (status = 404, description = "No such hold", body = ProblemBody),
        (status = 409, description = "It keeps nothing back of that", body = ProblemBody),
    )
)]
pub(in crate::http) async fn uphold(
    State(app): State<Arc<App>>,
    caller: Authorized<AwardsWrite>,
    Path(hold): Path<String>,
    Json(request): Json<UpholdRequest>,
) -> Result<Response, Problem> {
    Ok(Json(holds::uphold(&app, &caller, &hold, &request).await?).into_response())
}
