//! [`Facts`]: what is known besides the credential itself; and [`Need`]: what should be known.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::own::OwnAward;
use super::token::Secured;
use super::trusted::TrustList;
use super::web;
use crate::linked_data::json;
use crate::openbadges::reading::many;
use crate::proof::{PublicKey, did, jose};

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

    /// Whether an answer is of the kind that is asked for at all. What it is worth is for the checks to judge.
    pub fn is_met_by(&self, found: &Found) -> bool {
        match (self, found) {
            (_, Found::Moved { found, .. }) => self.is_met_by(found),
            (_, Found::Gone | Found::CouldNot(_)) => true,
            (Need::StatusList(_) | Need::Refresh(_), Found::Json(document)) => {
                !many(document, "credentialSubject").is_empty()
            }
            (Need::ControllerDocument(_), Found::Json(document)) => {
                let members = ["verificationMethod", "assertionMethod", "authentication", "publicKey", "controller"];
                document.get("kty").is_some() || members.iter().any(|member| document.get(*member).is_some())
            }
            (Need::RevocationList(_), Found::Json(document)) => {
                ["revokedCredential", "revokedCredentials"].iter().any(|member| document.get(*member).is_some())
            }
            (Need::Hosted(_), Found::Json(document)) => {
                let members = ["badge", "revoked", "issuer", "origin", "publicKeyPem", "revokedAssertions"];
                let context = |context: &Value| context.as_str().is_some_and(|c| c.contains("openbadges"));
                let has = |member: &str| document.get(member).is_some();
                members.into_iter().any(has)
                    || has("name") && has("url")
                    || many(document, "@context").iter().any(context)
            }
            (Need::StatusList(_) | Need::Refresh(_), Found::Text(text)) => Secured::token(text).is_ok(),
            (Need::Hosted(_), Found::Text(text)) => PublicKey::from_pem(text).is_ok(),
            (Need::ControllerDocument(_) | Need::RevocationList(_), Found::Text(_)) => false,
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
    /// It lies elsewhere: who was asked sent the request on.
    Moved {
        /// To whom, in order; the last has it.
        way: Vec<String>,
        /// What came of it there.
        found: Box<Found>,
    },
    /// The host says that it was there and is no more (HTTP 410): of a hosted assertion, an answer.
    Gone,
    /// Why not, as the end of the sentence "The status list of badges.example …": "did not answer".
    CouldNot(String),
}

impl Found {
    /// What an answer comes to that came by this `way`: every address that was asked, in order.
    pub fn answered(status: u16, bytes: &[u8], way: &[String]) -> Found {
        let found = match status {
            200 => Found::of(bytes),
            410 => Found::Gone,
            404 => Found::CouldNot("is not where it should be".to_owned()),
            status => Found::CouldNot(format!("answered with an error ({status})")),
        };
        match (found, way) {
            (found @ (Found::Json(_) | Found::Text(_) | Found::Gone), [_, on @ ..]) if !on.is_empty() => {
                Found::Moved { way: on.to_vec(), found: Box::new(found) }
            }
            (found, _) => found,
        }
    }

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
    /// The moment the answer shall be about; none: now. Where our own record speaks, it is now: see [`Past`](super::Past).
    pub as_of: Option<DateTime<Utc>>,
    /// What was fetched.
    pub found: HashMap<Need, Found>,
    /// Our own record, when the credential bears the number of one of our awards. Used only if the issuer is ours too.
    pub own: Option<OwnAward>,
    /// DIDs this service issues with.
    pub ours: Vec<String>,
    /// Whom the operator relies on.
    pub listed: Arc<TrustList>,
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
        self.as_of.filter(|_| self.own.is_none()).unwrap_or(self.now)
    }

    /// What was found, wherever it lies: for what carries a signature of its own, or lies where something signed says.
    pub(super) fn anywhere(&self, need: &Need) -> Option<&Found> {
        match self.found.get(need)? {
            Found::Moved { found, .. } => Some(found),
            found => Some(found),
        }
    }

    /// What was found where it speaks for the address that was asked, and for nobody else's: whoever can have a host send
    /// requests on, or keep a file there, is not that host. `Err` is where it lies instead.
    pub(super) fn vouched(&self, need: &Need) -> Option<Result<&Found, &str>> {
        match self.found.get(need)? {
            Found::Moved { way, found } => {
                Some(if web::speaks_for(need, way, found) { Ok(found) } else { Err(way.last().map_or("", |at| at)) })
            }
            found => Some(Ok(found)),
        }
    }

    /// Where the request for it was sent on to, in order.
    pub(super) fn way(&self, need: &Need) -> &[String] {
        match self.found.get(need) {
            Some(Found::Moved { way, .. }) => way,
            _ => &[],
        }
    }

    /// The address to which an issuer's own leads, if that is another.
    pub(super) fn leads_to(&self, issuer: &str) -> Option<&str> {
        let needs = [Need::ControllerDocument(issuer.to_owned()), Need::Hosted(issuer.to_owned())];
        needs.iter().filter(|_| web::is_web(issuer)).find_map(|need| self.way(need).last()).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What lies at a place within is worth an answer only if it is what was asked for.
    #[test]
    fn an_answer_is_of_the_kind_that_was_asked_for() {
        let at = || "https://a.example/1".to_owned();
        let needs = [
            Need::ControllerDocument(at()),
            Need::StatusList(at()),
            Need::RevocationList(at()),
            Need::Refresh(at()),
            Need::Hosted(at()),
        ];
        for (text, expected) in [
            (r#"{"id": "1", "users": ["ana"], "password": "x"}"#, [false; 5]),
            ("[1, 2]", [false; 5]),
            (r#"{"id": "1", "assertionMethod": []}"#, [true, false, false, false, false]),
            (r#"{"kty": "OKP"}"#, [true, false, false, false, false]),
            (r#"{"credentialSubject": {"id": "1"}}"#, [false, true, false, true, false]),
            (r#"{"revokedCredentials": []}"#, [false, false, true, false, false]),
            (r#"{"uid": "1", "badge": "x"}"#, [false, false, false, false, true]),
            (r#"{"name": "x", "url": "https://a.example"}"#, [false, false, false, false, true]),
            (r#"{"@context": "https://w3id.org/openbadges/v2"}"#, [false, false, false, false, true]),
            (include_str!("../../tests/fixtures/keys/rsa-2048.pub.pem"), [false, false, false, false, true]),
            ("-----BEGIN CERTIFICATE-----", [false; 5]),
            ("eyJhbGciOiJub25lIn0.e30.", [false; 5]),
        ] {
            for way in [&["a".to_owned()][..], &["a".to_owned(), "b".to_owned()]] {
                let found = Found::answered(200, text.as_bytes(), way);
                assert_eq!(needs.each_ref().map(|need| need.is_met_by(&found)), expected, "{text}");
            }
        }
    }

    #[test]
    fn what_is_no_answer_says_why() {
        #[track_caller]
        fn check(status: u16, text: &str, expected: Found) {
            assert_eq!(Found::answered(status, text.as_bytes(), &["a".to_owned()]), expected, "{status}");
        }
        let could_not = |why: &str| Found::CouldNot(why.to_owned());
        check(200, "<html>", could_not("answered with something that cannot be read"));
        check(404, "{}", could_not("is not where it should be"));
        check(410, "{}", Found::Gone);
        check(503, "{}", could_not("answered with an error (503)"));
        check(200, "7", Found::Json(7.into()));
    }
}
