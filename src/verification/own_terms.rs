//! Terms that a document defines itself, in a context of its own beside the published ones.
//!
//! Such a context is no part of what a proof over RDF covers: whoever holds a badge could put in another one, and with it
//! call `validUntil` by a name that nobody looks for. One that only *adds* is harmless: new names for new meanings, which
//! no reader knows. Everything else counts as a context that is not known.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::spelling::DEEPEST;
use crate::linked_data::{Vocabulary, is_iri, is_prefix};

/// No published example defines as many terms in a document.
const MOST: usize = 256;

/// The terms that the contexts within `document` define, in the order of their names, if none of them touches what
/// published contexts define or could; `None` if one does.
pub(super) fn harmless(document: &Value) -> Option<Vec<String>> {
    let mut contexts = Vec::new();
    find(document, 0, &mut contexts)?;
    let mut names: Vec<&String> = contexts.iter().flat_map(|context| context.keys()).collect();
    names.retain(|name| !name.starts_with('@'));
    names.sort_unstable();
    names.dedup();
    let (known, mut prefixes) = (Vocabulary::built_in(), HashSet::new());
    if names.len() > MOST || names.iter().any(|name| known.has_term(name) || !is_plain(name)) {
        return None;
    }
    let own: HashSet<&str> = names.iter().map(|name| name.as_str()).collect();
    for context in contexts {
        adds(context, &own, &mut prefixes)?;
    }
    (prefixes.is_empty() || !uses(document, &prefixes)).then(|| names.into_iter().cloned().collect())
}

/// Every context that is an object, wherever it stands.
fn find<'a>(value: &'a Value, depth: usize, contexts: &mut Vec<&'a Map<String, Value>>) -> Option<()> {
    match value {
        _ if depth > DEEPEST => return None,
        Value::Array(values) => values.iter().try_for_each(|value| find(value, depth + 1, contexts))?,
        Value::Object(members) => {
            for (name, value) in members {
                match value {
                    Value::Array(entries) if name == "@context" => {
                        contexts.extend(entries.iter().filter_map(Value::as_object));
                    }
                    _ if name == "@context" => contexts.extend(value.as_object()),
                    _ => find(value, depth + 1, contexts)?,
                }
            }
        }
        _ => {}
    }
    Some(())
}

/// A name that is neither an IRI nor a keyword.
fn is_plain(name: &str) -> bool {
    !name.is_empty() && !name.contains([':', '/', '#', '@'])
}

/// Looks whether a context only gives new names to new IRIs. What can be used as a prefix goes into `prefixes`.
fn adds<'a>(context: &'a Map<String, Value>, own: &HashSet<&str>, prefixes: &mut HashSet<&'a str>) -> Option<()> {
    let mut local: HashMap<&str, &str> = HashMap::new();
    for (name, definition) in context {
        if let Some(iri) = definition.as_str().filter(|iri| is_prefix(iri)) {
            local.insert(name, iri);
            prefixes.insert(name);
        }
    }
    for (name, definition) in context {
        let is_new = match (name.as_str(), definition) {
            ("@protected", setting) => setting.is_boolean(),
            ("@version", version) => version.as_f64() == Some(1.1),
            (name, _) if name.starts_with('@') => false,
            (_, Value::String(iri)) => names_something_new(iri, own, &local),
            (_, Value::Object(entries)) => defines_something_new(entries, own, &local),
            _ => false,
        };
        is_new.then_some(())?;
    }
    Some(())
}

fn defines_something_new(entries: &Map<String, Value>, own: &HashSet<&str>, local: &HashMap<&str, &str>) -> bool {
    entries.get("@id").and_then(Value::as_str).is_some_and(|iri| names_something_new(iri, own, local))
        && entries.iter().all(|(key, value)| match key.as_str() {
            "@id" => true,
            "@protected" => value.is_boolean(),
            "@container" => value == "@set" || value == "@list",
            "@type" => {
                let kind = value.as_str().unwrap_or_default();
                kind == "@id" || kind == "@json" || full(kind, own, local).is_some()
            }
            _ => false,
        })
}

fn names_something_new(iri: &str, own: &HashSet<&str>, local: &HashMap<&str, &str>) -> bool {
    full(iri, own, local).is_some_and(|iri| !Vocabulary::built_in().has_iri(&iri))
}

/// The IRI that is meant, if that is sure: with a prefix of the same context, or with none.
fn full(iri: &str, own: &HashSet<&str>, local: &HashMap<&str, &str>) -> Option<String> {
    let (prefix, suffix) = iri.split_once(':')?;
    if suffix.starts_with("//") {
        return is_iri(iri).then(|| iri.to_owned());
    }
    if let Some(base) = local.get(prefix) {
        let iri = [*base, suffix].concat();
        return (base.contains("://") && is_iri(&iri)).then_some(iri);
    }
    let is_term = own.contains(prefix) || Vocabulary::built_in().has_term(prefix);
    (!is_term && is_iri(iri)).then(|| iri.to_owned())
}

