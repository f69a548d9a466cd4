//! Tables of attempts, waits, and what is granted beside them.

use super::*;
use crate::id::ExceptionId;

/// An exam after a training, of which `exam` says more.
fn with_exam(exam: &str) -> Program {
    program(
        "",
        &format!(
            "[[certification.requirement]]\nid = \"sales-101\"\nkind = \"training\"\n\
             [[certification.requirement]]\nid = \"exam\"\nkind = \"exam\"\nafter = [\"sales-101\"]\npass = 70\n{exam}"
        ),
    )
}

/// `waive exam 2026-11-20`, `attempt exam 2026-11-20`, `by-hand - 2026-11-20`, `approve anna 2026-11-20`.
pub(super) fn granted(text: &str) -> Exception {
    let words: Vec<&str> = text.split(' ').collect();
    let kind = match words[0] {
        "waive" => ExceptionKind::Waive { requirement: words[1].parse().unwrap() },
        "attempt" => ExceptionKind::Attempt { requirement: words[1].parse().unwrap() },
        "by-hand" => ExceptionKind::AwardByHand,
        _ => ExceptionKind::Approve,
    };
    let id = ExceptionId::new(at(words[2]), &CountedIds::default());
    let by = words[1].to_owned();
    Exception { id, kind, by, at: at(words[2]), needs_second: false, second: None, withdrawn_at: None }
}

/// Decides about `facts` (results, and exceptions marked with `+`) on the day `now`, after the training of 1 November.
#[track_caller]
fn check(program: &Program, facts: &[&str], now: &str, expected: &[&str]) {
    let exceptions = facts.iter().filter_map(|f| f.strip_prefix("+ ")).map(granted).collect();
    let mut results = vec![result("sales-101 completed - 2026-11-01")];
    results.extend(facts.iter().filter(|f| !f.starts_with('+')).map(|f| result(f)));
    let standing = Standing { results, exceptions, ..standing() };
    let said = said(&decide(&question(program, &standing, &[], at(now))));
    assert_eq!(said, expected);
    let backwards = Standing { results: standing.results.iter().rev().cloned().collect(), ..standing };
    assert_eq!(super::said(&decide(&question(program, &backwards, &[], at(now)))), expected, "the other way round");
}

#[test]
fn three_attempts_with_a_week_between_them() {
    let p = with_exam("attempts = 3\nwait = \"7d\"");
    let (first, second, third) =
        ("exam failed 68 2026-11-20", "exam failed 60 2026-11-27", "exam failed 69 2026-12-04");
    check(
        &p,
        &[first],
        "2026-11-21",
        &["Exam: 68 % reported, 70 % needed. Attempt 1 of 3; the next may be taken from 27 November 2026."],
    );
    check(&p, &[first, "exam passed 70 2026-11-27"], "2026-11-28", &["awarded 2026-11-27 until ever"]);
    check(
        &p,
        &[first, "exam passed 90 2026-11-26"],
        "2026-11-28",
        &["Exam: taken on 26 November 2026, before the waiting period was over, so it does not count; \
           the next may be taken from 27 November 2026."],
    );
    check(
        &p,
        &[first, "exam passed 90 2026-11-26T22:59:59Z", "exam passed 90 2026-11-26T23:00:00Z"],
        "2026-11-28",
        &["awarded 2026-11-26 until ever"],
    );
    check(
        &p,
        &[first, "exam failed 50 2026-11-26", second],
        "2026-11-28",
        &["Exam: 60 % reported, 70 % needed. Attempt 2 of 3; the next may be taken from 4 December 2026."],
    );
    check(
        &p,
        &[first, second, third],
        "2026-12-05",
        &[
            "Exam: 69 % reported, 70 % needed. Attempt 3 of 3.",
            "Exam: all 3 attempts are used up; another one must be granted.",
        ],
    );
    check(
        &p,
        &[first, second, third, "exam passed 99 2027-06-01"],
        "2027-06-02",
        &["Exam: all 3 attempts are used up; another one must be granted."],
    );
    check(&p, &[first, second, "exam passed 71 2026-12-04"], "2026-12-05", &["awarded 2026-12-04 until ever"]);
}

