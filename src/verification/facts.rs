//! [`Facts`]: what is known besides the credential itself; and [`Need`]: what should be known.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::own::{HolderShown, OwnAward};
use super::trusted::TrustList;
use crate::linked_data::json;
use crate::proof::{did, jose};

/// Something that must be fetched before the answer can be given: what for, and its address (a `did:web:…` or a web address).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Need {
    /// The document that lists somebody's keys, or a single key (a JSON Web Key, a verification method).
    ControllerDocument(String),
    /// A status list credential.
    StatusList(String),
    /// A list of ids that were revoked (1EdTech Verifiable Credential Revocation List).
    RevocationList(String),
    /// The newest version of a credential (1EdTech Verifiable Credential Refresh).
    Refresh(String),
    /// A document of Open Badges 2.0 or 1.x: assertion, badge class, profile, key, revocation list.
    Hosted(String),
}

impl Need {
    /// The identifier or address, as the badge names it.
    pub fn name(&self) -> &str {
        match self {
            Need::ControllerDocument(name)
            | Need::StatusList(name)
            | Need::RevocationList(name)
            | Need::Refresh(name)
            | Need::Hosted(name) => name,
        }
    }

    /// Where it lies; none for a DID that leads nowhere.
    pub fn address(&self) -> Option<String> {
        match self {
            Need::ControllerDocument(did) if did.starts_with("did:") => did::did_web_address(did).ok(),
            other => Some(other.name().to_owned()),
        }
    }

    /// The `Accept` to ask with.
    pub fn accept(&self) -> &'static str {
        match self {
            Need::ControllerDocument(_) => {
                "application/did+json, application/did+ld+json, application/jwk+json, application/json;q=0.9, */*;q=0.1"
            }
            Need::StatusList(_) | Need::Refresh(_) => {
                "application/vc, application/vc+ld+json, application/ld+json;q=0.9, application/json;q=0.9, \
                 application/vc+jwt;q=0.8, application/jwt;q=0.7, text/plain;q=0.5, */*;q=0.1"
            }
            Need::RevocationList(_) => "application/json, */*;q=0.1",
            Need::Hosted(_) => "application/ld+json, application/json, */*;q=0.1",
        }
    }

    /// The most bytes of an answer that are read. Status lists are packed bits, and may be long.
    pub fn most(&self) -> usize {
        match self {
            Need::StatusList(_) => 4 << 20,
            _ => 1 << 20,
        }
    }
}

/// What came of fetching.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    /// A JSON document.
    Json(Value),
    /// A text: a compact JWS, or a key in PEM.
    Text(String),
    /// The host says that it was there and is no more (HTTP 410): of a hosted assertion, an answer.
    Gone,
    /// Why not, as the end of the sentence "The status list of badges.example …": "did not answer".
    CouldNot(String),
}

impl Found {
    /// What an answer with these bytes is: strict JSON, a compact JWS, or a key in PEM.
    pub fn of(bytes: &[u8]) -> Found {
        let text = std::str::from_utf8(bytes).map(|text| text.trim_start_matches('\u{feff}').trim());
        match text {
            Ok(text) if jose::looks_like(text) || text.starts_with("-----BEGIN ") => Found::Text(text.to_owned()),
            Ok(text) => match json::parse(text.as_bytes()) {
                Ok(value) => Found::Json(value),
                Err(_) => Found::CouldNot("answered with something that cannot be read".to_owned()),
            },
            Err(_) => Found::CouldNot("answered with something that cannot be read".to_owned()),
        }
    }
}

/// What is known besides the credential itself.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// When the checks are made.
    pub now: DateTime<Utc>,
    /// The moment the answer shall be about; none: now.
    pub as_of: Option<DateTime<Utc>>,
    /// What was fetched.
    pub found: HashMap<Need, Found>,
    /// Our own record, when the credential bears the number of one of our awards. Used only if the issuer is ours too.
    pub own: Option<OwnAward>,
    /// DIDs this service issues with.
    pub ours: Vec<String>,
    /// Whom the operator relies on.
    pub listed: Arc<TrustList>,
    /// Whether and how the holder's name is told.
    pub holder_shown: HolderShown,
    /// Who is said to hold it (a mail address, a DID, …); none: nobody asked.
    pub holder: Option<String>,
}

impl Facts {
    /// Nothing but the time is known.
    pub fn at(now: DateTime<Utc>) -> Self {
        Facts { now, ..Facts::default() }
    }

    /// The moment the answer is about.
    pub fn moment(&self) -> DateTime<Utc> {
        self.as_of.unwrap_or(self.now)
    }
}
