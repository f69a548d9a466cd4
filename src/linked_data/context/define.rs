//! Create Term Definition (JSON-LD 1.1 API §4.2).

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use serde_json::{Map, Value};

use super::process::{language_tag, read_direction};
use super::{Coercion, Container, Context, Definition, Expanded, Local, Mapping, Processor};
use crate::linked_data::Error;
use crate::linked_data::error::invalid;
use crate::linked_data::iri::{self, Keyword};

/// Defines the terms of one context map; terms may need each other in any order.
pub(super) struct Definer<'a, 'p> {
    processor: &'a mut Processor<'p>,
    context: &'a mut Context,
    local: &'a Local,
    map: &'a Map<String, Value>,
    protected: bool,
    overriding: bool,
    /// Whether a term is done, or still being worked on.
    defined: HashMap<&'a str, bool>,
    scoped: Vec<Arc<Local>>,
}

static EMPTY: LazyLock<Map<String, Value>> = LazyLock::new(Map::new);

/// The longest IRI that a term or `@vocab` may stand for: it is written out wherever it is used.
const LONGEST: usize = 2_048;

/// What a term definition may say.
const ENTRIES: [&str; 11] = [
    "@id",
    "@reverse",
    "@container",
    "@context",
    "@direction",
    "@index",
    "@language",
    "@nest",
    "@prefix",
    "@protected",
    "@type",
];

/// How many terms may need each other in a row.
const CHAIN: usize = 64;

impl<'a, 'p> Definer<'a, 'p> {
    pub(super) fn new(
        processor: &'a mut Processor<'p>,
        context: &'a mut Context,
        (local, map): (&'a Local, &'a Map<String, Value>),
        protected: bool,
        overriding: bool,
    ) -> Self {
        let (defined, scoped) = (HashMap::new(), Vec::new());
        Definer { processor, context, local, map, protected, overriding, defined, scoped }
    }

    /// Defines every term; gives back the scoped contexts of strangers, which nobody has looked at yet.
    pub(super) fn define_all(mut self) -> Result<Vec<Arc<Local>>, Error> {
        const SETTINGS: [&str; 8] =
            ["@base", "@direction", "@import", "@language", "@propagate", "@protected", "@version", "@vocab"];
        for key in self.map.keys() {
            if !SETTINGS.contains(&key.as_str()) {
                self.define(key, 0)?;
            }
        }
        Ok(self.scoped)
    }

    fn define(&mut self, term: &'a str, chain: usize) -> Result<(), Error> {
        match self.defined.get(term) {
            Some(true) => return Ok(()),
            Some(false) => return Err(invalid("cyclic IRI mapping", term)),
            None => {}
        }
        if chain > CHAIN {
            return Err(Error::TooComplex { what: "terms that need each other", limit: CHAIN });
        }
        self.processor.terms.spend(1)?;
        if term.is_empty() {
            return Err(invalid("invalid term definition", "the empty term"));
        }
        self.defined.insert(term, false);
        let value = &self.map[term];
        if term == "@type" {
            check_type_keyword(value)?;
        } else if Keyword::parse(term).is_some() {
            return Err(invalid("keyword redefinition", term));
        } else if iri::like_keyword(term) {
            return Err(Error::UndefinedTerm { term: term.to_owned() });
        }
        let previous = self.context.terms.remove(term);
        let (entries, id, simple) = match value {
            Value::Null => (&*EMPTY, Some(&Value::Null), false),
            Value::String(_) => (&*EMPTY, Some(value), true),
            Value::Object(entries) => (entries, entries.get("@id"), false),
            _ => return Err(invalid("invalid term definition", term)),
        };
        let mut definition = Definition { protected: self.protected, ..Definition::default() };
        if let Some(protected) = entries.get("@protected") {
            definition.protected =
                protected.as_bool().ok_or_else(|| invalid("invalid @protected value", protected.to_string()))?;
        }
        self.coerce(&mut definition, term, entries, chain)?;
        if entries.contains_key("@reverse") {
            self.map_reverse(&mut definition, term, entries, chain)?;
        } else {
            self.map_term(&mut definition, term, (id, simple), chain)?;
        }
        self.describe(&mut definition, term, entries, chain)?;
        self.weigh(&definition, value)?;
        if let Some(previous) = previous
            && previous.protected
            && !self.overriding
        {
            if !previous.same(&definition) {
                return Err(invalid("protected term redefinition", term));
            }
            self.context.terms.insert(term.into(), previous);
        } else {
            if let Some(scoped) = &definition.context
                && !scoped.shared
            {
                self.scoped.push(scoped.clone());
            }
            self.context.terms.insert(term.into(), Arc::new(definition));
        }
        self.defined.insert(term, true);
        Ok(())
    }

