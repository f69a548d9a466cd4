//! Tables of first awards: what was shown, and what follows.

use super::*;

/// `results`, decided at the end of November 2026: an award with its dates, or the words of everything that is unmet.
#[track_caller]
fn check(program: &Program, results: &[&str], expected: &[&str]) {
    let results: Vec<_> = results.iter().map(|r| result(r)).collect();
    let said = match decided(program, &results, &[], at("2026-11-30")) {
        Decision::Award(earned) => vec![awarded(&earned.term)],
        Decision::Withhold(unmet) => unmet.into_iter().map(|u| u.words).collect(),
        other => panic!("{other:?}"),
    };
    assert_eq!(said, expected);
}

#[test]
fn training_and_exam_make_an_award_and_everything_missing_is_said() {
    let p = program("validity = \"1y\"", USUAL);
    let trained = "sales-101 completed - 2026-11-01";
    check(&p, &[trained, "exam passed 70 2026-11-20"], &["awarded 2026-11-20 until 2027-11-20T22:59:59+00:00"]);
    check(&p, &[trained, "exam passed 70 2026-11-20"], &["awarded 2026-11-20 until 2027-11-20T22:59:59+00:00"]);
    check(&p, &[trained], &["Exam is not passed yet."]);
    check(&p, &[trained, "exam failed 68 2026-11-20"], &["Exam: 68 % reported, 70 % needed."]);
    check(&p, &[trained, "exam passed 69.5 2026-11-20"], &["Exam: 69.5 % reported, 70 % needed."]);
    check(&p, &[trained, "exam failed 90 2026-11-20"], &["Exam is not passed yet."]);
    check(&p, &[trained, "exam completed 90 2026-11-20"], &["Exam is not passed yet."]);
    check(
        &p,
        &["sales-101 failed - 2026-11-01"],
        &["Training \"Sales 101\" is not completed yet.", "Exam is not passed yet."],
    );
    check(
        &p,
        &["exam passed 90 2026-11-20"],
        &[
            "Training \"Sales 101\" is not completed yet.",
            "Exam: \"Sales 101\" must come first; it was taken on 2026-11-20, before that.",
        ],
    );
    check(
        &p,
        &["annual-update completed - 2026-11-20"],
        &["Training \"Sales 101\" is not completed yet.", "Exam is not passed yet."],
    );
}

#[test]
fn the_order_of_earning_counts_and_not_the_order_of_hearing() {
    let p = program("", USUAL);
    check(&p, &["exam passed 80 2026-11-20", "sales-101 completed - 2026-11-01"], &["awarded 2026-11-20 until ever"]);
    check(
        &p,
        &["sales-101 completed - 2026-11-21", "exam passed 80 2026-11-20"],
        &["Exam: \"Sales 101\" must come first; it was taken on 2026-11-20, before that."],
    );
    check(
        &p,
        &[
            "exam passed 80 2026-11-20",
            "sales-101 completed - 2026-11-21",
            "exam passed 75 2026-11-22",
            "exam failed 10 2026-11-23",
        ],
        &["awarded 2026-11-22 until ever"],
    );
}

