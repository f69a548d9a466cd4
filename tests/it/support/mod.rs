//! What the stories share.

pub(crate) mod app;
pub(crate) mod binary;
pub(crate) mod browser;
pub(crate) mod command;
pub(crate) mod desk;
pub(crate) mod disk;
pub(crate) mod faulty;
pub(crate) mod host;
pub(crate) mod hostile;
pub(crate) mod judges;
pub(crate) mod parked;
pub(crate) mod receiver;
pub(crate) mod trace;

use std::io::Write;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// The folder of published vectors, contexts and schemas beside the repository (or where `ASSAY_SHARED` says).
/// Without it the caller passes over what needs it; in CI its absence is a failure.
pub(crate) fn shared() -> Option<PathBuf> {
    let beside = repository().parent().expect("the repository lies in a folder").join("shared");
    let shared = variable("ASSAY_SHARED").map_or(beside, PathBuf::from);
    if shared.join("vectors").is_dir() {
        return Some(shared);
    }
    skipped(&format!("no published vectors at {}", shared.display()));
    None
}

/// The root of this repository.
pub(crate) fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Says that a test passes over something because a part is absent. With `CI` set nothing may be absent.
#[track_caller]
pub(crate) fn skipped(why: &str) {
    say(&format!("skipped: {why}"));
    assert!(variable("CI").is_none(), "in CI nothing is skipped: {why}");
}

/// Writes how many cases of a published collection gave what was published, and fails unless all did.
#[track_caller]
pub(crate) fn passed(collection: &str, failures: &[String], total: usize) {
    say(&format!("vectors: {collection}: {} of {total}", total - failures.len()));
    assert!(total > 0, "{collection}: no case was found");
    assert!(failures.is_empty(), "{collection}:\n{}", failures.join("\n"));
}

/// A JSON file, read whole.
#[track_caller]
pub(crate) fn json(path: &Path) -> Value {
    let text = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_slice(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The harness swallows what a passing test prints, but not what is written to standard error itself.
fn say(line: &str) {
    writeln!(std::io::stderr(), "{line}").expect("standard error is open");
}

#[expect(clippy::disallowed_methods, reason = "tests are told by the environment where they run")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
