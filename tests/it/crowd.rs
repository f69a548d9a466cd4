//! Many hand in much at once: so much is judged at a time, so much waits, and everybody else is served all along.

use std::sync::{Arc, mpsc};

use assay::app::Judges;
use assay::keyring::Keyring;
use assay::store::engine::memory::MemoryEngine;
use axum::body::Body;
use axum::http::Request;
use futures_util::future::{FutureExt as _, join_all};
use serde_json::json;
use tokio::task::JoinHandle;

use crate::support::app::{BASE, PROGRAM, Reply, TestApp, ana, path};

/// What takes the only place there is, until `open` is told; one more waits.
struct Busy {
    judges: Judges,
    open: mpsc::Sender<()>,
    held: JoinHandle<bool>,
}

impl Busy {
    async fn new() -> Self {
        let judges = Judges::new(1, 1);
        let (open, gate) = mpsc::channel();
        let (begun, begins) = tokio::sync::oneshot::channel();
        let held = tokio::spawn({
            let judges = judges.clone();
            async move { judges.judge(move || begun.send(()).is_ok() && gate.recv().is_ok()).await.unwrap() }
        });
        begins.await.unwrap();
        assert!(judges.judge(|| ()).now_or_never().is_none());
        Busy { judges, open, held }
    }

    async fn end(self) {
        self.open.send(()).unwrap();
        assert!(self.held.await.unwrap());
        while self.judges.judge(|| ()).await.is_err() {
            tokio::task::yield_now().await;
        }
    }
}

async fn posted(app: &TestApp, path: &str, media: &str, body: impl Into<Body>) -> Reply {
    app.send(Request::post(path).header("content-type", media).body(body.into()).unwrap()).await
}

#[tokio::test]
async fn beyond_what_can_be_judged_strangers_are_asked_to_come_again_and_nobody_else() {
    let busy = Busy::new().await;
    let keys = tempfile::tempdir().unwrap();
    let keyring = Arc::new(Keyring::open(keys.path(), None).unwrap());
    let app = TestApp::signing(keyring, Arc::new(MemoryEngine::new()), PROGRAM, BASE).await;
    let app = app.with_vc_api(true).await.judged_by(busy.judges.clone());
    let award = app.certify(&ana()).await;
    let credential = app.get(&path(&award["addresses"]["credential"])).await.expect(200).text();
    let presented = json!({ "verifiableCredential": json!({ "id": "urn:uuid:1" }) }).to_string();
    let form = "application/x-www-form-urlencoded";
    for (address, media, body) in [
        ("/api/v1/verify", "application/json", credential.clone()),
        ("/api/v1/verify", "image/svg+xml", "<svg xmlns='http://www.w3.org/2000/svg'/>".to_owned()),
        ("/verify", form, "text=a+badge".to_owned()),
        ("/credentials/verify", "application/json", presented.clone()),
        ("/credentials/issue", "application/json", json!({ "credential": {} }).to_string()),
        ("/presentations/verify", "application/json", json!({ "verifiablePresentation": {} }).to_string()),
    ] {
        let refused = posted(&app, address, media, body).await.expect(503);
        assert_eq!(refused.header("retry-after"), "2", "{address}");
        assert!(refused.text().contains("urn:assay:problem:unavailable"), "{}", refused.text());
    }
    for own in ["page", "credential", "baked_svg", "picture"] {
        app.get(&path(&award["addresses"][own])).await.expect(200);
    }
    app.get("/verify").await.expect(200);
    app.get("/healthz").await.expect(200);
    busy.end().await;
    let report = posted(&app, "/api/v1/verify", "application/json", credential).await.expect(200).json();
    assert_eq!(report["verdict"], "valid", "{report}");
}

/// Two of these pictures kept a service busy for most of a minute.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_of_hostile_pictures_is_answered_and_so_is_everybody_else() {
    let prefixes = (0..3_000).fold(String::new(), |all, n| all + &format!(" xmlns:r{n}='r{n}'"));
    let elements = (0..3_000).fold(String::new(), |all, n| all + &format!("<a xmlns:b='c{n}'/>"));
    let picture = format!("<svg xmlns='http://www.w3.org/2000/svg'{prefixes}>{elements}</svg>");
    let app = TestApp::new().await.judged_by(Judges::new(2, 8));
    let flood = join_all((0..100).map(|_| posted(&app, "/api/v1/verify", "image/svg+xml", picture.clone())));
    let others = join_all((0..100).map(|_| app.get("/healthz")));
    let (flood, others) = tokio::join!(flood, others);
    assert!(others.iter().all(|reply| reply.status == 200));
    let (judged, refused): (Vec<_>, Vec<_>) = flood.into_iter().partition(|reply| reply.status == 200);
    assert!(judged.len() >= 10, "{} judged", judged.len());
    for reply in judged {
        assert!(reply.text().contains("more than 64 attributes at one element"), "{}", reply.text());
    }
    assert!(refused.iter().all(|reply| reply.status == 503 && reply.header("retry-after") == "2"));
}
