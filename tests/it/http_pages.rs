//! Every public address: the forms it has, how long it may be kept, what a browser may do with it, who may read it.

use assay::http::headers::{Audience, Cache};
use axum::body::Body;
use axum::http::Request;
use base64::Engine as _;
use serde_json::{Value, json};

use crate::support::app::{BASE, Reply, TestApp, ana, path};

const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8";
const UNKNOWN: &str = "7K3QX9M2TR4HB6WD";

/// A service with one award, and the award's number.
async fn with_award() -> (TestApp, String) {
    let app = TestApp::new().await;
    let award = app.certify(&ana()).await;
    let id = award["id"].as_str().unwrap().to_owned();
    (app, id)
}

async fn send(app: &TestApp, method: &str, address: &str, headers: &[(&str, &str)]) -> Reply {
    let mut request = Request::builder().method(method).uri(address);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    app.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn each_address_answers_in_the_form_that_is_liked_best() {
    let (app, id) = with_award().await;
    let (html, json) = ("text/html; charset=utf-8", "application/json");
    let (vc, ld) = ("application/vc+ld+json", "application/ld+json");
    for (address, accept, status, kind) in [
        ("/v/{}", "", 200, html),
        ("/v/{}", "*/*", 200, html),
        ("/v/{}", BROWSER, 200, html),
        ("/v/{}", json, 200, json),
        ("/v/{}", "application/json;q=0.4, text/html;q=0.5", 200, html),
        ("/v/{}", "image/png", 200, html),
        ("/v/{}.json", BROWSER, 200, json),
        ("/v/{}.json", "image/png", 200, json),
        ("/credentials/{}", "", 200, vc),
        ("/credentials/{}", "*/*", 200, vc),
        ("/credentials/{}", BROWSER, 303, ""),
        ("/credentials/{}", json, 200, json),
        ("/credentials/{}", ld, 200, ld),
        ("/credentials/{}", vc, 200, vc),
        ("/credentials/{}", "application/vc", 200, "application/vc"),
        ("/credentials/{}.json", BROWSER, 200, vc),
        ("/credentials/{}.json", "text/html", 200, vc),
        ("/credentials/{}.json", "application/vc", 200, "application/vc"),
        ("/credentials/{}.json", "image/png", 200, vc),
        ("/credentials/{}.png", json, 200, "image/png"),
        ("/credentials/{}.svg", BROWSER, 200, "image/svg+xml"),
        ("/badges/{}.svg", BROWSER, 200, "image/svg+xml"),
        ("/badges/{}.png", json, 200, "image/png"),
        ("/cards/{}.png", "*/*", 200, "image/png"),
        ("/achievements/sales-associate", "*/*", 200, html),
        ("/achievements/sales-associate", BROWSER, 200, html),
        ("/achievements/sales-associate", ld, 200, ld),
        ("/achievements/sales-associate", json, 200, json),
        ("/achievements/sales-associate.json", BROWSER, 200, ld),
        ("/achievements/sales-associate.svg", json, 200, "image/svg+xml"),
        ("/achievements/sales-associate.png", "*/*", 200, "image/png"),
        ("/issuer", "*/*", 200, html),
        ("/issuer", json, 200, json),
        ("/issuer", ld, 200, ld),
        ("/issuer/logo", "*/*", 200, "image/svg+xml"),
        ("/.well-known/did.json", BROWSER, 200, "application/did+json"),
        ("/status/1", "*/*", 200, vc),
        ("/status/1", BROWSER, 200, vc),
        ("/status/1", "application/vc", 200, "application/vc"),
        ("/status/1", json, 200, json),
        ("/", json, 200, html),
        ("/verify", BROWSER, 200, html),
        ("/verify.js", "*/*", 200, "text/javascript; charset=utf-8"),
        ("/healthz", "*/*", 200, json),
        ("/readyz", "*/*", 200, json),
        ("/openapi.json", BROWSER, 200, json),
        // What is not there, for programs and for people.
        ("/nowhere", "*/*", 404, "application/problem+json"),
        ("/nowhere", json, 404, "application/problem+json"),
        ("/nowhere", BROWSER, 404, html),
        ("/achievements/nothing", BROWSER, 404, html),
        ("/achievements/nothing.png", "*/*", 404, "application/problem+json"),
        ("/v/7K3QX9M2TR4HB6WD", BROWSER, 404, html),
        ("/v/7K3QX9M2TR4HB6WD", json, 404, json),
        ("/status/2", "*/*", 404, "application/problem+json"),
    ] {
        let headers = [("accept", accept)];
        let answer = send(&app, "GET", &address.replace("{}", &id), &headers[..usize::from(!accept.is_empty())]).await;
        assert_eq!((answer.status, answer.header("content-type")), (status, kind), "{address} for {accept:?}");
    }
    let led = send(&app, "GET", &format!("/credentials/{id}"), &[("accept", BROWSER)]).await;
    assert_eq!((led.header("location"), led.header("vary")), (format!("{BASE}/v/{id}").as_str(), "Accept"));
    for forms in ["/credentials/{}.json", "/credentials/{}"] {
        let same = app.get(&forms.replace("{}", &id)).await.text();
        assert_eq!(
            same,
            app.get_as(&forms.replace("{}", &id), "application/vc").await.text(),
            "the bytes are those signed"
        );
    }
}

#[tokio::test]
async fn each_answer_says_how_long_it_holds_what_it_may_do_and_who_may_read_it() {
    let (app, id) = with_award().await;
    let live = Cache::Live { until_change: None };
    for (address, accept, cache, audience, negotiated, listed) in [
        ("/", "*/*", Cache::Page, Audience::Page, false, true),
        ("/v/{}", BROWSER, Cache::Page, Audience::Page, true, false),
        ("/v/{}", "application/json", Cache::Page, Audience::PublicData, true, false),
        ("/v/{}.json", "*/*", Cache::Page, Audience::PublicData, true, false),
        ("/v/7K3QX9M2TR4HB6WD", BROWSER, Cache::NoStore, Audience::Page, true, false),
        ("/v/7K3QX9M2TR4HB6WD", "application/json", Cache::NoStore, Audience::PublicData, true, false),
        ("/credentials/{}", "*/*", live, Audience::PublicData, true, false),
        ("/credentials/{}.json", "*/*", live, Audience::PublicData, true, false),
        ("/credentials/{}.png", "*/*", live, Audience::Picture, false, false),
        ("/credentials/{}.svg", "*/*", live, Audience::Picture, false, false),
        ("/credentials/7K3QX9M2TR4HB6WD", "*/*", Cache::NoStore, Audience::PublicData, true, false),
        ("/badges/{}.svg", "*/*", live, Audience::Picture, false, false),
        ("/badges/{}.png", "*/*", live, Audience::Picture, false, false),
        ("/badges/7K3QX9M2TR4HB6WD.svg", "*/*", live, Audience::Picture, false, false),
        ("/cards/{}.png", "*/*", live, Audience::Picture, false, false),
        ("/achievements/sales-associate", BROWSER, Cache::Page, Audience::Page, true, true),
        ("/achievements/sales-associate", "application/json", live, Audience::PublicData, true, false),
        ("/achievements/sales-associate.svg", "*/*", live, Audience::Picture, false, false),
        ("/issuer", BROWSER, Cache::Page, Audience::Page, true, true),
        ("/issuer", "application/ld+json", live, Audience::PublicData, true, false),
        ("/issuer/logo", "*/*", live, Audience::Picture, false, false),
        ("/.well-known/did.json", "*/*", live, Audience::PublicData, false, false),
        ("/status/1", "*/*", live, Audience::PublicData, true, false),
        ("/verify", BROWSER, Cache::Page, Audience::Form, false, true),
        ("/verify?number=nonsense", BROWSER, Cache::NoStore, Audience::Form, false, false),
        ("/verify.js", "*/*", Cache::Page, Audience::Part, false, false),
        ("/openapi.json", "*/*", Cache::Page, Audience::PublicData, false, false),
        ("/healthz", "*/*", Cache::NoStore, Audience::Caller, false, false),
        ("/nowhere", BROWSER, Cache::NoStore, Audience::Page, true, false),
        ("/nowhere", "*/*", Cache::NoStore, Audience::PublicData, true, false),
    ] {
        let answer = app.get_as(&address.replace("{}", &id), accept).await;
        let said = format!("{address} for {accept}");
        assert_eq!(answer.header("cache-control"), cache.control(), "{said}");
        assert_eq!(answer.header("content-security-policy"), audience.policy(), "{said}");
        assert_eq!(answer.header("permissions-policy"), audience.permissions().unwrap_or_default(), "{said}");
        let everybody = matches!(audience, Audience::Picture | Audience::PublicData);
        let (origin, corp) = if everybody { ("*", "cross-origin") } else { ("", "same-origin") };
        assert_eq!(answer.header("access-control-allow-origin"), origin, "{said}");
        assert_eq!(answer.header("cross-origin-resource-policy"), corp, "{said}");
        let varies = answer.headers.get_all("vary").iter().any(|v| v == "Accept");
        assert_eq!(varies, negotiated, "{said}: {:?}", answer.headers);
        assert_eq!(answer.header("x-robots-tag"), if listed { "" } else { "noindex" }, "{said}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{said}");
        assert!(!answer.header("referrer-policy").is_empty(), "{said}");
        assert_eq!(answer.header("etag").is_empty(), cache == Cache::NoStore, "{said}");
        assert_eq!(answer.header("set-cookie"), "", "{said}");
    }
}

#[tokio::test]
async fn who_has_an_answer_already_is_told_so_and_head_is_get_without_a_body() {
    let (app, id) = with_award().await;
    for address in [
        "/",
        "/v/{}",
        "/v/{}.json",
        "/credentials/{}",
        "/credentials/{}.png",
        "/badges/{}.svg",
        "/cards/{}.png",
        "/issuer",
        "/achievements/sales-associate",
        "/issuer/logo",
        "/.well-known/did.json",
        "/status/1",
        "/verify",
        "/verify.js",
        "/openapi.json",
    ] {
        let address = address.replace("{}", &id);
        let whole = app.get(&address).await.expect(200);
        let tag = whole.header("etag").to_owned();
        assert!(tag.starts_with('"') && tag.len() > 20, "{address}: {tag}");
        for known in [tag.clone(), format!("W/{tag}"), format!("\"other\", {tag}"), "*".to_owned()] {
            let same = send(&app, "GET", &address, &[("accept", "*/*"), ("if-none-match", &known)]).await;
            assert_eq!((same.status, same.body.len()), (304, 0), "{address} {known}");
            assert_eq!(same.header("etag"), tag, "{address}");
            assert_eq!(same.header("cache-control"), whole.header("cache-control"), "{address}");
        }
        let other = send(&app, "GET", &address, &[("accept", "*/*"), ("if-none-match", "\"other\"")]).await;
        assert_eq!((other.status, &other.body), (200, &whole.body), "{address}");
        let head = send(&app, "HEAD", &address, &[("accept", "*/*")]).await;
        assert_eq!((head.status, head.body.len()), (200, 0), "{address}");
        for name in ["content-type", "etag", "cache-control", "content-security-policy", "x-robots-tag"] {
            assert_eq!(head.header(name), whole.header(name), "{address}: {name}");
        }
        assert_eq!(head.header("content-length"), whole.body.len().to_string(), "{address}");
    }
    let (before, after) = (app.get(&format!("/badges/{id}.svg")).await, {
        app.post(&format!("/api/v1/awards/{id}/revoke"), &json!({ "reason": "other" })).await.expect(200);
        app.get(&format!("/badges/{id}.svg")).await
    });
    assert_ne!(before.header("etag"), after.header("etag"), "another state is another picture");
    assert_ne!(before.body, after.body);
}

#[tokio::test]
async fn answers_are_compressed_for_who_can_read_that() {
    let (app, id) = with_award().await;
    for (address, compressed) in [
        (format!("/v/{id}"), true),
        (format!("/credentials/{id}.json"), true),
        (format!("/badges/{id}.svg"), true),
        ("/openapi.json".to_owned(), true),
        (format!("/badges/{id}.png"), false),
    ] {
        let plain = app.get(&address).await.expect(200);
        assert_eq!(plain.header("content-encoding"), "", "{address}");
        let zipped =
            send(&app, "GET", &address, &[("accept", "*/*"), ("accept-encoding", "gzip, br")]).await.expect(200);
        assert_eq!(zipped.header("content-encoding"), if compressed { "gzip" } else { "" }, "{address}");
        if compressed {
            let mut text = Vec::new();
            std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(zipped.body.as_slice()), &mut text).unwrap();
            assert_eq!(text, plain.body, "{address}");
            let varies = zipped.headers.get_all("vary").iter().any(|v| v.to_str().unwrap().contains("accept-encoding"));
            assert!(varies, "{address}: {:?}", zipped.headers);
            assert_eq!(zipped.header("etag"), format!("W/{}", plain.header("etag")), "{address}: other bytes");
            let again = [("accept-encoding", "gzip"), ("if-none-match", zipped.header("etag"))];
            assert_eq!(send(&app, "GET", &address, &again).await.status, 304, "{address}");
        }
    }
    let page = send(&app, "GET", &format!("/v/{id}"), &[("accept", BROWSER), ("accept-encoding", "gzip")]).await;
    let head: usize = page.headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
    assert!(page.body.len() + head < 14 * 1024, "{} bytes do not fit one round trip", page.body.len() + head);
}

