//! The W3C test suite of RDFC-1.0: canonical forms, labels, and graphs made to poison a canonicalizer.

use std::collections::BTreeMap;

use assay::linked_data::{Canonical, Error, Limits, canonicalize_dataset};
use serde_json::Value;
use sha2::{Sha256, Sha384};

use super::{json, nquads, shared, tally, text, text_of};

#[test]
fn every_w3c_entry_comes_out_as_published() {
    let Some(shared) = shared() else { return };
    let folder = shared.join("vectors/w3c-rdf-canon/tests");
    let manifest = json(&folder.join("manifest.jsonld"));
    let mut passed: BTreeMap<String, usize> = BTreeMap::new();
    let mut failed = Vec::new();
    for entry in manifest["entries"].as_array().unwrap() {
        let name = text_of(entry, "id");
        let input = text(&folder.join(text_of(entry, "action")));
        let sha384 = entry["hashAlgorithm"] == "SHA384";
        let result = if sha384 { run::<Sha384>(&input) } else { run::<Sha256>(&input) };
        let kind = text_of(entry, "type");
        let expected = || text(&folder.join(text_of(entry, "result")));
        let good = match (kind, &result) {
            ("rdfc:RDFC10EvalTest", Ok(canonical)) => canonical.text == expected(),
            ("rdfc:RDFC10MapTest", Ok(canonical)) => {
                let labels: BTreeMap<String, String> = serde_json::from_str(&expected()).unwrap();
                labels == canonical.labels.iter().cloned().collect()
            }
            ("rdfc:RDFC10NegativeEvalTest", Err(Error::TooComplex { .. })) => true,
            _ => false,
        };
        if good {
            *passed.entry(format!("{kind}{}", if sha384 { " (SHA-384)" } else { "" })).or_default() += 1;
        } else {
            failed.push(format!("{name}: {:?}", result.map(|canonical| canonical.text)));
        }
    }
    for (kind, count) in &passed {
        tally(kind, *count);
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    assert_eq!(passed.values().sum::<usize>(), manifest["entries"].as_array().map_or(0, Vec::len));
}

fn run<D: sha2::Digest>(input: &str) -> Result<Canonical, Error> {
    canonicalize_dataset::<D>(&nquads::parse(input), &Limits::DEFAULT)
}

#[test]
fn the_published_labels_are_those_of_the_text() {
    let canonical = run::<Sha256>("_:x <urn:p> \"1\" .\n_:y <urn:p> _:x .\n").unwrap();
    let labels: Value = canonical.labels.iter().cloned().collect();
    assert!(labels["x"].is_string() && labels["y"].is_string());
    assert_eq!(canonical.text.lines().count(), 2);
}
