//! Tampered, odd and hostile credentials, each with the answer it must get.

use assay::id::CredentialVersion;
use assay::rules::{AwardState, Reason};
use assay::verification::{
    CheckId, CheckOutcome, Facts, Found, Malformed, Need, OwnAward, Report, Trust, Verdict, WhichCopy, inspect,
    malformed, needs, not_found, read,
};
use chrono_tz::Tz;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::badges::{AWARD, Office, at};
use crate::support::shared;

const LIST: &str = "https://badges.example/status/1";
const NOW: &str = "2026-11-20T10:02:00Z";

/// Everything a verifier can know of the sample office's badges: listed, with a clear status list.
fn facts(office: &Office) -> Facts {
    let mut facts = Facts::at(at(NOW));
    facts.listed = vec![office.did.clone()];
    facts.status_lists.insert(LIST.to_owned(), Found::Got(office.status_list(&[7], "2026-11-20T09:00:00Z")));
    facts
}

fn judge(credential: &Value, facts: &Facts) -> Report {
    inspect(&read(credential.to_string().as_bytes()).expect("well-formed"), facts)
}

fn outcome(report: &Report, id: CheckId) -> CheckOutcome {
    let check = report.checks.iter().find(|c| c.id == id);
    check.unwrap_or_else(|| panic!("{id:?} was not made: {report:#?}")).outcome
}

fn sample() -> Value {
    Office::local().issue(|_| {}).value().clone()
}

#[test]
fn a_sound_badge_of_a_listed_issuer_is_valid() {
    let report = judge(&sample(), &facts(&Office::local()));
    assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
    assert_eq!(report.headline, "Valid. Ana Lopes holds Certified Sales Associate from Northwind until 3 May 2028.");
    let ids: Vec<CheckId> = report.checks.iter().map(|c| c.id).collect();
    let mut sorted = ids.clone();
    sorted.sort();
    assert_eq!(ids, sorted, "checks come in their order");
    for id in [
        CheckId::Format,
        CheckId::Context,
        CheckId::Schema,
        CheckId::Proof,
        CheckId::Issuer,
        CheckId::Status,
        CheckId::Validity,
    ] {
        assert_eq!(outcome(&report, id), CheckOutcome::Passed, "{report:#?}");
    }
    assert_eq!(outcome(&report, CheckId::Refresh), CheckOutcome::CouldNotCheck);
    assert_eq!(report.credential.holder.as_deref(), Some("Ana Lopes"));
    assert_eq!(report.issuer.trust, Trust::Listed);
}

