//! Checking any badge: the form, and the answer to what was sent.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::site::Moment;
use super::{Audience, Band, Cache, CheckLine, Site};
use crate::id::AwardId;
use crate::verification::{CheckId, CheckOutcome, Past, ReceiptOf, Report, Trust, Verdict};
use crate::words::Words;

/// Longest name of a supposed holder: a mail address, or a DID that is a key.
pub const LONGEST_HOLDER: usize = 500;

/// `GET /verify`. Two forms that need no script: a file, a photo or a text (`POST /verify` with `file` or `text`), and a
/// number (`GET /verify?number=`). The script adds dropping, pasting and the camera.
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
            Some(_) => answer.audience(Audience::Form).status(StatusCode::UNPROCESSABLE_ENTITY).cache(Cache::NoStore),
            None => answer.audience(Audience::Form).indexed(),
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
    past: Option<&'a Past>,
    report: &'a Report,
    valid_from: Option<Moment>,
    valid_until: Option<Moment>,
    signer: Option<Signer<'a>>,
    proven: bool,
    trust: String,
    award: Option<String>,
    copy: Option<String>,
    checks: Vec<CheckLine>,
    receipt: Option<String>,
    receipt_of: Option<(&'a ReceiptOf, Moment)>,
}

/// Who signed, as far as the signature can prove it: the holder of a domain, or of a key.
struct Signer<'a> {
    /// `Domain`, `Key` or `Identifier`.
    kind: &'static str,
    /// What a person can compare with what they know.
    shown: String,
    /// As written in the credential, if that says more.
    id: Option<&'a str>,
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
            band: Band::new(site, report),
            past: report.then.as_ref(),
            report,
            valid_from: report.credential.valid_from.map(|at| site.moment(at)),
            valid_until: report.credential.valid_until.map(|at| site.moment(at)),
            // Who sends on to another shows as that one.
            signer: report.issuer.leads_to.as_deref().or(report.issuer.id.as_deref()).map(|id| signer(id, w)),
            // A name bound to a key proves nothing unless that key signed this.
            proven: report.verdict == Verdict::UntrustedIssuer || passed(CheckId::Issuer) && passed(CheckId::Proof),
            trust: match report.issuer.trust {
                Trust::Ours => (w.verify.ours)(&site.vendor),
                Trust::Listed => {
                    report.issuer.name.as_deref().map_or_else(|| w.verify.listed.to_owned(), w.verify.listed_as)
                }
                Trust::ListedForOtherTimes => w.verify.listed_for_other_times.to_owned(),
                Trust::Unlisted => w.verify.unlisted.to_owned(),
            },
            award: own.map(|award| site.urls.local(&site.urls.award_page(award)).to_owned()),
            // Of a forged copy its number says nothing.
            copy: report.credential.version.filter(|_| passed(CheckId::Proof)).map(w.verify.version),
            checks: CheckLine::all(report, w),
            receipt: None,
            receipt_of: report.receipt_of.as_ref().map(|of| (of, site.moment(of.checked_at))),
        }
    }

    /// With the signed receipt (a compact JWS), to be kept by who asked: it travels in the page, and nowhere else.
    #[must_use]
    pub fn receipt(mut self, jws: &str) -> Self {
        self.receipt = Some(STANDARD.encode(jws));
        self
    }

    /// Whether there is anything to say under "what the credential says".
    fn claims(&self) -> bool {
        let c = &self.report.credential;
        c.id.is_some() || c.name.is_some() || c.achievement.is_some() || c.holder.is_some() || c.issuer_name.is_some()
    }
}

/// The domain of a `did:web` or of an address, with its port; else the key. What is neither is shown as it is.
fn signer<'a>(id: &'a str, w: &Words) -> Signer<'a> {
    let web = id.strip_prefix("did:web:").map(|rest| rest.split([':', '#']).next().unwrap_or(rest).replace("%3A", ":"));
    let https =
        || id.strip_prefix("https://").map(|rest| rest.split(['/', '?', '#']).next().unwrap_or(rest).to_owned());
    // Nothing that a browser and a reader could take for two different domains, such as a user before an @.
    let plain =
        |host: &String| !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || ".-:".contains(c));
    if let Some(domain) = web.or_else(https).filter(plain) {
        return Signer { kind: w.verify.domain, shown: domain, id: Some(id) };
    }
    let key = ["did:key:", "did:jwk:"].iter().any(|method| id.starts_with(method));
    Signer { kind: if key { w.verify.key } else { w.verify.identifier }, shown: id.to_owned(), id: None }
}

impl IntoResponse for ReportPage<'_> {
    fn into_response(self) -> Response {
        super::page(&self, |answer| answer.cache(Cache::NoStore))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::ENGLISH;

    #[track_caller]
    fn check(id: &str, kind: &str, shown: &str) {
        let signer = signer(id, &ENGLISH);
        assert_eq!((signer.kind, signer.shown.as_str()), (kind, shown), "{id}");
    }

    #[test]
    fn a_signer_is_known_by_domain_or_else_by_key() {
        check("did:web:badges.example", "Domain", "badges.example");
        check("did:web:badges.example:issuers:42", "Domain", "badges.example");
        check("did:web:localhost%3A8080", "Domain", "localhost:8080");
        check("https://badges.example:8443/issuers/42?x=1", "Domain", "badges.example:8443");
        check("https://badges.example#key", "Domain", "badges.example");
        check(
            "did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2",
            "Key",
            "did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2",
        );
        check("did:jwk:eyJrdHkiOiJPS1AifQ", "Key", "did:jwk:eyJrdHkiOiJPS1AifQ");
    }

    #[test]
    fn what_only_looks_like_a_domain_is_none() {
        for id in [
            "http://badges.example",
            "https://",
            "did:web:",
            "https://badges.example@evil.example/",
            "https://evil.example\\@badges.example/",
            "https://b\u{430}dges.example/",
            "did:web:badges.example%2Fissuers",
            "urn:uuid:6a2c1f0e-7f0b-4b43-9d2e-0c5b5cb3a6f1",
        ] {
            check(id, "Identifier", id);
        }
    }
}
