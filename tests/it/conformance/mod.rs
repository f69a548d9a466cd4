//! Published vectors as judges of canonical forms, proofs and keys.

mod contexts;
mod data_integrity;
mod did_key;
mod ecdsa;
mod jose;
mod json_ld;
mod nquads;
mod oddities;
mod properties;
mod rdf_canon;
mod shape;

use std::path::Path;

use serde_json::Value;

use crate::support::shared;

#[track_caller]
fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[track_caller]
fn json(path: &Path) -> Value {
    serde_json::from_str(&text(path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[track_caller]
fn text_of<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_else(|| panic!("no text \"{name}\" in {value}"))
}

fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap();
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// Says how many vectors of a kind were passed.
#[expect(clippy::print_stderr, reason = "a run of the tests says what it covered")]
fn tally(what: &str, passed: usize) {
    eprintln!("vectors passed: {passed:4} {what}");
}
