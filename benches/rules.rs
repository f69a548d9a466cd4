//! What a decision, a state and an outlook cost, on a standing with 50 results.

use std::hint::black_box;

use assay::decimal::Decimal;
use assay::id::{AwardId, CountedIds, CredentialVersion, PersonId};
use assay::program::Program;
use assay::rules::{
    Award, Cause, Decision, Happening, HistoryEntry, Outcome, Question, RecordedResult, Score, Standing, VersionEntry,
    VersionKind, Versions, decide, outlook, state_at,
};
use chrono::{DateTime, TimeDelta, Utc};
use criterion::{Criterion, criterion_group, criterion_main};

const PROGRAM: &str = r#"
program = { id = "northwind", name = "Northwind", timezone = "Europe/Berlin" }
issuer = { name = "Northwind", url = "https://northwind.example", email = "c@northwind.example" }
track = [{ id = "technical", name = "Technical" }]
[[certification]]
id = "expert"
track = "technical"
name = "Certified Expert"
description = "Designs and runs large installations."
criteria = "Forty hours of training, three reviewed projects, and the exam."
validity = "2y"
[[certification.requirement]]
id = "training"
kind = "training"
hours = 40
[[certification.requirement]]
id = "projects"
kind = "review"
count = 3
attempts = 3
[[certification.requirement]]
id = "exam"
kind = "exam"
after = ["training"]
pass = 80
attempts = 3
wait = "7d"
then = "30d"
[certification.renewal]
grace = "30d"
streamlined = "90d"
"#;

fn day(n: i64) -> DateTime<Utc> {
    "2026-01-01T12:00:00Z".parse::<DateTime<Utc>>().expect("a date") + TimeDelta::days(n)
}

/// Thirty trainings of an hour and a half, ten projects of which three are good enough, and ten exams that were failed but
/// for the last.
fn result(n: i64) -> RecordedResult {
    let (requirement, outcome, percent) = match n {
        0..30 => ("training", Outcome::Completed, None),
        30..40 => ("projects", if n % 3 == 0 { Outcome::Passed } else { Outcome::Failed }, None),
        _ => ("exam", if n == 49 { Outcome::Passed } else { Outcome::Failed }, Some(if n == 49 { 91.0 } else { 55.0 })),
    };
    RecordedResult {
        source: "lms".to_owned(),
        id: format!("r-{n}"),
        requirement: requirement.parse().expect("an id"),
        outcome,
        score: percent.map(|points| Score { points: Decimal::from(points), max: Decimal::HUNDRED }),
        minutes: Some(90.0),
        proctoring: None,
        rubric: Vec::new(),
        form: None,
        site: None,
        by: None,
        piece: (requirement == "projects").then(|| format!("project-{n}")),
        evidence: Vec::new(),
        vouched: Vec::new(),
        at: day(n * 8 + if n >= 40 { (n - 40) * 30 } else { 0 }),
        recorded_at: day(n * 8),
        holds: Vec::new(),
        void_at: None,
    }
}

fn award() -> Award {
    let number = CredentialVersion::FIRST;
    let version = VersionEntry {
        number,
        kind: VersionKind::Issue,
        list: 1,
        index: 7,
        valid_from: day(-600),
        valid_until: Some(day(130)),
        awarded_at: day(-600),
        earned_at: day(-600),
        program: 1,
        kid: "z6Mk".to_owned(),
        term: number,
        rests_on: Vec::new(),
        fallen: false,
    };
    let issued = HistoryEntry {
        what: Happening::Issued { version: number },
        valid_at: day(-600),
        recorded_at: day(-600),
        program: 1,
        cause: Cause::Verb,
    };
    Award {
        id: AwardId::new(&CountedIds::default()),
        versions: vec![version],
        demands: Vec::new(),
        history: vec![issued],
    }
}

fn benches(criterion: &mut Criterion) {
    let program = Program::parse(PROGRAM).expect("the sample is a program");
    let certification = &program.certifications[0];
    let person = PersonId::new(day(0), &CountedIds::default());
    let mut standing = Standing::empty(person, certification.id.clone());
    standing.results = (0..50).map(result).collect();
    let held = Standing { award: Some(award()), ..standing.clone() };
    let ask = |standing| Question {
        versions: Versions::only(&program),
        program: &program,
        certification,
        basis: certification,
        standing,
        held: None,
        now: day(700),
        history: false,
    };
    assert!(matches!(decide(&ask(&standing)), Decision::Award(_)), "the sample is earned");
    let mut group = criterion.benchmark_group("a standing with 50 results");
    group.bench_function("decide a first award", |bencher| bencher.iter(|| decide(black_box(&ask(&standing)))));
    group.bench_function("decide a renewal", |bencher| bencher.iter(|| decide(black_box(&ask(&held)))));
    group.bench_function("outlook", |bencher| bencher.iter(|| outlook(black_box(&ask(&held)))));
    let award = held.award.as_ref().expect("it is held");
    group.bench_function("state", |bencher| {
        bencher.iter(|| state_at(black_box(award), Some(certification), program.timezone, black_box(day(100))));
    });
    group.finish();
}

criterion_group!(all, benches);
criterion_main!(all);
