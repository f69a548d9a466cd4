//! Credentials that JSON-LD, canonicalization and signatures have to end.

use serde_json::{Value, json};

use super::flood;

/// A name, and the document.
pub(super) fn all() -> Vec<(&'static str, Value)> {
    let evidence = |count: usize, text: usize| -> Value {
        (0..count)
            .map(|n| json!({"id": format!("urn:x:{n}"), "type": ["Evidence"], "name": "x".repeat(text)}))
            .collect()
    };
    let with = |member: &str, value: Value| {
        let mut badge = badge();
        badge[member] = value;
        badge
    };
    let mut contexts = badge();
    contexts["@context"] = json!(vec![V2; 20_000]);
    let many_contexts: Vec<Value> =
        (0..5_000).map(|_| json!({"@context": [V2, OB], "type": ["Evidence"], "name": "x"})).collect();
    let own_contexts = |count: usize, terms: usize| -> Value {
        let context: serde_json::Map<String, Value> =
            (0..terms).map(|n| (format!("t{n}"), json!(format!("urn:t:{n}")))).collect();
        (0..count).map(|_| json!({"@context": context, "type": ["Evidence"], "name": "x"})).collect()
    };
    let proofs = |count: usize, previous: bool| -> Value {
        let one = |n: usize| {
            let mut proof = proof(n);
            if previous && n > 0 {
                proof["previousProof"] = (0..n).map(|m| json!(format!("urn:proof:{m}"))).collect();
            }
            proof
        };
        (0..count).map(one).collect()
    };
    let mut chain = with("evidence", evidence(2_500, 300));
    chain["proof"] = proofs(8, true);
    let mut set = with("evidence", evidence(2_500, 300));
    set["proof"] = proofs(8, false);
    let mut jcs = with("evidence", evidence(2_500, 300));
    jcs["proof"] = proofs(8, false);
    for proof in jcs["proof"].as_array_mut().expect("a list") {
        proof["cryptosuite"] = json!("eddsa-jcs-2022");
    }
    let endorsement = |n: usize| {
        let mut endorsement = badge();
        endorsement["id"] = json!(format!("urn:e:{n}"));
        endorsement["type"] = json!(["VerifiableCredential", "EndorsementCredential"]);
        endorsement["evidence"] = evidence(300, 200);
        endorsement["proof"] = proofs(8, false);
        endorsement
    };
    vec![
        ("a thousand pieces of evidence", with("evidence", evidence(3_000, 280))),
        ("many small pieces of evidence", with("evidence", evidence(9_990, 1))),
        ("blank nodes that look alike", with("issuer", alike(9))),
        ("a ring of blank nodes", with("issuer", ring(400))),
        ("many anonymous nodes", with("evidence", json!(vec![json!({"type": ["Evidence"]}); 9_990]))),
        ("the same context again and again", contexts),
        ("contexts within", with("evidence", json!(many_contexts))),
        ("large contexts of its own", with("evidence", own_contexts(200, 256))),
        ("small contexts of its own", with("evidence", own_contexts(13_000, 2))),
        ("eight signatures", set),
        ("a chain of eight signatures", chain),
        ("eight signatures over JSON", jcs),
        ("more signatures than are looked at", with("proof", proofs(2_000, false))),
        ("endorsements", with("endorsement", (0..8).map(endorsement).collect())),
        (
            "more endorsements than are looked at",
            with("endorsementJwt", json!(vec!["eyJhbGciOiJFZERTQSJ9.e30.AAAA"; 9_990])),
        ),
        ("status entries", with("credentialStatus", json!(vec![json!({"type": "BitstringStatusListEntry"}); 9_990]))),
        ("identities", {
            let mut badge = badge();
            let identity = json!({"type": "IdentityObject", "hashed": true, "identityHash": "sha256$0", "salt": "x", "identityType": "name"});
            badge["credentialSubject"]["identifier"] = json!(vec![identity; 9_000]);
            badge
        }),
        ("texts with one hash", {
            let mut badge = badge();
            badge["credentialSubject"]["achievement"]["tag"] = json!(flood::texts("\"", "\"", 9_990));
            badge
        }),
        ("terms with one hash", {
            let terms = flood::texts("", "", 9_990).into_iter();
            let context: serde_json::Map<String, Value> = terms.map(|term| (term, json!("urn:t"))).collect();
            with("evidence", json!([{"@context": context, "type": ["Evidence"], "name": "x"}]))
        }),
        ("labels with one hash", {
            let labels = flood::texts("_:", "", 9_990).into_iter();
            with("evidence", labels.map(|label| json!({"id": format!("_:{label}"), "type": ["Evidence"]})).collect())
        }),
        ("texts in many languages", {
            let names: Vec<Value> = (0..9_990).map(|n| json!({"@value": format!("n{n}"), "@language": "en"})).collect();
            with("name", json!(names))
        }),
        ("an assertion of an earlier generation with much besides", {
            let mut assertion = json!({
                "@context": "https://w3id.org/openbadges/v2", "type": "Assertion", "id": "https://badges.example/1",
                "recipient": {"type": "email", "hashed": false, "identity": "x"}, "badge": "https://badges.example/b",
                "verification": {"type": "hosted"}, "issuedOn": "2026-01-01T00:00:00Z",
            });
            assertion["evidence"] = evidence(5_000, 100);
            assertion
        }),
        ("a presentation of presentations", {
            (0..20).fold(
                json!({"type": "VerifiablePresentation"}),
                |inner, _| json!({"type": "VerifiablePresentation", "verifiableCredential": [inner]}),
            )
        }),
    ]
}

