//! What stands in a credential, and whether a signature fits it.

use assay::verification::CheckId::{Context, Endorsements, Format, Issuer, Proof, Schema, Status, Validity};
use assay::verification::CheckOutcome::{CouldNotCheck, Failed, Passed, Warning};
use assay::verification::Verdict::{Invalid, Malformed};
use assay::verification::{CheckId, CheckOutcome, Found, Need, Report, Trust, Verdict, inspect, needs, read};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{LIST, facts, forge, judge, outcome, remove, sample};
use crate::badges::{Office, at};

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
    check(|c| c["type"] = json!(["VerifiableCredential"]), Invalid, Proof, fit);
    check(
        |c| c["type"] = json!(["Proof"]),
        Malformed,
        Format,
        "neither an Open Badge nor another verifiable credential",
    );
    check(|c| *c = json!({}), Malformed, Format, "not a verifiable credential");
    // Parts missing: told with the signature's failure, and by themselves.
    check(|c| drop(subject(c)), Invalid, Schema, "");
    check(|c| remove(c, "issuer"), Invalid, Schema, "");
    check(|c| remove(&mut c["credentialSubject"]["achievement"], "criteria"), Invalid, Schema, fit);
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
    let report = check(
        |c| remove(&mut c["credentialSubject"]["achievement"], "description"),
        Verdict::Invalid,
        (Schema, Failed),
    );
    let (path, fix) = ("credentialSubject.achievement.description", "add a sentence that says what it is");
    assert_eq!(report.headline, format!("It is not made as an Open Badge must be: {path} is missing ({fix})."));
    let schema = report.checks.iter().find(|c| c.id == Schema).expect("it was made");
    assert_eq!(schema.facts["flaws"], json!([{ "path": path, "words": "is missing", "fix": fix }]));
    let many = |c: &mut Value| c["evidence"] = json!(vec![json!({ "name": "x" }); 5]);
    let report = check(many, Verdict::Invalid, (Schema, Failed));
    assert!(
        report.headline.ends_with("evidence[2].type is missing (write [\"Evidence\"]); and 2 more."),
        "{report:#?}"
    );
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
    check(|c| c["credentialStatus"]["statusSize"] = json!(2), Verdict::Valid, (Status, Warning));
    for size in [json!(0), json!(9), json!("2"), json!(-1), json!(null)] {
        check(|c| c["credentialStatus"]["statusSize"] = size, Verdict::Inconclusive, (Status, CouldNotCheck));
    }
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
    check(|c| c["endorsementJwt"] = json!(["eyJhbGciOiJSUzI1NiJ9.e30.c2ln"]), Verdict::Invalid, (Endorsements, Failed));
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
    other_kind["cryptosuite"] = json!("bbs-2023");
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

/// Paths to every value of a document, itself left out.
fn places(value: &Value, path: &str, found: &mut Vec<String>) {
    let mut visit = |name: String, value: &Value| {
        let path = format!("{path}/{name}");
        found.push(path.clone());
        places(value, &path, found);
    };
    match value {
        Value::Array(values) => values.iter().enumerate().for_each(|(n, v)| visit(n.to_string(), v)),
        Value::Object(members) => members.iter().for_each(|(name, v)| visit(name.replace('/', "~1"), v)),
        _ => {}
    }
}

fn odd() -> [Value; 11] {
    [
        json!(null),
        json!([]),
        json!({}),
        json!(""),
        json!(7),
        json!(1e300),
        json!(false),
        json!("x"),
        json!([null]),
        json!([[{ "id": [7] }]]),
        json!({ "@value": "x", "id": {} }),
    ]
}

#[test]
fn no_odd_value_in_a_status_list_passes_for_a_clear_bit() {
    let office = Office::local();
    let list = office.status_list(&[42], "2026-11-20T09:00:00Z");
    let mut paths = Vec::new();
    places(&list, "", &mut paths);
    for path in &paths {
        for value in &odd() {
            let mut changed = list.clone();
            *changed.pointer_mut(path).expect("a path of it") = value.clone();
            let mut facts = facts(&office);
            facts.found.insert(Need::StatusList(LIST.to_owned()), Found::Json(changed));
            let report = judge(&sample(), &facts);
            assert_eq!(report.verdict, Verdict::Inconclusive, "{path} = {value}: {report:#?}");
        }
    }
}

