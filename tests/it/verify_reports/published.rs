//! Published credentials and the answers their sources state.

#![expect(clippy::print_stdout, reason = "each run says how many samples were judged")]

use assay::verification::{CheckId, CheckOutcome, Facts, Found, Need, Verdict, inspect, needs, read};
use serde_json::{Value, json};

use super::{NOW, judge, listed, outcome};
use crate::badges::at;
use crate::support::shared;

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
    facts.listed = listed(&["did:key:z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi"]);

    let list = load("vectors/derived/09-status-list-credential.json")["signed"].clone();
    facts.found.insert(Need::StatusList("https://example.org/status/1".to_owned()), Found::Json(list));
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
    facts.found.insert(Need::ControllerDocument(issuer.to_owned()), Found::Json(document));
    check("guide", &guide, CheckOutcome::Passed, Verdict::UntrustedIssuer, &facts);
    facts.listed = listed(&[issuer]);
    check("guide, listed", &guide, CheckOutcome::Passed, Verdict::Valid, &facts);

    // Fine signatures over credentials that are no badges, by keys that are not those of the issuer they name.
    for file in [
        "eddsa-rdfc-2022/signedDataInt.json",
        "eddsa-jcs-2022/signedJCS.json",
        "Ed25519Signature2020/signedEdSig.json",
        "proof-set-chain/signedProofSet2.json",
        "proof-set-chain/signedProofChain2.json",
    ] {
        let credential = load(&format!("vectors/w3c-vc-di-eddsa/{file}"));
        check(file, &credential, CheckOutcome::Passed, Verdict::Invalid, &facts);
        let mut changed = credential;
        changed["validFrom"] = json!("2023-01-02T00:00:00Z");
        check(file, &changed, CheckOutcome::Failed, Verdict::Invalid, &facts);
    }
    // A context nobody here knows: no fault of the credential, but nothing that could be relied on either.
    let unknown = load("vectors/w3c-vc-di-eddsa/eddsa-rdfc-2022/employ/signedDataInt.json");
    check("unknown context", &unknown, CheckOutcome::CouldNotCheck, Verdict::Invalid, &facts);
    let mut badge = load("vectors/derived/01-minimal-did-key.json")["signed"].clone();
    badge["@context"].as_array_mut().unwrap().push(json!("https://context.example/v1"));
    check("unknown context, a badge", &badge, CheckOutcome::CouldNotCheck, Verdict::Inconclusive, &facts);
    // The specification's unsigned example.
    let basic = load("examples/ob3-spec/basicOpenBadgeCredential-0.json");
    check("unsigned", &basic, CheckOutcome::Failed, Verdict::Invalid, &facts);
    println!("{judged} published samples judged");
}

/// The W3C's inputs for VC-JOSE-COSE, with the keys that lie beside them.
#[test]
fn published_tokens_get_the_answers_their_names_state() {
    let Some(shared) = shared() else { return };
    let folder = shared.join("vectors/w3c-vc-jose-cose/tests/input");
    let issuer = "https://example.issuer/vc-jose-cose";
    let keys: Vec<Value> = ["vm-ed25519.json", "vm-p256.json", "vm-p384.json"]
        .iter()
        .map(|name| {
            let mut method: Value = serde_json::from_slice(&std::fs::read(folder.join(name)).unwrap()).unwrap();
            // The published files hold the secret parts as well; a document that lists keys must not.
            method
                .as_object_mut()
                .unwrap()
                .retain(|name, _| !name.starts_with("secret") && !name.starts_with("private"));
            method["publicKeyJwk"].as_object_mut().unwrap().shift_remove("d");
            method
        })
        .collect();
    let mut facts = Facts::at(at("2026-11-20T10:00:00Z"));
    let document = Found::Json(json!({ "id": issuer, "assertionMethod": keys }));
    facts.found.insert(Need::ControllerDocument(issuer.to_owned()), document);
    for (file, expected) in [
        ("credential-jose-minimal.txt", Some(Verdict::UntrustedIssuer)),
        ("credential-issuer-match-signed.txt", Some(Verdict::UntrustedIssuer)),
        ("credential-jose-bad-signature.txt", Some(Verdict::Invalid)),
        ("credential-jose-bad-media-type.txt", None),
        ("credential-jose-vc-vp-claims.txt", None),
        // P-521 is not read here.
        ("credential-jose-unknown-extensions.txt", None),
    ] {
        let found = read(&std::fs::read(folder.join(file)).unwrap()).map(|presented| inspect(&presented, &facts));
        assert_eq!(found.as_ref().ok().map(|report| report.verdict), expected, "{file}: {found:#?}");
    }
    println!("6 published tokens judged");
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
