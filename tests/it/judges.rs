//! The judges themselves, tried on published data before they judge ours.

use std::path::Path;

use assay::linked_data::canonicalize;
use assay::verification::{CheckId, CheckOutcome, Facts, inspect, read};
use serde_json::{Value, json};

use crate::badges::at;
use crate::support::judges::{judge, judge_all, published_contexts};
use crate::support::{browser, json, passed, shared};

const SEED: &str = "4242424242424242424242424242424242424242424242424242424242424242";
const LIST: &str = "https://judge.example/status/1";

#[test]
fn published_signatures_verify_and_tampered_ones_do_not() {
    let (Some(shared), Some(contexts)) = (shared(), published_contexts()) else { return };
    let vectors = shared.join("vectors/w3c-vc-di-eddsa");
    for file in [
        "eddsa-rdfc-2022/signedDataInt.json",
        "eddsa-rdfc-2022/employ/signedDataInt.json",
        "proof-set-chain/signedProofSet2.json",
    ] {
        let credential = json(&vectors.join(file));
        let question =
            |credential: Value| json!({ "credential": credential, "anyIssuer": true, "now": "2026-01-01T00:00:00Z" });
        let tampered = with(&credential, "name", json!("Another name"));
        let undefined = with(&credential, "@context", json!(["https://www.w3.org/ns/credentials/v2"]));
        let questions = [question(credential), question(tampered), question(undefined)];
        let Some(answers) = judge_all("verify", &contexts, &questions) else { return };
        check(&answers[0], true, "");
        check(&answers[1], false, "Invalid signature.");
        check(&answers[2], false, "Safe mode validation error.");
    }
}

#[test]
fn published_open_badges_verify_and_none_does_before_its_time() {
    let (Some(shared), Some(contexts)) = (shared(), published_contexts()) else { return };
    let derived = derived(&shared);
    let signed = |vector: &Value| vector["signed"].clone();
    // Those with a status name a list that nobody published; they are judged without it in the canonical forms below.
    let statusless: Vec<_> = derived.iter().map(signed).filter(|one| one.get("credentialStatus").is_none()).collect();
    let at = |now: &str| -> Vec<Value> {
        statusless.iter().map(|credential| json!({ "credential": credential, "now": now })).collect()
    };
    let Some(answers) = judge_all("verify", &contexts, &at("2024-06-01T00:00:00Z")) else { return };
    let failures: Vec<_> = answers.iter().filter(|answer| answer["verified"] != true).map(Value::to_string).collect();
    passed("derived, verified by @digitalbazaar/vc", &failures, answers.len());
    for answer in judge_all("verify", &contexts, &at("2020-01-01T00:00:00Z")).unwrap_or_default() {
        check(&answer, false, "is before \"validFrom\"");
    }
}

#[test]
fn the_foreign_canonical_forms_are_the_published_ones() {
    let (Some(shared), Some(contexts)) = (shared(), published_contexts()) else { return };
    let vectors = derived(&shared);
    let questions: Vec<_> =
        vectors.iter().map(|vector| json!({ "document": without_proof(&vector["signed"]) })).collect();
    let Some(answers) = judge_all("canonize", &contexts, &questions) else { return };
    let failures: Vec<_> = vectors
        .iter()
        .zip(&answers)
        .filter(|(vector, answer)| vector["canonicalDocument"] != answer["nquads"])
        .map(|(vector, answer)| format!("{}: {answer}", vector["name"]))
        .collect();
    passed("derived, canonized by jsonld.js", &failures, vectors.len());
}

#[test]
fn a_term_without_meaning_has_no_canonical_form() {
    let Some(contexts) = published_contexts() else { return };
    let document = with(&badge(), "frobnicate", json!(3));
    let Some(answer) = judge("canonize", &json!({ "document": document, "documents": contexts })) else { return };
    assert_eq!(answer.get("nquads"), None);
    assert!(answer["errors"].to_string().contains("frobnicate"), "{answer}");
}

