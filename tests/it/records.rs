//! What is taken in and written down: programs that could issue nothing are refused, moments have whole seconds.

use std::sync::Arc;

use assay::clock::FixedClock;
use assay::id::CountedIds;
use assay::keyring::SeedKey;
use assay::program::{Assets, Program};
use assay::service::setup::{self, Setup, SetupError};
use assay::store::engine::memory::MemoryEngine;
use assay::store::{Position, Store};
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::app::{BASE, PROGRAM, TestApp, ana, path};

/// Why `init` refuses this program; nothing is in the store afterwards.
async fn refusal(program: &str) -> String {
    let store = Store::new(Arc::new(MemoryEngine::new()));
    let assets: Assets = [(
        "northwind.svg".to_owned(),
        b"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"/>".to_vec(),
    )]
    .into();
    let setup = Setup { text: program, assets: &assets, base: BASE };
    let clock = FixedClock::at("2026-11-20T10:00:00Z".parse().unwrap());
    let refused = setup::init(&store, &SeedKey::new(&[7; 32]), &clock, &CountedIds::default(), setup).await;
    let feed = store.engine().feed(Position::START, 10, std::time::Duration::ZERO).await.unwrap();
    assert!(feed.entries.is_empty());
    match refused.unwrap_err() {
        SetupError::Program(faults) => faults.to_string(),
        other => other.to_string(),
    }
}

#[tokio::test]
async fn a_program_whose_badges_could_not_be_issued_is_not_taken_in() {
    let criteria = "Complete Sales 101 and pass the online exam with 70 % or more.";
    let name = "\"Certified Sales Associate\"";
    assert!(PROGRAM.contains(criteria) && PROGRAM.contains(name));
    for (what, program, said) in [
        ("a tab", PROGRAM.replace(criteria, "Complete\\tSales 101."), "must not have the control character U+0009"),
        ("an escape", PROGRAM.replace(criteria, "Complete \\u001b[1mSales 101."), "U+001B"),
        ("a turn of direction", PROGRAM.replace(criteria, "Complete \\u202eSales 101."), "U+202E"),
        (
            "names that together are too long for a caption",
            PROGRAM
                .replace(name, &format!("\"{}\"", "Sales ".repeat(33).trim()))
                .replace("name = \"Associate\"", &format!("name = \"{}\"", "Associate ".repeat(15).trim())),
            "certification \"sales-associate\": the credential would not be sound: \
             credentialSubject.achievement.image.caption: has ",
        ),
        (
            "skills without end",
            PROGRAM.replacen(
                "skills = [",
                &format!(
                    "skills = [{}",
                    "{ name = \"A skill\", url = \"https://northwind.example/skills/a\" },".repeat(400)
                ),
                1,
            ),
            "certification \"sales-associate\": the credential would not be sound: it has ",
        ),
    ] {
        let told = refusal(&program).await;
        assert!(told.contains(said), "{what}: {told}");
    }
}

#[test]
fn a_file_written_on_another_system_means_the_same() {
    let unix = Program::parse(PROGRAM).unwrap();
    let criteria = "criteria = \"Complete Sales 101 and pass the online exam with 70 % or more.\"";
    let lines = PROGRAM.replacen(criteria, "criteria = \"\"\"\nComplete Sales 101\nand pass.\"\"\"", 1);
    let windows = Program::parse(&PROGRAM.replace('\n', "\r\n")).unwrap();
    assert_eq!(unix, windows);
    let both = [lines.clone(), lines.replace('\n', "\r\n")].map(|text| Program::parse(&text).unwrap());
    let [unix, windows] = both.map(|p| p.certifications[0].criteria.clone());
    assert_eq!((unix.as_str(), windows.as_str()), ("Complete Sales 101\nand pass.", "Complete Sales 101\nand pass."));
}

/// Every text within `value` that is a moment with parts of a second.
fn fractions(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => {
            let moment =
                text.len() > 19 && text.as_bytes()[10] == b'T' && chrono::DateTime::parse_from_rfc3339(text).is_ok();
            found.extend((moment && text.contains('.')).then(|| text.clone()));
        }
        Value::Array(items) => items.iter().for_each(|item| fractions(item, found)),
        Value::Object(members) => members.values().for_each(|member| fractions(member, found)),
        _ => {}
    }
}

#[tokio::test]
async fn every_moment_that_is_recorded_or_answered_has_whole_seconds() {
    let app = TestApp::new().await;
    app.clock.advance(TimeDelta::nanoseconds(653_097_963));
    let exam = json!({ "at": "2026-11-20T09:59:59.999999999Z" });
    let award = app.certify_with(&app.live, &ana(), exam).await;
    assert_eq!(award["awarded_at"], "2026-11-20T09:59:59Z");
    assert_eq!(award["history"][0]["recorded_at"], "2026-11-20T10:00:00Z");
    let mut answers = vec![award.clone()];
    for (verb, body) in [
        ("suspend", json!({ "reason": "other" })),
        ("reinstate", json!({})),
        ("reissue", json!({ "name": "Ana Duarte" })),
        ("renew", json!({})),
        ("revoke", json!({ "reason": "other" })),
    ] {
        app.clock.advance(TimeDelta::milliseconds(60_123));
        answers.push(app.act(&award, verb, &body).await.expect(200).json());
    }
    let page = path(&award["addresses"]["page"]);
    answers.push(app.get(&format!("{page}.json")).await.expect(200).json());
    answers.push(app.get(&format!("{page}.json?at=2026-11-20T10:00:30.5Z")).await.expect(200).json());
    answers.push(app.get("/v/0000000000000000.json").await.expect(404).json());
    answers.push(app.get(&path(&award["addresses"]["credential"])).await.expect(200).json());
    answers.push(app.get("/status/1").await.expect(200).json());
    answers.push(app.post("/api/v1/verify", &json!({ "id": "nothing" })).await.expect(200).json());
    answers.push(app.post("/api/v1/signing-keys/generate", &json!({})).await.expect(200).json());
    answers.push(app.post("/api/v1/signing-keys/rotate", &json!({})).await.json());
    let made = app.post("/api/v1/api-keys", &json!({ "name": "a", "scopes": [], "realm": "live" })).await;
    answers.push(made.expect(201).json());
    answers.push(app.post("/api/v1/api-keys/revoke", &json!({ "name": "a" })).await.expect(200).json());
    let feed = app.app.store.engine().feed(Position::START, 1_000, std::time::Duration::ZERO).await.unwrap();
    assert!(feed.entries.len() > 10);
    answers.extend(feed.entries.iter().map(|e| serde_json::from_slice::<Value>(&e.doc).unwrap()));
    let mut found = Vec::new();
    for answer in &answers {
        fractions(answer, &mut found);
    }
    assert!(found.is_empty(), "{found:?}");
}