#[test]
fn an_attempt_that_is_granted_counts_at_once() {
    let p = with_exam("attempts = 2\nwait = \"14d\"");
    let failed = ["exam failed 10 2026-11-02", "exam failed 20 2026-11-16"];
    let used_up = [failed[0], failed[1], "exam passed 80 2026-11-18"];
    check(&p, &used_up, "2026-11-19", &["Exam: all 2 attempts are used up; another one must be granted."]);
    let granted = [&used_up[..], &["+ attempt exam 2026-11-17"]].concat();
    check(&p, &granted, "2026-11-19", &["awarded 2026-11-18 until ever"]);
    let too_late = [&used_up[..], &["+ attempt exam 2026-11-19"]].concat();
    check(
        &p,
        &too_late,
        "2026-11-20",
        &["Exam: taken on 18 November 2026, when no attempt was left, so it does not count; \
           the next may be taken from 19 November 2026."],
    );
    check(
        &p,
        &[failed[0], failed[1], "+ attempt exam 2026-11-17", "exam failed 30 2026-11-18"],
        "2026-11-19",
        &[
            "Exam: 30 % reported, 70 % needed. Attempt 3 of 3.",
            "Exam: all 3 attempts are used up; another one must be granted.",
        ],
    );
    check(
        &p,
        &[failed[0], "+ attempt exam 2026-11-03", "exam failed 30 2026-11-04"],
        "2026-11-05",
        &["Exam: 30 % reported, 70 % needed. Attempt 2 of 3; the next may be taken from 18 November 2026."],
    );
    check(
        &p,
        &[failed[0], failed[1], "+ attempt exam 2026-11-17"],
        "2026-11-18",
        &["Exam: 20 % reported, 70 % needed. Attempt 2 of 2; the next may be taken from 17 November 2026."],
    );
}

#[test]
fn after_the_last_attempt_all_begins_anew_or_a_wait_does() {
    let p = with_exam("attempts = 1\nwait = \"30d\"\nthen = \"restart\"");
    let failed = "exam failed 10 2026-11-20";
    check(
        &p,
        &[failed],
        "2026-11-21",
        &[
            "Training \"Sales 101\" is not completed yet.",
            "Exam: 10 % reported, 70 % needed. Attempt 1 of 1.",
            "Exam: the only attempt is used up. The whole path begins anew; the next may be taken from 20 December 2026.",
        ],
    );
    check(
        &p,
        &[failed, "exam passed 80 2026-12-20"],
        "2026-12-21",
        &[
            "Training \"Sales 101\" is not completed yet.",
            "Exam: \"Sales 101\" must come first; it was taken on 2026-12-20, before that.",
        ],
    );
    let again = "sales-101 completed - 2026-11-25";
    check(&p, &[failed, again, "exam passed 80 2026-12-20"], "2026-12-21", &["awarded 2026-12-20 until ever"]);
    check(
        &p,
        &[failed, again, "exam passed 80 2026-12-19"],
        "2026-12-21",
        &["Exam: taken on 19 December 2026, before the waiting period was over, so it does not count; \
           the next may be taken from 20 December 2026."],
    );
    let p = with_exam("attempts = 2\nthen = \"60d\"");
    let failed = ["exam failed 10 2026-11-20", "exam failed 10 2026-11-20T13:00:00Z"];
    check(
        &p,
        &failed[..1],
        "2026-11-21",
        &["Exam: 10 % reported, 70 % needed. Attempt 1 of 2; the next may be taken at once."],
    );
    check(
        &p,
        &failed,
        "2026-11-21",
        &[
            "Exam: 10 % reported, 70 % needed. Attempt 2 of 2.",
            "Exam: all 2 attempts are used up; the next may be taken from 19 January 2027.",
        ],
    );
    check(
        &p,
        &[failed[0], failed[1], "exam failed 60 2027-01-19"],
        "2027-01-20",
        &["Exam: 60 % reported, 70 % needed. Attempt 1 of 2; the next may be taken at once."],
    );
    check(
        &p,
        &[failed[0], failed[1], "exam passed 80 2027-01-18"],
        "2027-01-20",
        &["Exam: taken on 18 January 2027, when no attempt was left, so it does not count; \
           the next may be taken from 19 January 2027."],
    );
}

