//! [`Claim`]: everything a credential says.

use chrono::{DateTime, Utc};

use crate::decimal::Decimal;
use crate::id::{AwardId, ListName};
use crate::program::{Certification, Issuer, NameStyle};
use crate::urls::Urls;

/// What every name in a credential of the test realm begins with.
pub const TEST_MARK: &str = "TEST: ";

/// Everything a credential says. What privacy and consent forbid is left out by whoever makes the claim.
#[derive(Debug, Clone, Copy)]
pub struct Claim<'a> {
    /// Where the service answers.
    pub urls: &'a Urls,
    /// Who signs.
    pub signer: Signer<'a>,
    /// What is held.
    pub certification: &'a Certification,
    /// The level's name, as people read it.
    pub level: Option<&'a str>,
    /// Its number for life.
    pub award: AwardId,
    /// The moment of signing.
    pub valid_from: DateTime<Utc>,
    /// 23:59:59 local of the last day; none: does not expire.
    pub valid_until: Option<DateTime<Utc>>,
    /// When it was earned.
    pub awarded_at: DateTime<Utc>,
    /// `valid_from` of the version before this one: this one must be later.
    pub previous_valid_from: Option<DateTime<Utc>>,
    /// Whose it is.
    pub holder: Holder<'a>,
    /// In percent; only by setting and the holder's consent.
    pub score: Option<Decimal>,
    /// Only by setting and the holder's consent.
    pub evidence: &'a [EvidenceItem<'a>],
    /// The status list this version's bit stands in.
    pub list: ListName,
    /// Which bit; never used before.
    pub index: u32,
    /// Carries the TEST mark.
    pub test: bool,
}

/// The issuer as it appears in a credential, and the key it signs with.
#[derive(Debug, Clone, Copy)]
pub struct Signer<'a> {
    /// `did:web:…` or `did:key:…`.
    pub did: &'a str,
    /// The public key as multibase text (`z6Mk…`).
    pub key: &'a str,
    /// Name, address and mail of the vendor.
    pub issuer: &'a Issuer,
}

impl Signer<'_> {
    /// The proof's `verificationMethod`.
    pub fn verification_method(&self) -> String {
        format!("{}#{}", self.did, self.key)
    }
}

/// The holder, as far as the credential may tell.
#[derive(Debug, Clone, Copy)]
pub struct Holder<'a> {
    /// A random `urn:uuid:…`, one per person and issuer.
    pub subject: &'a str,
    /// As given; what is shown of it depends on the style.
    pub name: &'a str,
    /// How the name is shown.
    pub style: NameStyle,
    /// The one address the holder chose, if it may be hashed.
    pub email: Option<HashedEmail<'a>>,
}

/// A mail address and the salt it is hashed with.
#[derive(Debug, Clone, Copy)]
pub struct HashedEmail<'a> {
    /// As given.
    pub address: &'a str,
    /// Random, of this person.
    pub salt: [u8; 16],
}

/// One piece of evidence.
#[derive(Debug, Clone, Copy)]
pub struct EvidenceItem<'a> {
    /// As people read it.
    pub name: &'a str,
    /// Where it is.
    pub url: &'a str,
}
