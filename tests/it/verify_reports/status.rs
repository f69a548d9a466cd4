//! Dates, status lists and keys: what must be known besides the credential itself.

use assay::proof::{PublicKey, did};
use assay::verification::CheckOutcome::{CouldNotCheck, Failed, Passed, Warning};
use assay::verification::Verdict::{Inconclusive, Revoked, Valid};
use assay::verification::{CheckId, CheckOutcome, Found, Need, Verdict, inspect, needs, read};
use serde_json::{Value, json};

use super::{LIST, facts, forge, judge, listed, outcome, remove, sample};
use crate::badges::{Office, at};

#[test]
fn several_status_entries_are_all_asked() {
    #[track_caller]
    fn check(bits: &[usize], verdict: Verdict) {
        let office = Office::local();
        let mut document = sample();
        let mut second = document["credentialStatus"].clone();
        second["id"] = json!("https://badges.example/status/1#43");
        second["statusListIndex"] = json!("43");
        document["credentialStatus"] = json!([document["credentialStatus"].clone(), second]);
        let mut facts = facts(&office);
        let list = office.status_list(bits, "2026-11-20T09:00:00Z");
        facts.found.insert(Need::StatusList(LIST.to_owned()), Found::Json(list));
        assert_eq!(judge(&forge(&office, document), &facts).verdict, verdict);
    }
    check(&[], Verdict::Valid);
    check(&[42], Verdict::Revoked);
    check(&[43], Verdict::Revoked);
}

#[test]
fn dates_decide_between_early_valid_and_late() {
    #[track_caller]
    fn check(now: &str, as_of: Option<&str>, verdict: Verdict, headline: &str) {
        let office = Office::local();
        let mut facts = facts(&office);
        facts.now = at(now);
        facts.as_of = as_of.map(at);
        let signed_at = facts.now - chrono::TimeDelta::hours(1);
        let list = office.status_list(&[], &assay::clock::rfc3339(signed_at));
        facts.found.insert(Need::StatusList(LIST.to_owned()), Found::Json(list));
        let report = judge(&sample(), &facts);
        assert_eq!((report.verdict, report.headline.as_str()), (verdict, headline));
        assert_eq!(report.as_of, facts.moment());
    }
    let valid = "Valid. Ana Lopes holds Certified Sales Associate from Northwind until 3 May 2028.";
    check("2026-05-04T09:29:59Z", None, Verdict::NotYetValid, "Not valid before 4 May 2026.");
    check("2026-05-04T09:30:00Z", None, Verdict::Valid, valid);
    check("2028-05-03T21:59:59Z", None, Verdict::Valid, valid);
    check("2028-05-03T22:00:00Z", None, Verdict::Expired, "Expired on 3 May 2028.");
    check("2030-01-01T00:00:00Z", Some("2027-01-01T00:00:00Z"), Verdict::Valid, valid);
    check("2027-01-01T00:00:00Z", Some("2030-01-01T00:00:00Z"), Verdict::Expired, "Expired on 3 May 2028.");
    check("2027-01-01T00:00:00Z", Some("2020-01-01T00:00:00Z"), Verdict::NotYetValid, "Not valid before 4 May 2026.");
}

#[test]
fn only_a_list_that_can_be_relied_on_answers_for_the_status() {
    #[track_caller]
    fn check(list: Option<Found>, verdict: Verdict, outcome_of_status: CheckOutcome, said: &str) {
        let mut facts = facts(&Office::local());
        match list {
            Some(list) => facts.found.insert(Need::StatusList(LIST.to_owned()), list),
            None => facts.found.remove(&Need::StatusList(LIST.to_owned())),
        };
        let report = judge(&sample(), &facts);
        assert_eq!(report.verdict, verdict, "{report:#?}");
        assert_eq!(outcome(&report, CheckId::Status), outcome_of_status);
        assert!(report.headline.contains(said), "{}", report.headline);
    }
    let office = Office::local();
    let hour = "2026-11-20T09:00:00Z";
    let got = |list: Value| Some(Found::Json(list));
    let changed = |change: &dyn Fn(&mut Value)| {
        let mut list = office.status_list(&[], hour);
        change(&mut list);
        list
    };

    check(got(office.status_list(&[], hour)), Valid, Passed, "Valid.");
    check(got(office.status_list(&[42], hour)), Revoked, Failed, "No longer valid");
    check(got(office.status_list(&[41, 43], hour)), Valid, Passed, "Valid.");
    let silent = "Could not be checked: the status list of badges.example did not answer at 10:02 UTC. Try again, or \
                  ask the issuer.";
    check(Some(Found::CouldNot("did not answer".to_owned())), Inconclusive, CouldNotCheck, silent);
    check(None, Inconclusive, CouldNotCheck, "was not asked");
    check(got(office.status_list(&[], "2026-11-19T09:00:00Z")), Inconclusive, CouldNotCheck, "out of date");
    check(got(office.status_list(&[], "2026-11-20T11:00:00Z")), Inconclusive, CouldNotCheck, "future");
    check(got(office.status_list_of(100_000, &[], hour)), Valid, Warning, "Valid.");
    check(got(office.status_list_of(100_000, &[42], hour)), Revoked, Failed, "No longer valid");
    check(got(office.status_list_of(40, &[], hour)), Inconclusive, CouldNotCheck, "too short");
    check(got(Office::with_seed(8).status_list(&[], hour)), Valid, Warning, "Valid.");
    check(got(changed(&|l| remove(l, "proof"))), Inconclusive, CouldNotCheck, "not signed");
    check(
        got(changed(&|l| l["validUntil"] = json!("2030-01-01T00:00:00Z"))),
        Inconclusive,
        CouldNotCheck,
        "does not fit",
    );
    check(got(changed(&|l| l["issuer"] = json!("did:web:x.example"))), Inconclusive, CouldNotCheck, "does not fit");
    let signed = |change: &dyn Fn(&mut Value)| forge(&office, changed(change));
    check(got(signed(&|l| l["issuer"] = json!("did:web:x.example"))), Inconclusive, CouldNotCheck, "somebody else");
    check(got(signed(&|l| l["id"] = json!("https://badges.example/status/2"))), Inconclusive, CouldNotCheck, "another");
    check(
        got(signed(&|l| l["credentialSubject"]["statusPurpose"] = json!("suspension"))),
        Inconclusive,
        CouldNotCheck,
        "another purpose",
    );
    check(
        got(signed(&|l| l["credentialSubject"]["encodedList"] = json!("uH4sIAAAA"))),
        Inconclusive,
        CouldNotCheck,
        "cannot be read",
    );
    check(got(json!({})), Inconclusive, CouldNotCheck, "is none");
    check(got(json!("gone")), Inconclusive, CouldNotCheck, "is none");
}