#[test]
fn facts_say_what_the_words_say() {
    let p = with_exam("attempts = 3\nwait = \"7d\"");
    let standing = Standing {
        results: vec![result("sales-101 completed - 2026-11-01"), result("exam failed 68 2026-11-27")],
        ..standing()
    };
    let Decision::Withhold(unmet) = decide(&question(&p, &standing, &[], at("2026-11-30"))) else { panic!("withheld") };
    assert_eq!(
        serde_json::to_value(&unmet[0]).unwrap(),
        serde_json::json!({
            "code": "below-pass-mark",
            "words": "Exam: 68 % reported, 70 % needed. Attempt 1 of 3; the next may be taken from 4 December 2026.",
            "facts": {
                "requirement": "exam", "have": 68, "need": 70,
                "attempt": 1, "attempts": 3, "next_attempt_from": "2026-12-04",
            },
        })
    );
}

#[test]
fn a_failure_after_the_pass_and_a_pass_out_of_order_use_up_nothing() {
    let p = with_exam("attempts = 1\nthen = \"restart\"");
    let p2 = program("approval = 1", "[[certification.requirement]]\nid = \"exam\"\nkind = \"exam\"\nattempts = 1");
    check(
        &p2,
        &["exam passed - 2026-11-20", "exam failed - 2026-11-21"],
        "2026-11-22",
        &["Certified Sales Associate must be approved by one person."],
    );
    check(
        &p,
        &["exam passed 80 2026-10-30", "exam passed 80 2026-11-20"],
        "2026-11-22",
        &["awarded 2026-11-20 until ever"],
    );
}

#[test]
fn what_is_waived_counts_as_met_from_then() {
    let p = with_exam("attempts = 1");
    check(&p, &["+ waive exam 2026-11-20"], "2026-11-21", &["awarded 2026-11-20 until ever"]);
    check(&p, &["+ waive exam 2026-11-20"], "2026-11-19", &["Exam is not passed yet."]);
    check(
        &p,
        &["exam failed 10 2026-11-10", "+ waive exam 2026-11-20"],
        "2026-11-21",
        &["awarded 2026-11-20 until ever"],
    );
    let waived = granted("waive exam 2026-11-20");
    let waits = Exception { needs_second: true, ..waived.clone() };
    let second = Some(("berta".to_owned(), at("2026-11-22")));
    let confirmed = Exception { second, ..waits.clone() };
    let withdrawn = Exception { withdrawn_at: Some(at("2026-11-21")), ..waived };
    let outcome = |exception: &Exception| {
        let results = vec![result("sales-101 completed - 2026-11-01")];
        let standing = Standing { results, exceptions: vec![exception.clone()], ..standing() };
        said(&decide(&question(&p, &standing, &[], at("2026-11-30"))))
    };
    assert_eq!(outcome(&waits), ["Exam is not passed yet."]);
    assert_eq!(outcome(&confirmed), ["awarded 2026-11-22 until ever"]);
    assert_eq!(outcome(&withdrawn), ["Exam is not passed yet."]);
}

