//! Who issues: profile, proven identity, keys with their intervals, how to check.

use askama::Template;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};

use super::Site;
use super::site::Moment;
use crate::program::Program;
use crate::words::Words;

/// A signing key, as the page needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyLine {
    /// `z6Mk…`.
    pub multibase: String,
    /// Made, or first used.
    pub from: DateTime<Utc>,
    /// What became of it.
    pub state: KeyState,
}

/// What became of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyState {
    /// Published, so that caches know it before it signs.
    Waiting,
    /// Signs.
    Active,
    /// Signs nothing new.
    Retired(DateTime<Utc>),
    /// Nothing it signed counts.
    Compromised(DateTime<Utc>),
}

/// `GET /issuer` for people.
#[derive(Template)]
#[template(path = "pages/issuer.html")]
pub struct IssuerPage<'a> {
    site: &'a Site,
    w: &'static Words,
    program: &'a str,
    did: &'a str,
    did_document: Option<String>,
    keys: Vec<Row<'a>>,
    canonical: String,
}

struct Row<'a> {
    multibase: &'a str,
    from: Moment,
    to: Option<Moment>,
    state: &'static str,
}

impl<'a> IssuerPage<'a> {
    /// `did` is the one fixed at init; keys in the order in which they are to be shown.
    pub fn new(site: &'a Site, program: &'a Program, did: &'a str, keys: &'a [KeyLine]) -> Self {
        let w = site.words();
        let published = did.starts_with("did:web:");
        let row = |key: &'a KeyLine| {
            let (state, to) = match key.state {
                KeyState::Waiting => (w.issuer.waiting, None),
                KeyState::Active => (w.issuer.active, None),
                KeyState::Retired(at) => (w.issuer.retired, Some(at)),
                KeyState::Compromised(at) => (w.issuer.compromised, Some(at)),
            };
            let (from, to) = (site.day(key.from), to.map(|at| site.day(at)));
            Row { multibase: &key.multibase, from, to, state }
        };
        IssuerPage {
            site,
            w,
            program: &program.name,
            did,
            did_document: published.then(|| match site.urls.base_path() {
                "" => crate::urls::path::DID_DOCUMENT.to_owned(),
                path => format!("{path}{}", crate::urls::path::DID_DOCUMENT_BELOW_PATH),
            }),
            keys: keys.iter().map(row).collect(),
            canonical: site.urls.issuer(),
        }
    }
}

impl IntoResponse for IssuerPage<'_> {
    fn into_response(self) -> Response {
        super::page(&self, |answer| answer.indexed().negotiated())
    }
}
