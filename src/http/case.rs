//! One address for one thing: public paths written in upper case (as QR codes are), with a mistyped number, or with what
//! stood behind them in a sentence lead on.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use percent_encoding::percent_decode_str;

use crate::id::AwardId;
use crate::urls::{Urls, path};

/// Where an award stands in the path.
const OF_AWARDS: [&str; 5] = ["v", "credentials", "badges", "cards", "c"];
/// Where the secret of a mailed link stands in the path.
const OF_SECRETS: [&str; 3] = ["h", "a", "u"];
/// Everything below these is lower case.
const LOWER: [&str; 6] = ["achievements", "issuer", "status", "verify", "healthz", "readyz"];
const DID_DOCUMENT: &str = path::DID_DOCUMENT;
const HOLDER: &str = path::HOLDER;

/// Middleware: answers 301 with the canonical address, query kept. `base` is that of [`Urls`], whose path a proxy takes away.
pub async fn redirect(State(urls): State<Arc<Urls>>, request: Request, next: Next) -> Response {
    let reading = matches!(*request.method(), Method::GET | Method::HEAD);
    let Some(path) = canonical(request.uri().path()).filter(|_| reading) else {
        return next.run(request).await;
    };
    let prefix = urls.base_path();
    let location = match request.uri().query() {
        Some(query) => format!("{prefix}{path}?{query}"),
        None => format!("{prefix}{path}"),
    };
    let is_secret = OF_SECRETS.iter().any(|kind| path[1..].starts_with(&format!("{kind}/")));
    let cache = if is_secret { "no-store" } else { "public, max-age=300" };
    let headers = [(header::LOCATION, location), (header::CACHE_CONTROL, cache.to_owned())];
    (StatusCode::MOVED_PERMANENTLY, headers).into_response()
}

/// The canonical form of a public path, if this one is not it.
pub fn canonical(path: &str) -> Option<String> {
    let bare = without_tail(path);
    if bare.eq_ignore_ascii_case(DID_DOCUMENT) {
        return (path != DID_DOCUMENT).then(|| DID_DOCUMENT.to_owned());
    }
    let first = bare.strip_prefix('/')?.split('/').next()?;
    let rest = path[1 + first.len()..].strip_prefix('/');
    let kind = first.to_ascii_lowercase();
    let found = match rest {
        Some(rest) if OF_AWARDS.contains(&kind.as_str()) => format!("/{kind}/{}", canonical_award(rest)),
        // Something is left of the secret, or the tail would have begun earlier.
        Some(_) if OF_SECRETS.contains(&kind.as_str()) && bare.len() > 1 + first.len() => {
            format!("/{kind}{}", &bare[1 + first.len()..])
        }
        _ if LOWER.contains(&kind.as_str()) => lower(bare),
        _ if bare.eq_ignore_ascii_case(HOLDER) => HOLDER.to_owned(),
        _ => return None,
    };
    (found != path).then_some(found)
}

/// Without what stood behind an address in a sentence: slashes, stops, brackets, quotes, escaped or not. No address of ours
/// ends like that; only a name may end with a hyphen.
fn without_tail(mut path: &str) -> &str {
    let is_tail = |c: char| (c.is_ascii_punctuation() || c == ' ') && c != '-';
    loop {
        let escape = path.len().checked_sub(3).and_then(|at| path.split_at_checked(at));
        let escaped = escape.and_then(|(_, escape)| u8::from_str_radix(escape.strip_prefix('%')?, 16).ok());
        let shorter = match (escape, escaped) {
            (Some((before, _)), Some(byte)) if is_tail(char::from(byte)) => Some(before),
            // U+2000 to U+203F: curly quotes, dashes, the ellipsis.
            (Some((before, _)), Some(0x80..=0xbf)) => {
                before.strip_suffix("%E2%80").or_else(|| before.strip_suffix("%e2%80"))
            }
            (_, Some(_)) => None,
            (_, None) => path.strip_suffix(is_tail),
        };
        match shorter {
            Some(shorter) => path = shorter,
            None => return path,
        }
    }
}

/// In lower case, but for escapes, which are left as they are.
fn lower(path: &str) -> String {
    let mut of_escape = 0usize;
    let lower = |c: char| {
        let lower = if of_escape > 0 { c } else { c.to_ascii_lowercase() };
        of_escape = if c == '%' { 2 } else { of_escape.saturating_sub(1) };
        lower
    };
    path.chars().map(lower).collect()
}

