//! From the name of a key to the key itself, and to whoever is proven to control it.
//!
//! A key is computed from its own identifier, or listed by a document that was fetched. What a signature brings along
//! itself (`jwk`, `x5c`, a fragment that looks like a key) proves nothing.

use serde_json::Value;

use super::facts::{Facts, Found, Need};
use super::token::Token;
use super::web::{is_web, same_origin};
use super::words;
use crate::openbadges::reading::many;
use crate::proof::{PublicKey, did};

/// A key and its controller: a DID or address whose document vouches for it.
#[derive(Debug, Clone)]
pub(super) struct Vouched {
    pub(super) key: PublicKey,
    pub(super) controller: String,
}

/// Why there is no key under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum KeyProblem {
    /// It must be fetched first.
    Missing(Need),
    /// The document with the keys could not be had: whose, and why.
    Unreachable(String, String),
    /// It was had, and does not vouch for this key: whose, and why.
    NotVouchedFor(String, String),
    /// The key could be had, but nothing ties it to the issuer: whose, and why.
    Unbound(String, String),
}

type Result<T> = std::result::Result<T, KeyProblem>;

/// The identifier whose document lists the method: all before the `#`.
pub(super) fn controller(method: &str) -> &str {
    method.split('#').next().unwrap_or(method)
}

/// The key a verification method names, if its controller vouches for it and lists it for `purpose`.
///
/// A document is asked at `now`, whatever moment the answer is about: a key found stolen today proves nothing about
/// yesterday either.
pub(super) fn key(method: &str, purpose: &str, facts: &Facts) -> Result<Vouched> {
    let at = controller(method);
    let vouched = |key| Vouched { key, controller: at.to_owned() };
    let refused = |why: String| KeyProblem::NotVouchedFor(at.to_owned(), why);
    if let Some(computed) = did::key_of_method(method) {
        return computed.map(vouched).map_err(|e| refused(e.to_string()));
    }
    let document = document(at, facts)?;
    let of_another = document.get("controller").and_then(Value::as_str).filter(|c| *c != at);
    match of_another {
        Some(other) if document.get("id").and_then(Value::as_str) == Some(method) => {
            lone(document, method, other, purpose, facts)
        }
        _ => did::verification_method(document, method, purpose, facts.now)
            .map(vouched)
            .map_err(|e| refused(e.to_string())),
    }
}

/// The key of a token that `signer` is said to have signed for `purpose`, and its name.
pub(super) fn token_key(
    token: &Token,
    signer: Option<&str>,
    purpose: &str,
    facts: &Facts,
) -> Result<(Vouched, String)> {
    let Some(signer) = signer else {
        return Err(KeyProblem::NotVouchedFor(String::new(), "nobody is named as its signer".to_owned()));
    };
    let named = |method: String| Ok((key(&method, purpose, facts)?, method));
    match token.jws.kid() {
        Some(kid) if is_absolute(kid) && !kid.contains('#') && is_web(kid) => {
            Ok((kept_alone(kid, signer, purpose, facts)?, kid.to_owned()))
        }
        Some(kid) if is_absolute(kid) => named(kid.to_owned()),
        _ if signer.starts_with("did:key:") || signer.starts_with("did:jwk:") => named(signer.to_owned()),
        Some(kid) if !kid.is_empty() => named(relative(kid, signer, purpose, facts)?),
        _ => among(token, signer, purpose, facts),
    }
}

/// What issuers sign credentials for.
pub(super) const PURPOSE: &str = "assertionMethod";

/// The document that lists keys, if it was fetched and speaks for where it was asked.
fn document<'f>(at: &str, facts: &'f Facts) -> Result<&'f Value> {
    let need = need(at)?;
    match facts.vouched(&need) {
        Some(Ok(found)) => json(at, found),
        Some(Err(elsewhere)) => {
            let why = format!("sends on to {}, which does not speak for it", words::host(elsewhere));
            Err(KeyProblem::Unbound(at.to_owned(), why))
        }
        None => Err(KeyProblem::Missing(need)),
    }
}

/// What must be fetched to see the document at an identifier.
fn need(at: &str) -> Result<Need> {
    let unreachable = |why: &str| KeyProblem::Unreachable(at.to_owned(), why.to_owned());
    if !is_web(at) && !at.starts_with("did:web:") {
        return Err(unreachable("is named in a way that cannot be looked up here"));
    }
    let need = Need::ControllerDocument(at.to_owned());
    if need.address().is_some() { Ok(need) } else { Err(unreachable("is named in a way that leads nowhere")) }
}

fn json<'f>(at: &str, found: &'f Found) -> Result<&'f Value> {
    let why = match found {
        Found::Json(document) => return Ok(document),
        Found::CouldNot(why) => why,
        Found::Gone => "is gone",
        Found::Text(_) | Found::Moved { .. } => "is no list of keys",
    };
    Err(KeyProblem::Unreachable(at.to_owned(), why.to_owned()))
}

/// A verification method at an address of its own (CID 1.0 §3.3): its controller must list it.
fn lone(method: &Value, id: &str, owner: &str, purpose: &str, facts: &Facts) -> Result<Vouched> {
    let refused = |why: String| KeyProblem::NotVouchedFor(owner.to_owned(), why);
    let members = method.as_object().ok_or_else(|| refused("it is no key".to_owned()))?;
    let key = did::read_method(members, owner, facts.now).map_err(|e| refused(e.to_string()))?;
    let listing = document(owner, facts)?;
    if listing.get("id").and_then(Value::as_str) != Some(owner) || !names(listing, purpose, id) {
        return Err(refused("it is not on the list of its keys".to_owned()));
    }
    Ok(Vouched { key, controller: owner.to_owned() })
}

