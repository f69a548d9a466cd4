//! What was made to cost as much as it can gets an answer, and a bound is named.

use assay::verification::{CheckOutcome, Facts, Verdict, inspect, malformed, read};

use crate::badges::at;
use crate::support::hostile::{self, Reader};

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
    ("entities", "declares a document type"),
    ("many elements", "more than 20000 elements"),
    ("elements within elements", "nested deeper than 256"),
    ("elements within elements that declare", "more than 256 declarations"),
    ("prefixes, and elements that declare", "more than 64 attributes at one element"),
    ("elements that declare", "more than 256 declarations"),
    ("attributes of one element", "more than 64 attributes at one element"),
    ("many comments", "more than 20000 elements and comments"),
    ("signs that open", "more than 200000 signs <"),
    ("signs that assign", "more than 200000 signs ="),
    ("as many elements as are read", "no credential"),
    ("as many attributes as are read", "no credential"),
    ("as many prefixes as are read", "no credential"),
    ("a text of references", "no credential"),
    ("a text in pieces", "no credential"),
    ("credentials within credentials", "250 credentials"),
    ("a long credential of brackets", "more than 64 levels"),
];

/// By name, what is said of what is no badge.
const SAID_OF_OTHERS: &[(&str, &str, &str)] = &[
    ("a status list that is no list", "invalid", ""),
    ("statements of nothing", "refused", "values"),
    ("one statement of nothing", "refused", ""),
    ("as many statements as are read", "taken", "1000 statements"),
    ("a row that does not end", "refused", "line 2"),
    ("rows", "taken", "rows"),
    ("a program of brackets", "refused", ""),
    ("a logo of texts", "refused", ""),
    ("a logo of rules", "refused", "takes too long"),
];

#[test]
fn everything_hostile_is_answered_and_nothing_of_it_is_valid() {
    let inputs = hostile::all();
    let is =
        |input: &str, name: &str| input == name || input.strip_prefix(name).is_some_and(|rest| rest.starts_with(", "));
    for (name, _) in SAID {
        assert!(inputs.iter().any(|input| is(&input.name, name)), "there is no {name}");
    }
    for hostile::Input { name, bytes, .. } in inputs.iter().filter(|input| input.reader == Reader::Badge) {
        let facts =
            Facts { holder: Some("somebody@partner.example".to_owned()), ..Facts::at(at("2026-11-20T10:00:00Z")) };
        let report = match read(bytes) {
            Ok(presented) => inspect(&presented, &facts),
            Err(fault) => malformed(&fault, facts.now),
        };
        assert!(!matches!(report.verdict, Verdict::Valid | Verdict::UntrustedIssuer), "{name}: {report:#?}");
        if let Some((_, said)) = SAID.iter().find(|(known, _)| is(name, known)) {
            let words: Vec<&str> =
                report.checks.iter().filter(|c| c.outcome != CheckOutcome::Passed).map(|c| c.words.as_str()).collect();
            assert!(words.iter().any(|words| words.contains(said)), "{name}: {words:#?}");
        }
    }
}

#[test]
fn whatever_else_is_hostile_is_answered_too() {
    let inputs = hostile::all();
    for input in inputs.iter().filter(|input| input.reader != Reader::Badge) {
        let (word, words) = hostile::readers::said(input);
        assert_ne!(word, "valid", "{}", input.name);
        if let Some((_, expected, part)) = SAID_OF_OTHERS.iter().find(|(name, ..)| *name == input.name) {
            assert_eq!((&*word, words.contains(part)), (*expected, true), "{}: {words}", input.name);
        }
    }
}