#[tokio::test]
async fn other_spellings_of_an_address_lead_to_the_one() {
    let (app, id) = with_award().await;
    let (small, grouped) = (id.to_lowercase(), format!("{}-{}-{}-{}", &id[..4], &id[4..8], &id[8..12], &id[12..]));
    for (given, canonical) in [
        (format!("/V/{id}"), format!("/v/{id}")),
        (format!("/v/{small}"), format!("/v/{id}")),
        (format!("/v/{grouped}"), format!("/v/{id}")),
        (format!("/V/{small}?at=2026-11-20T10:00:00Z"), format!("/v/{id}?at=2026-11-20T10:00:00Z")),
        (format!("/CREDENTIALS/{small}.JSON"), format!("/credentials/{id}.json")),
        (format!("/badges/{small}.SVG"), format!("/badges/{id}.svg")),
        (format!("/cards/{small}.png"), format!("/cards/{id}.png")),
        ("/ACHIEVEMENTS/Sales-Associate".to_owned(), "/achievements/sales-associate".to_owned()),
        ("/Issuer".to_owned(), "/issuer".to_owned()),
        ("/Status/1".to_owned(), "/status/1".to_owned()),
        ("/.Well-Known/DID.json".to_owned(), "/.well-known/did.json".to_owned()),
    ] {
        for method in ["GET", "HEAD"] {
            let led = send(&app, method, &given, &[]).await;
            assert_eq!((led.status, led.header("location")), (301, canonical.as_str()), "{method} {given}");
        }
        app.get(&canonical).await.expect(200);
    }
    let mistyped = id.replace('0', "O").replace('1', "I");
    if mistyped != id {
        assert_eq!(app.get(&format!("/v/{mistyped}")).await.header("location"), format!("/v/{id}"));
    }
}