#[test]
fn an_issuer_nobody_listed_is_said_to_be_so() {
    let office = Office::local();
    let mut facts = facts(&office);
    facts.listed = listed(&[]);
    let report = judge(&sample(), &facts);
    assert_eq!(report.verdict, Verdict::UntrustedIssuer);
    assert!(report.headline.starts_with("Signed by the holder of the key z6Mk"), "{}", report.headline);
    assert!(report.headline.ends_with("whom you have not listed. Everything else checks."));
    facts.now = at("2030-01-01T00:00:00Z");
    facts.found.clear();
    let report = judge(&sample(), &facts);
    assert_eq!(report.verdict, Verdict::Expired, "expiry needs no list");
    assert_eq!(report.headline, "Expired on 3 May 2028. Its issuer is none that you have listed.");
}

#[test]
fn keys_on_the_web_are_asked_for_and_judged() {
    let office = Office::on_the_web();
    let credential = office.issue(|_| {}).value().clone();
    let presented = read(credential.to_string().as_bytes()).unwrap();
    let key = |kid: &str| did::PublishedKey { key: PublicKey::from_multibase(kid).unwrap(), revoked: None };
    let document = did::document(&office.did, &[key(&office.kid())]);

    let mut facts = facts(&office);
    facts.found.clear();
    let did = || Need::ControllerDocument("did:web:badges.example".to_owned());
    assert_eq!(needs(&presented, &facts), [did(), Need::StatusList(LIST.to_owned())]);
    facts.found.insert(Need::StatusList(LIST.to_owned()), Found::Json(office.status_list(&[], "2026-11-20T09:00:00Z")));
    assert_eq!(needs(&presented, &facts), [did()]);
    assert_eq!(inspect(&presented, &facts).verdict, Verdict::Inconclusive);

    facts.found.insert(Need::ControllerDocument(office.did.clone()), Found::CouldNot("did not answer".to_owned()));
    let report = inspect(&presented, &facts);
    assert_eq!(report.verdict, Verdict::Inconclusive);
    assert_eq!(
        report.headline,
        "Could not be checked: the list of keys of badges.example did not answer at 10:02 UTC. Try again, or ask the \
         issuer."
    );
    assert_eq!(outcome(&report, CheckId::Issuer), CheckOutcome::CouldNotCheck);

    facts.found.insert(Need::ControllerDocument(office.did.clone()), Found::Json(document));
    let newest = presented.value()["refreshService"]["id"].as_str().unwrap().to_owned();
    assert_eq!(needs(&presented, &facts), [Need::Refresh(newest.clone())], "only of what is genuine");
    facts.found.insert(Need::Refresh(newest), Found::Json(credential));
    assert!(needs(&presented, &facts).is_empty());
    let report = inspect(&presented, &facts);
    assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");

    let others = did::document(&office.did, &[key(&Office::with_seed(8).kid())]);
    facts.found.insert(Need::ControllerDocument(office.did.clone()), Found::Json(others));
    let report = inspect(&presented, &facts);
    assert_eq!(report.verdict, Verdict::Invalid);
    assert!(report.headline.contains("not vouched for by badges.example"), "{}", report.headline);

    let stolen = did::PublishedKey { revoked: Some(at("2026-11-01T00:00:00Z")), ..key(&office.kid()) };
    facts
        .found
        .insert(Need::ControllerDocument(office.did.clone()), Found::Json(did::document(&office.did, &[stolen])));
    assert_eq!(inspect(&presented, &facts).verdict, Verdict::Invalid);
    facts.as_of = Some(at("2026-10-01T00:00:00Z"));
    assert_eq!(inspect(&presented, &facts).verdict, Verdict::Invalid, "a stolen key proves nothing of the past either");
}
