//! Which form of an answer a request prefers, from its `Accept`.

use axum::http::{HeaderMap, header::ACCEPT};

/// A form in which something here can be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the media type of its name")]
pub enum Media {
    Csv,
    Html,
    Json,
    LdJson,
    Ndjson,
    Png,
    ProblemJson,
    Svg,
    Vc,
    VcLdJson,
}

impl Media {
    /// As in `Content-Type`.
    pub fn content_type(self) -> &'static str {
        match self {
            Media::Csv => "text/csv; charset=utf-8",
            Media::Html => "text/html; charset=utf-8",
            Media::Json => "application/json",
            Media::LdJson => "application/ld+json",
            Media::Ndjson => "application/x-ndjson",
            Media::Png => "image/png",
            Media::ProblemJson => "application/problem+json",
            Media::Svg => "image/svg+xml",
            Media::Vc => "application/vc",
            Media::VcLdJson => "application/vc+ld+json",
        }
    }

    fn essence(self) -> &'static str {
        self.content_type().split(';').next().unwrap_or_default()
    }
}

/// The offer this request likes best. Among equals the first offer wins; so it does when there is no `Accept`.
/// None: it wants nothing of what is offered.
pub fn choose(headers: &HeaderMap, offers: &[Media]) -> Option<Media> {
    let ranges: Vec<Range> = headers
        .get_all(ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(Range::parse)
        .collect();
    if ranges.is_empty() {
        return offers.first().copied();
    }
    let mut best: Option<(u16, Media)> = None;
    for &offer in offers {
        let quality = quality(offer.essence(), &ranges);
        if quality > best.map_or(0, |(q, _)| q) {
            best = Some((quality, offer));
        }
    }
    best.map(|(_, offer)| offer)
}

/// As [`choose`], but somebody who likes nothing gets the first offer all the same.
pub fn choose_or_first(headers: &HeaderMap, offers: &[Media]) -> Media {
    choose(headers, offers).or(offers.first().copied()).unwrap_or(Media::Json)
}

/// In thousandths; the most specific range that matches decides (RFC 9110 §12.5.1).
fn quality(essence: &str, ranges: &[Range<'_>]) -> u16 {
    ranges.iter().filter_map(|r| Some((r.fits(essence)?, r.quality))).max().map_or(0, |(_, quality)| quality)
}

struct Range<'a> {
    kind: &'a str,
    subtype: &'a str,
    quality: u16,
}

impl<'a> Range<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.split(';').map(str::trim);
        let (kind, subtype) = parts.next()?.split_once('/')?;
        let weight = parts.find_map(|p| p.strip_prefix("q=").or_else(|| p.strip_prefix("Q=")));
        Some(Range { kind, subtype, quality: weight.map_or(1000, thousandths) })
    }

    /// How closely: 2 by name, 1 by kind, 0 by `*/*`.
    fn fits(&self, essence: &str) -> Option<u8> {
        let (kind, subtype) = essence.split_once('/')?;
        match (self.kind, self.subtype) {
            ("*", "*") => Some(0),
            (k, "*") if k.eq_ignore_ascii_case(kind) => Some(1),
            (k, s) if k.eq_ignore_ascii_case(kind) && s.eq_ignore_ascii_case(subtype) => Some(2),
            _ => None,
        }
    }
}

/// `0.8` is 800; what is no weight counts as none at all.
fn thousandths(weight: &str) -> u16 {
    match weight.split_once('.') {
        None => u16::from(weight == "1") * 1000,
        Some(("1", _)) => 1000,
        Some(("0", digits)) if digits.len() <= 3 => format!("{digits:0<3}").parse().unwrap_or(0),
        Some(_) => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &[Media] = &[Media::Html, Media::Json];
    const CREDENTIAL: &[Media] = &[Media::VcLdJson, Media::Vc, Media::LdJson, Media::Json, Media::Html];

    #[track_caller]
    fn check(accept: &str, offers: &[Media], expected: Option<Media>) {
        let mut headers = HeaderMap::new();
        if !accept.is_empty() {
            headers.insert(ACCEPT, accept.parse().unwrap());
        }
        assert_eq!(choose(&headers, offers), expected, "{accept}");
    }

    #[test]
    fn the_best_liked_form_is_chosen() {
        let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8";
        check("", PAGE, Some(Media::Html));
        check("*/*", PAGE, Some(Media::Html));
        check(browser, PAGE, Some(Media::Html));
        check(browser, CREDENTIAL, Some(Media::Html));
        check("application/json", PAGE, Some(Media::Json));
        check("application/json, text/html;q=0.5", PAGE, Some(Media::Json));
        check("application/json;q=0.5, text/html", PAGE, Some(Media::Html));
        check("application/*", PAGE, Some(Media::Json));
        check("text/html;q=0, */*", PAGE, Some(Media::Json));
        check("TEXT/HTML; charset=utf-8; Q=0.3, application/json;q=0.2", PAGE, Some(Media::Html));
        check("", CREDENTIAL, Some(Media::VcLdJson));
        check("*/*", CREDENTIAL, Some(Media::VcLdJson));
        check("application/vc", CREDENTIAL, Some(Media::Vc));
        check("application/ld+json", CREDENTIAL, Some(Media::LdJson));
        check("application/vc+ld+json", CREDENTIAL, Some(Media::VcLdJson));
    }

    #[test]
    fn what_is_not_offered_is_not_forced_on_anyone() {
        check("image/png", PAGE, None);
        check("*/*;q=0", PAGE, None);
        check("text/html;q=0.0000001", PAGE, None);
        check("text/html;q=banana", PAGE, None);
        check("nonsense", PAGE, Some(Media::Html));
        check(",,,;;;q=", PAGE, Some(Media::Html));
    }
}
