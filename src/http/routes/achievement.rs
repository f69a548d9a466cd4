//! `/achievements/{certification}`: what can be held: page, OB `Achievement`, picture.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;

use super::{site, split_suffix};
use crate::app::App;
use crate::http::extract::Path;
use crate::http::headers::{Answer, Audience, Cache};
use crate::http::negotiate::{Media, choose_or_first};
use crate::http::page::AchievementPage;
use crate::http::problem::{Code, Problem};
use crate::issuance::{Signer, achievement_document};
use crate::program::duration::local_day;
use crate::service;
use crate::service::pictures::{self, Format};
use crate::service::program;
use crate::store::ReadSet;

/// The definition of a certification, with criteria and exam blueprint.
#[utoipa::path(
    get, path = "/achievements/{certification}", tag = "credentials",
    params(("certification" = String, Path, description = "Id of the certification, with `.json`, `.svg` or `.png`")),
    responses((status = 200, description = "The page, the `Achievement`, or its picture"), (status = 404, description = "No such achievement"))
)]
pub(in crate::http) async fn achievement(
    State(app): State<Arc<App>>,
    Path(given): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let unknown = || {
        Problem::new(Code::UnknownAchievement, "The program has no such certification.").hint("The catalogue is at /.")
    };
    let (id, suffix) = split_suffix(&given);
    if let Some(format) = suffix.and_then(Format::of) {
        let picture = pictures::achievement(&app, id, format).await?.ok_or_else(unknown)?;
        let cache = Cache::live(app.clock.now(), None);
        return Ok(
            Answer::new(format.media_type(), Audience::Picture, cache, Bytes::from_owner(picture)).into_response()
        );
    }
    let media = match suffix {
        None => choose_or_first(&headers, &[Media::Html, Media::LdJson, Media::Json]),
        Some("json") => Media::LdJson,
        Some(_) => return Err(unknown()),
    };
    let (_, site) = site(&app).await?;
    let id = id.parse().map_err(|_| unknown())?;
    let in_force = program::defining(&app, &id).await?.ok_or_else(unknown)?;
    let certification = in_force.program.certification(&id).ok_or_else(unknown)?;
    if media == Media::Html {
        let today = local_day(app.clock.now(), in_force.program.timezone);
        return Ok(AchievementPage::new(&site, &in_force.program, certification, today).into_response());
    }
    let issuer = service::issuer(&app, &mut ReadSet::new()).await?;
    let level = certification.level.as_ref().and_then(|id| in_force.program.level(id)).map(|level| level.name.as_str());
    let signer = Signer { did: &issuer.did, key: &issuer.active, issuer: &in_force.program.issuer };
    let document = achievement_document(&app.urls, &signer, certification, level, false);
    Ok(Answer::new(
        media.content_type(),
        Audience::PublicData,
        Cache::live(app.clock.now(), None),
        document.to_string(),
    )
    .negotiated()
    .into_response())
}
