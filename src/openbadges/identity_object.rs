//! `IdentityObject`: a name or an address of the holder, plain or hashed.

use serde::Serialize;
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;

use super::types::constant;

constant! {
    /// `"IdentityObject"`
    Type = "IdentityObject"
}

/// By what the holder is known. A hash is guessable by whoever guesses the address: it is no secret.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "named as in Open Badges 3.0")]
pub struct IdentityObject {
    #[serde(rename = "type")]
    pub kind: Type,
    pub identity_type: &'static str,
    pub hashed: bool,
    pub identity_hash: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub salt: Option<String>,
}

impl IdentityObject {
    /// A name, for everybody to read.
    pub fn name(name: &str) -> Self {
        IdentityObject { identity_type: "name", identity_hash: name.to_owned(), ..IdentityObject::default() }
    }

    /// The hash of a mail address with a salt of its own.
    pub fn hashed_email(address: &str, salt: &[u8; 16]) -> Self {
        let salt = format!("{:032x}", u128::from_be_bytes(*salt));
        IdentityObject {
            kind: Type,
            identity_type: "emailAddress",
            hashed: true,
            identity_hash: identity_hash(&normalized_email(address), &salt),
            salt: Some(salt),
        }
    }
}

/// `sha256$` and the hash of the identifier followed by the salt.
pub fn identity_hash(identifier: &str, salt: &str) -> String {
    let hash = Sha256::new().chain_update(identifier).chain_update(salt).finalize();
    hash.iter().fold(String::from("sha256$"), |mut text, byte| {
        use std::fmt::Write as _;
        write!(text, "{byte:02x}").expect("a string takes every character");
        text
    })
}

/// The one spelling in which addresses are compared and hashed: trimmed, lower case, NFC.
pub fn normalized_email(address: &str) -> String {
    address.trim().to_lowercase().nfc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_as_the_specification_does() {
        let hash = identity_hash("a@example.com", "Kosher");
        assert_eq!(hash, "sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399");
    }

    #[test]
    fn spellings_of_one_address_hash_alike() {
        let one = IdentityObject::hashed_email("Jose\u{301}@Example.com ", &[1; 16]);
        let other = IdentityObject::hashed_email("jos\u{e9}@example.com", &[1; 16]);
        assert_eq!(one, other);
        assert_eq!(one.salt.as_deref(), Some("01010101010101010101010101010101"));
    }
}
