//! Confirming a mail address: one question, one button.

use askama::Template;
use axum::response::{IntoResponse, Response};

use super::{Cache, Site};
use crate::words::Words;

/// `GET` and `POST /a/{token}`.
#[derive(Template)]
#[template(path = "pages/address.html")]
pub struct AddressPage<'a> {
    site: &'a Site,
    w: &'static Words,
    address: &'a str,
    is_confirmed: bool,
}

impl<'a> AddressPage<'a> {
    /// The question.
    pub fn new(site: &'a Site, address: &'a str) -> Self {
        AddressPage { site, w: site.words(), address, is_confirmed: false }
    }

    /// The address is theirs.
    pub fn confirmed(site: &'a Site, address: &'a str) -> Self {
        AddressPage { is_confirmed: true, ..AddressPage::new(site, address) }
    }
}

impl IntoResponse for AddressPage<'_> {
    fn into_response(self) -> Response {
        super::page(&self, |answer| answer.cache(Cache::NoStore))
    }
}
