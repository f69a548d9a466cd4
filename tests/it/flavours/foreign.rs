//! A stranger's credential, signed by `@digitalbazaar/vc`: plain, baked into pictures, tampered with, and claiming to be ours.

use assay::render::bake;
use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

use super::gallery::{embedded_contexts, fetch, tampered};
use crate::support::app::{TestApp, ana};
use crate::support::judges::judge_all;

const SEED: &str = "5151515151515151515151515151515151515151515151515151515151515151";

#[tokio::test]
async fn a_strangers_badge_is_judged_alike_as_json_and_in_a_picture() {
    let app = TestApp::new().await;
    let list = "https://badges.stranger.example/status/3";
    let sign = |credential: Value, method: Option<&str>| json!({ "credential": credential, "seed": SEED, "verificationMethod": method, "created": "2026-11-01T00:00:00Z" });
    let ours = "did:web:badges.northwind.example#z6MkStranger";
    let award = app.certify(&ana()).await;
    let mut claims_our_number = badge();
    claims_our_number["id"] = fetch(&app, &award).await["id"].clone();
    let mut run_out = badge();
    run_out["validUntil"] = json!("2026-11-10T00:00:00Z");
    let questions = [
        sign(badge(), None),
        sign(with_status(list), None),
        sign(with_status("https://badges.northwind.example/status/1"), None),
        sign(badge(), Some("did:web:badges.stranger.example#key-1")),
        sign(claims_our_number, None),
        sign(badge(), Some(ours)),
        sign(run_out, None),
    ];
    let Some(answers) = judge_all("issue", &embedded_contexts(), &questions) else { return };
    let expected = [
        ("without status", "untrusted_issuer", None),
        ("with a status elsewhere", "inconclusive", Some("status")),
        ("with a status in our list", "untrusted_issuer", None),
        ("from a did:web", "inconclusive", Some("proof")),
        ("with the number of an award of ours", "untrusted_issuer", None),
        ("signed in our name", "invalid", None),
        ("run out", "expired", None),
    ];
    assert_eq!(answers.len(), expected.len());
    for (n, ((name, verdict, open), answer)) in expected.into_iter().zip(&answers).enumerate() {
        let credential = &answer["credential"];
        check(&app, name, credential, verdict, open).await;
        let (place, other) = tampered(credential, n);
        let broken = if open == Some("proof") { "inconclusive" } else { "invalid" };
        check(&app, &format!("{name}, {place} changed"), &other, broken, open.filter(|id| *id == "proof")).await;
    }
}

/// As JSON, in a PNG and in an SVG picture: the same verdict, and `open` is the check that could not be made.
async fn check(app: &TestApp, name: &str, credential: &Value, verdict: &str, open: Option<&str>) {
    let text = credential.to_string();
    let picture = app.get("/achievements/sales-associate.png").await.expect(200).body;
    let drawing = app.get("/achievements/sales-associate.svg").await.expect(200).text();
    let forms = [
        ("application/json", text.clone().into_bytes()),
        ("application/vc+ld+json", text.clone().into_bytes()),
        ("image/png", bake::png(&picture, &text).expect("a picture of ours")),
        ("image/svg+xml", bake::svg(&drawing, &text).expect("a drawing of ours").into_bytes()),
    ];
    for (media, bytes) in forms {
        let request =
            Request::post("/api/v1/verify").header("content-type", media).body(Body::from(bytes)).expect("a request");
        let report = app.send(request).await.expect(200).json();
        assert_eq!(report["verdict"], verdict, "{name} as {media}: {report:#}");
        let checks = report["checks"].as_array().expect("checks");
        if let Some(open) = open {
            let outcome = checks.iter().find(|c| c["id"] == open).map(|c| &c["outcome"]);
            assert_eq!(outcome, Some(&json!("could_not_check")), "{name} as {media}: {report:#}");
        }
        let trust = &report["issuer"]["trust"];
        assert_eq!(trust, if name.starts_with("signed in our name") { "ours" } else { "unlisted" }, "{name}");
    }
}

fn badge() -> Value {
    json!({
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "id": "https://badges.stranger.example/credentials/1",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": { "id": "", "type": ["Profile"], "name": "Str\u{e4}nger \u{2014} \u{4ed6}\u{4eba}" },
        "validFrom": "2026-11-01T00:00:00Z",
        "name": "Glassblower",
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "achievement": {
                "id": "https://badges.stranger.example/achievements/1",
                "type": ["Achievement"],
                "name": "Glassblower",
                "description": "Blows glass.",
                "criteria": { "narrative": "Has blown glass." },
            },
        },
    })
}

fn with_status(list: &str) -> Value {
    let mut badge = badge();
    badge["credentialStatus"] = json!({
        "id": format!("{list}#5"),
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "5",
        "statusListCredential": list,
    });
    badge
}
