//! Compact JWS (RFC 7515): read within bounds, checked with a key of the kind that its algorithm is for, written for EdDSA.
//!
//! What the payload says, and whether the key is that of whoever it names, is the caller's part.

mod error;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::PublicKey;
use crate::linked_data::json;

pub use super::key::Algorithm;
pub use error::JoseError;

/// Bytes of a whole JWS.
pub const MAX_BYTES: usize = 1 << 20;
/// Bytes of a header in base64url.
pub const MAX_HEADER: usize = 8 << 10;
/// Bytes of a signature in base64url; one of RSA with 8192 bits has 1,366.
const MAX_SIGNATURE: usize = 1_366;

/// A compact JWS that could be read; nothing is proven of it but its form.
#[derive(Debug, Clone, PartialEq)]
pub struct Jws {
    header: Map<String, Value>,
    algorithm: Algorithm,
    payload: Vec<u8>,
    /// Header and payload as they came, with the dot between them: what was signed.
    signed: String,
    signature: Vec<u8>,
}

/// Whether a text has the shape of a compact JWS: three parts of base64url, the first of which begins a JSON object.
pub fn looks_like(text: &str) -> bool {
    let text = text.trim();
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    // `{` and then a quote or space, or a line break.
    ["ey", "ew"].iter().any(|start| text.starts_with(start))
        && text.split('.').count() == 3
        && text.split('.').all(digits)
}

/// Reads a compact JWS. Whitespace around it is passed over.
pub fn parse(text: &str) -> Result<Jws, JoseError> {
    let text = text.trim();
    if text.len() > MAX_BYTES {
        return Err(JoseError::TooLarge { what: "JWS", size: text.len(), limit: MAX_BYTES });
    }
    let mut parts = text.split('.');
    let (Some(header), Some(payload), Some(signature), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(JoseError::Parts { count: text.split('.').count() });
    };
    for (what, part, limit) in [("header", header, MAX_HEADER), ("signature", signature, MAX_SIGNATURE)] {
        if part.len() > limit {
            return Err(JoseError::TooLarge { what, size: part.len(), limit });
        }
    }
    let decoded = |what, part| URL_SAFE_NO_PAD.decode(part).map_err(|_| JoseError::Base64 { what });
    let Value::Object(members) =
        json::parse(&decoded("header", header)?).map_err(|error| JoseError::Header { why: error.to_string() })?
    else {
        return Err(JoseError::Header { why: "not an object".to_owned() });
    };
    let algorithm = algorithm(&members)?;
    Ok(Jws {
        algorithm,
        header: members,
        payload: decoded("payload", payload)?,
        signed: text[..header.len() + 1 + payload.len()].to_owned(),
        signature: decoded("signature", signature)?,
    })
}

/// The algorithm of a header that asks for nothing that is not understood here.
fn algorithm(header: &Map<String, Value>) -> Result<Algorithm, JoseError> {
    // RFC 7515 §4.1.11: what is critical must be understood, and no extension is. `b64` (RFC 7797) changes what is
    // signed and must be critical; where somebody forgot to say so, it is refused all the same.
    if let Some(name) = ["crit", "b64"].into_iter().find(|name| header.contains_key(*name)) {
        return Err(JoseError::Extension { name });
    }
    let text = |name: &'static str| match header.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.as_str())),
        Some(_) => Err(JoseError::Member { name }),
    };
    for name in ["kid", "typ", "cty"] {
        text(name)?;
    }
    if header.get("jwk").is_some_and(|jwk| !jwk.is_object()) {
        return Err(JoseError::Member { name: "jwk" });
    }
    let name = text("alg")?.ok_or(JoseError::Member { name: "alg" })?;
    Algorithm::named(name).ok_or_else(|| JoseError::Algorithm { name: name.chars().take(40).collect() })
}

impl Jws {
    /// The protected header; there is no other in the compact form.
    pub fn header(&self) -> &Map<String, Value> {
        &self.header
    }

    /// The bytes that were signed, whatever they are.
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// How it says it was signed.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Which key it says it was signed with.
    pub fn kid(&self) -> Option<&str> {
        self.header.get("kid").and_then(Value::as_str)
    }

    /// The media type of the whole, in short: `vc+jwt`, `JWT`.
    pub fn typ(&self) -> Option<&str> {
        self.header.get("typ").and_then(Value::as_str)
    }

    /// The key that came along. By itself it proves nothing: anybody can sign with a key of their own.
    pub fn embedded_key(&self) -> Option<&Value> {
        self.header.get("jwk")
    }

    /// Whether the signature fits under this key. Never, if the key is of another kind than the algorithm is for.
    pub fn fits(&self, key: &PublicKey) -> bool {
        key.verify_as(self.algorithm, self.signed.as_bytes(), &self.signature)
    }
}

/// What is to be signed: header and payload in base64url, a dot between them.
pub fn signing_input(header: &Value, payload: &[u8]) -> Vec<u8> {
    let mut input = URL_SAFE_NO_PAD.encode(header.to_string());
    input.push('.');
    URL_SAFE_NO_PAD.encode_string(payload, &mut input);
    input.into_bytes()
}

/// The compact JWS of what was signed and its signature.
pub fn compact(signing_input: &[u8], signature: &[u8]) -> String {
    let mut text = String::from_utf8_lossy(signing_input).into_owned();
    text.push('.');
    URL_SAFE_NO_PAD.encode_string(signature, &mut text);
    text
}