/// Whoever shares a link adds marks of their own to it.
#[tokio::test]
async fn no_public_address_minds_what_others_add_to_it() {
    let (app, id) = with_award().await;
    let api = app.get("/openapi.json").await.expect(200).json();
    let public = api["paths"].as_object().unwrap().iter().filter(|(_, item)| item["get"].is_object());
    let public: Vec<&String> =
        public.filter(|(_, item)| !item["get"]["security"].is_array()).map(|(path, _)| path).collect();
    assert!(public.len() > 15, "{public:?}");
    for path in public {
        let suffix = match path.as_str() {
            "/badges/{award}" => ".svg",
            "/cards/{award}" => ".png",
            "/c/{award}" => ".ics",
            _ => "",
        };
        let path = path.replace("{award}", &format!("{id}{suffix}")).replace("{certification}", "sales-associate");
        let path = path.replace("{list}", "1").replace("{token}", "4kJ9");
        let plain = app.get_as(&path, "text/html").await;
        assert_ne!(plain.status, 400, "{path}");
        for marks in ["fbclid=IwAR0&utm_source=chat", "trk=public_profile", "utm_medium", "a=1&a=2", "%FF=%", "="] {
            let marked = app.get_as(&format!("{path}?{marks}"), "text/html").await;
            assert_eq!((marked.status, marked.body == plain.body), (plain.status, true), "{path}?{marks}");
        }
    }
    let asked = app.get(&format!("/v/{id}.json?utm_source=a&at=2026-11-20T10:00:00Z&trk=b")).await.expect(200).json();
    assert_eq!(asked["then"]["at"], "2026-11-20T10:00:00Z");
    app.get(&format!("/v/{id}?at=yesterday&fbclid=1")).await.expect(400);
    let strict = app.get_key(&format!("/api/v1/awards/{id}?utm_source=a")).await;
    assert_eq!(strict.status, 400, "who has a key is told what they mistyped");
}

