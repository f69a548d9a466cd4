//! Published vectors of ecdsa-rdfc-2019, ecdsa-jcs-2019 and ecdsa-sd-2023, and what must not pass under those names.

use std::collections::BTreeMap;

use assay::linked_data::{Library, Limits, canonicalize_dataset, canonicalize_relabelled};
use assay::proof::PublicKey;
use assay::proof::data_integrity::{MAX_STATEMENT_SIGNATURES, Outcome, verify_with};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json as value};
use sha2::{Digest, Sha256, Sha384};

use super::data_integrity::{key_of, library, without_proof};
use super::{hex, json, shared, tally, text_of};

/// The credential of the W3C's vectors (w3c/vc-di-ecdsa, TestVectors), with a proof of each suite and curve.
fn alumni(suite: &str, method: &str, proof_value: &str) -> Value {
    value!({
        "@context": ["https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/credentials/examples/v2"],
        "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
        "type": ["VerifiableCredential", "AlumniCredential"],
        "name": "Alumni Credential",
        "description": "A minimum viable example of an Alumni Credential.",
        "issuer": "https://vc.example/issuers/5678",
        "validFrom": "2023-01-01T00:00:00Z",
        "credentialSubject": {"id": "did:example:abcdefgh", "alumniOf": "The School of Examples"},
        "proof": {
            "type": "DataIntegrityProof",
            "cryptosuite": suite,
            "created": "2023-02-24T23:36:38Z",
            "verificationMethod": method,
            "proofPurpose": "assertionMethod",
            "proofValue": proof_value
        }
    })
}

const P256: &str = "zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP";
const P384: &str = "z82LkuBieyGShVBhvtE2zoiD6Kma4tJGFtkAhxR5pfkp5QPw4LutoYWhvQCnGjdVn14kujQ";
const ED25519: &str = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2";

const RDFC_256: &str = "zaHXrr7AQdydBk3ahpCDpWbxfLokDqmCToYm2dyWvpcFVyWooC2he63w1f7UNQoAMKdhaRtcnaE2KTo5o5vTCcfw";
const RDFC_384: &str = "z967Mvv5bxtmLNqTzPZ8KmJjFmFXaAKeQNzq7GWnQkMcLtaGSSmuozE5WtJ8PipMe178B1tE28K1vsJur9bGVJhz6jgSJsRHFSQeqgH8hhjcg8gZDFJC1b9FsR5ggNmDBqHv";
const JCS_256: &str = "zq6PrUMCtqY5obCSsrQxuFJdGffCDxvFuopdZiBPUBRTFEs1VVsBZi8YiEwVWgHYrXxoV93gBHqGDBtQLPFxpZxz";
const JCS_384: &str = "zR3krc7pt9Dpn1PY2u8HWPePggtzAG2SuH2ZGNrzw8Ku3QrFLWgDTjS5mCWy65ShixJEtpMwfviAFfh5xTgd5FGN1sSbpPJ5djqSZQLqQkY8KLBPNswuqKtq3bS8f9vEHm8w";
/// Of "employ", which has blank nodes: with P-384, RDFC-1.0 tells them apart with SHA-384.
const EMPLOY_256: &str = "z4SWLpMWVhqUAgZweKfVftaZqWX2F8ZKMZV1Rszr6G73SsMHCjNUykW75hNwfFrVYacCFqraR6pnPqGcD6NyQ7SUu";
const EMPLOY_384: &str = "zrgAixbog7Uo9J9uyGfBi5FPDY459PZbuf52u6bEW424McKL55iVHUn1QjbRLFP25oapNtLRd7iGZHuSqZf3DE1VuEgACDDmwP1Z77YC9QCxD37h8Mgh1QEpefuL5CKpk1oH";

fn did_key(key: &str) -> String {
    format!("did:key:{key}#{key}")
}

fn outcome(library: &Library, document: &Value) -> Outcome {
    let mut verdicts = verify_with(library, document, &mut key_of).unwrap();
    assert_eq!(verdicts.len(), 1);
    verdicts.remove(0).outcome
}

