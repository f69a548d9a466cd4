//! A batch that was a mistake is undone in one call, with a preview by name.

use std::sync::Arc;

use assay::store::Engine;
use assay::store::engine::memory::MemoryEngine;
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::app::TestApp;
use crate::support::desk::{person, refused, report, with};
use crate::support::faulty::FaultyEngine;

const PATH: &str = "/api/v1/undo";
const EARLIER: [&str; 3] = ["2026-09-01T09:00:00Z", "2026-09-02T09:00:00Z", "2026-11-20T11:00:30Z"];

/// Ana was certified before. At 11:00 the LMS reports the wrong column: Bo and Cem are certified, and Ana is renewed, though none
/// of them sat anything. Dora's proper result comes from elsewhere in the same minutes.
struct Story {
    app: TestApp,
    ana: Value,
    bo: Value,
    cem: Value,
    dora: Value,
}

async fn story(engine: Arc<dyn Engine>) -> Story {
    let app = TestApp::over(engine).await;
    let (ana, bo, cem, dora) = (person("Ana Lopes"), person("Bo Lind"), person("Cem Kaya"), person("Dora Weiss"));
    let import = json!({
        "id": "ana", "person": ana, "certification": "sales-associate", "awarded_at": "2025-12-10T09:00:00Z",
    });
    let ana_award = app.post("/api/v1/awards", &import).await.expect(201).json()["award"].clone();
    app.clock.advance(TimeDelta::hours(1));
    let mut awards = vec![ana_award];
    for (name, who) in [("bo", &bo), ("cem", &cem)] {
        app.report(&report(&format!("{name} t"), who, "sales-101", EARLIER[0])).await;
        let exam = with(report(&format!("{name} e"), who, "exam", EARLIER[1]), json!({ "score": 84 }));
        awards.push(app.report(&exam).await["award"].clone());
    }
    let renewal = with(report("ana e", &ana, "exam", "2026-11-20T10:30:00Z"), json!({ "score": 84 }));
    assert_eq!(app.report(&renewal).await["award"]["valid_until"], "2027-12-10T22:59:59Z");
    let vendor = app.caller("vendor", &["results:write"]).await;
    for result in [
        report("dora t", &dora, "sales-101", EARLIER[0]),
        with(report("dora e", &dora, "exam", EARLIER[1]), json!({ "score": 84 })),
    ] {
        let reply = app.post_with(&vendor, "/api/v1/results", result.to_string()).await;
        awards.push(reply.json()["award"].clone());
    }
    app.clock.advance(TimeDelta::hours(1));
    let award = |n: usize| awards[n].clone();
    Story { ana: award(0), bo: award(1), cem: award(2), dora: award(4), app }
}

impl Story {
    async fn new() -> Self {
        story(Arc::new(MemoryEngine::new())).await
    }

    async fn verdicts(&self) -> Vec<String> {
        let mut verdicts = Vec::new();
        for award in [&self.ana, &self.bo, &self.cem, &self.dora] {
            verdicts.push(self.app.public(award).await.0);
        }
        verdicts
    }
}

fn batch(more: Value) -> Value {
    let body = json!({
        "source": "lms", "recorded_from": "2026-11-20T11:00:00Z", "recorded_until": "2026-11-20T11:01:00Z",
        "text": "The wrong column.",
    });
    with(body, more)
}

