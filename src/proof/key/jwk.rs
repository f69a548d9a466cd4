//! JSON Web Keys: RFC 7517 and 7518, for Ed25519 RFC 8037; thumbprints of RFC 7638.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::rsa::MOST_BITS;
use super::{Inner, KeyError, PublicKey};

/// Members that only a secret key has.
const SECRETS: [&str; 7] = ["d", "p", "q", "dp", "dq", "qi", "k"];

impl PublicKey {
    /// A JSON Web Key for signatures: `OKP` with Ed25519, `EC` with P-256 or P-384, `RSA`. Secret ones are refused.
    pub fn from_jwk(jwk: &Value) -> Result<PublicKey, KeyError> {
        let members = jwk.as_object().ok_or(KeyError::Jwk { member: "not an object" })?;
        if SECRETS.iter().any(|secret| members.contains_key(*secret)) {
            return Err(KeyError::Secret);
        }
        if members.get("use").is_some_and(|purpose| purpose != "sig") {
            return Err(KeyError::Jwk { member: "use" });
        }
        if members.get("key_ops").is_some_and(|deeds| !deeds.as_array().is_some_and(|d| d.contains(&json!("verify")))) {
            return Err(KeyError::Jwk { member: "key_ops" });
        }
        let text = |member: &str| members.get(member).and_then(Value::as_str);
        let bytes = |member: &'static str| number(text(member)).ok_or(KeyError::Jwk { member });
        let kind = |kind: &'static str| Err(KeyError::Kind { kind });
        match (text("kty"), text("crv")) {
            (Some("OKP"), Some("Ed25519")) => PublicKey::from_slice(&bytes("x")?),
            (Some("EC"), Some("P-256")) => PublicKey::p256::<65>(&point::<32>(&bytes("x")?, &bytes("y")?)?),
            (Some("EC"), Some("P-384")) => PublicKey::p384::<97>(&point::<48>(&bytes("x")?, &bytes("y")?)?),
            (Some("RSA"), _) => PublicKey::rsa(&bytes("n")?, &bytes("e")?),
            (Some("OKP"), Some("X25519")) => kind("an X25519 key"),
            (Some("EC"), Some("P-521")) => kind("a P-521 key"),
            (Some("EC"), Some("secp256k1")) => kind("a secp256k1 key"),
            (Some(_), _) => kind("of an unknown kind"),
            (None, _) => Err(KeyError::Jwk { member: "kty" }),
        }
    }

    /// The key as a JSON Web Key with the members that make it up and no others, in lexicographic order.
    pub fn jwk(&self) -> Value {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let elliptic = |curve: &str, point: &[u8]| {
            let (x, y) = point[1..].split_at(point.len() / 2);
            json!({"crv": curve, "kty": "EC", "x": text(x), "y": text(y)})
        };
        match &self.0 {
            Inner::Ed25519(key) => json!({"crv": "Ed25519", "kty": "OKP", "x": text(key.as_bytes())}),
            Inner::P256(key) => elliptic("P-256", key.to_sec1_point(false).as_bytes()),
            Inner::P384(key) => elliptic("P-384", key.to_sec1_point(false).as_bytes()),
            Inner::Rsa(key) => json!({"e": text(&key.exponent), "kty": "RSA", "n": text(&key.modulus)}),
        }
    }

    /// The SHA-256 thumbprint (RFC 7638), in base64url.
    pub fn thumbprint(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(self.jwk().to_string()))
    }
}

/// Bytes in base64url without padding; none where there are too many to be part of a key.
fn number(text: Option<&str>) -> Option<Vec<u8>> {
    // Some libraries put a zero before the modulus.
    let longest = (MOST_BITS / 8 + 1).div_ceil(3) * 4;
    let text = text.filter(|text| !text.is_empty() && text.len() <= longest)?;
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// The uncompressed SEC1 point of two coordinates of `N` bytes each.
fn point<const N: usize>(x: &[u8], y: &[u8]) -> Result<Vec<u8>, KeyError> {
    for coordinate in [x, y] {
        if coordinate.len() != N {
            return Err(KeyError::Length { length: coordinate.len(), expected: N });
        }
    }
    Ok([&[4], x, y].concat())
}