/// Whether a text outside of contexts begins with one of these prefixes.
fn uses(value: &Value, prefixes: &HashSet<&str>) -> bool {
    match value {
        Value::String(text) => text.split_once(':').is_some_and(|(prefix, _)| prefixes.contains(prefix)),
        Value::Array(values) => values.iter().any(|value| uses(value, prefixes)),
        Value::Object(members) => members.iter().any(|(name, value)| name != "@context" && uses(value, prefixes)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn new_names_for_new_meanings_are_harmless() {
        #[track_caller]
        fn check(contexts: Value, expected: Option<&[&str]>) {
            let document = json!({ "@context": contexts, "id": "https://a.example/1", "type": "A" });
            assert_eq!(harmless(&document), expected.map(|names| names.iter().map(ToString::to_string).collect()));
        }
        let vc2 = "https://www.w3.org/ns/credentials/v2";
        check(json!(vc2), Some(&[]));
        check(json!([vc2, {}, { "@version": 1.1, "@protected": true }]), Some(&[]));
        check(json!([vc2, { "rank": "https://a.example/terms#rank", "Rank": "urn:a:Rank" }]), Some(&["Rank", "rank"]));
        check(json!([vc2, { "ex": "https://a.example/terms#", "rank": "ex:rank" }]), Some(&["ex", "rank"]));
        let date = json!({ "@id": "https://a.example/since", "@type": "http://www.w3.org/2001/XMLSchema#date" });
        check(json!([vc2, { "since": date }]), Some(&["since"]));
        let list =
            json!({ "@id": "https://a.example/steps", "@type": "@id", "@container": "@list", "@protected": true });
        check(json!([vc2, { "steps": list }, { "rank": "urn:a:rank" }]), Some(&["rank", "steps"]));
    }

    /// What each of them could be used for stands beside it.
    #[test]
    fn whatever_could_respell_what_is_read_is_not() {
        let expires = "https://www.w3.org/2018/credentials#validUntil";
        let cases = [
            ("another name for what a reader looks for", json!({ "vu": expires })),
            ("the same, in a definition", json!({ "vu": { "@id": expires } })),
            (
                "by a prefix of the same context",
                json!({ "c": "https://www.w3.org/2018/credentials#", "vu": "c:validUntil" }),
            ),
            (
                "by a prefix of another context",
                json!([{ "c": "https://www.w3.org/2018/credentials#" }, { "vu": "c:validUntil" }]),
            ),
            (
                "by a prefix made of a prefix",
                json!({ "h": "https://www.w3.org/", "c": "h:2018/credentials#", "vu": "c:validUntil" }),
            ),
            (
                "by a scheme that is a prefix",
                json!({ "https": "https://www.w3.org/2018/", "vu": "https:credentials#validUntil" }),
            ),
            ("by a prefix that is published", json!({ "vu": "sec:expiration" })),
            (
                "by a term as a prefix",
                json!({ "c": { "@id": "https://www.w3.org/2018/credentials#", "@prefix": true } }),
            ),
            ("another meaning for what is read", json!({ "validUntil": "https://a.example/x" })),
            ("no meaning for what is read", json!({ "validUntil": null })),
            ("a name of a scoped context", json!({ "statusListIndex": "https://a.example/x" })),
            ("another name for a keyword", json!({ "kind": "@type" })),
            ("a place for members to hide in", json!({ "box": "@nest" })),
            ("the same, in a definition", json!({ "box": { "@id": "https://a.example/x", "@nest": "@nest" } })),
            ("members turned round", json!({ "of": { "@reverse": "https://a.example/x" } })),
            ("maps for members", json!({ "box": { "@id": "https://a.example/x", "@container": "@graph" } })),
            ("contexts within", json!({ "box": { "@id": "https://a.example/x", "@context": {} } })),
            ("names for all that has none", json!({ "@vocab": "https://www.w3.org/2018/credentials#" })),
            ("a base", json!({ "@base": "https://a.example/" })),
            ("a language", json!({ "@language": "en" })),
            ("what is imported", json!({ "@import": "https://www.w3.org/ns/credentials/v2" })),
            ("what ends below", json!({ "@propagate": false })),
            ("another version", json!({ "@version": 1.0 })),
            ("a compact IRI as a term", json!({ "sec:expiration": "https://a.example/x" })),
            ("a keyword to come", json!({ "@later": "https://a.example/x" })),
            ("no IRI", json!({ "rank": "rank" })),
            ("a blank node", json!({ "rank": "_:b" })),
            ("a number", json!({ "rank": 1 })),
        ];
        for (what, context) in cases {
            assert_eq!(harmless(&json!({ "a": [{ "@context": context }] })), None, "{what}");
        }
    }

    #[test]
    fn a_prefix_must_not_be_used_in_what_is_read() {
        let with = |id: &str| json!({ "@context": { "did": "https://evil.example/", "ex": "https://a.example/" }, "a": [{ "id": id }] });
        assert!(harmless(&with("urn:a")).is_some());
        assert_eq!(harmless(&with("did:key:z6Mk")), None);
        assert_eq!(harmless(&with("ex:1")), None);
    }

    #[test]
    fn there_is_an_end_to_what_is_looked_at() {
        let many = |count: usize| -> Map<String, Value> {
            (0..count).map(|n| (format!("t{n}"), json!(format!("urn:a:{n}")))).collect()
        };
        assert!(harmless(&json!({ "@context": many(MOST) })).is_some());
        assert_eq!(harmless(&json!({ "@context": many(MOST + 1) })), None);
        let deep = (0..100).fold(json!("x"), |value, _| json!([value]));
        assert_eq!(harmless(&deep), None);
    }
}
