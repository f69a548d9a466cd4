//! Published vectors as judges of canonical forms, proofs and keys.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod contexts;
mod data_integrity;
mod did_key;
mod json_ld;
mod nquads;
mod oddities;
mod properties;
mod rdf_canon;

use std::path::{Path, PathBuf};

use serde_json::Value;

/// The folder of published vectors; without it a test prints that it was skipped, and fails where `CI` is set.
#[expect(
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "where a developer keeps vectors is no setting of the program"
)]
fn shared() -> Option<PathBuf> {
    let path = std::env::var_os("ASSAY_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    if path.is_dir() {
        return Some(path);
    }
    assert!(std::env::var_os("CI").is_none(), "the published vectors are not at {}", path.display());
    eprintln!("skipped: no published vectors at {}", path.display());
    None
}

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