#[test]
fn counts_hours_proctoring_rubrics_and_age() {
    let one = |more: &str, kind: &str| {
        program("", &format!("[[certification.requirement]]\nid = \"x\"\nkind = \"{kind}\"\n{more}"))
    };
    let p = one("count = 3", "evidence");
    check(&p, &["x passed - 2026-11-01 evidence=a,b"], &["Evidence \"X\": 2 accepted, 3 different ones needed."]);
    check(
        &p,
        &["x passed - 2026-11-01 evidence=a,b", "x passed - 2026-11-02 evidence=c"],
        &["awarded 2026-11-02 until ever"],
    );
    let p = one("hours = 1.5", "training");
    check(&p, &["x completed - 2026-11-01 minutes=60"], &["Training \"X\": 60 minutes reported, 1.5 hours needed."]);
    check(
        &p,
        &["x completed - 2026-11-01 minutes=60", "x completed - 2026-11-02 minutes=30"],
        &["awarded 2026-11-02 until ever"],
    );
    let p = one("proctoring = \"live\"", "exam");
    check(&p, &["x passed 80 2026-11-01 proctoring=in-person"], &["awarded 2026-11-01 until ever"]);
    check(
        &p,
        &["x passed 80 2026-11-01 proctoring=self"],
        &["Exam \"X\": proctoring \"self\" reported, \"live\" needed."],
    );
    let p = one("pass = 60\nrubric = [{ id = \"style\", name = \"Style\", pass = 50 }]", "review");
    check(&p, &["x passed 80 2026-11-01 style=50"], &["awarded 2026-11-01 until ever"]);
    check(&p, &["x passed 80 2026-11-01"], &["Review \"X\": \"Style\" was not scored."]);
    check(
        &p,
        &["x passed 50 2026-11-01 style=40"],
        &["Review \"X\": 50 % reported, 60 % needed.", "Review \"X\": \"Style\" has 40 %, 50 % needed."],
    );
    let p = program("", &USUAL.replace("kind = \"training\"", "kind = \"training\"\nvalid_for = \"30d\""));
    check(&p, &["sales-101 completed - 2026-10-21", "exam passed 80 2026-11-20"], &["awarded 2026-11-20 until ever"]);
    check(
        &p,
        &["sales-101 completed - 2026-10-20", "exam passed 80 2026-11-20"],
        &[
            "Training \"Sales 101\": reported for 2026-10-20, which counted until 2026-11-19.",
            "Exam: \"Sales 101\" must come first; it was taken on 2026-11-20, before that.",
        ],
    );
}

#[test]
fn a_piece_counts_once_however_often_it_is_reported() {
    let counted = |kind: &str, count: u8| {
        program("", &format!("[[certification.requirement]]\nid = \"x\"\nkind = {kind:?}\ncount = {count}"))
    };
    let modules = counted("training", 3);
    let short = |have: u8| format!("Training \"X\": {have} accepted, 3 different ones needed.");
    let five = |more: &str| (1..=5).map(|day| format!("x completed - 2026-11-0{day}{more}")).collect::<Vec<_>>();
    let said_of = |p: &Program, results: &[String]| {
        let results: Vec<_> = results.iter().map(|text| result(text)).collect();
        said(&decided(p, &results, &[], at("2026-11-30")))
    };
    assert_eq!(said_of(&modules, &five(" piece=course/1")), [short(1)], "one module, five times");
    assert_eq!(said_of(&modules, &five("")), [short(1)], "what has no name counts once together");
    assert_eq!(said_of(&modules, &five(" evidence=a")), [short(1)], "one address");
    let distinct = ["x completed - 2026-11-01 piece=a", "x completed - 2026-11-02 piece=b", "x completed - 2026-11-03"];
    assert_eq!(said_of(&modules, &distinct.map(str::to_owned)), ["awarded 2026-11-03 until ever"]);
    let again =
        ["x completed - 2026-11-01 piece=a", "x completed - 2026-11-02 piece=b", "x completed - 2026-11-03 piece=a"];
    assert_eq!(said_of(&modules, &again.map(str::to_owned)), [short(2)]);

    let deals = counted("evidence", 5);
    let deal = |day: u8, places: &str| format!("x passed - 2026-11-0{day} evidence={places}");
    let told = "Evidence \"X\": 1 accepted, 5 different ones needed.";
    assert_eq!(said_of(&deals, &(1..=5).map(|day| deal(day, "a")).collect::<Vec<_>>()), [told]);
    assert_eq!(said_of(&deals, &[deal(1, "a,b"), deal(2, "b,c"), deal(3, "d,e")]), ["awarded 2026-11-03 until ever"]);
}

#[test]
fn why_says_that_a_piece_was_reported_before() {
    let p = program("", "[[certification.requirement]]\nid = \"x\"\nkind = \"training\"\ncount = 2");
    let results = ["x completed - 2026-11-01 piece=a", "x completed - 2026-11-02 piece=a"].map(result).to_vec();
    let standing = Standing { results, ..standing() };
    let codes: Vec<_> = why(&question(&p, &standing, &[], at("2026-11-30"))).iter().map(|why| why.code).collect();
    assert_eq!(codes, [WhyCode::Counts, WhyCode::SamePiece]);
}

