//! What the costliest inputs cost: of each of `tests/it/support/hostile` the instructions (callgrind counts them, so that
//! nothing else on the machine matters) and the most memory it takes to say what is wrong with it.
//!
//! The promise: no input, whoever reads it and however large it may be, takes more than 250 ms of a core, or 64 MB. Needs
//! `valgrind`. `-- NAME` counts those alone whose name holds NAME.

#[path = "../tests/it/support/hostile/mod.rs"]
mod hostile;

use std::alloc::System;
use std::ffi::OsStr;
use std::io::Write;
use std::path::Path;
use std::process::Command;

use cap::Cap;

use hostile::{Input, Reader};

#[global_allocator]
static MEMORY: Cap<System> = Cap::new(System, usize::MAX);

/// Instructions that a core of the machine named in the README does in 250 ms: some 2.4 at each of its 2.6 thousand million
/// ticks a second.
const INSTRUCTIONS: u64 = 1_560_000_000;
const MEGABYTES: usize = 64;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    match words.iter().position(|word| word == "--one") {
        Some(at) => one(words[at + 1].parse().expect("a number"), Path::new(&words[at + 2])),
        None => all(words.first().map_or("", String::as_str)),
    }
}

const READERS: [Reader; 8] = [
    Reader::Badge,
    Reader::StatusList,
    Reader::RevocationList,
    Reader::Keys,
    Reader::Logo,
    Reader::Statements,
    Reader::Rows,
    Reader::Program,
];

/// Reads one input, and says how much memory that took.
fn one(reader: usize, file: &Path) {
    let bytes = std::fs::read(file).expect("the input was written");
    let input = Input { name: String::new(), reader: READERS[reader], bytes };
    let before = MEMORY.allocated();
    let (word, words) = hostile::readers::said(&input);
    say(&format!("{} {word} {words}", MEMORY.max_allocated().saturating_sub(before)));
}

fn all(wanted: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let program = std::env::current_exe().expect("this program");
    let file = folder.path().join("input");
    let mut beyond = Vec::new();
    say("| input | million instructions | MB | answer |\n|---|---:|---:|---|");
    let nothing = Input { name: "nothing".to_owned(), reader: Reader::Badge, bytes: b"{}".to_vec() };
    for Input { name, reader, bytes } in [nothing].into_iter().chain(hostile::all()) {
        if !name.contains(wanted) {
            continue;
        }
        std::fs::write(&file, bytes).expect("the folder takes a file");
        let reader = READERS.iter().position(|known| *known == reader).expect("all are there").to_string();
        let words = ["--one".as_ref(), reader.as_ref(), file.as_os_str()];
        let plain = Command::new(&program).args(words).output().expect("this program runs");
        let told = String::from_utf8_lossy(&plain.stdout).into_owned();
        let (memory, rest) = told.trim().split_once(' ').unwrap_or_else(|| panic!("{name}: {plain:?}"));
        let memory = memory.parse::<usize>().expect("a number of bytes").div_ceil(1 << 20);
        let counted = instructions(&program, words, folder.path());
        let answer = rest.split(' ').next().unwrap_or_default();
        say(&format!("| {name} | {} | {memory} | {answer} |", counted / 1_000_000));
        if counted > INSTRUCTIONS || memory > MEGABYTES {
            beyond.push(name);
        }
    }
    assert!(beyond.is_empty(), "beyond the promise: {beyond:?}");
}

fn instructions(program: &Path, words: [&OsStr; 3], folder: &Path) -> u64 {
    let counter = format!("--callgrind-out-file={}", folder.join("counts").display());
    let mut command = Command::new("valgrind");
    let command = command.args(["--tool=callgrind", &counter]).arg(program).args(words);
    let output = command.output().expect("valgrind is installed");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let line = said.lines().find_map(|line| line.split_once("Collected : ")).unwrap_or_else(|| panic!("{said}"));
    line.1.trim().parse().expect("a number of instructions")
}

fn say(line: &str) {
    writeln!(std::io::stdout(), "{line}").expect("somebody listens");
}
