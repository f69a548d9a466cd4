//! The holder's own page, and what is done there.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};

use super::share::linkedin;
use super::site::Moment;
use super::{Cache, Site};
use crate::id::AwardId;
use crate::program::Certification;
use crate::rules::{Award, AwardState, state_at};
use crate::words::Words;

/// `GET /holder`: everything a person was awarded.
#[derive(Template)]
#[template(path = "pages/holder.html")]
pub struct HolderPage<'a> {
    site: &'a Site,
    w: &'static Words,
    hello: String,
    lines: Vec<Line>,
    form: &'a str,
    leave: String,
}

struct Line {
    name: String,
    picture: String,
    state: &'static str,
    tone: &'static str,
    note: Option<String>,
    awarded: Moment,
    until: Option<Moment>,
    number: String,
    page: String,
    address: String,
    linkedin: Option<String>,
    png: String,
    calendar: Option<String>,
    appeal: String,
    decline: Option<String>,
}

impl<'a> HolderPage<'a> {
    /// `form` is the session's mark in its forms.
    pub fn new(site: &'a Site, name: &str, form: &'a str) -> Self {
        let leave = site.urls.local(&site.urls.holder_leave()).to_owned();
        let w = site.words();
        HolderPage { site, w, hello: (w.holder.hello)(name), lines: Vec::new(), form, leave }
    }

    /// With one more award, as it stands at `now`; `name` is said when the program has its certification no more.
    #[must_use]
    pub fn award(
        mut self,
        award: &Award,
        certification: Option<&Certification>,
        name: &str,
        now: DateTime<Utc>,
    ) -> Self {
        let (site, current) = (self.site, award.current());
        let local = |address: String| site.urls.local(&address).to_owned();
        let name = certification.map_or(name, |c| &c.name).to_owned();
        let state = state_at(award, certification, site.zone, now);
        let words = &self.w.state;
        let (said, tone) = match state {
            AwardState::Valid { .. } => (words.valid, "good"),
            AwardState::Expired { .. } => (words.expired, "caution"),
            AwardState::Suspended { .. } => (words.suspended, "paused"),
            AwardState::Revoked { .. } => (words.revoked, "bad"),
            AwardState::NotYetValid { .. } => (words.not_yet_valid, "unknown"),
        };
        let grace = match state {
            AwardState::Expired { grace_until, .. } => grace_until,
            _ => None,
        };
        let valid = matches!(state, AwardState::Valid { .. });
        let revoked = matches!(state, AwardState::Revoked { .. });
        let page = site.urls.award_page(award.id);
        let line = Line {
            picture: local(site.urls.badge(award.id, "svg")),
            state: said,
            tone,
            note: grace.map(|until| (self.w.holder.renewable)(&site.day(until).words)),
            awarded: site.day(current.awarded_at),
            until: current.valid_until.map(|at| site.day(at)),
            number: award.id.grouped(),
            linkedin: valid.then(|| linkedin(site, award.id, &name, (current.awarded_at, current.valid_until))),
            png: local(site.urls.credential_as(award.id, "png")),
            calendar: current.valid_until.filter(|_| valid).map(|_| local(site.urls.calendar(award.id))),
            appeal: local(site.urls.holder_step(award.id, "appeal")),
            decline: (!revoked).then(|| local(site.urls.holder_step(award.id, "decline"))),
            page: local(page.clone()),
            address: page,
            name,
        };
        self.lines.push(line);
        self
    }
}

impl IntoResponse for HolderPage<'_> {
    fn into_response(self) -> Response {
        super::page(&self, |answer| answer.cache(Cache::NoStore))
    }
}

/// `GET /holder/{award}/decline`: are you sure?
#[derive(Template)]
#[template(path = "pages/holder_decline.html")]
pub struct DeclinePage<'a> {
    site: &'a Site,
    w: &'static Words,
    title: String,
    name: &'a str,
    number: String,
    stale: bool,
    form: &'a str,
    action: String,
    back: String,
}

impl<'a> DeclinePage<'a> {
    /// `stale`: the form that was sent is not of this session.
    pub fn new(site: &'a Site, award: AwardId, name: &'a str, form: &'a str, stale: bool) -> Self {
        let w = site.words();
        let local = |address: String| site.urls.local(&address).to_owned();
        DeclinePage {
            site,
            w,
            title: (w.holder.decline_title)(name),
            name,
            number: award.grouped(),
            stale,
            form,
            action: local(site.urls.holder_step(award, "decline")),
            back: local(site.urls.holder()),
        }
    }
}

impl IntoResponse for DeclinePage<'_> {
    fn into_response(self) -> Response {
        super::page(&self, |answer| {
            let status = if self.stale { StatusCode::FORBIDDEN } else { StatusCode::OK };
            answer.cache(Cache::NoStore).status(status)
        })
    }
}

/// `GET /holder/{award}/appeal`: what was wrong?
#[derive(Template)]
#[template(path = "pages/holder_appeal.html")]
pub struct AppealPage<'a> {
    site: &'a Site,
    w: &'static Words,
    title: String,
    number: String,
    refused: Option<String>,
    text: &'a str,
    form: &'a str,
    action: String,
    back: String,
    status: StatusCode,
}

