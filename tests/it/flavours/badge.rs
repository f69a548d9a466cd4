//! The badge that a holder downloads, scanned: its symbol leads to the page.

use std::sync::Arc;

use assay::render::bake;
use assay::store::engine::memory::MemoryEngine;

use super::gallery::fetch;
use super::{LOCAL, OFFICE};
use crate::pictures::scan;
use crate::support::app::{BASE, PROGRAM, TestApp, ana};

#[tokio::test]
async fn the_symbol_of_a_downloaded_badge_leads_to_the_page() {
    for (base, printed_base) in [
        (BASE, "HTTPS://BADGES.NORTHWIND.EXAMPLE"),
        (LOCAL, "HTTP://127.0.0.1:8080"),
        // The host matches in any case; of a path only the proxy knows that.
        (OFFICE, "HTTPS://SHOP.NORTHWIND.EXAMPLE:8443/office"),
    ] {
        let app = TestApp::with(Arc::new(MemoryEngine::new()), PROGRAM, base).await;
        let award = app.certify(&ana()).await;
        let number = award["id"].as_str().unwrap();
        let picture = app.get(&format!("/credentials/{number}.png")).await.expect(200);
        assert_eq!(picture.header("content-type"), "image/png");
        let address = scan(&picture.body, 255).expect("a scanner reads the symbol");
        assert_eq!(address, format!("{printed_base}/V/{number}"));

        let printed = address.strip_prefix(printed_base).unwrap();
        let moved = app.get_as(printed, "text/html").await.expect(301);
        let path = moved.header("location").strip_prefix(app.app.urls.base_path()).unwrap();
        let page = app.get_as(path, "text/html").await.expect(200).text();
        assert!(page.contains("Ana Lopes") && page.contains("Valid"), "{page}");

        let carried = bake::unbake_png(&picture.body).unwrap().expect("a credential is in the picture");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&carried).unwrap(), fetch(&app, &award).await);
    }
}
