//! What went wrong, for people: always with a way on.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::Site;
use crate::http::headers::Cache;
use crate::http::problem::{Fault, ProblemBody};
use crate::words::Words;

/// A problem as a page.
#[derive(Template)]
#[template(path = "pages/error.html")]
pub struct ErrorPage<'a> {
    site: &'a Site,
    w: &'static Words,
    status: StatusCode,
    title: &'a str,
    detail: &'a str,
    hint: Option<&'a str>,
    errors: &'a [Fault],
}

impl<'a> ErrorPage<'a> {
    /// Says what the problem says.
    pub fn new(site: &'a Site, problem: &'a ProblemBody) -> Self {
        ErrorPage {
            site,
            w: site.words(),
            status: StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            title: &problem.title,
            detail: &problem.detail,
            hint: problem.hint.as_deref(),
            errors: &problem.errors,
        }
    }
}

impl IntoResponse for ErrorPage<'_> {
    fn into_response(self) -> Response {
        let status = self.status;
        super::page(&self, |answer| answer.status(status).cache(Cache::NoStore))
    }
}

/// The answer to a number that is unknown, private or erased: always the same bytes.
#[derive(Template)]
#[template(path = "pages/no_record.html")]
pub struct NoRecordPage<'a> {
    site: &'a Site,
    w: &'static Words,
}

impl<'a> NoRecordPage<'a> {
    /// Takes nothing but the site, so that it can tell nothing.
    pub fn new(site: &'a Site) -> Self {
        NoRecordPage { site, w: site.words() }
    }
}

impl IntoResponse for NoRecordPage<'_> {
    fn into_response(self) -> Response {
        super::page(&self, |answer| answer.status(StatusCode::NOT_FOUND).cache(Cache::NoStore).negotiated())
    }
}