#[tokio::test]
async fn what_stands_behind_a_link_in_a_sentence_leads_on() {
    let (app, id) = with_award().await;
    for (given, canonical) in [
        (format!("/v/{id}/"), format!("/v/{id}")),
        (format!("/v/{id}."), format!("/v/{id}")),
        (format!("/v/{id})?fbclid=1"), format!("/v/{id}?fbclid=1")),
        (format!("/badges/{id}.svg/"), format!("/badges/{id}.svg")),
        ("/verify/".to_owned(), "/verify".to_owned()),
        ("/achievements/sales-associate/".to_owned(), "/achievements/sales-associate".to_owned()),
    ] {
        let led = app.get(&given).await.expect(301);
        assert_eq!(led.header("location"), canonical, "{given}");
        app.get(&canonical).await.expect(200);
    }
    let led = app.get("/h/4kJ9).").await.expect(301);
    assert_eq!((led.header("location"), led.header("cache-control")), ("/h/4kJ9", "no-store"));
}

#[tokio::test]
async fn versions_and_moments_can_be_asked_for() {
    let (app, id) = with_award().await;
    let first = app.get(&format!("/credentials/{id}")).await.text();
    app.clock.advance(chrono::TimeDelta::days(300));
    app.post(&format!("/api/v1/awards/{id}/renew"), &json!({})).await.expect(200);
    let second = app.get(&format!("/credentials/{id}")).await.text();
    assert_ne!(first, second);
    for form in ["", ".json"] {
        for (query, expected) in [("", &second), ("?version=2", &second), ("?version=1", &first)] {
            let address = format!("/credentials/{id}{form}{query}");
            assert_eq!(&app.get(&address).await.expect(200).text(), expected, "{address}");
        }
    }
    let baked = app.get(&format!("/credentials/{id}.png?version=1")).await.expect(200).body;
    assert_eq!(assay::render::bake::unbake_png(&baked).unwrap().as_deref(), Some(first.as_str()));
    for query in ["?version=0", "?version=3"] {
        app.get(&format!("/credentials/{id}{query}")).await.expect(404);
        app.get(&format!("/credentials/{id}.png{query}")).await.expect(404);
    }

    app.post(&format!("/api/v1/awards/{id}/revoke"), &json!({ "reason": "other" })).await.expect(200);
    for (at, verdict) in [
        ("2026-11-20T09:59:59Z", "not_yet_valid"),
        ("2026-11-20T10:00:00Z", "valid"),
        ("2026-11-20T12:00:00%2B01:00", "valid"),
        ("2027-09-16T09:59:59Z", "valid"),
        ("2027-09-15", "valid"),
        ("2027-09-16T10:00:00Z", "revoked"),
        ("2027-09-16", "revoked"),
    ] {
        let report = app.get(&format!("/v/{id}.json?at={at}")).await.expect(200).json();
        assert_eq!(
            (&report["verdict"], &report["then"]["verdict"]),
            (&json!("revoked"), &json!(verdict)),
            "{at}: {report}"
        );
        let page = app.get_as(&format!("/v/{id}?at={at}"), BROWSER).await.expect(200).text();
        assert!(page.contains(report["then"]["headline"].as_str().unwrap()), "{at}");
    }
}

