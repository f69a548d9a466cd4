//! A real browser opens the verification page and reads what a customer with a phone would read.

use std::path::Path;
use std::sync::{Arc, Mutex};

use assay::store::engine::memory::MemoryEngine;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
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

/// What somebody does on the page that takes badges: `held` is what they drop or paste, `act` how.
fn driven(held: &str, act: &str) -> String {
    format!(
        "addEventListener('load', () => {{ const held = new DataTransfer(); {held}; {act}; }});
         const file = (base64, name) => new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], name);"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_dropped_or_pasted_is_checked_and_the_page_needs_no_script() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let app = TestApp::with(Arc::new(MemoryEngine::new()), PROGRAM, &base).await;
    let award = app.certify(&ana()).await;
    let id = award["id"].as_str().unwrap();
    let png = STANDARD.encode(app.get(&format!("/credentials/{id}.png")).await.body);
    let text = json!(app.get(&format!("/credentials/{id}.json")).await.text());
    // What the browser gets in place of our script: that script and somebody's hands, or only these.
    let (script, hands) = (app.get("/verify.js").await.text(), Arc::new(Mutex::new(String::new())));
    let put = Arc::clone(&hands);
    let served = move || {
        let script = put.lock().unwrap().clone();
        async move { ([("content-type", "text/javascript")], script) }
    };
    let router = axum::Router::new().route("/verify.js", axum::routing::get(served)).fallback_service(app.router());
    let server = tokio::spawn(async move { axum::serve(listener, router).await });
    let page = format!("{base}/verify");
    let at_last = async |script: String| {
        *hands.lock().unwrap() = script;
        let page = page.clone();
        blocking(move || browser::dump_dom_at_last(&page)).await
    };

    let drop =
        "document.body.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: held }))";
    let paste = "document.body.dispatchEvent(new ClipboardEvent('paste', { bubbles: true, cancelable: true, clipboardData: held }))";
    let picture = format!("held.items.add(file('{png}', 'badge.png'))");
    let words = |text: &str| format!("held.setData('text/plain', {text})");
    let choose = "const input = document.getElementById('photo'); input.files = held.files; input.dispatchEvent(new Event('change'))";
    let forged = json!(text.as_str().unwrap().replace("Ana Lopes", "Eve Lopes")).to_string();
    let address = json!(format!("{base}/v/{id}")).to_string();
    let (valid, broken) = ("Valid. Ana Lopes holds", "The signature does not fit this content");
    for (what, held, act, said) in [
        ("a dropped picture", picture.clone(), drop, valid),
        ("a pasted picture", picture.clone(), paste, valid),
        ("a chosen photo", picture.clone(), choose, valid),
        ("a pasted credential", words(&text.to_string()), paste, valid),
        ("a forged credential", words(&forged), paste, broken),
        ("an address dragged from another site", words(&address), drop, valid),
    ] {
        let Some(document) = at_last(script.clone() + &driven(&held, act)).await else { return };
        let status = status_line(&document);
        assert!(status.starts_with(said), "{what}: {status}");
    }
    let large = driven("held.items.add(new File([new Uint8Array(10485761)], 'badge.png'))", drop);
    let document = at_last(script.clone() + &large).await.expect("the browser ran a moment ago");
    assert!(document.contains("aria-live=\"polite\">This file is larger than 10 MB.</p>"), "{document}");

    let by_hand =
        "document.getElementById('file').files = held.files; document.querySelector('#check .send button').click()";
    let document = at_last(driven(&picture, by_hand)).await.expect("the browser ran a moment ago");
    assert!(status_line(&document).starts_with(valid), "without our script: {document}");
    let nobody_acts = at_last("0".to_owned()).await.expect("the browser ran a moment ago");
    assert!(nobody_acts.contains("<p class=\"call\" data-live=\"\" hidden=\"\">"), "nobody is told to drop");
    let document = at_last(script.clone()).await.expect("the browser ran a moment ago");
    assert!(document.contains("<p class=\"call\" data-live=\"\">Drop a badge anywhere"), "{document}");
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
