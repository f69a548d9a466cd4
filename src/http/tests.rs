//! The middlewares around a small router, as they stand around the real one.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use tower::ServiceExt as _;

use super::headers::{Answer, Audience, Cache};
use super::page::tests::samples;
use super::page::{Site, VerifyPage};
use super::problem::{Code, Frame, Problem};
use super::{case, headers, problem};
use crate::urls::Urls;

#[async_trait::async_trait]
impl Frame for Site {
    async fn site(&self) -> Option<Site> {
        Some(self.clone())
    }

    fn is_news(&self, _: &str) -> Option<u64> {
        Some(1)
    }
}

fn router(base: &str) -> Router {
    let site = Arc::new(samples::site());
    let for_page = Arc::clone(&site);
    Router::new()
        .route("/v/{award}", get(|| async { Problem::no_record() }))
        .route(
            "/verify",
            get(move || async move { axum::response::IntoResponse::into_response(VerifyPage::new(&for_page)) }),
        )
        .route(
            "/badges/{award}",
            get(|| async {
                Answer::new(
                    "image/svg+xml",
                    Audience::Picture,
                    Cache::live("2026-11-20T12:00:00Z".parse().unwrap(), None),
                    "<svg/>",
                )
            }),
        )
        .route("/broken", get(|| async { Problem::internal(std::io::Error::other("secret")) }))
        .route("/busy", get(|| async { Problem::unavailable("The disk is full.", 30) }))
        .route("/bare", get(|| async { StatusCode::REQUEST_TIMEOUT }))
        .route(
            "/coded",
            get(|| async {
                Problem::new(Code::InvalidValue, "<b>101</b>").hint("Send 0 to 100.").at("/score", "too much")
            }),
        )
        .fallback(problem::not_found)
        .method_not_allowed_fallback(problem::method_not_allowed)
        .layer(from_fn_with_state(Arc::new(Urls::new(base)), case::redirect))
        .layer(from_fn_with_state(site, problem::finish))
        .layer(from_fn(headers::finish))
}

fn ask(method: &str, path: &str, given: &[(&str, &str)]) -> (u16, HeaderMap, String) {
    ask_under("https://badges.example", method, path, given)
}

fn ask_under(base: &str, method: &str, path: &str, given: &[(&str, &str)]) -> (u16, HeaderMap, String) {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in given {
        request = request.header(*name, *value);
    }
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let response = router(base).oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        (parts.status.as_u16(), parts.headers, String::from_utf8(body.into()).unwrap())
    })
}

const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

#[track_caller]
fn check(path: &str, accept: &str, status: u16, kind: &str, says: &str) {
    let (found, headers, body) = ask("GET", path, &[("accept", accept)]);
    assert_eq!((found, headers["content-type"].to_str().unwrap()), (status, kind), "{path} {accept}: {body}");
    assert!(body.contains(says), "{body}");
    assert_eq!(headers["cache-control"], "no-store", "{path}");
    assert_eq!(headers["vary"], "Accept", "{path}");
    assert_eq!(headers["x-content-type-options"], "nosniff");
    assert!(headers["content-security-policy"].to_str().unwrap().starts_with("default-src 'none'"));
}

#[test]
fn a_problem_is_a_document_for_programs_and_a_page_for_people() {
    let (json, html) = ("application/problem+json", "text/html; charset=utf-8");
    for accept in
        ["*/*", "application/json", "application/problem+json", "image/png", "text/html;q=0.1, application/json"]
    {
        check("/coded", accept, 422, json, "urn:assay:problem:invalid-value");
    }
    check("/coded", BROWSER, 422, html, "<h1>A value is out of range</h1>");
    check("/coded", BROWSER, 422, html, "&#60;b&#62;101");
    check("/coded", "text/html", 422, html, "Send 0 to 100.");
    check("/nowhere", "*/*", 404, json, "urn:assay:problem:not-found");
    check("/nowhere", BROWSER, 404, html, "<h1>Nothing at this address</h1>");
    check("/bare", "*/*", 408, json, "urn:assay:problem:request-timeout");
    check("/bare", BROWSER, 408, html, "<h1>The request took too long</h1>");
    check("/v/7K3QX9M2TR4HB6WD", "*/*", 404, json, "urn:assay:problem:unknown-award");
    check("/v/7K3QX9M2TR4HB6WD", BROWSER, 404, html, "No public record under this number");
}

