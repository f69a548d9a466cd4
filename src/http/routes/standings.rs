//! `/api/v1/standings`: where a person stands, and why.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::app::App;
use crate::http::auth::{Authorized, AwardsRead};
use crate::http::extract::{Json, Query};
use crate::http::problem::{Problem, ProblemBody};
use crate::service::standings::{self, FindRequest, PersonTrail};

/// Whose standings; mail addresses stay out of addresses, so those are for `/find`.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Whose {
    /// Internal id of the person.
    person: Option<String>,
    /// Number of an award.
    award: Option<String>,
    /// Only this certification.
    certification: Option<String>,
}

/// Shows a person's standings with everything that led there, by internal id or by the number of an award.
#[utoipa::path(
    get, path = "/api/v1/standings", tag = "standings", operation_id = "show_standings", params(Whose),
    security(("api_key" = ["awards:read"])),
    responses((status = 200, description = "The standings", body = PersonTrail), (status = 404, description = "Nobody has this id", body = ProblemBody))
)]
pub(in crate::http) async fn show(
    State(app): State<Arc<App>>,
    caller: Authorized<AwardsRead>,
    Query(Whose { person, award, certification }): Query<Whose>,
) -> Result<Response, Problem> {
    let request = FindRequest { person, award, certification, ..FindRequest::default() };
    Ok(Json(standings::find(&app, &caller, &request).await?).into_response())
}

/// The same, by a mail address or an id in another system.
#[utoipa::path(
    post, path = "/api/v1/standings/find", tag = "standings", operation_id = "find_standings", request_body = FindRequest,
    security(("api_key" = ["awards:read"])),
    responses(
        (status = 200, description = "The standings; names and addresses with the scope `people:read`", body = PersonTrail),
        (status = 404, description = "Nobody is known under this address or id", body = ProblemBody),
    )
)]
pub(in crate::http) async fn find(
    State(app): State<Arc<App>>,
    caller: Authorized<AwardsRead>,
    Json(request): Json<FindRequest>,
) -> Result<Response, Problem> {
    Ok(Json(standings::find(&app, &caller, &request).await?).into_response())
}
