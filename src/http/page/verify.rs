//! Checking any badge: the form, and the answer to what was sent.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::site::Moment;
use super::{Band, Cache, CheckLine, Site};
use crate::id::AwardId;
use crate::verification::{CheckId, CheckOutcome, Report, Trust, Verdict};
use crate::words::Words;

/// `GET /verify`. Three forms, without script: a number (`GET /verify?number=`), a file and a text (`POST /verify` with
/// `file` or `text`).
#[derive(Template)]
#[template(path = "pages/verify.html")]
pub struct VerifyPage<'a> {
    site: &'a Site,
    w: &'static Words,
    refused: Option<&'a str>,
    number: &'a str,
    canonical: String,
}

impl<'a> VerifyPage<'a> {
    /// The empty form.
    pub fn new(site: &'a Site) -> Self {
        VerifyPage { site, w: site.words(), refused: None, number: "", canonical: site.urls.verify_form() }
    }

    /// The form again, because nothing was sent.
    pub fn nothing_sent(site: &'a Site) -> Self {
        VerifyPage { refused: Some(site.words().verify.nothing_sent), ..VerifyPage::new(site) }
    }

    /// The form again, because this is no number; `why` is a sentence.
    pub fn no_number(site: &'a Site, number: &'a str, why: &'a str) -> Self {
        VerifyPage { refused: Some(why), number, ..VerifyPage::new(site) }
    }
}

impl IntoResponse for VerifyPage<'_> {
    fn into_response(self) -> Response {
        super::page(&self, |answer| match self.refused {
            Some(_) => answer.status(StatusCode::UNPROCESSABLE_ENTITY).cache(Cache::NoStore),
            None => answer.indexed(),
        })
    }
}

/// `POST /verify`: a report as a page. 200 whatever the verdict.
#[derive(Template)]
#[template(path = "pages/report.html")]
pub struct ReportPage<'a> {
    site: &'a Site,
    w: &'static Words,
    band: Band,
    checked: Moment,
    as_of: Option<Moment>,
    known: Option<Moment>,
    hindsight: Option<&'a str>,
    report: &'a Report,
    valid_from: Option<Moment>,
    valid_until: Option<Moment>,
    issuer: &'a str,
    proven: bool,
    trust: String,
    award: Option<String>,
    checks: Vec<CheckLine>,
}

impl<'a> ReportPage<'a> {
    /// Of somebody's credential.
    pub fn new(site: &'a Site, report: &'a Report) -> Self {
        let w = site.words();
        let passed = |id| report.checks.iter().any(|c| c.id == id && c.outcome == CheckOutcome::Passed);
        let own = report.credential.award.as_deref().and_then(|number| number.parse::<AwardId>().ok());
        ReportPage {
            site,
            w,
            band: Band::new(report, w),
            checked: site.moment(report.checked_at),
            as_of: (report.as_of != report.checked_at).then(|| site.moment(report.as_of)),
            known: report.as_known_at.map(|at| site.moment(at)),
            hindsight: report.hindsight.as_ref().map(|hindsight| hindsight.words.as_str()),
            report,
            valid_from: report.credential.valid_from.map(|at| site.moment(at)),
            valid_until: report.credential.valid_until.map(|at| site.moment(at)),
            issuer: report.issuer.id.as_deref().unwrap_or_default(),
            // A name bound to a key proves nothing unless that key signed this.
            proven: report.verdict == Verdict::UntrustedIssuer || passed(CheckId::Issuer) && passed(CheckId::Proof),
            trust: match report.issuer.trust {
                Trust::Ours => (w.verify.ours)(&site.vendor),
                Trust::Listed => w.verify.listed.to_owned(),
                Trust::ListedForOtherTimes => w.verify.listed_for_other_times.to_owned(),
                Trust::Unlisted => w.verify.unlisted.to_owned(),
            },
            award: own.map(|award| site.urls.local(&site.urls.award_page(award)).to_owned()),
            checks: CheckLine::all(report, w),
        }
    }

    /// Whether there is anything to say under "what the credential says".
    fn claims(&self) -> bool {
        let c = &self.report.credential;
        c.id.is_some() || c.name.is_some() || c.achievement.is_some() || c.holder.is_some()
    }
}

impl IntoResponse for ReportPage<'_> {
    fn into_response(self) -> Response {
        super::page(&self, |answer| answer.cache(Cache::NoStore))
    }
}
