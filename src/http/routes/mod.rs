//! The handlers, by resource. Each reads the request, calls one use case, and dresses its answer; none decides anything.

mod achievement;
mod address_link;
mod api_keys;
mod award;
mod awards;
mod badge;
mod clock;
mod credential;
mod home;
mod issuer;
mod operation;
mod people;
mod results;
mod signing_keys;
mod status;
mod verify;

use std::sync::Arc;

use async_trait::async_trait;
use axum::routing::get;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::page::Site;
use super::problem::{Frame, Problem};
use crate::app::{App, InForce};
use crate::service::program;
use crate::store::ReadSet;
use crate::urls::path;

/// Every address, with its description.
pub(super) fn all() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(home::home))
        .routes(routes!(award::award))
        .routes(routes!(credential::credential))
        .routes(routes!(badge::badge))
        .routes(routes!(badge::card))
        .routes(routes!(achievement::achievement))
        .routes(routes!(issuer::issuer))
        .routes(routes!(issuer::logo))
        .routes(routes!(issuer::did_document))
        // Where the did:web of a base with a path is looked for; the proxy takes that path away.
        .route(path::DID_DOCUMENT_BELOW_PATH, get(issuer::did_document))
        .routes(routes!(status::list))
        .routes(routes!(verify::form, verify::submitted))
        .routes(routes!(verify::api))
        .routes(routes!(results::submit))
        .routes(routes!(awards::show))
        .routes(routes!(awards::act))
        .routes(routes!(api_keys::list, api_keys::create))
        .routes(routes!(api_keys::revoke))
        .routes(routes!(signing_keys::list))
        .routes(routes!(signing_keys::act))
        .routes(routes!(people::create))
        .routes(routes!(people::find))
        .routes(routes!(people::merge))
        .routes(routes!(people::show))
        .routes(routes!(people::add_address))
        .routes(routes!(people::remove_address))
        .routes(routes!(people::make_primary))
        .routes(routes!(people::add_external))
        .routes(routes!(people::remove_external))
        .routes(routes!(people::consent))
        .routes(routes!(people::language))
        .routes(routes!(people::name))
        .routes(routes!(people::proof))
        .routes(routes!(address_link::show, address_link::confirm))
        .routes(routes!(clock::clock))
        .routes(routes!(operation::health))
        .routes(routes!(operation::ready))
}

/// The program in force, and what stands around every page.
pub(super) async fn site(app: &App) -> Result<(Arc<InForce>, Site), Problem> {
    let in_force = program::in_force(app, &mut ReadSet::new()).await?;
    let site = Site::new(&app.urls, &in_force.program);
    Ok((in_force, site))
}

#[async_trait]
impl Frame for App {
    async fn site(&self) -> Option<Site> {
        site(self).await.ok().map(|(_, site)| site)
    }
}

/// A number and what stands behind its dot: `7K3QX9M2TR4HB6WD.json`.
fn split_suffix(text: &str) -> (&str, Option<&str>) {
    text.split_once('.').map_or((text, None), |(stem, suffix)| (stem, Some(suffix)))
}
