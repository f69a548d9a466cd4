//! Keys of RFC 7515, 7638, 8037 and of the W3C's test suites; PEM texts and RSA signatures by pyca/cryptography.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::{Algorithm, KeyError, KeyKind, PublicKey};

/// RFC 7515, appendix A.2.
const MODULUS: &str = "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ";
/// RFC 7638, section 3.1.
const OTHER_MODULUS: &str = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
const RSA_SPKI: &str = "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAofgWCuLjybRlzo0tZWJj\nNiuSfb4p4fAkd/wWJcyQoTbji9k0l8W26mPddxHmfHQp+Vaw+4qPCJrcS2mJPMEz\nP1Pt0Bm4d4QlL+yRT+SFd2lZS+pCgNMsD1W/YpRPEwOWvG6b32690r2jZ47soMZo\n9wGzjb/7OMg0LOL+bSf63kpaSHSXndS5z5rexMdbBYUsLA9e+KXBdQOS+UTo7WTB\nEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6/I5IhlJH7aGhyxX\nFvUK+DWNmoudF8NAco9/h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXp\noQIDAQAB\n-----END PUBLIC KEY-----";
const RSA_PKCS1: &str = "-----BEGIN RSA PUBLIC KEY-----\nMIIBCgKCAQEAofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd/wWJcyQoTbji9k0l8W2\n6mPddxHmfHQp+Vaw+4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL+yRT+SFd2lZS+pCgNMs\nD1W/YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb/7OMg0LOL+bSf63kpaSHSXndS5\nz5rexMdbBYUsLA9e+KXBdQOS+UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxv\nb3qCo5ZwKh9kG4LT6/I5IhlJH7aGhyxXFvUK+DWNmoudF8NAco9/h9iaGNj8q2et\nhFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQIDAQAB\n-----END RSA PUBLIC KEY-----";
const P256_SPKI: &str = "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEf83OJ3D2xF1Bg8vub9tLe1gHMzV7\n6e8Tus9uPHvRVEXH8UTNG72bfocs3+257rn0s2ldbqkLJK2KRiMohYjlrQ==\n-----END PUBLIC KEY-----";
const P384_SPKI: &str = "-----BEGIN PUBLIC KEY-----\nMHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEPBM13G1rU+NPczSpFO7QGc+uSUHqoDPZ\nSbshgR820ligqFB2yGFbE90VnpTiSswGx7mdD6reunUlSQ5LoC2GDpLOrjbIMLnt\n1TEGgxoyXSaKScPPRYY7hTr3geCvEZpf\n-----END PUBLIC KEY-----";
const ED25519_SPKI: &str = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----";

fn rsa() -> Value {
    json!({"kty": "RSA", "n": MODULUS, "e": "AQAB"})
}

/// RFC 7515, appendix A.3.
fn p256() -> Value {
    json!({
        "kty": "EC",
        "crv": "P-256",
        "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
    })
}

/// Of the W3C's test suite for VC-JOSE-COSE.
fn p384() -> Value {
    json!({
        "kty": "EC",
        "crv": "P-384",
        "x": "PBM13G1rU-NPczSpFO7QGc-uSUHqoDPZSbshgR820ligqFB2yGFbE90VnpTiSswG",
        "y": "x7mdD6reunUlSQ5LoC2GDpLOrjbIMLnt1TEGgxoyXSaKScPPRYY7hTr3geCvEZpf"
    })
}

/// RFC 8037, appendix A.2.
fn ed25519() -> Value {
    json!({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})
}

#[track_caller]
fn read(jwk: &Value) -> PublicKey {
    PublicKey::from_jwk(jwk).unwrap()
}

#[track_caller]
fn with(jwk: Value, member: &str, value: Value) -> Value {
    let mut jwk = jwk;
    jwk[member] = value;
    jwk
}

