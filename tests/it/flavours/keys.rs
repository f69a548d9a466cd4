//! Keys that come and go, and a document of them that lies under a path.

use std::sync::Arc;

use assay::keyring::Keyring;
use assay::store::engine::memory::MemoryEngine;
use serde_json::{Value, json};

use super::gallery::{GOOD, Gallery, fetch, taken_back};
use super::{OFFICE, gallery};
use crate::support::app::{BASE, PROGRAM, TestApp, ana};

#[tokio::test]
async fn what_a_retired_key_signed_stays_good() {
    for (base, issuer) in
        [(BASE, "did:web:badges.northwind.example"), (OFFICE, "did:web:shop.northwind.example%3A8443:office")]
    {
        let folder = tempfile::tempdir().unwrap();
        let signer = Arc::new(Keyring::open(folder.path(), None).unwrap());
        let app = TestApp::signing(signer, Arc::new(MemoryEngine::new()), PROGRAM, base).await;
        let mut gallery = Gallery::new(issuer);
        let award = app.certify(&ana()).await;
        let first = gallery.hang(&app, "by the first key", &award, GOOD).await;

        app.post("/api/v1/signing-keys/generate", &json!({})).await.expect(200);
        gallery.hang(&app, "while another key waits", &award, GOOD).await;
        app.post("/api/v1/signing-keys/rotate", &json!({})).await.expect(200);
        gallery.hang(&app, "by a retired key", &award, GOOD).await;
        app.clock.advance(chrono::TimeDelta::days(1));
        app.act(&award, "reissue", &json!({ "name": "Ana Lopes Duarte" })).await.expect(200);
        let second = gallery.hang(&app, "by the second key", &award, GOOD).await;
        assert_ne!(method(&first), method(&second));
        gallery.hang_copy(&app, "by a retired key, corrected", &first, taken_back("replaced")).await;
        assert_eq!(fetch(&app, &award).await, second);
        gallery.judge(&format!("keys of {issuer}"));
    }
}

fn method(credential: &Value) -> &Value {
    &credential["proof"][0]["verificationMethod"]
}

/// What the page of the issuer links to is there.
#[tokio::test]
async fn the_document_of_keys_lies_where_the_identifier_says() {
    for (base, link) in [(BASE, "/.well-known/did.json"), (OFFICE, "/office/did.json")] {
        let app = TestApp::with(Arc::new(MemoryEngine::new()), PROGRAM, base).await;
        let page = app.get_as("/issuer", "text/html").await.expect(200).text();
        assert!(page.contains(&format!("href=\"{link}\"")), "{base}: {page}");
        let path = link.strip_prefix(app.app.urls.base_path()).unwrap();
        let document = app.get(path).await.expect(200);
        assert_eq!(document.header("content-type"), "application/did+json");
        let award = app.certify(&ana()).await;
        assert_eq!(document.json()["id"], gallery::fetch(&app, &award).await["issuer"]["id"]);
    }
}
