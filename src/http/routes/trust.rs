//! `/api/v1/trusted-issuers`: issuers of other houses whose badges the operator relies on.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::http::auth::{Admin, Live};
use crate::http::extract::{Json, Query};
use crate::http::problem::{Problem, ProblemBody};
use crate::service::trust::{self, NewTrust};
use crate::verification::TrustedIssuer;

/// Which page.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct TrustPage {
    /// The most of one page, up to 200.
    limit: Option<usize>,
    /// As the page before said.
    cursor: Option<String>,
}

/// One page of them.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct TrustedIssuers {
    data: Vec<TrustedIssuer>,
    /// For the next page; null on the last.
    next_cursor: Option<String>,
}

/// An issuer to be relied on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct NewTrustedIssuer {
    /// A DID or an https address, as its badges name it.
    issuer: String,
    /// As you know it.
    name: String,
    /// What was issued before is not relied on: a day, of which it is the beginning, or a moment.
    #[serde(default)]
    since: Option<String>,
    /// What was issued after is not relied on: a day, of which it is the end, or a moment.
    #[serde(default)]
    until: Option<String>,
}

/// Which issuer.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct NamedIssuer {
    /// A DID or an https address.
    issuer: String,
}

/// Lists the issuers that are relied on, in order of their ids.
#[utoipa::path(
    get, path = "/api/v1/trusted-issuers", tag = "trust", operation_id = "list_trusted_issuers", params(TrustPage), security(("api_key" = ["admin"])),
    responses((status = 200, description = "The issuers", body = TrustedIssuers), (status = 403, description = "The key lacks admin", body = ProblemBody))
)]
pub(in crate::http) async fn list(
    State(app): State<Arc<App>>,
    caller: Live<Admin>,
    Query(page): Query<TrustPage>,
) -> Result<Response, Problem> {
    let limit = page.limit.unwrap_or(50).clamp(1, 200);
    let (data, more) = trust::page(&app, &caller, page.cursor.as_deref(), limit).await?;
    let next_cursor = data.last().filter(|_| more).map(|last| last.issuer.clone());
    Ok(Json(TrustedIssuers { data, next_cursor }).into_response())
}

/// Relies on an issuer, or changes what is said of one that is relied on already.
#[utoipa::path(
    post, path = "/api/v1/trusted-issuers", tag = "trust", operation_id = "trust_issuer", request_body = NewTrustedIssuer, security(("api_key" = ["admin"])),
    responses(
        (status = 201, description = "It is on the list now", body = TrustedIssuer),
        (status = 200, description = "It was on the list, and is as told now", body = TrustedIssuer),
        (status = 422, description = "A value cannot be", body = ProblemBody),
    )
)]
pub(in crate::http) async fn add(
    State(app): State<Arc<App>>,
    caller: Live<Admin>,
    Json(new): Json<NewTrustedIssuer>,
) -> Result<Response, Problem> {
    let NewTrustedIssuer { issuer, name, since, until } = &new;
    let new = NewTrust { issuer, name, since: since.as_deref(), until: until.as_deref() };
    let (trusted, is_new) = trust::add(&app, &caller, new).await?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(trusted)).into_response())
}

/// Relies on an issuer no more, whenever its badges were issued.
#[utoipa::path(
    post, path = "/api/v1/trusted-issuers/remove", tag = "trust", operation_id = "distrust_issuer", request_body = NamedIssuer, security(("api_key" = ["admin"])),
    responses((status = 200, description = "The issuer as it was", body = TrustedIssuer), (status = 404, description = "It is not on the list", body = ProblemBody))
)]
pub(in crate::http) async fn remove(
    State(app): State<Arc<App>>,
    caller: Live<Admin>,
    Json(named): Json<NamedIssuer>,
) -> Result<Response, Problem> {
    Ok(Json(trust::remove(&app, &caller, &named.issuer).await?).into_response())
}
