//! The plan of the house, held: layers, purity, sizes and manners, each rule with a file that breaks it.

mod floors;
mod manners;
mod paths;
mod purity;
mod source;
mod waiting;

use std::fs;
use std::path::Path;

use crate::support::repository;
use floors::Floors;
use source::{Fault, Source};

#[test]
fn the_house_stands_as_planned() {
    let floors = Floors::of(&read(&repository().join("src/lib.rs"))).expect("the table in src/lib.rs");
    let mut faults = Vec::new();
    let elsewhere = ["tests", "benches", "examples", "fuzz"].map(|folder| (folder, EVERYWHERE));
    for (folder, rules) in [("src", HOUSE)].into_iter().chain(elsewhere) {
        for path in rust_files(&repository().join(folder)) {
            let text = read(&path);
            let shown = path.strip_prefix(repository()).expect("a file of this repository").display().to_string();
            let found = match Source::parse(&shown, &text) {
                Ok(source) => rules.iter().flat_map(|rule| rule(&floors, &source)).collect(),
                Err(fault) => vec![fault],
            };
            faults.extend(found.into_iter().map(|Fault { line, words }| format!("{shown}:{line}: {words}")));
        }
    }
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
}

/// A rule sees one file and says what is wrong with it.
type Rule = fn(&Floors, &Source) -> Vec<Fault>;

const LAYERS: Rule = |floors, source| floors.upward(source);
const PURITY: Rule = |floors, source| if floors.pure(&source.module) { purity::impure(source) } else { Vec::new() };
const ANYHOW: Rule = |_, source| manners::anyhow_astray(source);
const QUIET: Rule = |_, source| manners::prints(source);
const SIZE: Rule = |_, source| manners::too_long(source);
const ATTRIBUTES: Rule = |_, source| manners::silenced(source);
const FINISHED: Rule = |_, source| manners::unfinished(source);
const WAITING: Rule = |_, source| waiting::stands_still(source);
const HEADED: Rule = |_, source| manners::headless(source);

const HOUSE: &[Rule] = &[LAYERS, PURITY, ANYHOW, QUIET, SIZE, ATTRIBUTES, FINISHED, WAITING, HEADED];
const EVERYWHERE: &[Rule] = &[ATTRIBUTES, FINISHED, HEADED];

/// The fixture stands at `path`; its comments of the form `//~ words` are the faults of their lines, and no others exist.
#[track_caller]
fn check(rule: Rule, path: &str, fixture: &str) {
    let floors = Floors::of(include_str!("../fixtures/tidy/floors.rs.txt")).expect("the table of the fixture");
    let source = Source::parse(path, fixture).expect("the fixture is Rust");
    let expected: Vec<_> = fixture
        .lines()
        .enumerate()
        .flat_map(|(at, line)| line.split("//~ ").skip(1).map(move |words| Fault::at(at + 1, words.trim())))
        .collect();
    let found = rule(&floors, &source);
    assert_eq!(found, expected, "{path}");
    let exempt = Source::parse("src/proof/suite/tests.rs", fixture).expect("the fixture is Rust");
    if [LAYERS, PURITY, ANYHOW, QUIET].iter().any(|inner| std::ptr::fn_addr_eq(*inner, rule)) {
        assert_eq!(rule(&floors, &exempt), [], "a file of tests is free of this rule");
    }
}

#[test]
fn an_import_upwards_is_a_fault() {
    check(LAYERS, "src/proof/suite/mod.rs", include_str!("../fixtures/tidy/upward.rs.txt"));
    check(LAYERS, "src/proof/suite/mod.rs", include_str!("../fixtures/tidy/downward.rs.txt"));
    check(LAYERS, "src/main.rs", "//! Main.\nuse assay::cli;\nfn main() { cli::run(); crate::helper(); }\n");
}