#[test]
fn tampered_and_odd_credentials_get_the_answer_they_deserve() {
    #[track_caller]
    fn check(change: impl FnOnce(&mut Value), verdict: Verdict, failed: CheckId, said: &str) {
        let mut credential = sample();
        change(&mut credential);
        let report = judge(&credential, &facts(&Office::local()));
        assert_eq!(report.verdict, verdict, "{report:#?}");
        assert_eq!(outcome(&report, failed), CheckOutcome::Failed, "{report:#?}");
        assert!(report.headline.contains(said), "{}", report.headline);
    }
    use CheckId::{Context, Format, Issuer, Proof, Schema};
    use Verdict::{Invalid, Malformed};
    let fit = "The signature does not fit this content";
    let subject = |c: &mut Value| c["credentialSubject"].take();

    // Changed after signing.
    check(|c| c["credentialSubject"]["identifier"][0]["identityHash"] = json!("Bob Ray"), Invalid, Proof, fit);
    check(|c| c["validUntil"] = json!("2038-05-03T21:59:59Z"), Invalid, Proof, fit);
    check(|c| remove(c, "validUntil"), Invalid, Proof, fit);
    check(|c| remove(c, "credentialStatus"), Invalid, Proof, fit);
    check(|c| c["credentialStatus"]["statusListIndex"] = json!("43"), Invalid, Proof, fit);
    check(|c| c["credentialSubject"]["role"] = json!("Chief"), Invalid, Proof, fit);
    check(|c| c["proof"][0]["created"] = json!("2026-05-04T09:30:01Z"), Invalid, Proof, fit);
    check(|c| c["evidence"] = json!([{"id": "https://x.example", "type": ["Evidence"]}]), Invalid, Proof, fit);
    // Signed by somebody else.
    let other = Office::with_seed(8);
    let theirs = other.issue(|_| {}).value().clone();
    check(|c| c["proof"] = theirs["proof"].clone(), Invalid, Issuer, fit);
    check(
        |c| {
            let mut mixed = theirs.clone();
            mixed["issuer"]["id"] = c["issuer"]["id"].clone();
            *c = mixed;
        },
        Invalid,
        Issuer,
        fit,
    );
    // Twice the same member, read differently by different readers.
    let doubled = sample().to_string().replacen("\"name\":", "\"name\":\"Other\",\"name\":", 1);
    assert!(matches!(read(doubled.as_bytes()), Err(assay::verification::Malformed::BrokenJson(_))));
    // Without a signature that can be read.
    check(|c| remove(c, "proof"), Invalid, Proof, "It carries no signature");
    check(|c| c["proof"] = json!([]), Invalid, Proof, "It carries no signature");
    check(|c| c["proof"][0]["proofValue"] = json!("z1"), Invalid, Proof, "");
    check(|c| c["proof"][0]["proofPurpose"] = json!("authentication"), Invalid, Proof, "");
    check(|c| c["proof"] = json!(vec![c["proof"][0].clone(); 9]), Invalid, Proof, "9 signatures, more than 8");
    check(|c| c["proof"] = json!("z"), Invalid, Proof, "");
    // Terms without meaning, contexts in the wrong place.
    check(|c| c["undefinedTerm"] = json!("x"), Invalid, Context, "undefinedTerm");
    check(|c| c["credentialSubject"]["undefinedTerm"] = json!("x"), Invalid, Context, "undefinedTerm");
    check(|c| c["@context"].as_array_mut().unwrap().swap(0, 1), Invalid, Context, "first context");
    // Not a badge at all.
    check(|c| remove(c, "@context"), Malformed, Format, "not a verifiable credential");
    check(|c| c["type"] = json!(["VerifiableCredential"]), Malformed, Format, "not an Open Badge");
    check(|c| c["type"] = json!(["VerifiablePresentation"]), Malformed, Format, "presentation");
    check(|c| *c = json!({}), Malformed, Format, "not a verifiable credential");
    // Parts missing: told with the signature's failure, and by themselves.
    check(|c| drop(subject(c)), Invalid, Schema, "");
    check(|c| remove(c, "issuer"), Invalid, Schema, "");
    check(|c| remove(&mut c["credentialSubject"]["achievement"], "criteria"), Invalid, Schema, fit);
}

fn remove(object: &mut Value, member: &str) {
    object.as_object_mut().expect("an object").shift_remove(member);
}

/// Signs any document with the sample office's key, past all lints.
fn forge(office: &Office, mut document: Value) -> Value {
    use assay::proof::data_integrity::{self, ProofOptions};
    remove(&mut document, "proof");
    let options = ProofOptions {
        verification_method: format!("{}#{}", office.did, office.kid()),
        created: at("2026-05-04T09:30:00Z"),
    };
    let bytes = data_integrity::bytes_to_sign(&document, &options).expect("the content is defined");
    document["proof"] = json!([data_integrity::proof(&options, &office.sign(&bytes))]);
    document
}

