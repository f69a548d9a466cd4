//! Open Badges 2.0 and 1.x, signed: the key at its address, the profile that names it, the list of revoked ones.

use assay::proof::jose;
use assay::verification::CheckId::{Issuer, Proof, Status, Validity};
use assay::verification::CheckOutcome::{CouldNotCheck, Failed, Passed, Warning};
use assay::verification::{CheckId, CheckOutcome, Facts, Found, Need, Report, Verdict, judge, read};
use base64::Engine as _;
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use serde_json::{Value, json};

use super::{NOW, listed, outcome};
use crate::badges::at;

const BADGE: &str = "https://badges.example/badges/robotics";
const ISSUER: &str = "https://badges.example/issuer";
const KEY: &str = "https://badges.example/key";
const LIST: &str = "https://badges.example/revoked";
/// Made for these tests with `openssl genpkey`; guards nothing.
const SECRET: &str = include_str!("../../fixtures/keys/rsa-2048.pem");
const PUBLIC: &str = include_str!("../../fixtures/keys/rsa-2048.pub.pem");

/// A signed assertion and all that it rests on.
struct House {
    assertion: Value,
    key: Found,
    issuer: Value,
    list: Found,
}

impl House {
    fn new() -> Self {
        let v2 = "https://w3id.org/openbadges/v2";
        House {
            assertion: json!({
                "@context": v2, "type": "Assertion", "id": "urn:uuid:1", "badge": BADGE,
                "recipient": {"type": "email", "hashed": false, "identity": "alice@example.org"},
                "verification": {"type": "SignedBadge", "creator": KEY}, "issuedOn": "2016-12-31T23:59:59+00:00",
            }),
            key: Found::Json(json!({
                "@context": v2, "type": "CryptographicKey", "id": KEY, "owner": ISSUER, "publicKeyPem": PUBLIC,
            })),
            issuer: json!({
                "@context": v2, "type": "Issuer", "id": ISSUER, "name": "Example Makers", "url": "https://badges.example",
                "email": "badges@badges.example", "publicKey": KEY, "revocationList": LIST,
            }),
            list: Found::Json(json!({
                "@context": v2, "type": "RevocationList", "id": LIST, "issuer": ISSUER,
                "revokedAssertions": ["urn:uuid:9", {"id": "urn:uuid:8", "revocationReason": "Withdrawn"}],
            })),
        }
    }

    fn token(&self) -> String {
        let der: String = SECRET.lines().filter(|line| !line.starts_with("-----")).collect();
        let der = base64::engine::general_purpose::STANDARD.decode(der).unwrap();
        let pair = RsaKeyPair::from_pkcs8(&der).unwrap();
        let input = jose::signing_input(&json!({"alg": "RS256"}), self.assertion.to_string().as_bytes());
        let mut signature = vec![0; pair.public().modulus_len()];
        pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), &input, &mut signature).unwrap();
        jose::compact(&input, &signature)
    }

    fn judge(&self, token: &str) -> Report {
        let presented = read(token.as_bytes()).expect("well-formed");
        let mut facts = Facts::at(at(NOW));
        facts.listed = listed(&[ISSUER]);
        facts.found = [
            (
                BADGE,
                Found::Json(json!({
                    "@context": "https://w3id.org/openbadges/v2", "type": "BadgeClass", "id": BADGE, "name": "Robotics",
                    "issuer": ISSUER, "description": "Knows robots.", "criteria": {"narrative": "Build one."},
                })),
            ),
            (ISSUER, Found::Json(self.issuer.clone())),
            (KEY, self.key.clone()),
            (LIST, self.list.clone()),
        ]
        .map(|(name, found)| (Need::Hosted(name.to_owned()), found))
        .into();
        let judgement = judge(&presented, &facts);
        assert_eq!(judgement.needs, [], "all is known");
        judgement.report
    }
}

