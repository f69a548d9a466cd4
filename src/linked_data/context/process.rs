//! Context processing (JSON-LD 1.1 API §4.1), done once per distinct context.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::define::{Definer, short_enough};
use super::{Context, Direction, Expanded, Local, Mapping, fresh_id};
use crate::linked_data::error::invalid;
use crate::linked_data::iri;
use crate::linked_data::library::{Key, Library, Memo};
use crate::linked_data::limits::Budget;
use crate::linked_data::{Error, Limits};

/// How deep context documents may name each other, and scoped contexts lie in each other.
const NESTING: usize = 16;

/// Processes the contexts of one document; what is made of compiled-in documents only goes back to the library.
pub(in crate::linked_data) struct Processor<'a> {
    pub(super) library: &'a Library,
    known: Arc<Memo>,
    fresh: Memo,
    contexts: Budget,
    pub(super) terms: Budget,
}

impl<'a> Processor<'a> {
    pub(in crate::linked_data) fn new(library: &'a Library, limits: &Limits) -> Self {
        Processor {
            library,
            known: library.memo(),
            fresh: Memo::default(),
            contexts: Budget::new("contexts", limits.contexts),
            terms: Budget::new("context terms", limits.terms),
        }
    }

    /// Hands what was learnt back to the library.
    pub(in crate::linked_data) fn finish(self) {
        if self.fresh.values().any(|context| context.shared) {
            self.library.learn(self.fresh);
        }
    }

    /// A `@context` entry of the document itself.
    pub(in crate::linked_data) fn embedded(
        &mut self,
        active: &Arc<Context>,
        value: &Value,
    ) -> Result<Arc<Context>, Error> {
        let Value::Array(items) = value else { return self.embedded_item(active, value, true) };
        let mut context = active.clone();
        for item in items {
            context = self.embedded_item(&context, item, false)?;
        }
        Ok(context)
    }

    fn embedded_item(&mut self, active: &Arc<Context>, item: &Value, alone: bool) -> Result<Arc<Context>, Error> {
        if let Value::String(url) = item {
            let document = self.document(active, url)?;
            return self.process(active, &document, true, false);
        }
        let item = if alone { item.clone() } else { Value::Array(vec![item.clone()]) };
        self.process(active, &Arc::new(Local::new(item, false, None)), true, false)
    }

    /// A local context on top of an active one; `overriding` where protected terms may be redefined.
    pub(in crate::linked_data) fn process(
        &mut self,
        active: &Arc<Context>,
        local: &Arc<Local>,
        propagate: bool,
        overriding: bool,
    ) -> Result<Arc<Context>, Error> {
        let key: Key = (active.id, local.id, propagate, overriding);
        if let Some(context) = self.known.get(&key).or_else(|| self.fresh.get(&key)) {
            return Ok(context.clone());
        }
        let propagate = propagates(&local.value)?.unwrap_or(propagate);
        let mut context = self.copy(active)?;
        context.shared = active.shared && local.shared;
        if !propagate && context.previous.is_none() {
            context.previous = Some(active.clone());
        }
        self.apply(&mut context, local, &local.value, Mode { propagate, overriding, depth: 0 })?;
        context.aliases = aliases(&context);
        let context = Arc::new(context);
        self.fresh.insert(key, context.clone());
        Ok(context)
    }

    fn copy(&mut self, active: &Context) -> Result<Context, Error> {
        self.terms.spend(active.terms.len())?;
        Ok(Context { id: fresh_id(), ..active.clone() })
    }

    fn apply(&mut self, context: &mut Context, local: &Local, value: &Value, mode: Mode) -> Result<(), Error> {
        if mode.depth > NESTING {
            return Err(invalid("context overflow", "contexts name each other in too deep a chain"));
        }
        match value {
            Value::Array(items) => items.iter().try_for_each(|item| self.apply(context, local, item, mode)),
            Value::Null => {
                self.contexts.spend(1)?;
                if !mode.overriding && context.terms.values().any(|definition| definition.protected) {
                    return Err(invalid("invalid context nullification", "a context with protected terms is cleared"));
                }
                let previous = if mode.propagate { None } else { context.previous.take() };
                let shared = context.shared;
                *context = Context { shared, previous, ..Context::initial(context.original_base.clone()) };
                Ok(())
            }
            Value::String(url) => {
                let document = self.document_of(context, local, url)?;
                self.apply(context, &document, &document.value, Mode { depth: mode.depth + 1, ..mode })
            }
            Value::Object(map) => {
                self.contexts.spend(1)?;
                let imported = self.imported(context, local, map)?;
                self.apply_map(context, local, imported.as_ref().unwrap_or(map), mode)
            }
            other => Err(invalid("invalid local context", other.to_string())),
        }
    }

