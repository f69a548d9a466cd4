//! Published vectors of the Data Integrity suites, with their intermediate values.

use std::path::Path;

use assay::linked_data::{Library, Limits};
use assay::proof::data_integrity::{Outcome, ProofOptions, ProofVerdict, bytes_to_sign, proof, verify_with};
use assay::proof::{PublicKey, did};
use chrono::{DateTime, Utc};
use ed25519_dalek::{Signer as _, SigningKey};
use serde_json::{Value, json as value};
use sha2::{Digest, Sha256};

use super::{hex, json, shared, tally, text, text_of};

/// The compiled-in contexts, and those that only vectors need.
pub(super) fn library(shared: &Path) -> Library {
    let extra = [
        ("https://w3id.org/citizenship/v4rc1", "citizenship-v4rc1"),
        ("https://www.w3.org/ns/credentials/examples/v2", "credentials-examples-v2"),
    ];
    let context = |name: &str| json(&shared.join(format!("contexts/{name}.jsonld")));
    Library::with(extra.map(|(url, name)| (url.to_owned(), context(name))))
}

/// The key that the id of a verification method ends in.
pub(super) fn key_of(method: &str, purpose: &str) -> Option<PublicKey> {
    assert_eq!(purpose, "assertionMethod");
    PublicKey::from_multibase(method.rsplit_once('#')?.1).ok()
}

#[track_caller]
fn verdicts(library: &Library, document: &Value) -> Vec<ProofVerdict> {
    verify_with(library, document, &mut key_of).unwrap()
}

#[track_caller]
fn check_fits(library: &Library, document: &Value, proofs: usize) {
    let verdicts = verdicts(library, document);
    assert_eq!(verdicts.len(), proofs);
    for verdict in verdicts {
        assert_eq!(verdict.outcome, Outcome::Fits, "{verdict:?}");
    }
}

pub(super) fn without_proof(document: &Value) -> Value {
    let mut document = document.clone();
    document.as_object_mut().unwrap().shift_remove("proof");
    document
}

fn secret(multibase: &str) -> SigningKey {
    let bytes = bs58::decode(&multibase[1..]).into_vec().unwrap();
    assert_eq!(bytes[..2], [0x80, 0x26]);
    SigningKey::from_bytes(&bytes[2..].try_into().unwrap())
}

#[test]
fn w3c_vectors_of_rdf_suites_have_the_published_intermediate_values() {
    let Some(shared) = shared() else { return };
    let library = library(&shared);
    let root = shared.join("vectors/w3c-vc-di-eddsa");
    let cases =
        [("eddsa-rdfc-2022", "DataInt"), ("eddsa-rdfc-2022/employ", "DataInt"), ("Ed25519Signature2020", "EdSig")];
    for (folder, suffix) in cases {
        let file = |name: &str, ending: &str| root.join(folder).join(format!("{name}{suffix}.{ending}"));
        let line = |name: &str| text(&file(name, "txt")).trim().to_owned();
        let signed = json(&file("signed", "json"));
        let document = library.canonicalize(&without_proof(&signed), &Limits::DEFAULT).unwrap();
        assert_eq!(document.trim_end(), line("canonDoc"), "{folder}");
        assert_eq!(hex(&Sha256::digest(&document)), line("docHash"), "{folder}");
        let config = library.canonicalize(&json(&file("proofConfig", "json")), &Limits::DEFAULT).unwrap();
        assert_eq!(config.trim_end(), line("proofCanon"), "{folder}");
        assert_eq!(hex(&Sha256::digest(&config)), line("proofHash"), "{folder}");
        check_fits(&library, &signed, 1);
    }
    tally("W3C eddsa-rdfc-2022 (one enhanced) and Ed25519Signature2020", cases.len());
}

#[test]
fn our_own_signature_is_the_published_one() {
    let Some(shared) = shared() else { return };
    let root = shared.join("vectors/w3c-vc-di-eddsa");
    let signed = json(&root.join("eddsa-rdfc-2022/signedDataInt.json"));
    let keys = json(&root.join("keyPair.json"));
    let options = options_of(&signed["proof"]);
    let hash = bytes_to_sign(&without_proof(&signed), &options).unwrap();
    assert_eq!(hex(&hash), text(&root.join("eddsa-rdfc-2022/combinedHashDataInt.txt")).trim());
    let signature = secret(text_of(&keys, "privateKeyMultibase")).sign(&hash).to_bytes();
    assert_eq!(proof(&options, &signature), signed["proof"]);
    // A proof that is already there makes no difference.
    assert_eq!(bytes_to_sign(&signed, &options).unwrap(), hash);
}

