//! `/u/{token}`: stops reminders. GET only asks, since scanners follow links; POST does it, as RFC 8058 has it.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};

use super::site;
use crate::app::App;
use crate::http::extract::{Fields, Path};
use crate::http::page::UnsubscribePage;
use crate::http::problem::Problem;
use crate::service::notices;
use crate::service::tokens::TokenError;

/// Asks whether reminders shall stop. Changes nothing.
#[utoipa::path(
    get, path = "/u/{token}", tag = "pages", operation_id = "unsubscribe_form",
    params(("token" = String, Path, description = "From a reminder")),
    responses((status = 200, description = "The question", content_type = "text/html"), (status = 404, description = "No such link"))
)]
pub(in crate::http) async fn asked(
    State(app): State<Arc<App>>,
    Path(secret): Path<String>,
) -> Result<Response, Problem> {
    let (_, site) = site(&app).await?;
    Ok(match notices::unsubscribing(&app, &secret).await {
        Ok(known) if known.stopped => UnsubscribePage::stopped(&site, &secret),
        Ok(_) => UnsubscribePage::asking(&site, &secret),
        Err(TokenError::Breakdown(breakdown)) => return Err(breakdown.into()),
        Err(_) => UnsubscribePage::unknown(&site),
    }
    .into_response())
}

/// Stops reminders; with `resume=yes`, lets them come again.
#[utoipa::path(
    post, path = "/u/{token}", tag = "pages", operation_id = "unsubscribe",
    params(("token" = String, Path, description = "From a reminder")),
    request_body(content_type = "application/x-www-form-urlencoded", description = "`List-Unsubscribe=One-Click`"),
    responses((status = 200, description = "It is done", content_type = "text/html"), (status = 404, description = "No such link"))
)]
pub(in crate::http) async fn sent(
    State(app): State<Arc<App>>,
    Path(secret): Path<String>,
    fields: Fields,
) -> Result<Response, Problem> {
    let (_, site) = site(&app).await?;
    let resume = fields.text("resume") == Some("yes");
    let done = if resume { notices::resume(&app, &secret).await } else { notices::stop(&app, &secret).await };
    Ok(match done {
        Ok(()) if resume => UnsubscribePage::resumed(&site, &secret),
        Ok(()) => UnsubscribePage::stopped(&site, &secret),
        Err(TokenError::Breakdown(breakdown)) => return Err(breakdown.into()),
        Err(_) => UnsubscribePage::unknown(&site),
    }
    .into_response())
}
