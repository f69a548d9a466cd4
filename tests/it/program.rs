//! The program file from outside: the fixture with twelve faults, the starter program, and arbitrary input.

use std::io::Write;

use assay::decimal::Decimal;
use assay::program::{MAX_BYTES, Program, Requirement, Theme};
use proptest::prelude::*;

const STARTER: &str = include_str!("../../templates/programs/partner-framework.toml");
const TWELVE: &str = include_str!("../fixtures/programs/twelve-faults.toml");
const TWELVE_MESSAGES: &str = include_str!("../fixtures/programs/twelve-faults.txt");

fn starter() -> Program {
    Program::parse(STARTER).unwrap_or_else(|faults| panic!("the starter program has faults:\n{faults}"))
}

#[test]
fn twelve_faults_give_twelve_messages() {
    let faults = Program::parse(TWELVE).unwrap_err();
    assert_eq!(faults.render("twelve-faults.toml"), TWELVE_MESSAGES);
    assert_eq!(faults.count(), 12);
}

#[test]
fn the_starter_program_is_the_full_framework() {
    let program = starter();
    let requirement = |certification: &str, id: &str| -> Requirement {
        let certification = program.certification(&certification.parse().unwrap()).unwrap();
        certification.requirement(&id.parse().unwrap()).unwrap().clone()
    };
    let marks =
        |track: &str| ["associate", "professional", "expert"].map(|l| requirement(&format!("{track}-{l}"), "exam"));
    for (track, passes) in
        [("sales", ["70", "75", "80"]), ("technical", ["75", "75", "80"]), ("implementation", ["70", "75", "80"])]
    {
        assert_eq!(marks(track).map(|r| r.pass.unwrap().to_string()), passes, "{track}");
        assert_eq!(marks(track).map(|r| r.attempts), [3, 2, 1], "{track}");
        assert_eq!(marks(track).map(|r| r.wait.to_string()), ["7d", "14d", "30d"], "{track}");
    }
    let terms = |c: &assay::program::Certification| (c.id.to_string(), c.validity.unwrap().to_string(), c.upkeep.len());
    let terms: Vec<_> = program.certifications.iter().map(terms).collect();
    for (id, validity, upkeep) in &terms {
        let expert = id.ends_with("-expert");
        assert_eq!((validity.as_str(), *upkeep), if expert { ("2y", 1) } else { ("1y", 0) }, "{id}");
    }
    assert_eq!(terms.len(), 10);
    for certification in &program.certifications {
        let renewal = &certification.renewal;
        assert_eq!(renewal.grace.to_string(), "30d");
        assert_eq!(renewal.streamlined.to_string(), "90d");
        assert_eq!(renewal.remind.iter().map(ToString::to_string).collect::<Vec<_>>(), ["60d", "30d", "7d"]);
        assert!(certification.blueprint.is_some() && !certification.skills.is_empty());
    }
    assert_eq!(
        program.tiers.iter().map(|t| t.name.as_str()).collect::<Vec<_>>(),
        ["Registered", "Silver", "Gold", "Platinum"]
    );
    let kinds: std::collections::BTreeSet<_> = program.accreditations.iter().map(|a| format!("{:?}", a.kind)).collect();
    assert_eq!(kinds.len(), 4);
}

#[test]
fn the_sample_certification_is_the_one_of_the_walkthrough() {
    let program = starter();
    let sales = program.certification(&"sales-associate".parse().unwrap()).unwrap();
    assert_eq!(sales.theme, Theme::Bronze);
    let ids: Vec<_> = sales.requirements.iter().map(|r| (r.id.as_str(), r.first)).collect();
    assert_eq!(ids, [("sales-101", true), ("exam", true), ("annual-update", false)]);
    assert_eq!(sales.requirements[1].after, ["sales-101".parse().unwrap()]);
    assert_eq!(sales.any_of, [["sales-101".parse().unwrap(), "exam".parse().unwrap()]]);
    assert_eq!(program.issuer.report_url, "mailto:certification@northwind.example");
}

#[test]
fn the_sample_of_the_design_parses_once_its_missing_definitions_are_added() {
    let Some(design) = design() else { return };
    let sample = design.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let faults = Program::parse(sample).unwrap_err();
    assert!(faults.list().iter().all(|f| f.message.starts_with("there is no ")), "{faults}");
    let rights = ["co-marketing", "mdf", "priority-support", "healthcare-listing"];
    let rights = rights.map(|id| format!("[[right]]\nid = \"{id}\"\nname = \"{id}\"\n")).concat();
    let others = r#"
        [[track]]
        id = "technical"
        name = "Technical"
        [[level]]
        id = "professional"
        name = "Professional"
        [[certification]]
        id = "implementation-professional"
        track = "technical"
        name = "Certified Implementer"
        description = "Leads implementations."
        criteria = "Pass the exam."
        requirement = [{ id = "exam", kind = "exam" }]
    "#;
    let program = Program::parse(&format!("{sample}\n{rights}{others}")).unwrap_or_else(|faults| panic!("{faults}"));
    let sales = &program.certifications[0];
    assert_eq!(sales.requirements[1].pass, Some(Decimal::from(70.0)));
    assert_eq!(sales.renewal.streamlined.to_string(), "90d");
}

/// The plan of the house, where it lies beside the repository; in CI it must.
fn design() -> Option<String> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/DESIGN.md");
    let design = std::fs::read_to_string(&path).ok();
    #[expect(clippy::disallowed_methods, reason = "a test asks whether it may pass over what is absent")]
    let in_ci = std::env::var_os("CI").is_some();
    if design.is_none() {
        writeln!(std::io::stderr().lock(), "skipped: no {}", path.display()).expect("standard error is open");
        assert!(!in_ci, "in CI nothing is skipped");
    }
    design
}

#[test]
fn a_file_that_is_too_large_or_too_deep_is_refused() {
    let large = "#".repeat(MAX_BYTES + 1);
    let deep = format!("a = {}{}", "[".repeat(50_000), "]".repeat(50_000));
    for (text, expected) in [(large, "at most 524288"), (deep, "nested too deeply")] {
        let faults = Program::parse(&text).unwrap_err();
        assert_eq!(faults.count(), 1);
        assert!(faults.to_string().contains(expected), "{faults}");
    }
}

#[test]
fn faults_without_end_are_counted_but_not_kept() {
    let many: String = (0..5_000).map(|n| format!("unknown-{n} = 1")).collect::<Vec<_>>().join("\n");
    let faults = Program::parse(&many).unwrap_err();
    assert_eq!(faults.list().len(), assay::program::MAX_FAULTS);
    assert_eq!(faults.count(), 5_002);
    assert!(faults.render("p.toml").ends_with("p.toml: and 4802 more\n"));
}

proptest! {
    #[test]
    fn arbitrary_text_never_panics(text in ".{0,400}") {
        let _ = Program::parse(&text);
    }

    #[test]
    fn a_mutated_program_never_panics(
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0..40usize, "[\\PC\n]{0,12}|\\[\\[|\"|= *|[0-9]{1,20}"), 1..6),
    ) {
        let mut text: Vec<char> = STARTER.chars().collect();
        for (at, cut, put) in edits {
            let at = at.index(text.len());
            let end = (at + cut).min(text.len());
            text.splice(at..end, put.chars());
        }
        let text: String = text.into_iter().collect();
        if let Err(faults) = Program::parse(&text) {
            prop_assert!(faults.count() > 0);
            prop_assert!(faults.list().iter().all(|f| f.line >= 1 && f.column >= 1 && !f.message.is_empty()));
        }
    }
}
