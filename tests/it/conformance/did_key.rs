//! Keys and controller documents: published did:key vectors, did:web addresses, what people publish in the wild.

use assay::proof::did::{
    DidError, MethodError, PublishedKey, did_key, did_web, did_web_address, document, key_of_did_jwk, key_of_did_key,
    key_of_method, verification_method,
};
use assay::proof::{KeyError, KeyKind, PublicKey};
use chrono::{DateTime, Utc};
use serde_json::{Value, json as value};

use super::{json, shared, tally};

const KEY: &str = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2";
const OTHER: &str = "z6MktgKTsu1QhX6QPbyqG6geXdw6FQCZBPq7uQpieWbiQiG7";
const P256: &str = "zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP";
const DID: &str = "did:web:badges.example";

fn key() -> PublicKey {
    PublicKey::from_multibase(KEY).unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn now() -> DateTime<Utc> {
    at("2026-06-01T00:00:00Z")
}

#[test]
fn published_ed25519_vectors_are_read_and_written() {
    let Some(shared) = shared() else { return };
    let vectors = json(&shared.join("vectors/did-key/ed25519-x25519.json"));
    for (did, vector) in vectors.as_object().unwrap() {
        let key = key_of_did_key(did).unwrap();
        assert_eq!(did_key(&key), *did);
        let document = &vector["didDocument"];
        let id = document["verificationMethod"][0]["id"].as_str().unwrap();
        assert_eq!(verification_method(document, id, "assertionMethod", now()), Ok(key));
    }
    tally("did:key Ed25519", vectors.as_object().map_or(0, serde_json::Map::len));
}

#[test]
fn keys_of_other_kinds_are_refused_by_name() {
    let Some(shared) = shared() else { return };
    let cases = [("bls12381", "a BLS12-381"), ("secp256k1", "a secp256k1 key")];
    let mut refused = 0;
    for (file, kind) in cases {
        for did in json(&shared.join(format!("vectors/did-key/{file}.json")))
            .as_object()
            .unwrap()
            .keys()
            .filter(|key| key.starts_with("did:"))
        {
            match key_of_did_key(did) {
                Err(DidError::Key(KeyError::Kind { kind: found })) => assert!(found.starts_with(kind), "{found}"),
                other => panic!("{did}: {other:?}"),
            }
            refused += 1;
        }
    }
    tally("did:key of other kinds, refused by name", refused);
}

#[test]
fn published_vectors_of_the_nist_curves_and_rsa_are_read_and_written() {
    let Some(shared) = shared() else { return };
    let mut passed = 0;
    for file in ["nist-curves", "rsa"] {
        for (did, vector) in json(&shared.join(format!("vectors/did-key/{file}.json"))).as_object().unwrap() {
            let document = vector.get("didDocument").unwrap_or(vector);
            let method = &document["verificationMethod"][0];
            if method["publicKeyJwk"]["crv"] == "P-521" {
                let refused = Err(DidError::Key(KeyError::Kind { kind: "a P-521 key" }));
                assert_eq!(key_of_did_key(did), refused);
                continue;
            }
            let key = key_of_did_key(did).unwrap();
            assert_eq!(did_key(&key), *did);
            let id = method["id"].as_str().unwrap();
            assert_eq!(verification_method(document, id, "assertionMethod", now()), Ok(key.clone()));
            if let Some(jwk) = method.get("publicKeyJwk") {
                assert_eq!(PublicKey::from_jwk(jwk), Ok(key.clone()));
            }
            assert_eq!(key_of_method(id), Some(Ok(key)));
            passed += 1;
        }
    }
    assert!(passed >= 6, "only {passed}");
    tally("did:key P-256, P-384 and RSA", passed);
}

#[test]
fn the_examples_of_the_standard_are_read_where_they_hold_keys() {
    let Some(shared) = shared() else { return };
    let method = |name: &str| json(&shared.join(format!("examples/w3c/cid--{name}.json")));
    let read = |method: &Value| {
        let id = method["id"].as_str().unwrap();
        let document = value!({"id": method["controller"], "verificationMethod": method, "assertionMethod": id});
        verification_method(&document, id, "assertionMethod", now())
    };
    let sound = [
        ("An-Ed25519-public-key-encoded-as-a-JsonWebKey", KeyKind::Ed25519),
        ("An-Ed25519-public-key-encoded-as-a-Multikey", KeyKind::Ed25519),
        ("Multikey-encoding-of-a-Ed25519-public-key", KeyKind::Ed25519),
        ("A-P-256-public-key-encoded-as-a-Multikey", KeyKind::P256),
        ("A-P-384-public-key-encoded-as-a-Multikey", KeyKind::P384),
    ];
    for (name, kind) in sound {
        assert_eq!(read(&method(name)).map(|key| key.kind()), Ok(kind), "{name}");
    }
    // The standard's own examples of JSON Web Keys hold no points; the x of one is not even whole base64url.
    let refused = [
        ("A-P-256-public-key-encoded-as-a-JsonWebKey", KeyError::Jwk { member: "x" }),
        ("A-P-384-public-key-encoded-as-a-JsonWebKey", KeyError::Point),
    ];
    for (name, error) in refused {
        assert_eq!(read(&method(name)), Err(error.into()), "{name}");
    }
    for (name, kind) in [
        ("A-BLS12-381-G2-group-public-key-encoded-as-a-Multikey", "a BLS12-381 G2 key"),
        ("An-SM2-public-key-encoded-as-a-Multikey", "an SM2 key"),
    ] {
        assert_eq!(read(&method(name)), Err(KeyError::Kind { kind }.into()), "{name}");
    }
    tally("CID 1.0 examples of keys", sound.len());
}

/// The examples of the did:jwk method: P-256, and one for encryption alone.
#[test]
fn a_did_jwk_is_its_own_document() {
    let signing = "did:jwk:eyJjcnYiOiJQLTI1NiIsImt0eSI6IkVDIiwieCI6ImFjYklRaXVNczNpOF91c3pFakoydHBUdFJNNEVVM3l6OTFQSDZDZEgyVjAiLCJ5IjoiX0tjeUxqOXZXTXB0bm1LdG00NkdxRHo4d2Y3NEk1TEtncmwyR3pIM25TRSJ9";
    let jwk = value!({
        "crv": "P-256",
        "kty": "EC",
        "x": "acbIQiuMs3i8_uszEjJ2tpTtRM4EU3yz91PH6CdH2V0",
        "y": "_KcyLj9vWMptnmKtm46GqDz8wf74I5LKgrl2GzH3nSE"
    });
    let key = PublicKey::from_jwk(&jwk).unwrap();
    assert_eq!(key_of_did_jwk(signing), Ok(key.clone()));
    assert_eq!(key_of_method(signing), Some(Ok(key.clone())));
    assert_eq!(key_of_method(&format!("{signing}#0")), Some(Ok(key)));
    let other = format!("{signing}#1");
    assert_eq!(key_of_method(&other), Some(Err(DidError::OtherKey { method: other.clone() })));
    let agreeing = "did:jwk:eyJrdHkiOiJPS1AiLCJjcnYiOiJYMjU1MTkiLCJ1c2UiOiJlbmMiLCJ4IjoiM3A3YmZYdDl3YlRUVzJIQzdPUTFOei1EUThoYmVHZE5yZngtRkctSUswOCJ9";
    assert_eq!(key_of_did_jwk(agreeing), Err(KeyError::Jwk { member: "use" }.into()));
    for malformed in ["did:jwk:", "did:jwk:e30=", "did:jwk:AAAA", &format!("did:jwk:{}", "A".repeat(4_097))] {
        assert_eq!(key_of_did_jwk(malformed), Err(DidError::Malformed { did: malformed.to_owned() }));
    }
    assert_eq!(key_of_did_jwk("did:jwk:e30"), Err(KeyError::Jwk { member: "kty" }.into()));
    // {"kty":"OKP","kty":"EC"}: whichever a reader takes, another takes the other.
    let twice = "did:jwk:eyJrdHkiOiJPS1AiLCJrdHkiOiJFQyJ9";
    assert_eq!(key_of_did_jwk(twice), Err(DidError::Malformed { did: twice.to_owned() }));
    assert_eq!(key_of_method("did:web:example.com#0"), None);
    let did = format!("did:key:{KEY}");
    assert_eq!(key_of_method(&format!("{did}#{KEY}")), Some(Ok(self::key())));
    let other = format!("{did}#{OTHER}");
    assert_eq!(key_of_method(&other), Some(Err(DidError::OtherKey { method: other.clone() })));
}

#[track_caller]
fn check_key(text: &str, expected: &KeyError) {
    assert_eq!(PublicKey::from_multibase(text).unwrap_err(), *expected);
}

#[test]
fn a_text_that_is_no_key_is_refused() {
    check_key("", &KeyError::Multibase);
    check_key("u7QE", &KeyError::Multibase);
    check_key("z0OIl", &KeyError::Multibase);
    check_key(&format!("z{}", "1".repeat(2000)), &KeyError::Multibase);
    check_key("z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq", &KeyError::Secret);
    check_key("z1111", &KeyError::Kind { kind: "of an unknown kind" });
    let multibase = |bytes: &[u8]| format!("z{}", bs58::encode([&[0xed, 0x01], bytes].concat()).into_string());
    check_key(&multibase(&[1; 31]), &KeyError::Length { length: 31, expected: 32 });
    // The neutral element: under it, signatures fit whatever was signed.
    let mut weak = [0; 32];
    weak[0] = 1;
    check_key(&multibase(&weak), &KeyError::Point);
}

#[track_caller]
fn check_web(base: &str, did: Option<&str>) {
    assert_eq!(did_web(base).as_deref(), did);
}

#[test]
fn an_https_address_with_a_dns_name_has_a_did_web() {
    check_web("https://badges.example", Some("did:web:badges.example"));
    check_web("https://Badges.Example/", Some("did:web:badges.example"));
    check_web("https://badges.example:443", Some("did:web:badges.example"));
    check_web("https://badges.example:8443/issuers/42", Some("did:web:badges.example%3A8443:issuers:42"));
    check_web("http://badges.example", None);
    check_web("https://127.0.0.1", None);
    check_web("https://[::1]", None);
    check_web("https://localhost:8443", None);
    check_web("https://user@badges.example", None);
    check_web("https://badges.example/a//b", None);
    check_web("https://badges.example/?q", None);
    check_web("https://badges.example/%2e%2e", None);
}

#[track_caller]
fn check_address(did: &str, address: Option<&str>) {
    assert_eq!(did_web_address(did).ok().as_deref(), address, "{did}");
}

#[test]
fn a_did_web_leads_to_its_document_and_nowhere_else() {
    check_address("did:web:example.com", Some("https://example.com/.well-known/did.json"));
    check_address("did:web:example.com%3A3000:issuers:42", Some("https://example.com:3000/issuers/42/did.json"));
    check_address("did:key:z6Mk", None);
    check_address("did:web:", None);
    check_address("did:web:127.0.0.1", None);
    check_address("did:web:2130706433", None);
    check_address("did:web:example.com:..:etc", None);
    check_address("did:web:example.com::x", None);
    check_address("did:web:example.com%2Fx", None);
    check_address("did:web:user@example.com", None);
    check_address("did:web:example.com%3A99999", None);
    check_address("did:web:example.com:a?b", None);
}

fn id(key: &str) -> String {
    format!("{DID}#{key}")
}

#[test]
fn our_own_document_keeps_old_keys_and_drops_revoked_ones_from_assertions() {
    let other = PublicKey::from_multibase(OTHER).unwrap();
    let revoked = at("2026-02-03T04:05:06Z");
    let keys = [PublishedKey { key: key(), revoked: None }, PublishedKey { key: other, revoked: Some(revoked) }];
    let document = document(DID, &keys);
    assert_eq!(document["assertionMethod"], value!([id(KEY)]));
    assert_eq!(document["verificationMethod"][1]["revoked"], "2026-02-03T04:05:06Z");
    assert!(document["verificationMethod"][0].get("expires").is_none());
    assert_eq!(verification_method(&document, &id(KEY), "assertionMethod", now()), Ok(key()));
    let refused = verification_method(&document, &id(OTHER), "assertionMethod", now());
    assert_eq!(refused, Err(MethodError::Purpose { id: id(OTHER), purpose: "assertionMethod".to_owned() }));
    assay::linked_data::canonicalize(&document).unwrap();
}

fn method(changes: &Value) -> Value {
    let mut method = value!({"id": id(KEY), "type": "Multikey", "controller": DID, "publicKeyMultibase": KEY});
    for (name, value) in changes.as_object().unwrap() {
        method[name] = value.clone();
        if value.is_null() {
            method.as_object_mut().unwrap().shift_remove(name);
        }
    }
    method
}

#[track_caller]
fn check_document(document: &Value, expected: Result<PublicKey, MethodError>) {
    assert_eq!(verification_method(document, &id(KEY), "assertionMethod", now()), expected);
}

#[track_caller]
fn check_method(changes: &Value, expected: Result<PublicKey, MethodError>) {
    let document = value!({"id": DID, "verificationMethod": [method(changes)], "assertionMethod": [id(KEY)]});
    check_document(&document, expected);
}

#[test]
fn what_people_publish_in_the_wild_is_read() {
    let x = "p-V4nBzkBsMTD6HzfZ2tV7BZ0nW9HdYcUNnMhqX0GYo";
    check_method(&value!({}), Ok(key()));
    check_method(&value!({"type": "Ed25519VerificationKey2020"}), Ok(key()));
    let jwk = jwk_of(&key());
    for kind in ["JsonWebKey", "JsonWebKey2020"] {
        check_method(&value!({"type": kind, "publicKeyMultibase": null, "publicKeyJwk": jwk}), Ok(key()));
    }
    assert_ne!(jwk["x"], x);
    let curve = PublicKey::from_multibase(P256).unwrap();
    for kind in ["Multikey", "EcdsaSecp256r1VerificationKey2019"] {
        check_method(&value!({"type": kind, "publicKeyMultibase": P256}), Ok(curve.clone()));
    }
    for kind in ["JsonWebKey", "EcdsaSecp256r1VerificationKey2019"] {
        let changes = value!({"type": kind, "publicKeyMultibase": null, "publicKeyJwk": curve.jwk()});
        check_method(&changes, Ok(curve.clone()));
    }
    let digits = bs58::encode(key().to_bytes()).into_string();
    let long = value!({"type": "P384Key2021", "publicKeyMultibase": null, "publicKeyBase58": "1".repeat(101)});
    check_method(&long, Err(MethodError::Malformed { what: "publicKeyBase58" }));
    let old = value!({"type": "Ed25519VerificationKey2018", "publicKeyMultibase": null, "publicKeyBase58": digits});
    check_method(&old, Ok(key()));
    check_document(&value!({"id": DID, "assertionMethod": [method(&value!({}))]}), Ok(key()));
    check_document(&value!({"id": DID, "assertionMethod": method(&value!({}))}), Ok(key()));
    let relative = value!({"id": format!("#{KEY}")});
    let listed = value!({"id": DID, "verificationMethod": method(&relative), "assertionMethod": format!("#{KEY}")});
    check_document(&listed, Ok(key()));
}

fn jwk_of(key: &PublicKey) -> Value {
    use base64::Engine as _;
    let x = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(key.to_bytes());
    value!({"kty": "OKP", "crv": "Ed25519", "x": x})
}

#[test]
fn a_method_that_may_not_be_relied_on_is_refused_with_the_reason() {
    let malformed = |what| Err(MethodError::Malformed { what });
    let (past, future) = ("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z");
    check_method(&value!({"expires": past}), Err(MethodError::Expired { at: at(past) }));
    check_method(&value!({"revoked": past}), Err(MethodError::Revoked { at: at(past) }));
    check_method(&value!({"expires": future, "revoked": future}), Ok(key()));
    check_method(&value!({"expires": "never"}), malformed("expires"));
    check_method(
        &value!({"controller": "did:web:evil.example"}),
        Err(MethodError::Controller { controller: "did:web:evil.example".to_owned() }),
    );
    check_method(&value!({"controller": null}), malformed("controller"));
    check_method(&value!({"publicKeyJwk": jwk_of(&key())}), malformed("two keys in one entry"));
    check_method(&value!({"type": "DataIntegrityProof"}), malformed("no key of a known type"));
    check_method(&value!({"type": null}), malformed("type"));
    check_method(&value!({"publicKeyBase58": "z"}), malformed("two keys in one entry"));
    check_method(&value!({"secretKeyMultibase": "z"}), Err(KeyError::Secret.into()));
    let another = malformed("a key of another kind than its type says");
    check_method(&value!({"type": "EcdsaSecp256r1VerificationKey2019"}), another.clone());
    check_method(&value!({"type": "Ed25519VerificationKey2020", "publicKeyMultibase": P256}), another);
    let jwk = |jwk: Value| value!({"type": "JsonWebKey", "publicKeyMultibase": null, "publicKeyJwk": jwk});
    check_method(&jwk(value!({"kty": "EC", "crv": "P-256"})), Err(KeyError::Jwk { member: "x" }.into()));
    check_method(&jwk(value!({"kty": "OKP", "crv": "Ed25519", "x": "AA", "d": "AA"})), Err(KeyError::Secret.into()));
    check_method(
        &jwk(value!({"kty": "OKP", "crv": "Ed25519", "x": "AA"})),
        Err(KeyError::Length { length: 1, expected: 32 }.into()),
    );
    check_method(&value!({"id": id(OTHER)}), Err(MethodError::NotFound { id: id(KEY) }));
    let elsewhere = value!({"id": "did:web:evil.example", "verificationMethod": [method(&value!({}))], "assertionMethod": [id(KEY)]});
    check_document(
        &elsewhere,
        Err(MethodError::OtherDocument { found: "did:web:evil.example".to_owned(), wanted: DID.to_owned() }),
    );
    let for_login = value!({"id": DID, "verificationMethod": [method(&value!({}))], "authentication": [id(KEY)]});
    check_document(&for_login, Err(MethodError::Purpose { id: id(KEY), purpose: "assertionMethod".to_owned() }));
    let no_fragment = verification_method(&value!({"id": DID}), DID, "assertionMethod", now());
    assert_eq!(no_fragment, Err(MethodError::NoFragment { id: DID.to_owned() }));
}