/// A key that lies at an address of its own, as 1EdTech's profile of VC-JWT has it: one JSON Web Key, which says nothing
/// of whose it is. Its issuer's own document does: it names this address, or lists the same key.
fn kept_alone(address: &str, issuer: &str, purpose: &str, facts: &Facts) -> Result<Vouched> {
    let need = need(address)?;
    let Some(found) = facts.anywhere(&need) else { return Err(KeyProblem::Missing(need)) };
    let found = json(address, found)?;
    if found.get("kty").is_none() {
        return key(address, purpose, facts);
    }
    let brought =
        PublicKey::from_jwk(found).map_err(|error| KeyProblem::NotVouchedFor(address.to_owned(), error.to_string()))?;
    let vouched = || Ok(Vouched { key: brought.clone(), controller: issuer.to_owned() });
    if let Some(own) = did::key_of_method(issuer) {
        return match own {
            Ok(own) if own == brought => vouched(),
            _ => Err(KeyProblem::NotVouchedFor(issuer.to_owned(), "it is made of another key".to_owned())),
        };
    }
    let listing = document(issuer, facts)?;
    if listing.get("id").is_some_and(|id| id != issuer) {
        return Err(KeyProblem::NotVouchedFor(issuer.to_owned(), "its document is that of somebody else".to_owned()));
    }
    if listed(listing, issuer, purpose, facts).any(|(own, _)| own.key == brought) {
        return vouched();
    }
    if names(listing, purpose, address) || names(listing, "publicKey", address) {
        // Named is what lies there, not what its host sends on to.
        return document(address, facts).and_then(|_| vouched());
    }
    if same_origin(address, issuer) {
        let why = "keeps the key at the same host as its issuer, whose own address does not name it";
        return Err(KeyProblem::Unbound(address.to_owned(), why.to_owned()));
    }
    Err(KeyProblem::NotVouchedFor(issuer.to_owned(), "it does not list the key".to_owned()))
}

/// The keys that a document lists for a purpose and vouches for, with their names.
fn listed<'a>(
    listing: &'a Value,
    issuer: &'a str,
    purpose: &'a str,
    facts: &'a Facts,
) -> impl Iterator<Item = (Vouched, String)> + 'a {
    let methods = many(listing, purpose).iter().take(MOST_METHODS);
    let ids = methods.filter_map(|method| method.as_str().or_else(|| method.get("id").and_then(Value::as_str)));
    ids.map(|id| absolute(id, issuer)).filter_map(|id| Some((key(&id, purpose, facts).ok()?, id)))
}

/// The id of a key that is named without its document: a fragment, or the `kid` within a JSON Web Key of the signer's list.
fn relative(kid: &str, signer: &str, purpose: &str, facts: &Facts) -> Result<String> {
    let listing = document(signer, facts)?;
    let listed =
        ["verificationMethod", purpose].into_iter().flat_map(|member| many(listing, member).iter().take(MOST_METHODS));
    let mut with_jwk = listed.filter_map(|method| Some((method.get("id")?.as_str()?, method.get("publicKeyJwk")?)));
    let found = with_jwk.find(|(_, jwk)| jwk.get("kid").and_then(Value::as_str) == Some(kid)).map(|(id, _)| id);
    Ok(match found {
        Some(id) => absolute(id, signer),
        None => format!("{signer}#{}", kid.trim_start_matches('#')),
    })
}

/// The whole id of a method that a document may name by its fragment alone.
fn absolute(id: &str, signer: &str) -> String {
    if id.starts_with('#') { format!("{signer}{id}") } else { id.to_owned() }
}

/// No key is named: the issuer's own list has the one that the token brings along, or only one.
fn among(token: &Token, issuer: &str, purpose: &str, facts: &Facts) -> Result<(Vouched, String)> {
    let listing = document(issuer, facts)?;
    let refused = |why: &str| KeyProblem::NotVouchedFor(issuer.to_owned(), why.to_owned());
    let brought = token.jws.embedded_key().map(PublicKey::from_jwk).transpose().map_err(|e| refused(&e.to_string()))?;
    let mut listed = listed(listing, issuer, purpose, facts);
    if let Some(brought) = brought {
        let found = listed.find(|(own, _)| own.key == brought);
        return found.ok_or_else(|| refused("it brings along a key that its issuer does not list"));
    }
    match (listed.next(), listed.next()) {
        (Some(only), None) => Ok(only),
        _ => Err(refused("it does not say which key it was signed with")),
    }
}

/// The most keys of one list that are looked at.
const MOST_METHODS: usize = 32;

/// Whether a document names this id among the values of a member.
fn names(document: &Value, member: &str, id: &str) -> bool {
    let is_it = |entry: &Value| entry.as_str().or_else(|| entry.get("id").and_then(Value::as_str)) == Some(id);
    many(document, member).iter().take(MOST_METHODS).any(is_it)
}

fn is_absolute(id: &str) -> bool {
    id.starts_with("did:") || is_web(id)
}