#[tokio::test]
async fn the_live_picture_is_always_there_and_the_card_has_its_size() {
    let (app, id) = with_award().await;
    for number in [UNKNOWN, "nonsense", "%20"] {
        let svg = app.get(&format!("/badges/{number}.svg")).await.expect(200);
        assert!(svg.text().contains("No public record"), "{number}");
        let png = app.get(&format!("/badges/{number}.png")).await.expect(200);
        let size = image::load_from_memory(&png.body).unwrap();
        assert_eq!((size.width(), size.height()), (600, 600));
    }
    let svg = app.get(&format!("/badges/{id}.svg")).await.expect(200).text();
    assert!(
        svg.contains("Valid until") && !svg.contains("Ana") && !svg.contains("<script"),
        "no person on the picture"
    );
    let card = app.get(&format!("/cards/{id}.png")).await.expect(200);
    let card = image::load_from_memory_with_format(&card.body, image::ImageFormat::Png).unwrap();
    assert_eq!((card.width(), card.height()), (1200, 630));
    let baked = app.get(&format!("/credentials/{id}.png")).await.expect(200).body;
    let credential = app.get(&format!("/credentials/{id}")).await.text();
    assert_eq!(assay::render::bake::unbake_png(&baked).unwrap().as_deref(), Some(credential.as_str()));
    let baked = app.get(&format!("/credentials/{id}.svg")).await.expect(200).text();
    assert_eq!(assay::render::bake::unbake_svg(&baked).unwrap().as_deref(), Some(credential.as_str()));
}

