//! Multikey texts: `z` and base58btc of a multicodec prefix and the key (CID 1.0 §2.2.2, did:key).

use super::{KeyError, KeyKind, PublicKey};

/// Multicodec prefixes of public keys.
const KINDS: [(&[u8], KeyKind); 4] = [
    (&[0xed, 0x01], KeyKind::Ed25519),
    (&[0x80, 0x24], KeyKind::P256),
    (&[0x81, 0x24], KeyKind::P384),
    (&[0x85, 0x24], KeyKind::Rsa),
];

/// Those of keys that are not taken.
const OTHERS: [(&[u8], &str); 7] = [
    (&[0xec, 0x01], "an X25519 key"),
    (&[0xe7, 0x01], "a secp256k1 key"),
    (&[0x82, 0x24], "a P-521 key"),
    (&[0xea, 0x01], "a BLS12-381 G1 key"),
    (&[0xeb, 0x01], "a BLS12-381 G2 key"),
    (&[0xee, 0x01], "a BLS12-381 key"),
    (&[0x86, 0x24], "an SM2 key"),
];

/// The longest multibase text worth decoding; an RSA key of 8192 bits has some 1,420 characters.
const MAX_TEXT: usize = 1_500;

impl PublicKey {
    /// A Multikey text: `z6Mk…` (Ed25519), `zDn…` (P-256), `z82…` (P-384), `z4MX…` (RSA, as did:key has it).
    pub fn from_multibase(text: &str) -> Result<PublicKey, KeyError> {
        let digits = text.strip_prefix('z').filter(|digits| digits.len() <= MAX_TEXT).ok_or(KeyError::Multibase)?;
        let bytes = bs58::decode(digits).into_vec().map_err(|_| KeyError::Multibase)?;
        PublicKey::from_multikey(&bytes)
    }

    /// The bytes of a Multikey: prefix and key.
    pub(crate) fn from_multikey(bytes: &[u8]) -> Result<PublicKey, KeyError> {
        let Some((prefix, kind)) = KINDS.iter().find(|(prefix, _)| bytes.starts_with(prefix)) else {
            // The secret parts of all these kinds, which people publish by mistake.
            if matches!(bytes, [0x80..=0x88, 0x26, ..]) {
                return Err(KeyError::Secret);
            }
            let other = OTHERS.iter().find(|(prefix, _)| bytes.starts_with(prefix));
            return Err(KeyError::Kind { kind: other.map_or("of an unknown kind", |(_, kind)| kind) });
        };
        PublicKey::from_key_bytes(*kind, &bytes[prefix.len()..])
    }

    /// What [`PublicKey::to_bytes`] gives.
    pub(crate) fn from_key_bytes(kind: KeyKind, bytes: &[u8]) -> Result<PublicKey, KeyError> {
        match kind {
            KeyKind::Ed25519 => PublicKey::from_slice(bytes),
            KeyKind::P256 => PublicKey::p256::<33>(bytes),
            KeyKind::P384 => PublicKey::p384::<49>(bytes),
            KeyKind::Rsa => PublicKey::from_pkcs1(bytes),
        }
    }

    /// The key as a Multikey text.
    pub fn multibase(&self) -> String {
        let kind = self.kind();
        let mut bytes = Vec::with_capacity(64);
        for (prefix, _) in KINDS.iter().filter(|(_, other)| *other == kind) {
            bytes.extend_from_slice(prefix);
        }
        bytes.extend_from_slice(&self.to_bytes());
        format!("z{}", bs58::encode(bytes).into_string())
    }
}