#[test]
fn what_an_issuer_signed_but_should_not_have_is_named() {
    #[track_caller]
    fn check(change: impl FnOnce(&mut Value), verdict: Verdict, found: (CheckId, CheckOutcome)) -> Report {
        let office = Office::local();
        let mut document = sample();
        change(&mut document);
        let report = judge(&forge(&office, document), &facts(&office));
        assert_eq!(report.verdict, verdict, "{report:#?}");
        assert_eq!(outcome(&report, found.0), found.1, "{report:#?}");
        report
    }
    use CheckId::{Endorsements, Issuer, Schema, Status, Validity};
    use CheckOutcome::{CouldNotCheck, Failed, Passed, Warning};
    let report = check(
        |c| remove(&mut c["credentialSubject"]["achievement"], "description"),
        Verdict::Invalid,
        (Schema, Failed),
    );
    assert!(report.headline.contains("credentialSubject.achievement.description"), "{}", report.headline);
    check(|c| c["issuer"]["id"] = json!("did:web:other.example"), Verdict::Invalid, (Issuer, Failed));
    check(|c| remove(c, "credentialStatus"), Verdict::Valid, (Status, Warning));
    check(|c| remove(c, "validUntil"), Verdict::Valid, (Validity, Passed));
    check(|c| c["validUntil"] = json!("soon"), Verdict::Inconclusive, (Validity, CouldNotCheck));
    check(|c| c["validFrom"] = json!("2026-05-04T09:30:00"), Verdict::Valid, (Schema, Warning));
    check(|c| remove(&mut c["credentialSubject"], "identifier"), Verdict::Valid, (Schema, Passed));
    check(
        |c| {
            remove(&mut c["credentialSubject"], "identifier");
            remove(&mut c["credentialSubject"], "id");
        },
        Verdict::Valid,
        (Schema, Warning),
    );
    check(
        |c| c["credentialStatus"] = json!({"id": "https://x.example/list", "type": "1EdTechRevocationList"}),
        Verdict::Inconclusive,
        (Status, CouldNotCheck),
    );
    check(|c| c["credentialStatus"]["statusSize"] = json!(2), Verdict::Inconclusive, (Status, CouldNotCheck));
    check(|c| c["credentialStatus"]["statusPurpose"] = json!("other"), Verdict::Inconclusive, (Status, CouldNotCheck));
    check(
        |c| c["credentialStatus"]["statusPurpose"] = json!("suspension"),
        Verdict::Inconclusive,
        (Status, CouldNotCheck),
    );
    for index in [json!("131072"), json!("-1"), json!("4x"), json!("")] {
        check(|c| c["credentialStatus"]["statusListIndex"] = index, Verdict::Inconclusive, (Status, CouldNotCheck));
    }
    check(|c| c["credentialStatus"]["statusListIndex"] = json!(7), Verdict::Revoked, (Status, Failed));
    check(
        |c| c["endorsementJwt"] = json!(["eyJhbGciOiJSUzI1NiJ9.e30.c2ln"]),
        Verdict::Valid,
        (Endorsements, CouldNotCheck),
    );
    let report = check(
        |c| c["credentialSubject"]["identifier"][0]["identityHash"] = json!("Ana\u{202e} <b>Lopes</b>"),
        Verdict::Valid,
        (Schema, Passed),
    );
    assert_eq!(report.credential.holder.as_deref(), Some("Ana <b>Lopes</b>"));
}

#[test]
fn a_badge_may_be_reformatted_and_reordered() {
    let office = Office::local();
    let pretty = format!("\u{feff}{:#}\n", sample());
    assert_eq!(inspect(&read(pretty.as_bytes()).unwrap(), &facts(&office)).verdict, Verdict::Valid);
    let mut members: Vec<(String, Value)> = sample().as_object().unwrap().clone().into_iter().collect();
    members.reverse();
    let reversed = Value::Object(members.into_iter().collect());
    assert_eq!(judge(&reversed, &facts(&office)).verdict, Verdict::Valid);
}

