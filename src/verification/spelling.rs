//! Whether a document is spelled as readers of plain JSON expect.
//!
//! A signature over RDF covers what a document means, not how it is spelled. Whoever holds a badge could rename
//! `validUntil` to its full address, or move it into `@included`: the signature still fits, and a reader of plain members
//! takes the badge for one that never expires. Such spellings are refused before anything is read.

use std::cell::OnceCell;

use serde_json::Value;

use super::own_terms;
use crate::linked_data;

/// A spelling in which members could be overlooked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Spelling {
    /// A member under another name than its plain one.
    Roundabout(String),
    /// A context that is not known, or that is part of the document and does more than add terms of its own.
    OwnContext(String),
}

/// No document of ours, and no published one, is deeper.
pub(super) const DEEPEST: usize = 64;

/// What only the outermost object may say of the credential.
const OF_THE_CREDENTIAL: [&str; 7] =
    ["validFrom", "validUntil", "issuanceDate", "expirationDate", "issuer", "credentialStatus", "credentialSubject"];

/// Names of classes that one context or another gives to a member, too: under them nobody looks for what it says.
const CLASSES: [&str; 6] = ["Achievement", "Address", "Criteria", "GeoCoordinates", "Image", "Profile"];

/// The terms that the document defines itself, or the first spelling in it in which something could be overlooked.
pub(super) fn own_terms(document: &Value) -> Result<Vec<String>, Spelling> {
    let look = Look { document, own: OnceCell::new() };
    match look.at(document, 0) {
        Some(spelling) => Err(spelling),
        None => Ok(look.own.into_inner().flatten().unwrap_or_default()),
    }
}

struct Look<'a> {
    /// The outermost object.
    document: &'a Value,
    /// Looked for when there is a context within the document; nearly none has any. None: they do more than add terms.
    own: OnceCell<Option<Vec<String>>>,
}

