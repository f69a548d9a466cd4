//! Keys and DID documents, Data Integrity suites, compact JWS, and signatures of webhooks.

pub mod data_integrity;
pub mod did;
pub mod issuer;
pub mod jose;
mod key;
pub mod standard_webhooks;

pub use key::{Algorithm, KeyError, KeyKind, PublicKey};

use chrono::{DateTime, Utc};

/// The names that published contexts have for the end of a proof or a key, `https://w3id.org/security#expiration`: both say
/// the same, and the earlier end counts.
pub(crate) const EXPIRES: [&str; 2] = ["expires", "expiration"];

/// An XSD `dateTimeStamp`: date, `T`, time and a time zone. RFC 3339 allows more: small letters, a space, leap seconds and
/// offsets of whole days.
pub(crate) fn date_time_stamp(text: &str) -> Option<DateTime<Utc>> {
    const WIDEST_OFFSET: i32 = 14 * 3600;
    let is_rfc_3339_only = text.get(10..11) != Some("T") || text.get(17..19) == Some("60") || text.ends_with('z');
    let at = DateTime::parse_from_rfc3339(text).ok().filter(|_| !is_rfc_3339_only)?;
    (at.offset().local_minus_utc().abs() <= WIDEST_OFFSET).then(|| at.to_utc())
}
