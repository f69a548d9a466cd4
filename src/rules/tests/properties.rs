//! What holds for every history.

use chrono::TimeDelta;
use proptest::prelude::*;

use super::super::course::Cycle;
use super::super::full::{Start, scope};
use super::super::progress::{Fate, Progress};
use super::attempts::granted;
use super::*;
use crate::id::RequirementId;
use crate::program::Certification;

fn any_result() -> impl Strategy<Value = RecordedResult> {
    let requirement = prop::sample::select(vec!["sales-101", "exam", "annual-update", "other"]);
    let outcome = prop::sample::select(vec![Outcome::Passed, Outcome::Failed, Outcome::Completed]);
    let moment =
        prop_oneof![9 => 1_700_000_000..1_800_000_000i64, 1 => any::<i32>().prop_map(|n| i64::from(n) * 3_000)];
    (requirement, outcome, prop::option::of(any::<f64>()), prop::option::of(0.0..200.0), moment, 0..4u8).prop_map(
        |(requirement, outcome, wild, percent, moment, evidence)| RecordedResult {
            score: percent.or(wild).map(of_hundred),
            minutes: wild,
            evidence: (0..evidence).map(|n| n.to_string()).collect(),
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
            Decision::Award(Earned { term, .. }) => {
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
            let (valid_at, cause) = (day(offset), Cause::Verb);
            a.history.push(HistoryEntry { what, valid_at, recorded_at: valid_at, program: 1, cause });
        }
        let revoked = a.history.iter().any(|e| matches!(e.what, Happening::Revoked { .. }) && e.valid_at <= day(when));
        let state = state_at(&a, None, chrono_tz::Tz::UTC, day(when));
        prop_assert_eq!(matches!(state, AwardState::Revoked { .. }), revoked);
    }
}

/// A path with everything that can be asked for, and its renewal.
const STRICT: &str = r#"
    [[certification.requirement]]
    id = "sales-101"
    kind = "training"
    [[certification.requirement]]
    id = "exam"
    kind = "exam"
    after = ["sales-101"]
    pass = 70
    attempts = 3
    wait = "7d"
    then = "THEN"
    [[certification.requirement]]
    id = "case"
    kind = "evidence"
    count = 2
    valid_for = "200d"
    [[certification.requirement]]
    id = "annual-update"
    kind = "training"
    first = false
    [certification.renewal]
    window = "60d"
    any_of = [["annual-update"], ["exam"]]
    late_any_of = [["exam", "annual-update"]]
    grace = "30d"
    streamlined = "90d"
"#;

fn strict(then: &str) -> Program {
    program("validity = \"1y\"", &STRICT.replace("THEN", then))
}

fn any_then() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["ask", "restart", "30d"])
}

fn any_fact() -> impl Strategy<Value = RecordedResult> {
    let requirement = prop::sample::select(vec!["sales-101", "exam", "exam", "case", "annual-update"]);
    let outcome = prop::sample::select(vec!["passed", "passed", "failed", "completed"]);
    (requirement, outcome, 50..100u32, 0..700i64, 0..1_440i64, 0..12u8).prop_map(
        |(requirement, outcome, percent, day, minute, fate)| {
            let at = at("2025-06-01") + TimeDelta::days(day) + TimeDelta::minutes(minute);
            RecordedResult {
                id: format!("{requirement} {day} {minute}"),
                piece: (day % 3 > 0).then(|| (day % 7).to_string()),
                evidence: vec![(day % 5).to_string()],
                at,
                recorded_at: at,
                void_at: (fate == 0).then_some(at),
                ..result(&format!("{requirement} {outcome} {percent} 2026-01-01"))
            }
        },
    )
}

fn any_exception() -> impl Strategy<Value = Exception> {
    let kind = prop::sample::select(vec!["waive exam", "waive case", "attempt exam"]);
    (kind, 0..700i64)
        .prop_map(|(kind, day)| granted(&format!("{kind} {}", (at("2025-06-01") + TimeDelta::days(day)).date_naive())))
}

fn any_standing() -> impl Strategy<Value = Standing> {
    let results = prop::collection::vec(any_fact(), 0..40);
    let exceptions = prop::collection::vec(any_exception(), 0..3);
    (results, exceptions, any::<bool>()).prop_map(|(results, exceptions, held)| Standing {
        results,
        exceptions,
        award: held.then(|| award("2025-12-01", Some("2026-12-01T22:59:59Z"))),
        ..standing()
    })
}

