//! [`Algorithm`]: the ways to sign that can be checked, and the kind of key each belongs to.

use std::fmt;

/// A kind of key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    /// Edwards-curve keys of RFC 8032.
    Ed25519,
    /// The NIST curve with 256 bits.
    P256,
    /// The NIST curve with 384 bits.
    P384,
    /// RSA, of 2048 to 8192 bits.
    Rsa,
}

impl KeyKind {
    /// The way most usual for such a key: EdDSA, ES256, ES384, RS256.
    pub fn algorithm(self) -> Algorithm {
        match self {
            KeyKind::Ed25519 => Algorithm::EdDsa,
            KeyKind::P256 => Algorithm::Es256,
            KeyKind::P384 => Algorithm::Es384,
            KeyKind::Rsa => Algorithm::Rs256,
        }
    }
}

impl fmt::Display for KeyKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            KeyKind::Ed25519 => "Ed25519",
            KeyKind::P256 => "P-256",
            KeyKind::P384 => "P-384",
            KeyKind::Rsa => "RSA",
        })
    }
}

/// A way to sign, by its name in the JOSE registry; there is none without a key, and none with a shared secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// Ed25519 (RFC 8037).
    EdDsa,
    /// ECDSA over P-256 with SHA-256.
    Es256,
    /// ECDSA over P-384 with SHA-384.
    Es384,
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    Rs384,
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    Rs512,
    /// RSASSA-PSS with SHA-256.
    Ps256,
}

impl Algorithm {
    /// All there are.
    pub const ALL: [Algorithm; 7] = [
        Algorithm::EdDsa,
        Algorithm::Es256,
        Algorithm::Es384,
        Algorithm::Rs256,
        Algorithm::Rs384,
        Algorithm::Rs512,
        Algorithm::Ps256,
    ];

    /// The algorithm of this name, exactly as written; `Ed25519` (RFC 9864) is another name of EdDSA.
    pub fn named(name: &str) -> Option<Algorithm> {
        if name == "Ed25519" {
            return Some(Algorithm::EdDsa);
        }
        Algorithm::ALL.into_iter().find(|algorithm| algorithm.name() == name)
    }

    /// Its name as an `alg`.
    pub fn name(self) -> &'static str {
        match self {
            Algorithm::EdDsa => "EdDSA",
            Algorithm::Es256 => "ES256",
            Algorithm::Es384 => "ES384",
            Algorithm::Rs256 => "RS256",
            Algorithm::Rs384 => "RS384",
            Algorithm::Rs512 => "RS512",
            Algorithm::Ps256 => "PS256",
        }
    }

    /// The only kind of key it is for.
    pub fn key_kind(self) -> KeyKind {
        match self {
            Algorithm::EdDsa => KeyKind::Ed25519,
            Algorithm::Es256 => KeyKind::P256,
            Algorithm::Es384 => KeyKind::P384,
            Algorithm::Rs256 | Algorithm::Rs384 | Algorithm::Rs512 | Algorithm::Ps256 => KeyKind::Rsa,
        }
    }
}
