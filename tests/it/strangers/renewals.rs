//! Newer versions of a stranger's badge, and what others say of it.

use assay::verification::CheckId::{Endorsements, Refresh};
use assay::verification::CheckOutcome::{CouldNotCheck, Failed, Passed, Warning};
use assay::verification::{CheckOutcome, Facts, Found, Need, Report, Verdict, inspect, judge, read};
use serde_json::{Value, json};

use super::{NOW, listed, outcome};
use crate::badges::{Office, at};
use crate::verify_reports::forge;

const LIST: &str = "https://badges.example/status/1";
const NEWEST: &str = "https://badges.example/credentials/7K3QX9M2TR4HB6WD.json";

fn facts(office: &Office, bits: &[usize]) -> Facts {
    let mut facts = Facts::at(at(NOW));
    facts.listed = listed(&[&office.did]);
    let list = office.status_list(bits, "2026-11-20T09:00:00Z");
    facts.found.insert(Need::StatusList(LIST.to_owned()), Found::Json(list));
    facts
}

fn inspected(credential: &Value, facts: &Facts) -> Report {
    inspect(&read(credential.to_string().as_bytes()).unwrap(), facts)
}

/// The renewal of the sample badge: the same id, later dates, an index of its own.
fn renewed(office: &Office) -> Value {
    let renewal = office.issue(|claim| {
        claim.valid_from = at("2026-11-01T00:00:00Z");
        claim.valid_until = Some(at("2030-05-03T21:59:59Z"));
        claim.index = 43;
    });
    renewal.value().clone()
}

#[test]
fn the_newest_version_is_judged_in_place_of_an_older_copy() {
    let office = Office::local();
    let older = office.issue(|_| {}).value().clone();
    assert_eq!(older["refreshService"]["id"], NEWEST);
    // Where the older copy has run out, and its bit is set besides.
    let mut facts = facts(&office, &[42]);
    facts.now = at("2028-06-01T00:00:00Z");
    let list = office.status_list(&[42], "2028-05-31T23:00:00Z");
    facts.found.insert(Need::StatusList(LIST.to_owned()), Found::Json(list));
    assert_eq!(inspected(&older, &facts).verdict, Verdict::Revoked);
    facts.found.insert(Need::Refresh(NEWEST.to_owned()), Found::Json(renewed(&office)));
    let report = inspected(&older, &facts);
    assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
    assert_eq!(outcome(&report, Refresh), Warning);
    let words = &report.checks.iter().find(|check| check.id == Refresh).unwrap().words;
    assert_eq!(
        words,
        "This copy is from 4 May 2026; the newest version, of 1 November 2026, was checked in its place."
    );
    // The newest one is revoked: so is the badge.
    let list = office.status_list(&[43], "2028-05-31T23:00:00Z");
    facts.found.insert(Need::StatusList(LIST.to_owned()), Found::Json(list));
    assert_eq!(inspected(&older, &facts).verdict, Verdict::Revoked);
}

#[test]
fn what_lies_at_the_address_is_not_believed_because_it_lies_there() {
    #[track_caller]
    fn check(found: Found, refresh: CheckOutcome) {
        let office = Office::local();
        let mut facts = facts(&office, &[]);
        facts.found.insert(Need::Refresh(NEWEST.to_owned()), found);
        let report = inspected(&office.issue(|_| {}).value().clone(), &facts);
        assert_eq!((report.verdict, outcome(&report, Refresh)), (Verdict::Valid, refresh), "{report:#?}");
        assert_eq!(report.credential.valid_until, Some(at("2028-05-03T21:59:59Z")), "this copy was judged");
    }
    let office = Office::local();
    check(Found::Json(office.issue(|_| {}).value().clone()), Passed);
    check(Found::CouldNot("did not answer".to_owned()), CouldNotCheck);
    check(Found::Gone, CouldNotCheck);
    check(Found::Json(json!({})), Warning);
    check(Found::Text("eyJhbGciOiJub25lIn0.e30.".to_owned()), Warning);
    let mut tampered = renewed(&office);
    tampered["validUntil"] = json!("2040-01-01T00:00:00Z");
    check(Found::Json(tampered), Warning);
    check(Found::Json(renewed(&Office::with_seed(8))), Warning);
    let mut other = renewed(&office);
    other["id"] = json!("https://badges.example/credentials/OTHER");
    check(Found::Json(forge(&office, other)), Warning);
}

