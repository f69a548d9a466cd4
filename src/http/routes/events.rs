//! `/api/v1/events`: what happened, from a cursor on.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::app::App;
use crate::http::auth::{Authorized, ReportsRead};
use crate::http::extract::{Json, Path, Query};
use crate::http::problem::{Code, Problem, ProblemBody};
use crate::service::events::{self, Cursor, EventPage, EventView, Filter};

/// Events of one answer, unless it is said.
const LIMIT: usize = 100;

/// Which events are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct EventQuery {
    /// The `next_cursor` of the answer before, or `now`; from the beginning without it
    after: Option<String>,
    /// How many, 1,000 at most; what was recorded together comes together, so there may be a few more [default: 100]
    limit: Option<usize>,
    /// Types such as `award.issued` or `award.*`, with commas between them; all without it
    #[serde(rename = "type")]
    #[param(rename = "type")]
    types: Option<String>,
    /// So many seconds are waited when there is nothing, 25 at most [default: 0]
    wait: Option<u64>,
}

/// What happened in the key's realm, in the order in which it was recorded.
#[utoipa::path(
    get, path = "/api/v1/events", tag = "events", operation_id = "list_events", params(EventQuery), security(("api_key" = ["reports:read"])),
    responses(
        (status = 200, description = "The events, and where to go on", body = EventPage),
        (status = 400, description = "Not a cursor", body = ProblemBody),
        (status = 422, description = "An unknown type", body = ProblemBody),
    )
)]
pub(in crate::http) async fn list(
    State(app): State<Arc<App>>,
    caller: Authorized<ReportsRead>,
    Query(query): Query<EventQuery>,
) -> Result<Response, Problem> {
    let types = query.types.as_deref().unwrap_or_default();
    let types = types.split(',').map(str::trim).filter(|one| !one.is_empty());
    let filter = Filter::new(types).map_err(|unknown| Problem::from(unknown).at("type", "cannot be"))?;
    let after = match query.after.as_deref() {
        None => Cursor::START,
        Some("now") => Cursor::end(&app).await?,
        Some(text) => Cursor::parse(text).ok_or_else(|| {
            Problem::new(Code::MalformedRequest, "This is no cursor of events.")
                .at("after", "is neither now nor the next_cursor of an answer")
        })?,
    };
    let bounds = (query.limit.unwrap_or(LIMIT), Duration::from_secs(query.wait.unwrap_or(0)));
    Ok(Json(events::list(&app, caller.realm, &filter, after, bounds).await?).into_response())
}

/// Shows one event.
#[utoipa::path(
    get, path = "/api/v1/events/{event}", tag = "events", operation_id = "show_event",
    params(("event" = String, Path, description = "Its id: the `webhook-id` of its messages")), security(("api_key" = ["reports:read"])),
    responses((status = 200, description = "The event", body = EventView), (status = 404, description = "No such event", body = ProblemBody))
)]
pub(in crate::http) async fn show(
    State(app): State<Arc<App>>,
    caller: Authorized<ReportsRead>,
    Path(event): Path<String>,
) -> Result<Response, Problem> {
    let found = match event.parse() {
        Ok(id) => events::find(&app, caller.realm, &id).await?,
        Err(_) => None,
    };
    let found = found.ok_or_else(|| Problem::new(Code::NotFound, "There is no event under this id."))?;
    Ok(Json(EventView::new(&found)).into_response())
}
