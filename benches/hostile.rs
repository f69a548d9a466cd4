//! What the costliest badges cost: of each input of `tests/it/support/hostile.rs` the instructions (callgrind counts them,
//! so that nothing else on the machine matters) and the most memory it takes to say what is wrong with it.
//!
//! The promise: no input of one megabyte takes more than 250 ms of a core, or 64 MB. Needs `valgrind`.

#[path = "../tests/it/support/hostile.rs"]
mod hostile;

use std::alloc::System;
use std::io::Write;
use std::path::Path;
use std::process::Command;

use assay::render::scan;
use assay::verification::{Facts, Malformed, Report, inspect, malformed, read};
use cap::Cap;

#[global_allocator]
static MEMORY: Cap<System> = Cap::new(System, usize::MAX);

/// Instructions that a core of the machine named in the README does in 250 ms: some 2.4 at each of its 2.6 thousand million
/// ticks a second.
const INSTRUCTIONS: u64 = 1_560_000_000;
const MEGABYTES: usize = 64;

fn main() {
    let words: Vec<String> = std::env::args().collect();
    match words.iter().position(|word| word == "--one") {
        Some(at) => one(Path::new(&words[at + 1])),
        None => all(),
    }
}

/// Judges one input, and says how much memory that took.
fn one(file: &Path) {
    let bytes = std::fs::read(file).expect("the input was written");
    let before = MEMORY.allocated();
    let report = judge(&bytes);
    say(&format!("{} {} {}", MEMORY.max_allocated().saturating_sub(before), report.verdict.name(), report.headline));
}

/// As the service does, with nobody to be asked: a picture without a badge is looked through for a code.
fn judge(bytes: &[u8]) -> Report {
    let facts = Facts::at("2026-11-20T10:00:00Z".parse().expect("a date"));
    match read(bytes) {
        Ok(presented) => inspect(&presented, &facts),
        Err(fault) => {
            if matches!(fault, Malformed::NothingBaked | Malformed::Unrecognized | Malformed::NotUtf8) {
                let _ = scan::read_qr(bytes);
            }
            malformed(&fault, facts.now)
        }
    }
}

fn all() {
    let folder = tempfile::tempdir().expect("a folder");
    let program = std::env::current_exe().expect("this program");
    let file = folder.path().join("input");
    let mut beyond = Vec::new();
    say("| input | million instructions | MB | verdict |\n|---|---:|---:|---|");
    for (name, bytes) in [("nothing", b"{}".to_vec())].into_iter().chain(hostile::all()) {
        std::fs::write(&file, bytes).expect("the folder takes a file");
        let plain = Command::new(&program).arg("--one").arg(&file).output().expect("this program runs");
        let told = String::from_utf8_lossy(&plain.stdout).into_owned();
        let (memory, rest) = told.trim().split_once(' ').unwrap_or_else(|| panic!("{name}: {plain:?}"));
        let memory = memory.parse::<usize>().expect("a number of bytes").div_ceil(1 << 20);
        let counted = instructions(&program, &file, folder.path());
        let verdict = rest.split(' ').next().unwrap_or_default();
        say(&format!("| {name} | {} | {memory} | {verdict} |", counted / 1_000_000));
        if counted > INSTRUCTIONS || memory > MEGABYTES {
            beyond.push(name);
        }
    }
    assert!(beyond.is_empty(), "beyond the promise: {beyond:?}");
}

fn instructions(program: &Path, file: &Path, folder: &Path) -> u64 {
    let counter = format!("--callgrind-out-file={}", folder.join("counts").display());
    let mut command = Command::new("valgrind");
    let command = command.args(["--tool=callgrind", &counter]).arg(program).arg("--one").arg(file);
    let output = command.output().expect("valgrind is installed");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let line = said.lines().find_map(|line| line.split_once("Collected : ")).unwrap_or_else(|| panic!("{said}"));
    line.1.trim().parse().expect("a number of instructions")
}

fn say(line: &str) {
    writeln!(std::io::stdout(), "{line}").expect("somebody listens");
}
