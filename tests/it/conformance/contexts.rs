//! The compiled-in contexts: the right bytes, and the same terms as in the normative files.

use assay::linked_data::{Library, known_context};
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
        let ours: serde_json::Value = serde_json::from_str(document.text).unwrap();
        assert_eq!(ours["@context"], json(&shared.join("contexts").join(file))["@context"], "{}", document.url);
    }
    tally("contexts equal to the normative file", NORMATIVE.len());
}