#[test]
fn one_signature_that_fits_suffices_if_it_is_the_issuers() {
    #[track_caller]
    fn check(proofs: Vec<Value>, verdict: Verdict, proof: CheckOutcome) {
        let mut credential = sample();
        credential["proof"] = Value::Array(proofs);
        let report = judge(&credential, &facts(&Office::local()));
        assert_eq!((report.verdict, outcome(&report, CheckId::Proof)), (verdict, proof), "{report:#?}");
    }
    let own = sample()["proof"][0].clone();
    let stranger = Office::with_seed(8);
    let theirs = forge(&stranger, sample())["proof"][0].clone();
    let mut broken = own.clone();
    broken["proofValue"] = theirs["proofValue"].clone();
    let mut run_out = own.clone();
    run_out["expires"] = json!("2026-11-01T00:00:00Z");
    let mut other_kind = own.clone();
    other_kind["cryptosuite"] = json!("ecdsa-sd-2023");
    use CheckOutcome::{CouldNotCheck, Failed, Passed, Warning};
    check(vec![own.clone(), theirs.clone()], Verdict::Valid, Passed);
    check(vec![theirs.clone(), own.clone()], Verdict::Valid, Passed);
    check(vec![own.clone(), broken.clone()], Verdict::Valid, Warning);
    check(vec![own.clone(), other_kind.clone()], Verdict::Valid, Warning);
    check(vec![theirs.clone()], Verdict::Invalid, Passed);
    check(vec![theirs, broken.clone()], Verdict::Invalid, Warning);
    check(vec![broken], Verdict::Invalid, Failed);
    check(vec![run_out], Verdict::Invalid, Failed);
    check(vec![other_kind], Verdict::Inconclusive, CouldNotCheck);
    let many = vec![own; 9];
    check(many, Verdict::Invalid, Failed);
}

#[test]
fn a_badge_in_the_older_shape_is_read() {
    let office = Office::local();
    let mut document = sample();
    document["@context"][0] = json!("https://www.w3.org/2018/credentials/v1");
    for member in ["validFrom", "validUntil", "awardedDate", "credentialStatus", "refreshService"] {
        remove(&mut document, member);
    }
    document["issuanceDate"] = json!("2026-05-04T09:30:00Z");
    document["expirationDate"] = json!("2026-12-24T23:59:59Z");
    document["@context"].as_array_mut().unwrap().push(json!("https://w3id.org/security/data-integrity/v2"));
    let credential = forge(&office, document);
    let report = judge(&credential, &facts(&office));
    assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
    assert_eq!(outcome(&report, CheckId::Context), CheckOutcome::Warning);
    let mut later = facts(&office);
    later.now = at("2026-12-25T00:00:00Z");
    assert_eq!(judge(&credential, &later).verdict, Verdict::Expired);
}

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
        facts.status_lists.insert(LIST.to_owned(), Found::Got(list));
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
        facts.status_lists.insert(LIST.to_owned(), Found::Got(list));
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
    fn check(list: Option<Found<Value>>, verdict: Verdict, outcome_of_status: CheckOutcome, said: &str) {
        let mut facts = facts(&Office::local());
        match list {
            Some(list) => facts.status_lists.insert(LIST.to_owned(), list),
            None => facts.status_lists.remove(LIST),
        };
        let report = judge(&sample(), &facts);
        assert_eq!(report.verdict, verdict, "{report:#?}");
        assert_eq!(outcome(&report, CheckId::Status), outcome_of_status);
        assert!(report.headline.contains(said), "{}", report.headline);
    }
    use CheckOutcome::{CouldNotCheck, Failed, Passed, Warning};
    use Verdict::{Inconclusive, Revoked, Valid};
    let office = Office::local();
    let hour = "2026-11-20T09:00:00Z";
    let got = |list: Value| Some(Found::Got(list));
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
    facts.listed.clear();
    let report = judge(&sample(), &facts);
    assert_eq!(report.verdict, Verdict::UntrustedIssuer);
    assert!(report.headline.starts_with("Signed by the holder of the key z6Mk"), "{}", report.headline);
    assert!(report.headline.ends_with("whom you have not listed. Everything else checks."));
    facts.now = at("2030-01-01T00:00:00Z");
    facts.status_lists.clear();
    let report = judge(&sample(), &facts);
    assert_eq!(report.verdict, Verdict::Expired, "expiry needs no list");
    assert_eq!(report.headline, "Expired on 3 May 2028. Its issuer is none that you have listed.");
}

