//! Compact JWS: the examples of RFC 7515 and RFC 8037, the W3C's test suite for VC-JOSE-COSE, and what must not pass.

use assay::proof::did::key_of_method;
use assay::proof::jose::{Algorithm, JoseError, Jws, MAX_BYTES, MAX_HEADER, compact, looks_like, parse, signing_input};
use assay::proof::{KeyKind, PublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signer as _, SigningKey};
use proptest::prelude::*;
use serde_json::{Value, json as value};

use super::{json, shared, tally, text};

/// The payload of the examples in RFC 7515.
const JOE: &str = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
/// RFC 7515, appendix A.2.
const RS256: &str = "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
const MODULUS: &str = "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ";
/// RFC 7515, appendix A.3.
const ES256: &str = "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
/// RFC 8037, appendix A.4.
const EDDSA: &str = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";

fn keys() -> [PublicKey; 3] {
    let jwks = [
        value!({"kty": "RSA", "n": MODULUS, "e": "AQAB"}),
        value!({
            "kty": "EC",
            "crv": "P-256",
            "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
            "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
        }),
        value!({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}),
    ];
    jwks.map(|jwk| PublicKey::from_jwk(&jwk).unwrap())
}

#[test]
fn the_examples_of_the_standards_fit_under_their_own_keys_alone() {
    let examples = [
        (format!("eyJhbGciOiJSUzI1NiJ9.{JOE}.{RS256}"), Algorithm::Rs256),
        (format!("eyJhbGciOiJFUzI1NiJ9.{JOE}.{ES256}"), Algorithm::Es256),
        (EDDSA.to_owned(), Algorithm::EdDsa),
    ];
    for (text, algorithm) in &examples {
        assert!(looks_like(text));
        let jws = parse(text).unwrap();
        assert_eq!(jws.algorithm(), *algorithm);
        for key in keys() {
            assert_eq!(jws.fits(&key), key.kind() == algorithm.key_kind(), "{algorithm:?} {key:?}");
        }
    }
    let jws = parse(EDDSA).unwrap();
    assert_eq!(jws.payload(), b"Example of Ed25519 signing");
    assert_eq!((jws.kid(), jws.typ(), jws.embedded_key()), (None, None, None));
    tally("RFC 7515 and RFC 8037 JWS", examples.len());
}

#[test]
fn what_we_sign_is_the_published_example() {
    // RFC 8037, appendix A.1: the secret key of the example.
    let seed: [u8; 32] =
        URL_SAFE_NO_PAD.decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A").unwrap().try_into().unwrap();
    let input = signing_input(&value!({"alg": "EdDSA"}), b"Example of Ed25519 signing");
    let signature = SigningKey::from_bytes(&seed).sign(&input).to_bytes();
    assert_eq!(compact(&input, &signature), EDDSA);
}

#[test]
fn the_test_suite_of_vc_jose_cose_comes_out_as_it_says() {
    let Some(shared) = shared() else { return };
    let root = shared.join("vectors/w3c-vc-jose-cose/tests/input");
    let key = |name: &str| PublicKey::from_jwk(&json(&root.join(format!("vm-{name}.json")))["publicKeyJwk"]).unwrap();
    let (ed25519, p256, p384) = (key("ed25519"), key("p256"), key("p384"));
    let cases = [
        ("credential-jose-bad-media-type", &ed25519, true, "bad+typ"),
        ("credential-jose-bad-signature", &ed25519, false, "vc+jwt"),
        ("credential-jose-minimal", &p256, true, "vc+jwt"),
        ("credential-jose-vc-vp-claims", &ed25519, true, "vc+jwt"),
        ("presentation-jose-bad-credential", &ed25519, true, "vp+jwt"),
        ("presentation-jose-bad-media-type", &ed25519, true, "bad+typ"),
        ("presentation-jose-multiple", &p384, true, "vp+jwt"),
    ];
    for (name, key, fits, typ) in cases {
        let text = text(&root.join(format!("{name}.txt")));
        assert!(looks_like(&text), "{name}");
        let jws = parse(&text).unwrap();
        assert_eq!(jws.fits(key), fits, "{name}");
        // The kid of each is the thumbprint of its key.
        assert_eq!(jws.kid(), Some(key.thumbprint().as_str()), "{name}");
        assert_eq!(jws.typ(), Some(typ), "{name}");
        assert!([&ed25519, &p256, &p384].iter().all(|other| *other == key || !jws.fits(other)), "{name}");
        assert!(serde_json::from_slice::<Value>(jws.payload()).unwrap().is_object(), "{name}");
    }
    let p521 = text(&root.join("credential-jose-unknown-extensions.txt"));
    assert_eq!(parse(&p521), Err(JoseError::Algorithm { name: "ES512".to_owned() }));
    tally("W3C VC-JOSE-COSE, JOSE part (one refused: ES512)", cases.len() + 1);
}

/// A JWS with this header, whose other parts are those of the EdDSA example.
fn headed(header: &str) -> Result<Jws, JoseError> {
    let (_, rest) = EDDSA.split_once('.').unwrap();
    parse(&format!("{}.{rest}", URL_SAFE_NO_PAD.encode(header)))
}