    /// Long identifiers and contexts within contexts cost more than short terms.
    fn weigh(&mut self, definition: &Definition, value: &Value) -> Result<(), Error> {
        let length = match &definition.mapping {
            Mapping::Iri(iri) => iri.len(),
            _ => 0,
        };
        short_enough(length)?;
        let inside = if self.local.shared { 0 } else { weight(value) };
        self.processor.terms.spend(length / 64 + inside)
    }

    /// `@type` of a definition.
    fn coerce(
        &mut self,
        definition: &mut Definition,
        term: &str,
        entries: &'a Map<String, Value>,
        chain: usize,
    ) -> Result<(), Error> {
        let Some(value) = entries.get("@type") else { return Ok(()) };
        let wrong = || invalid("invalid type mapping", format!("{term}: {value}"));
        let text = value.as_str().ok_or_else(wrong)?;
        definition.coercion = match self.expand(text, chain)? {
            Expanded::Keyword(Keyword::Id) => Coercion::Id,
            Expanded::Keyword(Keyword::Vocab) => Coercion::Vocab,
            Expanded::Keyword(Keyword::Json) => Coercion::Json,
            Expanded::Keyword(Keyword::None) => Coercion::None,
            Expanded::Text(iri) if iri::has_scheme(&iri) => Coercion::Datatype(iri.into()),
            _ => return Err(wrong()),
        };
        Ok(())
    }

    fn map_reverse(
        &mut self,
        definition: &mut Definition,
        term: &str,
        entries: &'a Map<String, Value>,
        chain: usize,
    ) -> Result<(), Error> {
        let reverse = &entries["@reverse"];
        if entries.contains_key("@id") || entries.contains_key("@nest") {
            return Err(invalid("invalid reverse property", term));
        }
        let text = reverse.as_str().ok_or_else(|| invalid("invalid IRI mapping", reverse.to_string()))?;
        definition.mapping = match self.expand(text, chain)?.named() {
            Some(iri) => Mapping::Iri(iri.into()),
            None => return Err(invalid("invalid IRI mapping", text)),
        };
        match entries.get("@container") {
            None | Some(Value::Null) => {}
            Some(Value::String(container)) if container == "@set" || container == "@index" => {}
            Some(_) => return Err(invalid("invalid reverse property", term)),
        }
        definition.reverse = true;
        Ok(())
    }

    /// The IRI or keyword that a term stands for.
    fn map_term(
        &mut self,
        definition: &mut Definition,
        term: &'a str,
        (id, simple): (Option<&'a Value>, bool),
        chain: usize,
    ) -> Result<(), Error> {
        let compact = iri::split(term);
        match id {
            Some(Value::Null) => {}
            Some(Value::String(id)) if id != term => {
                let mapping = match self.expand(id, chain)? {
                    Expanded::Keyword(Keyword::Context) => return Err(invalid("invalid keyword alias", term)),
                    Expanded::Keyword(keyword) => Mapping::Keyword(keyword),
                    Expanded::Null => return Err(Error::UndefinedTerm { term: id.clone() }),
                    expanded @ Expanded::Text(_) => match expanded.named() {
                        Some(iri) => Mapping::Iri(iri.into()),
                        None => return Err(invalid("invalid IRI mapping", format!("{term}: {id}"))),
                    },
                };
                let inner_colon = term.bytes().rev().skip(1).rev().skip(1).any(|byte| byte == b':');
                if inner_colon || term.contains('/') {
                    self.defined.insert(term, true);
                    let own = self.expand(term, chain)?;
                    if !matches!((&own, &mapping), (Expanded::Text(own), Mapping::Iri(iri)) if **own == **iri) {
                        return Err(invalid("invalid IRI mapping", format!("{term}: {id}")));
                    }
                }
                if let Mapping::Iri(iri) = &mapping {
                    definition.prefix =
                        simple && !term.contains([':', '/']) && (iri::ends_in_delimiter(iri) || iri::is_blank(iri));
                }
                definition.mapping = mapping;
            }
            Some(Value::String(_)) | None => definition.mapping = self.map_itself(term, compact, chain)?,
            Some(other) => return Err(invalid("invalid IRI mapping", format!("{term}: {other}"))),
        }
        Ok(())
    }

    /// A term without `@id`: a compact IRI, an IRI, `@type`, or something in the vocabulary.
    fn map_itself(&mut self, term: &'a str, compact: Option<(&'a str, &str)>, chain: usize) -> Result<Mapping, Error> {
        if let Some((prefix, suffix)) = compact {
            if let Some((prefix, _)) = self.map.get_key_value(prefix) {
                self.define(prefix, chain + 1)?;
            }
            return match self.context.term(prefix).map(|definition| &definition.mapping) {
                Some(Mapping::Iri(iri)) => Ok(Mapping::Iri([iri, suffix].concat().into())),
                _ if iri::is_iri(term) || iri::is_blank(term) => Ok(Mapping::Iri(term.into())),
                _ => Err(invalid("invalid IRI mapping", term)),
            };
        }
        if term == "@type" {
            return Ok(Mapping::Keyword(Keyword::Type));
        }
        if term.contains('/') {
            return match self.context.expand_type(term).named() {
                Some(iri) => Ok(Mapping::Iri(iri.into())),
                None => Err(invalid("invalid IRI mapping", term)),
            };
        }
        match &self.context.vocab {
            Some(vocab) => Ok(Mapping::Iri([vocab, term].concat().into())),
            None => Err(invalid("invalid IRI mapping", term)),
        }
    }

