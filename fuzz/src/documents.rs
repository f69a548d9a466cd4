//! JSON-LD to statements, and statements to their one text.

use assay::linked_data::{self, Canonical, Dataset, Error, Limits, Node, json};
use serde_json::{Map, Value};
use sha2::Sha256;

/// JSON-LD documents: in which order an object's members stand changes nothing.
pub fn json_ld(data: &[u8]) {
    let Ok(document) = json::parse(data) else { return };
    let Ok(dataset) = linked_data::to_dataset(&document) else {
        assert!(linked_data::canonicalize(&document).is_err(), "what has no statements has no canonical form");
        return;
    };
    let text = match linked_data::canonicalize(&document) {
        Ok(text) => text,
        Err(Error::TooComplex { .. }) => return,
        Err(other) => panic!("statements without a canonical form: {other}"),
    };
    assert_sorted(&text);
    assert!(text.lines().count() <= dataset.len());
    if text.lines().any(names_graph_without_name) {
        return;
    }
    match linked_data::canonicalize(&turned_around(&document)) {
        Ok(other) => assert_eq!(other, text),
        Err(Error::TooComplex { .. }) => {}
        Err(other) => panic!("with its members turned around it is refused: {other}"),
    }
}

/// The same members, the last first.
fn turned_around(value: &Value) -> Value {
    match value {
        Value::Array(values) => values.iter().map(turned_around).collect(),
        Value::Object(members) => {
            let members: Map<_, _> = members.iter().rev().map(|(k, v)| (k.clone(), turned_around(v))).collect();
            Value::Object(members)
        }
        other => other.clone(),
    }
}

/// Statements: neither their order nor what the blank nodes are called changes the canonical form.
pub fn canonical(data: &[u8]) {
    let Some((&[first, second], bytes)) = data.split_first_chunk::<2>() else { return };
    let blanks = 1 + first % 24;
    let statements: Vec<[u8; 4]> = bytes.as_chunks::<4>().0.iter().copied().take(96).collect();
    let one = dataset(statements.iter(), |blank| format!("b{}", blank % blanks));
    let stride = 1 + second % blanks;
    let turn = usize::from(second) % statements.len().max(1);
    let turned = statements[turn..].iter().chain(&statements[..turn]).rev();
    let other = dataset(turned, |blank| format!("x{}", (blank % blanks + stride) % blanks));
    let form = |dataset: &Dataset| linked_data::canonicalize_dataset::<Sha256>(dataset, &Limits::DEFAULT);
    let (Ok(Canonical { text, labels }), Ok(same)) = (form(&one), form(&other)) else { return };
    if !text.lines().any(names_graph_without_name) {
        assert_eq!(text, same.text);
    }
    assert_sorted(&text);
    assert_eq!(labels.len(), same.labels.len());
    let names: Vec<String> = (0..u32::from(blanks)).map(|number| format!("c14n{number}")).collect();
    let again = linked_data::canonicalize_relabelled::<Sha256>(&one, &Limits::DEFAULT, |number| {
        names.get(number as usize).map(String::as_str)
    });
    assert_eq!(again, Ok(Some(text)), "its own labels change nothing but the order, which is already theirs");
}

/// Subject, predicate, object and graph from four bytes.
fn dataset<'a>(statements: impl Iterator<Item = &'a [u8; 4]>, label: impl Fn(u8) -> String) -> Dataset {
    fn node(dataset: &mut Dataset, byte: u8, label: &impl Fn(u8) -> String) -> Node {
        match byte {
            0..0xc0 => dataset.blank(&label(byte)),
            0xc0..0xe0 => dataset.iri(&format!("urn:n:{}", byte % 4)),
            _ => unreachable!("literals are objects only"),
        }
    }
    let mut out = Dataset::new();
    for &[subject, predicate, object, graph] in statements {
        let subject = node(&mut out, subject % 0xe0, &label);
        let predicate = out.iri(&format!("urn:p:{}", predicate % 4));
        let object = match object {
            0..0xe0 => node(&mut out, object, &label),
            0xe0..0xf0 => out.literal(&char::from(object - 0xe0).to_string(), "urn:t", None),
            _ => out.literal("x", "", Some(["en", "de"][usize::from(object % 2)])),
        };
        let graph = (graph >= 0x80).then(|| node(&mut out, ((graph - 0x80) << 1) % 0xe0, &label));
        out.insert(subject, predicate, object, graph);
    }
    out
}

/// Whether a statement stands in a graph whose name is a blank node.
///
/// With such graphs RDFC-1.0 itself has several forms of one dataset: of `_:a <p> _:b _:g . _:b <p> _:a _:h .` it cannot
/// tell `_:a` from `_:b`, for what it hashes does not say where in a statement a node itself stands.
fn names_graph_without_name(line: &str) -> bool {
    let terms: Vec<&str> = line.trim_end_matches(" .").split(' ').collect();
    terms.len() > 3 && terms.last().is_some_and(|last| last.starts_with("_:"))
}

/// Each statement once, in the order of code points.
#[track_caller]
fn assert_sorted(text: &str) {
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines.is_sorted_by(|a, b| a < b), "{text}");
    assert!(text.is_empty() || text.ends_with(" .\n"), "{text}");
}
