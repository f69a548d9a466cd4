//! did:key, did:web, and the documents that say which key may sign what.

use std::net::IpAddr;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use super::{KeyError, PublicKey, date_time_stamp};
use crate::clock;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Why a DID leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DidError {
    /// Another method.
    #[error("\"{did}\" is not a {method}")]
    Method {
        /// The DID as written.
        did: String,
        /// The method that was wanted.
        method: &'static str,
    },
    /// A host that is no DNS name, or a path that could leave its place.
    #[error("\"{did}\" is malformed")]
    Malformed {
        /// The DID as written.
        did: String,
    },
    /// The key inside of a did:key.
    #[error(transparent)]
    Key(#[from] KeyError),
}

/// Why a verification method may not be relied on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MethodError {
    /// The id has no fragment.
    #[error("\"{id}\" names a document, not a key in it")]
    NoFragment {
        /// The id as asked for.
        id: String,
    },
    /// The document is about somebody else.
    #[error("the document is that of \"{found}\", not of \"{wanted}\"")]
    OtherDocument {
        /// Whose document it is.
        found: String,
        /// Whose was wanted.
        wanted: String,
    },
    /// The document lists no such key.
    #[error("the document has no key \"{id}\"")]
    NotFound {
        /// The id as asked for.
        id: String,
    },
    /// The key is there, but not for this purpose.
    #[error("the key \"{id}\" is not listed for {purpose}")]
    Purpose {
        /// The id as asked for.
        id: String,
        /// The relationship that does not list it.
        purpose: String,
    },
    /// The key says that it belongs to somebody else.
    #[error("the key is controlled by \"{controller}\"")]
    Controller {
        /// Who controls it.
        controller: String,
    },
    /// The key has expired.
    #[error("the key expired at {at}")]
    Expired {
        /// When.
        at: DateTime<Utc>,
    },
    /// The key has been revoked.
    #[error("the key was revoked at {at}")]
    Revoked {
        /// When.
        at: DateTime<Utc>,
    },
    /// The entry cannot be read.
    #[error("the key's entry is malformed: {what}")]
    Malformed {
        /// Which part of it.
        what: &'static str,
    },
    /// The entry holds no usable key.
    #[error(transparent)]
    Key(#[from] KeyError),
}

/// A key of ours and what has become of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublishedKey {
    /// The key.
    pub key: PublicKey,
    /// Since when nothing signed with it may be believed.
    pub revoked: Option<DateTime<Utc>>,
}

/// The did:key of a key.
pub fn did_key(key: &PublicKey) -> String {
    format!("did:key:{}", key.multibase())
}

/// The key that a did:key is made of.
pub fn key_of_did_key(did: &str) -> Result<PublicKey, DidError> {
    let text =
        did.strip_prefix("did:key:").ok_or_else(|| DidError::Method { did: did.to_owned(), method: "did:key" })?;
    Ok(PublicKey::from_multibase(text)?)
}

/// The did:web of an https address with a DNS name; nothing for every other address.
pub fn did_web(base: &str) -> Option<String> {
    let rest = base.strip_prefix("https://")?;
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let (host, port) = match authority.split_once(':') {
        Some((host, port)) => (host, Some(port.parse::<u16>().ok()?)),
        None => (authority, None),
    };
    let host = host.to_ascii_lowercase();
    if !is_dns_name(&host) || host == "localhost" {
        return None;
    }
    let mut did = format!("did:web:{host}");
    if let Some(port) = port.filter(|&port| port != 443) {
        did.push_str("%3A");
        did.push_str(&port.to_string());
    }
    let path = path.strip_suffix('/').unwrap_or(path);
    if !path.is_empty() {
        for segment in path.split('/') {
            if !is_segment(segment) {
                return None;
            }
            did.push(':');
            did.push_str(segment);
        }
    }
    Some(did)
}

/// Where the document of a did:web lies.
pub fn did_web_address(did: &str) -> Result<String, DidError> {
    let id = did.strip_prefix("did:web:").ok_or_else(|| DidError::Method { did: did.to_owned(), method: "did:web" })?;
    let malformed = || DidError::Malformed { did: did.to_owned() };
    let mut segments = id.split(':');
    let authority = segments.next().unwrap_or_default().replace("%3a", "%3A");
    let (host, port) = match authority.split_once("%3A") {
        Some((host, port)) => (host, Some(port.parse::<u16>().map_err(|_| malformed())?)),
        None => (authority.as_str(), None),
    };
    if !is_dns_name(host) {
        return Err(malformed());
    }
    let mut address = format!("https://{host}");
    if let Some(port) = port {
        address.push(':');
        address.push_str(&port.to_string());
    }
    let path: Vec<&str> = segments.collect();
    if path.iter().any(|segment| !is_segment(segment)) {
        return Err(malformed());
    }
    match path.as_slice() {
        [] => address.push_str("/.well-known"),
        path => path.iter().for_each(|segment| {
            address.push('/');
            address.push_str(segment);
        }),
    }
    address.push_str("/did.json");
    Ok(address)
}

/// The document of an issuer: every key it ever signed with stays listed, revoked ones no longer for assertions.
pub fn document(did: &str, keys: &[PublishedKey]) -> Value {
    let id = |key: &PublicKey| format!("{did}#{}", key.multibase());
    let methods: Vec<Value> = keys
        .iter()
        .map(|published| {
            let mut method = json!({
                "id": id(&published.key),
                "type": "Multikey",
                "controller": did,
                "publicKeyMultibase": published.key.multibase(),
            });
            if let Some(at) = published.revoked {
                method["revoked"] = Value::String(clock::rfc3339(at));
            }
            method
        })
        .collect();
    let usable: Vec<String> =
        keys.iter().filter(|published| published.revoked.is_none()).map(|published| id(&published.key)).collect();
    json!({
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": did,
        "verificationMethod": methods,
        "assertionMethod": usable,
    })
}

