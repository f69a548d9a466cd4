//! The compiled-in contexts: the right bytes, and the same terms as in the normative files.

use assay::linked_data::{Library, known_context};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{hex, json, shared, tally};

/// The normative file of each address.
const NORMATIVE: [(&str, &str); 19] = [
    ("https://www.w3.org/ns/credentials/v2", "credentials-v2.jsonld"),
    ("https://www.w3.org/2018/credentials/v1", "credentials-v1.jsonld"),
    ("https://www.w3.org/ns/credentials/examples/v2", "credentials-examples-v2.jsonld"),
    ("https://www.w3.org/ns/credentials/undefined-terms/v2", "credentials-undefined-terms-v2.jsonld"),
    ("https://www.w3.org/ns/credentials/status/v1", "credentials-status-v1.jsonld"),
    ("https://w3id.org/vc/status-list/2021/v1", "vc-status-list-2021-v1.jsonld"),
    ("https://purl.imsglobal.org/spec/ob/v3p0/context.json", "ob-v3p0-context.json"),
    ("https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json", "ob-v3p0-context-3.0.1.json"),
    ("https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json", "ob-v3p0-context-3.0.2.json"),
    ("https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json", "ob-v3p0-context-3.0.3.json"),
    ("https://purl.imsglobal.org/spec/ob/v3p0/extensions.json", "ob-v3p0-extensions.json"),
    ("https://w3id.org/security/data-integrity/v1", "data-integrity-v1.jsonld"),
    ("https://w3id.org/security/data-integrity/v2", "data-integrity-v2.jsonld"),
    ("https://w3id.org/security/multikey/v1", "multikey-v1.jsonld"),
    ("https://w3id.org/security/suites/ed25519-2020/v1", "ed25519-2020-v1.jsonld"),
    ("https://w3id.org/security/suites/jws-2020/v1", "jws-2020-v1.jsonld"),
    ("https://w3id.org/security/v1", "security-v1.jsonld"),
    ("https://w3id.org/security/v2", "security-v2.jsonld"),
    ("https://www.w3.org/ns/did/v1", "did-v1.jsonld"),
];

#[test]
fn each_compiled_in_context_has_the_bytes_it_is_listed_with() {
    for document in Library::documents() {
        assert_eq!(hex(&Sha256::digest(document.text)), document.sha256, "{}", document.url);
        assert!(known_context(document.url));
    }
    assert!(!known_context("https://www.w3.org/ns/credentials/v2/"));
}

#[test]
fn each_compiled_in_context_defines_what_the_normative_file_defines() {
    let Some(shared) = shared() else { return };
    assert_eq!(Library::documents().len(), NORMATIVE.len());
    for document in Library::documents() {
        let (_, file) =
            NORMATIVE.iter().find(|(url, _)| *url == document.url).expect("every address has a normative file");
        let ours: Value = serde_json::from_str(document.text).unwrap();
        assert_eq!(ours["@context"], json(&shared.join("contexts").join(file))["@context"], "{}", document.url);
    }
    tally("contexts equal to the normative file", NORMATIVE.len());
}

/// 1EdTech has added terms to this context in place; badges that were signed before mean the same under the newest.
#[test]
fn older_contents_of_the_badge_context_define_nothing_otherwise() {
    let Some(shared) = shared() else { return };
    let url = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json";
    let ours = Library::documents().iter().find(|document| document.url == url).expect("it is compiled in");
    let ours: Value = serde_json::from_str(ours.text).unwrap();
    for (file, added) in [
        ("ob-v3p0-context-3.0.3.2025-04.json", &["endorsementJwt", "jti"][..]),
        ("ob-v3p0-context-3.0.3.2025-11.json", &["endorsementJwt"]),
    ] {
        let older = json(&shared.join("contexts").join(file));
        let mut found = Vec::new();
        let mut differing = Vec::new();
        compare(&older["@context"], &ours["@context"], &mut found, &mut differing);
        found.sort_unstable();
        found.dedup();
        assert_eq!((found.as_slice(), differing.as_slice()), (added, &[][..]), "{file}");
    }
}

/// Names that only the newer context has, and names that mean something else in it.
fn compare<'a>(older: &'a Value, newer: &'a Value, added: &mut Vec<&'a str>, differing: &mut Vec<&'a str>) {
    let (Value::Object(older), Value::Object(newer)) = (older, newer) else { return };
    added.extend(newer.keys().filter(|name| !older.contains_key(*name)).map(String::as_str));
    for (name, value) in older {
        match newer.get(name) {
            Some(other) if value.is_object() && other.is_object() => compare(value, other, added, differing),
            other if other == Some(value) => {}
            _ => differing.push(name),
        }
    }
}
