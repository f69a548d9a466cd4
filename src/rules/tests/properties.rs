//! What holds for every history.

use chrono::TimeDelta;
use proptest::prelude::*;

use super::*;

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
