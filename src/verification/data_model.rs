//! What the W3C data model requires of every verifiable credential or presentation (VCDM 2.0 §4), Open Badge or not.

use std::collections::HashSet;

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD as BASE64, BASE64_URL_SAFE_NO_PAD as BASE64_URL};
use serde_json::Value;

use crate::openbadges::reading::{Moment, first, id_of, is_a, many, moment};
use crate::openbadges::{CONTEXT_VC1, CONTEXT_VC2};
use crate::proof::date_time_stamp;

/// The most flaws that are named.
const MOST: usize = 16;
/// The most digits of a digest in base58btc: 66 bytes have 91.
const LONGEST_DIGEST: usize = 91;
/// The most values of one member that are looked at.
const WIDE: usize = 256;

/// What a credential lacks or says wrongly, each as a sentence that names the member.
pub fn flaws(document: &Value) -> Vec<String> {
    let mut flaws = Vec::new();
    common(document, "VerifiableCredential", &mut flaws);
    match document.get("issuer") {
        None => flaws.push("issuer is missing".to_owned()),
        Some(_) if !id_of(document, "issuer").is_some_and(is_url) => {
            flaws.push("issuer must be named by a URL".to_owned());
        }
        Some(issuer) if issuer.is_array() => flaws.push("issuer must be one".to_owned()),
        Some(_) => {}
    }
    let subjects = many(document, "credentialSubject");
    let says_something = |subject: &Value| subject.as_object().is_some_and(|members| !members.is_empty());
    if subjects.is_empty() {
        flaws.push("credentialSubject is missing".to_owned());
    } else if !subjects.iter().take(WIDE).all(says_something) {
        flaws.push("credentialSubject must be an object that says something".to_owned());
    }
    for subject in subjects.iter().take(WIDE) {
        look_at_id(subject, "credentialSubject.id", &mut flaws);
    }
    dates(document, &mut flaws);
    parts(document, &mut flaws);
    flaws.truncate(MOST);
    flaws
}

/// The same of a presentation; the credentials in it are judged by themselves.
pub(super) fn flaws_of_presentation(document: &Value) -> Vec<String> {
    let mut flaws = Vec::new();
    common(document, "VerifiablePresentation", &mut flaws);
    if document.get("holder").is_some() && !id_of(document, "holder").is_some_and(is_url) {
        flaws.push("holder must be named by a URL".to_owned());
    }
    let held = many(document, "verifiableCredential").iter().take(WIDE);
    if held.clone().any(|credential| !(credential.is_object() || credential.is_string())) {
        flaws.push("verifiableCredential must hold credentials".to_owned());
    }
    flaws.truncate(MOST);
    flaws
}

/// `@context`, `type` and `id`.
fn common(document: &Value, class: &str, flaws: &mut Vec<String>) {
    let contexts = many(document, "@context");
    let known = contexts.first().and_then(Value::as_str).is_some_and(|c| [CONTEXT_VC2, CONTEXT_VC1].contains(&c));
    if !known {
        flaws.push(format!("@context must begin with {CONTEXT_VC2}"));
    }
    if !contexts.iter().take(WIDE).all(|context| context.is_object() || context.as_str().is_some_and(is_url)) {
        flaws.push("@context must hold URLs and objects".to_owned());
    }
    if !is_a(document, class) {
        flaws.push(format!("type must name {class}"));
    }
    if !many(document, "type").iter().take(WIDE).all(Value::is_string) {
        flaws.push("type must hold texts".to_owned());
    }
    look_at_id(document, "id", flaws);
}

fn dates(document: &Value, flaws: &mut Vec<String>) {
    let is_first = many(document, "@context").first().and_then(Value::as_str) == Some(CONTEXT_VC1);
    let (from, until) = if is_first { ("issuanceDate", "expirationDate") } else { ("validFrom", "validUntil") };
    for member in [from, until] {
        let given = document.get(member);
        if given.is_some_and(|given| given.as_str().and_then(date_time_stamp).is_none()) {
            flaws.push(format!("{member} must be one moment with its time zone"));
        }
    }
    if is_first && document.get(from).is_none() {
        flaws.push("issuanceDate is missing".to_owned());
    }
    let at = |member| moment(document, &[member]).and_then(Moment::at);
    if at(from).zip(at(until)).is_some_and(|(from, until)| until < from) {
        flaws.push(format!("{until} must not lie before {from}"));
    }
}

/// Members whose values must each have a type, and some an id.
const PARTS: [(&str, bool); 8] = [
    ("credentialStatus", false),
    ("credentialSchema", true),
    ("evidence", false),
    ("refreshService", false),
    ("termsOfUse", false),
    ("confidenceMethod", false),
    ("renderMethod", false),
    ("proof", false),
];

