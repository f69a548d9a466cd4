//! What we issue has the one exact shape, under both generations of the published schema; what is unsound is refused.

#![expect(clippy::print_stdout, reason = "each run says what was judged")]

use assay::decimal::Decimal;
use assay::issuance::{Claim, Flaw, achievement_document, flaw_of_address, flaw_of_line, profile_document};
use assay::program::NameStyle;
use serde_json::{Value, json};

use crate::badges::{EVIDENCE, Office, at};
use crate::support::shared;

type Change = Box<dyn FnOnce(&mut Claim<'_>)>;

/// Every flavour of credential we issue.
fn flavours() -> Vec<(&'static str, Office, Change)> {
    let change = |f: fn(&mut Claim<'_>)| -> Change { Box::new(f) };
    let mut plain_certification = Office::local();
    plain_certification.certification.skills.clear();
    plain_certification.issuer.logo = None;
    let mut foreign = Office::local();
    foreign.certification.name = "\u{8a8d}\u{5b9a}\u{30bb}\u{30fc}\u{30eb}\u{30b9} \u{2728}".into();
    foreign.certification.criteria =
        "Zwei Pr\u{fc}fungen:\n\n- eine \u{201e}gro\u{df}e\u{201c}\n- eine \\ \"kleine\"".into();
    vec![
        ("as by default", Office::local(), change(|_| {})),
        ("without skills and logo", plain_certification, change(|_| {})),
        ("in other scripts", foreign, change(|c| c.holder.name = "\u{674e}\u{660e} \u{1f600} O\u{2019}Neil")),
        ("without expiry", Office::local(), change(|c| c.valid_until = None)),
        ("with a score", Office::local(), change(|c| c.score = Some(Decimal::from(87.654)))),
        ("with evidence", Office::local(), change(|c| c.evidence = &EVIDENCE)),
        ("with initials", Office::local(), change(|c| c.holder.style = NameStyle::Initials)),
        ("without a name", Office::local(), change(|c| c.holder.style = NameStyle::None)),
        ("without an address", Office::local(), change(|c| c.holder.email = None)),
        (
            "with the subject alone",
            Office::local(),
            change(|c| {
                c.holder.email = None;
                c.holder.style = NameStyle::None;
            }),
        ),
        ("without a level", Office::local(), change(|c| c.level = None)),
        ("of the test realm", Office::local(), change(|c| c.test = true)),
        ("from the web", Office::on_the_web(), change(|_| {})),
    ]
}

#[test]
fn every_flavour_fits_both_generations_of_the_schema() {
    let Some(shared) = shared() else { return };
    let generations = [
        "schemas/achievementcredential.json",
        "schemas/ob_v3p0_achievementcredential_schema.published-2024-09.json",
        "schemas/ob_v3p0_achievementcredential_schema.jsonld-compaction-2026-01.json",
    ];
    for file in generations {
        let schema: Value = serde_json::from_slice(&std::fs::read(shared.join(file)).unwrap()).unwrap();
        let validator = jsonschema::options().with_draft(jsonschema::Draft::Draft201909).build(&schema).unwrap();
        for (name, office, change) in flavours() {
            let credential = office.issue(change);
            let errors: Vec<String> =
                validator.iter_errors(credential.value()).map(|e| format!("{}: {e}", e.instance_path())).collect();
            assert!(errors.is_empty(), "{name} under {file}: {errors:#?}");
        }
        println!("{}: {} flavours fit", file, flavours().len());
    }
}

#[test]
fn a_credential_has_the_exact_shape() {
    let credential = Office::local().issue(|c| {
        c.score = Some(Decimal::from(87.5));
        c.evidence = &EVIDENCE[..1];
    });
    let did = Office::local().did;
    let method = format!("{did}#{}", Office::local().kid());
    let mut value = credential.value().clone();
    let proof_value = value["proof"][0]["proofValue"].take();
    assert!(proof_value.as_str().unwrap().starts_with('z'));
    let expected = json!({
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
            "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
        ],
        "id": "https://badges.example/credentials/7K3QX9M2TR4HB6WD",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "Certified Sales Associate",
        "issuer": {
            "id": did, "type": ["Profile"], "name": "Northwind", "url": "https://northwind.example",
            "email": "certification@northwind.example",
            "image": { "id": "https://badges.example/issuer/logo", "type": "Image", "caption": "Logo of Northwind" },
        },
        "validFrom": "2026-05-04T09:30:00Z",
        "validUntil": "2028-05-03T21:59:59Z",
        "awardedDate": "2026-05-04T09:30:00Z",
        "credentialSubject": {
            "id": "urn:uuid:00000000-0000-4000-8000-000000000001",
            "type": ["AchievementSubject"],
            "identifier": [
                { "type": "IdentityObject", "identityType": "name", "hashed": false, "identityHash": "Ana Lopes" },
                {
                    "type": "IdentityObject", "identityType": "emailAddress", "hashed": true,
                    "identityHash": "sha256$7db7b99fe865f804db2b30472d1556f3eec6ac53a46c44aaa4b55775d879753e",
                    "salt": "09090909090909090909090909090909",
                },
            ],
            "achievement": {
                "id": "https://badges.example/achievements/sales-associate",
                "type": ["Achievement"],
                "achievementType": "Certification",
                "name": "Certified Sales Associate",
                "description": "Can position and sell the Northwind suite.",
                "criteria": {
                    "id": "https://badges.example/achievements/sales-associate",
                    "narrative": "Complete Sales 101 and pass the online exam with 70 % or more.",
                },
                "image": {
                    "id": "https://badges.example/achievements/sales-associate.png", "type": "Image",
                    "caption": "Badge: Certified Sales Associate, Foundation",
                },
                "alignment": [{
                    "type": ["Alignment"], "targetName": "Value selling",
                    "targetUrl": "https://northwind.example/skills/value-selling",
                }],
                "resultDescription": [{
                    "id": "https://badges.example/achievements/sales-associate#score",
                    "type": ["ResultDescription"], "name": "Score", "resultType": "Percent",
                    "valueMin": "0", "valueMax": "100",
                }],
                "tag": ["Foundation"],
            },
            "result": [{
                "type": ["Result"],
                "resultDescription": "https://badges.example/achievements/sales-associate#score",
                "status": "Completed", "value": "87.5",
            }],
        },
        "evidence": [{ "id": "https://partner.example/demo", "type": ["Evidence"], "name": "Demonstration" }],
        "credentialStatus": {
            "id": "https://badges.example/status/1#42", "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation", "statusListIndex": "42",
            "statusListCredential": "https://badges.example/status/1",
        },
        "refreshService": {
            "id": "https://badges.example/credentials/7K3QX9M2TR4HB6WD.json", "type": "1EdTechCredentialRefresh",
        },
        "proof": [{
            "type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022", "created": "2026-05-04T09:30:00Z",
            "verificationMethod": method, "proofPurpose": "assertionMethod", "proofValue": null,
        }],
    });
    assert_eq!(value, expected, "{value:#}");
}

#[test]
fn the_text_is_compact_and_nothing_in_it_is_empty() {
    for (name, office, change) in flavours() {
        let credential = office.issue(change);
        let back: Value = serde_json::from_str(credential.text()).unwrap();
        assert_eq!(&back, credential.value(), "{name}");
        assert_eq!(back.to_string(), credential.text(), "{name}: compact, members in order");
        assert!(credential.text().len() < 16 * 1024, "{name}: {} bytes", credential.text().len());
        assert!(!has_nothing(&back), "{name}: {back:#}");
    }
}

fn has_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(values) => values.is_empty() || values.iter().any(has_nothing),
        Value::Object(members) => members.is_empty() || members.values().any(has_nothing),
        _ => false,
    }
}

