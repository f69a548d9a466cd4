//! Public keys in PEM form (RFC 7468), as issuers of Open Badges 2.0 publish them in `publicKeyPem`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pkcs8::der::Decode as _;
use pkcs8::{ObjectIdentifier, SubjectPublicKeyInfoRef};

use super::{KeyError, PublicKey};

/// The longest text worth reading; an RSA key of 8192 bits has some 1,500 characters.
const MAX_TEXT: usize = 4_096;

const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const ELLIPTIC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");

impl PublicKey {
    /// A `PUBLIC KEY` (SubjectPublicKeyInfo) or an `RSA PUBLIC KEY` (PKCS#1), with lines of any length: in JSON, people
    /// often lose the line breaks.
    pub fn from_pem(text: &str) -> Result<PublicKey, KeyError> {
        let text = Some(text.trim()).filter(|text| text.len() <= MAX_TEXT).ok_or(KeyError::Pem)?;
        let (label, rest) =
            text.strip_prefix("-----BEGIN ").and_then(|rest| rest.split_once("-----")).ok_or(KeyError::Pem)?;
        if label.ends_with("PRIVATE KEY") {
            return Err(KeyError::Secret);
        }
        let body = rest.strip_suffix(&format!("-----END {label}-----")).ok_or(KeyError::Pem)?;
        let body: String = body.split_ascii_whitespace().collect();
        let der = STANDARD.decode(body).map_err(|_| KeyError::Pem)?;
        match label {
            "PUBLIC KEY" => PublicKey::from_spki(&der),
            "RSA PUBLIC KEY" => PublicKey::from_pkcs1(&der),
            _ => Err(KeyError::Pem),
        }
    }

    fn from_spki(der: &[u8]) -> Result<PublicKey, KeyError> {
        let info = SubjectPublicKeyInfoRef::from_der(der).map_err(|_| KeyError::Der)?;
        let key = info.subject_public_key.as_bytes().ok_or(KeyError::Der)?;
        let curve = || info.algorithm.parameters_oid().map_err(|_| KeyError::Der);
        match info.algorithm.oid {
            RSA => PublicKey::from_pkcs1(key),
            ED25519 => PublicKey::from_slice(key),
            ELLIPTIC => match (curve()?, key.len()) {
                (P256, 33) => PublicKey::p256::<33>(key),
                (P256, _) => PublicKey::p256::<65>(key),
                (P384, 49) => PublicKey::p384::<49>(key),
                (P384, _) => PublicKey::p384::<97>(key),
                _ => Err(KeyError::Kind { kind: "an elliptic curve key of another curve" }),
            },
            _ => Err(KeyError::Kind { kind: "of an unknown kind" }),
        }
    }
}
