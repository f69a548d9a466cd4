//! One address for one thing: public paths written in upper case (as QR codes are) or with a mistyped number lead on.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use percent_encoding::percent_decode_str;

use crate::id::AwardId;
use crate::urls::Urls;

/// Where an award stands in the path.
const OF_AWARDS: [&str; 4] = ["v", "credentials", "badges", "cards"];
/// Everything below these is lower case.
const LOWER: [&str; 6] = ["achievements", "issuer", "status", "verify", "healthz", "readyz"];
const DID_DOCUMENT: &str = "/.well-known/did.json";

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
    let headers = [(header::LOCATION, location), (header::CACHE_CONTROL, "public, max-age=300".to_owned())];
    (StatusCode::MOVED_PERMANENTLY, headers).into_response()
}

/// The canonical form of a public path, if this one is not it.
pub fn canonical(path: &str) -> Option<String> {
    if path != DID_DOCUMENT && path.eq_ignore_ascii_case(DID_DOCUMENT) {
        return Some(DID_DOCUMENT.to_owned());
    }
    let (first, rest) = match path.strip_prefix('/')?.split_once('/') {
        Some((first, rest)) => (first, Some(rest)),
        None => (path.strip_prefix('/')?, None),
    };
    let kind = first.to_ascii_lowercase();
    let found = match rest {
        Some(rest) if OF_AWARDS.contains(&kind.as_str()) => format!("/{kind}/{}", canonical_award(rest)),
        _ if LOWER.contains(&kind.as_str()) => path.to_ascii_lowercase(),
        _ => return None,
    };
    (found != path).then_some(found)
}

/// Number in upper case, suffix in lower case; what is no number stays as it is and is refused further on.
fn canonical_award(rest: &str) -> String {
    let (number, suffix) = match rest.split_once('.') {
        Some((number, suffix)) => (number, Some(suffix)),
        None => (rest, None),
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
    }
}
