//! Tables of states.

use super::*;
use crate::program::Certification;

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

/// An upkeep (or recertification) that was due on 1 March 2026, with a cutoff of 31 March.
pub(super) fn demand(kind: DemandKind) -> Demand {
    Demand {
        id: "d".into(),
        kind,
        paths: vec![vec!["audit".parse().unwrap()]],
        opens: at("2026-01-01"),
        due: at("2026-03-01T22:59:59Z"),
        cutoff: at("2026-03-31T21:59:59Z"),
        remedy: None,
        placed_at: at("2026-01-01"),
        program: 1,
        met: None,
    }
}

#[test]
fn a_missed_demand_has_its_effect_whether_or_not_the_history_says_so() {
    let p = program("", USUAL);
    let until = at("2026-12-01T22:59:59Z");
    let states = |award: &Award| {
        let moments = ["2026-03-31T21:59:59Z", "2026-03-31T22:00:00Z", "2026-04-09T12:00:00Z", "2026-04-10T12:00:00Z"];
        moments.map(|when| state_at(award, Some(&p.certifications[1]), p.timezone, at(when)))
    };
    let valid = AwardState::Valid { until: Some(until) };
    let (cutoff, effect) = (at("2026-03-31T21:59:59Z"), at("2026-03-31T22:00:00Z"));
    let rests = AwardState::Suspended { since: effect, reason: Reason::UpkeepMissed };
    let ended = AwardState::Expired { since: cutoff, grace_until: Some(at("2026-04-30T21:59:59Z")) };
    let table = [
        (DemandKind::Upkeep, Happening::Suspended { reason: Reason::UpkeepMissed }, rests),
        (DemandKind::Recertification, Happening::Expired, ended),
    ];
    for (kind, line, missed) in table {
        let mut open = award("2025-12-01", Some("2026-12-01T22:59:59Z"));
        open.demands.push(demand(kind));
        let mut told = open.clone();
        told.history.push(entry(line, "2026-03-31T22:00:00Z"));
        assert_eq!(states(&open), [valid, missed, missed, missed]);
        assert_eq!(states(&told), states(&open));
        let mended = |award: &Award| {
            let mut award = award.clone();
            award.demands[0].met = Some(Met { at: at("2026-04-10"), recorded_at: at("2026-04-12") });
            award
        };
        assert_eq!(states(&mended(&open)), [valid, missed, missed, valid]);
        assert_eq!(states(&mended(&told)), states(&mended(&open)));
        let mut signed = mended(&told);
        let number = CredentialVersion(2);
        signed.versions.push(VersionEntry { number, kind: VersionKind::Reinstatement, ..signed.versions[0].clone() });
        signed.history.push(entry(Happening::Reinstated { version: number }, "2026-04-12"));
        assert_eq!(states(&signed), states(&mended(&open)));
        let mut without_demand = told.clone();
        without_demand.demands.clear();
        assert_eq!(states(&without_demand), states(&open), "the history alone");
        let mut by_hand = told;
        by_hand.history.push(entry(Happening::Reinstated { version: number }, "2026-04-10"));
        assert_eq!(states(&by_hand), [valid, missed, missed, valid], "reinstated by hand");
        let mut in_time = open.clone();
        in_time.demands[0].met = Some(Met { at: cutoff, recorded_at: effect });
        assert_eq!(states(&in_time), [valid; 4]);
        let mut before_its_time = open;
        before_its_time.versions[0].valid_until = Some(at("2026-02-01"));
        assert!(matches!(states(&before_its_time)[3], AwardState::Expired { since, .. } if since == at("2026-02-01")));
    }
}

#[test]
fn an_extension_replaces_like_a_renewal() {
    let mut a = award("2025-12-01", Some("2026-12-01T22:59:59Z"));
    let (number, until) = (CredentialVersion(2), Some(at("2027-03-01T22:59:59Z")));
    a.versions.push(VersionEntry { number, kind: VersionKind::Extension, valid_until: until, ..a.versions[0].clone() });
    a.history.push(entry(Happening::Extended { version: number }, "2026-11-01"));
    assert_eq!(copy_of(&a, CredentialVersion::FIRST), Some(CopyState::Renewed { by: number }));
    assert_eq!(copy_of(&a, number), Some(CopyState::Current));
    assert_eq!(state_at(&a, None, chrono_tz::UTC, at("2027-01-01")), AwardState::Valid { until });
}
