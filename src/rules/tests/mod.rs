//! Tables and properties of the decisions.

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;

use super::RenewalPhase::{Early, Grace, Lapsed, Streamlined, Window};
use super::*;
use crate::id::{AwardId, CountedIds, CredentialVersion, PersonId};
use crate::program::{Certification, Program};

/// One certification `c`, of which `extra` says more, and its requirements; another one, `before`.
fn program(extra: &str, requirements: &str) -> Program {
    let text = format!(
        r#"
        program = {{ id = "p", name = "P", timezone = "Europe/Berlin" }}
        issuer = {{ name = "I", url = "https://i.example", email = "c@i.example" }}
        track = [{{ id = "sales", name = "Sales" }}]
        [[certification]]
        id = "c"
        track = "sales"
        name = "Certified Sales Associate"
        description = "D"
        criteria = "C"
        {extra}
        {requirements}
        [[certification]]
        id = "before"
        track = "sales"
        name = "Certified Beginner"
        description = "D"
        criteria = "C"
        validity = "1y"
        requirement = [{{ id = "exam", kind = "exam" }}]
        [certification.renewal]
        grace = "30d"
        "#
    );
    Program::parse(&text).unwrap_or_else(|faults| panic!("{faults}"))
}

const USUAL: &str = r#"
    [[certification.requirement]]
    id = "sales-101"
    kind = "training"
    [[certification.requirement]]
    id = "exam"
    kind = "exam"
    after = ["sales-101"]
    pass = 70
    [[certification.requirement]]
    id = "annual-update"
    kind = "training"
    first = false
"#;

fn at(text: &str) -> DateTime<Utc> {
    let text = if text.len() == 10 { format!("{text}T12:00:00Z") } else { text.to_owned() };
    text.parse().unwrap()
}

/// `exam passed 68 2026-11-20`: requirement, outcome, percent or `-`, day or moment, then `key=value`.
fn result(text: &str) -> RecordedResult {
    let words: Vec<&str> = text.split(' ').collect();
    let more = |key: &str| words[4..].iter().find_map(|w| w.strip_prefix(key)?.strip_prefix('=').map(str::to_owned));
    RecordedResult {
        source: "lms".into(),
        id: text.into(),
        requirement: words[0].parse().unwrap(),
        outcome: serde_json::from_value(words[1].into()).unwrap(),
        percent: words[2].parse().ok(),
        minutes: more("minutes").map(|m| m.parse().unwrap()),
        proctoring: more("proctoring"),
        rubric: more("style").map(|s| ("style".to_owned(), s.parse().unwrap())).into_iter().collect(),
        evidence: more("evidence").map_or(0, |n| n.parse().unwrap()),
        form: None,
        site: None,
        by: more("by"),
        at: at(words[3]),
        recorded_at: at(words[3]),
        holds: Vec::new(),
        void_at: None,
    }
}

fn award(awarded: &str, until: Option<&str>) -> Award {
    let version = VersionEntry {
        number: CredentialVersion::FIRST,
        kind: VersionKind::Issue,
        list: 1,
        index: 7,
        valid_from: at(awarded),
        valid_until: until.map(at),
        awarded_at: at(awarded),
        program: 1,
        kid: "z6Mk".into(),
    };
    let issued = Happening::Issued { version: CredentialVersion::FIRST };
    let id = AwardId::new(&CountedIds::default());
    Award { id, versions: vec![version], demands: Vec::new(), history: vec![entry(issued, awarded)] }
}

fn entry(what: Happening, when: &str) -> HistoryEntry {
    HistoryEntry { what, valid_at: at(when), recorded_at: at(when), program: 1 }
}

fn standing() -> Standing {
    let person = PersonId::new(at("2026-01-01"), &CountedIds::default());
    Standing::empty(person, "c".parse().unwrap())
}

fn decided(program: &Program, results: &[RecordedResult], held: &[Held], now: DateTime<Utc>) -> Decision {
    decide(&question(program, &Standing { results: results.to_vec(), ..standing() }, held, now))
}