fn parts(document: &Value, flaws: &mut Vec<String>) {
    for (member, needs_id) in PARTS {
        for part in many(document, member).iter().take(WIDE) {
            if many(part, "type").is_empty() {
                flaws.push(format!("{member} must have a type"));
            }
            if needs_id && part.get("id").is_none() {
                flaws.push(format!("{member} must have an id"));
            }
            look_at_id(part, &format!("{member}.id"), flaws);
        }
    }
    related(many(document, "relatedResource"), flaws);
    texts(document, "", flaws);
    for issuer in many(document, "issuer").iter().take(WIDE) {
        texts(issuer, "issuer.", flaws);
    }
}

/// Resources whose content the issuer vouches for (VCDM 2.0 §5.3). They are not fetched.
fn related(resources: &[Value], flaws: &mut Vec<String>) {
    let mut seen = HashSet::new();
    for resource in resources.iter().take(WIDE) {
        let id = first(resource, "id").and_then(Value::as_str);
        let text = |name: &str| first(resource, name).map(|digest| digest.as_str().unwrap_or_default());
        let digests = [text("digestSRI").map(is_sri), text("digestMultibase").map(is_multibase)];
        match id {
            Some(id) if is_url(id) && digests.iter().any(Option::is_some) => {}
            _ => flaws.push("relatedResource must have an id and a digest".to_owned()),
        }
        if digests.contains(&Some(false)) {
            flaws.push("relatedResource must have a digest in the form that its name says".to_owned());
        }
        if id.is_some_and(|id| !seen.insert(id)) {
            flaws.push("relatedResource must name each resource once".to_owned());
        }
    }
}

/// Digests as in HTML (W3C Subresource Integrity §3.5), one or several. Only a least length is held: in published examples
/// some are hexadecimal.
fn is_sri(text: &str) -> bool {
    let is_digest = |one: &str| {
        let Some((name, digest)) = one.split_once('-') else { return false };
        ["sha256", "sha384", "sha512"].contains(&name) && BASE64.decode(digest).is_ok_and(|bytes| bytes.len() >= 32)
    };
    !text.trim().is_empty() && text.split_ascii_whitespace().all(is_digest)
}

/// A digest in base58btc or base64url, with or without a multihash header.
fn is_multibase(text: &str) -> bool {
    let decoded = match text.split_at_checked(1) {
        Some(("u", digits)) => BASE64_URL.decode(digits).ok(),
        Some(("z", digits)) if digits.len() <= LONGEST_DIGEST => bs58::decode(digits).into_vec().ok(),
        _ => None,
    };
    decoded.is_some_and(|bytes| (32..=66).contains(&bytes.len()))
}

fn texts(object: &Value, path: &str, flaws: &mut Vec<String>) {
    for member in ["name", "description"] {
        if !many(object, member).iter().take(WIDE).all(is_text) {
            flaws.push(format!("{path}{member} must be a text, or texts with their languages"));
        }
    }
}

/// A text, or a value object with nothing else in it.
fn is_text(value: &Value) -> bool {
    match value {
        Value::String(_) => true,
        Value::Object(members) => {
            members.get("@value").is_some_and(Value::is_string)
                && members.keys().all(|key| ["@value", "@language", "@direction"].contains(&key.as_str()))
        }
        _ => false,
    }
}

fn look_at_id(object: &Value, path: &str, flaws: &mut Vec<String>) {
    if object.get("id").is_some_and(|id| !id.as_str().is_some_and(is_url)) {
        flaws.push(format!("{path} must be one URL"));
    }
}

