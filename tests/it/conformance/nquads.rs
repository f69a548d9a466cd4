//! Reads N-Quads into a dataset.

use assay::linked_data::{Dataset, Node};

pub(super) fn parse(text: &str) -> Dataset {
    let mut dataset = Dataset::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let mut rest = line;
        let mut nodes: Vec<Node> = Vec::new();
        while !rest.starts_with('.') {
            let (node, after) = term(&mut dataset, rest);
            nodes.push(node);
            rest = after.trim_start();
        }
        let graph = nodes.get(3).copied();
        dataset.insert(nodes[0], nodes[1], nodes[2], graph);
    }
    dataset
}

fn term<'a>(dataset: &mut Dataset, text: &'a str) -> (Node, &'a str) {
    if let Some(rest) = text.strip_prefix('<') {
        let (iri, rest) = rest.split_once('>').unwrap();
        return (dataset.iri(&unescape(iri)), rest);
    }
    if let Some(rest) = text.strip_prefix("_:") {
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        return (dataset.blank(&rest[..end]), &rest[end..]);
    }
    let rest = text.strip_prefix('"').unwrap();
    let mut end = 0;
    let bytes = rest.as_bytes();
    while bytes[end] != b'"' {
        end += if bytes[end] == b'\\' { 2 } else { 1 };
    }
    let value = unescape(&rest[..end]);
    let rest = &rest[end + 1..];
    if let Some(after) = rest.strip_prefix("^^<") {
        let (datatype, after) = after.split_once('>').unwrap();
        return (dataset.literal(&value, &unescape(datatype), None), after);
    }
    if let Some(after) = rest.strip_prefix('@') {
        let end = after.find(char::is_whitespace).unwrap();
        return (dataset.literal(&value, "", Some(&after[..end])), &after[end..]);
    }
    (dataset.literal(&value, "http://www.w3.org/2001/XMLSchema#string", None), rest)
}

fn unescape(text: &str) -> String {
    let mut out = String::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            out.push(character);
            continue;
        }
        let escaped = characters.next().unwrap();
        let mut code = |digits: usize| {
            let hex: String = characters.by_ref().take(digits).collect();
            char::from_u32(u32::from_str_radix(&hex, 16).unwrap()).unwrap()
        };
        out.push(match escaped {
            't' => '\t',
            'b' => '\u{8}',
            'n' => '\n',
            'r' => '\r',
            'f' => '\u{c}',
            'u' => code(4),
            'U' => code(8),
            other => other,
        });
    }
    out
}
