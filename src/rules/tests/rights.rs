//! Tables of what persons may do.

use super::*;

const RIGHTS: &str = r#"
    [[certification.requirement]]
    id = "basics"
    kind = "training"
    unlocks = ["sandbox"]
    [[certification.requirement]]
    id = "exam"
    kind = "exam"
    [[certification.requirement]]
    id = "annual-update"
    kind = "training"
    first = false
    unlocks = ["preview"]
    [certification.renewal]
    window = "90d"
    any_of = [["annual-update"]]
    grace = "30d"
    rights_in_grace = GRACE
    [[right]]
    id = "sandbox"
    name = "Sandbox"
    of = "person"
    [[right]]
    id = "preview"
    name = "Preview"
    of = "person"
    [[right]]
    id = "demos"
    name = "Demos"
    of = "person"
    [[right]]
    id = "portal"
    name = "Portal"
    of = "firm"
    [[right]]
    id = "stage"
    name = "Stage"
    of = "person"
    require = [{ people = 1, certification = "c" }]
    [[right]]
    id = "unused"
    name = "Unused"
    of = "person"
"#;

fn rights(grace: bool, validity: &str) -> Program {
    let extra = format!("unlocks = [\"demos\", \"sandbox\", \"portal\", \"stage\"]\n{validity}");
    program(&extra, &RIGHTS.replace("GRACE", &grace.to_string()))
}

const YEAR: &str = "validity = \"1y\"";

fn running() -> Award {
    award("2025-12-01", Some("2026-12-01T22:59:59Z"))
}

fn changed(what: Happening, when: &str) -> Award {
    let mut award = running();
    award.history.push(entry(what, when));
    award
}

fn seen(program: &Program, award: Option<Award>, results: &[&str], now: &str) -> Vec<Outlook> {
    let standing = Standing { results: results.iter().map(|r| result(r)).collect(), award, ..standing() };
    vec![outlook(&question(program, &standing, &[], at(now)))]
}

/// `sandbox by basics until …`.
fn words(held: &RightHeld) -> String {
    let by = held.requirement.as_ref().map(|step| format!(" by {step}")).unwrap_or_default();
    let until = held.until.map(|until| format!(" until {}", until.date_naive())).unwrap_or_default();
    format!("{}{by}{until}{}", held.right, if held.in_grace { " in grace" } else { "" })
}

#[track_caller]
fn check(grace: bool, award: Option<Award>, results: &[&str], now: &str, expected: &[&str]) {
    let p = rights(grace, YEAR);
    let outlooks = seen(&p, award, results, now);
    let held: Vec<String> = rights_of_person(&p, &outlooks).iter().map(words).collect();
    assert_eq!(held, expected, "{now}");
}

#[test]
fn steps_unlock_before_the_award_and_the_award_until_it_ends() {
    check(false, None, &[], "2026-11-20", &[]);
    check(false, None, &["exam passed 80 2026-11-19"], "2026-11-20", &[]);
    check(false, None, &["basics completed - 2026-11-19"], "2026-11-20", &["sandbox by basics"]);
    let valid = ["demos until 2026-12-01", "sandbox until 2026-12-01"];
    check(false, Some(running()), &[], "2026-06-01", &valid);
    check(false, Some(running()), &[], "2026-12-01T22:59:59Z", &valid);
    check(false, Some(running()), &[], "2026-12-01T23:00:00Z", &[]);
}

#[test]
fn rights_go_on_in_grace_only_where_the_program_says_so() {
    let in_grace = ["demos until 2026-12-31 in grace", "sandbox until 2026-12-31 in grace"];
    check(true, Some(running()), &[], "2026-12-02", &in_grace);
    check(true, Some(running()), &[], "2026-12-31T22:59:59Z", &in_grace);
    check(true, Some(running()), &[], "2026-12-31T23:00:00Z", &[]);
    check(false, Some(running()), &[], "2026-12-02", &[]);
}

#[test]
fn the_grace_of_a_missed_recertification_begins_when_it_was_missed() {
    let mut award = running();
    award.demands = vec![Demand {
        id: "suite-9".into(),
        kind: DemandKind::Recertification,
        paths: vec![vec!["annual-update".parse().unwrap()]],
        opens: at("2026-03-01"),
        due: at("2026-05-01T21:59:59Z"),
        cutoff: at("2026-05-01T21:59:59Z"),
        remedy: None,
        placed_at: at("2026-03-01"),
        program: 1,
        met: None,
    }];
    let in_grace = ["demos until 2026-05-31 in grace", "sandbox until 2026-05-31 in grace"];
    check(true, Some(award.clone()), &[], "2026-05-02", &in_grace);
    check(true, Some(award.clone()), &[], "2026-06-02", &[]);
    check(false, Some(award), &[], "2026-05-02", &[]);
}

