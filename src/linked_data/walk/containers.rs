//! The value of one property, by the container that its term names.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::node::{Subject, property_of};
use super::{Found, Kind, Place, Property, RDF_TYPE, Walk, items};
use crate::linked_data::Error;
use crate::linked_data::context::{Coercion, Container, Context, Definition, Expanded, language_tag};
use crate::linked_data::dataset::Node;
use crate::linked_data::error::invalid;
use crate::linked_data::iri::{self, Keyword};

impl Walk<'_> {
    /// States one property of a node.
    pub(super) fn property(
        &mut self,
        subject: &Subject<'_>,
        context: &Arc<Context>,
        (name, definition, predicate): (&str, Option<&Arc<Definition>>, &str),
        value: &Value,
    ) -> Result<(), Error> {
        if iri::is_blank(predicate) {
            return Err(Error::Unsupported { what: "a blank node as a property" });
        }
        if !iri::is_iri(predicate) {
            return Err(Error::RelativeIri { iri: predicate.to_owned() });
        }
        let mark = self.found.len();
        let definition = definition.map(|definition| &**definition);
        let place = Place {
            context,
            property: Property::Term { name, definition },
            graph: subject.graph,
            depth: subject.depth,
            from_map: false,
            id: None,
        };
        self.contained(&place, definition, value)?;
        let reverse = definition.is_some_and(|definition| definition.reverse);
        if self.found.len() == mark {
            return Ok(());
        }
        let predicate = self.data.iri(predicate);
        for at in mark..self.found.len() {
            let found = self.found[at];
            if !reverse {
                self.state(subject.node, predicate, found.node, subject.graph)?;
            } else if found.kind == Kind::Node {
                self.state(found.node, predicate, subject.node, subject.graph)?;
            } else {
                return Err(invalid("invalid reverse property value", name));
            }
        }
        self.found.truncate(mark);
        Ok(())
    }

    fn contained(&mut self, place: &Place<'_>, definition: Option<&Definition>, value: &Value) -> Result<(), Error> {
        let Some(definition) = definition else { return self.element(place, value) };
        if definition.coercion == Coercion::Json {
            return self.json_literal(value);
        }
        let container = definition.container;
        match value {
            Value::Null => Ok(()),
            Value::Object(map) if container.has(Container::LANGUAGE) => self.language_map(place, definition, map),
            Value::Object(map) if container.has(Container::INDEX.with(Container::ID).with(Container::TYPE)) => {
                self.index_map(place, definition, map)
            }
            _ if container.has(Container::LIST) => self.list_value(place, value),
            _ if container.has(Container::GRAPH) => {
                for item in items(value).iter().filter(|item| !item.is_null()) {
                    if container.has(Container::INDEX.with(Container::ID)) && is_graph(place.context, item) {
                        self.element(place, item)?;
                    } else {
                        self.graph(place, item)?;
                    }
                }
                Ok(())
            }
            _ => self.element(place, value),
        }
    }

    /// A value under a list container is a list, unless it already says so itself.
    fn list_value(&mut self, place: &Place<'_>, value: &Value) -> Result<(), Error> {
        let mark = self.found.len();
        self.element(place, value)?;
        let is_list = value.is_object() && matches!(&self.found[mark..], [Found { kind: Kind::List, .. }]);
        if is_list { Ok(()) } else { self.list(mark, place.graph) }
    }

    /// A value under a graph container: a graph of its own, which the property points at.
    fn graph(&mut self, place: &Place<'_>, value: &Value) -> Result<(), Error> {
        let name = place.id.unwrap_or_else(|| self.data.fresh_blank());
        let (mark, before) = (self.found.len(), self.data.len());
        self.element(&Place { graph: Some(name), id: None, ..*place }, value)?;
        let empty = value.as_object().is_some_and(Map::is_empty);
        let said = self.data.quads[before..].iter().any(|quad| quad.graph == Some(name.0));
        let nodes = self.found[mark..].iter().all(|found| found.kind == Kind::Node);
        if !nodes || !(said || empty || is_graph(place.context, value)) {
            return Err(Error::Dropped { what: format!("a value of \"{}\" that says nothing", place.property.name()) });
        }
        self.found.truncate(mark);
        self.found.push(Found { node: name, kind: Kind::Node });
        Ok(())
    }

    fn language_map(
        &mut self,
        place: &Place<'_>,
        definition: &Definition,
        map: &Map<String, Value>,
    ) -> Result<(), Error> {
        let direction = definition.direction.unwrap_or(place.context.direction);
        for (key, value) in map {
            let none = place.context.expand_vocab(key) == Expanded::Keyword(Keyword::None);
            let language = if none { None } else { Some(language_tag(key)?) };
            for item in items(value).iter().filter(|item| !item.is_null()) {
                let text = item.as_str().ok_or_else(|| invalid("invalid language map value", item.to_string()))?;
                self.text(text, language.as_deref(), direction)?;
            }
        }
        Ok(())
    }

    /// `@index`, `@id` and `@type` maps, whose values may each be a graph.
    fn index_map(&mut self, place: &Place<'_>, definition: &Definition, map: &Map<String, Value>) -> Result<(), Error> {
        let container = definition.container;
        let outer = match &place.context.previous {
            Some(previous) if container.has(Container::ID.with(Container::TYPE)) => previous,
            _ => place.context,
        };
        for (key, value) in map {
            let mut inner = outer.clone();
            if container.has(Container::TYPE)
                && let Some(scoped) = outer.term(key).and_then(|definition| definition.context.clone())
            {
                inner = self.contexts.process(outer, &scoped, false, false)?;
            }
            let none = place.context.expand_vocab(key) == Expanded::Keyword(Keyword::None);
            let id = if container.has(Container::ID) && !none { Some(self.map_id(place, key)?) } else { None };
            let Property::Term { name, .. } = place.property else { continue };
            let property = Property::Term { name, definition: inner.term(name).map(|definition| &**definition) };
            let inside = self.deeper(&Place { context: &inner, property, from_map: true, id, ..*place })?;
            let mark = self.found.len();
            for item in items(value).iter().filter(|item| !item.is_null()) {
                if container.has(Container::GRAPH) && !is_graph(&inner, item) {
                    self.graph(&inside, item)?;
                } else {
                    self.element(&inside, item)?;
                }
            }
            let adds = id.is_some() || container.has(Container::TYPE) || definition.index.is_some();
            if adds && self.found[mark..].iter().any(|found| found.kind != Kind::Node) {
                return Err(invalid("invalid value object", key.as_str()));
            }
            if !none {
                self.key_says(place, definition, key, mark)?;
            }
        }
        Ok(())
    }

    fn map_id(&mut self, place: &Place<'_>, key: &str) -> Result<Node, Error> {
        match place.context.expand_id(key).named() {
            Some(iri) => Ok(self.named(iri)),
            None => Err(Error::RelativeIri { iri: key.to_owned() }),
        }
    }

    /// What the key of a map says about the nodes found since `mark`.
    fn key_says(&mut self, place: &Place<'_>, definition: &Definition, key: &str, mark: usize) -> Result<(), Error> {
        let (predicate, object) = if definition.container.has(Container::TYPE) {
            match place.context.expand_type(key).named() {
                Some(iri) => (self.data.iri(RDF_TYPE), self.named(iri)),
                None => return Err(Error::UndefinedType { name: key.to_owned() }),
            }
        } else if let Some(index) = &definition.index {
            let predicate = property_of(place.context, index)?;
            let at = self.found.len();
            let definition = place.context.term(index).map(|definition| &**definition);
            self.scalar_of(place.context, (index, definition), &Value::String(key.to_owned()))?;
            let object = self.found.pop().filter(|_| self.found.len() == at).expect("a scalar comes to one value");
            (self.data.iri(&predicate), object.node)
        } else {
            return Ok(());
        };
        for at in mark..self.found.len() {
            let node = self.found[at].node;
            self.state(node, predicate, object, place.graph)?;
        }
        Ok(())
    }
}

/// A map that is a graph itself: `@graph`, perhaps with an id and an index.
fn is_graph(context: &Context, value: &Value) -> bool {
    value.as_object().is_some_and(|map| {
        let mut graph = false;
        let only = map.keys().all(|key| match context.keyword(key) {
            Some(Keyword::Graph) => {
                graph = true;
                true
            }
            Some(Keyword::Id | Keyword::Index | Keyword::Context) => true,
            _ => false,
        });
        only && graph
    })
}
