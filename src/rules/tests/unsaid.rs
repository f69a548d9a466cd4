//! What a requirement asks and a result does not say is missing: neither passed nor an attempt.

use super::*;
use crate::program::Particular;

/// One requirement `x` that can be tried once.
fn asking(kind: &str, more: &str) -> Program {
    let attempts = if kind == "training" { "" } else { "attempts = 1\n" };
    program("", &format!("[[certification.requirement]]\nid = \"x\"\nkind = {kind:?}\n{attempts}{more}"))
}

/// The codes of what is unmet, or `awarded`.
fn codes(p: &Program, results: &[RecordedResult]) -> Vec<String> {
    match decided(p, results, &[], at("2026-11-30")) {
        Decision::Withhold(unmet) => {
            unmet.iter().map(|unmet| serde_json::to_value(unmet.code).unwrap().as_str().unwrap().to_owned()).collect()
        }
        Decision::Award(_) => vec!["awarded".to_owned()],
        other => vec![format!("{other:?}")],
    }
}

#[test]
fn what_is_not_said_is_missing_and_what_is_too_weak_is_an_attempt() {
    let rubric = "rubric = [{ id = \"style\", name = \"Style\", pass = 50 }]";
    for (kind, more, silent, weak, enough, code) in [
        ("exam", "pass = 85", "x passed -", "x passed 84.9", "x passed 85", "score-missing"),
        ("review", "pass = 60", "x passed -", "x passed 59", "x passed 60", "score-missing"),
        ("review", rubric, "x passed 90", "x passed 90 DAY style=49", "x passed 90 DAY style=50", "rubric-incomplete"),
        (
            "exam",
            "proctoring = \"live\"",
            "x passed -",
            "x passed - DAY proctoring=self",
            "x passed - DAY proctoring=live",
            "proctoring-missing",
        ),
        (
            "review",
            "by = \"peer\"",
            "x passed -",
            "x passed - DAY by=assessor",
            "x passed - DAY by=peer",
            "reviewer-missing",
        ),
        ("evidence", "", "x passed -", "x failed - DAY evidence=a", "x passed - DAY evidence=a", "evidence-missing"),
    ] {
        let on = |text: &str, day: &str| {
            result(&if text.contains("DAY") { text.replace("DAY", day) } else { format!("{text} {day}") })
        };
        let p = asking(kind, more);
        assert_eq!(codes(&p, &[on(silent, "2026-11-01")]), [code], "{kind} {more}");
        let then = [on(silent, "2026-11-01"), on(enough, "2026-11-02")];
        assert_eq!(codes(&p, &then), ["awarded"], "the only attempt is not burnt: {kind} {more}");
        let burnt = [on(weak, "2026-11-01"), on(enough, "2026-11-02")];
        assert!(codes(&p, &burnt).contains(&"attempts-used-up".to_owned()), "{kind} {more}");
        let trusted = RecordedResult { vouched: Particular::ALL.to_vec(), ..on(silent, "2026-11-01") };
        assert_eq!(codes(&p, &[trusted]), ["awarded"], "{kind} {more}");
        let weak_and_trusted = RecordedResult { vouched: Particular::ALL.to_vec(), ..on(weak, "2026-11-01") };
        assert_ne!(codes(&p, &[weak_and_trusted]), ["awarded"], "what is said counts: {kind} {more}");
    }
}

#[test]
fn whoever_failed_has_said_enough() {
    let p = asking("exam", "pass = 85\nproctoring = \"live\"");
    assert_eq!(codes(&p, &[result("x failed - 2026-11-01")]), ["exam-not-passed", "attempts-used-up"]);
    assert_eq!(codes(&p, &[result("x passed 60 2026-11-01")]), ["below-pass-mark", "attempts-used-up"]);
    let both = codes(&p, &[result("x passed - 2026-11-01")]);
    assert_eq!(both, ["score-missing", "proctoring-missing"], "all that is missing is said");
}

#[test]
fn hours_are_said_or_taken_on_trust() {
    let p = asking("training", "hours = 4");
    assert_eq!(codes(&p, &[result("x completed - 2026-11-01")]), ["hours-missing"]);
    assert_eq!(codes(&p, &[result("x completed - 2026-11-01 minutes=30")]), ["too-few-hours"]);
    let trusted = RecordedResult { vouched: vec![Particular::Hours], ..result("x completed - 2026-11-01") };
    assert_eq!(codes(&p, &[trusted]), ["awarded"]);
    let other = RecordedResult { vouched: vec![Particular::Score], ..result("x completed - 2026-11-01") };
    assert_eq!(codes(&p, &[other]), ["hours-missing"]);
}

#[test]
fn nothing_is_asked_by_default() {
    for kind in ["exam", "training", "review"] {
        assert_eq!(codes(&asking(kind, ""), &[result("x passed - 2026-11-01")]), ["awarded"], "{kind}");
    }
    assert_eq!(codes(&asking("exam", "pass = 0"), &[result("x passed - 2026-11-01")]), ["awarded"]);
}
