//! The share corner of an award: LinkedIn, the fields to copy, the live picture.

use std::fmt::Write as _;

use chrono::{DateTime, Datelike, Utc};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::Site;
use super::escape::plain;
use crate::id::AwardId;
use crate::program::duration::local_day;
use crate::words::ShareWords;

/// What is shared: an award that is valid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// The add-to-profile form, filled in as far as LinkedIn lets us.
    pub linkedin: String,
    /// The same to copy by hand.
    pub fields: Vec<CopyField>,
    /// HTML of the live picture.
    pub snippet: String,
}

/// A value to copy.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct CopyField {
    pub label: &'static str,
    pub value: String,
}

/// The facts that are shared.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shared<'a> {
    pub(super) award: AwardId,
    pub(super) name: &'a str,
    pub(super) awarded_at: DateTime<Utc>,
    pub(super) valid_until: Option<DateTime<Utc>>,
}

impl Share {
    pub(super) fn new(site: &Site, shared: Shared<'_>) -> Share {
        let words = &site.words().share;
        let day = |at| site.day(at).words;
        let until = shared.valid_until.map_or_else(|| words.does_not_expire.to_owned(), day);
        let field = |label, value| CopyField { label, value };
        Share {
            linkedin: linkedin(site, shared.award, shared.name, (shared.awarded_at, shared.valid_until)),
            fields: vec![
                field(words.name, shared.name.to_owned()),
                field(words.organization, site.vendor.clone()),
                field(words.issued, day(shared.awarded_at)),
                field(words.expires, until),
                field(words.credential_id, shared.award.grouped()),
                field(words.credential_url, site.urls.award_page(shared.award)),
            ],
            snippet: snippet(site, shared, words),
        }
    }
}

/// LinkedIn's add-to-profile address. Months and years are those of the vendor's time zone.
pub fn linkedin(site: &Site, award: AwardId, name: &str, term: (DateTime<Utc>, Option<DateTime<Utc>>)) -> String {
    let (name, vendor) = (plain(name), plain(&site.vendor));
    let organization = match &site.linkedin_organization_id {
        Some(id) => ("organizationId", id.clone()),
        None => ("organizationName", vendor),
    };
    let issued = local_day(term.0, site.zone);
    let mut parameters = vec![
        ("startTask", "CERTIFICATION_NAME".to_owned()),
        ("name", name),
        organization,
        ("issueYear", issued.year().to_string()),
        ("issueMonth", issued.month().to_string()),
    ];
    if let Some(until) = term.1.map(|at| local_day(at, site.zone)) {
        parameters.push(("expirationYear", until.year().to_string()));
        parameters.push(("expirationMonth", until.month().to_string()));
    }
    parameters.push(("certUrl", site.urls.award_page(award)));
    parameters.push(("certId", award.grouped()));

    let mut address = "https://www.linkedin.com/profile/add".to_owned();
    for (i, (key, value)) in parameters.iter().enumerate() {
        let mark = if i == 0 { '?' } else { '&' };
        write!(address, "{mark}{key}={}", utf8_percent_encode(value, UNRESERVED)).expect("a string takes all text");
    }
    address
}

/// All but the unreserved characters of RFC 3986.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

fn snippet(site: &Site, shared: Shared<'_>, words: &ShareWords) -> String {
    let page = attribute(&site.urls.award_page(shared.award));
    let picture = attribute(&site.urls.badge(shared.award, "svg"));
    let alt = attribute(&(words.picture_alt)(shared.name, &site.vendor));
    format!("<a href=\"{page}\"><img src=\"{picture}\" width=\"160\" height=\"160\" alt=\"{alt}\"></a>")
}

fn attribute(text: &str) -> String {
    plain(text).replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use percent_encoding::percent_decode_str;

    use super::super::tests::samples;
    use super::*;

    fn parameters(address: &str) -> Vec<(String, String)> {
        let query = address.strip_prefix("https://www.linkedin.com/profile/add?").unwrap();
        let decoded = |part: &str| percent_decode_str(part).decode_utf8().unwrap().into_owned();
        query.split('&').map(|p| p.split_once('=').unwrap()).map(|(k, v)| (decoded(k), decoded(v))).collect()
    }

    #[track_caller]
    fn check(site: &Site, name: &str, term: (&str, Option<&str>), expected: &[(&str, &str)]) {
        let at = |text: &str| text.parse().unwrap();
        let term = (at(term.0), term.1.map(at));
        let address = linkedin(site, samples::AWARD.parse().unwrap(), name, term);
        let found = parameters(&address);
        let found: Vec<(&str, &str)> = found.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn every_parameter_decodes_to_what_it_was() {
        let mut site = samples::site();
        site.linkedin_organization_id = None;
        site.vendor = "Schäfer & Söhne + Co. #1".to_owned();
        // One second into 2027 in Berlin; the end of 31 December there.
        check(
            &site,
            "R&D = 100 % “Gold”?",
            ("2026-12-31T23:00:01Z", Some("2028-12-31T22:59:59Z")),
            &[
                ("startTask", "CERTIFICATION_NAME"),
                ("name", "R&D = 100 % “Gold”?"),
                ("organizationName", "Schäfer & Söhne + Co. #1"),
                ("issueYear", "2027"),
                ("issueMonth", "1"),
                ("expirationYear", "2028"),
                ("expirationMonth", "12"),
                ("certUrl", "https://badges.northwind.example/v/7K3QX9M2TR4HB6WD"),
                ("certId", "7K3Q-X9M2-TR4H-B6WD"),
            ],
        );
    }

    #[test]
    fn a_number_stands_for_the_name_of_the_organization_and_no_expiry_is_not_sent() {
        let expected = [
            ("startTask", "CERTIFICATION_NAME"),
            ("name", "Certified Sales Associate"),
            ("organizationId", "1234567"),
            ("issueYear", "2026"),
            ("issueMonth", "11"),
            ("certUrl", "https://badges.northwind.example/v/7K3QX9M2TR4HB6WD"),
            ("certId", "7K3Q-X9M2-TR4H-B6WD"),
        ];
        check(&samples::site(), "Certified Sales Associate", ("2026-11-20T12:00:00Z", None), &expected);
    }

    #[test]
    fn the_snippet_cannot_be_broken_out_of() {
        let shared = Shared {
            award: samples::AWARD.parse().unwrap(),
            name: "\"><script>&",
            awarded_at: samples::NOW.parse().unwrap(),
            valid_until: None,
        };
        let snippet = Share::new(&samples::site(), shared).snippet;
        assert!(
            snippet.contains("alt=\"&quot;&gt;&lt;script&gt;&amp;, Northwind Traders: check current status\""),
            "{snippet}"
        );
    }
}
