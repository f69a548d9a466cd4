//! The badge that a holder downloads, scanned: its symbol leads to the page.

use std::sync::Arc;

use assay::render::bake;
use assay::store::engine::memory::MemoryEngine;

use super::LOCAL;
use super::gallery::fetch;
use crate::pictures::scan;
use crate::support::app::{BASE, PROGRAM, TestApp, ana};

#[tokio::test]
async fn the_symbol_of_a_downloaded_badge_leads_to_the_page() {
    for base in [BASE, LOCAL] {
        let app = TestApp::with(Arc::new(MemoryEngine::new()), PROGRAM, base).await;
        let award = app.certify(&ana()).await;
        let number = award["id"].as_str().unwrap();
        let picture = app.get(&format!("/credentials/{number}.png")).await.expect(200);
        assert_eq!(picture.header("content-type"), "image/png");
        let address = scan(&picture.body, 255).expect("a scanner reads the symbol");
        assert_eq!(address, format!("{}/V/{number}", base.to_uppercase()));

        let printed = address.strip_prefix(&base.to_uppercase()).unwrap();
        let moved = app.get_as(printed, "text/html").await.expect(301);
        let page = app.get_as(moved.header("location"), "text/html").await.expect(200).text();
        assert!(page.contains("Ana Lopes") && page.contains("Valid"), "{page}");

        let carried = bake::unbake_png(&picture.body).unwrap().expect("a credential is in the picture");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&carried).unwrap(), fetch(&app, &award).await);
    }
}