#[tokio::test]
async fn a_live_picture_is_kept_no_longer_than_it_is_true() {
    let (app, id) = with_award().await;
    app.clock.set("2027-11-20T22:59:29Z".parse().unwrap());
    let soon = app.get(&format!("/badges/{id}.svg")).await.expect(200);
    assert_eq!(soon.header("cache-control"), "public, max-age=30, s-maxage=30");
    app.clock.advance(chrono::TimeDelta::seconds(31));
    let over = app.get(&format!("/badges/{id}.svg")).await.expect(200);
    assert!(over.text().contains("Expired 20 Nov 2027"));
    assert_eq!(over.header("cache-control"), "public, max-age=300, s-maxage=300");
}

#[tokio::test]
async fn no_page_needs_a_script_or_another_host() {
    let (app, id) = with_award().await;
    for address in [
        "/",
        &format!("/v/{id}"),
        "/v/nothing",
        "/achievements/sales-associate",
        "/issuer",
        "/verify",
        "/nowhere",
        "/verify?number=x",
    ] {
        let page = app.get_as(address, BROWSER).await.text();
        assert!(page.starts_with("<!doctype html>"), "{address}");
        let data = "<script type=\"application/ld+json\">";
        let own = usize::from(address.starts_with("/verify"));
        assert_eq!(page.matches("<script src=\"/verify.js\" defer></script>").count(), own, "{address}");
        assert_eq!(
            page.matches("<script").count(),
            page.matches(data).count() + own,
            "{address} has a script that runs"
        );
        for forbidden in ["javascript:", " onclick=", " onload=", " style=\"", "<iframe", "@import", "url(http"] {
            assert!(!page.contains(forbidden), "{address} has {forbidden}");
        }
        for loaded in page.split("src=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
            assert!(loaded.starts_with('/'), "{address} loads {loaded}");
            app.get(loaded).await.expect(200);
        }
    }
}

#[tokio::test]
async fn the_did_document_lists_the_key_that_signed() {
    let (app, id) = with_award().await;
    let document = app.get("/.well-known/did.json").await.expect(200).json();
    let credential = app.get(&format!("/credentials/{id}")).await.json();
    let method = &credential["proof"][0]["verificationMethod"];
    assert_eq!(document["id"], credential["issuer"]["id"]);
    assert_eq!(&document["verificationMethod"][0]["id"], method);
    assert_eq!(&document["assertionMethod"][0], method);
}

