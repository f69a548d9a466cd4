//! `/healthz` and `/readyz`: for who runs the service.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::http::extract::Json;
use crate::http::problem::Problem;
use crate::service;
use crate::store::ReadSet;

/// One word.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Word {
    /// `ok` or `ready`.
    status: &'static str,
}

/// The process answers.
#[utoipa::path(get, path = "/healthz", tag = "operation", responses((status = 200, description = "The process answers", body = Word)))]
pub(in crate::http) async fn health() -> Response {
    Json(Word { status: "ok" }).into_response()
}

/// The store answers, and the active key can sign.
#[utoipa::path(get, path = "/readyz", tag = "operation", responses((status = 200, description = "Ready to issue", body = Word), (status = 503, description = "Not now")))]
pub(in crate::http) async fn ready(State(app): State<Arc<App>>) -> Result<Response, Problem> {
    let issuer = service::issuer(&app, &mut ReadSet::new()).await?;
    let signs = app.signer.holds(&issuer.active);
    if signs {
        Ok(Json(Word { status: "ready" }).into_response())
    } else {
        Err(Problem::unavailable("The signing key is not here.", 30))
    }
}
