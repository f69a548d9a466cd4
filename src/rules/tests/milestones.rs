//! Tables of what time brings.

use super::states::demand;
use super::*;
use chrono_tz::Tz;

const ZONE: Tz = chrono_tz::Europe::Berlin;

fn told(award: &Award, renewal: &str, after: &str, until: &str) -> Vec<String> {
    let p = program("validity = \"1y\"", &format!("{USUAL}\n[certification.renewal]\n{renewal}"));
    let basis = Some(&p.certifications[0]);
    let found = milestones(award, basis, ZONE, at(after), at(until));
    let mut next = at(after);
    for (moment, _) in &found {
        if *moment > next {
            next = next_milestone(award, basis, ZONE, next).expect("one more");
            assert_eq!(next, *moment, "one after the other");
        }
    }
    assert!(next_milestone(award, basis, ZONE, next).is_none_or(|later| later > at(until)));
    let words = |milestone: &Milestone| match milestone {
        Milestone::Reminder { days, .. } => format!("reminder {days}"),
        Milestone::Expired { .. } => "expired".to_owned(),
        Milestone::GraceEnded { .. } => "grace ended".to_owned(),
        Milestone::Lapsed { .. } => "lapsed".to_owned(),
        Milestone::DemandReminder { days, .. } => format!("demand {days}"),
        Milestone::DemandMissed(_) => "missed".to_owned(),
    };
    found.iter().map(|(at, milestone)| format!("{} {}", at.format("%m-%d %H:%M"), words(milestone))).collect()
}

const USUAL_RENEWAL: &str = "grace = \"30d\"\nstreamlined = \"90d\"\nremind = [\"60d\", \"7d\", \"0d\"]";

fn running() -> Award {
    award("2025-12-01", Some("2026-12-01T22:59:59Z"))
}

fn with(what: Happening, when: &str) -> Award {
    let mut award = running();
    award.history.push(entry(what, when));
    award
}

#[test]
fn reminders_expiry_grace_and_lapse() {
    let whole = |award: &Award, renewal: &str| told(award, renewal, "2026-01-01", "2028-01-01");
    let over = ["12-01 23:00 expired", "12-31 23:00 grace ended", "03-01 23:00 lapsed"];
    let reminders = ["10-02 06:00 reminder 60", "11-24 07:00 reminder 7", "12-01 07:00 reminder 0"];
    assert_eq!(whole(&running(), USUAL_RENEWAL), [&reminders[..], &over].concat());
    assert_eq!(whole(&running(), "remind = []\ngrace = \"30d\""), [over[0], "12-31 23:00 lapsed"]);
    assert_eq!(whole(&running(), "remind = []"), [over[0]]);
    assert_eq!(told(&running(), USUAL_RENEWAL, "2026-11-24", "2026-12-01T22:59:59Z"), reminders[2..]);
    let suspended = with(Happening::Suspended { reason: Reason::Other }, "2026-11-01");
    assert_eq!(whole(&suspended, USUAL_RENEWAL), [&reminders[..1], &over].concat(), "expiry is told all the same");
    assert!(whole(&with(Happening::Revoked { reason: Reason::Other }, "2026-11-01"), USUAL_RENEWAL).is_empty());
    assert!(whole(&award("2025-12-01", None), USUAL_RENEWAL).is_empty());
    let mut renewed = with(Happening::Renewed { version: CredentialVersion(2) }, "2026-11-10");
    renewed.versions.push(VersionEntry {
        number: CredentialVersion(2),
        term: CredentialVersion(2),
        kind: VersionKind::Renewal,
        valid_from: at("2026-11-10"),
        valid_until: Some(at("2027-12-01T22:59:59Z")),
        ..renewed.versions[0].clone()
    });
    assert_eq!(told(&renewed, USUAL_RENEWAL, "2026-11-01", "2027-11-01"), ["10-02 06:00 reminder 60"]);
    assert_eq!(
        milestones(&running(), None, ZONE, at("2026-01-01"), at("2028-01-01")).len(),
        1,
        "expiry, without a program"
    );
}

#[test]
fn demands_are_reminded_of_and_missed() {
    let renewal = "grace = \"30d\"\nstreamlined = \"90d\"\nremind = [\"30d\", \"7d\"]";
    let spring = |award: &Award| told(award, renewal, "2026-01-05", "2026-08-01");
    let demanded = |kind| Award { demands: vec![demand(kind)], ..running() };
    let upkeep = demanded(DemandKind::Upkeep);
    let steps = ["03-01 07:00 demand 30", "03-24 07:00 demand 7", "03-31 22:00 missed"];
    assert_eq!(spring(&upkeep), steps);
    let recertification = demanded(DemandKind::Recertification);
    let ended = ["03-31 22:00 expired", "04-30 22:00 grace ended", "06-29 22:00 lapsed"];
    assert_eq!(spring(&recertification), [&steps[..], &ended].concat());
    let mut written = recertification.clone();
    written.history.push(entry(Happening::Expired, "2026-03-31T22:00:00Z"));
    assert_eq!(spring(&written), spring(&recertification), "once the history says so, too");
    let mut met = upkeep.clone();
    met.demands[0].met = Some(Met { at: at("2026-02-01"), recorded_at: at("2026-02-01") });
    assert!(spring(&met).is_empty());
    let mut revoked = upkeep.clone();
    revoked.history.push(entry(Happening::Revoked { reason: Reason::Other }, "2026-02-01"));
    assert!(spring(&revoked).is_empty());
    let after_the_miss = told(&upkeep, renewal, "2026-04-01", "2026-12-31");
    assert_eq!(after_the_miss, ["12-01 23:00 expired"], "no reminders while it is suspended");
    let mut over = upkeep;
    over.versions[0].valid_until = Some(at("2026-02-15T22:59:59Z"));
    assert_eq!(
        told(&over, renewal, "2026-02-10", "2026-08-01"),
        ["02-15 23:00 expired", "03-17 23:00 grace ended", "05-16 22:00 lapsed"],
        "nobody misses a demand on what is over"
    );
}