fn published() -> [Value; 4] {
    [
        alumni("ecdsa-rdfc-2019", &did_key(P256), RDFC_256),
        alumni("ecdsa-rdfc-2019", &did_key(P384), RDFC_384),
        alumni("ecdsa-jcs-2019", &did_key(P256), JCS_256),
        alumni("ecdsa-jcs-2019", &did_key(P384), JCS_384),
    ]
}

#[test]
fn w3c_vectors_of_both_suites_and_curves_fit() {
    let Some(shared) = shared() else { return };
    let library = library(&shared);
    for signed in published() {
        assert_eq!(outcome(&library, &signed), Outcome::Fits, "{signed}");
        for (name, other) in [("name", "Another"), ("validFrom", "2023-01-02T00:00:00Z")] {
            let mut changed = signed.clone();
            changed[name] = value!(other);
            assert_eq!(outcome(&library, &changed), Outcome::DoesNotFit, "{name}");
        }
        let mut changed = signed.clone();
        changed["proof"]["created"] = value!("2023-02-24T23:36:39Z");
        assert_eq!(outcome(&library, &changed), Outcome::DoesNotFit);
    }
    for (key, proof_value) in [(P256, EMPLOY_256), (P384, EMPLOY_384)] {
        let mut signed = json(&shared.join("vectors/w3c-vc-di-ecdsa-sd-2023/employ/addSignedSDBase.json"));
        signed["description"] = value!("Example Country Employment Authorization Document.");
        signed["proof"] = alumni("ecdsa-rdfc-2019", &did_key(key), proof_value)["proof"].clone();
        assert_eq!(outcome(&library, &signed), Outcome::Fits, "{key}");
        let dataset = library.dataset(&without_proof(&signed), &Limits::DEFAULT).unwrap();
        let by_sha256 = canonicalize_dataset::<Sha256>(&dataset, &Limits::DEFAULT).unwrap().text;
        let by_sha384 = canonicalize_dataset::<Sha384>(&dataset, &Limits::DEFAULT).unwrap().text;
        assert_ne!(by_sha256, by_sha384, "the vector tells the two apart");
    }
    tally("W3C ecdsa-rdfc-2019 and ecdsa-jcs-2019, P-256 and P-384", published().len() + 2);
}

#[test]
fn proofs_of_both_curves_on_one_document_are_a_set() {
    let Some(shared) = shared() else { return };
    let mut signed = published()[0].clone();
    signed["proof"] = published().iter().map(|one| one["proof"].clone()).collect();
    let verdicts = verify_with(&library(&shared), &signed, &mut key_of).unwrap();
    assert_eq!(verdicts.len(), 4);
    assert!(verdicts.iter().all(|verdict| verdict.outcome == Outcome::Fits), "{verdicts:?}");
}

fn malformed(why: &str) -> Outcome {
    Outcome::Malformed(why.to_owned())
}

#[test]
fn a_key_of_another_kind_never_checks_a_proof() {
    let Some(shared) = shared() else { return };
    let library = library(&shared);
    let with = |suite: &str, key: &str, value: &str| outcome(&library, &alumni(suite, &did_key(key), value));
    let zeros = |length: usize| format!("z{}", bs58::encode(vec![1; length]).into_string());
    let cases = [
        ("ecdsa-rdfc-2019", ED25519, "P-256 and P-384", "Ed25519"),
        ("ecdsa-jcs-2019", ED25519, "P-256 and P-384", "Ed25519"),
        ("eddsa-rdfc-2022", P256, "Ed25519", "P-256"),
        ("eddsa-jcs-2022", P384, "Ed25519", "P-384"),
        ("Ed25519Signature2020", P256, "Ed25519", "P-256"),
    ];
    for (suite, key, kinds, kind) in cases {
        let mut signed = alumni(suite, &did_key(key), &zeros(64));
        if suite == "Ed25519Signature2020" {
            signed["proof"]["type"] = value!(suite);
        }
        let expected = malformed(&format!("{suite} is for {kinds} keys, and this one is {kind}"));
        assert_eq!(outcome(&library, &signed), expected);
    }
    // A signature as long as that of the other curve fits nothing.
    assert_eq!(with("ecdsa-jcs-2019", P256, JCS_384), Outcome::DoesNotFit);
    assert_eq!(with("ecdsa-jcs-2019", P384, JCS_256), Outcome::DoesNotFit);
    for length in [0, 63, 65, 95, 97] {
        let expected = malformed("proofValue is not 64 or 96 bytes in base58btc");
        assert_eq!(with("ecdsa-rdfc-2019", P256, &zeros(length)), expected, "{length}");
    }
    let long = format!("z{}", "1".repeat(133));
    assert_eq!(with("ecdsa-rdfc-2019", P256, &long), malformed("proofValue is not 64 or 96 bytes in base58btc"));
}