#[test]
fn what_broke_is_not_told_and_what_is_busy_says_when_to_return() {
    for accept in ["*/*", BROWSER] {
        let (status, _, body) = ask("GET", "/broken", &[("accept", accept)]);
        assert_eq!((status, body.contains("secret")), (500, false), "{body}");
        let (status, headers, _) = ask("GET", "/busy", &[("accept", accept)]);
        assert_eq!((status, &headers["retry-after"]), (503, &"30".parse().unwrap()));
    }
    let (status, headers, _) = ask("POST", "/busy", &[]);
    assert_eq!((status, &headers["allow"]), (405, &"GET,HEAD".parse().unwrap()));
}

#[test]
fn every_unknown_number_gets_the_same_bytes() {
    let answer = |path| ask("GET", path, &[("accept", BROWSER)]);
    let (first, second) = (answer("/v/7K3QX9M2TR4HB6WD"), answer("/v/0000000000000000"));
    assert_eq!((first.0, &first.1, &first.2), (second.0, &second.1, &second.2));
}

#[track_caller]
fn check_case(base: &str, path: &str, expected: Option<&str>) {
    let (status, headers, _) = ask_under(base, "GET", path, &[]);
    let location = headers.get("location").map(|l| l.to_str().unwrap());
    assert_eq!((status == 301, location), (expected.is_some(), expected), "{path}");
    if expected.is_some() {
        assert_eq!(headers["cache-control"], "public, max-age=300");
    }
}

#[test]
fn printed_addresses_lead_to_the_canonical_ones() {
    let plain = "https://badges.example";
    check_case(plain, "/V/7K3QX9M2TR4HB6WD", Some("/v/7K3QX9M2TR4HB6WD"));
    check_case(plain, "/v/7k3q-x9m2-tr4h-b6wd?at=2026-01-01", Some("/v/7K3QX9M2TR4HB6WD?at=2026-01-01"));
    check_case("https://example.org/badges", "/VERIFY", Some("/badges/verify"));
    check_case(plain, "/v/7K3QX9M2TR4HB6WD", None);
    check_case(plain, "/verify", None);
    let (status, ..) = ask("POST", "/VERIFY", &[]);
    assert_eq!(status, 404, "a form is not sent on");
}

#[test]
fn who_has_it_already_is_not_sent_it_again() {
    for path in ["/verify", "/badges/7K3QX9M2TR4HB6WD"] {
        let (status, headers, body) = ask("GET", path, &[]);
        assert_eq!((status, body.is_empty()), (200, false));
        let tag = headers["etag"].to_str().unwrap();
        assert!(tag.starts_with('"') && tag.len() == 34, "{tag}");
        let (status, again, body) = ask("GET", path, &[("if-none-match", tag)]);
        assert_eq!((status, body.as_str(), &again["etag"]), (304, "", &headers["etag"]));
        assert_eq!(again["cache-control"], headers["cache-control"]);
        assert_eq!(ask("GET", path, &[("if-none-match", "\"other\"")]).0, 200);
    }
}

#[test]
fn pictures_may_be_shown_anywhere_and_run_nothing() {
    let (_, headers, _) = ask("GET", "/badges/7K3QX9M2TR4HB6WD", &[]);
    assert_eq!(headers["access-control-allow-origin"], "*");
    assert_eq!(headers["cross-origin-resource-policy"], "cross-origin");
    assert_eq!(headers["x-robots-tag"], "noindex");
    assert_eq!(headers["cache-control"], "public, max-age=300, s-maxage=300");
    assert!(headers["content-security-policy"].to_str().unwrap().ends_with("sandbox"));
    let (_, page, _) = ask("GET", "/verify", &[]);
    assert_eq!(page["cross-origin-resource-policy"], "same-origin");
    assert!(page.get("access-control-allow-origin").is_none());
}