#[tokio::test]
async fn a_preview_names_everybody_and_that_is_what_happens() {
    let story = Story::new().await;
    let app = &story.app;
    let preview = app.post(PATH, &batch(json!({ "dry_run": true }))).await.expect(200).json();
    assert_eq!(story.verdicts().await, ["valid"; 4], "nothing was done");
    let done = app.post(PATH, &batch(json!({}))).await.expect(200).json();
    for member in ["criteria", "counts", "undone", "seen"] {
        assert_eq!(done[member], preview[member], "{member}");
    }
    assert_eq!(done["counts"], json!({ "persons": 3, "results": 5, "revoked": 2, "earlier_term": 1, "expired": 0 }));
    let names: Vec<&str> = done["undone"].as_array().unwrap().iter().map(|u| u["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Ana Lopes", "Bo Lind", "Cem Kaya"]);
    assert_eq!(done["undone"][0]["awards"][0]["effect"], "earlier-term");
    assert_eq!(done["undone"][0]["awards"][0]["valid_until"], "2026-12-10T22:59:59Z");
    assert_eq!(story.verdicts().await, ["valid", "revoked", "revoked", "valid"]);
    let ana = app.trail(&person("Ana Lopes")).await;
    assert_eq!(ana["award"]["valid_until"], "2026-12-10T22:59:59Z");
    assert_eq!(ana["history"].as_array().unwrap().last().unwrap()["type"], "corrected");
    let (_, headline, page) = app.public(&story.bo).await;
    assert!(!headline.contains("wrong column") && !page.contains("wrong column"));
    let id = done["id"].as_str().unwrap();
    assert_eq!(app.get_with(&app.live, &format!("{PATH}/{id}")).await.expect(200).json(), done);
    let again = app.post(PATH, &batch(json!({}))).await.expect(200).json();
    assert_eq!(again["counts"]["persons"], 0, "there is nothing left to undo");
}

#[tokio::test]
async fn the_wrong_copy_of_a_renewal_is_not_to_be_relied_on_and_the_address_stays() {
    let story = Story::new().await;
    let app = &story.app;
    let address = app.local(&story.ana["addresses"]["credential"]);
    let wrong = app.get(&address).await.expect(200).json();
    app.post(PATH, &batch(json!({}))).await.expect(200);
    let right = app.get(&address).await.expect(200).json();
    assert_eq!(
        (&wrong["validUntil"], &right["validUntil"]),
        (&json!("2027-12-10T22:59:59Z"), &json!("2026-12-10T22:59:59Z"))
    );
    assert_eq!(wrong["id"], right["id"]);
    let verdict = |credential: Value| async move {
        app.post("/api/v1/verify", &credential).await.expect(200).json()["verdict"].clone()
    };
    assert_eq!((verdict(wrong).await, verdict(right).await), (json!("replaced"), json!("valid")));
}

#[tokio::test]
async fn who_was_undone_can_earn_it_properly_and_the_old_address_says_revoked() {
    let story = Story::new().await;
    let app = &story.app;
    app.post(PATH, &batch(json!({}))).await.expect(200);
    app.clock.advance(TimeDelta::days(10));
    let bo = person("Bo Lind");
    app.report(&report("bo proper t", &bo, "sales-101", "2026-11-29T09:00:00Z")).await;
    let exam = with(report("bo proper e", &bo, "exam", "2026-11-30T09:00:00Z"), json!({ "score": 84 }));
    let answer = app.report(&exam).await;
    assert_eq!(answer["decision"], "awarded");
    assert_ne!(answer["award"]["id"], story.bo["id"]);
    assert_eq!(app.public(&answer["award"]).await.0, "valid");
    assert_eq!(app.public(&story.bo).await.0, "revoked");
    assert_eq!(app.trail(&bo).await["former"], json!([story.bo["id"]]));
}

#[tokio::test]
async fn only_first_awards_are_undone_when_that_is_asked() {
    let story = Story::new().await;
    let done = story.app.post(PATH, &batch(json!({ "issued_only": true }))).await.expect(200).json();
    assert_eq!(done["counts"], json!({ "persons": 2, "results": 4, "revoked": 2, "earlier_term": 0, "expired": 0 }));
    assert_eq!(story.app.trail(&person("Ana Lopes")).await["award"]["valid_until"], "2027-12-10T22:59:59Z");
}