/// The proof of selective disclosure of one of the two W3C examples.
struct Disclosed {
    library: Library,
    document: Value,
    name: &'static str,
    shared: std::path::PathBuf,
}

impl Disclosed {
    fn all() -> Vec<Disclosed> {
        let Some(shared) = shared() else { return Vec::new() };
        let one = |name: &'static str| Disclosed {
            library: library(&shared),
            document: json(&shared.join(format!("vectors/w3c-vc-di-ecdsa-sd-2023/{name}/derivedRevealDocument.json"))),
            name,
            shared: shared.clone(),
        };
        vec![one("employ"), one("prc")]
    }

    fn file(&self, name: &str) -> Value {
        json(&self.shared.join(format!("vectors/w3c-vc-di-ecdsa-sd-2023/{}/{name}.json", self.name)))
    }

    fn outcome(&self) -> Outcome {
        outcome(&self.library, &self.document)
    }

    fn parts(&self) -> Parts {
        Parts::published(&self.file("verifyDerivedProofValue"))
    }

    fn with(&self, change: impl FnOnce(&mut Parts)) -> Outcome {
        let mut parts = self.parts();
        change(&mut parts);
        self.with_value(&parts.value())
    }

    fn with_value(&self, value: &str) -> Outcome {
        let mut document = self.document.clone();
        document["proof"]["proofValue"] = value!(value);
        outcome(&self.library, &document)
    }
}

/// What a derived proof is made of, to be put together in other ways.
#[derive(Clone)]
struct Parts {
    header: [u8; 3],
    base_signature: Vec<u8>,
    public_key: Vec<u8>,
    signatures: Vec<Vec<u8>>,
    labels: Vec<(u32, Vec<u8>)>,
    mandatory: Vec<u32>,
}

impl Parts {
    fn published(parts: &Value) -> Parts {
        let labels = parts["labelMap"].as_array().unwrap().iter().map(|entry| {
            let number = entry[0].as_str().unwrap().strip_prefix("c14n").unwrap().parse().unwrap();
            (number, URL_SAFE_NO_PAD.decode(&entry[1].as_str().unwrap()[1..]).unwrap())
        });
        Parts {
            header: [0xd9, 0x5d, 0x01],
            base_signature: unhex(text_of(parts, "baseSignature")),
            public_key: bs58::decode(&text_of(parts, "publicKey")[1..]).into_vec().unwrap(),
            signatures: parts["signatures"].as_array().unwrap().iter().map(|s| unhex(s.as_str().unwrap())).collect(),
            labels: labels.collect(),
            mandatory: serde_json::from_value(parts["mandatoryIndexes"].clone()).unwrap(),
        }
    }

    fn value(&self) -> String {
        let (bytes, array, map) = (0x40, 0x80, 0xa0);
        let string = |text: &[u8]| [head(bytes, text.len()), text.to_vec()].concat();
        let mut out = [self.header.to_vec(), head(array, 5), string(&self.base_signature)].concat();
        out.extend([string(&self.public_key), head(array, self.signatures.len())].concat());
        self.signatures.iter().for_each(|signature| out.extend(string(signature)));
        out.extend(head(map, self.labels.len()));
        self.labels.iter().for_each(|(number, label)| out.extend([head(0, *number as usize), string(label)].concat()));
        out.extend(head(array, self.mandatory.len()));
        self.mandatory.iter().for_each(|index| out.extend(head(0, *index as usize)));
        format!("u{}", URL_SAFE_NO_PAD.encode(out))
    }
}

