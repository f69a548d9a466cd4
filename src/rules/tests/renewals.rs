//! Tables of renewals: early, in grace, streamlined, after a lapse, by a higher certification, and after errors.

use super::attempts::granted;
use super::*;

const CYCLE: &str = r#"
    [[certification.requirement]]
    id = "sales-101"
    kind = "training"
    [[certification.requirement]]
    id = "exam"
    kind = "exam"
    after = ["sales-101"]
    pass = 70
    attempts = 2
    wait = "7d"
    [[certification.requirement]]
    id = "annual-update"
    kind = "training"
    first = false
    [certification.renewal]
    window = "90d"
    any_of = [["exam"], ["annual-update"]]
    late_any_of = [["exam"]]
    grace = "30d"
    streamlined = "90d"
"#;

/// What was held before: earned on 1 December 2025, until 1 December 2026.
fn running() -> Award {
    award("2025-12-01", Some("2026-12-01T22:59:59Z"))
}

fn renewal(award: &Award, facts: &[&str], now: &str, history: bool) -> Vec<String> {
    let p = program("validity = \"1y\"", CYCLE);
    let mut results = vec![result("sales-101 completed - 2025-11-20"), result("exam passed 90 2025-12-01")];
    results.extend(facts.iter().filter(|f| !f.starts_with('+')).map(|f| result(f)));
    let exceptions = facts.iter().filter_map(|f| f.strip_prefix("+ ")).map(granted).collect();
    let standing = Standing { results, exceptions, award: Some(award.clone()), ..standing() };
    said(&decide(&Question { history, ..question(&p, &standing, &[], at(now)) }))
}

#[track_caller]
fn check(facts: &[&str], now: &str, expected: &[&str]) {
    assert_eq!(renewal(&running(), facts, now, false), expected, "{facts:?}");
}

#[test]
fn early_late_and_too_late() {
    let kept = "renewed: awarded 2025-12-01 until 2027-12-01T22:59:59+00:00";
    check(&[], "2026-11-20", &["recorded"]);
    check(&["annual-update completed - 2026-09-01T21:59:59Z"], "2026-11-20", &["recorded"]);
    check(&["annual-update completed - 2026-09-01T22:00:00Z"], "2026-11-20", &[kept]);
    check(&["exam passed 70 2026-10-01"], "2026-11-20", &[kept]);
    check(&["exam failed 60 2026-10-01"], "2026-11-20", &["recorded"]);
    check(&["exam failed 60 2026-10-01", "exam passed 80 2026-10-07"], "2026-11-20", &["recorded"]);
    check(&["exam failed 60 2026-10-01", "exam passed 80 2026-10-08"], "2026-11-20", &[kept]);
    check(&["annual-update completed - 2026-12-01T22:59:59Z"], "2026-12-20", &[kept]);
    check(
        &["annual-update completed - 2026-12-20"],
        "2026-12-21",
        &["renewed: awarded 2025-12-01 until 2027-12-20T22:59:59+00:00"],
    );
    check(&["annual-update completed - 2027-01-15"], "2027-01-16", &["Exam is not passed yet."]);
    check(
        &["exam passed 80 2027-01-15"],
        "2027-01-16",
        &["renewed: awarded 2025-12-01 until 2028-01-15T22:59:59+00:00"],
    );
    check(
        &["exam passed 80 2027-03-02"],
        "2027-03-02",
        &[
            "Training \"Sales 101\" is not completed yet.",
            "Exam: \"Sales 101\" must come first; it was taken on 2027-03-02, before that.",
        ],
    );
    check(
        &["sales-101 completed - 2027-03-01", "exam passed 80 2027-03-02"],
        "2027-03-02",
        &["renewed: awarded 2027-03-02 until 2028-03-02T22:59:59+00:00"],
    );
}

#[test]
fn attempts_run_on_until_a_pass_or_a_newly_earned_term() {
    let kept = "renewed: awarded 2025-12-01 until 2027-12-01T22:59:59+00:00";
    let failed = ["exam failed 10 2026-10-01", "exam failed 20 2026-10-08"];
    check(&[failed[0], failed[1], "exam passed 80 2026-11-01"], "2026-11-20", &["recorded"]);
    check(
        &[failed[0], failed[1], "exam passed 80 2026-11-01", "+ attempt exam 2026-10-31"],
        "2026-11-20",
        &["renewed: awarded 2025-12-01 until 2027-12-01T22:59:59+00:00"],
    );
    check(
        &["sales-101 completed - 2026-12-02", failed[0], failed[1], "exam passed 80 2027-03-05"],
        "2027-03-06",
        &["Exam: all 2 attempts are used up; another one must be granted."],
    );
    let passed = "exam passed 80 2026-06-01";
    check(&["exam failed 10 2026-05-01", passed, failed[0], "exam passed 80 2026-10-09"], "2026-11-20", &[kept]);
}

#[test]
fn waivers_and_awards_by_hand_renew_what_they_were_granted_for() {
    let kept = "renewed: awarded 2025-12-01 until 2027-12-01T22:59:59+00:00";
    check(&["+ waive exam 2025-11-30"], "2026-11-20", &["recorded"]);
    check(&["+ waive exam 2026-06-01"], "2026-11-20", &[kept]);
    check(&["+ waive exam 2026-06-01"], "2026-08-20", &["recorded"]);
    check(&["+ by-hand - 2026-10-01"], "2026-11-20", &["recorded"]);
    check(&["+ by-hand - 2027-01-20"], "2027-01-21", &["renewed: awarded 2025-12-01 until 2028-01-20T22:59:59+00:00"]);
    check(&["+ by-hand - 2027-04-01"], "2027-04-02", &["renewed: awarded 2027-04-01 until 2028-04-01T21:59:59+00:00"]);
}

