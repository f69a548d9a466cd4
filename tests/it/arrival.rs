//! What is reported in another order, or later, or as history, comes to the same: terms, ends, dates and attempts.

use std::fmt::Write as _;

use assay::id::Realm;
use assay::store::ReadSet;
use assay::workers;
use axum::body::Body;
use axum::http::Request;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::support::app::TestApp;

/// The streamlined path.
const LATE: &str = r#""course""#;
const BOTH: &str = r#""exam", "course""#;

/// One fact: requirement, score if it is an exam, moment.
type Fact = (&'static str, Option<u32>, DateTime<Utc>);

/// A certification of one year: exam and course, renewed by both in time and by `late` afterwards. `mark` and
/// `validity` are what other versions change.
fn program(mark: u32, validity: &str, late: &str) -> String {
    format!(
        r#"
        program = {{ id = "p", name = "P", timezone = "Europe/Berlin" }}
        issuer = {{ name = "V", url = "https://v.example", email = "c@v.example" }}
        track = [{{ id = "t", name = "T" }}]
        [[certification]]
        id = "c"
        track = "t"
        name = "C"
        description = "d"
        criteria = "k"
        validity = "{validity}"
        [[certification.requirement]]
        id = "exam"
        kind = "exam"
        pass = {mark}
        attempts = 3
        [[certification.requirement]]
        id = "course"
        kind = "training"
        [certification.renewal]
        any_of = [["exam", "course"]]
        late_any_of = [[{late}]]
        grace = "30d"
        streamlined = "90d"
        "#
    )
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn person() -> Value {
    json!({ "name": "Ana Lopes", "email": "ana@partner.example" })
}

async fn report(app: &TestApp, (requirement, score, at): &Fact) {
    let mut body = json!({
        "id": format!("{requirement} {at}"), "person": person(), "certification": "c", "requirement": requirement,
        "outcome": if score.is_some() { "passed" } else { "completed" }, "at": at.to_rfc3339(),
    });
    if let Some(score) = score {
        body["score"] = json!(score);
    }
    let reply = app.post("/api/v1/results", &body).await;
    assert!(reply.status < 300, "{}", reply.text());
}

/// When and how each term was dated, and when its first credential begins.
async fn terms(app: &TestApp) -> Vec<Value> {
    let found = app.post("/api/v1/standings/find", &json!({ "email": "ana@partner.example" })).await.expect(200).json();
    let person = found["person"]["id"].as_str().unwrap().parse().unwrap();
    let mut reads = ReadSet::new();
    let certification = "c".parse().unwrap();
    let standing = app.app.store.standing(Realm::Live, &person, &certification, &mut reads).await.unwrap();
    let versions = standing.award.into_iter().flat_map(|award| award.versions);
    let terms = versions.map(|version| serde_json::to_value(version).unwrap());
    let terms = terms.filter(|version| ["issue", "renewal"].contains(&version["kind"].as_str().unwrap()));
    let dates = ["kind", "awarded_at", "earned_at", "valid_from", "valid_until", "program"];
    terms.map(|version| dates.iter().map(|date| ((*date).to_owned(), version[date].clone())).collect()).collect()
}

/// The outlook, and of each result what became of it.
async fn outlook(app: &TestApp) -> Value {
    let found = app.post("/api/v1/standings/find", &json!({ "email": "ana@partner.example" })).await.expect(200).json();
    let standing = &found["standings"][0];
    let mut results: Vec<Value> = standing["results"].as_array().unwrap().clone();
    for result in &mut results {
        result["recorded_at"].take();
    }
    results.sort_by_key(|result| result["id"].as_str().unwrap().to_owned());
    json!({ "outlook": standing["outlook"], "results": results })
}

fn permutations(facts: &[Fact]) -> Vec<Vec<Fact>> {
    let Some((first, rest)) = facts.split_first() else { return vec![Vec::new()] };
    let mut all = Vec::new();
    for shorter in permutations(rest) {
        for place in 0..=shorter.len() {
            let mut longer = shorter.clone();
            longer.insert(place, *first);
            all.push(longer);
        }
    }
    all
}

#[tokio::test]
async fn a_result_is_judged_by_the_version_of_its_day_and_a_term_by_that_of_the_act_that_earned_it() {
    let facts: [Fact; 3] = [
        ("exam", Some(60), at("2027-05-10T10:00:00Z")),
        ("exam", Some(75), at("2027-05-15T10:00:00Z")),
        ("course", None, at("2027-06-02T10:00:00Z")),
    ];
    let mut told = Vec::new();
    for order in permutations(&facts) {
        let app = TestApp::with_program(&program(70, "1y", LATE)).await;
        app.clock.set(at("2027-05-01T10:00:00Z"));
        let stricter = json!({ "text": program(80, "3y", LATE), "effective_at": "2027-06-01" });
        app.post("/api/v1/program", &stricter).await.expect(201);
        app.clock.set(at("2027-06-03T10:00:00Z"));
        for fact in &order {
            report(&app, fact).await;
        }
        told.push((terms(&app).await, outlook(&app).await));
    }
    let (terms, _) = &told[0];
    assert_eq!(terms.len(), 1, "{terms:?}");
    assert_eq!(
        (&terms[0]["awarded_at"], &terms[0]["valid_until"], &terms[0]["program"]),
        (&json!("2027-06-02T10:00:00Z"), &json!("2030-06-02T21:59:59Z"), &json!(2))
    );
    assert!(told.iter().all(|other| *other == told[0]), "{told:#?}");
}

#[tokio::test]
async fn renewals_that_are_reported_late_come_to_the_same_in_any_order() {
    let facts: [Fact; 3] = [
        ("exam", Some(60), at("2027-12-08T10:00:00Z")),
        ("exam", Some(80), at("2027-12-10T10:00:00Z")),
        ("course", None, at("2027-12-12T10:00:00Z")),
    ];
    let mut told = Vec::new();
    for order in permutations(&facts) {
        let app = TestApp::with_program(&program(70, "1y", BOTH)).await;
        app.clock.set(at("2027-01-10T10:00:00Z"));
        report(&app, &("exam", Some(80), at("2027-01-09T10:00:00Z"))).await;
        report(&app, &("course", None, at("2027-01-10T10:00:00Z"))).await;
        app.clock.set(at("2027-12-20T10:00:00Z"));
        for fact in &order {
            report(&app, fact).await;
        }
        let ends: Vec<Value> = terms(&app).await.iter().map(|term| term["valid_until"].clone()).collect();
        told.push((ends.last().cloned(), outlook(&app).await));
    }
    assert_eq!(told[0].0, Some(json!("2029-01-10T22:59:59Z")));
    assert!(told.iter().all(|other| *other == told[0]), "{told:#?}");
}

#[tokio::test]
async fn who_waits_for_another_version_or_for_the_first_day_of_an_offer_is_awarded_when_it_comes() {
    let asks_less = program(70, "1y", LATE).replace("validity = ", "any_of = [[\"exam\"]]\nvalidity = ");
    let later = program(70, "1y", LATE).replace("validity = ", "opens = 2027-06-01\nvalidity = ");
    for (first, second) in [(program(70, "1y", LATE), Some(asks_less)), (later, None)] {
        let app = TestApp::with_program(&first).await;
        app.clock.set(at("2027-05-01T10:00:00Z"));
        if let Some(second) = &second {
            app.post("/api/v1/program", &json!({ "text": second, "effective_at": "2027-06-01" })).await.expect(201);
        }
        report(&app, &("exam", Some(80), at("2027-05-01T10:00:00Z"))).await;
        if second.is_none() {
            report(&app, &("course", None, at("2027-05-01T10:00:00Z"))).await;
        }
        workers::tick(&app.app).await.unwrap();
        assert_eq!(terms(&app).await, Vec::<Value>::new());
        let lines = app.post("/api/v1/clock", &json!({ "to": "2027-07-01" })).await.expect(200).text();
        assert!(lines.contains(r#""at":"2027-05-31T22:00:00Z","day":"2027-06-01","type":"award.issued""#), "{lines}");
        app.clock.set(at("2027-06-01T08:00:00Z"));
        workers::tick(&app.app).await.unwrap();
        let awarded = terms(&app).await;
        assert_eq!(awarded.len(), 1);
        assert_eq!(
            (&awarded[0]["awarded_at"], &awarded[0]["valid_until"]),
            (&json!("2027-05-31T22:00:00Z"), &json!("2028-06-01T21:59:59Z"))
        );
    }
}

/// Numbers that only depend on the seed.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

/// What time brings is done when it does.
async fn time_passes(app: &TestApp, until: DateTime<Utc>) {
    let mut after = DateTime::UNIX_EPOCH;
    while let Some(due) = app.app.store.next_due(Realm::Live, after).await.unwrap().filter(|due| *due <= until) {
        app.clock.set(due);
        workers::tick(&app.app).await.unwrap();
        after = due;
    }
    app.clock.set(until);
}

fn history(seed: u64) -> Vec<Fact> {
    let mut numbers = Numbers(seed);
    let mut facts: Vec<Fact> = (0..10 + numbers.below(8))
        .map(|_| {
            let when =
                at("2027-01-01T08:00:00Z") + TimeDelta::minutes(i64::try_from(numbers.below(1_600_000)).unwrap());
            let score = 55 + u32::try_from(numbers.below(40)).unwrap();
            if numbers.below(2) == 0 { ("exam", Some(score), when) } else { ("course", None, when) }
        })
        .collect();
    facts.sort_by_key(|(_, _, when)| *when);
    facts
}

async fn import(app: &TestApp, facts: &[Fact]) {
    let mut file = "id,name,email,certification,requirement,outcome,score,at\n".to_owned();
    for (requirement, score, when) in facts {
        let outcome = if score.is_some() { "passed" } else { "completed" };
        let score = score.map(|score| score.to_string()).unwrap_or_default();
        let when = when.format("%Y-%m-%dT%H:%M:%SZ");
        let id = format!("{requirement} {when}");
        writeln!(file, "{id},Ana Lopes,ana@partner.example,c,{requirement},{outcome},{score},{when}").unwrap();
    }
    let request = Request::post("/api/v1/imports?history=true").header("authorization", format!("Bearer {}", app.live));
    let request = request.header("content-type", "text/csv").header("accept", "application/x-ndjson");
    app.send(request.body(Body::from(file)).unwrap()).await.expect(200);
    workers::tick(&app.app).await.unwrap();
}

#[tokio::test]
async fn the_same_history_live_and_imported_gives_the_same_terms() {
    let mut renewals = 0;
    for seed in 0..24 {
        let facts = history(seed);
        let live = TestApp::with_program(&program(70, "1y", LATE)).await;
        for fact in &facts {
            time_passes(&live, fact.2).await;
            report(&live, fact).await;
        }
        let end = at("2030-06-01T10:00:00Z");
        time_passes(&live, end).await;
        let later = TestApp::with_program(&program(70, "1y", LATE)).await;
        later.clock.set(end);
        import(&later, &facts).await;
        let (live, later) = (terms(&live).await, terms(&later).await);
        renewals += live.len().saturating_sub(1);
        assert_eq!(live, later, "seed {seed}: {facts:?}");
    }
    assert!(renewals > 12, "the histories hold {renewals} renewals");
}