#[test]
fn a_thumbprint_is_the_published_one() {
    let cases = [
        (json!({"kty": "RSA", "n": OTHER_MODULUS, "e": "AQAB"}), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"),
        (ed25519(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"),
        (p384(), "96qBnDpvS6x8YSCH_xmnLlXZMkDhHBr8lj99u5aog7s"),
    ];
    for (jwk, thumbprint) in cases {
        assert_eq!(read(&jwk).thumbprint(), thumbprint);
    }
}

#[test]
fn every_form_of_a_key_is_the_same_key() {
    let cases = [
        (rsa(), KeyKind::Rsa, [RSA_SPKI, RSA_PKCS1].as_slice(), "z4MX"),
        (p256(), KeyKind::P256, &[P256_SPKI], "zDn"),
        (p384(), KeyKind::P384, &[P384_SPKI], "z82"),
        (ed25519(), KeyKind::Ed25519, &[ED25519_SPKI], "z6Mk"),
    ];
    for (jwk, kind, pems, start) in cases {
        let key = read(&jwk);
        assert_eq!(key.kind(), kind);
        assert_eq!(key.kind().algorithm().key_kind(), kind);
        assert_eq!(key.jwk(), jwk);
        for pem in pems {
            assert_eq!(PublicKey::from_pem(pem), Ok(key.clone()));
            let one_line = pem.replace('\n', "");
            assert_eq!(PublicKey::from_pem(&one_line), Ok(key.clone()), "the line breaks of {kind} are lost");
        }
        assert!(key.multibase().starts_with(start), "{key:?}");
        assert_eq!(PublicKey::from_multibase(&key.multibase()), Ok(key));
    }
}

/// Over the text "touchstone", with the key of did-key/rsa.json.
const RSA_SIGNATURES: [(Algorithm, &str); 4] = [
    (
        Algorithm::Rs256,
        "GpAf9v1OWhCfdK6BKAwcor_h2q_HoTUb0y3UkA8gFcUn73KeJXxtX86b_KchApxEJFdsx6ktaWLx4x43kFm9ybMjLZab8xRG_A6uISauRKnjiiahK2N-wqT9quaSbDDCxyRfpBFCZoCS_ener7LS5uEhC_ttZowwC3ef91Agn4c_Intkj53Qzzz1nAPrFiBBe7sN8He9eUMvkUK2I3Tsk7MNEPszkaN_J9NN52mZrrasdzzWz_m9FDVDh5zHVRmVg_3hqGT7xWndH-wmwdPCQXDE1TzvBvr86ABvFh0HpHU2Yd4MJH1W6E0d6t_cZ2I6hjK0sQ40yTwYrGDDxR6OUw",
    ),
    (
        Algorithm::Rs384,
        "A7aKUpFVi7GOoQbIQW1isxmUgbS_7Hi2gh2MQiHcWDkwf0MxNrdF7337evhJT12XwLN7UmENCw3DdPYcHHUV5_0oLZgR1DJRr2Nh2HTp6mVfwehVodqunkV0EHo7opLfIzlEOMVOQcseeyKmkoDR4dCIBVw8YTW13w4V33DtnGkYD0GVI5BXqKYJKv9lln48jf5B_pbflf41sOenROiwQGeb9BxLNordMuyi6pRT-rYRytrd3Y8dV0oBUzeUbZChz9xNDQlMLbpYVftAmSa4ohTEAnYAVMFQxlkPw_lweudWxAAwaJQIB6-Z6ErElHoWQAPb3y4DVQzX14mkWyfAQw",
    ),
    (
        Algorithm::Rs512,
        "rR2Cu3dxHkC_XxU2KFmoQn8Bh2vImV1BMZ1DgRPJdlJ3f24x48f6T_tXvImpGMVnl-RKiflSz_k1Z7JZsdVubj9ZIYJXn4i0we9nqsiG3ak_OM96XMgr81AaLL9bRn_V-VrvuJh8hzQN_MyH5swtS1B1WJ-agm5HXIWjY1hCerK-eFCtB0IxMdDHpZz-KMuM8w8X9XLwp3FcX8vSM1WwHBB8a_PCZ8NOYSFATFqCUkadZcnD3jbItrXSwq7hoz3J7b8_H8TV7PjbeVwt1DeWMhJL-OF9EHUFsc0ksTBRgAdVp9_eeY8veVQO0H-BI4AlLYgFVYIzFVhUdq9BGUZwJw",
    ),
    (
        Algorithm::Ps256,
        "cb4_bShcJ3czzamF9OCPq6kJfovR8NCw1l9VBA4Ma2QKM95Wurs1gcutvtrLLohV5ItwoHy1SJV6vOw-28052MzWUIFyp2PRsSG3FK8_cO_eX3bk3ZtqEcx01FIR4suG3J4PH8W27CzSltkzSn-5aDsWe08R-S9lOkG1Ahvdy-HeADkW87_qwR3uy8ADkKOyykA8uMIzUJjPhfVdg-MVmTE_ErNEQJx_lsENifv347NmC3-vmuUHjc1E4jd7zE_Ww5V-2UV2RD3B5K8eSNEwTja1K_2JPB0k02B0X9LueJAv1-mHBGCYNXabDhLVKZ97IIJo-Ibel2SzFo9PbdCxbQ",
    ),
];
const SIGNING_MODULUS: &str = "sbX82NTV6IylxCh7MfV4hlyvaniCajuP97GyOqSvTmoEdBOflFvZ06kR_9D6ctt45Fk6hskfnag2GG69NALVH2o4RCR6tQiLRpKcMRtDYE_thEmfBvDzm_VVkOIYfxu-Ipuo9J_S5XDNDjczx2v-3oDh5-CIHkU46hvFeCvpUS-L8TJSbgX0kjVk_m4eIb9wh63rtmD6Uz_KBtCo5mmR4TEtcLZKYdqMp3wCjN-TlgHiz_4oVXWbHUefCEe8rFnX1iQnpDHU49_SaXQoud1jCaexFn25n-Aa8f8bc5Vm-5SeRwidHa6ErvEhTvf1dz6GoNPp2iRvm-wJ1gxwWJEYPQ";

#[test]
fn a_signature_of_rsa_fits_under_its_own_algorithm_alone() {
    let key = read(&json!({"kty": "RSA", "n": SIGNING_MODULUS, "e": "AQAB"}));
    for (made, signature) in RSA_SIGNATURES {
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        for algorithm in Algorithm::ALL {
            assert_eq!(key.verify_as(algorithm, b"touchstone", &signature), algorithm == made, "{algorithm:?}");
        }
        assert_eq!(key.verify(b"touchstone", &signature), made == Algorithm::Rs256);
        assert!(!key.verify_as(made, b"Touchstone", &signature));
        assert!(!read(&rsa()).verify_as(made, b"touchstone", &signature));
    }
}

#[test]
fn an_algorithm_is_known_by_its_exact_name() {
    for algorithm in Algorithm::ALL {
        assert_eq!(Algorithm::named(algorithm.name()), Some(algorithm));
    }
    assert_eq!(Algorithm::named("Ed25519"), Some(Algorithm::EdDsa));
    for name in ["none", "None", "", "HS256", "HS384", "HS512", "es256", "ES512", "ES256K", "RS1", "PS512", "Ed448"] {
        assert_eq!(Algorithm::named(name), None, "{name}");
    }
}

#[track_caller]
fn check_jwk(jwk: &Value, expected: &KeyError) {
    assert_eq!(PublicKey::from_jwk(jwk).unwrap_err(), *expected);
}

#[test]
fn a_json_web_key_that_is_not_sound_is_refused() {
    let member = |member| KeyError::Jwk { member };
    check_jwk(&json!("x"), &member("not an object"));
    check_jwk(&json!({}), &member("kty"));
    for secret in ["d", "p", "q", "dp", "dq", "qi", "k"] {
        for jwk in [rsa(), p256(), p384(), ed25519(), json!({"kty": "oct"})] {
            check_jwk(&with(jwk, secret, Value::Null), &KeyError::Secret);
        }
    }
    check_jwk(&with(ed25519(), "use", json!("enc")), &member("use"));
    check_jwk(&with(ed25519(), "key_ops", json!(["sign"])), &member("key_ops"));
    assert!(PublicKey::from_jwk(&with(with(ed25519(), "key_ops", json!(["verify"])), "use", json!("sig"))).is_ok());
    check_jwk(&with(ed25519(), "crv", json!("X25519")), &KeyError::Kind { kind: "an X25519 key" });
    check_jwk(&with(p256(), "crv", json!("P-521")), &KeyError::Kind { kind: "a P-521 key" });
    check_jwk(&with(p256(), "crv", json!("secp256k1")), &KeyError::Kind { kind: "a secp256k1 key" });
    check_jwk(&json!({"kty": "oct"}), &KeyError::Kind { kind: "of an unknown kind" });
    check_jwk(&with(ed25519(), "x", json!("AA")), &KeyError::Length { length: 1, expected: 32 });
    check_jwk(&with(p256(), "y", json!("AA")), &KeyError::Length { length: 1, expected: 32 });
    check_jwk(&with(p384(), "x", p256()["x"].clone()), &KeyError::Length { length: 32, expected: 48 });
    // Another point's y; and base64 with padding, of the other alphabet, with bits left over, and of a giant.
    check_jwk(&with(p256(), "y", p256()["x"].clone()), &KeyError::Point);
    let padded = format!("{}=", p256()["x"].as_str().unwrap());
    for text in [padded.as_str(), "x+FEzRu9m36HLN/tue659LNpXW6pCyStikYjKIWI5a0", "AB", "", &"A".repeat(1_372)] {
        check_jwk(&with(p256(), "x", json!(text)), &member("x"));
    }
    check_jwk(&with(p256(), "y", json!(7)), &member("y"));
}

fn modulus(bytes: &[u8], exponent: &[u8]) -> Result<PublicKey, KeyError> {
    let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    PublicKey::from_jwk(&json!({"kty": "RSA", "n": text(bytes), "e": text(exponent)}))
}

#[test]
fn an_rsa_key_stays_within_its_bounds() {
    let number = |first: u8, length: usize| [&[first], vec![0xff; length - 1].as_slice()].concat();
    let bits = |bits| Err(KeyError::Modulus { bits });
    let sound = |bytes: &[u8], exponent: &[u8]| modulus(bytes, exponent).map(|key| key.kind());
    assert_eq!(sound(&number(0x80, 256), &[3]), Ok(KeyKind::Rsa));
    assert_eq!(sound(&number(0xff, 1_024), &[0xff; 4]), Ok(KeyKind::Rsa));
    assert_eq!(sound(&number(0x7f, 256), &[3]), bits(2_047));
    assert_eq!(sound(&number(0x80, 128), &[3]), bits(1_024));
    assert_eq!(sound(&number(0x01, 1_025), &[3]), bits(8_193));
    assert_eq!(sound(&[0], &[3]), bits(0));
    let mut even = number(0x80, 256);
    even[255] = 0xfe;
    assert_eq!(sound(&even, &[3]), bits(2_048));
    for exponent in [[1].as_slice(), &[2], &[0], &[0, 1], &[1, 0, 0, 0, 1]] {
        assert_eq!(sound(&number(0x80, 256), exponent), Err(KeyError::Exponent), "{exponent:?}");
    }
    // A zero in front, as some libraries write it, makes no other key of it.
    let plain = number(0x80, 256);
    assert_eq!(modulus(&[&[0], plain.as_slice()].concat(), &[0, 3]), modulus(&plain, &[3]));
}

#[track_caller]
fn check_pem(pem: &str, expected: &KeyError) {
    assert_eq!(PublicKey::from_pem(pem).unwrap_err(), *expected);
}

#[test]
fn a_pem_text_that_is_no_sound_key_is_refused() {
    check_pem("", &KeyError::Pem);
    check_pem("-----BEGIN PUBLIC KEY-----", &KeyError::Pem);
    check_pem(&RSA_SPKI.replace("END PUBLIC", "END RSA PUBLIC"), &KeyError::Pem);
    check_pem(&RSA_SPKI.replace("PUBLIC KEY", "CERTIFICATE"), &KeyError::Pem);
    check_pem(&RSA_SPKI.replace("PUBLIC KEY", "RSA PRIVATE KEY"), &KeyError::Secret);
    check_pem(&RSA_SPKI.replace("PUBLIC KEY", "RSA PUBLIC KEY"), &KeyError::Der);
    check_pem(&RSA_PKCS1.replace("RSA PUBLIC KEY", "PUBLIC KEY"), &KeyError::Der);
    check_pem(&RSA_SPKI.replace("AQAB", "AQA!"), &KeyError::Pem);
    check_pem(&ED25519_SPKI.replace("HURo=", "HURo=AAAA"), &KeyError::Pem);
    check_pem(&ED25519_SPKI.replace("MCow", "MCkw"), &KeyError::Der);
    check_pem(&RSA_SPKI.replace("IIBIj", &format!("{}IIBIj", " ".repeat(4_096))), &KeyError::Pem);
    // The curve secp256k1 (OID 1.3.132.0.10), with the same point.
    let other = "-----BEGIN PUBLIC KEY-----MFYwEAYHKoZIzj0CAQYFK4EEAAoDQgAEf83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEXH8UTNG72bfocs3+257rn0s2ldbqkLJK2KRiMohYjlrQ==-----END PUBLIC KEY-----";
    check_pem(other, &KeyError::Kind { kind: "an elliptic curve key of another curve" });
}

#[track_caller]
fn check_multikey(prefix: [u8; 2], key: &[u8], expected: &KeyError) {
    let text = format!("z{}", bs58::encode([&prefix, key].concat()).into_string());
    assert_eq!(PublicKey::from_multibase(&text).unwrap_err(), *expected);
}

#[test]
fn a_multikey_of_a_curve_is_a_compressed_point_of_it() {
    let point = read(&p256()).to_bytes();
    assert_eq!(point.len(), 33);
    check_multikey([0x80, 0x24], &point[1..], &KeyError::Length { length: 32, expected: 33 });
    check_multikey([0x81, 0x24], &point, &KeyError::Length { length: 33, expected: 49 });
    for first in [0, 4, 5, 6] {
        check_multikey([0x80, 0x24], &[&[first], &point[1..]].concat(), &KeyError::Point);
    }
    // No point has this x: it is not below the prime.
    check_multikey([0x80, 0x24], &[&[2], [0xff; 32].as_slice()].concat(), &KeyError::Point);
    check_multikey([0x81, 0x24], &[&[3], [0xff; 48].as_slice()].concat(), &KeyError::Point);
    check_multikey([0x85, 0x24], &point, &KeyError::Der);
    check_multikey([0x82, 0x24], &[2; 67], &KeyError::Kind { kind: "a P-521 key" });
    check_multikey([0x86, 0x26], &[1; 32], &KeyError::Secret);
}
