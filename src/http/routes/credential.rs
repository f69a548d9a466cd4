//! `/credentials/{award}`: the signed credential, plain or baked into a picture.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;

use super::split_suffix;
use crate::app::App;
use crate::http::extract::{Path, PublicQuery};
use crate::http::headers::{Answer, Audience, Cache};
use crate::http::negotiate::{Media, choose_or_first};
use crate::http::problem::{Code, Problem};
use crate::id::{AwardId, CredentialVersion};
use crate::service::pictures::Format;
use crate::service::{awards, pictures};

/// Which of an award's credentials.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Which {
    /// Number of the version; the newest unless told.
    version: Option<u32>,
}

/// The credential exactly as signed: `.json`, or baked into `.png` or `.svg`. A browser is led to the page.
#[utoipa::path(
    get, path = "/credentials/{award}", tag = "credentials",
    params(("award" = String, Path, description = "The award's number, with `.json`, `.png` or `.svg`"), Which),
    responses(
        (status = 200, description = "The credential", content_type = "application/vc+ld+json"),
        (status = 303, description = "The page, for who prefers HTML"),
        (status = 404, description = "No public record under this number"),
    )
)]
pub(in crate::http) async fn credential(
    State(app): State<Arc<App>>,
    Path(given): Path<String>,
    PublicQuery(Which { version }): PublicQuery<Which>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (number, suffix) = split_suffix(&given);
    if suffix.is_some_and(|suffix| suffix != "json" && Format::of(suffix).is_none()) {
        return Err(Problem::new(Code::NotFound, "").hint("Ask for .json, .png or .svg."));
    }
    let id: AwardId = number.parse().map_err(|_| unknown())?;
    let version = version.map(CredentialVersion);
    let media = match suffix {
        // With a suffix it is JSON whatever is asked for: refreshService and wallets send no Accept that helps.
        Some("json") => choose_or_first(&headers, &[Media::VcLdJson, Media::Vc, Media::LdJson, Media::Json]),
        Some(suffix) => {
            let format = Format::of(suffix).ok_or_else(unknown)?;
            return baked(&app, id, version, format).await;
        }
        None => choose_or_first(&headers, &[Media::VcLdJson, Media::Vc, Media::LdJson, Media::Json, Media::Html]),
    };
    let known = awards::find(&app, id).await?.ok_or_else(unknown)?;
    if media == Media::Html {
        return Ok((
            StatusCode::SEE_OTHER,
            [(header::LOCATION, app.urls.award_page(known.award().id)), (header::VARY, "Accept".to_owned())],
        )
            .into_response());
    }
    let (award, entry) = awards::served_here(&known, version).ok_or_else(unknown)?;
    let found = awards::signed_of(&app, &known, award, entry.number).await?;
    Ok(Answer::new(media.content_type(), Audience::PublicData, Cache::live(app.clock.now(), None), found.text)
        .negotiated()
        .into_response())
}

async fn baked(
    app: &App,
    id: AwardId,
    version: Option<CredentialVersion>,
    format: Format,
) -> Result<Response, Problem> {
    let bytes = pictures::baked(app, id, version, format).await?.ok_or_else(unknown)?;
    let cache = Cache::live(app.clock.now(), None);
    Ok(Answer::new(format.media_type(), Audience::Picture, cache, bytes).into_response())
}

fn unknown() -> Problem {
    Problem::new(Code::UnknownCredential, "There is no public credential under this number.")
        .hint("Ask the holder for the address.")
}