#[test]
fn no_odd_value_anywhere_is_valid_or_makes_judging_panic() {
    let office = Office::local();
    let facts = facts(&office);
    let sound = sample();
    let mut paths = Vec::new();
    places(&sound, "", &mut paths);
    assert!(paths.len() > 60, "{paths:?}");
    for path in &paths {
        for value in &odd() {
            let mut credential = sound.clone();
            let place = credential.pointer_mut(path).expect("a path of it");
            if std::mem::replace(place, value.clone()) == *value {
                continue;
            }
            let presented = read(credential.to_string().as_bytes()).expect("well-formed");
            needs(&presented, &facts);
            let report = inspect(&presented, &facts);
            assert_ne!(report.verdict, Verdict::Valid, "{path} = {value}: {report:#?}");
        }
    }
}

const VALID_UNTIL: &str = "https://www.w3.org/2018/credentials#validUntil";

/// Signatures over RDF fit every spelling of the same meaning; members that were hidden that way must not be missed.
#[test]
fn a_holder_cannot_hide_what_makes_a_badge_run_out() {
    #[track_caller]
    fn check(change: impl FnOnce(&mut Value), verdict: Verdict) {
        let office = Office::local();
        let mut credential = sample();
        change(&mut credential);
        let mut later = facts(&office);
        later.now = at("2030-01-01T00:00:00Z");
        let report = judge(&credential, &later);
        assert_eq!(report.verdict, verdict, "{report:#?}");
        assert_ne!(outcome(&report, CheckId::Context), Passed, "{report:#?}");
        assert_eq!(outcome(&report, CheckId::Proof), Passed, "{report:#?}");
    }
    let until = |c: &mut Value| {
        let until = c["validUntil"].clone();
        remove(c, "validUntil");
        until
    };
    let typed = |until: Value| json!({ "@value": until, "@type": "http://www.w3.org/2001/XMLSchema#dateTime" });
    check(|c| c[VALID_UNTIL] = typed(until(c)), Invalid);
    check(|c| c["@included"] = json!([{ "id": c["id"], "type": c["type"], "validUntil": until(c) }]), Invalid);
    check(|c| c["@nest"] = json!({ "validUntil": until(c) }), Invalid);
    check(
        |c| {
            c["@context"].as_array_mut().expect("a list").push(json!({ "vu": { "@id": VALID_UNTIL } }));
            c["vu"] = typed(until(c));
        },
        Verdict::Inconclusive,
    );
    check(
        |c| {
            let status = c["credentialStatus"].clone();
            remove(c, "credentialStatus");
            c["https://www.w3.org/2018/credentials#credentialStatus"] = status;
        },
        Invalid,
    );
}

#[test]
fn quoted_strangers_cannot_turn_or_flood_a_sentence() {
    let office = Office::local();
    let long = format!("https://x.example/\u{202e}{}", "y".repeat(100_000));
    let mut credential = sample();
    credential["@context"].as_array_mut().expect("a list").push(json!(long));
    let report = judge(&credential, &facts(&office));
    assert_eq!(report.verdict, Verdict::Inconclusive);
    assert!(report.headline.chars().count() < 1_200 && !report.headline.contains('\u{202e}'), "{}", report.headline);
    let mut credential = sample();
    credential[long] = json!("x");
    let report = judge(&credential, &facts(&office));
    assert_eq!(report.verdict, Verdict::Invalid);
    assert!(report.headline.chars().count() < 1_200 && !report.headline.contains('\u{202e}'), "{}", report.headline);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_changed_byte_leaves_a_badge_valid(place in any::<prop::sample::Index>(), bit in 0u32..8) {
        let office = Office::local();
        let mut bytes = office.issue(|c| c.score = Some(assay::decimal::Decimal::HUNDRED)).text().as_bytes().to_vec();
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
