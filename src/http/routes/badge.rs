//! `/badges/{award}` and `/cards/{award}`: pictures for other people's sites.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;

use super::split_suffix;
use crate::app::App;
use crate::http::extract::Path;
use crate::http::headers::{Answer, Audience, Cache};
use crate::http::problem::{Code, Problem};
use crate::id::AwardId;
use crate::service::pictures::{self, Format};

/// The live picture: says valid, expired, suspended or revoked in words. Always 200, so that no proxy keeps a broken image.
#[utoipa::path(
    get, path = "/badges/{award}", tag = "pictures",
    params(("award" = String, Path, description = "The award's number, with `.svg` or `.png`")),
    responses((status = 200, description = "The picture; of an unknown award it says \"No public record\"", content_type = "image/svg+xml"))
)]
pub(in crate::http) async fn badge(
    State(app): State<Arc<App>>,
    Path(given): Path<String>,
) -> Result<Response, Problem> {
    let (number, suffix) = split_suffix(&given);
    let format =
        suffix.and_then(Format::of).ok_or_else(|| Problem::new(Code::NotFound, "").hint("Ask for .svg or .png."))?;
    let found = match number.parse::<AwardId>() {
        Ok(id) => pictures::live(&app, id, format).await?,
        Err(_) => None,
    };
    let (bytes, change) = match found {
        Some(picture) => (picture.bytes, picture.changes_at),
        None => (pictures::no_record(&app, format)?, None),
    };
    let cache = Cache::live(app.clock.now(), change.filter(|at| *at > app.clock.now()));
    Ok(Answer::new(format.media_type(), Audience::Picture, cache, Bytes::from_owner(bytes)).into_response())
}

/// The preview that social networks show.
#[utoipa::path(
    get, path = "/cards/{award}", tag = "pictures",
    params(("award" = String, Path, description = "The award's number, with `.png`")),
    responses((status = 200, description = "1200x630 pixels", content_type = "image/png"), (status = 404, description = "No public record"))
)]
pub(in crate::http) async fn card(State(app): State<Arc<App>>, Path(given): Path<String>) -> Result<Response, Problem> {
    let unknown = || Problem::new(Code::UnknownAward, "There is no public record under this number.");
    let (number, suffix) = split_suffix(&given);
    let id = number.parse::<AwardId>().ok().filter(|_| suffix == Some("png")).ok_or_else(unknown)?;
    let bytes = pictures::card(&app, id).await?.ok_or_else(unknown)?;
    let cache = Cache::live(app.clock.now(), None);
    Ok(Answer::new(Format::Png.media_type(), Audience::Picture, cache, Bytes::from_owner(bytes)).into_response())
}
