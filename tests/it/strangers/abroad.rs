//! Badges signed by other software in the suites that are only verified here: `tests/judges` signs, the verifier judges.

use std::collections::BTreeSet;

use assay::verification::CheckId::{Proof, Schema, Status, Validity};
use assay::verification::CheckOutcome::{Failed, Passed, Warning};
use assay::verification::{CheckId, CheckOutcome, Facts, Found, Need, Verdict, inspect, read};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::{NOW, listed, outcome};
use crate::badges::{Office, at};
use crate::support::judges::{judge_all, published_contexts};
use crate::support::passed;
use crate::verify_reports::forge;

const CREATED: &str = "2026-01-01T00:00:00Z";
const LIST: &str = "https://badges.example/status/1";
const DOES_NOT_FIT: &str = "does not fit this content";
const BASE_PROOF: &str = "it is a base proof, meant for the holder alone; a derived one must be shown";

/// What a holder points at to show the whole badge.
const ALL: &[&str] = &["/issuer", "/validFrom", "/validUntil", "/name", "/credentialSubject", "/evidence"];
/// What Open Badges ask for. Ids and types on the way are always shown.
const REQUIRED: &[&str] = &[
    "/issuer",
    "/validFrom",
    "/name",
    "/credentialSubject/achievement/name",
    "/credentialSubject/achievement/description",
    "/credentialSubject/achievement/criteria",
];
/// The same with one item of a list, whose place among the signed statements is not its place among the shown ones.
const WITH_THE_JURY: &[&str] = &[
    "/evidence/1",
    "/issuer",
    "/validFrom",
    "/name",
    "/credentialSubject/achievement/name",
    "/credentialSubject/achievement/description",
    "/credentialSubject/achievement/criteria",
];
const WITHOUT_A_NAME: &[&str] = &[
    "/issuer",
    "/validFrom",
    "/name",
    "/credentialSubject/achievement/description",
    "/credentialSubject/achievement/criteria",
];

#[test]
fn a_badge_signed_abroad_is_valid_until_a_letter_is_changed() {
    let Some(contexts) = published_contexts() else { return };
    let suites = [("ecdsa-rdfc-2019", "P-256"), ("ecdsa-rdfc-2019", "P-384"), ("eddsa-jcs-2022", "")];
    let questions = suites
        .map(|(suite, curve)| json!({ "credential": badge(), "suite": suite, "curve": curve, "created": CREATED }));
    let Some(answers) = judge_all("sign", &contexts, &questions) else { return };
    let mut tally = Tally::default();
    for ((suite, curve), answer) in suites.iter().zip(&answers) {
        tally.sound(&format!("{suite} {curve}"), &answer["credential"], Verdict::Valid);
    }
    passed("badges signed by @digitalbazaar's suites, whole and changed", &tally.failures, tally.total);
}

/// A context in the badge is no part of what is signed: one that adds terms is as good as none, one that lets the end of
/// the badge go by another name is not.
#[test]
fn a_badge_may_have_terms_of_its_own_and_no_other_names_for_what_is_read() {
    let Some(contexts) = published_contexts() else { return };
    let mut own = badge();
    let terms = json!({ "of": "https://judge.example/terms#", "rank": "of:rank", "Swan": { "@id": "of:Swan" } });
    own["@context"].as_array_mut().unwrap().push(terms);
    own["credentialSubject"]["rank"] = json!("Master of Śląsk");
    own["evidence"][0]["type"] = json!(["Evidence", "Swan"]);
    let over = with(&badge(), "validUntil", json!("2026-02-01T00:00:00Z"));
    let suites = ["ecdsa-rdfc-2019", "eddsa-jcs-2022"];
    let questions = suites.map(|suite| {
        [&own, &over].map(|credential| json!({ "credential": credential, "suite": suite, "created": CREATED }))
    });
    let Some(answers) = judge_all("sign", &contexts, &questions.concat()) else { return };
    let mut tally = Tally::default();
    for ((suite, answers), signed_as_written) in suites.iter().zip(answers.chunks(2)).zip([false, true]) {
        let (own, over) = (&answers[0]["credential"], &answers[1]["credential"]);
        tally.sound(suite, own, Verdict::Valid);
        let found: &[_] = &[(CheckId::Context, Passed), (Proof, Passed)];
        tally.look(&format!("{suite}, told"), own, (Verdict::Valid, found, "or by the badge itself as one of its own"));
        let mut hidden = over.clone();
        let end = hidden.as_object_mut().unwrap().remove("validUntil").unwrap();
        hidden["until"] = end;
        let name = json!({ "until": {
            "@id": "https://www.w3.org/2018/credentials#validUntil",
            "@type": "http://www.w3.org/2001/XMLSchema#dateTime",
        } });
        hidden["@context"].as_array_mut().unwrap().push(name);
        let (verdict, proof) =
            if signed_as_written { (Verdict::Invalid, Failed) } else { (Verdict::Inconclusive, Passed) };
        let found = [(CheckId::Context, CheckOutcome::CouldNotCheck), (Proof, proof)];
        tally.look(&format!("{suite}, hidden"), &hidden, (verdict, &found, "a context that is not known here"));
    }
    passed("badges with contexts of their own", &tally.failures, tally.total);
}

