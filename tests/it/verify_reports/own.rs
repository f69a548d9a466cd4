//! Our own awards: the record tells more than a list can, and speaks for nobody else.

use assay::id::CredentialVersion;
use assay::rules::{Award, AwardState, Reason, VersionEntry, VersionKind};
use assay::verification::{Facts, Found, Need, OwnAward, Trust, Verdict, WhichCopy, inspect, needs, read};
use chrono_tz::Tz;
use serde_json::json;

use super::{LIST, NOW, judge, sample};
use crate::badges::{AWARD, Office, at};

fn own(state: AwardState, copy: WhichCopy) -> OwnAward {
    OwnAward {
        award: AWARD.parse().expect("a sound number"),
        state,
        copy,
        vendor: "Northwind".to_owned(),
        zone: Tz::Europe__Berlin,
        rights_in_grace: false,
        tell_reason: false,
    }
}

#[test]
fn our_own_record_tells_more_than_a_list_can() {
    #[track_caller]
    fn check(own: OwnAward, verdict: Verdict, headline: &str) {
        let office = Office::local();
        let mut facts = Facts::at(at(NOW));
        facts.ours = vec![office.did];
        facts.own = Some(own);
        let presented = read(sample().to_string().as_bytes()).unwrap();
        assert!(needs(&presented, &facts).is_empty(), "nothing of our own is fetched");
        let report = inspect(&presented, &facts);
        assert_eq!((report.verdict, report.headline.as_str()), (verdict, headline), "{report:#?}");
        assert_eq!(report.credential.award.as_deref(), Some(AWARD));
        assert_eq!(report.issuer.trust, Trust::Ours);
    }
    let version = CredentialVersion(1);
    let current = WhichCopy::Current(version);
    let on = at("2026-10-01T00:00:00Z");
    let until = Some(at("2028-05-03T21:59:59Z"));
    let valid = AwardState::Valid { until };
    let renewed = WhichCopy::Renewed { version, on };
    check(
        own(valid, current),
        Verdict::Valid,
        "Valid. Ana Lopes holds Certified Sales Associate from Northwind until 3 May 2028.",
    );
    check(
        own(AwardState::Valid { until: Some(at("2030-05-03T21:59:59Z")) }, renewed),
        Verdict::Valid,
        "Valid until 3 May 2030. This copy is from 4 May 2026; it was renewed.",
    );
    let since = at("2026-11-01T00:00:00Z");
    let reason = Reason::RequirementsNotMet;
    check(
        own(AwardState::Suspended { since, reason }, current),
        Verdict::Suspended,
        "Not valid at present, since 1 November 2026: the issuer is reviewing it. This is not a finding against the \
         holder.",
    );
    check(
        own(AwardState::Revoked { since, reason }, current),
        Verdict::Revoked,
        "No longer valid since 1 November 2026: its issuer revoked it.",
    );
    check(
        OwnAward { tell_reason: true, ..own(AwardState::Revoked { since, reason }, current) },
        Verdict::Revoked,
        "No longer valid since 1 November 2026: the requirements turned out not to be met.",
    );
    check(
        own(AwardState::Expired { since, grace_until: None }, current),
        Verdict::Expired,
        "Expired on 1 November 2026.",
    );
    let grace_until = Some(at("2026-12-01T22:59:59Z"));
    let in_grace = own(AwardState::Expired { since, grace_until }, current);
    check(in_grace.clone(), Verdict::Expired, "Expired on 1 November 2026; may be renewed until 1 December 2026.");
    check(
        OwnAward { rights_in_grace: true, ..in_grace },
        Verdict::Expired,
        "Expired on 1 November 2026; may be renewed until 1 December 2026; still honoured by Northwind.",
    );
    check(
        own(valid, WhichCopy::Corrected { version, on }),
        Verdict::Replaced,
        "Replaced on 1 October 2026: details were corrected. This copy is no longer to be used; ask for the newer one.",
    );
    check(
        own(valid, WhichCopy::Reinstated { version, on }),
        Verdict::Replaced,
        "Replaced on 1 October 2026, when a suspension ended. This copy is no longer to be used; ask for the newer one.",
    );
    check(
        own(valid, WhichCopy::Unknown),
        Verdict::Invalid,
        "The issuer has no record of having signed this copy. Do not rely on it.",
    );
    check(
        own(AwardState::NotYetValid { from: at("2027-01-01T12:00:00Z") }, current),
        Verdict::NotYetValid,
        "Not issued yet: it was first issued on 1 January 2027.",
    );
}

#[test]
fn a_copy_is_known_by_its_date() {
    let version = |number, kind, valid_from: &str, valid_until: &str| VersionEntry {
        number: CredentialVersion(number),
        kind,
        list: 1,
        index: number,
        valid_from: at(valid_from),
        valid_until: Some(at(valid_until)),
        awarded_at: at("2024-01-01T00:00:00Z"),
        earned_at: at("2024-01-01T00:00:00Z"),
        program: 1,
        kid: String::new(),
        term: CredentialVersion(number),
        rests_on: Vec::new(),
        fallen: false,
    };
    let award = Award {
        demands: Vec::new(),
        id: AWARD.parse().expect("a sound number"),
        versions: vec![
            version(1, VersionKind::Issue, "2024-01-01T00:00:00Z", "2025-01-31T23:59:59Z"),
            version(2, VersionKind::Renewal, "2025-01-01T00:00:00Z", "2027-01-31T23:59:59Z"),
            version(3, VersionKind::Correction, "2025-02-01T00:00:00Z", "2027-01-31T23:59:59Z"),
            version(4, VersionKind::Reinstatement, "2025-03-01T00:00:00Z", "2027-01-31T23:59:59Z"),
        ],
        history: Vec::new(),
    };
    let copy = |date: &str| WhichCopy::of(&award, &json!({ "validFrom": date }));
    let (on3, on4) = (at("2025-02-01T00:00:00Z"), at("2025-03-01T00:00:00Z"));
    // A renewed copy bears the details that were corrected later.
    assert_eq!(copy("2024-01-01T00:00:00Z"), WhichCopy::Corrected { version: CredentialVersion(1), on: on3 });
    assert_eq!(copy("2025-01-01T00:00:00Z"), WhichCopy::Corrected { version: CredentialVersion(2), on: on3 });
    assert_eq!(copy("2025-02-01T00:00:00Z"), WhichCopy::Reinstated { version: CredentialVersion(3), on: on4 });
    assert_eq!(copy("2025-03-01T00:00:00Z"), WhichCopy::Current(CredentialVersion(4)));
    assert_eq!(copy("2025-03-01T00:00:01Z"), WhichCopy::Unknown);
    assert_eq!(copy("soon"), WhichCopy::Unknown);
}

#[test]
fn our_record_does_not_speak_for_a_forger_who_borrows_a_number() {
    let forger = Office::with_seed(66);
    let credential = forger.issue(|c| c.holder.name = "Mallory").value().clone();
    let mut facts = Facts::at(at(NOW));
    facts.ours = vec![Office::local().did];
    let valid = AwardState::Valid { until: None };
    facts.own = Some(own(valid, WhichCopy::Current(CredentialVersion(1))));
    facts.found.insert(Need::StatusList(LIST.to_owned()), Found::Json(forger.status_list(&[], "2026-11-20T09:00:00Z")));
    let report = judge(&credential, &facts);
    assert_eq!(report.verdict, Verdict::UntrustedIssuer, "{report:#?}");
    assert_eq!(report.credential.award, None);
}
