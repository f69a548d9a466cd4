//! Tables and properties of the decisions.

mod attempts;
mod demands;
mod first;
mod milestones;
mod outlooks;
mod properties;
mod pruning;
mod renewals;
mod rights;
mod states;
mod terms;
mod unsaid;

use super::*;
use crate::decimal::Decimal;
use crate::id::{AwardId, CountedIds, CredentialVersion, PersonId};
use crate::program::Program;
use chrono::{DateTime, Utc};

/// One certification `c`, of which `extra` says more, and its requirements; another one, `before`.
fn program(extra: &str, requirements: &str) -> Program {
    let text = format!(
        r#"
        program = {{ id = "p", name = "P", timezone = "Europe/Berlin" }}
        issuer = {{ name = "I", url = "https://i.example", email = "c@i.example" }}
        track = [{{ id = "sales", name = "Sales" }}]
        [[certification]]
        id = "c"
        track = "sales"
        name = "Certified Sales Associate"
        description = "D"
        criteria = "C"
        {extra}
        {requirements}
        [[certification]]
        id = "before"
        track = "sales"
        name = "Certified Beginner"
        description = "D"
        criteria = "C"
        validity = "1y"
        requirement = [{{ id = "exam", kind = "exam" }}]
        [certification.renewal]
        grace = "30d"
        "#
    );
    Program::parse(&text).unwrap_or_else(|faults| panic!("{faults}"))
}

const USUAL: &str = r#"
    [[certification.requirement]]
    id = "sales-101"
    kind = "training"
    [[certification.requirement]]
    id = "exam"
    kind = "exam"
    after = ["sales-101"]
    pass = 70
    [[certification.requirement]]
    id = "annual-update"
    kind = "training"
    first = false
"#;

fn at(text: &str) -> DateTime<Utc> {
    let text = if text.len() == 10 { format!("{text}T12:00:00Z") } else { text.to_owned() };
    text.parse().unwrap()
}

/// `exam passed 68 2026-11-20`: requirement, outcome, percent or `-`, day or moment, then `key=value`;
/// `evidence=a,b` are the addresses.
fn result(text: &str) -> RecordedResult {
    let words: Vec<&str> = text.split(' ').collect();
    let more = |key: &str| words[4..].iter().find_map(|w| w.strip_prefix(key)?.strip_prefix('=').map(str::to_owned));
    RecordedResult {
        source: "lms".into(),
        id: text.into(),
        requirement: words[0].parse().unwrap(),
        outcome: serde_json::from_value(words[1].into()).unwrap(),
        score: words[2].parse().ok().map(of_hundred),
        minutes: more("minutes").map(|m| m.parse().unwrap()),
        proctoring: more("proctoring"),
        rubric: more("style").map(|s| ("style".to_owned(), decimal(s.parse().unwrap()))).into_iter().collect(),
        piece: more("piece"),
        evidence: more("evidence").map_or(Vec::new(), |all| all.split(',').map(str::to_owned).collect()),
        form: None,
        site: None,
        by: more("by"),
        vouched: Vec::new(),
        at: at(words[3]),
        recorded_at: at(words[3]),
        holds: Vec::new(),
        void_at: None,
    }
}

fn decimal(value: f64) -> Decimal {
    Decimal::from(value)
}

fn of_hundred(points: f64) -> Score {
    Score { points: decimal(points), max: Decimal::HUNDRED }
}

fn award(awarded: &str, until: Option<&str>) -> Award {
    let version = VersionEntry {
        number: CredentialVersion::FIRST,
        kind: VersionKind::Issue,
        list: 1,
        index: 7,
        valid_from: at(awarded),
        valid_until: until.map(at),
        awarded_at: at(awarded),
        earned_at: at(awarded),
        program: 1,
        kid: "z6Mk".into(),
        term: CredentialVersion::FIRST,
        rests_on: Vec::new(),
        fallen: false,
    };
    let issued = Happening::Issued { version: CredentialVersion::FIRST };
    let id = AwardId::new(&CountedIds::default());
    Award { id, versions: vec![version], demands: Vec::new(), history: vec![entry(issued, awarded)] }
}

fn entry(what: Happening, when: &str) -> HistoryEntry {
    HistoryEntry { what, valid_at: at(when), recorded_at: at(when), program: 1, cause: Cause::Verb }
}

fn standing() -> Standing {
    let person = PersonId::new(at("2026-01-01"), &CountedIds::default());
    Standing::empty(person, "c".parse().unwrap())
}

fn decided(program: &Program, results: &[RecordedResult], held: &[Held], now: DateTime<Utc>) -> Decision {
    decide(&question(program, &Standing { results: results.to_vec(), ..standing() }, held, now))
}

fn question<'a>(program: &'a Program, standing: &'a Standing, held: &'a [Held], now: DateTime<Utc>) -> Question<'a> {
    let certification = &program.certifications[0];
    let (versions, held) = (Versions::only(program), Some(held));
    Question { versions, program, certification, basis: certification, standing, held, now, history: false }
}

fn awarded(term: &Term) -> String {
    let until = term.valid_until.map_or("ever".to_owned(), |t| t.to_rfc3339());
    format!("awarded {} until {until}", term.awarded_at.date_naive())
}

/// An award or renewal with its dates, or the words of everything that is unmet.
fn said(decision: &Decision) -> Vec<String> {
    match decision {
        Decision::Award(earned) => vec![awarded(&earned.term)],
        Decision::Renew(earned) => vec![format!("renewed: {}", awarded(&earned.term))],
        Decision::Record => vec!["recorded".to_owned()],
        Decision::Withhold(unmet) => unmet.iter().map(|u| u.words.clone()).collect(),
    }
}
