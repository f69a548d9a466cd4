//! What was made to cost as much as it can gets an answer, and a bound is named.

use assay::verification::{CheckOutcome, Facts, Verdict, inspect, malformed, read};

use crate::badges::at;
use crate::support::hostile;

/// By name, what must be said of each.
const SAID: &[(&str, &str)] = &[
    ("brackets within brackets", "more than 64 levels"),
    ("objects within objects", "more than 64 levels"),
    ("many values", "more than 10000 entries"),
    ("many members", "more than 10000 entries"),
    ("the same member twice", "twice in one object"),
    ("one long number", "loses precision"),
    ("many long numbers", "loses precision"),
    ("one long text", "not a verifiable credential"),
    ("escapes", "not a verifiable credential"),
    ("a long signed text", "cannot be read"),
    ("many dots", "neither a badge picture nor a credential"),
    ("a signed text with a long header", "the signed text cannot be read"),
    ("blank nodes that look alike", "too complex"),
    ("many small pieces of evidence", "too complex"),
    ("the same context again and again", "more than 10000 entries"),
    ("more signatures than are looked at", "2000 signatures, more than 8"),
    ("more endorsements than are looked at", "more than are looked at"),
    ("status entries", "9990 status entries, more than are read"),
    ("a presentation of presentations", "presentation"),
    ("a credential that unpacks to much", "more than 1048576 bytes"),
    ("many chunks", "more than 20000 chunks"),
    ("many elements", "cannot be read"),
    ("elements within elements", "cannot be read"),
    ("entities", "cannot be read"),
];

#[test]
fn everything_hostile_is_answered_and_nothing_of_it_is_valid() {
    let inputs = hostile::all();
    for (name, _) in SAID {
        assert!(inputs.iter().any(|(input, _)| input == name), "there is no {name}");
    }
    for (name, bytes) in inputs {
        let facts =
            Facts { holder: Some("somebody@partner.example".to_owned()), ..Facts::at(at("2026-11-20T10:00:00Z")) };
        let report = match read(&bytes) {
            Ok(presented) => inspect(&presented, &facts),
            Err(fault) => malformed(&fault, facts.now),
        };
        assert!(!matches!(report.verdict, Verdict::Valid | Verdict::UntrustedIssuer), "{name}: {report:#?}");
        if let Some((_, said)) = SAID.iter().find(|(known, _)| *known == name) {
            let words: Vec<&str> =
                report.checks.iter().filter(|c| c.outcome != CheckOutcome::Passed).map(|c| c.words.as_str()).collect();
            assert!(words.iter().any(|words| words.contains(said)), "{name}: {words:#?}");
        }
    }
}
