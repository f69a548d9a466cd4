//! The W3C test suite of JSON-LD 1.1, conversion to RDF.

use std::collections::BTreeMap;

use assay::linked_data::{Library, Limits, canonicalize_dataset};
use serde_json::Value;
use sha2::Sha256;

use super::{json, nquads, shared, tally, text, text_of};

/// Tests that are not ours to pass, and why.
const OUT_OF_SCOPE: [(&str, &str); 12] = [
    ("tc029", "processing mode 1.0"),
    ("te026", "JSON-LD 1.0, which 1.1 contradicts"),
    ("te071", "JSON-LD 1.0, which 1.1 contradicts"),
    ("te115", "JSON-LD 1.0, which 1.1 contradicts"),
    ("te116", "JSON-LD 1.0, which 1.1 contradicts"),
    ("tdi11", "compound literals, which no signer writes"),
    ("tdi12", "compound literals, which no signer writes"),
    ("tep02", "processing mode 1.0"),
    ("ter24", "JSON-LD 1.0, which 1.1 contradicts"),
    ("ter32", "JSON-LD 1.0, which 1.1 contradicts"),
    ("ter42", "processing mode 1.0"),
    ("ttn01", "processing mode 1.0"),
];

/// Tests in which something is left out without a word, and the words in which we refuse.
const REFUSED: &[(&str, &str)] = &[
    ("t0030", "a node of which nothing is said in @graph would be left out"),
    ("t0118", "a blank node as a property is not supported"),
    ("tc014", "the term \"foo\" is not defined by any of the contexts"),
    ("tc018", "the term \"nested\" is not defined by any of the contexts"),
    ("te001", "a node of which nothing is said in the document would be left out"),
    ("te003", "the term \"regularJson\" is not defined by any of the contexts"),
    ("te004", "a null value of \"http://example.org/list2\" would be left out"),
    ("te005", "the term \"@iri\" is not defined by any of the contexts"),
    ("te008", "the entry \"@language\" of a node would be left out"),
    ("te014", "a null value of \"ex:property6\" would be left out"),
    ("te016", "the term \"mylist1\" is not defined by any of the contexts"),
    ("te019", "a null value of \"myproperty\" would be left out"),
    ("te032", "the term \"from\" is not defined by any of the contexts"),
    ("te036", "a null value of \"property\" would be left out"),
    ("te038", "a blank node as a property is not supported"),
    ("te045", "a value directly in the document would be left out"),
    ("te046", "a node of which nothing is said in @graph would be left out"),
    ("te047", "the value \"free-floating strings in set objects are removed\" directly in @graph would be left out"),
    ("te059", "the term \"property\" is not defined by any of the contexts"),
    ("te060", "the term \"property\" is not defined by any of the contexts"),
    ("te065", "the term \"relative-iri\" is not defined by any of the contexts"),
    ("te068", "a blank node as a property is not supported"),
    ("te075", "a blank node as a property is not supported"),
    ("te111", "\"http://example.com/vocabulary/./rel2##fragment-works\" is not an absolute IRI"),
    ("te112", "\"http://example.com/rel1./rel2##fragment-works\" is not an absolute IRI"),
    ("te119", "the term \"@ignoreMe\" is not defined by any of the contexts"),
    ("te120", "the term \"@ignoreMe\" is not defined by any of the contexts"),
    ("te122", "\"@ignoreMe\" is not an absolute IRI"),
    ("tin06", "the term \"data\" is not defined by any of the contexts"),
    ("tli12", "\"test\" is not an absolute IRI"),
    ("tli14", "\"test\" is not an absolute IRI"),
    ("tpr06", "the term \"protected\" is not defined by any of the contexts"),
    ("tpr19", "the term \"unprotected\" is not defined by any of the contexts"),
    ("tpr34", "the term \"@ignoreMe\" is not defined by any of the contexts"),
    ("tpr35", "the term \"@ignoreMe\" is not defined by any of the contexts"),
    ("tpr36", "the term \"@ignoreMe\" is not defined by any of the contexts"),
    ("tpr37", "the term \"@ignoreMe\" is not defined by any of the contexts"),
    ("tpr38", "invalid IRI mapping: @ignoreMe"),
    ("tpr39", "invalid IRI mapping: @ignoreMe"),
    ("twf01", "\"http://example.com/a b\" is not an absolute IRI"),
    ("twf02", "\"http://example.com/a b\" is not an absolute IRI"),
    ("twf03", "\"http://example.com/baz z\" is not an absolute IRI"),
    ("twf04", "the type \"http://in valid\" is not defined by any of the contexts"),
    ("twf05", "a text in the ill-formed language \"a b\" would be left out"),
    ("twf07", "\"http://example.com/invalid gn\" is not an absolute IRI"),
];