impl<'a> AppealPage<'a> {
    /// The empty form.
    pub fn new(site: &'a Site, award: AwardId, name: &str, form: &'a str) -> Self {
        let w = site.words();
        let local = |address: String| site.urls.local(&address).to_owned();
        AppealPage {
            site,
            w,
            title: (w.holder.appeal_title)(name),
            number: award.grouped(),
            refused: None,
            text: "",
            form,
            action: local(site.urls.holder_step(award, "appeal")),
            back: local(site.urls.holder()),
            status: StatusCode::OK,
        }
    }

    /// The form again with what was typed, because of this.
    #[must_use]
    pub fn refused(mut self, status: StatusCode, why: &str, text: &'a str) -> Self {
        (self.status, self.refused, self.text) = (status, Some(why.to_owned()), text);
        self
    }
}

impl IntoResponse for AppealPage<'_> {
    fn into_response(self) -> Response {
        let status = self.status;
        super::page(&self, |answer| answer.cache(Cache::NoStore).status(status))
    }
}

/// `GET /holder` of who has not opened it: has a link mailed.
#[derive(Template)]
#[template(path = "pages/holder_sign_in.html")]
pub struct SignInPage<'a> {
    site: &'a Site,
    w: &'static Words,
    refused: bool,
    address: &'a str,
    action: String,
    status: StatusCode,
}

impl<'a> SignInPage<'a> {
    /// The empty form.
    pub fn new(site: &'a Site) -> Self {
        let action = site.urls.local(&site.urls.holder()).to_owned();
        SignInPage { site, w: site.words(), refused: false, address: "", action, status: StatusCode::OK }
    }

    /// Instead of a page that opens with the holder's own only.
    #[must_use]
    pub fn not_open(self) -> Self {
        SignInPage { status: StatusCode::FORBIDDEN, ..self }
    }

    /// The form again with what was typed, because it is no mail address.
    #[must_use]
    pub fn no_address(self, address: &'a str) -> Self {
        SignInPage { refused: true, address, status: StatusCode::UNPROCESSABLE_ENTITY, ..self }
    }
}

impl IntoResponse for SignInPage<'_> {
    fn into_response(self) -> Response {
        let status = self.status;
        super::page(&self, |answer| answer.cache(Cache::NoStore).status(status))
    }
}

/// What is said to a holder in a sentence or two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said<'a> {
    /// A link is good; its secret opens the page.
    Open(&'a str),
    /// A link was used; its secret asks for another.
    Used(&'a str),
    /// A link is too old; its secret asks for another.
    TooOld(&'a str),
    /// There is no such link.
    Unknown,
    /// A new link is on its way.
    Sent,
    /// If the address is on record, a link is on its way to it.
    Asked,
    /// It was closed.
    Left,
    /// An award of this name was taken back.
    Declined(&'a str),
    /// An appeal was sent.
    Appealed,
}

/// A page with one of these.
#[derive(Template)]
#[template(path = "pages/holder_says.html")]
pub struct HolderSays<'a> {
    site: &'a Site,
    w: &'static Words,
    title: &'static str,
    text: String,
    button: Option<Button>,
    back: Option<String>,
    status: StatusCode,
}

/// What is sent by it, where, and what it says.
struct Button {
    action: String,
    name: &'static str,
    label: &'static str,
}

impl<'a> HolderSays<'a> {
    /// Says it.
    pub fn new(site: &'a Site, said: Said<'_>) -> Self {
        let w = site.words();
        let h = &w.holder;
        let local = |address: String| site.urls.local(&address).to_owned();
        let button =
            |secret: &str, name, label| Some(Button { action: local(site.urls.holder_link(secret)), name, label });
        let again = |secret: &str| button(secret, "again", h.send_link);
        let back = || Some(local(site.urls.holder()));
        let (status, title, text, button, back) = match said {
            Said::Open(secret) => {
                let open = button(secret, "open", h.open_button);
                (StatusCode::OK, h.open_title, (h.open)(&site.vendor), open, None)
            }
            Said::Used(secret) => (StatusCode::GONE, h.used_title, h.used.to_owned(), again(secret), None),
            Said::TooOld(secret) => (StatusCode::GONE, h.expired_title, h.expired.to_owned(), again(secret), None),
            Said::Unknown => (StatusCode::NOT_FOUND, h.unknown_title, h.unknown.to_owned(), None, None),
            Said::Sent => (StatusCode::OK, h.sent_title, h.sent.to_owned(), None, None),
            Said::Asked => (StatusCode::OK, h.asked_title, h.asked.to_owned(), None, None),
            Said::Left => (StatusCode::OK, h.left, h.left_note.to_owned(), None, None),
            Said::Declined(name) => (StatusCode::OK, h.declined_title, (h.declined)(name), None, back()),
            Said::Appealed => (StatusCode::OK, h.appealed_title, (h.appealed)(&site.vendor), None, back()),
        };
        HolderSays { site, w, title, text, button, back, status }
    }
}

impl IntoResponse for HolderSays<'_> {
    fn into_response(self) -> Response {
        let status = self.status;
        super::page(&self, |answer| answer.cache(Cache::NoStore).status(status))
    }
}
