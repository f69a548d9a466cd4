//! Every path the service answers, in one place: patterns for the router, addresses for everybody else.

use crate::id::{AwardId, CertificationId, ListName};

/// Path patterns, in axum's syntax.
pub mod path {
    #![expect(missing_docs, reason = "each says what it is; the table is in README.md")]

    pub const HOME: &str = "/";
    pub const AWARD_PAGE: &str = "/v/{award}";
    pub const CREDENTIAL: &str = "/credentials/{award}";
    pub const BADGE: &str = "/badges/{award}";
    pub const CARD: &str = "/cards/{award}";
    pub const ACHIEVEMENT: &str = "/achievements/{certification}";
    pub const ISSUER: &str = "/issuer";
    pub const ISSUER_LOGO: &str = "/issuer/logo";
    pub const DID_DOCUMENT: &str = "/.well-known/did.json";
    pub const DID_DOCUMENT_BELOW_PATH: &str = "/did.json";
    pub const STATUS_LIST: &str = "/status/{list}";
    pub const VERIFY: &str = "/verify";
    pub const HEALTHZ: &str = "/healthz";
    pub const READYZ: &str = "/readyz";
    pub const OPENAPI: &str = "/openapi.json";
    pub const API_VERIFY: &str = "/api/v1/verify";
    pub const API_RESULTS: &str = "/api/v1/results";
    pub const API_AWARD: &str = "/api/v1/awards/{award}";
    pub const API_AWARD_VERB: &str = "/api/v1/awards/{award}/{verb}";
    pub const API_KEYS: &str = "/api/v1/api-keys";
    pub const API_KEY_REVOKE: &str = "/api/v1/api-keys/revoke";
    pub const API_SIGNING_KEYS: &str = "/api/v1/signing-keys";
    pub const API_SIGNING_KEY_VERB: &str = "/api/v1/signing-keys/{verb}";
    pub const ADDRESS_LINK: &str = "/a/{token}";
    pub const API_PEOPLE: &str = "/api/v1/people";
    pub const API_PEOPLE_FIND: &str = "/api/v1/people/find";
    pub const API_PEOPLE_MERGE: &str = "/api/v1/people/merge";
    pub const API_PERSON: &str = "/api/v1/people/{person}";
    pub const API_PERSON_ADDRESSES: &str = "/api/v1/people/{person}/addresses";
    pub const API_PERSON_ADDRESSES_REMOVE: &str = "/api/v1/people/{person}/addresses/remove";
    pub const API_PERSON_ADDRESSES_PRIMARY: &str = "/api/v1/people/{person}/addresses/primary";
    pub const API_PERSON_EXTERNAL: &str = "/api/v1/people/{person}/external";
    pub const API_PERSON_EXTERNAL_REMOVE: &str = "/api/v1/people/{person}/external/remove";
    pub const API_PERSON_CONSENT: &str = "/api/v1/people/{person}/consent";
    pub const API_PERSON_LANGUAGE: &str = "/api/v1/people/{person}/language";
    pub const API_PERSON_NAME: &str = "/api/v1/people/{person}/name";
    pub const API_PERSON_PROOF: &str = "/api/v1/people/{person}/proof";
    pub const API_CLOCK: &str = "/api/v1/clock";
}

/// Builds absolute addresses under the service's base.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Urls {
    base: String,
}

impl Urls {
    /// `base` is an absolute http or https address; a trailing slash is dropped.
    pub fn new(base: &str) -> Self {
        Urls { base: base.trim_end_matches('/').to_owned() }
    }

    /// The base, without a trailing slash.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Host and port, as a person reads them.
    pub fn host(&self) -> &str {
        let rest = self.base.split_once("://").map_or(self.base.as_str(), |(_, rest)| rest);
        rest.split('/').next().unwrap_or(rest)
    }

    /// The path of the base, which the router never sees; empty for most.
    pub fn base_path(&self) -> &str {
        let rest = self.base.split_once("://").map_or(self.base.as_str(), |(_, rest)| rest);
        rest.find('/').map_or("", |at| &rest[at..])
    }

    /// One of our own addresses without scheme and host, so that a page works under every name the service is reached by.
    pub fn local<'a>(&self, address: &'a str) -> &'a str {
        let origin = self.base.len() - self.base_path().len();
        if address.starts_with(&self.base) { &address[origin..] } else { address }
    }

    /// The front page.
    pub fn home(&self) -> String {
        format!("{}/", self.base)
    }

    /// The verification page: where every link and QR code leads.
    pub fn award_page(&self, award: AwardId) -> String {
        format!("{}/v/{award}", self.base)
    }

    /// The verification page as it is printed in QR codes: upper case, so that the symbol stays small. A path of the base
    /// stays as it is: it is matched by somebody else.
    pub fn qr(&self, award: AwardId) -> String {
        let (origin, path) = self.base.split_at(self.base.len() - self.base_path().len());
        format!("{}{path}/V/{award}", origin.to_uppercase())
    }

    /// The `id` of an award's credential, the same for all its versions.
    pub fn credential(&self, award: AwardId) -> String {
        format!("{}/credentials/{award}", self.base)
    }

    /// One form of the credential; `suffix` is `json`, `png` or `svg`.
    pub fn credential_as(&self, award: AwardId, suffix: &str) -> String {
        format!("{}/credentials/{award}.{suffix}", self.base)
    }

    /// The live picture; `suffix` is `svg` or `png`.
    pub fn badge(&self, award: AwardId, suffix: &str) -> String {
        format!("{}/badges/{award}.{suffix}", self.base)
    }

    /// The 1200x630 preview.
    pub fn card(&self, award: AwardId) -> String {
        format!("{}/cards/{award}.png", self.base)
    }

    /// The `id` and page of an achievement.
    pub fn achievement(&self, certification: &CertificationId) -> String {
        format!("{}/achievements/{certification}", self.base)
    }

    /// The picture of an achievement; `suffix` is `svg` or `png`.
    pub fn achievement_image(&self, certification: &CertificationId, suffix: &str) -> String {
        format!("{}/achievements/{certification}.{suffix}", self.base)
    }

    /// The issuer's profile page.
    pub fn issuer(&self) -> String {
        format!("{}/issuer", self.base)
    }

    /// The issuer's logo.
    pub fn issuer_logo(&self) -> String {
        format!("{}/issuer/logo", self.base)
    }

    /// A status list credential.
    pub fn status_list(&self, list: ListName) -> String {
        format!("{}/status/{list}", self.base)
    }

    /// The form that checks any badge.
    pub fn verify_form(&self) -> String {
        format!("{}/verify", self.base)
    }

    /// The page that confirms a mail address; `token` is a secret that is good once and for a time.
    pub fn address_link(&self, token: &str) -> String {
        format!("{}/a/{token}", self.base)
    }

    /// The award that one of our own addresses speaks of (`/v/…`, `/credentials/…`, with or without suffix), if any.
    pub fn award_in(&self, address: &str) -> Option<AwardId> {
        let start = address.get(..self.base.len())?;
        if !start.eq_ignore_ascii_case(&self.base) {
            return None;
        }
        let path = address[self.base.len()..].split(['?', '#']).next()?.strip_prefix('/')?;
        let (kind, rest) = path.split_once('/')?;
        let known = ["v", "credentials", "badges", "cards"].iter().any(|k| kind.eq_ignore_ascii_case(k));
        if !known {
            return None;
        }
        rest.split('.').next()?.parse().ok()
    }
}