fn options_of(proof: &Value) -> ProofOptions {
    let created: DateTime<Utc> = text_of(proof, "created").parse().unwrap();
    ProofOptions { verification_method: text_of(proof, "verificationMethod").to_owned(), created }
}

#[test]
fn w3c_vectors_of_jcs_proof_sets_and_chains_fit() {
    let Some(shared) = shared() else { return };
    let library = library(&shared);
    let root = shared.join("vectors/w3c-vc-di-eddsa");
    check_fits(&library, &json(&root.join("eddsa-jcs-2022/signedJCS.json")), 1);
    tally("W3C eddsa-jcs-2022", 1);
    let several = [("signedProofSet1", 1), ("signedProofSet2", 2), ("signedProofChain1", 3), ("signedProofChain2", 4)];
    for (name, proofs) in several {
        check_fits(&library, &json(&root.join(format!("proof-set-chain/{name}.json"))), proofs);
    }
    tally("W3C proof sets and chains", several.len());
}

#[test]
fn the_walk_through_of_the_open_badges_guide_comes_out_as_printed() {
    let Some(shared) = shared() else { return };
    let library = library(&shared);
    let root = shared.join("vectors/1edtech-ob3-impl-guide");
    let signed = json(&root.join("signed-credential.json"));
    let document = library.canonicalize(&without_proof(&signed), &Limits::DEFAULT).unwrap();
    assert_eq!(document.trim_end(), text(&root.join("document-canon.txt")).trim_end());
    assert!(hex(&Sha256::digest(&document)).starts_with("87f65a76"));
    let mut config = signed["proof"].clone();
    config.as_object_mut().unwrap().shift_remove("proofValue");
    config["@context"] = signed["@context"].clone();
    let config = library.canonicalize(&config, &Limits::DEFAULT).unwrap();
    assert_eq!(config.trim_end(), text(&root.join("proof-canon.txt")).trim_end());
    check_fits(&library, &signed, 1);
    tally("1EdTech implementation guide", 1);
}

#[test]
fn badges_canonicalized_by_two_other_implementations_come_out_alike() {
    let Some(shared) = shared() else { return };
    let library = library(&shared);
    let mut passed = 0;
    for entry in std::fs::read_dir(shared.join("vectors/derived")).unwrap() {
        let vector = json(&entry.unwrap().path());
        let name = text_of(&vector, "name");
        let signed = &vector["signed"];
        let unsigned = without_proof(signed);
        let document = library.canonicalize(&unsigned, &Limits::DEFAULT).unwrap();
        assert_eq!(document, text_of(&vector, "canonicalDocument"), "{name}");
        assert_eq!(hex(&Sha256::digest(&document)), text_of(&vector, "documentHash"), "{name}");
        let mut config = signed["proof"].get(0).unwrap_or(&signed["proof"]).clone();
        config.as_object_mut().unwrap().shift_remove("proofValue");
        config["@context"] = signed["@context"].clone();
        let config = library.canonicalize(&config, &Limits::DEFAULT).unwrap();
        assert_eq!(config, text_of(&vector, "canonicalProofConfig"), "{name}");
        let options = options_of(signed["proof"].get(0).unwrap_or(&signed["proof"]));
        assert_eq!(hex(&bytes_to_sign(&unsigned, &options).unwrap()), text_of(&vector, "hashData"), "{name}");
        check_fits(&library, signed, 1);
        passed += 1;
    }
    assert_eq!(passed, 9);
    tally("Open Badges with canonical form, hashes and signature", passed);
}

/// A signed credential, its key at hand, for what should not pass.
fn sample() -> (Value, SigningKey) {
    let key = SigningKey::from_bytes(&[7; 32]);
    let public = PublicKey::from_bytes(key.verifying_key().as_bytes()).unwrap();
    let did = did::did_key(&public);
    let mut document = value!({
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
        ],
        "id": "https://badges.example/credentials/1",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {"id": did, "type": ["Profile"], "name": "Issuer"},
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {"type": ["AchievementSubject"], "id": "did:example:subject"}
    });
    let options = ProofOptions {
        verification_method: format!("{did}#{}", public.multibase()),
        created: "2026-01-01T00:00:00Z".parse().unwrap(),
    };
    let signature = key.sign(&bytes_to_sign(&document, &options).unwrap()).to_bytes();
    document["proof"] = value!([proof(&options, &signature)]);
    (document, key)
}

#[track_caller]
fn check_outcome(change: impl FnOnce(&mut Value), expected: &Outcome) {
    let (mut document, _) = sample();
    change(&mut document);
    assert_eq!(verdicts(Library::built_in(), &document)[0].outcome, *expected);
}