#[test]
fn keys_on_the_web_are_asked_for_and_judged() {
    use assay::proof::{PublicKey, did};
    let office = Office::on_the_web();
    let credential = office.issue(|_| {}).value().clone();
    let presented = read(credential.to_string().as_bytes()).unwrap();
    let key = |kid: &str| did::PublishedKey { key: PublicKey::from_multibase(kid).unwrap(), revoked: None };
    let document = did::document(&office.did, &[key(&office.kid())]);

    let mut facts = facts(&office);
    facts.status_lists.clear();
    let did = || Need::ControllerDocument("did:web:badges.example".to_owned());
    assert_eq!(needs(&presented, &facts), [did(), Need::StatusList(LIST.to_owned())]);
    facts.status_lists.insert(LIST.to_owned(), Found::Got(office.status_list(&[], "2026-11-20T09:00:00Z")));
    assert_eq!(needs(&presented, &facts), [did()]);
    assert_eq!(inspect(&presented, &facts).verdict, Verdict::Inconclusive);

    facts.controllers.insert(office.did.clone(), Found::CouldNot("did not answer".to_owned()));
    let report = inspect(&presented, &facts);
    assert_eq!(report.verdict, Verdict::Inconclusive);
    assert_eq!(
        report.headline,
        "Could not be checked: the list of keys of badges.example did not answer at 10:02 UTC. Try again, or ask the \
         issuer."
    );
    assert_eq!(outcome(&report, CheckId::Issuer), CheckOutcome::CouldNotCheck);

    facts.controllers.insert(office.did.clone(), Found::Got(document));
    assert!(needs(&presented, &facts).is_empty());
    let report = inspect(&presented, &facts);
    assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");

    let others = did::document(&office.did, &[key(&Office::with_seed(8).kid())]);
    facts.controllers.insert(office.did.clone(), Found::Got(others));
    let report = inspect(&presented, &facts);
    assert_eq!(report.verdict, Verdict::Invalid);
    assert!(report.headline.contains("not vouched for by badges.example"), "{}", report.headline);

    let stolen = did::PublishedKey { revoked: Some(at("2026-11-01T00:00:00Z")), ..key(&office.kid()) };
    facts.controllers.insert(office.did.clone(), Found::Got(did::document(&office.did, &[stolen])));
    assert_eq!(inspect(&presented, &facts).verdict, Verdict::Invalid);
    facts.as_of = Some(at("2026-10-01T00:00:00Z"));
    assert_eq!(inspect(&presented, &facts).verdict, Verdict::Invalid, "a stolen key proves nothing of the past either");
}

fn own(state: AwardState, copy: WhichCopy) -> OwnAward {
    OwnAward {
        award: AWARD.parse().unwrap(),
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
        "Not valid before 1 January 2027.",
    );
}

