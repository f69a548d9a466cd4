//! Open Badges 2.0 and 1.x, hosted: the chain of addresses, each changed in turn.

use assay::verification::CheckId::{Context, Format, Issuer, Proof, Schema, Status, Subject, Validity};
use assay::verification::CheckOutcome::{CouldNotCheck, Failed, Passed, Warning};
use assay::verification::{CheckId, CheckOutcome, Facts, Found, Need, Report, Verdict, judge, read};
use serde_json::{Value, json};

use super::{NOW, listed, outcome};
use crate::badges::at;

const ASSERTION: &str = "https://badges.example/assertions/1";
const BADGE: &str = "https://badges.example/badges/robotics";
const ISSUER: &str = "https://badges.example/issuer";

/// An assertion, its badge class and its issuer, as their hosts serve them.
struct Host {
    assertion: Value,
    badge: Value,
    issuer: Value,
    facts: Facts,
}

impl Host {
    fn new() -> Self {
        let v2 = "https://w3id.org/openbadges/v2";
        let mut facts = Facts::at(at(NOW));
        facts.listed = listed(&[ISSUER]);
        Host {
            // printf alice@example.orgdeadsea | sha256sum
            assertion: json!({
                "@context": v2, "type": "Assertion", "id": ASSERTION, "badge": BADGE,
                "recipient": {
                    "type": "email", "hashed": true, "salt": "deadsea",
                    "identity": "sha256$c934fdacc6242be0277a284970416aa9bfa583241fb85094bc96c504ee0abd4e",
                },
                "verification": {"type": "HostedBadge"}, "issuedOn": "2016-12-31T23:59:59+00:00",
                "narrative": "Built a robot.",
            }),
            badge: json!({
                "@context": v2, "type": "BadgeClass", "id": BADGE, "name": "Robotics", "issuer": ISSUER,
                "description": "Knows robots.", "image": "https://badges.example/robotics.png",
                "criteria": {"narrative": "Build one."},
            }),
            issuer: json!({
                "@context": v2, "type": "Issuer", "id": ISSUER, "name": "Example Makers", "url": "https://badges.example",
                "email": "badges@badges.example",
            }),
            facts,
        }
    }

    /// The report on `presented`, once all that is asked for was answered; nothing else is known.
    fn judge(&self, presented: &Value) -> Report {
        let presented = read(presented.to_string().as_bytes()).expect("well-formed");
        let mut facts = self.facts.clone();
        for _ in 0..5 {
            let judgement = judge(&presented, &facts);
            if judgement.needs.is_empty() {
                if judgement.report.verdict == Verdict::Valid {
                    let open =
                        |check: &assay::verification::Check| check.outcome == CouldNotCheck && check.id < Subject;
                    assert!(!judgement.report.checks.iter().any(open), "{:#?}", judgement.report);
                }
                return judgement.report;
            }
            for need in judgement.needs {
                let found = match need.name() {
                    ASSERTION => Found::Json(self.assertion.clone()),
                    BADGE => Found::Json(self.badge.clone()),
                    ISSUER => Found::Json(self.issuer.clone()),
                    _ => Found::CouldNot("did not answer".to_owned()),
                };
                facts.found.insert(need, found);
            }
        }
        panic!("it asks without end");
    }
}

fn set(host: &mut Host, name: &str, found: Found) {
    host.facts.found.insert(Need::Hosted(name.to_owned()), found);
}

#[test]
fn a_hosted_badge_is_what_its_host_serves() {
    let host = Host::new();
    let report = host.judge(&host.assertion);
    assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
    assert_eq!(report.headline, "Valid. Robotics from Northwind.", "as the operator calls its issuer");
    for id in [Format, Context, Schema, Proof, Issuer, Status, Validity] {
        assert_eq!(outcome(&report, id), Passed, "{report:#?}");
    }
    assert_eq!(report.issuer.id.as_deref(), Some(ISSUER));
    let mut unlisted = Host::new();
    unlisted.facts.listed = listed(&[]);
    let report = unlisted.judge(&unlisted.assertion);
    assert_eq!(
        report.headline,
        "Signed by the holder of badges.example, whom you have not listed. Everything else checks."
    );
}

