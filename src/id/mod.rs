//! Newtypes for every id, and the [`IdSource`] that new ones are drawn from.

mod award;
mod slug;

use std::fmt;
use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub use award::{AwardId, MalformedAwardId};
pub use slug::{
    AccreditationId, AreaId, CertificationId, LevelId, MalformedSlug, ProgramId, RequirementId, RightId, TierId,
    TrackId,
};

/// Crockford's base32, in order of value: no I, L, O, U.
pub(crate) const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Where randomness comes from; a counter in tests.
pub trait IdSource: Send + Sync + 'static {
    /// Fills `bytes` with values nobody can guess.
    fn fill(&self, bytes: &mut [u8]);
}

/// The operating system's randomness.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsRandom;

impl IdSource for OsRandom {
    #[expect(clippy::disallowed_methods, reason = "the one place that draws randomness")]
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the operating system has randomness");
    }
}

/// Ids that count up, so that a test can name them.
#[derive(Debug, Default)]
pub struct CountedIds(AtomicU64);

impl IdSource for CountedIds {
    fn fill(&self, bytes: &mut [u8]) {
        let n = self.0.fetch_add(1, Ordering::Relaxed) + 1;
        bytes.fill(0);
        let len = bytes.len();
        let tail = len.min(8);
        bytes[len - tail..].copy_from_slice(&n.to_be_bytes()[8 - tail..]);
    }
}

/// `bits / 5` characters of `value`, most significant first.
fn crockford(value: u128, characters: usize) -> String {
    (0..characters).rev().map(|i| char::from(CROCKFORD[(value >> (5 * i)) as usize & 31])).collect()
}

/// A time-ordered internal id: 48 bits of milliseconds and 80 random bits as 26 characters. Never public.
fn time_ordered(now: DateTime<Utc>, ids: &dyn IdSource) -> String {
    let mut random = [0u8; 16];
    ids.fill(&mut random[6..]);
    let millis = u128::from(now.timestamp_millis().unsigned_abs()) & 0xffff_ffff_ffff;
    crockford((millis << 80) | u128::from_be_bytes(random), 26).to_lowercase()
}

/// Not an internal id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an internal id has 26 digits and lower-case letters")]
pub struct MalformedInternalId;

macro_rules! internal_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// A new id that sorts by `now`.
            pub fn new(now: DateTime<Utc>, ids: &dyn IdSource) -> Self {
                $name(time_ordered(now, ids))
            }

            /// The 26 characters.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = MalformedInternalId;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let sound = |b: u8| b.is_ascii_digit() || b.is_ascii_lowercase();
                let sound = text.len() == 26 && text.bytes().all(sound);
                sound.then(|| $name(text.to_owned())).ok_or(MalformedInternalId)
            }
        }
    };
}

internal_id! {
    /// A human being, apart from any e-mail address.
    PersonId
}
internal_id! {
    /// Something granted beside the rules.
    ExceptionId
}
internal_id! {
    /// An investigation that holds results back.
    HoldId
}
internal_id! {
    /// A batch of results that was a mistake.
    UndoId
}
internal_id! {
    /// A holder's objection.
    AppealId
}
internal_id! {
    /// Something a person should look at.
    ReviewId
}
internal_id! {
    /// An address that is told of events.
    WebhookId
}
internal_id! {
    /// One event of the feed; receivers use it to tell repeats.
    EventId
}

/// A random (version 4) UUID in the form `urn:uuid:…`, for subjects that must not be guessable.
pub fn random_urn(ids: &dyn IdSource) -> String {
    let mut b = [0u8; 16];
    ids.fill(&mut b);
    b[6] = (b[6] & 0x0f) | 0x40;
    b[8] = (b[8] & 0x3f) | 0x80;
    let hex = format!("{:032x}", u128::from_be_bytes(b));
    format!("urn:uuid:{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

/// The running number of a credential within its award: 1 for the first issue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CredentialVersion(pub u32);

impl CredentialVersion {
    /// The first issue.
    pub const FIRST: CredentialVersion = CredentialVersion(1);

    /// The version after this one.
    #[must_use]
    pub fn next(self) -> Self {
        CredentialVersion(self.0 + 1)
    }
}

impl fmt::Display for CredentialVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Live or test: test keys and what they write never mix with live ones (their keys in the store begin with `test/`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Realm {
    /// Counts.
    Live,
    /// Carries the TEST mark everywhere and counts nowhere.
    Test,
}

impl Realm {
    /// Whether everything made here must carry the TEST mark.
    pub fn is_test(self) -> bool {
        self == Realm::Test
    }
}

/// The name of a status list as it stands in its address: `1`, or `t1` in the test realm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ListName {
    /// Which realm's awards it speaks of.
    pub realm: Realm,
    /// Counted from 1.
    pub number: u32,
}

impl fmt::Display for ListName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = if self.realm.is_test() { "t" } else { "" };
        write!(f, "{mark}{}", self.number)
    }
}

/// No status list can have this name.
#[derive(Debug, thiserror::Error)]
#[error("a status list is named by a number")]
pub struct MalformedListName;

impl FromStr for ListName {
    type Err = MalformedListName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (realm, digits) = match text.strip_prefix('t') {
            Some(rest) => (Realm::Test, rest),
            None => (Realm::Live, text),
        };
        let canonical = !digits.is_empty()
            && digits.len() <= 9
            && !digits.starts_with('0')
            && digits.bytes().all(|b| b.is_ascii_digit());
        let number = canonical.then(|| digits.parse().ok()).flatten().ok_or(MalformedListName)?;
        Ok(ListName { realm, number })
    }
}