/// The issuer may hold the holder to some statements, or to none.
#[test]
fn a_holder_may_show_what_open_badges_ask_for_and_no_less() {
    let Some(contexts) = published_contexts() else { return };
    let duties =
        [json!([]), json!(["/issuer", "/validFrom", "/validUntil"]), json!(["/credentialSubject/achievement"])];
    let reveal = [ALL, REQUIRED, WITH_THE_JURY, WITHOUT_A_NAME];
    let questions = duties.clone().map(|mandatory| {
        let question = json!({ "credential": badge(), "suite": "ecdsa-sd-2023", "created": CREATED, "reveal": reveal });
        with(&question, "mandatory", mandatory)
    });
    let Some(answers) = judge_all("sign", &contexts, &questions) else { return };
    let mut tally = Tally::default();
    for (mandatory, answer) in duties.iter().zip(&answers) {
        let name = |what: &str| format!("{what}, mandatory {mandatory}");
        let [all, required, jury, nameless] = [0, 1, 2, 3].map(|at| &answer["derived"][at]);
        assert_eq!(texts(all), texts(&answer["credential"]), "everything is shown");
        assert_eq!(required.get("evidence"), None, "{required}");
        assert_eq!(jury["evidence"], json!([badge()["evidence"][1]]), "{jury}");
        tally.sound(&name("everything"), all, Verdict::Inconclusive);
        tally.sound(&name("what is asked for"), required, Verdict::Inconclusive);
        tally.sound(&name("and the jury"), jury, Verdict::Inconclusive);
        if nameless.pointer("/credentialSubject/achievement/name").is_none() {
            let no_name = "credentialSubject.achievement.name";
            tally.look(&name("no name"), nameless, (Verdict::Invalid, &[(Proof, Passed), (Schema, Failed)], no_name));
        } else {
            tally.sound(&name("a name after all"), nameless, Verdict::Inconclusive);
        }
        // What the holder may leave out cannot be ruled out: an end, and a status entry.
        let open = |what: &str| format!("Could not be checked: it is shown in part; {what} cannot be seen.");
        if required.get("validUntil").is_none() {
            let headline = open("whether it ended or was taken back");
            let found: &[_] = &[(Proof, Passed), (Validity, Warning), (Status, Warning)];
            tally.look(&name("no end"), required, (Verdict::Inconclusive, found, &headline));
            // A second signature, by whoever likes, does not make it whole.
            let mut signed_again = forge(&Office::local(), required.clone());
            signed_again["proof"] = json!([required["proof"], signed_again["proof"][0]]);
            tally.look(&name("signed again"), &signed_again, (Verdict::Inconclusive, found, &headline));
        } else {
            let headline = open("whether it was taken back");
            let found: &[_] = &[(Proof, Passed), (Validity, Passed), (Status, Warning)];
            tally.look(&name("an end"), required, (Verdict::Inconclusive, found, &headline));
        }
        let base = &answer["credential"];
        tally.look(&name("the base proof"), base, (Verdict::Invalid, &[(Proof, Failed)], BASE_PROOF));
        // A proof fits what it was derived for: no statement goes or comes.
        for (what, shown, of) in [("more", all, required), ("less", required, all), ("another", jury, required)] {
            let mixed = with(shown, "proof", of["proof"].clone());
            tally.look(&name(what), &mixed, (Verdict::Invalid, &[(Proof, Failed)], ""));
        }
    }
    assert!(answers[0]["derived"][3].pointer("/credentialSubject/achievement/name").is_none(), "both kinds are there");
    assert!(answers[1]["derived"][1].get("validUntil").is_some(), "both kinds are there");
    passed("badges shown in part by @digitalbazaar/ecdsa-sd-2023-cryptosuite", &tally.failures, tally.total);
}

