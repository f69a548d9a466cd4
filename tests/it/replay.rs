//! The feed alone tells what became of every award: folded, it gives the state that is stored.

use std::collections::BTreeMap;

use assay::rules::{AwardState, state_at};
use assay::service::program;
use assay::store::{Position, ReadSet};
use assay::workers;
use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::app::TestApp;

/// One thing that somebody does.
#[derive(Debug, Clone)]
enum Step {
    Passes { who: usize },
    Fails { who: usize },
    Trains { who: usize },
    Days(i64),
    Does { who: usize, verb: &'static str },
    Extends { who: usize, days: i64 },
}

fn step() -> impl Strategy<Value = Step> {
    let verb = prop::sample::select(vec!["suspend", "reinstate", "renew", "reissue", "revoke"]);
    prop_oneof![
        4 => (0..3usize).prop_map(|who| Step::Passes { who }),
        1 => (0..3usize).prop_map(|who| Step::Fails { who }),
        2 => (0..3usize).prop_map(|who| Step::Trains { who }),
        4 => (1..200i64).prop_map(Step::Days),
        3 => (0..3usize, verb).prop_map(|(who, verb)| Step::Does { who, verb }),
        1 => (0..3usize, 1..60i64).prop_map(|(who, days)| Step::Extends { who, days }),
    ]
}

/// An award as the feed tells it.
#[derive(Debug, Clone, PartialEq)]
struct Told {
    version: u64,
    until: Value,
    state: &'static str,
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn replaying_the_feed_gives_the_stored_state(steps in prop::collection::vec(step(), 4..28)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let (told, stored) = runtime.block_on(lived(&steps));
        prop_assert_eq!(told, stored);
    }
}

/// What the feed and the store say of every award after all these steps.
async fn lived(steps: &[Step]) -> (BTreeMap<String, Told>, BTreeMap<String, Told>) {
    let app = TestApp::new().await;
    let first = (0..3).flat_map(|who| [Step::Trains { who }, Step::Passes { who }]);
    for (n, step) in first.chain(steps.iter().cloned()).enumerate() {
        take(&app, n, &step).await;
        app.clock.advance(TimeDelta::hours(1));
    }
    workers::tick_time(&app.app).await.unwrap();
    let told = folded(&app).await;
    assert_eq!(told.len(), 3, "everybody was awarded at first");
    let mut stored = BTreeMap::new();
    for award in told.keys() {
        stored.insert(award.clone(), kept(&app, award).await);
    }
    (told, stored)
}

async fn take(app: &TestApp, n: usize, step: &Step) {
    match step {
        Step::Passes { who } => report(app, n, *who, ("exam", "passed", Some(90))).await,
        Step::Fails { who } => report(app, n, *who, ("exam", "failed", Some(20))).await,
        Step::Trains { who } => report(app, n, *who, ("sales-101", "completed", None)).await,
        Step::Days(days) => {
            app.clock.advance(TimeDelta::days(*days));
            workers::tick_time(&app.app).await.unwrap();
        }
        Step::Does { who, verb } => {
            if let Some(award) = award_of(app, *who).await {
                let reason = matches!(*verb, "suspend" | "revoke").then_some("other");
                let reply = app.act(&json!({ "id": award }), verb, &json!({ "reason": reason })).await;
                assert!(matches!(reply.status, 200 | 409), "{verb}: {}", reply.text());
            }
        }
        Step::Extends { who, days } => {
            let until = assay::clock::rfc3339(app.now() + TimeDelta::days(400 + *days));
            let body = json!({
                "person": { "email": address(*who) }, "certification": "sales-associate", "kind": "extend",
                "until": until, "reason": "parental leave",
            });
            let reply = app.post("/api/v1/exceptions", &body).await;
            assert!(reply.status < 500, "{}", reply.text());
        }
    }
}

fn address(who: usize) -> String {
    format!("person{who}@partner.example")
}

async fn report(app: &TestApp, n: usize, who: usize, (requirement, outcome, score): (&str, &str, Option<u32>)) {
    let mut result = json!({
        "id": format!("r{n}"), "person": { "name": format!("Person {who}"), "email": address(who) },
        "certification": "sales-associate", "requirement": requirement, "outcome": outcome,
        "at": assay::clock::rfc3339(app.now()),
    });
    if let Some(score) = score {
        result["score"] = score.into();
    }
    let reply = app.post("/api/v1/results", &result).await;
    assert!(reply.status < 300, "{}", reply.text());
}

async fn award_of(app: &TestApp, who: usize) -> Option<String> {
    let found = app.post("/api/v1/people/find", &json!({ "email": address(who) })).await;
    (found.status == 200).then(|| found.json()["awards"][0]["id"].as_str().map(str::to_owned)).flatten()
}

async fn folded(app: &TestApp) -> BTreeMap<String, Told> {
    let feed = app.app.store.engine().feed(Position::START, 10_000, std::time::Duration::ZERO).await.unwrap();
    let mut told: BTreeMap<String, Told> = BTreeMap::new();
    for entry in &feed.entries {
        let event: Value = serde_json::from_slice(&entry.doc).unwrap();
        let Some(award) = event["award"].as_str() else { continue };
        let state = match event["type"].as_str().unwrap() {
            "award.issued" | "award.renewed" | "award.corrected" | "award.extended" | "award.reinstated" => "valid",
            "award.suspended" => "suspended",
            "award.revoked" => "revoked",
            "award.expired" => "expired",
            _ => continue,
        };
        let known = told.entry(award.to_owned()).or_insert(Told { version: 0, until: Value::Null, state });
        if let Some(version) = event["version"].as_u64() {
            (known.version, known.until) = (version, event["valid_until"].clone());
        }
        // What expires while it rests goes on resting.
        if !(state == "expired" && known.state == "suspended") {
            known.state = state;
        }
        if event["type"] == "award.reinstated" && over(&event["valid_until"], &event["recorded_at"]) {
            known.state = "expired";
        }
    }
    told
}

fn over(until: &Value, at: &Value) -> bool {
    let moment = |value: &Value| value.as_str().and_then(|text| text.parse::<DateTime<Utc>>().ok());
    matches!((moment(until), moment(at)), (Some(until), Some(at)) if until < at)
}

async fn kept(app: &TestApp, award: &str) -> Told {
    let id = award.parse().unwrap();
    let (realm, pointer) = app.app.store.find_award(id).await.unwrap().unwrap();
    let mut reads = ReadSet::new();
    let standing = app.app.store.standing(realm, &pointer.person, &pointer.certification, &mut reads).await.unwrap();
    let award = standing.award_at(id).unwrap();
    let basis = program::version(&app.app, award.current().program).await.unwrap();
    let certification = basis.program.certification(&pointer.certification);
    let state = match state_at(award, certification, basis.program.timezone, app.now()) {
        AwardState::Valid { .. } => "valid",
        AwardState::Expired { .. } => "expired",
        AwardState::Suspended { .. } => "suspended",
        AwardState::Revoked { .. } => "revoked",
        AwardState::NotYetValid { .. } => "not yet valid",
    };
    let current = award.current();
    Told { version: current.number.0.into(), until: json!(current.valid_until), state }
}
