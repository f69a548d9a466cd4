//! `/c/{award}.ics`: the day an award expires, for calendars.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};

use super::split_suffix;
use crate::app::App;
use crate::http::extract::Path;
use crate::http::headers::{Answer, Audience, Cache};
use crate::http::problem::{Code, Problem};
use crate::id::AwardId;
use crate::service::notices;

/// One all-day entry on the last day of the award; it moves on renewal and is cancelled on revocation.
#[utoipa::path(
    get, path = "/c/{award}", tag = "badges", operation_id = "calendar",
    params(("award" = String, Path, description = "The award's number, with `.ics`")),
    responses(
        (status = 200, description = "The calendar", content_type = "text/calendar"),
        (status = 404, description = "No public record under this number, or it does not expire"),
    )
)]
pub(in crate::http) async fn calendar(
    State(app): State<Arc<App>>,
    Path(given): Path<String>,
) -> Result<Response, Problem> {
    let (number, Some("ics")) = split_suffix(&given) else {
        return Err(Problem::new(Code::NotFound, "").hint("Ask for /c/{award}.ics."));
    };
    let award: AwardId = number.parse().map_err(|_| Problem::no_record())?;
    let ics = notices::calendar(&app, award, None).await?.ok_or_else(Problem::no_record)?;
    Ok(Answer::new("text/calendar; charset=utf-8", Audience::PublicData, Cache::Page, ics).into_response())
}
