//! `assay person` and `assay clock`, as they are typed.

use assay::clock::{Clock as _, SystemClock, rfc3339};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::support::command::Desk;
use crate::support::repository;

/// An issuer of its own, with Ana Lopes certified today.
fn desk() -> Desk {
    let desk = Desk::new();
    let program = repository().join("templates/programs/partner-framework.toml").display().to_string();
    desk.run(["init", "--program", &program, "--base", "https://badges.northwind.example"]).done();
    let at = rfc3339(SystemClock.now() - TimeDelta::hours(1));
    for (id, requirement, outcome) in [("t", "sales-101", "completed"), ("e", "exam", "passed")] {
        let mut result = json!({
            "id": id, "person": { "name": "Ana Lopes", "email": "ana@partner.example" },
            "certification": "sales-associate", "requirement": requirement, "outcome": outcome,
            "at": at,
        });
        if requirement == "exam" {
            result["score"] = json!(84);
        }
        desk.run_with(["result", "submit", "-"], result.to_string().as_bytes()).done();
    }
    desk
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn persons_are_worked_with_by_whatever_names_them() {
    let desk = desk();
    let ana = json(&desk.run(["person", "find", "ANA@partner.example", "--json"]).done().stdout);
    let number = ana["awards"][0]["number"].as_str().unwrap();
    let shown = desk.run(["person", "show", number]).done();
    for line in ["name        Ana Lopes", "address     ana@partner.example (badge)"] {
        assert!(shown.stdout.contains(line), "{shown:#?}");
    }
    assert!(shown.stdout.contains(&format!("award       {number}  sales-associate (")), "{shown:#?}");
    desk.run(["person", "add-id", "ana@partner.example", "lms:4711"]).done();
    let named = desk.run(["person", "name", "lms:4711", "--to", "Dana Duarte"]).done();
    assert!(named.stdout.contains("Dana Duarte"), "{named:#?}");
    let pending = desk.run(["person", "add-address", "lms:4711", "dana@second.example"]).done();
    assert!(pending.stdout.contains("dana@second.example (not confirmed yet)"), "{pending:#?}");
    desk.run(["person", "remove-address", "lms:4711", "ana@partner.example"]).failed("last", "another one first");
    let managed = desk.run(["person", "managers", "lms:4711", "--firm", "boss@partner.example"]).done();
    assert!(managed.stdout.contains("manager     boss@partner.example (firm)"), "{managed:#?}");
    desk.run(["person", "managers", "lms:4711", "--partner", "boss"]).failed("/partner", "");
    desk.run(["person", "find", "nobody"]).failed("names nobody", "SYSTEM:ID");
    desk.run(["person", "find", "nobody@partner.example"]).failed("Nobody is known by this.", "find");

    desk.run(["person", "create", "Dana", "--email", "dana@third.example", "--external", "hr:7"]).done();
    let preview = desk.run(["person", "merge", "lms:4711", "dana@third.example"]).done();
    assert!(preview.stderr.contains("person proof"), "{preview:#?}");
    let mut merge = vec!["person", "merge", "lms:4711", "hr:7"];
    merge.extend(["--code", "AAAAAAAA", "--code", "BBBBBBBB"]);
    desk.run(merge).failed("/proofs: no code of keep is good any more", "proof");
}

#[test]
fn the_clock_says_what_will_happen_and_changes_nothing() {
    let desk = desk();
    desk.run(["clock"]).done();
    let state = json(&desk.run(["person", "find", "ana@partner.example", "--json"]).done().stdout);
    let until: DateTime<Utc> = state["awards"][0]["valid_until"].as_str().unwrap().parse().unwrap();
    let day = (until + TimeDelta::days(200)).date_naive().to_string();
    let told = desk.run(["clock", "--to", &day]).done();
    assert!(
        told.stdout.contains("  lapsed; only the full path is left  Ana Lopes  Certified Sales Associate  "),
        "{told:#?}"
    );
    assert!(told.stdout.contains("     1  award.lapsed\n"), "the months are summed up: {told:#?}");
    let lines = desk.run(["clock", "--to", &day, "--json"]).done();
    assert!(lines.stdout.lines().all(|line| json(line)["person"] == "Ana Lopes"), "{lines:#?}");
    assert_eq!(desk.run(["clock", "--to", &day, "--json"]).done().stdout, lines.stdout, "and again the same");
    assert_eq!(desk.run(["clock"]).done().stdout, "Nothing was due.\n");
    desk.run(["clock", "--to", "2020-01-01"]).failed("is over", "");
    desk.run(["clock", "--to", "soon"]).code(2);
}
