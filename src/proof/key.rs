//! Ed25519 public keys and their Multikey form.

use std::fmt;

use ed25519_dalek::{Signature, VerifyingKey};

/// An Ed25519 public key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

/// Why something is not an Ed25519 public key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// Not `z` and base58btc.
    #[error("the key is not a base58btc multibase text")]
    Multibase,
    /// A key of another kind.
    #[error("the key is {kind}, not an Ed25519 public key")]
    Kind {
        /// Which kind.
        kind: &'static str,
    },
    /// Not 32 bytes.
    #[error("the key has {length} bytes, not 32")]
    Length {
        /// How many bytes it has.
        length: usize,
    },
    /// 32 bytes that are no point of the curve, or one under which anything can be signed.
    #[error("the key is not a usable point of the curve")]
    Point,
}

/// Multicodec prefixes of public keys, and of the secret one that people publish by mistake.
const KINDS: [(&[u8], &str); 11] = [
    (&[0xed, 0x01], ED25519),
    (&[0x80, 0x26], "an Ed25519 secret key"),
    (&[0xec, 0x01], "an X25519 key"),
    (&[0xe7, 0x01], "a secp256k1 key"),
    (&[0x80, 0x24], "a P-256 key"),
    (&[0x81, 0x24], "a P-384 key"),
    (&[0x82, 0x24], "a P-521 key"),
    (&[0x85, 0x24], "an RSA key"),
    (&[0xea, 0x01], "a BLS12-381 G1 key"),
    (&[0xeb, 0x01], "a BLS12-381 G2 key"),
    (&[0xee, 0x01], "a BLS12-381 key"),
];
const ED25519: &str = "Ed25519";

/// The longest multibase text worth decoding; an RSA key has some 400 characters.
const MAX_TEXT: usize = 1_024;

impl PublicKey {
    /// The key with these bytes, if it is one that can be relied on.
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<PublicKey, KeyError> {
        let key = VerifyingKey::from_bytes(bytes).map_err(|_| KeyError::Point)?;
        if key.is_weak() { Err(KeyError::Point) } else { Ok(PublicKey(key)) }
    }

    /// A Multikey text: `z6Mk…`.
    pub fn from_multibase(text: &str) -> Result<PublicKey, KeyError> {
        let digits = text.strip_prefix('z').filter(|digits| digits.len() <= MAX_TEXT).ok_or(KeyError::Multibase)?;
        let bytes = bs58::decode(digits).into_vec().map_err(|_| KeyError::Multibase)?;
        let (prefix, kind) = KINDS
            .iter()
            .find(|(prefix, _)| bytes.starts_with(prefix))
            .ok_or(KeyError::Kind { kind: "of an unknown kind" })?;
        if *kind != ED25519 {
            return Err(KeyError::Kind { kind });
        }
        PublicKey::from_slice(&bytes[prefix.len()..])
    }

    /// The key with these bytes, if there are 32.
    pub(crate) fn from_slice(bytes: &[u8]) -> Result<PublicKey, KeyError> {
        PublicKey::from_bytes(bytes.try_into().map_err(|_| KeyError::Length { length: bytes.len() })?)
    }

    /// The key as a Multikey text: `z6Mk…`.
    pub fn multibase(&self) -> String {
        let mut bytes = vec![0xed, 0x01];
        bytes.extend_from_slice(self.0.as_bytes());
        format!("z{}", bs58::encode(bytes).into_string())
    }

    /// The 32 bytes of the key.
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }

    /// Whether the signature fits, without the leniencies by which two verifiers could disagree.
    pub fn verify(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        self.0.verify_strict(message, &Signature::from_bytes(signature)).is_ok()
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "PublicKey({})", self.multibase())
    }
}
