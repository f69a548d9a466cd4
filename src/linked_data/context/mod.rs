//! Active contexts and what their terms mean.

mod container;
mod define;
mod process;

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::Value;

use super::iri::{self, Keyword};

pub(super) use container::Container;
pub(super) use process::{Processor, language_tag, read_direction};

/// A context in force somewhere in a document. Never changed once made.
#[derive(Debug, Clone)]
pub(super) struct Context {
    pub(super) id: u64,
    /// Made of compiled-in documents only, so that it may outlive the document it was first needed for.
    pub(super) shared: bool,
    pub(super) terms: HashMap<Arc<str>, Arc<Definition>>,
    /// The terms that stand for keywords.
    pub(super) aliases: Vec<(Arc<str>, Keyword)>,
    pub(super) base: Option<Arc<str>>,
    pub(super) original_base: Option<Arc<str>>,
    pub(super) vocab: Option<Arc<str>>,
    pub(super) language: Option<Arc<str>>,
    pub(super) direction: Option<Direction>,
    /// What to go back to where a context that does not propagate ends.
    pub(super) previous: Option<Arc<Context>>,
}

/// A context as written, before it meets an active one.
#[derive(Debug)]
pub(super) struct Local {
    pub(super) id: u64,
    pub(super) shared: bool,
    /// Where the document lies that it is from; in such a document `@base` means nothing.
    pub(super) address: Option<Arc<str>>,
    pub(super) value: Value,
}

/// What a term means.
#[derive(Debug, Clone, Default)]
pub(super) struct Definition {
    pub(super) mapping: Mapping,
    pub(super) coercion: Coercion,
    pub(super) container: Container,
    pub(super) context: Option<Arc<Local>>,
    #[expect(
        clippy::option_option,
        reason = "without a language of its own, and with none at all, are different things"
    )]
    pub(super) language: Option<Option<Arc<str>>>,
    #[expect(clippy::option_option, reason = "as with the language")]
    pub(super) direction: Option<Option<Direction>>,
    pub(super) index: Option<Box<str>>,
    pub(super) nest: Option<Box<str>>,
    pub(super) protected: bool,
    pub(super) prefix: bool,
    pub(super) reverse: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) enum Mapping {
    /// Explicitly means nothing.
    #[default]
    Null,
    Keyword(Keyword),
    Iri(Box<str>),
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) enum Coercion {
    /// No `@type`.
    #[default]
    Absent,
    /// `@none`.
    None,
    Id,
    Vocab,
    Json,
    Datatype(Box<str>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    LeftToRight,
    RightToLeft,
}

impl Direction {
    pub(super) fn name(self) -> &'static str {
        match self {
            Direction::LeftToRight => "ltr",
            Direction::RightToLeft => "rtl",
        }
    }
}

/// What an IRI expansion came to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Expanded<'a> {
    /// Means nothing, or looks like a keyword that does not exist.
    Null,
    Keyword(Keyword),
    /// An IRI, a blank node, or a relative reference that could not be resolved.
    Text(Cow<'a, str>),
}

impl Expanded<'_> {
    /// The IRI or blank node, if it is one.
    pub(super) fn named(&self) -> Option<&str> {
        match self {
            Expanded::Text(text) if iri::is_iri(text) || iri::is_blank(text) => Some(text),
            _ => None,
        }
    }
}

impl Context {
    /// The context before any other, with a base IRI if the document has one.
    pub(super) fn initial(base: Option<Arc<str>>) -> Context {
        Context {
            id: fresh_id(),
            shared: true,
            terms: HashMap::new(),
            aliases: Vec::new(),
            original_base: base.clone(),
            base,
            vocab: None,
            language: None,
            direction: None,
            previous: None,
        }
    }

    pub(super) fn term(&self, name: &str) -> Option<&Arc<Definition>> {
        self.terms.get(name)
    }

    /// The keyword that a key stands for.
    pub(super) fn keyword(&self, key: &str) -> Option<Keyword> {
        if key.starts_with('@') {
            return Keyword::parse(key);
        }
        if self.aliases.len() <= 8 {
            return self.aliases.iter().find(|(alias, _)| &**alias == key).map(|&(_, keyword)| keyword);
        }
        match self.term(key)?.mapping {
            Mapping::Keyword(keyword) => Some(keyword),
            _ => None,
        }
    }

    /// A key or a type: terms and `@vocab` count.
    pub(super) fn expand_vocab<'a>(&'a self, text: &'a str) -> Expanded<'a> {
        self.expand(text, true, false)
    }

    /// A type or a `@vocab` value: as [`Context::expand_vocab`], and then relative to the base.
    pub(super) fn expand_type<'a>(&'a self, text: &'a str) -> Expanded<'a> {
        self.expand(text, true, true)
    }

    /// An identifier: terms do not count, prefixes do, and the base.
    pub(super) fn expand_id<'a>(&'a self, text: &'a str) -> Expanded<'a> {
        self.expand(text, false, true)
    }

    /// IRI Expansion (JSON-LD 1.1 API §5.2).
    fn expand<'a>(&'a self, text: &'a str, vocab: bool, document: bool) -> Expanded<'a> {
        if let Some(keyword) = Keyword::parse(text) {
            return Expanded::Keyword(keyword);
        }
        if iri::like_keyword(text) {
            return Expanded::Null;
        }
        if let Some(definition) = self.term(text) {
            match &definition.mapping {
                Mapping::Keyword(keyword) => return Expanded::Keyword(*keyword),
                Mapping::Iri(iri) if vocab => return Expanded::Text(Cow::Borrowed(iri)),
                Mapping::Null if vocab => return Expanded::Null,
                _ => {}
            }
        }
        if let Some((prefix, suffix)) = iri::split(text) {
            if prefix == "_" || suffix.starts_with("//") {
                return Expanded::Text(Cow::Borrowed(text));
            }
            if let Some(definition) = self.term(prefix)
                && definition.prefix
                && let Mapping::Iri(iri) = &definition.mapping
            {
                return Expanded::Text(Cow::Owned([iri, suffix].concat()));
            }
            if iri::has_scheme(text) {
                return Expanded::Text(Cow::Borrowed(text));
            }
        }
        match (&self.vocab, &self.base) {
            (Some(prefix), _) if vocab => Expanded::Text(Cow::Owned([prefix, text].concat())),
            (_, Some(base)) if document => Expanded::Text(Cow::Owned(iri::resolve(base, text))),
            _ => Expanded::Text(Cow::Borrowed(text)),
        }
    }
}

impl Local {
    pub(super) fn new(value: Value, shared: bool, address: Option<Arc<str>>) -> Local {
        Local { id: fresh_id(), shared, address, value }
    }
}

impl Definition {
    /// Means the same, protection apart.
    fn same(&self, other: &Definition) -> bool {
        self.mapping == other.mapping
            && self.coercion == other.coercion
            && self.container == other.container
            && self.language == other.language
            && self.direction == other.direction
            && self.index == other.index
            && self.nest == other.nest
            && self.prefix == other.prefix
            && self.reverse == other.reverse
            && match (&self.context, &other.context) {
                (None, None) => true,
                (Some(a), Some(b)) => a.id == b.id || a.value == b.value,
                _ => false,
            }
    }
}

/// Tells contexts apart in memos; its value never reaches an answer.
pub(super) fn fresh_id() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}
