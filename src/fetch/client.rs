//! The two clients: one that sees public addresses only, one for the places that the operator allowed.

use std::sync::OnceLock;

use reqwest::Client;

use super::resolver::PublicOnly;
use super::{FetchError, Limits};

/// The most header fields of an answer.
const MOST_HEADERS: usize = 100;

/// Made when first needed: most commands never ask anybody.
#[derive(Default)]
pub(super) struct Clients {
    /// Resolves names to public addresses only.
    guarded: OnceLock<Result<Client, String>>,
    /// Knows no guard.
    exempt: OnceLock<Result<Client, String>>,
}

impl Clients {
    pub(super) fn get(&self, exempt: bool, limits: Limits) -> Result<&Client, FetchError> {
        let slot = if exempt { &self.exempt } else { &self.guarded };
        let built = slot.get_or_init(|| build(limits, exempt).map_err(|error| error.to_string()));
        built.as_ref().map_err(|reason| FetchError::Unready(reason.clone()))
    }
}

fn build(limits: Limits, exempt: bool) -> reqwest::Result<Client> {
    // A second installation in one process is refused and harmless.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .user_agent(concat!("Assay/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(limits.connect)
        .http1_max_headers(MOST_HEADERS);
    if exempt { builder.build() } else { builder.dns_resolver(PublicOnly).https_only(true).build() }
}