#[test]
fn a_changed_copy_is_found_out() {
    #[track_caller]
    fn check(change: impl FnOnce(&mut Value), verdict: Verdict, proof: CheckOutcome, said: &str) {
        let host = Host::new();
        let mut copy = host.assertion.clone();
        change(&mut copy);
        let report = host.judge(&copy);
        assert_eq!((report.verdict, outcome(&report, Proof)), (verdict, proof), "{report:#?}");
        let words = &report.checks.iter().find(|c| c.id == Proof).unwrap().words;
        assert!(words.contains(said), "{words}");
    }
    check(|a| a["recipient"]["identity"] = json!("sha256$00"), Verdict::Invalid, Failed, "recipient was changed");
    check(|a| a["issuedOn"] = json!("2026-01-01T00:00:00Z"), Verdict::Invalid, Failed, "issuedOn was changed");
    check(|a| a["expires"] = json!("2030-01-01T00:00:00Z"), Verdict::Invalid, Failed, "expires was changed");
    check(|a| a["badge"] = json!("https://badges.example/badges/other"), Verdict::Invalid, Failed, "badge was changed");
    check(
        |a| a["narrative"] = json!("Built ten robots."),
        Verdict::Valid,
        Warning,
        "other details, which count: narrative",
    );
    check(|a| a["image"] = json!("https://elsewhere.example/x.png"), Verdict::Valid, Passed, "what its issuer's host");
}

#[test]
fn every_link_of_the_chain_is_asked_and_must_vouch_for_the_next() {
    #[track_caller]
    fn check(change: impl FnOnce(&mut Host), verdict: Verdict, found: (CheckId, CheckOutcome), said: &str) {
        let mut host = Host::new();
        change(&mut host);
        let report = host.judge(&host.assertion);
        assert_eq!(report.verdict, verdict, "{report:#?}");
        assert_eq!(outcome(&report, found.0), found.1, "{report:#?}");
        assert!(report.headline.contains(said), "{}", report.headline);
    }
    let silent = || Found::CouldNot("did not answer".to_owned());
    check(
        |h| set(h, ASSERTION, silent()),
        Verdict::Inconclusive,
        (Proof, CouldNotCheck),
        "did not answer at 10:02 UTC",
    );
    check(|h| set(h, BADGE, silent()), Verdict::Inconclusive, (Issuer, CouldNotCheck), "did not answer");
    check(|h| set(h, ISSUER, silent()), Verdict::Inconclusive, (Issuer, CouldNotCheck), "did not answer");
    check(|h| set(h, ISSUER, Found::Text("x".to_owned())), Verdict::Inconclusive, (Issuer, CouldNotCheck), "is none");
    // Taken back.
    check(|h| set(h, ASSERTION, Found::Gone), Verdict::Revoked, (Status, Failed), "No longer valid");
    let stub = json!({"@context": "https://w3id.org/openbadges/v2", "id": ASSERTION, "type": "Assertion", "revoked": true,
                      "revocationReason": "Imported in error"});
    check(|h| set(h, ASSERTION, Found::Json(stub)), Verdict::Revoked, (Status, Failed), "No longer valid");
    // Somebody else's profile, or a profile that speaks for other places.
    check(
        |h| h.issuer["id"] = json!("https://other.example/issuer"),
        Verdict::Invalid,
        (Issuer, Failed),
        "somebody else",
    );
    check(
        |h| h.issuer["verification"] = json!({"allowedOrigins": "other.example"}),
        Verdict::Invalid,
        (Issuer, Failed),
        "does not vouch",
    );
    check(
        |h| h.issuer["verification"] = json!({"allowedOrigins": ["other.example", "badges.example"]}),
        Verdict::Valid,
        (Issuer, Passed),
        "Valid.",
    );
    check(
        |h| h.issuer["verification"] = json!({"startsWith": "https://badges.example/assertions/"}),
        Verdict::Valid,
        (Issuer, Passed),
        "Valid.",
    );
    for start in
        ["https://badges.example/others/", "https://badges.ex", "https://badges.example", "http://badges.example/"]
    {
        check(
            |h| h.issuer["verification"] = json!({"startsWith": [start]}),
            Verdict::Invalid,
            (Issuer, Failed),
            "does not vouch",
        );
    }
    // Dates.
    check(
        |h| h.assertion["expires"] = json!("2026-01-01T00:00:00Z"),
        Verdict::Expired,
        (Validity, Failed),
        "Expired on",
    );
    check(
        |h| h.assertion["issuedOn"] = json!("2030-01-01"),
        Verdict::NotYetValid,
        (Validity, Failed),
        "Not valid before",
    );
    check(|h| h.assertion["issuedOn"] = json!(1_483_228_799), Verdict::Valid, (Validity, Passed), "Valid.");
    check(
        |h| h.assertion["expires"] = json!("soon"),
        Verdict::Inconclusive,
        (Validity, CouldNotCheck),
        "cannot be read",
    );
    // Shape.
    check(|h| drop(h.badge.as_object_mut().unwrap().remove("name")), Verdict::Invalid, (Schema, Failed), "badge.name");
    check(|h| drop(h.badge.as_object_mut().unwrap().remove("criteria")), Verdict::Valid, (Schema, Warning), "Valid.");
    check(|h| h.assertion["type"] = json!("BadgeClass"), Verdict::Malformed, (Format, Failed), "not the assertion");
}