/// A form with one file.
fn upload(file: &[u8]) -> Request<Body> {
    let head = "--X\r\nContent-Disposition: form-data; name=\"file\"; filename=\"badge.png\"\r\nContent-Type: image/png\r\n\r\n";
    let body = [head.as_bytes(), file, b"\r\n--X--\r\n"].concat();
    Request::post("/verify").header("content-type", "multipart/form-data; boundary=X").body(body.into()).unwrap()
}

fn pasted(text: &str) -> Request<Body> {
    let body: String =
        format!("text={}", percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC));
    Request::post("/verify").header("content-type", "application/x-www-form-urlencoded").body(body.into()).unwrap()
}

/// A form with everything in it, as the page sends it: no photo was taken.
fn filled(file: &str) -> Request<Body> {
    let fields = [
        ("file\"; filename=\"badge.json", file),
        ("file\"; filename=\"", ""),
        ("text", ""),
        ("holder", "ana@partner.example"),
        ("at", "2026-11-19"),
    ];
    form("/verify", &fields)
}

fn form(address: &str, fields: &[(&str, &str)]) -> Request<Body> {
    let part = |(name, value): &(&str, &str)| {
        format!("--X\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let body = fields.iter().map(part).collect::<String>() + "--X--\r\n";
    Request::post(address).header("content-type", "multipart/form-data; boundary=X").body(body.into()).unwrap()
}

#[tokio::test]
async fn the_api_takes_what_the_form_takes_and_every_wrapping() {
    let (app, id) = with_award().await;
    let text = app.get(&format!("/credentials/{id}")).await.text();
    let png = app.get(&format!("/credentials/{id}.png")).await.body;
    let (value, base64) =
        (serde_json::from_str::<Value>(&text).unwrap(), base64::engine::general_purpose::STANDARD.encode(&png));
    let json = |body: Value| {
        let request = Request::post("/api/v1/verify").header("content-type", "application/json");
        request.body(Body::from(body.to_string())).unwrap()
    };
    let address = format!("{BASE}/v/{id}");
    let file = [("file\"; filename=\"badge.json", text.as_str()), ("holder", "ana@partner.example")];
    for (what, request) in [
        ("a credential", json(json!({ "credential": value, "holder": "ana@partner.example" }))),
        ("a picture", json(json!({ "base64": base64 }))),
        ("a number", json(json!({ "id": id }))),
        ("an address", json(json!({ "url": address, "at": "2026-11-20" }))),
        ("a text", json(json!({ "text": text, "known": "2026-11-20" }))),
        ("a file in a form", form("/api/v1/verify", &file)),
        ("a text in a form", form("/api/v1/verify", &[("text", &address)])),
    ] {
        let report = app.send(request).await.expect(200).json();
        assert_eq!(report["verdict"], "valid", "{what}: {report}");
        assert_eq!(report["credential"]["award"], id, "{what}");
    }
    // A string is a JWT and is read as one.
    let token = app.send(json(json!({ "credential": "e30.e30.e30" }))).await.expect(200).json();
    assert_eq!(token["verdict"], "malformed", "{token}");
    let long = "a".repeat(501);
    for (what, request, said) in [
        ("two at once", json(json!({ "id": id, "text": text })), "exactly one of"),
        ("no base64", json(json!({ "base64": "ä" })), "/base64"),
        ("a member nobody knows", json(json!({ "id": id, "hodler": "ana@partner.example" })), "unknown field `hodler`"),
        ("a long name", json(json!({ "id": id, "holder": long })), "/holder"),
        ("an empty form", form("/api/v1/verify", &[("text", "")]), "a file or a text"),
        ("a long name in a form", form("/api/v1/verify", &[("text", &id), ("holder", &long)]), "/holder"),
        ("a day to come", form("/api/v1/verify", &[("text", &id), ("at", "2027-11-20")]), "future"),
    ] {
        let refused = app.send(request).await;
        assert!(matches!(refused.status, 400 | 422), "{what}: {}", refused.text());
        assert!(refused.text().contains(said), "{what}: {}", refused.text());
    }
}

#[tokio::test]
async fn a_program_that_follows_a_symbol_finds_the_credential() {
    let (app, id) = with_award().await;
    let page = app.get_as(&format!("/v/{id}"), BROWSER).await.expect(200);
    let credential = format!("{BASE}/credentials/{id}.json");
    let link = format!("<{credential}>; rel=\"alternate\"; type=\"application/vc+ld+json\"");
    assert_eq!(page.header("link"), link);
    let element = format!("<link rel=\"alternate\" type=\"application/vc+ld+json\" href=\"{credential}\">");
    assert!(page.text().contains(&element));
    assert_eq!(app.get(&path(&credential.into())).await.expect(200).header("content-type"), "application/vc+ld+json");
}

#[tokio::test]
async fn a_receipt_is_shown_as_what_was_found_then() {
    let (app, id) = with_award().await;
    let report = app.post("/api/v1/verify", &json!({ "id": id, "receipt": true })).await.expect(200).json();
    let page = app.send(upload(report["receipt"].as_str().unwrap().as_bytes())).await.expect(200).text();
    assert!(page.contains("A receipt of an earlier check"), "{page}");
    assert!(page.contains("<b>Found then: Valid"), "{page}");
    assert!(page.contains("Receipt of a check made by badges.northwind.example on 20 November 2026"), "{page}");
    assert!(!page.contains("This is the state on"), "{page}");
}

#[tokio::test]
async fn the_form_reads_a_number_a_picture_or_a_text() {
    let (app, id) = with_award().await;
    for typed in [id.clone(), id.to_lowercase(), format!("+{}-{}+", &id[..4], &id[4..])] {
        let led = app.get(&format!("/verify?number={typed}")).await;
        assert_eq!((led.status, led.header("location")), (303, format!("/v/{id}").as_str()), "{typed}");
    }
    assert_eq!(app.get("/verify?number=").await.status, 200);
    assert!(app.get_as("/verify?number=seven", BROWSER).await.expect(422).text().contains("no number of a badge"));

    let png = app.get(&format!("/credentials/{id}.png")).await.body;
    let text = app.get(&format!("/credentials/{id}")).await.text();
    let valid = "Ana Lopes holds Certified Sales Associate";
    let forged = text.replace("Ana Lopes", "Eve Lopes");
    for (what, request, said) in [
        ("a picture", upload(&png), valid),
        ("a credential as a file", upload(text.as_bytes()), valid),
        ("a credential as text", pasted(&text), valid),
        ("a number as text", pasted(&id), valid),
        ("an address as text", pasted(&format!("{BASE}/v/{id}")), valid),
        ("a forged credential", pasted(&forged), "does not fit this content"),
        ("a credential as a file, with everything else", filled(&text), "On 19 November 2026 it was not issued"),
        ("nonsense", upload(b"\x89PNG but not really"), "not a badge that can be checked"),
    ] {
        let page = app.send(request).await.expect(200);
        assert!(page.text().contains(said), "{what}: {}", page.text());
        assert_eq!(
            (page.header("content-type"), page.header("cache-control")),
            ("text/html; charset=utf-8", "no-store"),
            "{what}"
        );
        assert!(!page.text().contains("<script"), "{what}");
    }
    for nothing in [upload(b""), pasted(""), pasted(" \r\n ")] {
        let page = app.send(nothing).await.expect(422);
        assert!(page.text().contains("role=\"alert\""), "nothing sent is told at the form: {}", page.text());
    }
    let hostile = pasted(&text.replace("Ana Lopes", "<img src=x onerror=alert(1)>"));
    assert!(!app.send(hostile).await.expect(200).text().contains("<img src=x"));
}

#[tokio::test]
async fn the_status_list_is_a_signed_credential_of_the_same_issuer() {
    let (app, id) = with_award().await;
    let list = app.get("/status/1").await.expect(200);
    let value: Value = list.json();
    let credential = app.get(&format!("/credentials/{id}")).await.json();
    assert_eq!(value["issuer"], credential["issuer"]["id"]);
    assert_eq!(value["id"], credential["credentialStatus"]["statusListCredential"]);
    assert_eq!(path(&value["id"]), "/status/1");
    assert_eq!(app.get("/status/1").await.body, list.body, "kept while nothing changes");
    app.clock.advance(chrono::TimeDelta::hours(6));
    assert_ne!(app.get("/status/1").await.body, list.body, "signed anew after six hours");
}
