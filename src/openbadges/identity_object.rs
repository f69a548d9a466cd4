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

/// The spelling by which an address is found: normalised, with a domain in Unicode written as its punycode. Nothing else
/// is made alike: a local part belongs to its host, who may tell `ana+news` from `ana`, and ß from ss.
pub fn comparable_email(address: &str) -> String {
    let address = normalized_email(address);
    let ascii = address.rsplit_once('@').and_then(|(local, domain)| {
        let domain = idna::domain_to_ascii(domain).ok().filter(|domain| !domain.is_empty())?;
        Some(format!("{local}@{domain}"))
    });
    ascii.unwrap_or(address)
}

/// The spellings in which issuers write or hash one address: as typed, normalised, its domain in punycode or in Unicode.
pub fn spellings_of_email(address: &str) -> Vec<String> {
    let (normal, ascii) = (normalized_email(address), comparable_email(address));
    let unicode =
        ascii.rsplit_once('@').map(|(local, domain)| format!("{local}@{}", idna::domain_to_unicode(domain).0));
    [Some(address.to_owned()), Some(normal), Some(ascii), unicode].into_iter().flatten().collect()
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

    #[track_caller]
    fn check(one: &str, other: &str, same: bool) {
        assert_eq!(comparable_email(one) == comparable_email(other), same, "{one} and {other}");
        for address in [one, other] {
            let found_by = comparable_email(address);
            assert_eq!(comparable_email(&found_by), found_by, "{address}");
        }
    }

    #[test]
    fn an_address_is_found_in_all_its_spellings_and_no_other() {
        check("Ana@Partner.example", " ana@PARTNER.EXAMPLE ", true);
        check("Jose\u{301}@partner.example", "JOS\u{c9}@partner.example", true);
        check("ana@b\u{fc}cher.example", "ana@xn--bcher-kva.example", true);
        check("ana@B\u{dc}CHER.example", "ana@bu\u{308}cher.example", true);
        check("ana@\u{ff50}artner.example", "ana@partner.example", true);
        check("ana@stra\u{df}e.example", "ana@xn--strae-oqa.example", true);
        check("\u{212a}im@partner.example", "kim@partner.example", true);
        // Their hosts may tell these apart, so they are told apart here.
        check("ana+news@partner.example", "ana@partner.example", false);
        check("a.na@partner.example", "ana@partner.example", false);
        check("stra\u{df}e@partner.example", "strasse@partner.example", false);
        check("ana@stra\u{df}e.example", "ana@strasse.example", false);
        check("\u{130}rem@partner.example", "irem@partner.example", false);
        check("\u{131}rem@partner.example", "irem@partner.example", false);
        check("\u{430}na@partner.example", "ana@partner.example", false);
        check("\u{ff41}na@partner.example", "ana@partner.example", false);
        check("ana@partner.example", "ana@partner.example.org", false);
        // What is no domain is compared as it is written.
        check("ana@xn--a.example", "ANA@XN--A.example", true);
        check("no address", "No Address", true);
    }
}
