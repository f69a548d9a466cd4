//! `/healthz`, `/readyz` and what is set aside: for who runs the service.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::http::auth::{Admin, Live};
use crate::http::extract::Json;
use crate::http::problem::{Problem, ProblemBody};
use crate::service::{self, Breakdown, moment};
use crate::store::ReadSet;

/// So long `/readyz` waits for the store.
const PATIENCE: Duration = Duration::from_secs(1);

/// One word.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Word {
    /// `ok`.
    status: &'static str,
}

/// The process answers.
#[utoipa::path(get, path = "/healthz", tag = "operation", responses((status = 200, description = "The process answers", body = Word)))]
pub(in crate::http) async fn health() -> Response {
    Json(Word { status: "ok" }).into_response()
}

/// What the service can do.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Ready {
    /// `ready`: public pages answer.
    status: &'static str,
    /// What is refused for now: `writes` while the disk is full.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    degraded: Vec<&'static str>,
    /// How many things each worker has set aside, see `/api/v1/set-aside`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(value_type = BTreeMap<String, usize>)]
    set_aside: BTreeMap<&'static str, usize>,
}

/// The store answers within a second, the active key can sign, and the service is not about to stop.
#[utoipa::path(get, path = "/readyz", tag = "operation", responses((status = 200, description = "Ready, perhaps for reading only", body = Ready), (status = 503, description = "Not now", body = ProblemBody, content_type = "application/problem+json")))]
pub(in crate::http) async fn ready(State(app): State<Arc<App>>) -> Result<Response, Problem> {
    if app.caches.stopping.load(Ordering::Relaxed) {
        return Err(Problem::unavailable("The service is about to stop.", 30));
    }
    let store = async {
        let issuer = service::issuer(&app, &mut ReadSet::new()).await?;
        Ok::<_, Breakdown>((issuer, app.store.engine().is_full().await))
    };
    let answered = tokio::time::timeout(PATIENCE, store).await;
    let (issuer, full) = answered.map_err(|_| Problem::unavailable("The store does not answer.", 5))??;
    if !app.signer.holds(&issuer.active) {
        return Err(Problem::unavailable("The signing key is not here.", 30));
    }
    let degraded = if full { vec!["writes"] } else { Vec::new() };
    Ok(Json(Ready { status: "ready", degraded, set_aside: app.caches.aside.counts(moment(&app)) }).into_response())
}

/// Everything that is set aside.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct SetAsideList {
    /// By worker.
    data: Vec<SetAside>,
}

/// Something that a worker could not do, for a reason that lies in the thing itself.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct SetAside {
    /// Whose work it is: `clock`, `webhooks`, `mail`, …
    worker: &'static str,
    /// What it is about: the number of an award, the id of a webhook.
    what: String,
    /// When it failed first.
    since: DateTime<Utc>,
    /// How often it was tried.
    attempts: u32,
    /// When it is tried again.
    next_attempt_at: DateTime<Utc>,
    /// What went wrong the last time.
    error: String,
}

/// What workers could not do and have set aside, so that it keeps nothing else waiting. Each is tried again after a while, and
/// after a start.
#[utoipa::path(
    get, path = "/api/v1/set-aside", tag = "operation", operation_id = "list_set_aside", security(("api_key" = ["admin"])),
    responses((status = 200, description = "Everything that is set aside", body = SetAsideList))
)]
pub(in crate::http) async fn set_aside(State(app): State<Arc<App>>, _: Live<Admin>) -> Json<SetAsideList> {
    let all = app.caches.aside.list(moment(&app));
    let data = all.into_iter().map(|(worker, what, it)| SetAside {
        worker,
        what,
        since: it.since,
        attempts: it.attempts,
        next_attempt_at: it.until,
        error: it.why,
    });
    Json(SetAsideList { data: data.collect() })
}
