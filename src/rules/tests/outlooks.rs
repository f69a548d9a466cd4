//! Tables of outlooks.

use serde_json::json;

use super::attempts::granted;
use super::demands::audited;
use super::*;

const CYCLE: &str = r#"
    [[certification.requirement]]
    id = "exam"
    kind = "exam"
    attempts = 2
    wait = "7d"
    [[certification.requirement]]
    id = "annual-update"
    kind = "training"
    first = false
    [certification.renewal]
    window = "90d"
    any_of = [["annual-update"]]
    late_any_of = [["exam"]]
    grace = "30d"
    streamlined = "90d"
"#;

fn seen(award: Option<Award>, facts: &[&str], now: &str) -> Outlook {
    let p = program("validity = \"1y\"", CYCLE);
    let results = facts.iter().filter(|f| !f.starts_with('+')).map(|f| result(f)).collect();
    let exceptions = facts.iter().filter_map(|f| f.strip_prefix("+ ")).map(granted).collect();
    let standing = Standing { results, award, exceptions, ..standing() };
    outlook(&question(&p, &standing, &[], at(now)))
}

fn running() -> Award {
    award("2025-12-01", Some("2026-12-01T22:59:59Z"))
}

/// Phase, next step, and the words of everything unmet.
#[track_caller]
fn check(award: Option<Award>, facts: &[&str], now: &str, expected: (Phase, NextStep), unmet: &[&str]) {
    let seen = seen(award, facts, now);
    let words: Vec<_> = seen.unmet.iter().map(|u| u.words.as_str()).collect();
    assert_eq!(((seen.phase, seen.next), &words[..]), (expected, unmet), "{now}");
}

#[test]
fn every_part_of_a_life_has_its_phase_and_what_leads_on() {
    let update = "Training \"Annual update\" is not completed yet.";
    let exam = "Exam is not passed yet.";
    let held = || Some(running());
    check(None, &[], "2026-11-20", (Phase::NotHeld, NextStep::Award), &[exam]);
    check(None, &["exam passed - 2026-11-19"], "2026-11-20", (Phase::NotHeld, NextStep::Award), &[]);
    let early = "Certified Sales Associate can be renewed from 2 September 2026.";
    check(held(), &[], "2026-08-20", (Phase::Valid, NextStep::Renewal), &[early, update]);
    check(held(), &[], "2026-09-02", (Phase::Window, NextStep::Renewal), &[update]);
    check(held(), &["annual-update completed - 2026-10-01"], "2026-11-20", (Phase::Window, NextStep::Renewal), &[]);
    check(held(), &[], "2026-12-20", (Phase::Grace, NextStep::Renewal), &[update]);
    check(held(), &[], "2027-01-20", (Phase::Streamlined, NextStep::Renewal), &[exam]);
    check(held(), &[], "2027-03-20", (Phase::Lapsed, NextStep::Renewal), &[exam]);
    check(Some(award("2025-12-01", None)), &[], "2027-03-20", (Phase::Valid, NextStep::Nothing), &[]);
    let after = |what: Happening| {
        let mut award = running();
        award.history.push(entry(what, "2026-10-15"));
        Some(award)
    };
    let reason = Reason::Other;
    let suspended = "Certified Sales Associate is suspended since 15 October 2026.";
    check(
        after(Happening::Suspended { reason }),
        &[],
        "2026-11-20",
        (Phase::Suspended, NextStep::Nothing),
        &[suspended],
    );
    let revoked = "Certified Sales Associate was revoked on 15 October 2026, which is final.";
    check(after(Happening::Revoked { reason }), &[], "2026-11-20", (Phase::Revoked, NextStep::Nothing), &[revoked]);
    let error = Happening::Revoked { reason: Reason::IssuedInError };
    check(after(error), &[], "2026-11-20", (Phase::Revoked, NextStep::Award), &[exam]);
    check(after(Happening::Expired), &[], "2026-11-01", (Phase::Grace, NextStep::Renewal), &[exam]);
    check(after(Happening::Expired), &[], "2026-11-20", (Phase::Streamlined, NextStep::Renewal), &[exam]);
    check(held(), &[], "2025-11-20", (Phase::NotYetValid, NextStep::Nothing), &[]);
}

#[test]
fn it_says_dates_attempts_and_exceptions() {
    let facts = ["exam failed - 2027-01-10", "+ attempt exam 2027-01-30", "+ waive annual-update 2025-01-01"];
    let seen = serde_json::to_value(seen(Some(running()), &facts, "2027-01-11")).unwrap();
    assert_eq!(
        seen["renewal"],
        json!({
            "opens": "2026-09-01T22:00:00Z", "due": "2026-12-01T22:59:59Z",
            "grace_until": "2026-12-31T22:59:59Z", "streamlined_until": "2027-03-01T22:59:59Z",
        })
    );
    assert_eq!(
        seen["paths"],
        json!([{
            "requirements": [{
                "requirement": "exam", "name": "Exam", "met": false,
                "attempts_used": 1, "attempts": 2, "next_attempt_from": "2027-01-17",
            }],
            "met": false,
        }])
    );
    assert_eq!(
        seen["unmet"][0]["words"],
        "Exam is not passed yet. Attempt 1 of 2; the next may be taken from 17 January 2027."
    );
    let granted = seen["exceptions"].as_array().unwrap();
    assert_eq!(granted.len(), 1, "the other one is not in effect yet");
    assert_eq!((&granted[0]["kind"], &granted[0]["since"]), (&json!("waive"), &json!("2025-01-01T12:00:00Z")));
}

#[test]
fn met_since_and_must_be_granted() {
    let seen = |facts: &[&str]| seen(None, facts, "2026-11-30").paths[0].requirements[0].clone();
    let met = seen(&["exam failed - 2026-11-01", "exam passed - 2026-11-08", "exam passed - 2026-11-20"]);
    assert_eq!((met.met, met.since), (true, Some(at("2026-11-08"))));
    let waived = seen(&["+ waive exam 2026-11-12"]);
    assert_eq!((waived.waived, waived.since), (true, Some(at("2026-11-12"))));
    let used_up = seen(&["exam failed - 2026-11-01", "exam failed - 2026-11-08"]);
    assert_eq!((used_up.attempts_used, used_up.must_be_granted, used_up.next_attempt_from), (Some(2), true, None));
}

#[test]
fn open_demands_are_listed_until_they_are_met() {
    let p = audited("remedy = { training = \"remedial\", within = \"60d\" }");
    let c = &p.certifications[0];
    let mut held = award("2026-11-20", Some("2029-11-20T22:59:59Z"));
    held.demands = upkeep_demands(1, c, &Term::of(held.current(), p.timezone), p.timezone, at("2026-11-20"));
    held.demands[0].met = Some(Met { at: at("2027-03-01"), recorded_at: at("2027-03-01") });
    let standing = Standing { award: Some(held), ..standing() };
    let demands = |now: &str| outlook(&question(&p, &standing, &[], at(now))).demands;
    let before = demands("2028-12-01");
    assert_eq!(
        before.iter().map(|d| (d.id.as_str(), d.missed)).collect::<Vec<_>>(),
        [("upkeep-2028-11-20", false), ("upkeep-2029-11-20", false)]
    );
    let after = demands("2028-12-21");
    assert!(after[0].missed);
    assert_eq!(after[0].mend_until, Some(at("2029-02-18T22:59:59Z")));
    assert_eq!(outlook(&question(&p, &standing, &[], at("2028-12-21"))).reason, Some(Reason::UpkeepMissed));
}
