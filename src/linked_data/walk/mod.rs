//! One walk over a document: expansion, node map and conversion to RDF (JSON-LD 1.1 API §5.1, §7) at once.

mod containers;
mod node;
mod value;

use std::sync::Arc;

use serde_json::{Map, Value};

use super::context::{Container, Context, Definition, Local, Processor};
use super::dataset::{Dataset, Node};
use super::error::invalid;
use super::iri::Keyword;
use super::library::Library;
use super::limits::Budget;
use super::{Error, Limits};

const RDF_FIRST: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#first";
const RDF_REST: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#rest";
const RDF_NIL: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#nil";
const RDF_TYPE: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";

/// The statements of a document.
pub(super) fn dataset(library: &Library, document: &Value, limits: &Limits) -> Result<Dataset, Error> {
    let mut walk = Walk {
        contexts: Processor::new(library, limits),
        data: Dataset::new(),
        found: Vec::new(),
        quads: Budget::new("statements", limits.quads),
        bytes: Budget::new("bytes of statements", limits.bytes),
        limits,
    };
    let context = library.initial();
    let top = Place { context: &context, property: Property::Top, graph: None, depth: 0, from_map: false, id: None };
    walk.element(&top, document)?;
    walk.contexts.finish();
    Ok(walk.data)
}

struct Walk<'a> {
    contexts: Processor<'a>,
    data: Dataset,
    /// What the values met so far came to, and nobody has stated yet: a stack.
    found: Vec<Found>,
    quads: Budget,
    bytes: Budget,
    limits: &'a Limits,
}

/// What one value came to.
#[derive(Debug, Clone, Copy)]
struct Found {
    node: Node,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Literal,
    List,
    Node,
}

/// Where in the document the walk is.
#[derive(Clone, Copy)]
struct Place<'a> {
    context: &'a Arc<Context>,
    property: Property<'a>,
    graph: Option<Node>,
    depth: usize,
    /// Inside an index, id or type map, where a type-scoped context still holds.
    from_map: bool,
    /// The id that an id map gives to nodes without their own.
    id: Option<Node>,
}

/// The property whose value is being looked at.
#[derive(Clone, Copy)]
enum Property<'a> {
    Top,
    /// A member of the top-level array.
    TopItem,
    Graph,
    Included,
    Term {
        name: &'a str,
        definition: Option<&'a Definition>,
    },
}

impl<'a> Property<'a> {
    fn free(self) -> bool {
        matches!(self, Property::Top | Property::TopItem | Property::Graph)
    }

    fn definition(self) -> Option<&'a Definition> {
        match self {
            Property::Term { definition, .. } => definition,
            _ => None,
        }
    }

    fn scoped(self) -> Option<&'a Arc<Local>> {
        self.definition().and_then(|definition| definition.context.as_ref())
    }

    fn list(self) -> bool {
        self.definition().is_some_and(|definition| definition.container.has(Container::LIST))
    }

    fn name(self) -> &'a str {
        match self {
            Property::Top | Property::TopItem => "the document",
            Property::Graph => "@graph",
            Property::Included => "@included",
            Property::Term { name, .. } => name,
        }
    }
}

