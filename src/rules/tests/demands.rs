//! Tables of demands: when they are placed, met, missed and mended.

use super::attempts::granted;
use super::*;
use chrono_tz::Tz;

const ZONE: Tz = chrono_tz::Europe::Berlin;

/// A yearly audit within three years, of which `upkeep` says more, and a delta training.
pub(super) fn audited(upkeep: &str) -> Program {
    program(
        "validity = \"3y\"",
        &format!(
            r#"
            [[certification.requirement]]
            id = "exam"
            kind = "exam"
            [[certification.requirement]]
            id = "audit"
            kind = "evidence"
            count = 2
            first = false
            after = ["exam"]
            [[certification.requirement]]
            id = "delta"
            kind = "training"
            first = false
            [[certification.requirement]]
            id = "remedial"
            kind = "training"
            first = false
            [certification.renewal]
            grace = "30d"
            remind = ["30d", "7d"]
            [[certification.upkeep]]
            every = "1y"
            any_of = [["audit"]]
            grace = "30d"
            {upkeep}
            "#
        ),
    )
}

fn days(demand: &Demand) -> String {
    let moment = |at: DateTime<Utc>| at.format("%Y-%m-%dT%H:%M:%S").to_string();
    let remedy = demand.remedy.as_ref().map(|r| format!(" {} {}", r.training, moment(r.until))).unwrap_or_default();
    let Demand { id, opens, due, cutoff, .. } = demand;
    format!("{id} {} {} {}{remedy}", moment(*opens), moment(*due), moment(*cutoff))
}

fn upkeep_of(p: &Program, earned: &str, old: Option<&str>, placed: &str) -> Vec<Demand> {
    let c = &p.certifications[0];
    let term = term(p, c, at(earned), old.map(at), at(earned));
    upkeep_demands(4, c, &term, ZONE, at(placed))
}

#[test]
fn upkeep_is_due_again_and_again_within_the_term() {
    let p = audited("remedy = { training = \"remedial\", within = \"60d\" }");
    let placed = |earned: &str, old: Option<&str>, when: &str| {
        upkeep_of(&p, earned, old, when).iter().map(days).collect::<Vec<_>>()
    };
    let first =
        "upkeep-2027-11-20 2026-11-19T23:00:00 2027-11-20T22:59:59 2027-12-20T22:59:59 remedial 2028-02-18T22:59:59";
    let second =
        "upkeep-2028-11-20 2027-11-20T23:00:00 2028-11-20T22:59:59 2028-12-20T22:59:59 remedial 2029-02-18T22:59:59";
    let last =
        "upkeep-2029-11-20 2028-11-20T23:00:00 2029-11-20T22:59:59 2029-12-20T22:59:59 remedial 2030-02-18T22:59:59";
    assert_eq!(placed("2026-11-20", None, "2026-11-20"), [first, second, last], "the last is due with the term");
    assert_eq!(placed("2026-11-20", None, "2028-01-01"), [second, last], "what is over is not asked for");
    assert_eq!(
        placed("2026-10-01", Some("2026-11-20T22:59:59Z"), "2026-10-01"),
        [first, second, last],
        "renewed early"
    );
    let asked_anyway = audited("\n[[certification.upkeep]]\nevery = \"1y\"\nany_of = [[\"exam\"]]");
    let due = upkeep_of(&asked_anyway, "2026-11-20", None, "2026-11-20");
    let due: Vec<_> = due.iter().map(|demand| demand.id.as_str()).collect();
    let both = ["upkeep-1-2027-11-20", "upkeep-2-2027-11-20", "upkeep-1-2028-11-20", "upkeep-2-2028-11-20"];
    assert_eq!(due, [&both[..], &["upkeep-1-2029-11-20"]].concat(), "renewal asks for the exam itself");
    let never = program(
        "",
        "[[certification.requirement]]\nid = \"x\"\nkind = \"training\"\n[[certification.upkeep]]\nevery = \"1mo\"\nany_of = [[\"x\"]]",
    );
    let demands = upkeep_of(&never, "2027-01-31", None, "2027-01-31");
    assert_eq!(demands.len(), 24);
    let due: Vec<_> = demands[..3].iter().map(|d| d.id.as_str()).collect();
    assert_eq!(due, ["upkeep-2027-02-28", "upkeep-2027-03-31", "upkeep-2027-04-30"]);
    assert!(upkeep_of(&program("", USUAL), "2026-11-20", None, "2026-11-20").is_empty());
}

