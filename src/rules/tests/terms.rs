//! Tables of terms.

use super::super::RenewalPhase::{Early, Grace, Lapsed, Streamlined, Window};
use super::*;

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