fn malformed(what: &str) -> Outcome {
    Outcome::Malformed(what.to_owned())
}

#[test]
fn a_changed_document_or_proof_does_not_fit() {
    check_outcome(|_| {}, &Outcome::Fits);
    check_outcome(|document| document["validFrom"] = value!("2026-01-02T00:00:00Z"), &Outcome::DoesNotFit);
    check_outcome(|document| document["issuer"]["name"] = value!("Other"), &Outcome::DoesNotFit);
    check_outcome(|document| document["proof"][0]["created"] = value!("2026-01-02T00:00:00Z"), &Outcome::DoesNotFit);
    check_outcome(|document| document["proof"][0]["domain"] = value!("x.example"), &Outcome::DoesNotFit);
    check_outcome(|document| document["proof"][0]["expires"] = value!("2030-01-02T00:00:00Z"), &Outcome::DoesNotFit);
}

#[test]
fn a_malformed_proof_says_what_is_wrong_with_it() {
    let proof = |name: &'static str, with: Value| move |document: &mut Value| document["proof"][0][name] = with;
    check_outcome(proof("type", value!(3)), &malformed("type is missing or no text"));
    check_outcome(proof("verificationMethod", value!({})), &malformed("verificationMethod is missing or no text"));
    check_outcome(proof("proofPurpose", Value::Null), &malformed("proofPurpose is missing or no text"));
    check_outcome(proof("cryptosuite", Value::Null), &malformed("cryptosuite is missing or no text"));
    check_outcome(proof("cryptosuite", value!("bbs-2023")), &Outcome::Unsupported("bbs-2023".to_owned()));
    check_outcome(proof("type", value!("RsaSignature2018")), &Outcome::Unsupported("RsaSignature2018".to_owned()));
    check_outcome(proof("created", value!("2026-01-01")), &malformed("created is not a date with time and zone"));
    check_outcome(
        proof("created", value!("2026-01-01T00:00:00")),
        &malformed("created is not a date with time and zone"),
    );
    check_outcome(proof("expires", value!("soon")), &malformed("expires is not a date with time and zone"));
    check_outcome(proof("proofValue", value!("uAAAA")), &malformed("proofValue does not begin with z"));
    check_outcome(proof("proofValue", value!("z111")), &malformed("proofValue is not 64 bytes in base58btc"));
    check_outcome(
        proof("proofValue", value!(format!("z{}", "z".repeat(5000)))),
        &malformed("proofValue is not 64 bytes in base58btc"),
    );
    check_outcome(proof("previousProof", value!(1)), &malformed("previousProof is not one id or several"));
    check_outcome(
        proof("previousProof", value!("urn:x")),
        &malformed("previousProof names \"urn:x\", which is not here"),
    );
    check_outcome(
        proof("nonsense", value!(1)),
        &malformed("the term \"nonsense\" is not defined by any of the contexts"),
    );
    check_outcome(|document| document["proof"] = value!([3]), &malformed("not an object"));
}

#[test]
fn a_key_that_cannot_be_had_is_no_verdict_on_the_document() {
    let (document, _) = sample();
    let verdicts = verify_with(Library::built_in(), &document, &mut |_, _| None).unwrap();
    assert_eq!(verdicts[0].outcome, Outcome::UnknownKey);
}

#[test]
fn a_document_without_proofs_or_with_too_many_is_refused() {
    let (document, _) = sample();
    let refused = |proof: Value| {
        let mut document = document.clone();
        document["proof"] = proof;
        verify_with(Library::built_in(), &document, &mut key_of).unwrap_err().to_string()
    };
    assert_eq!(refused(Value::Null), "the document has no proof");
    assert_eq!(refused(value!([])), "the document has no proof");
    assert_eq!(refused(value!(vec![1; 17])), "17 proofs are more than the 16 allowed");
    let mut unknown = document.clone();
    unknown["grade"] = value!("A+");
    let error = verify_with(Library::built_in(), &unknown, &mut key_of).unwrap_err();
    assert_eq!(error.to_string(), "the term \"grade\" is not defined by any of the contexts");
}

#[test]
fn a_jcs_proof_with_other_contexts_than_the_document_is_refused() {
    let Some(shared) = shared() else { return };
    let mut signed = json(&shared.join("vectors/w3c-vc-di-eddsa/eddsa-jcs-2022/signedJCS.json"));
    signed["@context"] = value!(["https://www.w3.org/ns/credentials/v2"]);
    let verdict = &verdicts(Library::built_in(), &signed)[0];
    assert_eq!(verdict.outcome, malformed("the document's @context does not begin with that of the proof"));
}
