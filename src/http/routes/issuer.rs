//! `/issuer`, its logo, and `/.well-known/did.json`: who signs, and with which keys.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;

use super::site;
use crate::app::App;
use crate::http::headers::{Answer, Audience, Cache};
use crate::http::negotiate::{Media, choose_or_first};
use crate::http::page::{IssuerPage, KeyLine, KeyState};
use crate::http::problem::{Code, Problem};
use crate::issuance::{Signer, profile_document};
use crate::service::{self, signing_keys, verify};
use crate::store::{ReadSet, SigningKeyRecord};

/// The issuer's profile and keys.
#[utoipa::path(get, path = "/issuer", tag = "credentials", responses((status = 200, description = "The page, or the OB `Profile`")))]
pub(in crate::http) async fn issuer(State(app): State<Arc<App>>, headers: HeaderMap) -> Result<Response, Problem> {
    let (in_force, site) = site(&app).await?;
    let issuer = service::issuer(&app, &mut ReadSet::new()).await?;
    let media = choose_or_first(&headers, &[Media::Html, Media::LdJson, Media::Json]);
    if media == Media::Html {
        let keys: Vec<KeyLine> = signing_keys::list(&app).await?.into_iter().map(line).collect();
        return Ok(IssuerPage::new(&site, &in_force.program, &issuer.did, &keys).into_response());
    }
    let signer = Signer { did: &issuer.did, key: &issuer.active, issuer: &in_force.program.issuer };
    let document = profile_document(&app.urls, &signer);
    Ok(Answer::new(
        media.content_type(),
        Audience::PublicData,
        Cache::live(app.clock.now(), None),
        document.to_string(),
    )
    .negotiated()
    .into_response())
}

/// The issuer's logo, rid of everything but the drawing.
#[utoipa::path(
    get, path = "/issuer/logo", tag = "pictures", operation_id = "issuer_logo",
    responses((status = 200, description = "SVG, PNG or JPEG"), (status = 404, description = "The issuer has none"))
)]
pub(in crate::http) async fn logo(State(app): State<Arc<App>>) -> Result<Response, Problem> {
    let (in_force, _) = site(&app).await?;
    let logo = in_force.logo().ok_or_else(|| Problem::new(Code::NotFound, "The issuer has no logo."))?;
    let cache = Cache::live(app.clock.now(), None);
    Ok(Answer::new(logo.media_type(), Audience::Picture, cache, Bytes::copy_from_slice(logo.bytes())).into_response())
}

/// The DID document: every key that ever signed, so that what it signed can be checked.
#[utoipa::path(get, path = "/.well-known/did.json", tag = "credentials", responses((status = 200, description = "The DID document", content_type = "application/did+json")))]
pub(in crate::http) async fn did_document(State(app): State<Arc<App>>) -> Result<Response, Problem> {
    let issuer = service::issuer(&app, &mut ReadSet::new()).await?;
    let document = verify::did_document(&app, &issuer.did).await?;
    Ok(Answer::new(
        "application/did+json",
        Audience::PublicData,
        Cache::live(app.clock.now(), None),
        document.to_string(),
    )
    .into_response())
}

fn line(key: SigningKeyRecord) -> KeyLine {
    let state = match (key.revoked_at, key.retired_at, key.active_from) {
        (Some(at), _, _) => KeyState::Compromised(at),
        (None, Some(at), _) => KeyState::Retired(at),
        (None, None, Some(_)) => KeyState::Active,
        (None, None, None) => KeyState::Waiting,
    };
    KeyLine { multibase: key.kid, from: key.active_from.unwrap_or(key.created_at), state }
}