/// Number in upper case, suffix in lower case; what is no number stays as it is and is refused further on.
fn canonical_award(rest: &str) -> String {
    let bare = without_tail(rest);
    let (number, suffix) = match bare.split_once('.') {
        Some((number, suffix)) => (number, Some(suffix)),
        None => (bare, None),
    };
    let read = percent_decode_str(number).decode_utf8().ok().and_then(|text| text.parse::<AwardId>().ok());
    match (read, suffix) {
        (Some(award), Some(suffix)) => format!("{award}.{}", suffix.to_ascii_lowercase()),
        (Some(award), None) => award.to_string(),
        (None, _) => rest.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, expected: Option<&str>) {
        assert_eq!(canonical(path).as_deref(), expected, "{path}");
        if let Some(canonical_path) = expected {
            assert_eq!(canonical(canonical_path), None, "{canonical_path} is canonical already");
        }
    }

    #[test]
    fn every_public_path_has_one_form() {
        check("/V/7K3QX9M2TR4HB6WD", Some("/v/7K3QX9M2TR4HB6WD"));
        check("/v/7k3qx9m2tr4hb6wd", Some("/v/7K3QX9M2TR4HB6WD"));
        check("/v/7k3q-x9m2-tr4h-b6wd", Some("/v/7K3QX9M2TR4HB6WD"));
        check("/v/7K3Q%20X9M2%20TR4H%20B6WD", Some("/v/7K3QX9M2TR4HB6WD"));
        check("/v/OIL0000000000000", Some("/v/0110000000000000"));
        check("/BADGES/7K3QX9M2TR4HB6WD.SVG", Some("/badges/7K3QX9M2TR4HB6WD.svg"));
        check("/credentials/7k3qx9m2tr4hb6wd.JSON", Some("/credentials/7K3QX9M2TR4HB6WD.json"));
        check("/ACHIEVEMENTS/Sales-Associate.PNG", Some("/achievements/sales-associate.png"));
        check("/Issuer/Logo", Some("/issuer/logo"));
        check("/STATUS/T1", Some("/status/t1"));
        check("/VERIFY", Some("/verify"));
        check("/.WELL-KNOWN/DID.JSON", Some("/.well-known/did.json"));
        check("/V/not-a-number", Some("/v/not-a-number"));
        check("/achievements/%c3%84B", Some("/achievements/%c3%84b"));
    }

    #[test]
    fn what_stood_behind_an_address_in_a_sentence_is_no_part_of_it() {
        for tail in
            ["/", ".", ")", ").", ",", "'", "\"", "%22", "%E2%80%9D", "%20", "%3E", "//", "*", "_", "]", "%E2%80%A6"]
        {
            for address in [
                "/v/7K3QX9M2TR4HB6WD",
                "/badges/7K3QX9M2TR4HB6WD.svg",
                "/c/7K3QX9M2TR4HB6WD.ics",
                "/verify",
                "/issuer/logo",
                "/achievements/sales-associate",
                "/.well-known/did.json",
                "/holder",
                "/h/4kJ9",
                "/a/4kJ9",
                "/u/4kJ9",
            ] {
                check(&format!("{address}{tail}"), Some(address));
            }
        }
        check("/v/7k3q-x9m2-tr4h-b6wd).", Some("/v/7K3QX9M2TR4HB6WD"));
    }

    #[test]
    fn canonical_and_foreign_paths_are_left_alone() {
        check("/v/7K3QX9M2TR4HB6WD", None);
        check("/v/not-a-number", None);
        check("/v/%FF%FE", None);
        check("/", None);
        check("", None);
        check("//evil.example/V", None);
        check("/api/v1/Results", None);
        check("/API/v1/results", None);
        check("/verify", None);
        check("/achievements/%C3%84", None);
        check("/achievements/%ff%fe", None);
        check("/achievements/a-", None);
        check("/v/%3Cscript%3E", None);
        check("/v/7K3QX9M2TR4HB6W.", None);
        check("/holder/7k3qx9m2tr4hb6wd/decline", None);
        check("/h/4kJ9", None);
        check("/h/..", None);
        check("/v/%41", None);
        check("/api/v1/results/", None);
        check("/issuer/%2Flogo", None);
    }

    /// Whoever asks for what the server sent them to, is there.
    #[test]
    fn no_address_leads_on_for_ever() {
        for path in
            ["/Achievements/%c3%84", "/status/%5B", "/verify/%aF", "/ISSUER/%e2%82%AC%", "/v/%c3%84", "/V/%C3%84"]
        {
            let once = canonical(path).unwrap_or_else(|| path.to_owned());
            assert_eq!(canonical(&once), None, "{path}");
        }
    }
}
