//! What the compiled-in contexts give a meaning: every term and every IRI that occurs in one of them, however deep.

use std::collections::HashSet;
use std::sync::LazyLock;

use serde_json::{Map, Value};

use super::iri;
use super::library::Library;

/// The terms and IRIs of the compiled-in contexts. What is in neither means nothing to a reader who knows these contexts.
#[derive(Debug, Default)]
pub struct Vocabulary {
    terms: HashSet<Box<str>>,
    iris: HashSet<Box<str>>,
    /// Values of `@vocab`: any name behind one of them is a term of its own.
    vocabs: Vec<Box<str>>,
}

impl Vocabulary {
    /// That of the compiled-in contexts.
    pub fn built_in() -> &'static Vocabulary {
        static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| {
            let documents: Vec<Value> = Library::documents()
                .iter()
                .map(|document| serde_json::from_str(document.text).expect("compiled-in contexts are JSON"))
                .collect();
            Vocabulary::of(documents.iter().filter_map(|document| document.get("@context")))
        });
        &VOCABULARY
    }

    fn of<'a>(contexts: impl Iterator<Item = &'a Value>) -> Vocabulary {
        let (mut found, mut written, mut prefixes) = (Vocabulary::default(), Vec::new(), Vec::new());
        for context in contexts {
            found.gather(context, &mut written, &mut prefixes);
        }
        for text in written {
            if let Some((prefix, suffix)) = iri::split(text) {
                let longer = prefixes.iter().filter(|(name, _)| *name == prefix);
                found.iris.extend(longer.map(|(_, iri)| [*iri, suffix].concat().into()));
            }
            found.iris.insert(text.into());
        }
        found
    }

    fn gather<'a>(&mut self, context: &'a Value, written: &mut Vec<&'a str>, prefixes: &mut Vec<(&'a str, &'a str)>) {
        match context {
            Value::Array(contexts) => contexts.iter().for_each(|context| self.gather(context, written, prefixes)),
            Value::Object(map) => {
                self.vocabs.extend(map.get("@vocab").and_then(Value::as_str).map(Into::into));
                for (term, definition) in map.iter().filter(|(term, _)| !term.starts_with('@')) {
                    self.terms.insert(term.as_str().into());
                    let said = match definition {
                        Value::Object(entries) => texts(entries),
                        other => other.as_str().into_iter().collect(),
                    };
                    prefixes
                        .extend(said.iter().filter(|iri| iri::ends_in_delimiter(iri)).map(|iri| (term.as_str(), *iri)));
                    written.extend(said);
                    if let Some(scoped) = definition.get("@context") {
                        self.gather(scoped, written, prefixes);
                    }
                }
            }
            _ => {}
        }
    }

    /// Whether a context defines this name.
    pub fn has_term(&self, name: &str) -> bool {
        self.terms.contains(name)
    }

    /// Whether a context gives this IRI a name, or could.
    pub fn has_iri(&self, iri: &str) -> bool {
        self.iris.contains(iri) || self.vocabs.iter().any(|vocab| iri.starts_with(&**vocab))
    }
}

/// The IRIs that a definition names.
fn texts(entries: &Map<String, Value>) -> Vec<&str> {
    ["@id", "@reverse", "@type", "@index"].iter().filter_map(|key| entries.get(*key)?.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_scoped_contexts_and_prefixes_say_is_known_too() {
        let known = Vocabulary::built_in();
        for term in ["validUntil", "statusListIndex", "proofPurpose", "achievement", "id", "xsd", "sec", "pageStart"] {
            assert_eq!(known.has_term(term), term != "pageStart", "{term}");
        }
        for iri in [
            "https://www.w3.org/2018/credentials#validUntil",
            "https://www.w3.org/ns/credentials/status#statusListIndex",
            "https://w3id.org/security#proofPurpose",
            "https://purl.imsglobal.org/spec/vc/ob/vocab.html#achievement",
            "http://www.w3.org/2001/XMLSchema#dateTime",
            "https://www.w3.org/ns/credentials/examples#anything",
        ] {
            assert!(known.has_iri(iri), "{iri}");
        }
        for iri in ["https://www.w3.org/2018/credentials#validuntil", "https://issuer.example/terms#rank"] {
            assert!(!known.has_iri(iri), "{iri}");
        }
    }
}
