//! The documents that say which key may sign what (CID 1.0, DID core): ours written, everybody's read.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use super::super::{EXPIRES, KeyError, KeyKind, PublicKey, date_time_stamp};
use crate::clock;

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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedKey {
    /// The key.
    pub key: PublicKey,
    /// Since when nothing signed with it may be believed.
    pub revoked: Option<DateTime<Utc>>,
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

/// The key of one verification method, which must say that `owner` controls it. Nothing is said of what it is listed for.
pub fn read_method(method: &Map<String, Value>, owner: &str, at: DateTime<Utc>) -> Result<PublicKey, MethodError> {
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
    for name in EXPIRES {
        if let Some(expires) = date(name)?
            && expires <= at
        {
            return Err(MethodError::Expired { at: expires });
        }
    }
    if SECRETS.iter().any(|secret| method.contains_key(*secret)) {
        return Err(KeyError::Secret.into());
    }
    if KEYS.iter().filter(|key| method.contains_key(**key)).count() > 1 {
        return Err(MethodError::Malformed { what: "two keys in one entry" });
    }
    let kind = text("type")?.ok_or(MethodError::Malformed { what: "type" })?;
    let key = match (kind, text("publicKeyMultibase")?, method.get("publicKeyJwk"), text("publicKeyBase58")?) {
        ("JsonWebKey" | "JsonWebKey2020", None, Some(jwk), None) => PublicKey::from_jwk(jwk)?,
        ("Multikey", Some(multibase), None, None) => PublicKey::from_multibase(multibase)?,
        (kind, Some(multibase), None, None) if kind_of(kind).is_some() => PublicKey::from_multibase(multibase)?,
        (kind, None, Some(jwk), None) if kind_of(kind).is_some() => PublicKey::from_jwk(jwk)?,
        (_, None, None, Some(digits)) => {
            let kind = kind_of(kind).ok_or(MethodError::Malformed { what: "no key of a known type" })?;
            let bytes = Some(digits).filter(|d| d.len() <= MAX_BASE58).and_then(|d| bs58::decode(d).into_vec().ok());
            PublicKey::from_key_bytes(kind, &bytes.ok_or(MethodError::Malformed { what: "publicKeyBase58" })?)?
        }
        _ => return Err(MethodError::Malformed { what: "no key of a known type" }),
    };
    if kind_of(kind).is_some_and(|kind| kind != key.kind()) {
        return Err(MethodError::Malformed { what: "a key of another kind than its type says" });
    }
    Ok(key)
}

/// Members with a public key, of which an entry may have one.
const KEYS: [&str; 4] = ["publicKeyMultibase", "publicKeyJwk", "publicKeyBase58", "publicKeyPem"];
/// The longest base58 text worth decoding; a point of P-384 has some 67 characters.
const MAX_BASE58: usize = 100;
/// Members with a secret key: whoever read the document can sign.
const SECRETS: [&str; 5] =
    ["secretKeyMultibase", "secretKeyJwk", "privateKeyMultibase", "privateKeyJwk", "privateKeyBase58"];

/// The kind of key that a type of verification method is for, if it is for one.
fn kind_of(method_type: &str) -> Option<KeyKind> {
    match method_type {
        "Ed25519VerificationKey2020" | "Ed25519VerificationKey2018" => Some(KeyKind::Ed25519),
        "EcdsaSecp256r1VerificationKey2019" | "P256Key2021" => Some(KeyKind::P256),
        "EcdsaSecp384r1VerificationKey2019" | "P384Key2021" => Some(KeyKind::P384),
        _ => None,
    }
}

fn entries<'a>(document: &'a Value, name: &str) -> &'a [Value] {
    match document.get(name) {
        None => &[],
        Some(Value::Array(entries)) => entries,
        Some(one) => std::slice::from_ref(one),
    }
}
