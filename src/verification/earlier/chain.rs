//! [`Chain`]: the documents that vouch for one another: assertion, badge class, profile; and the key of a signed one.

use serde_json::Value;

use crate::openbadges::reading::{first, id_of, is_a, many};
use crate::verification::facts::{Facts, Found, Need};
use crate::verification::token::{Secured, Token};
use crate::verification::web::is_web;
use crate::verification::words;

/// One document of the chain.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Link<'a> {
    Got(&'a Value),
    /// A text where JSON was expected: a key in PEM.
    Text(&'a str),
    /// Its host says that it was there and is no more.
    Gone,
    /// Not known: whose host, and why.
    Unknown(String, String),
}

impl<'a> Link<'a> {
    pub(super) fn json(&self) -> Option<&'a Value> {
        match self {
            Link::Got(value) => Some(value),
            _ => None,
        }
    }
}

/// How an assertion is vouched for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// It is what its host serves.
    Hosted,
    /// It carries a signature.
    Signed,
    /// It does not say.
    Unsaid,
}

/// An assertion, and all that it rests on.
pub(super) struct Chain<'a> {
    pub(super) facts: &'a Facts,
    /// As it was handed in.
    pub(super) presented: &'a Value,
    pub(super) token: Option<&'a Token>,
    pub(super) way: Way,
    /// Where a hosted assertion lies; the id of a signed one.
    pub(super) address: Option<&'a str>,
    /// As its host serves it.
    pub(super) hosted: Link<'a>,
    pub(super) badge: Link<'a>,
    pub(super) profile: Link<'a>,
    /// Of a signed one: the address of the key, and the key.
    pub(super) key_address: Option<&'a str>,
    pub(super) key: Link<'a>,
    /// Of a signed one, if its issuer names one.
    pub(super) revoked: Option<(&'a str, Link<'a>)>,
    /// What is not fetched yet.
    pub(super) needs: Vec<Need>,
}

impl<'a> Chain<'a> {
    /// Follows the addresses as far as they were fetched.
    pub(super) fn of(secured: &'a Secured, facts: &'a Facts) -> Self {
        let presented = &secured.document;
        let verification = first(presented, "verification").or_else(|| first(presented, "verify"));
        let way = way(verification, secured.token.is_some());
        let within = |member: &str| verification.and_then(|v| v.get(member)).and_then(Value::as_str);
        let id = first(presented, "id").and_then(Value::as_str);
        let unasked = || Link::Unknown(String::new(), "was not asked".to_owned());
        let mut chain = Chain {
            facts,
            presented,
            token: secured.token.as_ref(),
            way,
            address: if way == Way::Hosted { id.filter(|id| is_web(id)).or_else(|| within("url")) } else { id },
            hosted: unasked(),
            badge: unasked(),
            profile: unasked(),
            key_address: within("creator").or_else(|| within("url")).filter(|_| way == Way::Signed),
            key: unasked(),
            revoked: None,
            needs: Vec::new(),
        };
        if let (Way::Hosted, Some(address)) = (way, chain.address) {
            chain.hosted = chain.fetched(address);
        }
        chain.badge = chain.member(chain.assertion(), "badge");
        if let Some(badge) = chain.badge.json() {
            chain.profile = chain.profile_of(badge);
        }
        if let (Way::Signed, Some(address)) = (way, chain.key_address) {
            chain.key = chain.fetched(address);
        }
        if let (Way::Signed, Some(profile)) = (way, chain.profile.json())
            && let Some(address) = id_of(profile, "revocationList")
        {
            chain.revoked = Some((address, chain.fetched(address)));
        }
        chain
    }

    /// What is judged: of a hosted assertion what its host serves, unless that is only the note that it was revoked.
    pub(super) fn assertion(&self) -> &'a Value {
        self.hosted.json().filter(|hosted| hosted.get("badge").is_some()).unwrap_or(self.presented)
    }

    /// Its host knows it: it serves it, or says that it was taken back.
    pub(super) fn is_hosted(&self) -> bool {
        matches!(self.hosted, Link::Got(_) | Link::Gone)
    }

    /// The id of whoever issued it: an address. A claim until the `issuer` check has passed.
    pub(super) fn issuer_id(&self) -> Option<&'a str> {
        self.badge.json().and_then(|badge| id_of(badge, "issuer"))
    }

    /// The address of the badge class, if it has one.
    pub(super) fn badge_id(&self) -> Option<&'a str> {
        id_of(self.assertion(), "badge")
    }

    /// A document that is named by its address, or stands in its place.
    fn member(&mut self, object: &'a Value, name: &str) -> Link<'a> {
        match first(object, name) {
            Some(Value::String(address)) => self.fetched(address),
            Some(value @ Value::Object(_)) => Link::Got(value),
            _ => Link::Unknown(String::new(), format!("is not named by its {name}")),
        }
    }

    /// A profile speaks for its issuer only where it lies: whoever writes an assertion can write any profile into it.
    fn profile_of(&mut self, badge: &'a Value) -> Link<'a> {
        match id_of(badge, "issuer") {
            Some(address) => self.fetched(address),
            None => Link::Unknown(String::new(), "is not named by an address".to_owned()),
        }
    }

    fn fetched(&mut self, address: &'a str) -> Link<'a> {
        let unknown = |why: &str| Link::Unknown(address.to_owned(), why.to_owned());
        if !is_web(address) {
            return unknown("is not at an address of the web");
        }
        let need = Need::Hosted(address.to_owned());
        match self.facts.vouched(&need) {
            Some(Ok(Found::Json(value))) => Link::Got(value),
            Some(Ok(Found::Text(text))) => Link::Text(text),
            Some(Ok(Found::Gone)) => Link::Gone,
            Some(Ok(Found::CouldNot(why))) => unknown(why),
            Some(Ok(Found::Moved { .. })) => unknown("was not found there"),
            Some(Err(elsewhere)) => {
                unknown(&format!("was not found there but at {}, which does not speak for it", words::host(elsewhere)))
            }
            None => {
                self.needs.push(need);
                unknown("was not asked")
            }
        }
    }

    /// An address, and all that its host sent the request on to.
    pub(super) fn way(&self, address: &'a str) -> impl Iterator<Item = &'a str> {
        let on = self.facts.way(&Need::Hosted(address.to_owned()));
        std::iter::once(address).chain(on.iter().map(String::as_str))
    }
}

fn way(verification: Option<&Value>, is_token: bool) -> Way {
    let is = |names: [&str; 2]| verification.is_some_and(|v| names.iter().any(|name| is_a(v, name)));
    if is_token || is(["SignedBadge", "signed"]) {
        Way::Signed
    } else if is(["HostedBadge", "hosted"]) {
        Way::Hosted
    } else {
        Way::Unsaid
    }
}

/// Whether a profile names this key as its own.
pub(super) fn lists_key(profile: &Value, key: &str) -> bool {
    let id = |entry: &Value| entry.as_str().or_else(|| entry.get("id").and_then(Value::as_str)) == Some(key);
    many(profile, "publicKey").iter().take(32).any(id)
}