/// Without attempts, order and age: what nobody can be certified without.
fn shown(
    standing: &Standing,
    certification: &Certification,
    id: &RequirementId,
    after: DateTime<Utc>,
    by: DateTime<Utc>,
) -> bool {
    let requirement = certification.requirement(id).unwrap();
    let waived = standing
        .exceptions
        .iter()
        .any(|exception| exception.kind == ExceptionKind::Waive { requirement: id.clone() } && exception.at <= by);
    let good = standing.results.iter().filter(|r| {
        let score = requirement.pass.is_none_or(|pass| r.score.is_none_or(|score| score.reaches(pass)));
        r.requirement == *id
            && r.void_at.is_none()
            && r.outcome != Outcome::Failed
            && score
            && r.at > after
            && r.at <= by
    });
    waived || good.count() >= requirement.count as usize
}

proptest! {
    #[test]
    fn nobody_is_certified_without_what_is_required(s in any_standing(), then in any_then(), day in 0..900i64) {
        let p = strict(then);
        let c = &p.certifications[0];
        let now = at("2025-06-01") + TimeDelta::days(day);
        let path = |paths: &[Vec<RequirementId>], after, by| {
            paths.iter().any(|path| path.iter().all(|id| shown(&s, c, id, after, by)))
        };
        match decide(&question(&p, &s, &[], now)) {
            Decision::Award(Earned { term, .. }) => {
                prop_assert!(s.award.is_none());
                prop_assert!(path(&c.any_of, DateTime::UNIX_EPOCH, term.awarded_at));
                prop_assert!(term.awarded_at <= now && term.holds_at(now));
            }
            Decision::Renew(Earned { term, .. }) => {
                let expiry = at("2026-12-01T22:59:59Z");
                let by = now + TimeDelta::minutes(5);
                let renewed = path(&c.renewal.any_of, at("2026-10-01T22:00:00Z"), by);
                prop_assert!(renewed || path(&c.any_of, expiry, by));
                prop_assert!(term.valid_until.unwrap() > expiry, "never shorter");
                prop_assert!(term.holds_at(now));
                prop_assert!(term.awarded_at == at("2025-12-01") || term.awarded_at > expiry);
            }
            Decision::Record => prop_assert!(s.award.is_some()),
            Decision::Withhold(unmet) => prop_assert!(!unmet.is_empty()),
        }
    }

    #[test]
    fn what_is_not_held_is_earned_or_lacks_something(s in any_standing(), then in any_then(), day in 0..900i64, fate in 0..6u8) {
        let p = strict(then);
        let now = at("2025-06-01") + TimeDelta::days(day);
        let mut s = s;
        let what = match fate {
            0 => Some(Happening::Suspended { reason: Reason::Other }),
            1 => Some(Happening::Revoked { reason: Reason::IssuedInError }),
            2 => Some(Happening::Revoked { reason: Reason::Other }),
            3 => Some(Happening::Expired),
            _ => None,
        };
        if let (Some(award), Some(what)) = (&mut s.award, what) {
            award.history.push(entry(what, "2026-03-01"));
        }
        let q = question(&p, &s, &[], now);
        let held = matches!(q.state(), Some(AwardState::Valid { .. } | AwardState::NotYetValid { .. }));
        let (decision, outlook) = (decide(&q), outlook(&q));
        match &decision {
            Decision::Award(_) | Decision::Renew(_) => prop_assert!(outlook.unmet.is_empty()),
            Decision::Record => prop_assert!(held),
            Decision::Withhold(unmet) => prop_assert!(!held && !unmet.is_empty() && *unmet == outlook.unmet),
        }
    }

    #[test]
    fn a_lower_award_never_ends_before_its_own_renewal_would(
        began in 0..400i64, days in 1..900u32, window in 0..200u32, grace in 0..60u32, day in 0..1_500i64, higher in 1..900u32,
    ) {
        let lower = format!("validity = \"{days}d\"");
        let renewal = format!("{USUAL}\n[certification.renewal]\nwindow = \"{window}d\"\ngrace = \"{grace}d\"");
        let mut p = program(&lower, &renewal);
        let (c, high) = (p.certifications[0].clone(), &mut p.certifications[1]);
        (high.renews, high.validity) = (vec![c.id.clone()], Some(crate::program::duration::CalendarDuration::days(higher)));
        let (began, now) = (at("2026-01-01") + TimeDelta::days(began), at("2026-01-01") + TimeDelta::days(day));
        let own = term(&p, &c, began, None, began);
        let mut held = award("2026-01-01", None);
        (held.versions[0].valid_until, held.versions[0].awarded_at) = (own.valid_until, began);
        let expiry = own.valid_until.unwrap();
        let phase = Cycle::of(&held, &c, p.timezone).unwrap().phase(now);
        let along = renewed_along(&p, &p.certifications[1], &[Held { certification: c.id.clone(), award: held }], now);
        let end = along.first().and_then(|(_, term)| term.valid_until);
        match phase {
            RenewalPhase::Lapsed => prop_assert_eq!(end, None),
            RenewalPhase::Early => prop_assert!(end.is_none_or(|end| end > expiry)),
            _ => prop_assert_eq!(end, term(&p, &c, began, Some(expiry), now).valid_until),
        }
    }

    #[test]
    fn the_order_of_arrival_does_not_matter(s in any_standing(), then in any_then(), seed in any::<u64>(), day in 0..900i64) {
        let p = strict(then);
        let mut shuffled = s.clone();
        shuffled.results.sort_by_key(|r| (r.id.len() as u64 ^ r.at.timestamp().cast_unsigned()).wrapping_mul(seed | 1));
        let now = at("2025-06-01") + TimeDelta::days(day);
        let ask = |s: &Standing| {
            let question = question(&p, s, &[], now);
            (decide(&question), outlook(&question))
        };
        prop_assert_eq!(ask(&s), ask(&shuffled));
    }

    #[test]
    fn attempts_never_exceed_their_number(s in any_standing(), then in any_then()) {
        let p = strict(then);
        let q = question(&p, &s, &[], at("2027-12-01"));
        let progress = Progress::new(scope(&q, &Start::default()), Vec::new());
        let grants = s.exceptions.iter().filter(|e| matches!(e.kind, ExceptionKind::Attempt { .. })).count();
        let mut last: Option<DateTime<Utc>> = None;
        let mut early = 0;
        for judged in progress.judged.iter().filter(|j| j.result.requirement.as_str() == "exam") {
            let Fate::Failed(numbered) = judged.fate else {
                last = last.filter(|_| judged.fate != Fate::Counted);
                continue;
            };
            prop_assert!(numbered.attempt >= 1 && numbered.attempt <= numbered.attempts.unwrap());
            prop_assert!(numbered.attempts.unwrap() as usize <= 3 + grants);
            early += usize::from(last.is_some_and(|last| judged.result.at.date_naive() < last.date_naive() + TimeDelta::days(6)));
            last = Some(judged.result.at);
        }
        prop_assert!(early <= grants, "only a grant shortens the wait");
    }

    #[test]
    fn dates_never_contradict(
        began in 0..1_000i64, every in 1..400u32, grace in 0..60u32, window in 0..500u32, late in 0..90u32, days in 1..1_500u32,
    ) {
        let p = program(
            &format!("validity = \"{days}d\""),
            &format!(
                "{USUAL}\n[certification.renewal]\nwindow = \"{window}d\"\ngrace = \"{grace}d\"\nstreamlined = \"{}d\"\n\
                 [[certification.upkeep]]\nevery = \"{every}d\"\nany_of = [[\"annual-update\"]]\ngrace = \"{grace}d\"",
                grace + late
            ),
        );
        let c = &p.certifications[0];
        let began = at("2026-01-01") + TimeDelta::days(began);
        let term = term(&p, c, began, None, began);
        let until = term.valid_until.unwrap();
        prop_assert!(term.awarded_at <= until);
        let mut held = award("2026-01-01", None);
        (held.versions[0].valid_until, held.versions[0].awarded_at) = (Some(until), began);
        let cycle = Cycle::of(&held, c, p.timezone).unwrap();
        prop_assert!(cycle.opens <= cycle.expiry && cycle.expiry <= cycle.grace_until);
        prop_assert!(cycle.grace_until <= cycle.streamlined_until);
        let demands = upkeep_demands(1, c, &term, p.timezone, began);
        prop_assert_eq!(demands.is_empty(), every > days);
        for demand in &demands {
            prop_assert!(demand.opens <= demand.due && demand.due <= demand.cutoff && demand.due <= until);
        }
        for pair in demands.windows(2) {
            prop_assert!(pair[0].due < pair[1].opens);
        }
        held.demands = demands;
        let found = milestones(&held, Some(c), p.timezone, began, began + TimeDelta::days(4_000));
        prop_assert!(found.windows(2).all(|pair| pair[0].0 <= pair[1].0));
    }
}