/// What ends a badge is shown, or nobody can tell whether it ended.
#[test]
fn a_badge_shown_in_part_is_valid_with_its_end_and_its_status() {
    let Some(contexts) = published_contexts() else { return };
    let entry = |purpose: &str| {
        json!({
            "type": "BitstringStatusListEntry", "statusPurpose": purpose, "statusListIndex": "42",
            "statusListCredential": LIST,
        })
    };
    let status = json!([entry("revocation"), entry("message")]);
    let credential = with(&badge(), "credentialStatus", status);
    let part = |more: &[&'static str]| [ALL, more].concat();
    let reveal = [
        part(&["/credentialStatus"]),
        part(&["/credentialStatus/0"]),
        part(&["/credentialStatus/1"]),
        part(&[]),
        part(&["/credentialStatus"]).into_iter().filter(|pointer| *pointer != "/validUntil").collect(),
    ];
    let question = json!({ "credential": credential, "suite": "ecdsa-sd-2023", "created": CREATED, "mandatory": [], "reveal": reveal });
    let Some(answers) = judge_all("sign", &contexts, &[question]) else { return };
    let [both, revocation, message, none, endless] = [0, 1, 2, 3, 4].map(|at| &answers[0]["derived"][at]);
    let mut tally = Tally::default();
    tally.sound("whole", both, Verdict::Valid);
    tally.sound("what tells of a revocation", revocation, Verdict::Valid);
    let unseen = "in part; whether it was taken back cannot be seen";
    for (name, shown) in [("what does not", message), ("nothing", none)] {
        tally.look(name, shown, (Verdict::Inconclusive, &[(Proof, Passed), (Status, Warning)], unseen));
    }
    let unseen = "in part; whether it ended cannot be seen";
    tally.look("no end", endless, (Verdict::Inconclusive, &[(Proof, Passed), (Validity, Warning)], unseen));
    passed("badges shown in part with what ends them", &tally.failures, tally.total);
}

/// Neither a word of others nor a list says more than is shown of it.
#[test]
fn what_a_badge_rests_on_is_not_relied_on_in_part() {
    let Some(contexts) = published_contexts() else { return };
    let mut endorsed = Office::local().issue(|_| {}).value().clone();
    let endorsement = json!({
        "@context": endorsed["@context"], "id": "urn:uuid:00000000-0000-4000-8000-00000000000e", "name": "Relied on",
        "type": ["VerifiableCredential", "EndorsementCredential"], "issuer": { "type": ["Profile"], "name": "Abroad" },
        "validFrom": "2026-01-01T00:00:00Z", "validUntil": "2026-02-01T00:00:00Z",
        "credentialSubject": { "id": endorsed["id"], "type": ["EndorsementSubject"], "endorsementComment": "Fine." },
    });
    let mut list = Office::local().status_list(&[7], "2026-11-20T09:00:00Z");
    list.as_object_mut().expect("an object").retain(|name, _| name != "proof");
    list["issuer"] = json!("urn:x");
    list["validUntil"] = json!("2026-11-20T09:30:00Z");
    let reveal = json!([["/issuer", "/validFrom", "/name", "/credentialSubject"]]);
    let question = |credential: Value| {
        json!({
            "credential": credential, "suite": "ecdsa-sd-2023", "created": CREATED, "mandatory": ["/issuer"], "reveal": reveal,
        })
    };
    list["name"] = json!("A list");
    let Some(answers) = judge_all("sign", &contexts, &[question(endorsement), question(list)]) else { return };
    let [endorsement, list] = [0, 1].map(|at| answers[at]["derived"][0].clone());
    assert!(endorsement.get("validUntil").or(list.get("validUntil")).is_none(), "what ended them is hidden");
    let said = |document: &Value, facts: &Facts, id: CheckId| {
        let report = inspect(&read(document.to_string().as_bytes()).expect("well-formed"), facts);
        let check = report.checks.into_iter().find(|check| check.id == id).expect("it was made");
        (check.outcome, check.words)
    };
    endorsed["endorsement"] = json!([endorsement]);
    let office = Office::local();
    let (outcome, words) = said(&forge(&office, endorsed), &facts(&office.did), CheckId::Endorsements);
    assert!(words.contains("is shown in part; whether it ended or was taken back cannot be seen"), "{words}");
    assert_eq!(outcome, CheckOutcome::CouldNotCheck);
    let mut facts = facts(&office.did);
    facts.found.insert(Need::StatusList(LIST.to_owned()), Found::Json(list));
    let (outcome, words) = said(office.issue(|_| {}).value(), &facts, Status);
    assert!(words.contains("is shown in part: whether it is out of date cannot be seen"), "{words}");
    assert_eq!(outcome, CheckOutcome::CouldNotCheck);
}

#[test]
fn a_token_signed_abroad_is_valid_until_its_badge_is_another() {
    let web = "did:web:judge.example";
    let questions = [("ES256", None), ("RS256", Some(web))].map(|(alg, issuer)| {
        let claims = json!({ "jti": badge()["id"], "nbf": at(CREATED).timestamp() });
        json!({ "credential": badge(), "alg": alg, "issuer": issuer, "claims": claims })
    });
    let Some(answers) = judge_all("token", &json!({}), &questions) else { return };
    let mut failures = Vec::new();
    for answer in &answers {
        let issuer = answer["issuer"].as_str().expect("the judge names the issuer");
        let method = json!({
            "id": format!("{web}#key"), "type": "JsonWebKey", "controller": web, "publicKeyJwk": answer["jwk"],
        });
        let keys = json!({ "id": web, "verificationMethod": [method], "assertionMethod": [format!("{web}#key")] });
        let mut facts = facts(issuer);
        facts.found.insert(Need::ControllerDocument(web.to_owned()), Found::Json(keys));
        let token = answer["token"].as_str().expect("a token");
        let [header, payload, signature] = token.split('.').collect::<Vec<_>>()[..] else { panic!("{token}") };
        let changed = URL_SAFE_NO_PAD.decode(payload).map(|bytes| String::from_utf8(bytes).unwrap()).unwrap();
        let changed = URL_SAFE_NO_PAD.encode(changed.replace("Blows glass.", "Blows grass."));
        for (text, verdict, words) in [
            (token.to_owned(), Verdict::Valid, "Valid. Glassblower"),
            (format!("{header}.{changed}.{signature}"), Verdict::Invalid, DOES_NOT_FIT),
        ] {
            assert!(verdict == Verdict::Valid || text != token, "a letter was changed");
            let report = inspect(&read(text.as_bytes()).expect("well-formed"), &facts);
            if report.verdict != verdict || !report.headline.contains(words) {
                failures.push(format!("{issuer}: {report:#?}\n{text}"));
            }
        }
    }
    passed("badges signed by jose, whole and changed", &failures, 2 * answers.len());
}

/// Badges looked at: how many, and which got another answer than they must.
#[derive(Default)]
struct Tally {
    total: usize,
    failures: Vec<String>,
}

impl Tally {
    /// One badge, whose own issuer is listed.
    fn look(&mut self, name: &str, credential: &Value, expected: (Verdict, &[(CheckId, CheckOutcome)], &str)) {
        let (verdict, found, words) = expected;
        let issuer = credential["issuer"]["id"].as_str().expect("the judge names the issuer");
        let report = inspect(&read(credential.to_string().as_bytes()).expect("well-formed"), &facts(issuer));
        let told = report.headline.contains(words) || report.checks.iter().any(|check| check.words.contains(words));
        let as_found = found.iter().all(|(id, expected)| outcome(&report, *id) == *expected);
        self.total += 1;
        if report.verdict != verdict || !told || !as_found {
            self.failures.push(format!("{name}: {report:#?}\n{credential}"));
        }
    }

    /// A badge whose signature fits as it is, and with one letter more in any of its texts does not: of words alone, the
    /// verdict says so; of a type, an id or a date, another check may come before.
    fn sound(&mut self, name: &str, credential: &Value, verdict: Verdict) {
        self.look(name, credential, (verdict, &[(Proof, Passed)], ""));
        let issuer = credential["issuer"]["id"].as_str().expect("the judge names the issuer");
        for pointer in texts(credential) {
            let mut changed = credential.clone();
            let text = changed.pointer_mut(&pointer).expect("it was found a moment ago");
            *text = json!(format!("{}x", text.as_str().expect("a text")));
            let report = inspect(&read(changed.to_string().as_bytes()).expect("well-formed"), &facts(issuer));
            let words =
                ["/name", "/narrative", "/description", "/tag/0", "/tag/1"].iter().any(|end| pointer.ends_with(end));
            let found_out = if words {
                report.verdict == Verdict::Invalid && report.headline.contains(DOES_NOT_FIT)
            } else {
                !matches!(report.verdict, Verdict::Valid) && outcome(&report, Proof) != Passed
            };
            self.total += 1;
            if !found_out {
                self.failures.push(format!("{name}, changed at {pointer}: {report:#?}\n{changed}"));
            }
        }
    }
}

/// The issuer is listed, and it is a day within the dates of the badge.
fn facts(issuer: &str) -> Facts {
    let mut facts = Facts::at(at(NOW));
    facts.listed = listed(&[issuer]);
    let list = Office::local().status_list(&[7], "2026-11-20T09:00:00Z");
    facts.found.insert(Need::StatusList(LIST.to_owned()), Found::Json(list));
    facts
}

fn with(document: &Value, member: &str, value: Value) -> Value {
    let mut changed = document.clone();
    changed[member] = value;
    changed
}

/// Pointers to all texts outside of contexts and proofs, in order.
fn texts(credential: &Value) -> BTreeSet<String> {
    fn walk(value: &Value, at: &str, found: &mut BTreeSet<String>) {
        match value {
            Value::String(_) => drop(found.insert(at.to_owned())),
            Value::Array(items) => {
                items.iter().enumerate().for_each(|(i, item)| walk(item, &format!("{at}/{i}"), found));
            }
            Value::Object(members) => {
                let content = members.iter().filter(|(name, _)| !["@context", "proof"].contains(&name.as_str()));
                content.for_each(|(name, member)| walk(member, &format!("{at}/{name}"), found));
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
    let mut found = BTreeSet::new();
    walk(credential, "", &mut found);
    found
}

/// All that Open Badges ask for, and what a holder may keep to herself.
fn badge() -> Value {
    json!({
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "id": "urn:uuid:0b9c5b0e-4a0a-4a53-9a38-1d4a4a0f7a11",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": { "type": ["Profile"], "name": "An issuer abroad" },
        "validFrom": "2026-01-01T00:00:00Z",
        "validUntil": "2028-01-01T00:00:00Z",
        "name": "Glassblower \u{2014} \u{015a}l\u{0105}sk",
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "narrative": "Blew a swan for the jury.",
            "achievement": {
                "id": "https://judge.example/achievements/1",
                "type": ["Achievement"],
                "name": "Glassblower",
                "description": "Blows glass.",
                "criteria": { "narrative": "Has blown glass." },
                "tag": ["glass", "craft"],
            },
        },
        "evidence": [
            { "type": ["Evidence"], "name": "The swan", "narrative": "It stands in the hall." },
            { "type": ["Evidence"], "name": "The jury", "narrative": "It nodded." },
        ],
    })
}
