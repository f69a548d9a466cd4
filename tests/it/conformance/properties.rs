//! What must hold of every document: differences to another engine, and to the same document written otherwise.

use assay::linked_data::{Limits, canonicalize, canonicalize_dataset, json as strict};
use assay::proof::PublicKey;
use assay::proof::data_integrity::{Outcome, ProofOptions, bytes_to_sign, proof, verify};
use ed25519_dalek::{Signer as _, SigningKey};
use oxjsonld::JsonLdParser;
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use sha2::Sha256;

use super::nquads;

const CONTEXT: &str = r#"{"name":"urn:p:name","at":{"@id":"urn:p:at","@type":"urn:t:date"},"knows":{"@id":"urn:p:knows","@type":"@id"},
    "order":{"@id":"urn:p:order","@container":"@list"},"says":{"@id":"urn:p:says","@container":"@language"},"part":"urn:p:part","Thing":"urn:t:Thing"}"#;

/// A value that the other engine reads as the standard says.
fn leaf() -> impl Strategy<Value = (String, Value)> {
    prop_oneof![
        "[ -~é\t\n]{0,12}".prop_map(|text| ("name".to_owned(), json!(text))),
        any::<i32>().prop_map(|number| ("name".to_owned(), json!(number))),
        any::<bool>().prop_map(|truth| ("name".to_owned(), json!(truth))),
        "[a-z]{1,5}".prop_map(|text| ("at".to_owned(), json!(text))),
        "[a-z]{1,5}".prop_map(|text| ("knows".to_owned(), json!(format!("urn:x:{text}")))),
        vec("[a-z]{1,3}", 0..4).prop_map(|list| ("order".to_owned(), json!(list))),
        "[a-z]{1,5}".prop_map(|text| ("says".to_owned(), json!({ "en": text }))),
    ]
}

fn node() -> impl Strategy<Value = Value> {
    let flat = vec(leaf(), 1..4).prop_map(|entries| Value::Object(entries.into_iter().collect()));
    flat.prop_recursive(3, 24, 4, |inner| {
        (vec(leaf(), 0..3), vec(inner, 1..4), proptest::option::of("[a-z]{1,4}")).prop_map(|(entries, parts, id)| {
            let mut map: Map<String, Value> = entries.into_iter().collect();
            map.insert("part".to_owned(), Value::Array(parts));
            map.insert("@type".to_owned(), json!("Thing"));
            if let Some(id) = id {
                map.insert("@id".to_owned(), json!(format!("urn:x:{id}")));
            }
            Value::Object(map)
        })
    })
}

fn document() -> impl Strategy<Value = Value> {
    node().prop_map(|mut node| {
        node["@context"] = serde_json::from_str(CONTEXT).unwrap();
        node
    })
}

/// The statements according to another engine, canonicalized by ours.
fn by_the_other(document: &Value) -> String {
    let text = document.to_string();
    let mut dataset = oxrdf::Dataset::new();
    for quad in JsonLdParser::new().for_slice(text.as_bytes()) {
        dataset.insert(&quad.unwrap());
    }
    canonicalize_dataset::<Sha256>(&nquads::parse(&dataset.to_string()), &Limits::DEFAULT).unwrap().text
}

fn reversed(value: &Value) -> Value {
    match value {
        Value::Object(map) => map.iter().rev().map(|(key, value)| (key.clone(), reversed(value))).collect(),
        Value::Array(items) => items.iter().map(reversed).collect(),
        other => other.clone(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn simple_documents_say_what_another_engine_reads_in_them(document in document()) {
        prop_assert_eq!(canonicalize(&document).unwrap(), by_the_other(&document));
    }

    #[test]
    fn the_order_of_keys_makes_no_difference(document in document()) {
        prop_assert_eq!(canonicalize(&document).unwrap(), canonicalize(&reversed(&document)).unwrap());
    }

    #[test]
    fn the_names_of_blank_nodes_make_no_difference(document in document(), prefix in "[a-z]{1,3}") {
        let canonical = canonicalize(&document).unwrap();
        let mut lines: Vec<String> =
            canonical.lines().map(|line| line.replace("_:c14n", &format!("_:{prefix}"))).collect();
        lines.reverse();
        let again = canonicalize_dataset::<Sha256>(&nquads::parse(&lines.join("\n")), &Limits::DEFAULT).unwrap();
        prop_assert_eq!(again.text, canonical);
    }

    #[test]
    fn what_was_signed_fits_and_nothing_else(document in document(), other in document(), seed in any::<[u8; 32]>()) {
        let secret = SigningKey::from_bytes(&seed);
        let key = PublicKey::from_bytes(secret.verifying_key().as_bytes()).unwrap();
        let options = ProofOptions { verification_method: "urn:key".to_owned(), created: "2026-01-01T00:00:00Z".parse().unwrap() };
        let with_context = |document: &Value| {
            let mut document = document.clone();
            document["@context"] = json!(["https://w3id.org/security/data-integrity/v2", document["@context"]]);
            document
        };
        let mut signed = with_context(&document);
        let signature = secret.sign(&bytes_to_sign(&signed, &options).unwrap()).to_bytes();
        signed["proof"] = proof(&options, &signature);
        let verdict = verify(&signed, &mut |_, _| Some(key.clone())).unwrap();
        prop_assert_eq!(&verdict[0].outcome, &Outcome::Fits);
        let mut moved = with_context(&other);
        moved["proof"] = signed["proof"].clone();
        let same = canonicalize(&document).unwrap() == canonicalize(&other).unwrap();
        let verdict = verify(&moved, &mut |_, _| Some(key.clone())).unwrap();
        prop_assert_eq!(verdict[0].outcome == Outcome::Fits, same);
    }

    #[test]
    fn no_json_makes_the_engine_panic(keys in btree_map("[@a-z:_/]{0,6}", "\\PC{0,6}", 0..6), text in "\\PC{0,60}") {
        let _ = strict::parse(text.as_bytes());
        let node: Map<String, Value> = keys.iter().map(|(key, value)| (key.clone(), json!(value))).collect();
        let context: Map<String, Value> = keys.iter().map(|(key, value)| (value.clone(), json!(key))).collect();
        let _ = canonicalize(&json!({"@context": context, "@type": "x", "urn:p": node}));
        let _ = canonicalize(&Value::Object(node));
    }
}
