//! An RDF dataset whose terms stand in one text, already written as canonical N-Quads.
//!
//! Terms, labels and the names in contexts are chosen by strangers, who could choose thousands with one hash, were the hash
//! known. So they are found by the maps of the standard library, which draw a key for themselves. That is no randomness that
//! an answer could show: nothing here depends on the order of a map.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

pub(super) const XSD_STRING: &str = "http://www.w3.org/2001/XMLSchema#string";

/// A set of statements, built up by [`Dataset::insert`].
#[derive(Debug, Default, Clone)]
pub struct Dataset {
    pub(super) text: String,
    pub(super) quads: Vec<Quad>,
    pub(super) blanks: u32,
    labels: HashMap<Box<str>, u32>,
}

/// A term of a [`Dataset`]; means nothing to another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Node(pub(super) Term);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Term {
    Blank(u32),
    Text(u32, u32),
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Quad {
    pub(super) subject: Term,
    pub(super) predicate: Term,
    pub(super) object: Term,
    pub(super) graph: Option<Term>,
}

impl Dataset {
    /// An empty dataset.
    pub fn new() -> Self {
        Dataset::default()
    }

    /// How many statements there are, repeated ones counted.
    pub fn len(&self) -> usize {
        self.quads.len()
    }

    /// Whether there is no statement.
    pub fn is_empty(&self) -> bool {
        self.quads.is_empty()
    }

    /// An IRI, taken as it is.
    pub fn iri(&mut self, iri: &str) -> Node {
        let start = self.text.len();
        self.text.push('<');
        self.text.push_str(iri);
        self.text.push('>');
        self.since(start)
    }

    /// The blank node with this label.
    pub fn blank(&mut self, label: &str) -> Node {
        if let Some(&known) = self.labels.get(label) {
            return Node(Term::Blank(known));
        }
        let fresh = self.fresh_blank();
        if let Term::Blank(number) = fresh.0 {
            self.labels.insert(label.into(), number);
        }
        fresh
    }

    /// A blank node without a label.
    pub fn fresh_blank(&mut self) -> Node {
        self.blanks += 1;
        Node(Term::Blank(self.blanks - 1))
    }

    /// A literal; with a language, the datatype is not looked at.
    pub fn literal(&mut self, value: &str, datatype: &str, language: Option<&str>) -> Node {
        let start = self.text.len();
        self.text.push('"');
        escape(&mut self.text, value);
        self.text.push('"');
        if let Some(language) = language {
            self.text.push('@');
            self.text.push_str(language);
        } else if datatype != XSD_STRING {
            self.text.push_str("^^<");
            self.text.push_str(datatype);
            self.text.push('>');
        }
        self.since(start)
    }

    /// States something, in the default graph or in a named one.
    pub fn insert(&mut self, subject: Node, predicate: Node, object: Node, graph: Option<Node>) {
        self.quads.push(Quad {
            subject: subject.0,
            predicate: predicate.0,
            object: object.0,
            graph: graph.map(|graph| graph.0),
        });
    }

    /// How many bytes a term takes in a statement.
    pub(super) fn size(node: Node) -> usize {
        match node.0 {
            Term::Blank(_) => 8,
            Term::Text(start, end) => (end - start) as usize,
        }
    }

    /// The labelled blank nodes and their numbers.
    pub(super) fn labels(&self) -> impl Iterator<Item = (&str, u32)> {
        self.labels.iter().map(|(label, &number)| (&**label, number))
    }

    /// The statements without repetitions, in order of first appearance.
    pub(super) fn distinct(&self) -> Vec<Quad> {
        let mut seen = HashSet::with_capacity(self.quads.len());
        let mut quads = self.quads.clone();
        quads.retain(|quad| {
            seen.insert((
                self.key(quad.subject),
                self.key(quad.predicate),
                self.key(quad.object),
                quad.graph.map(|graph| self.key(graph)),
            ))
        });
        quads
    }

    pub(super) fn slice(&self, start: u32, end: u32) -> &str {
        &self.text[start as usize..end as usize]
    }

    fn key(&self, term: Term) -> Result<&str, u32> {
        match term {
            Term::Blank(number) => Err(number),
            Term::Text(start, end) => Ok(self.slice(start, end)),
        }
    }

    fn since(&self, start: usize) -> Node {
        let at = |offset: usize| u32::try_from(offset).expect("Limits::bytes keeps a dataset far below 4 GiB");
        Node(Term::Text(at(start), at(self.text.len())))
    }
}

/// Writes the inside of a literal as canonical N-Quads want it.
fn escape(out: &mut String, value: &str) {
    let mut written = 0;
    for (at, byte) in value.bytes().enumerate() {
        if byte >= 0x20 && byte != b'"' && byte != b'\\' && byte != 0x7f {
            continue;
        }
        out.push_str(&value[written..at]);
        written = at + 1;
        match byte {
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            0x08 => out.push_str("\\b"),
            0x0c => out.push_str("\\f"),
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            other => write!(out, "\\u{other:04X}").expect("writing to a string does not fail"),
        }
    }
    out.push_str(&value[written..]);
}