/// Retrieves a verification method from a controller document (CID 1.0 §3.3), as it stands at a moment.
pub fn verification_method(
    document: &Value,
    id: &str,
    purpose: &str,
    at: DateTime<Utc>,
) -> Result<PublicKey, MethodError> {
    let (controller, fragment) = id.split_once('#').ok_or_else(|| MethodError::NoFragment { id: id.to_owned() })?;
    let found = document.get("id").and_then(Value::as_str).unwrap_or_default();
    if found != controller {
        return Err(MethodError::OtherDocument { found: found.to_owned(), wanted: controller.to_owned() });
    }
    let names = |text: &str| text == id || text.strip_prefix('#') == Some(fragment);
    let is_it = |entry: &&Value| match entry {
        Value::String(text) => names(text),
        other => other.get("id").and_then(Value::as_str).is_some_and(names),
    };
    let listed = entries(document, "verificationMethod").iter().find(|entry| entry.is_object() && is_it(entry));
    let Some(reference) = entries(document, purpose).iter().find(is_it) else {
        let id = id.to_owned();
        return Err(match listed {
            Some(_) => MethodError::Purpose { id, purpose: purpose.to_owned() },
            None => MethodError::NotFound { id },
        });
    };
    let method = reference
        .as_object()
        .or_else(|| listed.and_then(Value::as_object))
        .ok_or_else(|| MethodError::NotFound { id: id.to_owned() })?;
    read_method(method, controller, at)
}

fn read_method(method: &Map<String, Value>, owner: &str, at: DateTime<Utc>) -> Result<PublicKey, MethodError> {
    let text = |name: &'static str| match method.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.as_str())),
        Some(_) => Err(MethodError::Malformed { what: name }),
    };
    let date = |name: &'static str| match text(name)? {
        None => Ok(None),
        Some(text) => date_time_stamp(text).map(Some).ok_or(MethodError::Malformed { what: name }),
    };
    let controller = text("controller")?.ok_or(MethodError::Malformed { what: "controller" })?;
    if controller != owner {
        return Err(MethodError::Controller { controller: controller.to_owned() });
    }
    if let Some(revoked) = date("revoked")?
        && revoked <= at
    {
        return Err(MethodError::Revoked { at: revoked });
    }
    if let Some(expires) = date("expires")?
        && expires <= at
    {
        return Err(MethodError::Expired { at: expires });
    }
    let jwk = method.get("publicKeyJwk");
    match (text("type")?, text("publicKeyMultibase")?, jwk) {
        (_, Some(_), Some(_)) => Err(MethodError::Malformed { what: "two keys in one entry" }),
        (Some("Multikey" | "Ed25519VerificationKey2020"), Some(multibase), None) => {
            Ok(PublicKey::from_multibase(multibase)?)
        }
        (Some("JsonWebKey" | "JsonWebKey2020"), None, Some(jwk)) => key_of_jwk(jwk),
        (Some("Ed25519VerificationKey2018"), None, None) => {
            let digits = text("publicKeyBase58")?.filter(|digits| digits.len() <= 64);
            let bytes = digits.and_then(|digits| bs58::decode(digits).into_vec().ok());
            Ok(PublicKey::from_slice(&bytes.ok_or(MethodError::Malformed { what: "publicKeyBase58" })?)?)
        }
        (Some(_), _, _) => Err(MethodError::Malformed { what: "no key of a known type" }),
        (None, _, _) => Err(MethodError::Malformed { what: "type" }),
    }
}

/// An Ed25519 key as a JSON Web Key (RFC 8037).
fn key_of_jwk(jwk: &Value) -> Result<PublicKey, MethodError> {
    if jwk.get("d").is_some() {
        return Err(MethodError::Malformed { what: "a secret key is published" });
    }
    let text = |name: &str| jwk.get(name).and_then(Value::as_str);
    match (text("kty"), text("crv")) {
        (Some("OKP"), Some("Ed25519")) => {}
        (Some("OKP"), Some("X25519")) => return Err(KeyError::Kind { kind: "an X25519 key" }.into()),
        (Some("EC"), _) => return Err(KeyError::Kind { kind: "an elliptic curve key" }.into()),
        (Some("RSA"), _) => return Err(KeyError::Kind { kind: "an RSA key" }.into()),
        _ => return Err(KeyError::Kind { kind: "of an unknown kind" }.into()),
    }
    let bytes = text("x").and_then(|x| URL_SAFE_NO_PAD.decode(x).ok()).ok_or(MethodError::Malformed { what: "x" })?;
    Ok(PublicKey::from_slice(&bytes)?)
}

fn entries<'a>(document: &'a Value, name: &str) -> &'a [Value] {
    match document.get(name) {
        None => &[],
        Some(Value::Array(entries)) => entries,
        Some(one) => std::slice::from_ref(one),
    }
}

pub(super) fn is_dns_name(host: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let numeric = host.rsplit('.').next().is_some_and(|last| last.bytes().all(|byte| byte.is_ascii_digit()));
    host.len() <= 253 && host.split('.').all(label) && !numeric && host.parse::<IpAddr>().is_err()
}

/// A path segment that is the same in an address and in a DID.
fn is_segment(segment: &str) -> bool {
    !matches!(segment, "" | "." | "..")
        && segment.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
}
