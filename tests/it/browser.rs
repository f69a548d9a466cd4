//! A real browser opens the verification page and reads what a customer with a phone would read.

use std::path::Path;
use std::sync::Arc;

use assay::store::engine::memory::MemoryEngine;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::support::app::{PROGRAM, TestApp, ana};
use crate::support::browser;

/// The grounds of the status line, from the style sheet: what is seen only if the browser takes our styles.
const GOOD: [u8; 3] = [0xee, 0xf7, 0xf0];
const BAD: [u8; 3] = [0xfd, 0xf0, 0xef];

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_reads_valid_and_after_a_revocation_no_longer_valid() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let app = TestApp::with(Arc::new(MemoryEngine::new()), PROGRAM, &base).await;
    let router = app.router();
    let server = tokio::spawn(async move { axum::serve(listener, router).await });
    let award = app.certify(&ana()).await;
    // As it is printed in the QR symbol: the browser follows to the page.
    let address = format!("{base}/V/{}", award["id"].as_str().unwrap());

    let Some(seen) = look(&address).await else { return };
    assert_eq!(
        seen.status,
        "Valid. Ana Lopes holds Certified Sales Associate from Northwind Traders until 20 November 2027."
    );
    assert_eq!((seen.has(GOOD), seen.has(BAD)), (true, false), "the status line has its ground");
    let revoke = json!({ "reason": "issued-in-error", "text": "wrong person" });
    app.act(&award, "revoke", &revoke).await.expect(200);
    let seen = look(&address).await.expect("the browser ran a moment ago");
    assert!(seen.status.starts_with("No longer valid"), "{}", seen.status);
    assert_eq!((seen.has(GOOD), seen.has(BAD)), (false, true), "the status line has its ground");

    for path in ["/", "/verify", "/issuer", "/achievements/sales-associate", "/v/0000000000000000"] {
        let complaints = console(format!("{base}{path}")).await;
        assert_eq!(complaints.as_deref(), Some([].as_slice()), "{path}");
    }
    server.abort();
}

/// What the browser shows of the page.
struct Seen {
    status: String,
    picture: image::RgbImage,
}

impl Seen {
    /// Whether a good part of the picture has this colour.
    fn has(&self, colour: [u8; 3]) -> bool {
        self.picture.pixels().filter(|pixel| pixel.0 == colour).count() > 5_000
    }
}

async fn look(address: &str) -> Option<Seen> {
    let complaints = console(address.to_owned()).await?;
    assert!(complaints.is_empty(), "{complaints:#?}");
    let page = address.to_owned();
    blocking(move || {
        let document = browser::dump_dom(&page)?;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("page.png");
        browser::screenshot(&page, (800, 900), &path)?;
        Some(Seen { status: status_line(&document), picture: picture(&path) })
    })
    .await
}

async fn console(address: String) -> Option<Vec<String>> {
    blocking(move || browser::complaints(&address)).await
}

/// The browser is another process that must be waited for, while this one serves it.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work).await.expect("no panic")
}

fn picture(path: &Path) -> image::RgbImage {
    image::open(path).expect("a picture").to_rgb8()
}

/// The text of the first heading: the sentence of the status line, as a screen reader says it.
fn status_line(document: &str) -> String {
    let band = document.split_once("role=\"status\"").expect("a status line").1;
    let heading = band.split_once("<h1>").and_then(|(_, rest)| rest.split_once("</h1>")).expect("a heading").0;
    let mut text = String::new();
    for part in heading.split('<') {
        text.push_str(part.split_once('>').map_or(part, |(_, text)| text));
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_status_line_is_the_heading_without_its_marks() {
    let page: Value = json!("<section role=\"status\"><h1><b>Valid<span>. </span></b> Ana\n holds it.</h1></section>");
    assert_eq!(status_line(page.as_str().unwrap()), "Valid. Ana holds it.");
}