#[test]
fn a_copy_is_known_by_its_date() {
    use assay::rules::{Award, VersionEntry, VersionKind};
    let version = |number, kind, valid_from: &str| VersionEntry {
        number: CredentialVersion(number),
        kind,
        list: 1,
        index: number,
        valid_from: at(valid_from),
        valid_until: None,
        awarded_at: at("2024-01-01T00:00:00Z"),
        program: 1,
        kid: String::new(),
    };
    let award = Award {
        id: AWARD.parse().unwrap(),
        versions: vec![
            version(1, VersionKind::Issue, "2024-01-01T00:00:00Z"),
            version(2, VersionKind::Renewal, "2025-01-01T00:00:00Z"),
            version(3, VersionKind::Correction, "2025-02-01T00:00:00Z"),
            version(4, VersionKind::Reinstatement, "2025-03-01T00:00:00Z"),
        ],
        history: Vec::new(),
    };
    let copy = |date: &str| WhichCopy::of(&award, &json!({ "validFrom": date }));
    let (on2, on3, on4) = (at("2025-01-01T00:00:00Z"), at("2025-02-01T00:00:00Z"), at("2025-03-01T00:00:00Z"));
    assert_eq!(copy("2024-01-01T00:00:00Z"), WhichCopy::Renewed { version: CredentialVersion(1), on: on2 });
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
    facts.status_lists.insert(LIST.to_owned(), Found::Got(forger.status_list(&[], "2026-11-20T09:00:00Z")));
    let report = judge(&credential, &facts);
    assert_eq!(report.verdict, Verdict::UntrustedIssuer, "{report:#?}");
    assert_eq!(report.credential.award, None);
}

#[test]
fn a_test_badge_says_so_first() {
    let office = Office::local();
    let credential = office.issue(|c| c.test = true).value().clone();
    let report = judge(&credential, &facts(&office));
    assert_eq!(report.verdict, Verdict::Valid);
    assert!(report.headline.starts_with("TEST. Valid. Ana Lopes holds Certified Sales"), "{}", report.headline);
    assert!(report.credential.test);
}

#[test]
fn the_holder_is_compared_when_somebody_asks() {
    #[track_caller]
    fn check(holder: &str, verdict: Verdict) {
        let mut facts = facts(&Office::local());
        facts.holder = Some(holder.to_owned());
        let report = judge(&sample(), &facts);
        assert_eq!(report.verdict, verdict, "{holder}: {report:#?}");
    }
    check("ana@partner.example", Verdict::Valid);
    check(" Ana@Partner.example", Verdict::Valid);
    check("Ana Lopes", Verdict::Valid);
    check("urn:uuid:00000000-0000-4000-8000-000000000001", Verdict::Valid);
    check("bob@partner.example", Verdict::Invalid);
    check("", Verdict::Invalid);
}