#[test]
fn approvals_are_of_different_people_and_an_award_by_hand_asks_for_nothing() {
    let p = program("approval = 2", "[[certification.requirement]]\nid = \"exam\"\nkind = \"exam\"");
    let passed = "exam passed - 2026-11-20";
    let need = "Certified Sales Associate must be approved by 2 persons.";
    check(&p, &[passed], "2026-11-30", &[need]);
    let one = format!("{need} So far 1 did.");
    check(&p, &[passed, "+ approve anna 2026-11-21", "+ approve anna 2026-11-22"], "2026-11-30", &[&one]);
    check(
        &p,
        &[passed, "+ approve anna 2026-11-21", "+ approve berta 2026-11-22"],
        "2026-11-30",
        &["awarded 2026-11-22 until ever"],
    );
    check(
        &p,
        &[passed, "+ approve anna 2026-11-10", "+ approve berta 2026-11-11"],
        "2026-11-30",
        &["awarded 2026-11-20 until ever"],
    );
    check(&p, &["+ by-hand - 2026-11-15"], "2026-11-30", &["awarded 2026-11-15 until ever"]);
    check(&p, &["+ by-hand - 2026-12-15"], "2026-11-30", &[need, "Exam is not passed yet."]);
}

#[test]
fn rubrics_are_weighed_and_must_be_complete() {
    let rubric =
        "rubric = [{ id = \"style\", name = \"Style\", weight = 1 }, { id = \"depth\", name = \"Depth\", weight = 3 }]";
    let review = |more: &str| {
        program("", &format!("[[certification.requirement]]\nid = \"x\"\nkind = \"review\"\n{more}\n{rubric}"))
    };
    let outcome = |p: &Program, percent: Option<f64>, scores: &[(&str, f64)], by: Option<&str>| {
        let scored = RecordedResult {
            score: percent.map(of_hundred),
            rubric: scores.iter().map(|(id, score)| ((*id).to_owned(), decimal(*score))).collect(),
            by: by.map(str::to_owned),
            ..result("x passed - 2026-11-01")
        };
        said(&decided(p, &[scored], &[], at("2026-11-30")))
    };
    let p = review("pass = 60");
    let awarded = ["awarded 2026-11-01 until ever"];
    assert_eq!(outcome(&p, None, &[("style", 30.0), ("depth", 70.0)], None), awarded);
    assert_eq!(
        outcome(&p, None, &[("style", 80.0), ("depth", 50.0)], None),
        ["Review \"X\": 57.5 % reported, 60 % needed."]
    );
    assert_eq!(outcome(&p, None, &[("depth", 90.0)], None), ["Review \"X\": \"Style\" was not scored."]);
    assert_eq!(outcome(&p, Some(60.0), &[], None), awarded, "an overall score is enough");
    assert_eq!(outcome(&review(""), None, &[], None), awarded, "nothing to compare with");
    assert_eq!(outcome(&review(""), None, &[], Some("assessor")), awarded);
    assert_eq!(
        outcome(&review(""), None, &[], Some("peer")),
        ["Review \"X\": reviewed by \"peer\", by \"assessor\" needed."]
    );
    assert_eq!(outcome(&review("by = \"peer\""), None, &[], Some("peer")), awarded);
}

#[test]
fn what_is_held_back_is_under_review_in_neutral_words() {
    let p = with_exam("attempts = 3\nwait = \"7d\"");
    let held = |text: &str| RecordedResult {
        holds: vec![crate::id::HoldId::new(at("2026-11-25"), &CountedIds::default())],
        ..result(text)
    };
    let outcome = |results: &[RecordedResult]| said(&decided(&p, results, &[], at("2026-11-30")));
    let (trained, passed) = ("sales-101 completed - 2026-11-01", "exam passed 80 2026-11-20");
    let review = |what: &str| format!("{what}: what was reported is being looked into and may count later.");
    assert_eq!(outcome(&[result(trained), held(passed)]), [review("Exam")]);
    assert_eq!(outcome(&[held(trained), result(passed)]), [review("Training \"Sales 101\""), review("Exam")]);
    assert_eq!(
        outcome(&[result(trained), held("exam failed 10 2026-11-20")]),
        ["Exam is not passed yet."],
        "it would not have counted"
    );
    assert_eq!(
        outcome(&[result(trained), held(passed), result("exam passed 75 2026-11-22")]),
        ["awarded 2026-11-22 until ever"]
    );
    let void = RecordedResult { void_at: Some(at("2026-11-26")), ..held(passed) };
    assert_eq!(outcome(&[result(trained), void]), ["Exam is not passed yet."]);
}
