//! `schema`: is it made as an Open Badge must be? Fails only on members that the standard requires.

use serde_json::{Value, json};

use super::{Answer, Case, format};
use crate::verification::data_model;
use crate::verification::report::{CheckId, Verdict};
use crate::verification::shape::{Flaw, Weight, flaws};

/// The most flaws that the sentence tells; the facts tell all.
const TOLD: usize = 3;

pub(in crate::verification) fn check(case: &Case<'_>) -> Answer {
    if !format::is_badge(case.document) {
        return plain(case.document);
    }
    let flaws = flaws(case.document);
    // The grave ones come first.
    let grave = flaws.partition_point(|flaw| flaw.weight == Weight::Required);
    let answer = match (&flaws[..grave], &flaws[grave..]) {
        ([], []) => return Answer::passed(CheckId::Schema, "It has every member that an Open Badge must have."),
        ([], odd) => {
            let words = format!("It has every member that an Open Badge must have, with oddities: {}.", told(odd));
            Answer::warning(CheckId::Schema, words)
        }
        (grave, _) => {
            let words = format!("It is not made as an Open Badge must be: {}.", told(grave));
            Answer::failed(CheckId::Schema, Verdict::Invalid, words)
        }
    };
    let facts: Vec<Value> = flaws.iter().map(|flaw| json!(flaw)).collect();
    answer.fact("flaws", facts)
}

/// What every verifiable credential must say, Open Badge or not.
fn plain(document: &Value) -> Answer {
    let flaws = data_model::flaws(document);
    if flaws.is_empty() {
        return Answer::passed(CheckId::Schema, "It has every member that a verifiable credential must have.");
    }
    let words = format!("It is not as a verifiable credential must be: {}.", flaws.join("; "));
    Answer::failed(CheckId::Schema, Verdict::Invalid, words).fact("flaws", flaws)
}

/// The first of them in a sentence: where, what, and what to do.
fn told(flaws: &[Flaw]) -> String {
    let one = |flaw: &Flaw| format!("{} {} ({})", flaw.path, flaw.words, flaw.fix);
    let mut parts: Vec<String> = flaws.iter().take(TOLD).map(one).collect();
    if flaws.len() > TOLD {
        parts.push(format!("and {} more", flaws.len() - TOLD));
    }
    parts.join("; ")
}