#[test]
fn any_of_several_paths_is_enough() {
    let p = program(
        "any_of = [[\"sales-101\", \"exam\"], [\"panel\"]]",
        &format!("{USUAL}\n[[certification.requirement]]\nid = \"panel\"\nkind = \"review\""),
    );
    check(&p, &["panel passed - 2026-11-01"], &["awarded 2026-11-01 until ever"]);
    check(
        &p,
        &["sales-101 completed - 2026-11-01"],
        &["Exam is not passed yet.", "Review \"Panel\" is not passed yet."],
    );
    let Decision::Withhold(unmet) = decided(&p, &[result("sales-101 completed - 2026-11-01")], &[], at("2026-11-30"))
    else {
        panic!("withheld")
    };
    assert_eq!(
        serde_json::to_value(&unmet[1]).unwrap(),
        serde_json::json!({
            "code": "review-not-passed", "words": "Review \"Panel\" is not passed yet.",
            "facts": { "requirement": "panel", "paths": [2] },
        })
    );
}

#[test]
fn when_it_is_offered_and_when_it_is_too_late() {
    let results = ["sales-101 completed - 2026-11-01", "exam passed 80 2026-11-20"];
    check(&program("opens = 2026-12-01", USUAL), &results, &["Certified Sales Associate opens on 2026-12-01."]);
    check(&program("opens = 2026-11-25", USUAL), &results, &["awarded 2026-11-24 until ever"]);
    check(&program("closes = 2026-11-20", USUAL), &results, &["awarded 2026-11-20 until ever"]);
    check(&program("closes = 2026-11-19", USUAL), &results, &["Certified Sales Associate closed on 2026-11-19."]);
    check(&program("approval = 2", USUAL), &results, &["Certified Sales Associate must be approved by 2 persons."]);
    check(
        &program("validity = \"7d\"", USUAL),
        &results,
        &["What was shown is too long ago: the award would have expired on 2026-11-27."],
    );
    check(
        &program("", USUAL),
        &[results[0], "exam passed 80 2026-12-24"],
        &["Exam is not passed yet.", "The result is dated 2026-12-24, which is in the future."],
    );
}

#[test]
fn prerequisites_must_be_held_and_current() {
    let p = program("prerequisites = [[\"before\"]]", USUAL);
    let results = ["sales-101 completed - 2026-11-01", "exam passed 80 2026-11-20"].map(result);
    let held = |award| [Held { certification: "before".parse().unwrap(), award }];
    let outcome = |held: &[Held]| match decided(&p, &results, held, at("2026-11-30")) {
        Decision::Award(earned) => awarded(&earned.term),
        Decision::Withhold(unmet) => unmet.into_iter().map(|u| u.words).collect(),
        other => panic!("{other:?}"),
    };
    let missing = "Certified Beginner must be held and current.";
    assert_eq!(outcome(&[]), missing);
    assert_eq!(outcome(&held(award("2026-01-01", Some("2027-01-01")))), "awarded 2026-11-20 until ever");
    assert_eq!(outcome(&held(award("2026-11-25", None))), "awarded 2026-11-25 until ever");
    assert_eq!(outcome(&held(award("2025-11-20", Some("2026-11-20")))), missing, "in grace, without rights in grace");
    let mut revoked = award("2026-01-01", None);
    revoked.history.push(entry(Happening::Revoked { reason: Reason::Other }, "2026-11-29"));
    assert_eq!(outcome(&held(revoked)), missing);
}

#[test]
fn a_held_award_is_only_recorded() {
    let p = program("", USUAL);
    let new = result("exam passed 99 2026-11-20");
    let held = Standing { award: Some(award("2026-01-01", None)), results: vec![new], ..standing() };
    assert_eq!(decide(&question(&p, &held, &[], at("2026-11-30"))), Decision::Record);
}