/// Asked on 1 December 2026, by 60 days.
fn delta() -> Demand {
    let due = at("2027-01-30T22:59:59Z");
    Demand {
        id: "release-9".to_owned(),
        kind: DemandKind::Recertification,
        paths: vec![vec!["delta".parse().unwrap()]],
        opens: at("2026-11-30T23:00:00Z"),
        due,
        cutoff: due,
        remedy: None,
        placed_at: at("2026-12-01"),
        program: 5,
        met: None,
    }
}

/// An award of 20 November 2026 with its demands, and `facts`; says what was newly met on the day `now`.
fn met(p: &Program, delta: Option<Demand>, facts: &[&str], now: &str) -> Vec<String> {
    let mut held = award("2026-11-20", Some("2029-11-20T22:59:59Z"));
    held.demands = upkeep_of(p, "2026-11-20", None, "2026-11-20");
    held.demands.extend(delta);
    let results = facts.iter().filter(|f| !f.starts_with('+')).map(|f| result(f)).collect();
    let exceptions = facts.iter().filter_map(|f| f.strip_prefix("+ ")).map(granted).collect();
    let standing = Standing { award: Some(held), results, exceptions, ..standing() };
    newly_met(&question(p, &standing, &[], at(now)))
        .iter()
        .map(|(id, at)| format!("{id} {}", at.date_naive()))
        .collect()
}

#[test]
fn a_demand_is_met_in_time_or_mended() {
    let p = audited("");
    let in_time = ["audit passed - 2027-03-01 evidence=a", "audit passed - 2027-12-20 evidence=b"];
    assert_eq!(met(&p, None, &in_time, "2027-12-21"), ["upkeep-2027-11-20 2027-12-20"]);
    assert!(met(&p, None, &in_time[..1], "2027-12-19").is_empty());
    assert!(met(&p, None, &["audit passed - 2026-11-19 evidence=a,b"], "2027-12-19").is_empty(), "before it opened");
    let late = ["audit passed - 2027-03-01 evidence=a", "audit passed - 2028-06-01 evidence=b"];
    assert_eq!(met(&p, None, &late, "2028-06-02"), ["upkeep-2027-11-20 2028-06-01"]);
    assert_eq!(met(&p, None, &["+ waive audit 2027-01-05"], "2027-02-01"), ["upkeep-2027-11-20 2027-01-05"]);
    let p = audited("remedy = { training = \"remedial\", within = \"60d\" }");
    assert!(met(&p, None, &late, "2028-06-02").is_empty(), "only the remedy mends");
    assert!(met(&p, None, &["remedial completed - 2027-12-01"], "2028-02-01").is_empty(), "before the miss");
    assert_eq!(met(&p, None, &["remedial completed - 2028-02-18"], "2028-02-19"), ["upkeep-2027-11-20 2028-02-18"]);
    assert!(met(&p, None, &["remedial completed - 2028-02-19"], "2028-02-20").is_empty(), "too late");
    let done = |day: &str, now: &str| met(&p, Some(delta()), &[&format!("delta completed - {day}")], now);
    assert_eq!(done("2027-01-30", "2027-02-01"), ["release-9 2027-01-30"]);
    assert_eq!(done("2027-03-01", "2027-03-02"), ["release-9 2027-03-01"], "within the grace");
    assert!(done("2027-03-02", "2027-03-03").is_empty(), "there is no longer path than the grace");
    assert!(done("2026-11-30", "2026-12-03").is_empty(), "before it was announced");
}
