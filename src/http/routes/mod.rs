//! The handlers, by resource. Each reads the request, calls one use case, and dresses its answer; none decides anything.

mod achievement;
mod address_link;
mod api_keys;
mod appeals;
mod award;
mod award_imports;
mod awards;
mod badge;
mod calendar;
mod clock;
mod credential;
mod events;
mod exceptions;
mod feeds;
mod holder;
mod holds;
mod home;
mod imports;
mod inbound_webhooks;
mod issuer;
mod mails;
mod operation;
mod people;
mod program;
mod recertifications;
mod results;
mod reviews;
mod rights;
mod signing_keys;
mod standings;
mod status;
mod trust;
mod undo;
mod unsubscribe;
mod vc_api;
mod verify;
mod webhooks;
mod xapi;

use std::sync::Arc;

use async_trait::async_trait;
use axum::routing::get;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::page::Site;
use super::problem::{Frame, Problem};
use crate::app::{App, InForce};
use crate::service::{moment, program as versions};
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
        .routes(routes!(verify::script))
        .routes(routes!(verify::api))
        .routes(routes!(vc_api::issue))
        .routes(routes!(vc_api::verify))
        .routes(routes!(vc_api::presentation))
        .routes(routes!(results::submit))
        .routes(routes!(awards::show))
        .routes(routes!(awards::act))
        .routes(routes!(award_imports::import))
        .routes(routes!(exceptions::list, exceptions::grant))
        .routes(routes!(exceptions::confirm))
        .routes(routes!(exceptions::withdraw))
        .routes(routes!(holds::list, holds::open))
        .routes(routes!(holds::show))
        .routes(routes!(holds::release))
        .routes(routes!(holds::uphold))
        .routes(routes!(standings::show))
        .routes(routes!(standings::find))
        .routes(routes!(rights::check))
        .routes(routes!(undo::undo))
        .routes(routes!(undo::show))
        .routes(routes!(api_keys::list, api_keys::create))
        .routes(routes!(api_keys::revoke))
        .routes(routes!(trust::list, trust::add))
        .routes(routes!(trust::remove))
        .routes(routes!(signing_keys::list))
        .routes(routes!(signing_keys::act))
        .routes(routes!(program::overview, program::apply))
        .routes(routes!(program::show))
        .routes(routes!(program::decide))
        .routes(routes!(program::reviewed))
        .routes(routes!(recertifications::list, recertifications::order))
        .routes(routes!(recertifications::show))
        .routes(routes!(recertifications::decide))
        .routes(routes!(webhooks::list, webhooks::create))
        .routes(routes!(webhooks::show, webhooks::remove))
        .routes(routes!(webhooks::deliveries))
        .routes(routes!(webhooks::act))
        .routes(routes!(events::list))
        .routes(routes!(events::show))
        .routes(routes!(imports::import))
        .routes(routes!(imports::template))
        .routes(routes!(reviews::list))
        .routes(routes!(reviews::accept))
        .routes(routes!(inbound_webhooks::list, inbound_webhooks::create))
        .routes(routes!(inbound_webhooks::revoke))
        .routes(routes!(inbound_webhooks::receive))
        .routes(routes!(feeds::receive))
        .routes(routes!(xapi::post, xapi::put))
        .routes(routes!(xapi::about))
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
        .routes(routes!(people::managers))
        .routes(routes!(people::name))
        .routes(routes!(people::proof))
        .routes(routes!(address_link::show, address_link::confirm))
        .routes(routes!(clock::clock))
        .routes(routes!(operation::health))
        .routes(routes!(operation::ready))
        .routes(routes!(operation::set_aside))
        .routes(routes!(calendar::calendar))
        .routes(routes!(holder::link, holder::open))
        .routes(routes!(holder::page, holder::ask))
        .routes(routes!(holder::decline_form, holder::decline))
        .routes(routes!(holder::appeal_form, holder::appeal))
        .routes(routes!(holder::leave))
        .routes(routes!(unsubscribe::asked, unsubscribe::sent))
        .routes(routes!(mails::list))
        .routes(routes!(appeals::list))
        .routes(routes!(appeals::close))
}

/// The program in force, and what stands around every page.
pub(super) async fn site(app: &App) -> Result<(Arc<InForce>, Site), Problem> {
    let in_force = versions::in_force(app, &mut ReadSet::new()).await?;
    let site = Site::new(&app.urls, &in_force.program);
    Ok((in_force, site))
}

#[async_trait]
impl Frame for App {
    async fn site(&self) -> Option<Site> {
        site(self).await.ok().map(|(_, site)| site)
    }

    fn is_news(&self, failure: &str) -> Option<u64> {
        self.caches.troubles.note(failure, moment(self))
    }
}

/// A number and what stands behind its dot: `7K3QX9M2TR4HB6WD.json`.
fn split_suffix(text: &str) -> (&str, Option<&str>) {
    text.split_once('.').map_or((text, None), |(stem, suffix)| (stem, Some(suffix)))
}