/// Lawful writings of texts and of nothing, and unlawful ones: the same canonical form as abroad, or refused by both.
#[test]
fn texts_in_every_writing_have_the_foreign_canonical_form() {
    let vocab = "https://judge.example/";
    let with_context = |more: Value, value: Value| {
        let mut context = json!({ "@vocab": vocab });
        for (name, entry) in more.as_object().expect("entries of a context") {
            context[name] = entry.clone();
        }
        json!({ "@context": context, "@id": "urn:a", "q": 1, "t": value })
    };
    let plain = |value: Value| with_context(json!({}), value);
    let rtl = || json!({ "@direction": "rtl", "@language": "AR" });
    let map = |direction: Value| {
        let term = json!({ "@id": format!("{vocab}t"), "@container": "@language", "@direction": direction });
        with_context(
            json!({ "t": term, "@direction": "ltr" }),
            json!({ "ar": "x", "en-GB": ["y"], "@none": "z", "de": null }),
        )
    };
    let term = |entries: Value| with_context(json!({ "t": entries, "@direction": "ltr" }), json!(["x", 7, true]));
    let name = |value: Value| {
        let mut badge = with(&badge(), "name", value);
        badge["issuer"]["id"] = json!("did:web:judge.example");
        badge
    };
    let documents = [
        plain(json!({ "@value": "x", "@language": "ar", "@direction": "rtl" })),
        plain(json!({ "@value": "x", "@language": "EN-us", "@direction": "ltr" })),
        plain(json!({ "@value": "x", "@direction": "rtl" })),
        plain(json!({ "@value": 7, "@direction": "rtl" })),
        plain(json!({ "@list": [{ "@value": "x", "@direction": "rtl" }, "y"] })),
        with_context(rtl(), json!(["x", 7, { "@value": "y" }, { "@value": "z", "@type": "urn:t" }])),
        map(json!("rtl")),
        map(json!(null)),
        term(json!({ "@id": "urn:t", "@direction": "rtl" })),
        term(json!({ "@id": "urn:t", "@direction": null })),
        term(json!({ "@id": "urn:t", "@direction": "rtl", "@language": "he" })),
        term(json!({ "@id": "urn:t", "@direction": "rtl", "@type": "urn:d" })),
        name(json!({ "@value": "x", "@language": "ar", "@direction": "rtl" })),
        name(json!([{ "@value": "x", "@language": "ar", "@direction": "rtl" }, { "@value": "y", "@language": "en" }])),
        plain(json!(null)),
        plain(json!([])),
        plain(json!([null, "x"])),
        plain(json!({})),
        plain(json!({ "@list": [null, "x"] })),
        plain(json!({ "@set": [] })),
        plain(json!({ "@value": "x", "@index": "i" })),
        plain(json!({ "@value": "x", "@language": null })),
        plain(json!({ "@value": null })),
        plain(json!({ "@value": "x", "@direction": null })),
        plain(json!({ "@value": "x", "@direction": "up" })),
        plain(json!({ "@value": "x", "@type": null })),
        plain(json!({ "@value": "x", "@type": "urn:t", "@direction": "rtl" })),
        plain(json!({ "@value": 7, "@language": "en" })),
        plain(json!({ "@value": "x", "@language": "a b", "@direction": "rtl" })),
        plain(json!({ "_:p": "x" })),
    ];
    let questions: Vec<Value> = documents.iter().map(|document| json!({ "document": document })).collect();
    let contexts = published_contexts().unwrap_or_else(|| json!({}));
    let Some(answers) = judge_all("canonize", &contexts, &questions) else { return };
    let failures: Vec<_> = documents
        .iter()
        .zip(&answers)
        .filter_map(|(document, answer)| {
            let own = canonicalize(document);
            (own.as_ref().ok().map(String::as_str) != answer["nquads"].as_str())
                .then(|| format!("{document}: {own:?}, {answer}"))
        })
        .collect();
    assert_eq!(answers.iter().filter(|answer| answer["nquads"].is_null()).count(), 8, "both kinds are there");
    passed("texts and nothings, canonized by jsonld.js", &failures, documents.len());
}

#[test]
fn a_name_with_a_direction_signed_abroad_verifies_here_and_only_with_its_direction() {
    let Some(contexts) = published_contexts() else { return };
    let arabic = json!({ "@value": "\u{0634}\u{0627}\u{0631}\u{0629}", "@language": "ar", "@direction": "rtl" });
    let credential = with(&badge(), "name", arabic);
    let sign =
        json!({ "credential": credential, "seed": SEED, "created": "2026-01-01T00:00:00Z", "documents": contexts });
    let Some(issued) = judge("issue", &sign) else { return };
    let check = |change: &dyn Fn(&mut Value), expected: CheckOutcome| {
        let mut credential = issued["credential"].clone();
        change(&mut credential);
        let presented = read(credential.to_string().as_bytes()).expect("well-formed");
        let report = inspect(&presented, &Facts::at(at("2026-01-02T00:00:00Z")));
        let proof = report.checks.iter().find(|check| check.id == CheckId::Proof).expect("it was made");
        assert_eq!(proof.outcome, expected, "{report:#?}");
    };
    check(&|_| {}, CheckOutcome::Passed);
    check(&|credential| credential["name"]["@direction"] = json!("ltr"), CheckOutcome::Failed);
    check(&|credential| credential["name"]["@language"] = json!("he"), CheckOutcome::Failed);
    check(&|credential| drop(credential["name"].as_object_mut().unwrap().remove("@direction")), CheckOutcome::Failed);
}

