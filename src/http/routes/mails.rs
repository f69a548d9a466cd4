//! `/api/v1/mails`: what became of letters.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::app::App;
use crate::http::auth::{Authorized, AwardsRead};
use crate::http::extract::{Json, Query};
use crate::http::problem::{Problem, ProblemBody};
use crate::service::notices::{self, LettersView};
use crate::store::MailStatus;

/// Which letters.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Which {
    /// `failed` unless told; `queued`, `sent`, `dropped`.
    status: Option<MailStatus>,
    /// `next` of the page before.
    before: Option<String>,
}

/// The letters of one state, latest first, without their words.
#[utoipa::path(
    get, path = "/api/v1/mails", tag = "mails", operation_id = "list_mails", params(Which),
    security(("api_key" = ["awards:read"])),
    responses((status = 200, description = "A page of letters", body = LettersView), (status = 403, description = "The key lacks awards:read", body = ProblemBody))
)]
pub(in crate::http) async fn list(
    State(app): State<Arc<App>>,
    caller: Authorized<AwardsRead>,
    Query(which): Query<Which>,
) -> Result<Response, Problem> {
    let status = which.status.unwrap_or(MailStatus::Failed);
    Ok(Json(notices::list(&app, &caller, status, which.before.as_deref()).await?).into_response())
}
