//! `/api/v1/rights`: what a person may do.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::http::auth::{Authorized, AwardsRead};
use crate::http::extract::Json;
use crate::http::problem::{Problem, ProblemBody};
use crate::service::rights::{self, CheckAnswer, CheckRequest};

/// Says what a person may do now; with `right`, whether they may do that, until when and why.
#[utoipa::path(
    post, path = "/api/v1/rights/check", tag = "standings", operation_id = "check_rights", request_body = CheckRequest,
    security(("api_key" = ["awards:read"])),
    responses(
        (status = 200, description = "The rights, or the answer about one", body = CheckAnswer),
        (status = 404, description = "Nobody is known under this address or id", body = ProblemBody),
        (status = 422, description = "The program has no such right; it says which there are", body = ProblemBody),
    )
)]
pub(in crate::http) async fn check(
    State(app): State<Arc<App>>,
    caller: Authorized<AwardsRead>,
    Json(request): Json<CheckRequest>,
) -> Result<Response, Problem> {
    Ok(Json(rights::check(&app, &caller, &request).await?).into_response())
}
