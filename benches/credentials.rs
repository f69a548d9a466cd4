//! What issuing and verifying one Open Badge costs, on one core.

use std::hint::black_box;

use assay::linked_data::{canonicalize, json as strict};
use assay::proof::PublicKey;
use assay::proof::data_integrity::{Outcome, ProofOptions, bytes_to_sign, proof, verify};
use criterion::{Criterion, criterion_group, criterion_main};
use ed25519_dalek::{Signer as _, SigningKey};
use serde_json::{Value, json};

const DID: &str = "did:web:badges.northwind.example";

/// A credential as Assay issues them, before it is signed: some 2.3 kB with its proof.
fn credential() -> Value {
    json!({
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
        ],
        "id": "https://badges.northwind.example/credentials/7K3QX9M2TR4HB6WD",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "Certified Sales Associate",
        "issuer": {
            "id": DID,
            "type": ["Profile"],
            "name": "Northwind Traders",
            "url": "https://northwind.example",
            "email": "certification@northwind.example"
        },
        "validFrom": "2026-03-01T09:30:00Z",
        "validUntil": "2027-03-01T22:59:59Z",
        "awardedDate": "2026-03-01T09:30:00Z",
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [{
                "type": "IdentityObject",
                "hashed": true,
                "identityHash": "sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399",
                "identityType": "emailAddress",
                "salt": "9f86d081884c7d659a2feaa0c55ad015"
            }, {
                "type": "IdentityObject",
                "hashed": false,
                "identityHash": "Ada Example",
                "identityType": "name"
            }],
            "achievement": {
                "id": "https://badges.northwind.example/achievements/sales-associate",
                "type": ["Achievement"],
                "achievementType": "Certification",
                "name": "Certified Sales Associate",
                "description": "Can position and sell the Northwind suite.",
                "criteria": {"narrative": "Complete Sales 101 and pass the online exam with 70 % or more."},
                "image": {
                    "id": "https://badges.northwind.example/achievements/sales-associate/badge.png",
                    "type": "Image",
                    "caption": "Certified Sales Associate"
                },
                "creator": {"id": DID, "type": ["Profile"]},
                "alignment": [{
                    "type": ["Alignment"],
                    "targetName": "Value selling",
                    "targetUrl": "https://northwind.example/skills/value-selling"
                }],
                "tag": ["sales", "foundation"],
                "resultDescription": [{
                    "id": "https://badges.northwind.example/achievements/sales-associate#outcome",
                    "type": ["ResultDescription"],
                    "name": "Outcome",
                    "resultType": "Status"
                }]
            },
            "result": [{
                "type": ["Result"],
                "resultDescription": "https://badges.northwind.example/achievements/sales-associate#outcome",
                "status": "Completed"
            }]
        },
        "credentialStatus": {
            "id": "https://badges.northwind.example/status/3#48213",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": "48213",
            "statusListCredential": "https://badges.northwind.example/status/3"
        }
    })
}

fn benches(criterion: &mut Criterion) {
    let secret = SigningKey::from_bytes(&[7; 32]);
    let key = PublicKey::from_bytes(secret.verifying_key().as_bytes()).expect("a key made of a seed is a sound key");
    let options = ProofOptions {
        verification_method: format!("{DID}#{}", key.multibase()),
        created: "2026-03-01T09:30:00Z".parse().expect("a date"),
    };
    let unsigned = credential();
    let sign = |document: &Value| {
        let hash = bytes_to_sign(document, &options).expect("the sample has a canonical form");
        secret.sign(&hash).to_bytes()
    };
    let mut signed = unsigned.clone();
    signed["proof"] = json!([proof(&options, &sign(&unsigned))]);
    let bytes = serde_json::to_vec(&signed).expect("JSON is written");
    let check = |bytes: &[u8]| {
        let document = strict::parse(bytes).expect("the sample is strict JSON");
        let verdicts = verify(&document, &mut |_, _| Some(key)).expect("the sample has a canonical form");
        assert_eq!(verdicts[0].outcome, Outcome::Fits);
    };
    let mut group = criterion.benchmark_group(format!("credential of {} bytes", bytes.len()));
    group.bench_function("parse", |bencher| bencher.iter(|| strict::parse(black_box(&bytes))));
    group.bench_function("canonicalize", |bencher| bencher.iter(|| canonicalize(black_box(&unsigned))));
    group.bench_function("issue", |bencher| bencher.iter(|| sign(black_box(&unsigned))));
    group.bench_function("verify", |bencher| bencher.iter(|| check(black_box(&bytes))));
    group.finish();
}

criterion_group!(all, benches);
criterion_main!(all);
