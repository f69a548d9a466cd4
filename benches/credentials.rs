//! What issuing and verifying one Open Badge costs, on one core.

#[path = "support/stranger.rs"]
mod stranger;

use std::hint::black_box;

use assay::linked_data::{canonicalize, json as strict};
use assay::proof::PublicKey;
use assay::proof::data_integrity::{Outcome, ProofOptions, bytes_to_sign, proof, verify};
use assay::verification::{Facts, Report, Verdict, inspect, read};
use criterion::{Criterion, criterion_group, criterion_main};
use ed25519_dalek::{Signer as _, SigningKey};
use serde_json::{Value, json};

// As the built program has it.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

const DID: &str = "did:web:badges.northwind.example";

/// A credential as Assay issues them, before it is signed: some 2.3 kB with its proof.
fn credential() -> Value {
    serde_json::from_str(include_str!("credential.json")).expect("the sample is JSON")
}

/// The whole of it: from the bytes to the report with all its words.
fn judge(bytes: &[u8], facts: &Facts) -> Report {
    let report = inspect(&read(bytes).expect("the sample is a credential"), facts);
    assert_eq!(report.verdict, Verdict::UntrustedIssuer, "{}", report.headline);
    report
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
        let verdicts = verify(&document, &mut |_, _| Some(key.clone())).expect("the sample has a canonical form");
        assert_eq!(verdicts[0].outcome, Outcome::Fits);
    };
    let mut group = criterion.benchmark_group(format!("credential of {} bytes", bytes.len()));
    group.bench_function("parse", |bencher| bencher.iter(|| strict::parse(black_box(&bytes))));
    group.bench_function("canonicalize", |bencher| bencher.iter(|| canonicalize(black_box(&unsigned))));
    group.bench_function("issue", |bencher| bencher.iter(|| sign(black_box(&unsigned))));
    group.bench_function("verify", |bencher| bencher.iter(|| check(black_box(&bytes))));
    let strangers = stranger::badge();
    let facts = Facts::at("2026-03-02T00:00:00Z".parse().expect("a date"));
    group.bench_function("inspect", |bencher| bencher.iter(|| judge(black_box(&strangers), &facts)));
    group.finish();
}

criterion_group!(all, benches);
criterion_main!(all);
