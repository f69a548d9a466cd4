//! Node objects: identifier, types, graphs and properties.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::{Found, Kind, Place, Property, RDF_TYPE, Walk, items};
use crate::linked_data::Error;
use crate::linked_data::context::{Coercion, Context, Definition, Expanded, Mapping};
use crate::linked_data::dataset::Node;
use crate::linked_data::error::invalid;
use crate::linked_data::iri::{self, Keyword};

/// The node whose entries are being stated.
#[derive(Clone, Copy)]
pub(super) struct Subject<'a> {
    pub(super) node: Node,
    pub(super) graph: Option<Node>,
    pub(super) depth: usize,
    /// The context in which its types have a meaning.
    pub(super) type_scope: &'a Arc<Context>,
}

impl Walk<'_> {
    pub(super) fn node(
        &mut self,
        place: &Place<'_>,
        type_scope: &Arc<Context>,
        map: &Map<String, Value>,
    ) -> Result<(), Error> {
        let context = place.context;
        if place.property.free() {
            let keywords: Vec<Option<Keyword>> = map
                .iter()
                .filter(|(key, value)| counts(context, key, value))
                .map(|(key, _)| context.keyword(key))
                .collect();
            let graph_only = keywords.iter().all(|&keyword| keyword == Some(Keyword::Graph));
            if graph_only && !keywords.is_empty() && matches!(place.property, Property::Top) {
                return self.default_graph(place, map);
            }
            if keywords.iter().all(|&keyword| keyword == Some(Keyword::Id)) {
                let what = format!("a node of which nothing is said in {}", place.property.name());
                return Err(Error::Dropped { what });
            }
        }
        let node = match self.identifier(context, map, 0)?.or(place.id) {
            Some(node) => node,
            None => self.data.fresh_blank(),
        };
        let subject = Subject { node, graph: place.graph, depth: place.depth, type_scope };
        self.entries(&subject, context, map, 0)?;
        self.found.push(Found { node, kind: Kind::Node });
        Ok(())
    }

    /// A document that is nothing but a `@graph`.
    fn default_graph(&mut self, place: &Place<'_>, map: &Map<String, Value>) -> Result<(), Error> {
        for (key, value) in map {
            match place.context.keyword(key) {
                Some(Keyword::Graph) => self.element(&Place { property: Property::Graph, ..*place }, value)?,
                Some(Keyword::Context) => {}
                _ => drop(property_of(place.context, key)?),
            }
        }
        Ok(())
    }

    /// `@id`, which may lie in a nest.
    fn identifier(
        &mut self,
        context: &Arc<Context>,
        map: &Map<String, Value>,
        nests: usize,
    ) -> Result<Option<Node>, Error> {
        let mut found = None;
        for (key, value) in map {
            let node = match context.keyword(key) {
                Some(Keyword::Id) => {
                    let text = value.as_str().ok_or_else(|| invalid("invalid @id value", value.to_string()))?;
                    match context.expand_id(text).named() {
                        Some(iri) => self.named(iri),
                        None => return Err(Error::RelativeIri { iri: text.to_owned() }),
                    }
                }
                Some(Keyword::Nest) if nests < self.limits.depth => {
                    let mut inner = None;
                    for nested in items(value).iter().filter_map(Value::as_object) {
                        inner = inner.or(self.identifier(context, nested, nests + 1)?);
                    }
                    match inner {
                        Some(node) => node,
                        None => continue,
                    }
                }
                _ => continue,
            };
            if found.replace(node).is_some() {
                return Err(invalid("colliding keywords", key.as_str()));
            }
        }
        Ok(found)
    }

    /// Every entry of a node, or of a nest within it.
    pub(super) fn entries(
        &mut self,
        subject: &Subject<'_>,
        context: &Arc<Context>,
        map: &Map<String, Value>,
        nests: usize,
    ) -> Result<(), Error> {
        let mut seen: Vec<Keyword> = Vec::new();
        for (key, value) in map {
            let definition = context.term(key);
            if let Some(definition) = definition
                && let Mapping::Iri(predicate) = &definition.mapping
            {
                self.property(subject, context, (key, Some(definition), predicate), value)?;
                continue;
            }
            if let Some(keyword) = context.keyword(key) {
                let once = matches!(keyword, Keyword::Graph | Keyword::Index | Keyword::Reverse);
                if once && seen.contains(&keyword) {
                    return Err(invalid("colliding keywords", key.as_str()));
                }
                seen.push(keyword);
                self.keyword_entry(subject, context, (key, keyword, value), nests)?;
                continue;
            }
            let predicate = property_of(context, key)?;
            self.property(subject, context, (key, None, &predicate), value)?;
        }
        Ok(())
    }

    fn keyword_entry(
        &mut self,
        subject: &Subject<'_>,
        context: &Arc<Context>,
        (key, keyword, value): (&str, Keyword, &Value),
        nests: usize,
    ) -> Result<(), Error> {
        let inside = |property| Place {
            context,
            property,
            graph: subject.graph,
            depth: subject.depth,
            from_map: false,
            id: None,
        };
        match keyword {
            Keyword::Context | Keyword::Id => Ok(()),
            Keyword::Type => self.types(subject, value),
            Keyword::Index if value.is_string() => Ok(()),
            Keyword::Index => Err(invalid("invalid @index value", value.to_string())),
            Keyword::Graph => {
                let mark = self.found.len();
                let place = Place { graph: Some(subject.node), ..inside(Property::Graph) };
                self.element(&place, value)?;
                self.found.truncate(mark);
                Ok(())
            }
            Keyword::Included => {
                let mark = self.found.len();
                self.element(&inside(Property::Included), value)?;
                if self.found.drain(mark..).any(|found| found.kind != Kind::Node) {
                    return Err(invalid("invalid @included value", key));
                }
                Ok(())
            }
            Keyword::Reverse => self.reverse(subject, context, value),
            Keyword::Nest => {
                let scoped = context.term(key).and_then(|definition| definition.context.clone());
                let context = match scoped {
                    Some(scoped) => self.contexts.process(context, &scoped, true, true)?,
                    None => context.clone(),
                };
                for nested in items(value) {
                    self.nest(subject, &context, nested, nests)?;
                }
                Ok(())
            }
            _ => Err(Error::Dropped { what: format!("the entry \"{key}\" of a node") }),
        }
    }

    fn types(&mut self, subject: &Subject<'_>, value: &Value) -> Result<(), Error> {
        for item in items(value) {
            let name = item.as_str().ok_or_else(|| invalid("invalid type value", value.to_string()))?;
            let expanded = subject.type_scope.expand_type(name);
            let Some(iri) = expanded.named() else {
                return Err(Error::UndefinedType { name: name.to_owned() });
            };
            let object = self.named(iri);
            let predicate = self.data.iri(RDF_TYPE);
            self.state(subject.node, predicate, object, subject.graph)?;
        }
        Ok(())
    }

    fn nest(
        &mut self,
        subject: &Subject<'_>,
        context: &Arc<Context>,
        nested: &Value,
        nests: usize,
    ) -> Result<(), Error> {
        let wrong = || invalid("invalid @nest value", nested.to_string());
        let map = nested.as_object().ok_or_else(wrong)?;
        if map.keys().any(|key| context.keyword(key) == Some(Keyword::Value)) {
            return Err(wrong());
        }
        if nests >= self.limits.depth {
            return Err(Error::TooComplex { what: "levels of nesting", limit: self.limits.depth });
        }
        self.entries(subject, context, map, nests + 1)
    }

    /// `{"@reverse": {…}}`: the values point at the node.
    fn reverse(&mut self, subject: &Subject<'_>, context: &Arc<Context>, value: &Value) -> Result<(), Error> {
        let map = value.as_object().ok_or_else(|| invalid("invalid @reverse value", value.to_string()))?;
        for (key, value) in map {
            if context.keyword(key).is_some() {
                return Err(invalid("invalid reverse property map", key.as_str()));
            }
            let definition = context.term(key);
            let predicate = property_of(context, key)?;
            let reversed = Definition {
                reverse: !definition.is_some_and(|definition| definition.reverse),
                ..definition.map(|definition| (**definition).clone()).unwrap_or_default()
            };
            self.property(subject, context, (key, Some(&Arc::new(reversed)), &predicate), value)?;
        }
        Ok(())
    }
}

/// Whether an entry makes a statement: not the context, not a null (unless nulls are JSON literals).
fn counts(context: &Context, key: &str, value: &Value) -> bool {
    let json = || context.term(key).is_some_and(|definition| definition.coercion == Coercion::Json);
    key != "@context" && (!value.is_null() || json())
}

/// The IRI of a key that is no keyword.
pub(super) fn property_of(context: &Context, key: &str) -> Result<Box<str>, Error> {
    match context.expand_vocab(key) {
        Expanded::Text(text) if iri::is_iri(&text) || iri::is_blank(&text) => Ok(text.into()),
        Expanded::Text(text) if text.contains(':') => Err(Error::RelativeIri { iri: text.into_owned() }),
        _ => Err(Error::UndefinedTerm { term: key.to_owned() }),
    }
}
