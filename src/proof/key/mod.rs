//! [`PublicKey`]: Ed25519, P-256, P-384 and RSA, in each of the forms in which people publish them.

mod algorithm;
mod jwk;
mod multikey;
mod pem;
mod rsa;

use std::fmt;

use ed25519_dalek::{Signature, VerifyingKey};
use ring::signature::{ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, UnparsedPublicKey};

pub use algorithm::{Algorithm, KeyKind};
use rsa::RsaKey;

/// A public key that can be relied on: a point of its curve, or an RSA modulus of a sound size.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey(Inner);

#[derive(Clone, PartialEq, Eq)]
enum Inner {
    Ed25519(VerifyingKey),
    P256(p256::ecdsa::VerifyingKey),
    P384(p384::ecdsa::VerifyingKey),
    Rsa(RsaKey),
}

/// Why something is not a public key that is taken here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// Not `z` and base58btc.
    #[error("the key is not a base58btc multibase text")]
    Multibase,
    /// A key of a kind that is not taken.
    #[error("the key is {kind}, which is not supported")]
    Kind {
        /// Which kind.
        kind: &'static str,
    },
    /// Not as long as keys of its kind are.
    #[error("the key has {length} bytes, not {expected}")]
    Length {
        /// How many bytes it has.
        length: usize,
        /// How many keys of its kind have.
        expected: usize,
    },
    /// The right number of bytes that are no point of the curve, or one under which anything can be signed.
    #[error("the key is not a usable point of the curve")]
    Point,
    /// A member of a JSON Web Key that is missing, or not as RFC 7518 and RFC 8037 have it.
    #[error("the JSON Web Key is malformed: {member}")]
    Jwk {
        /// Which member.
        member: &'static str,
    },
    /// Whoever can read this can sign with it.
    #[error("a secret key is published")]
    Secret,
    /// An RSA modulus out of bounds.
    #[error("the RSA key has {bits} bits; {least} to {most} are taken", least = rsa::LEAST_BITS, most = rsa::MOST_BITS)]
    Modulus {
        /// Its size.
        bits: usize,
    },
    /// An RSA exponent that is even, 1, or of more than 32 bits.
    #[error("the exponent of the RSA key is not an odd number from 3 to 4294967295")]
    Exponent,
    /// Not the DER of a SubjectPublicKeyInfo or of an RSA key in PKCS#1.
    #[error("the key is malformed DER")]
    Der,
    /// Not a `PUBLIC KEY` or `RSA PUBLIC KEY` of RFC 7468.
    #[error("the text is no public key in PEM form")]
    Pem,
}

impl PublicKey {
    /// The Ed25519 key with these bytes, if it is one that can be relied on.
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<PublicKey, KeyError> {
        let key = VerifyingKey::from_bytes(bytes).map_err(|_| KeyError::Point)?;
        if key.is_weak() { Err(KeyError::Point) } else { Ok(PublicKey(Inner::Ed25519(key))) }
    }

    /// The Ed25519 key with these bytes, if there are 32.
    fn from_slice(bytes: &[u8]) -> Result<PublicKey, KeyError> {
        PublicKey::from_bytes(exactly(bytes)?)
    }

    /// The P-256 key with this SEC1 point; `N` says whether compressed (33) or not (65).
    fn p256<const N: usize>(bytes: &[u8]) -> Result<PublicKey, KeyError> {
        let bytes = sec1::<N>(bytes)?;
        p256::ecdsa::VerifyingKey::from_sec1_bytes(bytes)
            .map(|key| PublicKey(Inner::P256(key)))
            .or(Err(KeyError::Point))
    }

    /// The P-384 key with this SEC1 point; `N` says whether compressed (49) or not (97).
    fn p384<const N: usize>(bytes: &[u8]) -> Result<PublicKey, KeyError> {
        let bytes = sec1::<N>(bytes)?;
        p384::ecdsa::VerifyingKey::from_sec1_bytes(bytes)
            .map(|key| PublicKey(Inner::P384(key)))
            .or(Err(KeyError::Point))
    }

    /// Which kind of key it is.
    pub fn kind(&self) -> KeyKind {
        match &self.0 {
            Inner::Ed25519(_) => KeyKind::Ed25519,
            Inner::P256(_) => KeyKind::P256,
            Inner::P384(_) => KeyKind::P384,
            Inner::Rsa(_) => KeyKind::Rsa,
        }
    }

    /// The bytes of the key, as they stand in a Multikey: 32 of Ed25519, the compressed point of P-256 (33) and P-384
    /// (49), PKCS#1 of RSA.
    pub fn to_bytes(&self) -> Vec<u8> {
        match &self.0 {
            Inner::Ed25519(key) => key.as_bytes().to_vec(),
            Inner::P256(key) => key.to_sec1_point(true).as_bytes().to_vec(),
            Inner::P384(key) => key.to_sec1_point(true).as_bytes().to_vec(),
            Inner::Rsa(key) => key.to_pkcs1(),
        }
    }

    /// Whether the signature fits, made in the way most usual for the kind of key: EdDSA, ES256, ES384, RS256.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        self.verify_as(self.kind().algorithm(), message, signature)
    }

    /// Whether the signature fits and was made in this way; never, if the algorithm is for keys of another kind.
    ///
    /// Ed25519 is strict, without the leniencies by which two verifiers could disagree; ECDSA is r and s, both as long
    /// as the curve.
    pub fn verify_as(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        match (&self.0, algorithm) {
            (Inner::Ed25519(key), Algorithm::EdDsa) => {
                Signature::from_slice(signature).is_ok_and(|signature| key.verify_strict(message, &signature).is_ok())
            }
            (Inner::P256(key), Algorithm::Es256) => {
                let point = key.to_sec1_point(false);
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point.as_bytes()).verify(message, signature).is_ok()
            }
            (Inner::P384(key), Algorithm::Es384) => {
                let point = key.to_sec1_point(false);
                UnparsedPublicKey::new(&ECDSA_P384_SHA384_FIXED, point.as_bytes()).verify(message, signature).is_ok()
            }
            (Inner::Rsa(key), algorithm) => key.verify(algorithm, message, signature),
            _ => false,
        }
    }
}

/// A SEC1 point of this length whose first byte says that it has this length.
fn sec1<const N: usize>(bytes: &[u8]) -> Result<&[u8; N], KeyError> {
    let point = exactly::<N>(bytes)?;
    // The lengths are odd: compressed 2 or 3 and x; uncompressed 4, x and y.
    let compressed = matches!(N, 33 | 49);
    if matches!((compressed, point[0]), (true, 2 | 3) | (false, 4)) { Ok(point) } else { Err(KeyError::Point) }
}

fn exactly<const N: usize>(bytes: &[u8]) -> Result<&[u8; N], KeyError> {
    bytes.try_into().map_err(|_| KeyError::Length { length: bytes.len(), expected: N })
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "PublicKey({})", self.multibase())
    }
}

#[cfg(test)]
mod tests;