#[test]
fn nobody_is_asked_about_what_is_not_genuine() {
    let office = Office::local();
    let mut forged = office.issue(|_| {}).value().clone();
    forged["name"] = json!("Something else");
    let presented = read(forged.to_string().as_bytes()).unwrap();
    let mut facts = facts(&office, &[]);
    facts.found.insert(Need::Refresh(NEWEST.to_owned()), Found::Json(renewed(&office)));
    let judgement = judge(&presented, &facts);
    assert_eq!(judgement.report.verdict, Verdict::Invalid, "a genuine newer one does not heal a forged copy");
    facts.found.clear();
    let needs = judge(&presented, &facts).needs;
    assert!(!needs.contains(&Need::Refresh(NEWEST.to_owned())), "{needs:?}");
}

/// An endorsement of the sample badge by another house.
fn endorsement(by: &Office, about: &str) -> Value {
    let document = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
        "id": "urn:uuid:00000000-0000-4000-8000-00000000000e", "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": "A good program", "issuer": {"id": by.did, "type": ["Profile"], "name": "Chamber"},
        "validFrom": "2026-05-01T00:00:00Z", "validUntil": "2027-05-01T00:00:00Z",
        "credentialSubject": {"id": about, "type": ["EndorsementSubject"], "endorsementComment": "We rely on it."},
    });
    forge(by, document)
}

#[test]
fn endorsements_are_judged_like_credentials() {
    #[track_caller]
    fn check(change: impl FnOnce(&mut Value), verdict: Verdict, endorsements: CheckOutcome, said: &str) {
        let (office, chamber) = (Office::local(), Office::with_seed(8));
        let mut badge = office.issue(|_| {}).value().clone();
        let mut endorsement = endorsement(&chamber, badge["id"].as_str().unwrap());
        change(&mut endorsement);
        badge["endorsement"] = json!([endorsement]);
        let report = inspected(&forge(&office, badge), &facts(&office, &[]));
        assert_eq!(report.verdict, verdict, "{report:#?}");
        assert_eq!(outcome(&report, Endorsements), endorsements, "{report:#?}");
        let words = &report.checks.iter().find(|check| check.id == Endorsements).unwrap().words;
        assert!(words.contains(said), "{words}");
    }
    let chamber = Office::with_seed(8);
    check(|_| {}, Verdict::Valid, Passed, "Endorsed by the key z6Mk");
    check(|e| e["name"] = json!("Another"), Verdict::Invalid, Failed, "does not fit");
    check(|e| *e = endorsement(&chamber, "urn:uuid:other"), Verdict::Invalid, Failed, "about something else");
    check(|e| e["issuer"]["id"] = json!(Office::local().did), Verdict::Invalid, Failed, "does not fit");
    check(|e| drop(e.as_object_mut().unwrap().shift_remove("proof")), Verdict::Invalid, Failed, "does not fit");
    check(
        |e| {
            e["validUntil"] = json!("2026-06-01T00:00:00Z");
            *e = forge(&chamber, e.clone());
        },
        Verdict::Valid,
        Warning,
        "out of date",
    );
    check(
        |e| {
            e["issuer"]["id"] = json!("did:web:chamber.example");
            e["proof"][0]["verificationMethod"] = json!(format!("did:web:chamber.example#{}", chamber.kid()));
        },
        Verdict::Valid,
        CouldNotCheck,
        "was not asked",
    );
}

#[test]
fn there_is_an_end_to_endorsements() {
    let (office, chamber) = (Office::local(), Office::with_seed(8));
    let mut badge = office.issue(|_| {}).value().clone();
    let one = endorsement(&chamber, badge["id"].as_str().unwrap());
    badge["endorsement"] = json!(vec![one; 9]);
    let report = inspected(&forge(&office, badge), &facts(&office, &[]));
    assert_eq!(outcome(&report, Endorsements), CouldNotCheck);
}