fn question<'a>(program: &'a Program, standing: &'a Standing, held: &'a [Held], now: DateTime<Utc>) -> Question<'a> {
    let certification = &program.certifications[0];
    Question { program, certification, basis: certification, standing, held, now, history: false }
}

/// `results`, decided at the end of November 2026: an award with its dates, or the words of everything that is unmet.
#[track_caller]
fn check(program: &Program, results: &[&str], expected: &[&str]) {
    let results: Vec<_> = results.iter().map(|r| result(r)).collect();
    let said = match decided(program, &results, &[], at("2026-11-30")) {
        Decision::Award(term) => vec![awarded(&term)],
        Decision::Withhold(unmet) => unmet.into_iter().map(|u| u.words).collect(),
        other => panic!("{other:?}"),
    };
    assert_eq!(said, expected);
}

fn awarded(term: &Term) -> String {
    let until = term.valid_until.map_or("ever".to_owned(), |t| t.to_rfc3339());
    format!("awarded {} until {until}", term.awarded_at.date_naive())
}

#[test]
fn training_and_exam_make_an_award_and_everything_missing_is_said() {
    let p = program("validity = \"1y\"", USUAL);
    let trained = "sales-101 completed - 2026-11-01";
    check(&p, &[trained, "exam passed 70 2026-11-20"], &["awarded 2026-11-20 until 2027-11-20T22:59:59+00:00"]);
    check(&p, &[trained, "exam passed - 2026-11-20"], &["awarded 2026-11-20 until 2027-11-20T22:59:59+00:00"]);
    check(&p, &[trained], &["Exam is not passed yet."]);
    check(&p, &[trained, "exam failed 68 2026-11-20"], &["Exam: 68 % reported, 70 % needed."]);
    check(&p, &[trained, "exam passed 69.5 2026-11-20"], &["Exam: 69.5 % reported, 70 % needed."]);
    check(&p, &[trained, "exam passed NaN 2026-11-20"], &["Exam: NaN % reported, 70 % needed."]);
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
    check(&p, &["x passed - 2026-11-01 evidence=2"], &["Evidence \"X\": 2 accepted, 3 needed."]);
    check(&p, &["x passed - 2026-11-01 evidence=2", "x passed - 2026-11-02"], &["awarded 2026-11-02 until ever"]);
    let p = one("hours = 1.5", "training");
    check(&p, &["x completed - 2026-11-01 minutes=60"], &["Training \"X\": 60 minutes reported, 1.5 hours needed."]);
    check(
        &p,
        &["x completed - 2026-11-01 minutes=60", "x completed - 2026-11-02 minutes=30"],
        &["awarded 2026-11-02 until ever"],
    );
    let p = one("proctoring = \"live\"", "exam");
    check(&p, &["x passed 80 2026-11-01 proctoring=in-person"], &["awarded 2026-11-01 until ever"]);
    check(&p, &["x passed 80 2026-11-01"], &["Exam \"X\": proctoring \"self\" reported, \"live\" needed."]);
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
        Decision::Award(term) => awarded(&term),
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

#[test]
fn terms_end_with_a_local_day() {
    let until = |extra: &str, earned: &str, old: Option<&str>, now: &str| {
        let p = program(extra, USUAL);
        let t = term(&p, &p.certifications[0], at(earned), old.map(at), at(now));
        assert_eq!(t.awarded_at, at(earned));
        t.valid_until.map_or("ever".to_owned(), |t| t.to_rfc3339())
    };
    let year = "validity = \"1y\"";
    let now = "2026-11-20";
    assert_eq!(until("", now, None, now), "ever");
    assert_eq!(until(year, now, None, now), "2027-11-20T22:59:59+00:00");
    assert_eq!(until(year, "2026-11-20T23:30:00Z", None, now), "2027-11-21T22:59:59+00:00", "the local day");
    assert_eq!(until(year, "2026-07-01", None, now), "2027-07-01T21:59:59+00:00", "summer time");
    assert_eq!(until(year, "2028-02-29", None, now), "2029-02-28T22:59:59+00:00");
    assert_eq!(until(year, "2025-12-01", Some("2026-12-01T22:59:59Z"), now), "2027-12-01T22:59:59+00:00", "early");
    assert_eq!(
        until(year, "2025-11-01", Some("2026-11-01T22:59:59Z"), now),
        "2027-11-20T22:59:59+00:00",
        "after expiry"
    );
    let days = "validity = \"1y\"\nexpires_on = [\"06-30\", \"12-31\"]";
    assert_eq!(until(days, now, None, now), "2027-12-31T22:59:59+00:00");
    assert_eq!(until(days, "2026-06-30", None, now), "2027-06-30T21:59:59+00:00", "that very day");
    assert_eq!(until("validity = \"1y\"\nexpires_on = [\"02-29\"]", now, None, now), "2028-02-29T22:59:59+00:00");
    assert_eq!(
        until("validity = \"1y\"\nexpires_on = [\"02-29\"]", "2025-11-20", None, now),
        "2027-02-28T22:59:59+00:00"
    );
}

#[test]
fn renewing_by_hand() {
    let p = program(
        "validity = \"1y\"",
        &format!("{USUAL}\n[certification.renewal]\nwindow = \"90d\"\ngrace = \"30d\"\nstreamlined = \"90d\""),
    );
    let c = &p.certifications[0];
    let held = award("2025-12-01", Some("2026-12-01T22:59:59Z"));
    let renewed = |award: &Award, now: &str| renewal_term(&p, c, award, at(now)).map(|t| awarded(&t));
    assert_eq!(renewed(&held, "2026-03-01").unwrap(), "awarded 2025-12-01 until 2027-12-01T22:59:59+00:00");
    assert_eq!(renewed(&held, "2026-12-24").unwrap(), "awarded 2025-12-01 until 2027-12-24T22:59:59+00:00");
    assert_eq!(renewed(&held, "2027-03-02").unwrap(), "awarded 2027-03-02 until 2028-03-02T22:59:59+00:00", "lapsed");
    assert_eq!(renewed(&award("2026-01-01", None), "2026-03-01"), Err(RenewalRefused::NeverExpires));
    let mut suspended = held.clone();
    suspended.history.push(entry(Happening::Suspended { reason: Reason::Other }, "2026-02-01"));
    let (since, reason) = (at("2026-02-01"), Reason::Other);
    assert_eq!(renewed(&suspended, "2026-03-01"), Err(RenewalRefused::Suspended { since, reason }));
    let mut revoked = suspended;
    revoked.history.push(entry(Happening::Revoked { reason: Reason::Other }, "2026-02-01"));
    assert_eq!(renewed(&revoked, "2026-03-01"), Err(RenewalRefused::Revoked { since, reason }));
    let expiry = at("2026-12-01T22:59:59Z");
    let phase = |day: &str| renewal_phase(c, expiry, p.timezone, at(day));
    let days = [
        "2026-09-01",
        "2026-09-02",
        "2026-12-01",
        "2026-12-02",
        "2026-12-31",
        "2027-01-01",
        "2027-03-01",
        "2027-03-02",
    ];
    assert_eq!(days.map(phase), [Early, Window, Window, Grace, Grace, Streamlined, Streamlined, Lapsed]);
}

#[test]
fn the_state_of_an_award_is_folded_from_its_history() {
    let p = program("", USUAL);
    let before = &p.certifications[1];
    let mut a = award("2025-12-01", Some("2026-12-01T22:59:59Z"));
    let (reason, until) = (Reason::RequirementsNotMet, at("2026-12-01T22:59:59Z"));
    a.history.push(entry(Happening::Suspended { reason }, "2026-03-01"));
    let second =
        VersionEntry { number: CredentialVersion(2), kind: VersionKind::Reinstatement, ..a.versions[0].clone() };
    a.versions.push(second.clone());
    a.history.push(entry(Happening::Reinstated { version: CredentialVersion(2) }, "2026-04-01"));
    let state = |a: &Award, c: Option<&Certification>, when: &str| state_at(a, c, p.timezone, at(when));
    assert_eq!(state(&a, None, "2025-11-30"), AwardState::NotYetValid { from: at("2025-12-01") });
    assert_eq!(state(&a, None, "2025-12-01"), AwardState::Valid { until: Some(until) });
    assert_eq!(state(&a, None, "2026-03-15"), AwardState::Suspended { since: at("2026-03-01"), reason });
    assert_eq!(state(&a, None, "2026-04-01"), AwardState::Valid { until: Some(until) });
    assert_eq!(state(&a, None, "2026-12-01T22:59:59.999Z"), AwardState::Valid { until: Some(until) });
    assert_eq!(state(&a, None, "2026-12-01T23:00:00Z"), AwardState::Expired { since: until, grace_until: None });
    let grace_until = Some(at("2026-12-31T22:59:59Z"));
    assert_eq!(state(&a, Some(before), "2026-12-31"), AwardState::Expired { since: until, grace_until });
    assert_eq!(state(&a, Some(before), "2027-01-01"), AwardState::Expired { since: until, grace_until: None });
    let later = Some(at("2027-12-01T22:59:59Z"));
    a.versions.push(VersionEntry {
        number: CredentialVersion(3),
        kind: VersionKind::Renewal,
        valid_until: later,
        ..second
    });
    a.history.push(entry(Happening::Renewed { version: CredentialVersion(3) }, "2026-11-01"));
    a.history.push(entry(Happening::Revoked { reason }, "2026-10-15"));
    assert_eq!(state(&a, None, "2026-10-14"), AwardState::Valid { until: Some(until) });
    assert_eq!(state(&a, None, "2026-12-01"), AwardState::Revoked { since: at("2026-10-15"), reason }, "by valid_at");
    a.history.pop();
    assert_eq!(state(&a, None, "2026-12-10"), AwardState::Valid { until: later });
}

#[test]
fn a_copy_says_what_became_of_it() {
    let mut a = award("2025-12-01", Some("2026-12-01"));
    let first = a.versions[0].clone();
    let mut add = |n: u32, kind, until: &str| {
        let version =
            VersionEntry { number: CredentialVersion(n), kind, valid_until: Some(at(until)), ..first.clone() };
        a.versions.push(version);
    };
    add(2, VersionKind::Correction, "2026-12-01");
    add(3, VersionKind::Renewal, "2027-12-01");
    add(4, VersionKind::Reinstatement, "2027-12-01");
    a.history.push(entry(Happening::Suspended { reason: Reason::Other }, "2027-02-01"));
    a.history.push(entry(Happening::Reinstated { version: CredentialVersion(4) }, "2027-03-01"));
    let v = CredentialVersion;
    let copies: Vec<_> = (1..=5).map(|n| copy_of(&a, v(n))).collect();
    assert_eq!(
        copies,
        [
            Some(CopyState::Corrected { by: v(2) }),
            Some(CopyState::Renewed { by: v(3) }),
            Some(CopyState::Reinstated { by: v(4) }),
            Some(CopyState::Current),
            None,
        ]
    );
}

fn any_result() -> impl Strategy<Value = RecordedResult> {
    let requirement = prop::sample::select(vec!["sales-101", "exam", "annual-update", "other"]);
    let outcome = prop::sample::select(vec![Outcome::Passed, Outcome::Failed, Outcome::Completed]);
    let moment =
        prop_oneof![9 => 1_700_000_000..1_800_000_000i64, 1 => any::<i32>().prop_map(|n| i64::from(n) * 3_000)];
    (requirement, outcome, prop::option::of(any::<f64>()), prop::option::of(0.0..200.0), moment, any::<u32>()).prop_map(
        |(requirement, outcome, wild, percent, moment, evidence)| RecordedResult {
            percent: percent.or(wild),
            minutes: wild,
            evidence,
            outcome,
            at: DateTime::from_timestamp(moment, 0).unwrap(),
            id: format!("{moment}"),
            ..result(&format!("{requirement} passed - 2026-11-20"))
        },
    )
}

/// The requirements that a decision names as unmet.
fn unmet_requirements(decision: &Decision) -> Vec<String> {
    let Decision::Withhold(unmet) = decision else { return Vec::new() };
    unmet.iter().filter_map(|u| u.facts.get("requirement")?.as_str().map(str::to_owned)).collect()
}

proptest! {
    #[test]
    fn deciding_is_total(results in prop::collection::vec(any_result(), 1..12), moment in 1_700_000_000..1_800_000_000i64) {
        let p = program("validity = \"1y\"\nexpires_on = [\"02-29\"]", &USUAL.replace("pass = 70", "pass = 70\nvalid_for = \"90d\""));
        let now = DateTime::from_timestamp(moment, 0).unwrap();
        match decided(&p, &results, &[], now) {
            Decision::Award(term) => {
                prop_assert!(term.awarded_at <= now);
                prop_assert!(term.valid_until.unwrap() >= now);
                prop_assert!(results.iter().any(|r| r.at == term.awarded_at || r.at > now));
            }
            Decision::Withhold(unmet) => {
                prop_assert!(!unmet.is_empty());
                prop_assert!(unmet.iter().all(|u| u.words.ends_with('.')));
            }
            other => prop_assert!(false, "{other:?}"),
        }
    }

    #[test]
    fn a_further_passed_result_never_makes_fewer_things_met(
        results in prop::collection::vec(any_result(), 1..8), further in any_result(), place in any::<prop::sample::Index>(),
    ) {
        let p = program("", USUAL);
        let now = at("2026-11-30");
        let mut further = further;
        further.outcome = Outcome::Passed;
        further.id = "further".into();
        let before = decided(&p, &results, &[], now);
        let mut more = results.clone();
        more.insert(place.index(results.len()), further);
        let after = decided(&p, &more, &[], now);
        if matches!(before, Decision::Award(_)) {
            prop_assert!(matches!(after, Decision::Award(_)));
        }
        let was = unmet_requirements(&before);
        prop_assert!(unmet_requirements(&after).iter().all(|id| was.contains(id)));
    }

    #[test]
    fn a_later_award_never_ends_earlier(first in 0..2_000_000_000i64, gap in 0..200_000_000i64, days in 1..800u32) {
        let p = program(&format!("validity = \"{days}d\"\nexpires_on = [\"02-29\", \"06-30\"]"), USUAL);
        let c = &p.certifications[0];
        let earlier = DateTime::from_timestamp(first, 0).unwrap();
        let later = earlier + TimeDelta::seconds(gap);
        let end = |at, old| term(&p, c, at, old, at).valid_until.unwrap();
        prop_assert!(end(earlier, None) <= end(later, None));
        prop_assert!(end(earlier, None) > earlier);
        prop_assert!(end(later, Some(end(earlier, None))) > end(earlier, None));
    }

    #[test]
    fn every_history_has_a_state(steps in prop::collection::vec((0..6u8, -400..400i64), 0..12), when in -500..900i64) {
        let mut a = award("2026-01-01", Some("2027-01-01"));
        let day = |n: i64| at("2026-01-01") + TimeDelta::days(n);
        for (kind, offset) in steps {
            let version = CredentialVersion(u32::from(kind));
            let what = match kind {
                0 => Happening::Renewed { version },
                1 => Happening::Corrected { version },
                2 => Happening::Suspended { reason: Reason::Other },
                3 => Happening::Reinstated { version },
                4 => Happening::Issued { version: CredentialVersion::FIRST },
                _ => Happening::Revoked { reason: Reason::Other },
            };
            a.history.push(HistoryEntry { what, valid_at: day(offset), recorded_at: day(offset), program: 1 });
        }
        let revoked = a.history.iter().any(|e| matches!(e.what, Happening::Revoked { .. }) && e.valid_at <= day(when));
        let state = state_at(&a, None, chrono_tz::Tz::UTC, day(when));
        prop_assert_eq!(matches!(state, AwardState::Revoked { .. }), revoked);
    }
}