#[test]
fn what_is_no_credential_is_refused_by_name() {
    #[track_caller]
    fn check(bytes: &[u8], expected: &str) {
        let problem = read(bytes).expect_err("must be refused");
        assert!(problem.to_string().contains(expected), "{problem}");
        let report = malformed(&problem, at(NOW));
        assert_eq!(report.verdict, Verdict::Malformed);
        assert!(report.headline.contains(expected), "{}", report.headline);
    }
    check(b"", "empty");
    check(b" \n", "empty");
    check(b"hello", "neither a badge picture nor a credential");
    check(b"\xff\xd8\xff\xe0\x00\x10JFIF", "neither a badge picture nor a credential");
    check(b"{\"name\": \"caf\xe9\"}", "not UTF-8");
    check(b"[1]", "not an object");
    check(b"{\"a\": 1", "cannot be read");
    check(b"{\"a\": 1, \"a\": 2}", "cannot be read");
    check(b"<html><body>", "neither a badge picture nor a credential");
    check(b"<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>", "carries no credential");
    check(b"\x89PNG\r\n\x1a\n", "picture");
    check(b"eyJhbGciOiJSUzI1NiJ9.e30.c2ln", "VC-JWT are not read by this version");
    check(br#"{"@context": "https://w3id.org/openbadges/v2", "type": "Assertion"}"#, "Open Badges 2.0");
    check(&vec![b' '; 10 * 1024 * 1024 + 1], "more than 10485760");
    check(format!("{{\"a\": \"{}\"}}", "x".repeat(1024 * 1024)).as_bytes(), "more than 1048576");
    check(format!("{}{}", "[".repeat(100_000), "]".repeat(100_000)).as_bytes(), "cannot be read");
    assert!(matches!(read(b""), Err(Malformed::Empty)));
}

#[test]
fn a_number_without_a_public_record_is_answered_in_one_way() {
    let report = not_found(at(NOW));
    assert_eq!(report.verdict, Verdict::NotFound);
    assert!(report.headline.starts_with("No public record under this number"));
}

#[test]
fn baked_pictures_are_read_like_the_credential_itself() {
    use assay::render::bake;
    let office = Office::local();
    let credential = office.issue(|_| {});
    let svg = bake::svg("<svg xmlns=\"http://www.w3.org/2000/svg\"><g/></svg>", credential.text()).unwrap();
    let presented = read(svg.as_bytes()).unwrap();
    assert_eq!(presented.text(), credential.text());
    assert_eq!(inspect(&presented, &facts(&office)).verdict, Verdict::Valid);
    let mut png = Vec::new();
    let mut encoder = png::Encoder::new(&mut png, 1, 1);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.write_header().unwrap().write_image_data(&[0]).unwrap();
    assert!(matches!(read(&png), Err(Malformed::NothingBaked)));
    let baked = bake::png(&png, credential.text()).unwrap();
    assert_eq!(read(&baked).unwrap().text(), credential.text());
}

/// Published credentials and what their sources say of them: name, path, does the signature fit, is the key the issuer's.
#[test]
fn published_samples_get_the_answers_their_sources_state() {
    let Some(shared) = shared() else { return };
    let load = |path: &str| -> Value { serde_json::from_slice(&std::fs::read(shared.join(path)).unwrap()).unwrap() };
    let mut judged = 0;
    let mut check = |name: &str, credential: &Value, proof: CheckOutcome, verdict: Verdict, facts: &Facts| {
        let report = judge(credential, facts);
        assert_eq!(outcome(&report, CheckId::Proof), proof, "{name}: {report:#?}");
        assert_eq!(report.verdict, verdict, "{name}: {report:#?}");
        judged += 1;
    };
    let mut facts = Facts::at(at("2026-11-20T10:00:00Z"));
    facts.listed = vec!["did:key:z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi".to_owned()];

    let list = load("vectors/derived/09-status-list-credential.json")["signed"].clone();
    facts.status_lists.insert("https://example.org/status/1".to_owned(), Found::Got(list));
    for n in 1..=8 {
        let folder = std::fs::read_dir(shared.join("vectors/derived")).unwrap();
        let mut files = folder.map(|f| f.unwrap().file_name().into_string().unwrap());
        let file = files.find(|f| f.starts_with(&format!("0{n}-"))).unwrap();
        let signed = load(&format!("vectors/derived/{file}"))["signed"].clone();
        // The published list has bit 42 set, the one that the sixth names.
        let verdict = if n == 6 { Verdict::Revoked } else { Verdict::Valid };
        check(&file, &signed, CheckOutcome::Passed, verdict, &facts);
        let mut changed = signed;
        changed["name"] = json!("Changed");
        check(&file, &changed, CheckOutcome::Failed, Verdict::Invalid, &facts);
    }

    let guide = load("vectors/1edtech-ob3-impl-guide/signed-credential.json");
    let key = "z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi";
    check("guide, key not fetched", &guide, CheckOutcome::CouldNotCheck, Verdict::Inconclusive, &facts);
    let issuer = "https://example.edu/issuers/565049";
    let document = json!({
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": issuer,
        "verificationMethod": [{
            "id": format!("{issuer}#{key}"), "type": "Multikey", "controller": issuer, "publicKeyMultibase": key,
        }],
        "assertionMethod": [format!("{issuer}#{key}")],
    });
    facts.controllers.insert(issuer.to_owned(), Found::Got(document));
    check("guide", &guide, CheckOutcome::Passed, Verdict::UntrustedIssuer, &facts);
    facts.listed.push(issuer.to_owned());
    check("guide, listed", &guide, CheckOutcome::Passed, Verdict::Valid, &facts);

    // Fine signatures over credentials that are no badges.
    for file in [
        "eddsa-rdfc-2022/signedDataInt.json",
        "eddsa-jcs-2022/signedJCS.json",
        "Ed25519Signature2020/signedEdSig.json",
        "proof-set-chain/signedProofSet2.json",
        "proof-set-chain/signedProofChain2.json",
    ] {
        let credential = load(&format!("vectors/w3c-vc-di-eddsa/{file}"));
        check(file, &credential, CheckOutcome::Passed, Verdict::Malformed, &facts);
        let mut changed = credential;
        changed["validFrom"] = json!("2023-01-02T00:00:00Z");
        check(file, &changed, CheckOutcome::Failed, Verdict::Malformed, &facts);
    }
    // A context nobody here knows: no fault of the credential, but nothing that could be relied on either.
    let unknown = load("vectors/w3c-vc-di-eddsa/eddsa-rdfc-2022/employ/signedDataInt.json");
    check("unknown context", &unknown, CheckOutcome::CouldNotCheck, Verdict::Malformed, &facts);
    let mut badge = load("vectors/derived/01-minimal-did-key.json")["signed"].clone();
    badge["@context"].as_array_mut().unwrap().push(json!("https://context.example/v1"));
    check("unknown context, a badge", &badge, CheckOutcome::CouldNotCheck, Verdict::Inconclusive, &facts);
    // The specification's unsigned example.
    let basic = load("examples/ob3-spec/basicOpenBadgeCredential-0.json");
    check("unsigned", &basic, CheckOutcome::Failed, Verdict::Invalid, &facts);
    println!("{judged} published samples judged");
}

/// Unsigned examples, keys, lists, other formats: whatever lies among the published examples, none of it is a valid badge.
#[test]
fn nothing_else_that_was_published_is_valid() {
    let Some(shared) = shared() else { return };
    let mut seen = 0;
    for folder in ["examples/ob3-spec", "examples/ob2-spec", "examples/w3c", "examples/vcdm", "examples/oid4vci"] {
        for entry in std::fs::read_dir(shared.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let bytes = std::fs::read(&path).unwrap();
            seen += 1;
            if let Ok(presented) = read(&bytes) {
                let facts = Facts::at(at(NOW));
                needs(&presented, &facts);
                let verdict = inspect(&presented, &facts).verdict;
                assert!(
                    matches!(verdict, Verdict::Invalid | Verdict::Malformed | Verdict::Inconclusive),
                    "{}: {verdict:?}",
                    path.display()
                );
            }
        }
    }
    println!("{seen} published examples judged");
}

#[test]
fn no_changed_byte_anywhere_leaves_a_badge_valid() {
    let office = Office::local();
    let facts = facts(&office);
    let text = office.issue(|_| {}).into_text().into_bytes();
    for place in 0..text.len() {
        let mut bytes = text.clone();
        bytes[place] ^= 1 << (place % 7);
        if let Ok(presented) = read(&bytes) {
            let report = inspect(&presented, &facts);
            assert!(report.verdict != Verdict::Valid, "byte {place}: {report:#?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_changed_byte_leaves_a_badge_valid(place in any::<prop::sample::Index>(), bit in 0u32..8) {
        let office = Office::local();
        let mut bytes = office.issue(|c| c.score = Some(90.0)).text().as_bytes().to_vec();
        let place = place.index(bytes.len());
        bytes[place] ^= 1 << bit;
        if let Ok(presented) = read(&bytes) {
            let report = inspect(&presented, &facts(&office));
            prop_assert!(report.verdict != Verdict::Valid, "byte {} bit {}: {:#?}", place, bit, report);
        }
    }

    #[test]
    fn no_bytes_make_reading_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = read(&bytes);
    }
}
