//! `/api/v1/exceptions`: what is granted one person beside the rules.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::awards::{answered, idempotency_key};
use crate::app::App;
use crate::http::auth::{Authorized, AwardsRead, AwardsWrite};
use crate::http::extract::{Json, Path, Query, Raw, read_json_body};
use crate::http::problem::{Problem, ProblemBody};
use crate::rules::Unmet;
use crate::service::awards::AwardView;
use crate::service::exceptions::{self, ConfirmRequest, ExceptionRequest, ExceptionView, WithdrawRequest};
use crate::service::refused::PersonRef;

/// An exception and what it led to.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the answer, which is kept as JSON")]
pub(in crate::http) struct ExceptionAnswer {
    /// As it is now.
    exception: ExceptionView,
    /// `awarded`, `renewed`, `recorded` or `withheld`; none while it waits.
    decision: Option<String>,
    /// The award, if one is held.
    award: Option<AwardView>,
    /// Everything that is not met yet.
    unmet: Vec<Unmet>,
}

/// Several exceptions.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct ExceptionList {
    /// By certification, the oldest first.
    data: Vec<ExceptionView>,
}

/// Whose exceptions.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Whose {
    /// Internal id of the person.
    person: String,
}

/// Lists the exceptions of one person, with their private words.
#[utoipa::path(
    get, path = "/api/v1/exceptions", tag = "exceptions", operation_id = "list_exceptions", params(Whose),
    security(("api_key" = ["awards:read"])),
    responses((status = 200, description = "The exceptions", body = ExceptionList), (status = 404, description = "Nobody has this id", body = ProblemBody))
)]
pub(in crate::http) async fn list(
    State(app): State<Arc<App>>,
    caller: Authorized<AwardsRead>,
    Query(Whose { person }): Query<Whose>,
) -> Result<Response, Problem> {
    let person = PersonRef { id: Some(person), ..PersonRef::default() };
    Ok(Json(ExceptionList { data: exceptions::list(&app, caller.realm, &person).await? }).into_response())
}

/// Waives a requirement, grants an attempt, extends an award, awards by hand, or approves.
#[utoipa::path(
    post, path = "/api/v1/exceptions", tag = "exceptions", operation_id = "grant_exception",
    params(("Idempotency-Key" = Option<String>, Header, description = "A repeat with the same key is answered as before")),
    request_body = ExceptionRequest, security(("api_key" = ["awards:write"])),
    responses(
        (status = 201, description = "Granted, or waiting for another caller", body = ExceptionAnswer),
        (status = 404, description = "Nobody is known under this address or id", body = ProblemBody),
        (status = 409, description = "There is nothing to grant in the present state", body = ProblemBody),
        (status = 422, description = "A value is missing or cannot be", body = ProblemBody),
    )
)]
pub(in crate::http) async fn grant(
    State(app): State<Arc<App>>,
    caller: Authorized<AwardsWrite>,
    headers: HeaderMap,
    Json(request): Json<ExceptionRequest>,
) -> Result<Response, Problem> {
    let key = idempotency_key(&headers)?;
    Ok(answered(exceptions::grant(&app, &caller, &request, key.as_deref()).await?).into_response())
}

/// Lets an exception take effect that another caller granted.
#[utoipa::path(
    post, path = "/api/v1/exceptions/{exception}/confirm", tag = "exceptions", operation_id = "confirm_exception",
    params(("exception" = String, Path, description = "Its id")), request_body = ConfirmRequest,
    security(("api_key" = ["awards:write"])),
    responses(
        (status = 200, description = "It is in effect", body = ExceptionAnswer),
        (status = 403, description = "The caller who granted it cannot confirm it", body = ProblemBody),
        (status = 404, description = "No such exception", body = ProblemBody),
        (status = 409, description = "It waits for nobody, or cannot take effect any more", body = ProblemBody),
    )
)]
pub(in crate::http) async fn confirm(
    State(app): State<Arc<App>>,
    caller: Authorized<AwardsWrite>,
    Path(exception): Path<String>,
    raw: Raw,
) -> Result<Response, Problem> {
    let request = if raw.bytes.is_empty() { ConfirmRequest::default() } else { read_json_body(&raw)? };
    Ok(answered(exceptions::confirm(&app, &caller, &exception, &request).await?).into_response())
}

/// Takes an exception back on which no award rests.
#[utoipa::path(
    post, path = "/api/v1/exceptions/{exception}/withdraw", tag = "exceptions", operation_id = "withdraw_exception",
    params(("exception" = String, Path, description = "Its id")), request_body = WithdrawRequest,
    security(("api_key" = ["awards:write"])),
    responses(
        (status = 200, description = "It does not hold any more", body = ExceptionAnswer),
        (status = 404, description = "No such exception", body = ProblemBody),
        (status = 409, description = "It had an effect that cannot be taken back", body = ProblemBody),
    )
)]
pub(in crate::http) async fn withdraw(
    State(app): State<Arc<App>>,
    caller: Authorized<AwardsWrite>,
    Path(exception): Path<String>,
    raw: Raw,
) -> Result<Response, Problem> {
    let request = if raw.bytes.is_empty() { WithdrawRequest::default() } else { read_json_body(&raw)? };
    Ok(answered(exceptions::withdraw(&app, &caller, &exception, &request).await?).into_response())
}