#[test]
fn a_pure_floor_does_nothing_but_judge() {
    check(PURITY, "src/proof/mod.rs", include_str!("../fixtures/tidy/impure.rs.txt"));
    check(PURITY, "src/proof/mod.rs", include_str!("../fixtures/tidy/pure.rs.txt"));
    let unmarked: String = include_str!("../fixtures/tidy/impure.rs.txt").replace("//~ ", "// ");
    check(PURITY, "src/store/mod.rs", &unmarked);
}

#[test]
fn anyhow_stays_on_the_terminal() {
    check(ANYHOW, "src/service/mod.rs", include_str!("../fixtures/tidy/anyhow.rs.txt"));
    for home in ["src/cli/verify.rs", "src/main.rs"] {
        check(ANYHOW, home, &include_str!("../fixtures/tidy/anyhow.rs.txt").replace("//~ ", "// "));
    }
}

#[test]
fn only_the_terminal_is_printed_to() {
    check(QUIET, "src/service/mod.rs", include_str!("../fixtures/tidy/prints.rs.txt"));
    check(QUIET, "src/cli/verify.rs", &include_str!("../fixtures/tidy/prints.rs.txt").replace("//~ ", "// "));
}

#[test]
fn a_file_outgrows_its_limit_by_code_alone() {
    let code = |lines: usize| "const A: u8 = 1;\n".repeat(lines);
    let tests = format!("#[cfg(test)]\nmod tests {{\n{}}}\n", code(50));
    let around = |lines: usize| format!("//! Head.\n\n// why\n/// What\n{}\n{tests}", code(lines));
    check(SIZE, "src/proof/mod.rs", &around(400));
    let source = around(401);
    let long = Source::parse("src/proof/mod.rs", &source).expect("Rust");
    assert_eq!(manners::too_long(&long), [Fault::at(1, "has 401 lines of code, 400 are the limit")]);
    let text = format!("//! Head.\nconst A: &str = \"{}\";\n", "\n".repeat(400));
    let string = Source::parse("src/proof/mod.rs", &text).expect("Rust");
    assert_eq!(manners::too_long(&string), [Fault::at(1, "has 401 lines of code, 400 are the limit")]);
    check(SIZE, "src/proof/tests.rs", &around(500));
}

#[test]
fn lints_and_tests_are_not_silenced() {
    check(ATTRIBUTES, "src/proof/mod.rs", include_str!("../fixtures/tidy/silenced.rs.txt"));
    check(ATTRIBUTES, "src/proof/mod.rs", include_str!("../fixtures/tidy/expected.rs.txt"));
}

#[test]
fn nothing_is_left_for_later() {
    check(FINISHED, "src/proof/mod.rs", include_str!("../fixtures/tidy/unfinished.rs.txt"));
    check(FINISHED, "src/proof/mod.rs", include_str!("../fixtures/tidy/finished.rs.txt"));
}

#[test]
fn nothing_that_stands_still_holds_others_up() {
    let fixture = include_str!("../fixtures/tidy/waiting.rs.txt");
    check(WAITING, "src/store/engine/sled/mod.rs", fixture);
    let elsewhere = fixture.replace("//~ futures queue for `Semaphore`", "//");
    check(WAITING, "src/workers/clock.rs", &elsewhere);
    check(WAITING, "src/cli/serve.rs", &fixture.replace("//~ ", "// "));
}

#[test]
fn a_file_says_first_what_is_here() {
    check(HEADED, "src/proof/mod.rs", "use std::fmt; //~ does not begin with a `//!` line\n");
    check(HEADED, "src/proof/mod.rs", "/// Not this one. //~ does not begin with a `//!` line\nconst A: u8 = 1;\n");
    check(HEADED, "src/proof/mod.rs", "//! Proofs.\n\nconst A: u8 = 1;\n");
}

pub(crate) fn rust_files(folder: &Path) -> Vec<std::path::PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.expect("a readable folder").path();
        if path.is_dir() && path.file_name().is_some_and(|name| name != "node_modules" && name != "target") {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