/// Tests that have the direction of texts left out, which we keep; apart from it the outcome is as published.
const KEPT: [&str; 6] = ["tdi01", "tdi02", "tdi03", "tdi04", "tdi05", "tdi06"];

#[test]
fn every_w3c_to_rdf_test_in_scope_comes_out_as_published() {
    let Some(shared) = shared() else { return };
    let folder = shared.join("vectors/w3c-json-ld");
    let manifest = json(&folder.join("toRdf-manifest.jsonld"));
    let base = text_of(&manifest, "baseIri");
    let files = ["toRdf", "toRdf/c031"].map(|part| std::fs::read_dir(folder.join(part)).unwrap());
    let contexts = files.into_iter().flatten().filter_map(|entry| {
        let path = entry.unwrap().path();
        let name = path.strip_prefix(folder.join("toRdf")).unwrap().to_str()?.to_owned();
        let document = || serde_json::from_str::<Value>(&text(&path)).ok();
        Some((format!("{base}toRdf/{name}"), name.ends_with(".jsonld").then(document)??))
    });
    let library = Library::with(contexts.collect::<Vec<_>>());
    let mut passed: BTreeMap<String, usize> = BTreeMap::new();
    let mut failed = Vec::new();
    for test in manifest["sequence"].as_array().unwrap() {
        let name = text_of(test, "@id").trim_start_matches('#');
        if OUT_OF_SCOPE.iter().any(|(other, _)| *other == name) {
            continue;
        }
        // One test of expansion was taken over with the folder it came from.
        let input = text_of(test, "input").replace("expand/", "toRdf/");
        let own_base = test["option"]["base"].as_str().map_or_else(|| format!("{base}{input}"), str::to_owned);
        let result = serde_json::from_str::<Value>(&text(&folder.join(&input)))
            .map_err(|error| error.to_string())
            .and_then(|mut document| {
                // The option for a context beside the document: the same as a context that comes first.
                if let Some(beside) = test["option"]["expandContext"].as_str() {
                    let context = json(&folder.join(beside))["@context"].take();
                    let own = document.get_mut("@context").map(Value::take);
                    document["@context"] = [Some(context), own].into_iter().flatten().collect();
                }
                let library = library.at_base(&own_base);
                library.canonicalize(&document, &Limits::DEFAULT).map_err(|error| error.to_string())
            })
            .map(|text| if KEPT.contains(&name) { without_directions(&text) } else { text });
        let expected = || {
            let statements = nquads::parse(&text(&folder.join(text_of(test, "expect"))));
            canonicalize_dataset::<Sha256>(&statements, &Limits::DEFAULT).unwrap().text
        };
        let refusal = REFUSED.iter().find(|(other, _)| *other == name).map(|(_, words)| *words);
        let verdict = match (test["@type"][0].as_str().unwrap(), &result, refusal) {
            ("jld:NegativeEvaluationTest", Err(_), None) => Some("JSON-LD toRdf: mistakes refused"),
            ("jld:PositiveSyntaxTest", Ok(_), None) => Some("JSON-LD toRdf: syntax"),
            ("jld:PositiveEvaluationTest", Ok(text), None) if *text == expected() => {
                Some("JSON-LD toRdf: as published")
            }
            (_, Err(words), Some(expected)) if words == expected => {
                Some("JSON-LD toRdf: refused where something is left out")
            }
            _ => None,
        };
        match verdict {
            Some(kind) => *passed.entry(kind.to_owned()).or_default() += 1,
            None => failed.push(format!("{name} ({}): {result:?}", test["name"])),
        }
    }
    for (kind, count) in &passed {
        tally(kind, *count);
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

/// The same statements with texts of a language, or of none, for those that have a direction.
fn without_directions(canonical: &str) -> String {
    let plain = |line: &str| {
        let Some((before, datatype)) = line.split_once("\"^^<https://www.w3.org/ns/i18n#") else {
            return line.to_owned();
        };
        let (datatype, after) = datatype.split_once('>').expect("a datatype ends");
        let (language, _) = datatype.split_once('_').expect("a direction follows");
        let language = if language.is_empty() { String::new() } else { format!("@{language}") };
        format!("{before}\"{language}{after}")
    };
    let lines: String = canonical.lines().map(|line| plain(line) + "\n").collect();
    assert_ne!(lines, canonical, "a direction is kept");
    canonicalize_dataset::<Sha256>(&nquads::parse(&lines), &Limits::DEFAULT).expect("it is as simple").text
}