    fn apply_map(
        &mut self,
        context: &mut Context,
        local: &Local,
        map: &Map<String, Value>,
        mode: Mode,
    ) -> Result<(), Error> {
        if let Some(version) = map.get("@version")
            && version.as_f64() != Some(1.1)
        {
            return Err(invalid("invalid @version value", version.to_string()));
        }
        if let Some(base) = map.get("@base").filter(|_| local.address.is_none()) {
            context.base = match base {
                Value::Null => None,
                Value::String(base) if iri::has_scheme(base) => Some(iri::resolve(base, "").into()),
                Value::String(base) => match &context.base {
                    Some(current) => Some(iri::resolve(current, base).into()),
                    None => return Err(Error::RelativeIri { iri: base.clone() }),
                },
                other => return Err(invalid("invalid base IRI", other.to_string())),
            };
        }
        if let Some(vocab) = map.get("@vocab") {
            context.vocab = match vocab {
                Value::Null => None,
                Value::String(text) => match context.expand_type(text) {
                    Expanded::Text(text) if iri::is_iri(&text) || iri::is_blank(&text) => Some(text.as_ref().into()),
                    _ => return Err(invalid("invalid vocab mapping", text.as_str())),
                },
                other => return Err(invalid("invalid vocab mapping", other.to_string())),
            };
        }
        for text in [&context.base, &context.vocab].into_iter().flatten() {
            short_enough(text.len())?;
        }
        if let Some(language) = map.get("@language") {
            context.language = match language {
                Value::Null => None,
                Value::String(tag) => Some(language_tag(tag)?),
                other => return Err(invalid("invalid default language", other.to_string())),
            };
        }
        if let Some(direction) = map.get("@direction") {
            context.direction = read_direction(direction)?;
        }
        let protected = match map.get("@protected") {
            None => false,
            Some(Value::Bool(protected)) => *protected,
            Some(other) => return Err(invalid("invalid @protected value", other.to_string())),
        };
        let nested = Definer::new(self, context, (local, map), protected, mode.overriding).define_all()?;
        // A mistake in a scoped context is one of this context, whether or not the term is used.
        for scoped in nested {
            let mut scratch = self.copy(context)?;
            let mode = Mode { propagate: true, overriding: true, depth: mode.depth + 1 };
            match self.apply(&mut scratch, &scoped, &scoped.value, mode) {
                Ok(()) => {}
                Err(Error::Invalid { at, .. }) => return Err(invalid("invalid scoped context", at)),
                Err(other) => return Err(other),
            }
        }
        Ok(())
    }

    /// The map with what it imports, its own entries winning.
    fn imported(
        &self,
        context: &Context,
        local: &Local,
        map: &Map<String, Value>,
    ) -> Result<Option<Map<String, Value>>, Error> {
        let url = match map.get("@import") {
            None => return Ok(None),
            Some(Value::String(url)) => url,
            Some(other) => return Err(invalid("invalid @import value", other.to_string())),
        };
        let document = self.document_of(context, local, url)?;
        let Value::Object(theirs) = &document.value else {
            return Err(invalid("invalid remote context", url.as_str()));
        };
        if theirs.contains_key("@import") {
            return Err(invalid("invalid context entry", "@import in an imported context"));
        }
        let mut merged = theirs.clone();
        merged.extend(map.iter().filter(|(key, _)| *key != "@import").map(|(key, value)| (key.clone(), value.clone())));
        Ok(Some(merged))
    }

    fn document(&self, active: &Context, url: &str) -> Result<Arc<Local>, Error> {
        self.find(active.original_base.as_deref(), url)
    }

    /// A context named inside a context, relative to where that one lies.
    fn document_of(&self, context: &Context, local: &Local, url: &str) -> Result<Arc<Local>, Error> {
        self.find(local.address.as_deref().or(context.original_base.as_deref()), url)
    }

    fn find(&self, base: Option<&str>, url: &str) -> Result<Arc<Local>, Error> {
        let found = match base {
            Some(base) => self.library.document(&iri::resolve(base, url)),
            None => self.library.document(url),
        };
        found.ok_or_else(|| Error::UnknownContext { url: url.to_owned() })
    }
}

#[derive(Clone, Copy)]
struct Mode {
    propagate: bool,
    overriding: bool,
    depth: usize,
}

/// Whether a context says that it reaches into the nodes below: `@propagate` of a lone map.
fn propagates(value: &Value) -> Result<Option<bool>, Error> {
    match value.get("@propagate") {
        None => Ok(None),
        Some(Value::Bool(propagate)) => Ok(Some(*propagate)),
        Some(other) => Err(invalid("invalid @propagate value", other.to_string())),
    }
}

fn aliases(context: &Context) -> Vec<(Arc<str>, iri::Keyword)> {
    let keyword = |definition: &super::Definition| match definition.mapping {
        Mapping::Keyword(keyword) => Some(keyword),
        _ => None,
    };
    context.terms.iter().filter_map(|(term, definition)| Some((term.clone(), keyword(definition)?))).collect()
}

/// A language tag in lower case.
pub(in crate::linked_data) fn language_tag(tag: &str) -> Result<Arc<str>, Error> {
    if iri::is_language(tag) {
        Ok(tag.to_ascii_lowercase().into())
    } else {
        Err(Error::Dropped { what: format!("a text in the ill-formed language \"{tag}\"") })
    }
}

pub(in crate::linked_data) fn read_direction(value: &Value) -> Result<Option<Direction>, Error> {
    match value.as_str() {
        Some("ltr") => Ok(Some(Direction::LeftToRight)),
        Some("rtl") => Ok(Some(Direction::RightToLeft)),
        None if value.is_null() => Ok(None),
        _ => Err(invalid("invalid base direction", value.to_string())),
    }
}
