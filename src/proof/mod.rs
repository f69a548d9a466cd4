//! Keys and DID documents, Data Integrity suites, compact JWS, and signatures of webhooks.

pub mod data_integrity;
pub mod did;
pub mod issuer;
pub mod jose;
mod key;
pub mod standard_webhooks;

pub use key::{Algorithm, KeyError, KeyKind, PublicKey};

use chrono::{DateTime, Utc};

/// An XSD `dateTimeStamp`: date, `T`, time and a time zone.
pub(crate) fn date_time_stamp(text: &str) -> Option<DateTime<Utc>> {
    if text.as_bytes().get(10) != Some(&b'T') {
        return None;
    }
    DateTime::parse_from_rfc3339(text).ok().map(|at| at.to_utc())
}