pub(super) const V2: &str = "https://www.w3.org/ns/credentials/v2";
pub(super) const OB: &str = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json";
pub(super) const KEY: &str = "did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2";

/// A badge by a key that everybody knows, with a signature that is well-formed and does not fit.
pub(super) fn badge() -> Value {
    json!({
        "@context": [V2, OB], "id": "urn:uuid:1", "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {"id": KEY, "type": ["Profile"]}, "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {
            "id": "urn:uuid:2", "type": ["AchievementSubject"],
            "achievement": {
                "id": "urn:uuid:3", "type": ["Achievement"], "name": "A", "description": "D",
                "criteria": {"narrative": "N"},
            },
        },
        "proof": [proof(0)],
    })
}

pub(super) fn proof(n: usize) -> Value {
    json!({
        "id": format!("urn:proof:{n}"), "type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022",
        "created": "2026-01-01T00:00:00Z", "proofPurpose": "assertionMethod",
        "verificationMethod": format!("{KEY}#{}", KEY.trim_start_matches("did:key:")),
        "proofValue": format!("z{}", bs58::encode([1; 64]).into_string()),
    })
}

/// Profiles without names of their own, each the parent of all others: none can be told from another.
fn alike(count: usize) -> Value {
    let names: Vec<Value> = (0..count).map(|n| json!({"id": format!("_:b{n}"), "type": ["Profile"]})).collect();
    let one = |n: usize| {
        let others: Vec<Value> = (0..count).filter(|m| *m != n).map(|m| names[m].clone()).collect();
        json!({"id": format!("_:b{n}"), "type": ["Profile"], "parentOrg": others})
    };
    json!({"id": KEY, "type": ["Profile"], "parentOrg": (0..count).map(one).collect::<Vec<_>>()})
}

/// Profiles without names, each the parent of the next.
fn ring(count: usize) -> Value {
    let one = |n: usize| {
        let next = json!({"id": format!("_:b{}", (n + 1) % count), "type": ["Profile"]});
        json!({"id": format!("_:b{n}"), "type": ["Profile"], "parentOrg": [next]})
    };
    json!({"id": KEY, "type": ["Profile"], "parentOrg": (0..count).map(one).collect::<Vec<_>>()})
}
