//! Stopping reminders.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::{Cache, Site};
use crate::words::Words;

/// `/u/{token}`: asks, and says what was done.
#[derive(Template)]
#[template(path = "pages/unsubscribe.html")]
pub struct UnsubscribePage<'a> {
    site: &'a Site,
    w: &'static Words,
    title: &'static str,
    lead: String,
    note: Option<&'static str>,
    button: Option<Button>,
    action: String,
    status: StatusCode,
}

/// What is sent by it; the one that stops is what mail programs send too (RFC 8058).
struct Button {
    name: &'static str,
    value: &'static str,
    label: &'static str,
}

impl<'a> UnsubscribePage<'a> {
    fn new(site: &'a Site, title: &'static str, lead: String) -> Self {
        let (w, status) = (site.words(), StatusCode::OK);
        UnsubscribePage { site, w, title, lead, note: None, button: None, action: String::new(), status }
    }

    fn button(mut self, secret: &str, name: &'static str, value: &'static str, label: &'static str) -> Self {
        self.action = self.site.urls.local(&self.site.urls.unsubscribe(secret)).to_owned();
        self.button = Some(Button { name, value, label });
        self
    }

    /// Are you sure?
    pub fn asking(site: &'a Site, secret: &str) -> Self {
        let w = &site.words().holder;
        let mut page = UnsubscribePage::new(site, w.stop_title, (w.stop_lead)(&site.vendor));
        page.note = Some(w.stop_note);
        page.button(secret, "List-Unsubscribe", "One-Click", w.stop_button)
    }

    /// They are stopped.
    pub fn stopped(site: &'a Site, secret: &str) -> Self {
        let w = &site.words().holder;
        let page = UnsubscribePage::new(site, w.stopped_title, w.stopped.to_owned());
        page.button(secret, "resume", "yes", w.resume_button)
    }

    /// They come again.
    pub fn resumed(site: &'a Site, secret: &str) -> Self {
        let w = &site.words().holder;
        let page = UnsubscribePage::new(site, w.resumed_title, w.resumed.to_owned());
        page.button(secret, "List-Unsubscribe", "One-Click", w.stop_button)
    }

    /// There is no such link.
    pub fn unknown(site: &'a Site) -> Self {
        let w = &site.words().holder;
        let page = UnsubscribePage::new(site, w.stop_unknown_title, w.stop_unknown.to_owned());
        UnsubscribePage { status: StatusCode::NOT_FOUND, ..page }
    }
}

impl IntoResponse for UnsubscribePage<'_> {
    fn into_response(self) -> Response {
        let status = self.status;
        super::page(&self, |answer| answer.cache(Cache::NoStore).status(status))
    }
}