impl Look<'_> {
    fn at(&self, value: &Value, depth: usize) -> Option<Spelling> {
        if depth > DEEPEST {
            return Some(Spelling::Roundabout("its depth".to_owned()));
        }
        match value {
            Value::Array(values) => values.iter().find_map(|v| self.at(v, depth + 1)),
            Value::Object(members) => {
                let is_value = members.contains_key("@value");
                let id = members.get("id").and_then(Value::as_str);
                let is_again = depth > 0 && id.is_some() && id == self.document.get("id").and_then(Value::as_str);
                members.iter().find_map(|(name, value)| match name.as_str() {
                    "@context" => self.context(value),
                    "@value" | "@type" | "@language" | "@direction" if is_value => None,
                    name if name.contains(':') || name.starts_with('@') || CLASSES.contains(&name) => {
                        Some(Spelling::Roundabout(name.to_owned()))
                    }
                    name if is_again && OF_THE_CREDENTIAL.contains(&name) => {
                        Some(Spelling::Roundabout(name.to_owned()))
                    }
                    _ => self.at(value, depth + 1),
                })
            }
            _ => None,
        }
    }

    /// Contexts are named, and if they are defined on the spot, they only add: they are no part of what is signed.
    fn context(&self, value: &Value) -> Option<Spelling> {
        let entries = match value {
            Value::Array(entries) => entries.as_slice(),
            one => std::slice::from_ref(one),
        };
        entries.iter().find_map(|entry| match entry {
            Value::String(url) if linked_data::known_context(url) => None,
            Value::String(url) => Some(Spelling::OwnContext(url.to_owned())),
            Value::Object(_) if self.own.get_or_init(|| own_terms::harmless(self.document)).is_some() => None,
            _ => Some(Spelling::OwnContext("defined in the badge itself".to_owned())),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use serde_json::json;

    #[test]
    fn roundabout_spellings_are_found_wherever_they_stand() {
        #[track_caller]
        fn check(document: Value, expected: Option<Spelling>) {
            assert_eq!(own_terms(&document).err(), expected, "{document}");
        }
        let by = |name: &str| Some(Spelling::Roundabout(name.to_owned()));
        let vc2 = "https://www.w3.org/ns/credentials/v2";
        check(json!({"@context": [vc2], "id": "urn:a", "name": {"@value": "x", "@language": "en"}}), None);
        check(json!({"id": "urn:a", "endorsement": [{"@context": [vc2], "credentialSubject": {"id": "urn:a"}}]}), None);
        check(
            json!({"https://www.w3.org/2018/credentials#validUntil": "x"}),
            by("https://www.w3.org/2018/credentials#validUntil"),
        );
        check(json!({"proof": [{"sec:expires": "x"}]}), by("sec:expires"));
        for keyword in ["@included", "@graph", "@nest", "@reverse", "@set", "@id", "@type"] {
            check(json!({"a": [{keyword: "x"}]}), by(keyword));
        }
        check(json!({"id": "urn:a", "b": {"id": "urn:a", "validUntil": "x"}}), by("validUntil"));
        let own = |what: &str| Some(Spelling::OwnContext(what.to_owned()));
        check(json!({"@context": [vc2, {"rank": "urn:a:rank"}], "rank": "x"}), None);
        let expiry = "https://www.w3.org/2018/credentials#validUntil";
        check(json!({"@context": [vc2, {"vu": expiry}]}), own("defined in the badge itself"));
        check(json!({"a": {"@context": null}}), own("defined in the badge itself"));
        check(json!({"a": {"@context": "https://x.example"}}), own("https://x.example"));
        for class in CLASSES {
            check(json!({"credentialSubject": {class: {"name": "x"}}}), by(class));
        }
        check(json!({"type": CLASSES}), None);
        let deep = (0..100).fold(json!("x"), |value, _| json!([value]));
        check(json!({"a": deep}), by("its depth"));
    }

    /// Whoever adds a context to a badge may choose between the names that all contexts have for one IRI.
    #[test]
    fn of_two_names_for_one_iri_both_are_read_or_one_is_refused() {
        let mut read = crate::proof::EXPIRES;
        read.sort_unstable();
        let (mut several, mut found) = (0, 0);
        for (iri, names) in names_of_iris().into_iter().filter(|(_, names)| names.len() > 1) {
            several += 1;
            let left: Vec<&str> =
                names.iter().map(String::as_str).filter(|name| own_terms(&json!({*name: "x"})).is_ok()).collect();
            found += usize::from(left == read);
            assert!(left.len() == 1 || left == read, "{iri} goes by {left:?}, of {names:?}");
        }
        assert_eq!((several, found), (1 + CLASSES.len(), 1), "all that is said about names is about two for one IRI");
    }

    /// The terms that the compiled-in contexts have for each IRI, keywords too, in the order of their names.
    fn names_of_iris() -> BTreeMap<String, BTreeSet<String>> {
        fn gather(context: &Value, found: &mut Vec<(String, String)>) {
            match context {
                Value::Array(contexts) => contexts.iter().for_each(|context| gather(context, found)),
                Value::Object(terms) => {
                    for (term, definition) in terms.iter().filter(|(term, _)| !term.starts_with('@')) {
                        let iri = definition.as_str().or_else(|| {
                            let id = definition.get("@id").or_else(|| definition.get("@reverse"));
                            id.and_then(Value::as_str)
                        });
                        found.extend(iri.map(|iri| (term.clone(), iri.to_owned())));
                        definition.get("@context").into_iter().for_each(|scoped| gather(scoped, found));
                    }
                }
                _ => {}
            }
        }
        let mut terms = Vec::new();
        for document in linked_data::Library::documents() {
            let document: Value = serde_json::from_str(document.text).unwrap();
            gather(&document["@context"], &mut terms);
        }
        let full = |iri: &str| match iri.split_once(':') {
            Some((prefix, suffix)) if !suffix.starts_with("//") => {
                let longer = terms.iter().find(|(term, _)| term == prefix);
                longer.map_or_else(|| iri.to_owned(), |(_, prefix)| format!("{prefix}{suffix}"))
            }
            _ => iri.to_owned(),
        };
        let mut names: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (term, iri) in &terms {
            names.entry(full(iri)).or_default().insert(term.clone());
        }
        names
    }
}