#[test]
fn a_signed_badge_is_checked_with_the_key_that_its_issuer_names() {
    #[track_caller]
    fn check(change: impl FnOnce(&mut House), verdict: Verdict, found: (CheckId, CheckOutcome), said: &str) {
        let mut house = House::new();
        change(&mut house);
        let report = house.judge(&house.token());
        assert_eq!(report.verdict, verdict, "{report:#?}");
        assert_eq!(outcome(&report, found.0), found.1, "{report:#?}");
        assert!(report.headline.contains(said), "{}", report.headline);
    }
    let silent = || Found::CouldNot("did not answer".to_owned());
    check(|_| {}, Verdict::Valid, (Proof, Passed), "alice@example.org holds Robotics");
    check(|h| h.key = silent(), Verdict::Inconclusive, (Proof, CouldNotCheck), "did not answer");
    check(|h| h.key = Found::Json(json!({"id": KEY})), Verdict::Inconclusive, (Proof, CouldNotCheck), "is none");
    check(|h| h.key = Found::Text(PUBLIC.to_owned()), Verdict::Valid, (Issuer, Passed), "Valid.");
    check(
        |h| {
            h.key = Found::Text(PUBLIC.to_owned());
            h.issuer["publicKey"] = json!("https://badges.example/other");
        },
        Verdict::Invalid,
        (Issuer, Failed),
        "does not name as its own",
    );
    check(
        |h| h.key = Found::Text("-----BEGIN x".to_owned()),
        Verdict::Inconclusive,
        (Proof, CouldNotCheck),
        "cannot be read",
    );
    let owned = |owner: &str| {
        Found::Json(json!({"type": "CryptographicKey", "id": KEY, "owner": owner, "publicKeyPem": PUBLIC}))
    };
    let other = "https://other.example/issuer";
    check(|h| h.key = owned(other), Verdict::Invalid, (Issuer, Failed), "does not name as its own");
    check(
        |h| h.issuer["publicKey"] = json!("https://badges.example/other"),
        Verdict::Invalid,
        (Issuer, Failed),
        "does not name",
    );
    check(|h| h.issuer["publicKey"] = json!([{"id": KEY}]), Verdict::Valid, (Issuer, Passed), "Valid.");
    check(|h| h.assertion["id"] = json!("urn:uuid:9"), Verdict::Revoked, (Status, Failed), "No longer valid");
    check(|h| h.assertion["id"] = json!("urn:uuid:8"), Verdict::Revoked, (Status, Failed), "No longer valid");
    check(|h| h.list = silent(), Verdict::Inconclusive, (Status, CouldNotCheck), "did not answer");
    check(|h| h.list = Found::Json(json!({"1": "Left"})), Verdict::Valid, (Status, Passed), "Valid.");
    check(
        |h| {
            h.assertion["uid"] = json!("1");
            h.list = Found::Json(json!({"1": "Left"}));
        },
        Verdict::Revoked,
        (Status, Failed),
        "No longer valid",
    );
    check(
        |h| drop(h.issuer.as_object_mut().unwrap().remove("revocationList")),
        Verdict::Valid,
        (Status, Warning),
        "Valid.",
    );
    // A token has dates of its own.
    let at = |date: &str| json!(at(date).timestamp());
    check(
        |h| h.assertion["nbf"] = at("2026-11-21T00:00:00Z"),
        Verdict::NotYetValid,
        (Validity, Failed),
        "Not valid before 21 November 2026",
    );
    check(
        |h| h.assertion["exp"] = at("2026-11-20T00:00:00Z"),
        Verdict::Expired,
        (Validity, Failed),
        "Expired on 20 November 2026",
    );
    check(
        |h| h.assertion["verification"] = json!({"type": "SignedBadge"}),
        Verdict::Invalid,
        (Proof, Failed),
        "which key",
    );
}

#[test]
fn a_changed_letter_is_found_out() {
    let house = House::new();
    let token = house.token();
    let (head, rest) = token.split_once('.').unwrap();
    let (_, signature) = rest.split_once('.').unwrap();
    let mut assertion = house.assertion.clone();
    assertion["recipient"]["identity"] = json!("mallory@example.org");
    let payload = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(assertion.to_string());
    let report = house.judge(&format!("{head}.{payload}.{signature}"));
    assert_eq!((report.verdict, outcome(&report, Proof)), (Verdict::Invalid, Failed));
    // A hosted copy that calls itself signed carries no signature at all.
    let presented = read(house.assertion.to_string().as_bytes()).unwrap();
    assert_eq!(judge(&presented, &Facts::at(at(NOW))).report.verdict, Verdict::Invalid);
}