/// An absolute URL: a scheme and something behind it, without spaces.
fn is_url(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    let scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && scheme.chars().all(plain);
    scheme
        && !rest.is_empty()
        && !text.contains(|c: char| c.is_whitespace() || c.is_control() || "<>\"{}|\\^`".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_the_data_model_requires_is_named() {
        #[track_caller]
        fn check(change: impl FnOnce(&mut Value), expected: &[&str]) {
            let mut credential = json!({
                "@context": [CONTEXT_VC2], "id": "urn:uuid:1", "type": ["VerifiableCredential"],
                "issuer": "did:key:z6Mk", "credentialSubject": {"id": "did:key:z6Ml"}, "validFrom": "2026-01-01T00:00:00Z",
            });
            change(&mut credential);
            assert_eq!(flaws(&credential), expected, "{credential}");
        }
        check(|_| {}, &[]);
        check(
            |c| c["@context"] = json!("https://x.example"),
            &["@context must begin with https://www.w3.org/ns/credentials/v2"],
        );
        check(|c| c["@context"] = json!([CONTEXT_VC2, 7]), &["@context must hold URLs and objects"]);
        check(|c| c["type"] = json!([]), &["type must name VerifiableCredential"]);
        check(|c| c["type"] = json!(["VerifiableCredential", null]), &["type must hold texts"]);
        check(|c| c["id"] = json!("not-a-url"), &["id must be one URL"]);
        check(|c| c["id"] = json!(["urn:a", "urn:b"]), &["id must be one URL"]);
        check(|c| c["issuer"] = json!({"name": "x"}), &["issuer must be named by a URL"]);
        check(|c| c["issuer"] = json!(["did:key:a"]), &["issuer must be one"]);
        check(|c| c["credentialSubject"] = json!({}), &["credentialSubject must be an object that says something"]);
        check(|c| c["credentialSubject"] = json!("x"), &["credentialSubject must be an object that says something"]);
        check(|c| c["validFrom"] = json!("2026-01-01"), &["validFrom must be one moment with its time zone"]);
        check(|c| c["validFrom"] = json!("2026-01-01T00:00:00"), &["validFrom must be one moment with its time zone"]);
        check(|c| c["validUntil"] = json!("2025-01-01T00:00:00Z"), &["validUntil must not lie before validFrom"]);
        check(|c| c["credentialStatus"] = json!({"id": "urn:x"}), &["credentialStatus must have a type"]);
        check(|c| c["credentialSchema"] = json!({"type": "JsonSchema"}), &["credentialSchema must have an id"]);
        check(|c| c["termsOfUse"] = json!([{"type": "X", "id": "no url"}]), &["termsOfUse.id must be one URL"]);
        for date in ["2026-01-01t00:00:00Z", "2026-01-01 00:00:00Z", "2026-01-01T00:00:00z", "2026-01-01T00:00:60Z"] {
            check(|c| c["validFrom"] = json!(date), &["validFrom must be one moment with its time zone"]);
        }
        check(
            |c| c["validFrom"] = json!("2026-01-01T00:00:00+15:00"),
            &["validFrom must be one moment with its time zone"],
        );
        check(|c| c["validFrom"] = json!("2026-01-01T00:00:00.123-14:00"), &[]);
        check(|c| c["renderMethod"] = json!({"id": "urn:x"}), &["renderMethod must have a type"]);
        check(
            |c| c["issuer"] = json!({"id": "did:key:z6Mk", "name": 7}),
            &["issuer.name must be a text, or texts with their languages"],
        );
        check(
            |c| c["name"] = json!({"@value": "x", "extra": 1}),
            &["name must be a text, or texts with their languages"],
        );
        check(|c| c["name"] = json!([{"@value": "x", "@language": "en"}, "y"]), &[]);
    }

    #[test]
    fn related_resources_are_named_once_with_a_digest() {
        #[track_caller]
        fn check(resources: &[(&str, &str, &str)], expected: &[&str]) {
            let related: Vec<Value> =
                resources.iter().map(|(id, name, digest)| json!({"id": id, *name: digest})).collect();
            let mut found = Vec::new();
            super::related(&related, &mut found);
            assert_eq!(found, expected, "{resources:?}");
        }
        // The empty text, hashed with SHA-256: in Subresource Integrity, in base64url, and as multihash in base58btc.
        const SRI: &str = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
        const URL: &str = "u47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";
        const HASH: &str = "zQmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1n";
        let form = "relatedResource must have a digest in the form that its name says";
        let both = "relatedResource must have an id and a digest";
        check(&[("https://a.example", "digestSRI", SRI), ("https://b.example", "digestMultibase", URL)], &[]);
        check(&[("https://a.example", "digestMultibase", HASH)], &[]);
        check(&[("https://a.example", "digestSRI", "sha256-abc")], &[form]);
        check(&[("https://a.example", "digestSRI", "")], &[form]);
        check(&[("https://a.example", "digestSRI", &SRI.replace("256", "1"))], &[form]);
        let hexadecimal = format!("sha256-{}", "e3".repeat(32));
        check(&[("https://a.example", "digestSRI", &hexadecimal)], &[]);
        check(&[("https://a.example", "digestMultibase", "uAAAA")], &[form]);
        check(&[("https://a.example", "digestMultibase", &format!("z{}", "1".repeat(1000)))], &[form]);
        check(&[("https://a.example", "digestMultibase", "")], &[form]);
        check(&[("a", "digestSRI", SRI)], &[both]);
        check(&[("https://a.example", "sha256", SRI)], &[both]);
        check(
            &[("https://a.example", "digestSRI", SRI), ("https://a.example", "digestMultibase", URL)],
            &["relatedResource must name each resource once"],
        );
    }
}