#[track_caller]
fn check_header(header: &str, expected: &str) {
    assert_eq!(headed(header).unwrap_err().to_string(), expected);
}

#[test]
fn an_algorithm_that_proves_nothing_is_refused() {
    for name in ["none", "NONE", "", "HS256", "HS384", "HS512", "ES512", "ES256K", "RS1", "RSA1_5", "dir", "ES256 "] {
        let header = value!({"alg": name}).to_string();
        assert_eq!(headed(&header), Err(JoseError::Algorithm { name: name.to_owned() }));
    }
    let long = "a".repeat(100);
    assert_eq!(headed(&value!({"alg": long}).to_string()), Err(JoseError::Algorithm { name: "a".repeat(40) }));
}

#[test]
fn a_header_that_could_be_read_in_two_ways_is_refused() {
    check_header(r#"{"kid":"a"}"#, "\"alg\" is missing from the header, or malformed");
    check_header(r#"{"alg":["EdDSA"]}"#, "\"alg\" is missing from the header, or malformed");
    check_header(r#"{"alg":"EdDSA","kid":7}"#, "\"kid\" is missing from the header, or malformed");
    check_header(r#"{"alg":"EdDSA","typ":null}"#, "\"typ\" is missing from the header, or malformed");
    check_header(r#"{"alg":"EdDSA","jwk":"x"}"#, "\"jwk\" is missing from the header, or malformed");
    let extension = |name| format!("the header asks for an extension (\"{name}\"), and none is supported");
    check_header(r#"{"alg":"EdDSA","crit":["exp"],"exp":1}"#, &extension("crit"));
    check_header(r#"{"alg":"EdDSA","crit":[]}"#, &extension("crit"));
    check_header(r#"{"alg":"EdDSA","b64":false}"#, &extension("b64"));
    check_header(r#"{"alg":"EdDSA","b64":true}"#, &extension("b64"));
    check_header("[]", "the header is malformed: not an object");
    let twice = headed(r#"{"alg":"EdDSA","alg":"none"}"#).unwrap_err().to_string();
    assert!(twice.contains("the key \"alg\" twice"), "{twice}");
    let rest = headed(r#"{"alg":"EdDSA"} {"#).unwrap_err();
    assert!(matches!(rest, JoseError::Header { .. }), "{rest}");
}

#[track_caller]
fn check_text(text: &str, expected: &JoseError) {
    assert_eq!(parse(text).unwrap_err(), *expected);
}

#[test]
fn a_text_of_another_form_is_refused() {
    let [header, payload, signature] = EDDSA.split('.').collect::<Vec<_>>().try_into().unwrap();
    check_text("", &JoseError::Parts { count: 1 });
    check_text(&format!("{header}.{payload}"), &JoseError::Parts { count: 2 });
    check_text(&format!("{EDDSA}.{signature}"), &JoseError::Parts { count: 4 });
    check_text(&format!("{EDDSA}~"), &JoseError::Base64 { what: "signature" });
    check_text(&format!("{header}=.{payload}.{signature}"), &JoseError::Base64 { what: "header" });
    check_text(&format!("{header}.{payload}=.{signature}"), &JoseError::Base64 { what: "payload" });
    check_text(&format!("{header}.{payload}.{signature}=="), &JoseError::Base64 { what: "signature" });
    check_text(
        &format!("{header}.{payload}.{}", signature.replace('_', "/")),
        &JoseError::Base64 { what: "signature" },
    );
    // The last letter stands for two bits; another with the same two is another text for the same signature.
    let other = format!("{}h", &EDDSA[..EDDSA.len() - 1]);
    check_text(&other, &JoseError::Base64 { what: "signature" });
    check_text(&format!("{header}.{payload} .{signature}"), &JoseError::Base64 { what: "payload" });
    assert_eq!(parse(&format!(" {EDDSA}\n")), parse(EDDSA));
}

#[test]
fn what_is_too_large_is_not_read() {
    let large = |what, size, limit| JoseError::TooLarge { what, size, limit };
    check_text(&"a".repeat(MAX_BYTES + 1), &large("JWS", MAX_BYTES + 1, MAX_BYTES));
    let header = "a".repeat(MAX_HEADER + 1);
    check_text(&format!("{header}.a.a"), &large("header", MAX_HEADER + 1, MAX_HEADER));
    check_text(&format!("e30.a.{}", "a".repeat(1_367)), &large("signature", 1_367, 1_366));
    let header = URL_SAFE_NO_PAD.encode(value!({"alg": "EdDSA", "x": "y".repeat(6_122)}).to_string());
    assert_eq!(header.len(), MAX_HEADER);
    assert!(parse(&format!("{header}.AA.AA")).is_ok());
    let payload = "A".repeat(MAX_BYTES - "eyJhbGciOiJFZERTQSJ9..AA".len());
    assert!(parse(&format!("eyJhbGciOiJFZERTQSJ9.{payload}.AA")).is_ok());
}

#[test]
fn a_signature_of_another_length_or_a_changed_byte_does_not_fit() {
    let [_, _, key] = keys();
    let (signed, signature) = EDDSA.rsplit_once('.').unwrap();
    for length in [0, 1, 63, 65] {
        let mut bytes = URL_SAFE_NO_PAD.decode(signature).unwrap();
        bytes.resize(length, 0);
        assert!(!parse(&format!("{signed}.{}", URL_SAFE_NO_PAD.encode(bytes))).unwrap().fits(&key), "{length}");
    }
    assert!(!parse(&EDDSA.replace("RXhh", "RXhi")).unwrap().fits(&key));
    // The same header, written otherwise, is other bytes.
    assert!(!headed(r#"{"alg": "EdDSA"}"#).unwrap().fits(&key));
}

/// An ECDSA signature in DER, as X.509 has it, is none of a JWS; and the pair (0, 0) fits nothing.
#[test]
fn an_ecdsa_signature_is_r_and_s() {
    let [_, p256, _] = keys();
    let with = |signature: &[u8]| {
        parse(&format!("eyJhbGciOiJFUzI1NiJ9.{JOE}.{}", URL_SAFE_NO_PAD.encode(signature))).unwrap().fits(&p256)
    };
    let raw = URL_SAFE_NO_PAD.decode(ES256).unwrap();
    assert!(with(&raw));
    let (r, s) = raw.split_at(32);
    let der = [&[0x30, 0x45, 0x02, 0x20], r, &[0x02, 0x21, 0x00], s].concat();
    assert!(!with(&der));
    assert!(!with(&[0; 64]));
    assert!(!with(&[&[0xff; 32], s].concat()));
}

#[test]
fn the_embedded_key_is_shown_but_not_used() {
    let jwk = keys()[2].jwk();
    let jws =
        headed(&value!({"alg": "EdDSA", "jwk": jwk, "kid": "did:example:a#1", "typ": "JWT"}).to_string()).unwrap();
    assert_eq!(jws.embedded_key(), Some(&jwk));
    assert_eq!((jws.kid(), jws.typ()), (Some("did:example:a#1"), Some("JWT")));
    assert_eq!(jws.header()["jwk"], jwk);
    assert_eq!(jws.algorithm().key_kind(), KeyKind::Ed25519);
}

#[test]
fn a_json_text_or_a_sentence_does_not_look_like_one() {
    for text in
        ["", "e30", "{\"a\":1}", "a.b.c", "eyJ.b", "eyJ.b.c.d", "eyJ.b+.c", "www.example.com", "eyJ.b.c~disclosure"]
    {
        assert!(!looks_like(text), "{text}");
    }
    for header in
        ["{\"alg\":\"EdDSA\"}", "{ \"alg\": \"EdDSA\" }", "{\n \"alg\": \"EdDSA\"}", "{\r\n\"a\":1}", "{\t\"a\":1}"]
    {
        assert!(looks_like(&format!("{}.e30.AA", URL_SAFE_NO_PAD.encode(header))), "{header}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_text_makes_the_reader_panic(text in "\\PC{0,80}", parts in "[A-Za-z0-9_=.-]{0,80}") {
        let _ = (looks_like(&text), parse(&text), looks_like(&parts), parse(&parts));
        let _ = headed(&text);
        let _ = headed(&value!({"alg": "EdDSA", &text: parts}).to_string());
        let _ = (PublicKey::from_pem(&text), PublicKey::from_multibase(&text));
        for (kind, curve) in [("OKP", "Ed25519"), ("EC", "P-256"), ("EC", "P-384"), ("RSA", "")] {
            let jwk = value!({"kty": kind, "crv": curve, "x": parts, "y": parts, "n": parts, "e": text});
            let _ = PublicKey::from_jwk(&jwk);
            let _ = key_of_method(&format!("did:jwk:{}", URL_SAFE_NO_PAD.encode(jwk.to_string())));
        }
        let _ = PublicKey::from_pem(&format!("-----BEGIN PUBLIC KEY-----{parts}-----END PUBLIC KEY-----"));
        let _ = PublicKey::from_multibase(&format!("z{}", bs58::encode([&[0x85, 0x24], parts.as_bytes()].concat()).into_string()));
    }

    #[test]
    fn what_is_signed_is_read_back_and_fits(payload in prop::collection::vec(any::<u8>(), 0..200), seed: [u8; 32], kid in "[a-z:#]{1,20}", at in any::<prop::sample::Index>()) {
        let secret = SigningKey::from_bytes(&seed);
        let key = PublicKey::from_bytes(secret.verifying_key().as_bytes()).unwrap();
        let input = signing_input(&value!({"alg": "EdDSA", "kid": kid}), &payload);
        let text = compact(&input, &secret.sign(&input).to_bytes());
        let jws = parse(&text).unwrap();
        prop_assert!(jws.fits(&key));
        prop_assert_eq!(jws.payload(), payload.as_slice());
        prop_assert_eq!(jws.kid(), Some(kid.as_str()));
        // One letter otherwise, and it is refused or does not fit.
        let mut changed = text.into_bytes();
        let at = at.index(changed.len());
        changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
        let changed = parse(&String::from_utf8(changed).unwrap());
        prop_assert!(!changed.is_ok_and(|jws| jws.fits(&key)));
    }
}
