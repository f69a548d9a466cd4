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
    pub const VERIFY_SCRIPT: &str = "/verify.js";
    pub const VC_API_ISSUE: &str = "/credentials/issue";
    pub const VC_API_VERIFY: &str = "/credentials/verify";
    pub const VC_API_PRESENTATION: &str = "/presentations/verify";
    pub const HEALTHZ: &str = "/healthz";
    pub const READYZ: &str = "/readyz";
    pub const OPENAPI: &str = "/openapi.json";
    pub const API_VERIFY: &str = "/api/v1/verify";
    pub const API_RESULTS: &str = "/api/v1/results";
    pub const API_AWARD: &str = "/api/v1/awards/{award}";
    pub const API_AWARD_VERB: &str = "/api/v1/awards/{award}/{verb}";
    pub const API_KEYS: &str = "/api/v1/api-keys";
    pub const API_KEY_REVOKE: &str = "/api/v1/api-keys/revoke";
    pub const API_TRUSTED_ISSUERS: &str = "/api/v1/trusted-issuers";
    pub const API_TRUSTED_ISSUER_REMOVE: &str = "/api/v1/trusted-issuers/remove";
    pub const API_SET_ASIDE: &str = "/api/v1/set-aside";
    pub const API_SIGNING_KEYS: &str = "/api/v1/signing-keys";
    pub const API_SIGNING_KEY_VERB: &str = "/api/v1/signing-keys/{verb}";
    pub const API_PROGRAM: &str = "/api/v1/program";
    pub const API_PROGRAM_VERSION: &str = "/api/v1/program/{version}";
    pub const API_PROGRAM_VERB: &str = "/api/v1/program/{version}/{verb}";
    pub const API_CERTIFICATION_REVIEWED: &str = "/api/v1/certifications/{certification}/reviewed";
    pub const API_RECERTIFICATIONS: &str = "/api/v1/recertifications";
    pub const API_RECERTIFICATION: &str = "/api/v1/recertifications/{id}";
    pub const API_RECERTIFICATION_VERB: &str = "/api/v1/recertifications/{id}/{verb}";
    pub const API_AWARDS: &str = "/api/v1/awards";
    pub const API_EXCEPTIONS: &str = "/api/v1/exceptions";
    pub const API_EXCEPTION_CONFIRM: &str = "/api/v1/exceptions/{exception}/confirm";
    pub const API_EXCEPTION_WITHDRAW: &str = "/api/v1/exceptions/{exception}/withdraw";
    pub const API_HOLDS: &str = "/api/v1/holds";
    pub const API_HOLD: &str = "/api/v1/holds/{hold}";
    pub const API_HOLD_RELEASE: &str = "/api/v1/holds/{hold}/release";
    pub const API_HOLD_UPHOLD: &str = "/api/v1/holds/{hold}/uphold";
    pub const API_STANDINGS: &str = "/api/v1/standings";
    pub const API_STANDINGS_FIND: &str = "/api/v1/standings/find";
    pub const API_UNDO: &str = "/api/v1/undo";
    pub const API_UNDONE: &str = "/api/v1/undo/{undo}";
    pub const API_WEBHOOKS: &str = "/api/v1/webhooks";
    pub const API_WEBHOOK: &str = "/api/v1/webhooks/{webhook}";
    pub const API_WEBHOOK_DELIVERIES: &str = "/api/v1/webhooks/{webhook}/deliveries";
    pub const API_WEBHOOK_VERB: &str = "/api/v1/webhooks/{webhook}/{verb}";
    pub const API_EVENTS: &str = "/api/v1/events";
    pub const API_EVENT: &str = "/api/v1/events/{event}";
    pub const API_IMPORTS: &str = "/api/v1/imports";
    pub const API_IMPORT_TEMPLATE: &str = "/api/v1/imports/template.csv";
    pub const API_REVIEWS: &str = "/api/v1/reviews";
    pub const API_REVIEWS_ACCEPT: &str = "/api/v1/reviews/accept";
    pub const API_INBOUND_WEBHOOKS: &str = "/api/v1/inbound-webhooks";
    pub const API_INBOUND_WEBHOOK_REVOKE: &str = "/api/v1/inbound-webhooks/revoke";
    pub const INBOUND_WEBHOOK: &str = "/hooks/results/{source}";
    pub const FEED: &str = "/feeds/{source}";
    pub const XAPI_STATEMENTS: &str = "/xapi/statements";
    pub const XAPI_ABOUT: &str = "/xapi/about";
    pub const CALENDAR: &str = "/c/{award}";
    pub const HOLDER_LINK: &str = "/h/{token}";
    pub const HOLDER: &str = "/holder";
    pub const HOLDER_DECLINE: &str = "/holder/{award}/decline";
    pub const HOLDER_APPEAL: &str = "/holder/{award}/appeal";
    pub const HOLDER_LEAVE: &str = "/holder/leave";
    pub const UNSUBSCRIBE: &str = "/u/{token}";
    pub const API_MAILS: &str = "/api/v1/mails";
    pub const API_APPEALS: &str = "/api/v1/appeals";
    pub const API_APPEAL_CLOSE: &str = "/api/v1/appeals/{id}/close";
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
    pub const API_PERSON_MANAGERS: &str = "/api/v1/people/{person}/managers";
    pub const API_PERSON_NAME: &str = "/api/v1/people/{person}/name";
    pub const API_PERSON_PROOF: &str = "/api/v1/people/{person}/proof";
    pub const API_CLOCK: &str = "/api/v1/clock";
    pub const API_RIGHTS_CHECK: &str = "/api/v1/rights/check";
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

    /// The script of that form.
    pub fn verify_script(&self) -> String {
        format!("{}/verify.js", self.base)
    }

    /// Where an exam vendor sends the results it signs.
    pub fn inbound_webhook(&self, source: &str) -> String {
        format!("{}/hooks/results/{source}", self.base)
    }

    /// The day an award expires, for calendars.
    pub fn calendar(&self, award: AwardId) -> String {
        format!("{}/c/{award}.ics", self.base)
    }

    /// The mailed link that opens a holder's page.
    pub fn holder_link(&self, secret: &str) -> String {
        format!("{}/h/{secret}", self.base)
    }

    /// The holder's page.
    pub fn holder(&self) -> String {
        format!("{}/holder", self.base)
    }

    /// Where the holder declines an award (`decline`) or appeals (`appeal`).
    pub fn holder_step(&self, award: AwardId, step: &str) -> String {
        format!("{}/holder/{award}/{step}", self.base)
    }

    /// Where the holder closes the page behind them.
    pub fn holder_leave(&self) -> String {
        format!("{}/holder/leave", self.base)
    }

    /// The mailed link that stops reminders.
    pub fn unsubscribe(&self, secret: &str) -> String {
        format!("{}/u/{secret}", self.base)
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