#[test]
fn a_badge_signed_abroad_verifies_until_its_bit_is_set() {
    let Some(contexts) = published_contexts() else { return };
    for verification_method in [None, Some("did:web:judge.example:issuers:1#key-1")] {
        let sign = json!({
            "credential": badge_with_status(),
            "seed": SEED,
            "verificationMethod": verification_method,
            "created": "2026-01-01T00:00:00Z",
            "documents": contexts,
        });
        let Some(issued) = judge("issue", &sign) else { return };
        let list = |set: Value| {
            let question = json!({
                "id": LIST,
                "purpose": "revocation",
                "set": set,
                "seed": SEED,
                "verificationMethod": verification_method,
                "validFrom": "2026-01-01T00:00:00Z",
                "validUntil": "2026-01-08T00:00:00Z",
                "documents": contexts,
            });
            judge("status-list", &question).expect("the issuer ran a moment ago")["credential"].clone()
        };
        let (clear, revoked) = (list(json!([4, 6])), list(json!([5])));
        let question = |list: &Value, now: &str| {
            json!({
                "credential": issued["credential"],
                "now": now,
                "documents": { LIST: list, "https://judge.example/issuers/1/did.json": did_document(&issued) },
            })
        };
        let questions = [
            question(&clear, "2026-01-02T00:00:00Z"),
            question(&revoked, "2026-01-02T00:00:00Z"),
            question(&clear, "2026-02-02T00:00:00Z"),
            question(&with(&clear, "validUntil", json!("2027-01-08T00:00:00Z")), "2026-01-02T00:00:00Z"),
            question(&Value::Null, "2026-01-02T00:00:00Z"),
        ];
        let answers = judge_all("verify", &contexts, &questions).expect("the issuer ran a moment ago");
        check(&answers[0], true, "");
        check(&answers[1], false, "the status list says: revocation");
        check(&answers[2], false, "is after \"validUntil\"");
        check(&answers[3], false, "Invalid signature.");
        check(&answers[4], false, "no document");
        assert_eq!(answers[1]["status"][0]["index"], "5");
    }
}

#[test]
fn the_browser_runs_a_page_and_pictures_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let page = folder.path().join("page.html");
    let script = "document.querySelector('p').textContent = 'writ' + 'ten'";
    std::fs::write(&page, format!("<!doctype html><p>unwritten</p><script>{script}</script>")).expect("a page");
    let address = format!("file://{}", page.display());
    let Some(document) = browser::dump_dom(&address) else { return };
    assert!(document.contains("<p>written</p>"), "{document}");
    let picture = folder.path().join("page.png");
    browser::screenshot(&address, (320, 240), &picture).expect("the browser ran a moment ago");
    let image = image::open(&picture).expect("a picture");
    assert_eq!((image.width(), image.height()), (320, 240));
}

#[track_caller]
fn check(answer: &Value, verified: bool, because: &str) {
    assert_eq!(answer["verified"], verified, "{answer:#}");
    let errors = answer["errors"].as_array().expect("errors are a list");
    assert_eq!(errors.is_empty(), verified, "{answer:#}");
    assert!(
        verified || errors.iter().any(|error| error.as_str().is_some_and(|text| text.contains(because))),
        "{answer:#}"
    );
}

fn derived(shared: &Path) -> Vec<Value> {
    let folder = shared.join("vectors/derived");
    let mut files: Vec<_> =
        std::fs::read_dir(folder).expect("the derived vectors").map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    files.iter().map(|file| json(file)).collect()
}

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
        "name": "Glassblower — Śląsk",
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "achievement": {
                "id": "https://judge.example/achievements/1",
                "type": ["Achievement"],
                "name": "Glassblower",
                "description": "Blows glass.",
                "criteria": { "narrative": "Has blown glass." },
            },
        },
    })
}

fn badge_with_status() -> Value {
    let entry = json!({
        "id": format!("{LIST}#5"),
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "5",
        "statusListCredential": LIST,
    });
    with(&badge(), "credentialStatus", entry)
}

fn did_document(issued: &Value) -> Value {
    json!({
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": issued["did"],
        "verificationMethod": [{
            "id": issued["verificationMethod"],
            "type": "Multikey",
            "controller": issued["did"],
            "publicKeyMultibase": issued["publicKeyMultibase"],
        }],
        "assertionMethod": [issued["verificationMethod"]],
    })
}

fn with(document: &Value, member: &str, value: Value) -> Value {
    let mut changed = document.clone();
    changed[member] = value;
    changed
}

fn without_proof(document: &Value) -> Value {
    let mut unsigned = document.clone();
    unsigned.as_object_mut().expect("a credential is an object").remove("proof");
    unsigned
}