/// A host that an issuer has nothing to do with can write anything into what it serves.
#[test]
fn nobody_can_serve_a_badge_in_the_name_of_another() {
    let mut host = Host::new();
    let forged = "https://forger.example/assertions/1";
    host.assertion["id"] = json!(forged);
    // The whole chain in one document, as 2.0 allows.
    host.badge["issuer"] = host.issuer.clone();
    host.assertion["badge"] = host.badge.clone();
    let served = Found::Json(host.assertion.clone());
    set(&mut host, forged, served);
    let report = host.judge(&host.assertion);
    assert_eq!((report.verdict, outcome(&report, Issuer)), (Verdict::Invalid, Failed), "{report:#?}");
    // The same in one document from where it belongs is fine.
    let mut host = Host::new();
    host.badge["issuer"] = host.issuer.clone();
    host.assertion["badge"] = host.badge.clone();
    assert_eq!(host.judge(&host.assertion).verdict, Verdict::Valid);
}

#[test]
fn the_recipient_is_compared_when_somebody_asks() {
    #[track_caller]
    fn check(recipient: Value, holder: &str, expected: CheckOutcome) {
        let mut host = Host::new();
        host.assertion["recipient"] = recipient;
        host.facts.holder = Some(holder.to_owned());
        let report = host.judge(&host.assertion);
        assert_eq!(outcome(&report, Subject), expected, "{holder}: {report:#?}");
    }
    let hashed = Host::new().assertion["recipient"].clone();
    check(hashed.clone(), "alice@example.org", Passed);
    check(hashed.clone(), "Alice@Example.org", Passed);
    check(hashed, "bob@example.org", Failed);
    let plain = json!({"type": "email", "hashed": false, "identity": "alice@example.org"});
    check(plain.clone(), "alice@example.org", Passed);
    check(plain, "bob@example.org", Failed);
    check(
        json!("sha256$c934fdacc6242be0277a284970416aa9bfa583241fb85094bc96c504ee0abd4e"),
        "alice@example.org",
        Failed,
    );
    check(json!({"type": "email", "hashed": true, "identity": "sha1$00"}), "alice@example.org", CouldNotCheck);
}

#[test]
fn the_shapes_of_1_x_are_read() {
    let mut host = Host::new();
    host.assertion = json!({
        "uid": "1", "recipient": host.assertion["recipient"].clone(), "badge": BADGE,
        "verify": {"type": "hosted", "url": ASSERTION}, "issuedOn": 1_483_228_799,
    });
    host.badge = json!({
        "name": "Robotics", "description": "Knows robots.", "image": "https://badges.example/robotics.png",
        "criteria": "https://badges.example/criteria", "issuer": ISSUER,
    });
    host.issuer = json!({"name": "Example Makers", "url": "https://badges.example"});
    let report = host.judge(&host.assertion);
    assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
    assert!(report.checks[0].words.contains("Open Badges 1.0, hosted"), "{}", report.checks[0].words);
    let mut nowhere = host.assertion.clone();
    nowhere["verify"]["url"] = json!("urn:x");
    assert_eq!(host.judge(&nowhere).verdict, Verdict::Inconclusive);
    let mut unsaid = host.assertion.clone();
    unsaid["verify"] = json!({});
    let report = host.judge(&unsaid);
    assert_eq!((report.verdict, outcome(&report, Proof)), (Verdict::Invalid, Failed));
}