#[tokio::test]
async fn a_renewal_undone_after_the_old_term_leaves_an_award_that_expired_then() {
    let story = Story::new().await;
    story.app.clock.advance(TimeDelta::days(25));
    let done = story.app.post(PATH, &batch(json!({}))).await.expect(200).json();
    assert_eq!(done["undone"][0]["awards"][0]["effect"], "expired");
    let ana = story.app.trail(&person("Ana Lopes")).await;
    assert_eq!(
        (&ana["award"]["state"], &ana["award"]["valid_until"]),
        (&json!("expired"), &json!("2026-12-10T22:59:59Z"))
    );
    assert_eq!(ana["outlook"]["phase"], "grace");
    assay::workers::tick(&story.app.app).await.unwrap();
    assert!(story.app.feed().await.0.contains(&"award.expired".to_owned()));
}

#[tokio::test]
async fn what_is_done_by_hand_is_no_part_of_a_batch() {
    let story = Story::new().await;
    let app = &story.app;
    let hand = json!({
        "person": { "email": "dora.weiss@partner.example" }, "certification": "technical-associate", "kind": "award-by-hand",
        "reason": "agreed",
    });
    app.post("/api/v1/exceptions", &hand).await.expect(201);
    let everything = json!({ "recorded_from": "2026-11-20", "recorded_until": "2026-11-20" });
    let done = app.post(PATH, &everything).await.expect(200).json();
    assert_eq!(
        done["counts"]["revoked"], 3,
        "Dora's by the vendor, too; not what came in as history or by hand: {done}"
    );
    assert_eq!(done["counts"]["earlier_term"], 1);
}

#[tokio::test]
async fn what_cannot_be_undone_is_refused() {
    let app = TestApp::new().await;
    for (more, status, pointer) in [
        (json!({ "recorded_until": "2026-11-20T11:00:00Z" }), 422, "/recorded_until"),
        (json!({ "recorded_from": "noon" }), 422, "/recorded_from"),
        (json!({ "certification": "none" }), 422, "/certification"),
        (json!({ "source": "" }), 422, "/source"),
        (json!({ "text": "x".repeat(2_001) }), 422, "/text"),
        (json!({ "all": true }), 400, "/all"),
    ] {
        let reply = app.post(PATH, &batch(more.clone())).await.expect(status).json();
        assert_eq!(reply["errors"][0]["pointer"], pointer, "{more}: {reply}");
    }
    let reader = app.caller("reader", &["awards:read"]).await;
    refused(app.post_with(&reader, PATH, batch(json!({})).to_string()).await, 403, "forbidden");
    app.get_with(&app.live, &format!("{PATH}/{}", "0".repeat(26))).await.expect(404);
}

#[tokio::test]
async fn undoing_goes_on_after_the_store_failed_in_the_middle() {
    let mut step = 0;
    loop {
        let faults = Arc::new(FaultyEngine::sound(Arc::new(MemoryEngine::new())));
        let story = story(Arc::clone(&faults) as Arc<dyn Engine>).await;
        faults.fail_at(step);
        let reply = story.app.once("u1", PATH, &batch(json!({}))).await;
        let failed = faults.has_failed();
        faults.fail_at(usize::MAX);
        assert!(reply.status == 200 || reply.status == 503, "step {step}: {}", reply.text());
        let app = story.app.restarted();
        assay::workers::tick(&app.app).await.unwrap();
        let done = app.once("u1", PATH, &batch(json!({}))).await.expect(200).json();
        let counts = json!({ "persons": 3, "results": 5, "revoked": 2, "earlier_term": 1, "expired": 0 });
        assert_eq!(done["counts"], counts, "step {step}");
        let kinds = app.feed().await.0;
        let count = |kind: &str| kinds.iter().filter(|k| *k == kind).count();
        let told = (count("result.voided"), count("award.revoked"), count("award.corrected"));
        assert_eq!(told, (5, 2, 1), "step {step}");
        if !failed {
            break;
        }
        step += 1;
    }
    assert!(step > 10, "{step} steps");
}