#[test]
fn nothing_is_unlocked_while_suspended_or_once_revoked() {
    for happening in [Happening::Suspended { reason: Reason::Other }, Happening::Revoked { reason: Reason::Other }] {
        let award = changed(happening, "2026-03-01");
        check(true, Some(award.clone()), &["basics completed - 2026-02-01"], "2026-04-01", &[]);
        check(true, Some(award), &[], "2026-02-01", &["demos until 2026-12-01", "sandbox until 2026-12-01"]);
    }
}

#[test]
fn a_step_of_renewal_unlocks_for_those_who_went_it() {
    let held = ["demos until 2026-12-01", "sandbox until 2026-12-01"];
    check(false, Some(running()), &[], "2026-10-02", &held);
    let more = [held[0], held[1], "preview until 2026-12-01"];
    check(false, Some(running()), &["annual-update completed - 2026-10-01"], "2026-10-02", &more);
}

#[track_caller]
fn asked(right: &str, award: Option<Award>, results: &[&str], now: &str, expected: &str) {
    let grace = expected.contains("go on");
    let p = rights(grace, if expected.contains("does not") { "" } else { YEAR });
    let right = p.rights.iter().find(|r| r.id.as_str() == right).unwrap();
    let outlooks = seen(&p, award, results, now);
    let decided = right_of_person(&p, right, &outlooks);
    assert_eq!(decided.words, expected);
    assert_eq!(
        (decided.granted, decided.because.is_some()),
        (expected.starts_with("Yes"), expected.starts_with("Yes"))
    );
    assert_eq!(decided.until, decided.because.and_then(|held| held.until));
}

#[test]
fn one_right_is_decided_in_words() {
    let c = "Certified Sales Associate";
    let suspended = changed(Happening::Suspended { reason: Reason::Other }, "2026-03-01");
    let revoked = changed(Happening::Revoked { reason: Reason::Other }, "2026-03-01");
    let basics = ["basics completed - 2026-11-19"];
    for (right, award, results, now, expected) in [
        ("demos", Some(running()), &[][..], "2026-06-01", format!("Yes: {c} is valid until 1 December 2026.")),
        (
            "demos",
            Some(award("2025-12-01", None)),
            &[],
            "2026-06-01",
            format!("Yes: {c} is valid and does not expire."),
        ),
        ("sandbox", None, &basics, "2026-11-20", format!("Yes: Basics, a step towards {c}, is completed.")),
        (
            "demos",
            Some(running()),
            &[],
            "2026-12-05",
            format!("Yes: {c} expired on 1 December 2026; its rights go on until 31 December 2026."),
        ),
        ("demos", Some(running()), &[], "2026-12-05", format!("No: {c} expired on 1 December 2026.")),
        ("demos", Some(running()), &[], "2028-12-05", format!("No: {c} expired on 1 December 2026.")),
        ("demos", Some(suspended), &[], "2026-06-01", format!("No: {c} is suspended since 1 March 2026.")),
        ("demos", Some(revoked), &[], "2026-06-01", format!("No: {c} was revoked on 1 March 2026.")),
        (
            "demos",
            None,
            &basics,
            "2026-11-20",
            format!("No: {c} is not held, and no step is completed that unlocks it."),
        ),
        (
            "preview",
            Some(running()),
            &[],
            "2026-06-01",
            format!("No: {c} is held, but not the step completed that unlocks it."),
        ),
        ("portal", Some(running()), &[], "2026-06-01", "No: Portal is a right of firms, not of persons.".to_owned()),
        ("stage", Some(running()), &[], "2026-06-01", "No: Stage takes more than an award of one person.".to_owned()),
        ("unused", None, &[], "2026-06-01", "No: no certification unlocks Unused.".to_owned()),
    ] {
        asked(right, award, results, now, &expected);
    }
}

#[test]
fn where_nothing_was_reported_the_words_name_what_it_takes() {
    let p = rights(false, YEAR);
    let decided = right_of_person(&p, p.rights.iter().find(|r| r.id.as_str() == "demos").unwrap(), &[]);
    assert_eq!(decided.words, "No: it takes Certified Sales Associate, which is not held.");
}