impl Walk<'_> {
    /// Any value: what it comes to is put on the stack.
    fn element(&mut self, place: &Place<'_>, value: &Value) -> Result<(), Error> {
        match value {
            Value::Null => Ok(()),
            Value::Array(items) => {
                let place = self.deeper(place)?;
                let property = if matches!(place.property, Property::Top) { Property::TopItem } else { place.property };
                let place = Place { property, ..place };
                for item in items {
                    if item.is_array() && place.property.list() {
                        let mark = self.found.len();
                        self.element(&place, item)?;
                        self.list(mark, place.graph)?;
                    } else {
                        self.element(&place, item)?;
                    }
                }
                Ok(())
            }
            Value::Object(map) => self.object(&self.deeper(place)?, map),
            scalar => self.scalar(place, scalar),
        }
    }

    fn deeper<'p>(&self, place: &Place<'p>) -> Result<Place<'p>, Error> {
        if place.depth >= self.limits.depth {
            return Err(Error::TooComplex { what: "levels of nesting", limit: self.limits.depth });
        }
        Ok(Place { depth: place.depth + 1, ..*place })
    }

    /// A map: finds the contexts that hold in it and tells values, lists, sets and nodes apart.
    fn object(&mut self, place: &Place<'_>, map: &Map<String, Value>) -> Result<(), Error> {
        let mut context = place.context.clone();
        if let Some(previous) = context.previous.clone()
            && !place.from_map
            && reverts(&context, map)
        {
            context = previous;
        }
        if let Some(scoped) = place.property.scoped() {
            context = self.contexts.process(&context, scoped, true, true)?;
        }
        if let Some(local) = map.get("@context") {
            context = self.contexts.embedded(&context, local)?;
        }
        let type_scope = context.clone();
        context = self.type_scoped(context, &type_scope, map)?;
        let place = Place { context: &context, from_map: false, ..*place };
        for (key, value) in map {
            match context.keyword(key) {
                Some(Keyword::Value) => return self.value_object(&place, &type_scope, map),
                Some(keyword @ (Keyword::List | Keyword::Set)) => return self.collection(&place, map, keyword, value),
                _ => {}
            }
        }
        self.node(&place, &type_scope, map)
    }

    /// Applies the contexts of the types, in order of their names.
    fn type_scoped(
        &mut self,
        mut context: Arc<Context>,
        type_scope: &Arc<Context>,
        map: &Map<String, Value>,
    ) -> Result<Arc<Context>, Error> {
        let mut keys: Vec<(&str, &Value)> = map
            .iter()
            .filter(|(key, _)| type_scope.keyword(key) == Some(Keyword::Type))
            .map(|(key, value)| (key.as_str(), value))
            .collect();
        keys.sort_unstable_by_key(|&(key, _)| key);
        for (_, value) in keys {
            let mut names: Vec<&str> = items(value).iter().filter_map(Value::as_str).collect();
            names.sort_unstable();
            for name in names {
                if let Some(scoped) = type_scope.term(name).and_then(|definition| definition.context.as_ref()) {
                    context = self.contexts.process(&context, scoped, false, false)?;
                }
            }
        }
        Ok(context)
    }

    /// `{"@list": …}` or `{"@set": …}`.
    fn collection(
        &mut self,
        place: &Place<'_>,
        map: &Map<String, Value>,
        keyword: Keyword,
        value: &Value,
    ) -> Result<(), Error> {
        for (key, value) in map {
            match place.context.keyword(key) {
                Some(Keyword::Context) => {}
                Some(Keyword::Index) if value.is_string() => {}
                Some(Keyword::Index) => return Err(invalid("invalid @index value", value.to_string())),
                Some(other) if other == keyword => {}
                _ => return Err(invalid("invalid set or list object", key.as_str())),
            }
        }
        if keyword == Keyword::Set {
            return self.element(place, value);
        }
        if place.property.free() {
            return Err(Error::Dropped { what: format!("a list directly in {}", place.property.name()) });
        }
        let mark = self.found.len();
        self.element(place, value)?;
        self.list(mark, place.graph)
    }

    /// Makes what was found since `mark` one RDF list.
    fn list(&mut self, mark: usize, graph: Option<Node>) -> Result<(), Error> {
        let mut head = self.data.iri(RDF_NIL);
        if self.found.len() > mark {
            let (first, rest) = (self.data.iri(RDF_FIRST), self.data.iri(RDF_REST));
            while self.found.len() > mark {
                let item = self.found.pop().expect("there is more than the mark");
                let cell = self.data.fresh_blank();
                self.state(cell, first, item.node, graph)?;
                self.state(cell, rest, head, graph)?;
                head = cell;
            }
        }
        self.found.push(Found { node: head, kind: Kind::List });
        Ok(())
    }

    fn state(&mut self, subject: Node, predicate: Node, object: Node, graph: Option<Node>) -> Result<(), Error> {
        self.quads.spend(1)?;
        let size = [subject, predicate, object].map(Dataset::size).iter().sum::<usize>();
        self.bytes.spend(size + graph.map_or(0, Dataset::size))?;
        self.data.insert(subject, predicate, object, graph);
        Ok(())
    }

    /// The term for an IRI or a blank node.
    fn named(&mut self, text: &str) -> Node {
        match text.strip_prefix("_:") {
            Some(label) => self.data.blank(label),
            None => self.data.iri(text),
        }
    }
}

/// The members of an array, or the one value.
fn items(value: &Value) -> &[Value] {
    match value {
        Value::Array(items) => items,
        other => std::slice::from_ref(other),
    }
}

/// Whether a context that does not propagate ends here: everywhere but in values and mere references.
fn reverts(context: &Context, map: &Map<String, Value>) -> bool {
    let mut only_id = map.len() == 1;
    for key in map.keys() {
        match context.keyword(key) {
            Some(Keyword::Value) => return false,
            Some(Keyword::Id) => {}
            _ => only_id = false,
        }
    }
    !only_id
}