/// The shortest head of a CBOR item: major type and argument.
fn head(major: u8, argument: usize) -> Vec<u8> {
    match u16::try_from(argument).unwrap().to_be_bytes() {
        [0, small @ 0..=23] => vec![major + small],
        [0, byte] => vec![major + 24, byte],
        [high, low] => vec![major + 25, high, low],
    }
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

#[test]
fn w3c_vectors_of_selective_disclosure_fit_with_the_published_intermediate_values() {
    let all = Disclosed::all();
    for vector in &all {
        assert_eq!(vector.outcome(), Outcome::Fits, "{}", vector.name);
        let parts = vector.parts();
        assert_eq!(parts.value(), text_of(&vector.document["proof"], "proofValue"), "our writer writes as theirs does");
        let labels: BTreeMap<u32, String> = parts
            .labels
            .iter()
            .map(|(number, label)| (*number, format!("u{}", URL_SAFE_NO_PAD.encode(label))))
            .collect();
        let dataset = vector.library.dataset(&without_proof(&vector.document), &Limits::DEFAULT).unwrap();
        let label = |number| labels.get(&number).map(String::as_str);
        let found = canonicalize_relabelled::<Sha256>(&dataset, &Limits::DEFAULT, label).unwrap().unwrap();
        let expected: Vec<String> = serde_json::from_value(vector.file("verifyNQuads")).unwrap();
        assert_eq!(found.split_inclusive('\n').collect::<Vec<_>>(), expected, "{}", vector.name);
        let mandatory: String = parts.mandatory.iter().map(|&index| expected[index as usize].as_str()).collect();
        let data = vector.file("verifyCreateVerifyData");
        assert_eq!(hex(&Sha256::digest(mandatory)), text_of(&data, "mandatoryHash"));
    }
    if !all.is_empty() {
        tally("W3C ecdsa-sd-2023, derived proofs", all.len());
    }
}

#[test]
fn what_was_disclosed_cannot_be_changed_added_to_or_split() {
    for vector in Disclosed::all() {
        let changed = |change: &dyn Fn(&mut Value)| {
            let mut document = vector.document.clone();
            change(&mut document);
            outcome(&vector.library, &document)
        };
        assert_eq!(changed(&|d| d["validUntil"] = value!("2039-12-03T00:00:00Z")), Outcome::DoesNotFit);
        assert_eq!(changed(&|d| d["credentialSubject"]["birthCountry"] = value!("Elsewhere")), Outcome::DoesNotFit);
        assert_eq!(changed(&|d| d["proof"]["created"] = value!("2024-08-15T23:36:38Z")), Outcome::DoesNotFit);
        let other = did_key("zDnaeTHfhmSaQKBc7CmdL3K7oYg3D6SC7yowe2eBeVd2DH32r");
        assert_eq!(changed(&|d| d["proof"]["verificationMethod"] = value!(other)), Outcome::DoesNotFit);
        let signed = vector.parts().signatures.len();
        assert_eq!(
            changed(&|d| d["name"] = value!("More")),
            malformed(&format!("{} statements are to be signed one by one, {signed} are", signed + 1))
        );
        assert_eq!(
            changed(&|d| drop(d.as_object_mut().unwrap().shift_remove("validUntil"))),
            malformed(&format!("{} statements are to be signed one by one, {signed} are", signed - 1))
        );
        assert_eq!(vector.with(|parts| parts.signatures.swap(0, 1)), Outcome::DoesNotFit);
        assert_eq!(vector.with(|parts| parts.base_signature[5] ^= 1), Outcome::DoesNotFit);
        assert_eq!(vector.with(|parts| parts.signatures[2][5] ^= 1), Outcome::DoesNotFit);
        // An ephemeral key of the holder's own does not come from the issuer.
        let own = bs58::decode(&P256[1..]).into_vec().unwrap();
        assert_eq!(vector.with(|parts| parts.public_key = own), Outcome::DoesNotFit);
        assert_eq!(vector.with(|parts| parts.labels[0].1[0] ^= 1), Outcome::DoesNotFit);
    }
}

#[test]
fn a_base_proof_is_for_the_holder_alone() {
    for vector in Disclosed::all() {
        let base = vector.file("addSignedSDBase");
        assert_eq!(
            outcome(&vector.library, &base),
            malformed("it is a base proof, meant for the holder alone; a derived one must be shown")
        );
    }
}

#[test]
fn a_derived_proof_that_is_not_whole_says_what_is_wrong() {
    let Some(vector) = Disclosed::all().into_iter().next() else { return };
    let check = |found: Outcome, why: &str| assert_eq!(found, malformed(why));
    check(vector.with_value("z2V0B"), "proofValue does not begin with u");
    check(vector.with_value("u2V0B="), "proofValue is not base64url without padding");
    check(vector.with_value("u"), "proofValue is not that of a derived proof");
    check(vector.with(|parts| parts.header[2] = 2), "proofValue is not that of a derived proof");
    check(vector.with_value("u2V0B"), "proofValue is not an array of a known length");
    let cbor = |bytes: &[u8]| format!("u{}", URL_SAFE_NO_PAD.encode([&[0xd9, 0x5d, 0x01], bytes].concat()));
    check(vector.with_value(&cbor(&[0x9f, 0xff])), "proofValue is not an array of a known length");
    check(vector.with_value(&cbor(&[0x84])), "proofValue has 4 components, not 5");
    check(vector.with_value(&cbor(&[0x86])), "proofValue has more than 5 items");
    check(
        vector.with_value(&cbor(&[0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])),
        "proofValue has more than 5 items",
    );
    // A text, a tagged text of bytes (which the standard forbids), and one without a known length.
    for first in [[0x85, 0x61, 0x61].as_slice(), &[0x85, 0xd8, 0x40, 0x41, 0x00], &[0x85, 0x5f, 0x41, 0x00, 0xff]] {
        check(vector.with_value(&cbor(first)), "the base signature is not a whole string of bytes");
    }
    check(vector.with(|parts| parts.base_signature.truncate(63)), "the base signature has 63 bytes, not 64");
    check(vector.with(|parts| parts.public_key.truncate(34)), "the public key has 34 bytes, not 35");
    check(vector.with(|parts| parts.public_key[1] = 0x25), "the key is of an unknown kind, which is not supported");
    check(vector.with(|parts| parts.public_key[2] = 4), "the key is not a usable point of the curve");
    check(vector.with(|parts| parts.signatures[0].push(0)), "the signature has 65 bytes, not 64");
    check(vector.with(|parts| parts.labels[0].1.truncate(31)), "the label has 31 bytes, not 32");
    let twice = "two blank nodes have one label, or one has two";
    check(vector.with(|parts| parts.labels[1].1 = parts.labels[0].1.clone()), twice);
    check(vector.with(|parts| parts.labels[1].0 = parts.labels[0].0), twice);
    check(vector.with(|parts| parts.labels.truncate(1)), "the proof does not name all blank nodes of the document");
    check(vector.with(|parts| parts.mandatory.push(0)), "statement 0 is mandatory twice");
    check(vector.with(|parts| parts.mandatory.push(10)), "statement 10 is mandatory, and there are 10");
    check(vector.with(|parts| drop(parts.signatures.pop())), "6 statements are to be signed one by one, 5 are");
    check(vector.with(|parts| parts.mandatory.truncate(3)), "7 statements are to be signed one by one, 6 are");
    let longer = [URL_SAFE_NO_PAD.decode(&vector.parts().value()[1..]).unwrap(), vec![0]].concat();
    check(vector.with_value(&format!("u{}", URL_SAFE_NO_PAD.encode(longer))), "proofValue goes on after its end");
    let mut chained = vector.document.clone();
    chained["proof"]["previousProof"] = value!("urn:x");
    assert_eq!(outcome(&vector.library, &chained), Outcome::Unsupported("ecdsa-sd-2023 with previousProof".to_owned()));
    let mut p384 = vector.document.clone();
    p384["proof"]["verificationMethod"] = value!(did_key(P384));
    assert_eq!(outcome(&vector.library, &p384), malformed("ecdsa-sd-2023 is for P-256 keys, and this one is P-384"));
}

#[test]
fn every_count_in_a_derived_proof_has_its_bound() {
    let Some(vector) = Disclosed::all().into_iter().next() else { return };
    let signatures = |count: usize| {
        vector.with(|parts| parts.signatures = std::iter::repeat_n(parts.signatures[0].clone(), count).collect())
    };
    let counted = format!("6 statements are to be signed one by one, {MAX_STATEMENT_SIGNATURES} are");
    assert_eq!(signatures(MAX_STATEMENT_SIGNATURES), malformed(&counted));
    assert_eq!(signatures(MAX_STATEMENT_SIGNATURES + 1), malformed("more than 1024 statements are signed"));
    let labels = |count: u32| {
        vector.with(|parts| {
            let label = |number: u32| [[7; 28].as_slice(), &number.to_be_bytes()].concat();
            parts.labels.extend((2..count).map(|number| (number, label(number))));
        })
    };
    assert_eq!(labels(1_024), Outcome::Fits);
    assert_eq!(labels(1_025), malformed("more than 1024 blank nodes are named"));
    let mandatory = |count: u32| vector.with(|parts| parts.mandatory = (0..count).collect());
    assert_eq!(mandatory(20_000), malformed("statement 10 is mandatory, and there are 10"));
    assert_eq!(mandatory(20_001), malformed("the list of mandatory statements has more than 20000 items"));
    let long = format!("u{}", "A".repeat((256 << 10) + 1));
    assert_eq!(vector.with_value(&long), malformed("proofValue has more than 262144 characters"));
    // All proofs of a document share the bound on single statements.
    let mut parts = vector.parts();
    parts.signatures = std::iter::repeat_n(parts.signatures[0].clone(), MAX_STATEMENT_SIGNATURES - 5).collect();
    let mut document = vector.document.clone();
    let mut large = document["proof"].clone();
    large["proofValue"] = value!(parts.value());
    document["proof"] = value!([large, document["proof"]]);
    let verdicts = verify_with(&vector.library, &document, &mut key_of).unwrap();
    assert_eq!(verdicts[1].outcome, malformed("more than 1024 statements are signed"));
}

#[test]
fn a_proof_value_cut_off_or_changed_anywhere_is_refused_without_a_panic() {
    let Some(vector) = Disclosed::all().into_iter().next() else { return };
    let bytes = URL_SAFE_NO_PAD.decode(&vector.parts().value()[1..]).unwrap();
    for at in (0..bytes.len()).step_by(7) {
        let cut = format!("u{}", URL_SAFE_NO_PAD.encode(&bytes[..at]));
        assert!(matches!(vector.with_value(&cut), Outcome::Malformed(_)), "{at}");
        let mut changed = bytes.clone();
        changed[at] ^= 0x55;
        assert_ne!(vector.with_value(&format!("u{}", URL_SAFE_NO_PAD.encode(changed))), Outcome::Fits, "{at}");
    }
}

#[test]
fn the_ephemeral_key_is_p256() {
    let key = PublicKey::from_multibase("zDnaeTHfhmSaQKBc7CmdL3K7oYg3D6SC7yowe2eBeVd2DH32r").unwrap();
    for vector in Disclosed::all() {
        assert_eq!(vector.parts().public_key, [&[0x80, 0x24], key.to_bytes().as_slice()].concat());
    }
}