    /// Everything but what the term stands for.
    fn describe(
        &mut self,
        definition: &mut Definition,
        term: &str,
        entries: &'a Map<String, Value>,
        chain: usize,
    ) -> Result<(), Error> {
        if let Some(container) = entries.get("@container") {
            if !(definition.reverse && container.is_null()) {
                definition.container = Container::read(container)?;
            }
            if definition.container.has(Container::TYPE) {
                match definition.coercion {
                    Coercion::Absent => definition.coercion = Coercion::Id,
                    Coercion::Id | Coercion::Vocab => {}
                    _ => return Err(invalid("invalid type mapping", term)),
                }
            }
        }
        if let Some(index) = entries.get("@index") {
            let text = index.as_str().filter(|_| definition.container.has(Container::INDEX));
            let text = text.ok_or_else(|| invalid("invalid term definition", format!("{term}: @index {index}")))?;
            if self.expand(text, chain)?.named().is_none() {
                return Err(invalid("invalid term definition", format!("{term}: @index {index}")));
            }
            definition.index = Some(text.into());
        }
        if let Some(scoped) = entries.get("@context") {
            let local = Local::new(scoped.clone(), self.local.shared, self.local.address.clone());
            definition.context = Some(Arc::new(local));
        }
        if let Some(language) = entries.get("@language").filter(|_| !entries.contains_key("@type")) {
            definition.language = Some(match language {
                Value::Null => None,
                Value::String(tag) => Some(language_tag(tag)?),
                _ => return Err(invalid("invalid language mapping", term)),
            });
        }
        if let Some(direction) = entries.get("@direction").filter(|_| !entries.contains_key("@type")) {
            definition.direction = Some(read_direction(direction)?);
        }
        if let Some(nest) = entries.get("@nest") {
            match nest.as_str() {
                Some(text) if text == "@nest" || Keyword::parse(text).is_none() => definition.nest = Some(text.into()),
                _ => return Err(invalid("invalid @nest value", nest.to_string())),
            }
        }
        if let Some(prefix) = entries.get("@prefix") {
            if term.contains([':', '/']) {
                return Err(invalid("invalid term definition", term));
            }
            definition.prefix = prefix.as_bool().ok_or_else(|| invalid("invalid @prefix value", prefix.to_string()))?;
            if definition.prefix && matches!(definition.mapping, Mapping::Keyword(_)) {
                return Err(invalid("invalid term definition", term));
            }
        }
        match entries.keys().find(|key| !ENTRIES.contains(&key.as_str())) {
            Some(unknown) => Err(invalid("invalid term definition", format!("{term}: {unknown}"))),
            None => Ok(()),
        }
    }

    /// IRI expansion while terms of the same map may still be undefined.
    fn expand<'b>(&'b mut self, text: &'b str, chain: usize) -> Result<Expanded<'b>, Error> {
        if Keyword::parse(text).is_none() {
            self.need(text, chain)?;
            if self.context.term(text).is_none()
                && let Some((prefix, suffix)) = iri::split(text)
                && prefix != "_"
                && !suffix.starts_with("//")
            {
                self.need(prefix, chain)?;
            }
        }
        Ok(self.context.expand_vocab(text))
    }

    fn need(&mut self, term: &str, chain: usize) -> Result<(), Error> {
        match self.map.get_key_value(term) {
            Some((term, _)) if self.defined.get(term.as_str()) != Some(&true) => self.define(term, chain + 1),
            _ => Ok(()),
        }
    }
}

pub(super) fn short_enough(length: usize) -> Result<(), Error> {
    if length > LONGEST {
        Err(Error::TooComplex { what: "bytes of an IRI in a context", limit: LONGEST })
    } else {
        Ok(())
    }
}

/// How much of a context's text a value is.
fn weight(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len() / 64,
        Value::Array(items) => items.len() + items.iter().map(weight).sum::<usize>(),
        Value::Object(map) => map.len() + map.iter().map(|(key, value)| key.len() / 64 + weight(value)).sum::<usize>(),
        _ => 0,
    }
}

/// `@type` may only be made a set, or protected.
fn check_type_keyword(value: &Value) -> Result<(), Error> {
    let lawful = value.as_object().is_some_and(|entries| {
        !entries.is_empty()
            && entries.iter().all(|(key, value)| match key.as_str() {
                "@container" => value == "@set",
                "@protected" => true,
                _ => false,
            })
    });
    if lawful { Ok(()) } else { Err(invalid("keyword redefinition", "@type")) }
}