#[test]
fn the_test_realm_marks_every_name() {
    let value = Office::local().issue(|c| c.test = true).value().clone();
    assert_eq!(value["name"], "TEST: Certified Sales Associate");
    assert_eq!(value["credentialSubject"]["achievement"]["name"], "TEST: Certified Sales Associate");
}

#[test]
fn what_is_unsound_is_refused_with_its_place() {
    #[track_caller]
    fn check(at: &str, flaw: Flaw, change: impl FnOnce(&mut Office), claim: impl FnOnce(&mut Claim<'_>)) {
        let mut office = Office::local();
        change(&mut office);
        let lints = office.prepare(claim).expect_err("must be refused");
        assert!(lints.0.iter().any(|l| l.at == at && l.flaw == flaw), "{at}, {flaw}: {lints:#?}");
    }
    let name = "credentialSubject.achievement.name";
    let holder = "credentialSubject.identifier[0].identityHash";
    check(name, Flaw::Empty, |o| o.certification.name = " ".into(), |_| {});
    check(name, Flaw::TooLong { have: 301, most: 300 }, |o| o.certification.name = "x".repeat(301), |_| {});
    check(name, Flaw::ControlCharacter(10), |o| o.certification.name = "a\nb".into(), |_| {});
    let criteria = "credentialSubject.achievement.criteria.narrative";
    check(criteria, Flaw::ControlCharacter(9), |o| o.certification.criteria = "a\tb".into(), |_| {});
    check(
        criteria,
        Flaw::TooLong { have: 10_001, most: 10_000 },
        |o| o.certification.criteria = "x".repeat(10_001),
        |_| {},
    );
    check(holder, Flaw::DirectionOverride(0x202e), |_| {}, |c| c.holder.name = "Ana \u{202e}sepoL");
    check(holder, Flaw::ControlCharacter(0), |_| {}, |c| c.holder.name = "Ana\0Lopes");
    check("issuer.url", Flaw::NotAnAddress, |o| o.issuer.url = "northwind.example".into(), |_| {});
    check(
        "credentialSubject.achievement.alignment[0].targetUrl",
        Flaw::NotAnAddress,
        |o| o.certification.skills[0].url = "https://a b".into(),
        |_| {},
    );
    check("credentialSubject.id", Flaw::NotAnAddress, |_| {}, |c| c.holder.subject = "ana");
    let from = at("2026-05-04T09:30:00Z");
    check("validFrom", Flaw::NotLaterThan(from), |_| {}, |c| c.previous_valid_from = Some(c.valid_from));
    check("validUntil", Flaw::NotLaterThan(from), |_| {}, |c| c.valid_until = Some(c.valid_from));
    check("awardedDate", Flaw::LaterThan(from), |_| {}, |c| c.awarded_at = at("2026-05-04T10:30:01Z"));
    let whole = |o: &mut Office| {
        o.certification.description = "\u{8a8d}".repeat(10_000);
        o.certification.criteria = "\u{8a8d}".repeat(10_000);
    };
    let mut large = Office::local();
    whole(&mut large);
    let lints = large.prepare(|_| {}).expect_err("too large");
    assert!(matches!(lints.0[0].flaw, Flaw::TooLarge { most: 49_152, .. }), "{lints}");
    check("validFrom", Flaw::PartsOfASecond, |_| {}, |c| c.valid_from = at("2026-05-04T09:30:00.5Z"));
    check("credentialSubject.result[0].value", Flaw::NotAPercentage, |_| {}, |c| c.score = Some(Decimal::from(101.0)));
}

#[test]
fn texts_can_be_looked_at_where_they_come_in() {
    assert_eq!(flaw_of_line("Ana Lopes"), None);
    assert_eq!(flaw_of_line("Ana\tLopes"), Some(Flaw::ControlCharacter(9)));
    assert_eq!(flaw_of_line(""), Some(Flaw::Empty));
    assert_eq!(flaw_of_address("https://x.example/a?b=c#d"), None);
    for bad in ["x.example", "javascript:alert(1)", "https://", "https://x y", "https://x/<b>"] {
        assert_eq!(flaw_of_address(bad), Some(Flaw::NotAnAddress), "{bad}");
    }
}

#[test]
fn line_ends_of_other_systems_are_made_ours() {
    let mut office = Office::local();
    office.certification.criteria = "One\r\n\r\nTwo\r\n".to_owned();
    let value = office.issue(|_| {}).value().clone();
    assert_eq!(value["credentialSubject"]["achievement"]["criteria"]["narrative"], "One\n\nTwo");
}

#[test]
fn all_faults_are_told_at_once() {
    let mut office = Office::local();
    office.certification.name = String::new();
    office.issuer.url = "nowhere".to_owned();
    let lints = office.prepare(|c| c.valid_until = Some(c.valid_from)).expect_err("three faults");
    let places: Vec<&str> = lints.0.iter().map(|l| l.at.as_str()).collect();
    for place in ["validUntil", "issuer.url", "credentialSubject.achievement.name"] {
        assert!(places.contains(&place), "{place}: {lints}");
    }
}

#[test]
fn public_documents_fit_the_same_shape() {
    let office = Office::local();
    let kid = office.kid();
    let signer = assay::issuance::Signer { did: &office.did, key: &kid, issuer: &office.issuer };
    let achievement = achievement_document(&office.urls, &signer, &office.certification, Some("Foundation"), false);
    assert_eq!(achievement["id"], "https://badges.example/achievements/sales-associate");
    assert_eq!(achievement["creator"]["id"], office.did);
    let profile = profile_document(&office.urls, &signer);
    assert_eq!(profile["type"], json!(["Profile"]));
    assert_eq!(profile["id"], office.did);
    for document in [&achievement, &profile] {
        assay::linked_data::canonicalize(document).expect("every term is defined");
    }
    let Some(shared) = shared() else { return };
    let schema: Value = serde_json::from_slice(&std::fs::read(shared.join("schemas/profile.json")).unwrap()).unwrap();
    let validator = jsonschema::options().with_draft(jsonschema::Draft::Draft201909).build(&schema).unwrap();
    assert!(validator.is_valid(&profile), "{profile:#}");
}

#[test]
fn a_status_list_credential_has_the_exact_shape() {
    let office = Office::local();
    let mut value = office.status_list(&[42], "2026-11-20T10:00:00Z");
    let encoded = value["credentialSubject"]["encodedList"].take();
    value["proof"].take();
    assert!(encoded.as_str().unwrap().starts_with('u'));
    assert_eq!(
        value,
        json!({
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "id": "https://badges.example/status/1",
            "type": ["VerifiableCredential", "BitstringStatusListCredential"],
            "issuer": office.did,
            "validFrom": "2026-11-20T10:00:00Z",
            "validUntil": "2026-11-21T10:00:00Z",
            "credentialSubject": {
                "id": "https://badges.example/status/1#list", "type": "BitstringStatusList",
                "statusPurpose": "revocation", "encodedList": null, "ttl": 300_000,
            },
            "proof": null,
        })
    );
}

#[test]
fn published_status_lists_decode() {
    let Some(shared) = shared() else { return };
    for file in ["bsl--A-Status-List-Verifiable-Credential.json", "bsl--Example-BitstringStatusListCredential.json"] {
        let text = std::fs::read(shared.join("examples/w3c").join(file)).unwrap();
        let list: Value = serde_json::from_slice(&text).unwrap();
        let encoded = list["credentialSubject"]["encodedList"].as_str().unwrap();
        let bits = assay::status_list::Bitstring::decode(encoded).unwrap();
        assert_eq!((bits.len(), bits.count()), (131_072, 0), "{file}");
    }
    println!("2 published status lists decoded");
}