#[test]
fn what_is_heard_of_late_is_made_up_for() {
    let updates = ["annual-update completed - 2026-11-01", "annual-update completed - 2027-11-01"];
    check(&updates, "2028-01-10", &["renewed: awarded 2025-12-01 until 2028-12-01T22:59:59+00:00"]);
    assert_eq!(
        renewal(&running(), &updates, "2028-01-10", true),
        ["renewed: awarded 2025-12-01 until 2027-12-01T22:59:59+00:00"],
        "history is imported step by step"
    );
}

#[test]
fn what_does_not_run_is_not_renewed() {
    let facts = ["exam passed 80 2026-11-01"];
    let after = |what: Happening| {
        let mut award = running();
        award.history.push(entry(what, "2026-10-15"));
        renewal(&award, &facts, "2026-11-20", false)
    };
    let suspended = "Certified Sales Associate is suspended since 15 October 2026.";
    assert_eq!(after(Happening::Suspended { reason: Reason::Other }), [suspended]);
    let revoked = "Certified Sales Associate was revoked on 15 October 2026, which is final.";
    assert_eq!(after(Happening::Revoked { reason: Reason::Other }), [revoked]);
    assert_eq!(renewal(&award("2025-12-01", None), &facts, "2026-11-20", false), ["recorded"]);
}

#[test]
fn what_was_issued_in_error_can_be_earned_by_what_is_recorded_later() {
    let mut award = running();
    award.history.push(entry(Happening::Revoked { reason: Reason::IssuedInError }, "2026-10-15"));
    let missing = ["Training \"Sales 101\" is not completed yet.", "Exam is not passed yet."];
    assert_eq!(renewal(&award, &[], "2026-11-20", false), missing);
    assert_eq!(
        renewal(&award, &["sales-101 completed - 2026-10-16", "exam passed 80 2026-11-01"], "2026-11-20", false),
        ["awarded 2026-11-01 until 2027-11-01T22:59:59+00:00"]
    );
    assert_eq!(
        renewal(&award, &["+ by-hand - 2026-11-02"], "2026-11-20", false),
        ["awarded 2026-11-02 until 2027-11-02T22:59:59+00:00"]
    );
}

#[test]
fn a_certification_that_closed_is_not_renewed_and_an_extension_shuts_nothing_out() {
    let p = program("validity = \"1y\"\ncloses = 2026-10-31", CYCLE);
    let outcome = |award: Award, text: &str, now: &str| {
        let standing = Standing { results: vec![result(text)], award: Some(award), ..standing() };
        said(&decide(&question(&p, &standing, &[], at(now))))
    };
    let (in_time, late) = ("annual-update completed - 2026-10-31", "annual-update completed - 2026-11-01");
    assert_eq!(
        outcome(running(), in_time, "2026-11-20"),
        ["renewed: awarded 2025-12-01 until 2027-12-01T22:59:59+00:00"]
    );
    assert_eq!(outcome(running(), late, "2026-11-20"), ["recorded"]);
    let mut extended = running();
    let until = Some(at("2027-06-01T21:59:59Z"));
    let number = CredentialVersion(2);
    let version =
        VersionEntry { number, kind: VersionKind::Extension, valid_until: until, ..extended.versions[0].clone() };
    extended.versions.push(version);
    extended.history.push(entry(Happening::Extended { version: number }, "2026-11-10"));
    assert_eq!(
        outcome(extended, "annual-update completed - 2026-09-10", "2026-11-20"),
        ["renewed: awarded 2025-12-01 until 2028-06-01T21:59:59+00:00"]
    );
}

#[test]
fn after_a_missed_recertification_only_the_full_path_is_left() {
    let mut award = running();
    award.history.push(entry(Happening::Expired, "2026-06-01"));
    let missing = ["Training \"Sales 101\" is not completed yet.", "Exam is not passed yet."];
    assert_eq!(renewal(&award, &["annual-update completed - 2026-11-01"], "2026-11-20", false), missing);
    assert_eq!(
        renewal(&award, &["sales-101 completed - 2026-06-10", "exam passed 80 2026-06-20"], "2026-11-20", false),
        ["renewed: awarded 2026-06-20 until 2027-06-20T21:59:59+00:00"]
    );
}

#[test]
fn a_higher_certification_renews_the_lower_one() {
    let p = program("renews = [\"before\"]", USUAL);
    let along = |award: Award, now: &str| {
        let held = [Held { certification: "before".parse().unwrap(), award }];
        let terms = renewed_along(&p, &p.certifications[0], &held, at(now));
        terms.iter().map(|(id, term)| format!("{id} {}", awarded(term))).collect::<Vec<_>>()
    };
    let lower = || super::award("2026-01-01", Some("2026-12-31T22:59:59Z"));
    assert_eq!(along(lower(), "2026-06-01"), ["before awarded 2026-01-01 until 2027-06-01T21:59:59+00:00"]);
    assert_eq!(along(lower(), "2027-01-20"), ["before awarded 2026-01-01 until 2028-01-20T22:59:59+00:00"], "in grace");
    assert!(along(lower(), "2027-02-01").is_empty(), "lapsed");
    assert!(along(super::award("2026-01-01", Some("2028-12-31T22:59:59Z")), "2026-06-01").is_empty(), "ends later");
    assert!(along(super::award("2026-01-01", None), "2026-06-01").is_empty());
    let mut suspended = lower();
    suspended.history.push(entry(Happening::Suspended { reason: Reason::Other }, "2026-05-01"));
    assert!(along(suspended, "2026-06-01").is_empty());
}
