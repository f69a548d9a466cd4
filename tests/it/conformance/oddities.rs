//! What bites in practice: peculiarities of the Open Badges contexts, mistakes of other libraries, hostile documents.

use assay::linked_data::json::{self, JsonError};
use assay::linked_data::{
    Dataset, Error, Library, Limits, canonicalize, canonicalize_dataset, canonicalize_within, to_dataset,
};
use serde_json::{Value, json as value};
use sha2::Sha256;

use super::nquads;

const V2: &str = "https://www.w3.org/ns/credentials/v2";
const OB: &str = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json";

fn badge(subject: Value) -> Value {
    value!({
        "@context": [V2, OB],
        "id": "urn:uuid:7d8f3a5e-0000-4000-8000-000000000001",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {"id": "https://issuer.example", "type": ["Profile"], "name": "Issuer"},
        "validFrom": "2026-01-01T00:00:00.000Z",
        "credentialSubject": subject,
    })
}

fn subject(more: &Value) -> Value {
    let mut subject = value!({
        "id": "did:example:subject",
        "type": ["AchievementSubject"],
        "achievement": {
            "id": "https://issuer.example/a", "type": ["Achievement"], "name": "A", "description": "D",
            "criteria": {"narrative": "N"}
        }
    });
    for (name, value) in more.as_object().unwrap() {
        subject[name] = value.clone();
    }
    subject
}

#[track_caller]
fn check_says(document: &Value, statement: &str) {
    let text = canonicalize(document).unwrap();
    assert!(text.contains(statement), "{statement} is not in\n{text}");
}

#[track_caller]
fn check_refused(document: &Value, words: &str) {
    assert_eq!(canonicalize(document).unwrap_err().to_string(), words);
}

#[test]
fn an_undefined_prefix_in_a_datatype_stays_as_it_is() {
    let mut document = badge(subject(&value!({})));
    document["awardedDate"] = value!("2026-01-01T00:00:00Z");
    check_says(&document, "\"2026-01-01T00:00:00Z\"^^<xsd:dateTime>");
}

#[test]
fn numbers_and_truth_values_take_the_https_datatypes_of_the_context() {
    let says = |number: Value, text: &str| {
        let statement = format!("creditsEarned> \"{text}\"^^<https://www.w3.org/2001/XMLSchema#float>");
        check_says(&badge(subject(&value!({ "creditsEarned": number }))), &statement);
    };
    says(value!(3), "3");
    says(value!(3.0), "3");
    says(serde_json::from_str("3.0").unwrap(), "3");
    says(value!(2.1), "2.1E0");
    says(value!(0.00001), "1.0E-5");
    says(value!(-0.0), "0");
    says(value!(1e20), "100000000000000000000");
    says(value!(1e21), "1.0E21");
    let hashed =
        value!({"type": "IdentityObject", "identityHash": "sha256$00", "identityType": "emailAddress", "hashed": true});
    check_says(
        &badge(subject(&value!({ "identifier": [hashed] }))),
        "\"true\"^^<https://www.w3.org/2001/XMLSchema#boolean>",
    );
}

#[test]
fn dates_and_texts_are_signed_as_written() {
    check_says(
        &badge(subject(&value!({}))),
        "\"2026-01-01T00:00:00.000Z\"^^<http://www.w3.org/2001/XMLSchema#dateTime>",
    );
    let mut document = badge(subject(&value!({})));
    document["name"] = value!("tab\there, \u{1} control, \u{7f} delete, \"quote\" and é");
    check_says(&document, r#""tab\there, \u0001 control, \u007F delete, \"quote\" and é""#);
}

#[test]
fn sets_forget_order_and_repetition_and_lists_do_not() {
    let with = |name: &str, values: Value| {
        let mut document = badge(subject(&value!({})));
        document["credentialSubject"]["achievement"][name] = values;
        canonicalize(&document).unwrap()
    };
    assert_eq!(with("tag", value!(["a", "b", "a"])), with("tag", value!(["b", "a"])));
    let description = |allowed: Value| {
        value!([{"id": "urn:uuid:7d8f3a5e-0000-4000-8000-000000000002", "type": ["ResultDescription"],
            "name": "R", "resultType": "LetterGrade", "allowedValue": allowed}])
    };
    let one = with("resultDescription", description(value!(["A", "B"])));
    assert_ne!(one, with("resultDescription", description(value!(["B", "A"]))));
    assert_ne!(one, with("resultDescription", description(value!(["A", "B", "B"]))));
}

#[test]
fn objects_with_one_id_say_everything_that_either_says() {
    let mut document = badge(subject(&value!({})));
    document["credentialSubject"]["achievement"]["creator"] =
        value!({"id": "https://issuer.example", "type": ["Profile"], "name": "Another name"});
    check_says(&document, "<https://issuer.example> <https://schema.org/name> \"Another name\"");
    check_says(&document, "<https://issuer.example> <https://schema.org/name> \"Issuer\"");
}

#[test]
fn what_would_not_be_signed_is_refused_by_name() {
    let undefined = |term: &str| format!("the term \"{term}\" is not defined by any of the contexts");
    check_refused(&badge(subject(&value!({"email": "a@b.example"}))), &undefined("email"));
    let mut document = badge(subject(&value!({})));
    document["grade"] = value!("A+");
    check_refused(&document, &undefined("grade"));
    let mut document = badge(subject(&value!({})));
    document["id"] = value!("credentials/1");
    check_refused(&document, "\"credentials/1\" is not an absolute IRI");
    let mut document = badge(subject(&value!({})));
    document["type"] = value!(["VerifiableCredential", "NoSuchType"]);
    check_refused(&document, "the type \"NoSuchType\" is not defined by any of the contexts");
    let schema = value!([{"id": "https://issuer.example/schema", "type": "1EdTechJsonSchemaValidator2019"}]);
    let mut document = badge(subject(&value!({})));
    document["credentialSchema"] = schema;
    check_refused(&document, "the type \"1EdTechJsonSchemaValidator2019\" is not defined by any of the contexts");
    document["@context"] = value!([V2, OB, "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"]);
    canonicalize(&document).unwrap();
    document["@context"] = value!([V2, "https://evil.example/context"]);
    check_refused(&document, "the context https://evil.example/context is not known");
    let mut document = badge(subject(&value!({})));
    document["proof"] = value!("https://issuer.example/proof");
    check_refused(&document, "a value of \"proof\" that says nothing would be left out");
}

#[test]
fn terms_added_to_the_context_in_place_are_known() {
    let mut document = badge(subject(&value!({})));
    document["jti"] = value!("urn:uuid:7d8f3a5e-0000-4000-8000-000000000003");
    document["endorsementJwt"] = value!(["a.b.c"]);
    check_says(&document, "<https://www.iana.org/assignments/jwt#jti> <urn:uuid:");
    check_says(&document, "vocab.html#endorsementJwt> \"a.b.c\"");
}

#[test]
fn properties_of_every_type_of_a_node_are_kept() {
    let context = value!({
        "@version": 1.1,
        "Person": {"@id": "urn:t:Person", "@context": {"name": "urn:p:name"}},
        "Employable": {"@id": "urn:t:Employable", "@context": {"permit": {"@id": "urn:p:permit", "@type": "@id"}}}
    });
    let document = value!({"@context": context, "@type": ["Person", "Employable"], "name": "N", "permit": "urn:x"});
    check_says(&document, "<urn:p:permit> <urn:x>");
    check_says(&document, "<urn:p:name> \"N\"");
}

/// The smallest graph found for which it matters whether a neighbour met twice counts twice; the text is that of
/// rdf-canonize 5, without repetitions it would be another.
#[test]
fn repetitions_among_related_blank_nodes_are_kept() {
    let graph =
        "_:e3 <urn:p> _:e5 _:e4 .\n_:e2 <urn:p> _:e5 _:e0 .\n_:e1 <urn:p> _:e3 _:e5 .\n_:e1 <urn:p> _:e2 _:e0 .\n";
    let canonical = canonicalize_dataset::<Sha256>(&nquads::parse(graph), &Limits::DEFAULT).unwrap();
    let expected = [
        "_:c14n0 <urn:p> _:c14n4 _:c14n1 .",
        "_:c14n0 <urn:p> _:c14n5 _:c14n3 .",
        "_:c14n4 <urn:p> _:c14n1 _:c14n2 .",
        "_:c14n5 <urn:p> _:c14n1 _:c14n3 .",
    ];
    assert_eq!(canonical.text.lines().collect::<Vec<_>>(), expected);
}

fn clique(size: u32) -> Dataset {
    let mut dataset = Dataset::new();
    let predicate = dataset.iri("urn:p");
    let nodes: Vec<_> = (0..size).map(|number| dataset.blank(&number.to_string())).collect();
    for &from in &nodes {
        for &to in nodes.iter().filter(|&&to| to != from) {
            dataset.insert(from, predicate, to, None);
        }
    }
    dataset
}

#[test]
fn poison_graphs_are_given_up_on() {
    canonicalize_dataset::<Sha256>(&clique(4), &Limits::DEFAULT).unwrap();
    for size in [8, 12, 100] {
        let error = canonicalize_dataset::<Sha256>(&clique(size), &Limits::DEFAULT).unwrap_err();
        assert!(matches!(error, Error::TooComplex { .. }), "{size}: {error}");
    }
    // Two long chains that look alike at every step.
    let mut chains = Dataset::new();
    let predicate = chains.iri("urn:p");
    for chain in ["a", "b"] {
        for number in 0..5_000 {
            let from = chains.blank(&format!("{chain}{number}"));
            let to = chains.blank(&format!("{chain}{}", number + 1));
            chains.insert(from, predicate, to, None);
        }
    }
    canonicalize_dataset::<Sha256>(&chains, &Limits { quads: 100_000, ..Limits::DEFAULT }).unwrap_err();
}

#[track_caller]
fn check_too_complex(document: &Value, limits: &Limits, words: &str) {
    let error = canonicalize_within(document, limits).unwrap_err();
    assert!(matches!(error, Error::TooComplex { .. }), "{error}");
    assert_eq!(error.to_string(), format!("the document is too complex: more than {words}"));
}

#[test]
fn every_bound_on_a_document_holds() {
    let small = Limits { depth: 8, quads: 10, bytes: 2_000, contexts: 4, terms: 40, steps: 10 };
    let only = |change: fn(&mut Limits, &Limits)| {
        let mut limits = Limits::DEFAULT;
        change(&mut limits, &small);
        limits
    };
    let deep = |levels: usize| (0..levels).fold(value!("x"), |inner, _| value!({ "urn:p": inner }));
    check_too_complex(&deep(9), &only(|limits, small| limits.depth = small.depth), "8 levels of nesting");
    check_too_complex(&deep(100), &Limits::DEFAULT, "64 levels of nesting");
    let arrays = (0..100).fold(value!("x"), |inner, _| value!([inner]));
    check_too_complex(&value!({ "urn:p": arrays }), &Limits::DEFAULT, "64 levels of nesting");
    let wide = value!({"urn:p": (0..11).collect::<Vec<_>>()});
    check_too_complex(&wide, &only(|limits, small| limits.quads = small.quads), "10 statements");
    let long = value!({"@context": {"l": format!("urn:{}", "x".repeat(400))}, "l": [1, 2, 3, 4, 5]});
    check_too_complex(&long, &only(|limits, small| limits.bytes = small.bytes), "2000 bytes of statements");
    let contexts = value!({"@context": vec![value!({"a": "urn:a"}); 5], "a": 1});
    check_too_complex(&contexts, &only(|limits, small| limits.contexts = small.contexts), "4 contexts");
    let terms: serde_json::Map<String, Value> =
        (0..41).map(|n| (format!("t{n}"), value!(format!("urn:{n}")))).collect();
    check_too_complex(
        &value!({"@context": terms, "t1": 1}),
        &only(|limits, small| limits.terms = small.terms),
        "40 context terms",
    );
    let knot = value!({"@graph": [{"@id": "_:a", "urn:p": [{"@id": "_:b"}, {"@id": "_:c"}, {"@id": "_:d"}]},
        {"@id": "_:b", "urn:p": [{"@id": "_:a"}, {"@id": "_:c"}, {"@id": "_:d"}]},
        {"@id": "_:c", "urn:p": [{"@id": "_:a"}, {"@id": "_:b"}, {"@id": "_:d"}]},
        {"@id": "_:d", "urn:p": [{"@id": "_:a"}, {"@id": "_:b"}, {"@id": "_:c"}]}]});
    check_too_complex(
        &knot,
        &only(|limits, small| limits.steps = small.steps),
        "10 steps of telling blank nodes apart",
    );
    canonicalize(&knot).unwrap();
}

#[test]
fn long_identifiers_do_not_multiply() {
    let long = "x".repeat(3_000);
    check_too_complex(
        &value!({"@context": {"t": format!("urn:{long}")}, "t": 1}),
        &Limits::DEFAULT,
        "2048 bytes of an IRI in a context",
    );
    check_too_complex(
        &value!({"@context": {"@vocab": format!("urn:{long}")}, "t": 1}),
        &Limits::DEFAULT,
        "2048 bytes of an IRI in a context",
    );
    let property = value!({(format!("urn:{}", "x".repeat(10_000))): (0..1_000).collect::<Vec<_>>()});
    check_too_complex(&property, &Limits::DEFAULT, "4194304 bytes of statements");
    let inner: serde_json::Map<String, Value> =
        (0..1_000).map(|n| (format!("t{n}"), value!(format!("urn:{n}")))).collect();
    let parts = vec![value!({"@context": {}, "scoped": {"deep": {"t1": 1}}}); 900];
    let scoped = value!({"@context": {"part": "urn:p", "scoped": {"@id": "urn:s", "@context": {"deep": {"@id": "urn:d", "@context": inner}}}}, "part": parts});
    check_too_complex(&scoped, &Limits::DEFAULT, "300000 context terms");
}

#[test]
fn terms_that_need_each_other_in_a_long_row_are_refused() {
    let terms: serde_json::Map<String, Value> =
        (0..500).map(|n| (format!("t{n}"), value!({"@id": format!("t{}:x", n + 1), "@prefix": true}))).collect();
    check_too_complex(&value!({"@context": terms, "t1": 1}), &Limits::DEFAULT, "64 terms that need each other");
    let nested = (0..100).fold(value!({"x": "urn:x"}), |inner, _| value!({"x": {"@id": "urn:x", "@context": inner}}));
    canonicalize(&value!({"@context": nested, "x": 1})).unwrap_err();
}

#[test]
fn contexts_of_strangers_leave_nothing_behind() {
    let library = Library::with([]);
    library.canonicalize(&badge(subject(&value!({}))), &Limits::DEFAULT).unwrap();
    let kept = library.kept();
    for number in 0..50 {
        let mut document = badge(subject(&value!({})));
        document["@context"] = value!([V2, OB, {(format!("term{number}")): "urn:p"}]);
        document[format!("term{number}")] = value!("x");
        library.canonicalize(&document, &Limits::DEFAULT).unwrap();
    }
    assert_eq!(library.kept(), kept);
}

#[test]
fn what_is_kept_of_known_contexts_has_a_bound() {
    let library = Library::with([]);
    let urls: Vec<&str> = Library::documents().iter().map(|document| document.url).collect();
    for first in 0..urls.len() {
        for second in 0..urls.len() {
            for third in 0..urls.len() {
                let context = [urls[first], urls[second], urls[third]];
                drop(library.canonicalize(&value!({"@context": context, "urn:p": 1}), &Limits::DEFAULT));
            }
        }
    }
    assert!(library.kept() <= 1_024, "{}", library.kept());
    library.canonicalize(&badge(subject(&value!({}))), &Limits::DEFAULT).unwrap();
}

#[test]
fn many_threads_agree() {
    let library = Library::with([]);
    let document = badge(subject(&value!({"creditsEarned": 2.5})));
    let expected = canonicalize(&document).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..50 {
                    assert_eq!(library.canonicalize(&document, &Limits::DEFAULT).unwrap(), expected);
                }
            });
        }
    });
}

#[test]
fn what_the_engine_leaves_out_is_refused_by_name() {
    check_refused(&value!({"urn:p": {"@value": "x", "@direction": null}}), "invalid base direction: null");
    check_refused(&value!({"urn:p": {"@value": "x", "@direction": "up"}}), "invalid base direction: \"up\"");
    check_refused(&value!({"urn:p": {"@value": "x", "@type": null}}), "invalid typed value: null");
    check_refused(&value!({"_:p": 1}), "a blank node as a property is not supported");
    check_refused(&value!({}), "a node of which nothing is said in the document would be left out");
    check_refused(&value!("text"), "the value \"text\" directly in the document would be left out");
    assert!(to_dataset(&value!([])).unwrap().is_empty());
}

#[track_caller]
fn check_json(text: &str, words: &str) {
    let error = json::parse(text.as_bytes()).unwrap_err().to_string();
    assert!(error.starts_with(words), "{error}");
}

#[test]
fn json_of_strangers_is_read_strictly() {
    let sound = r#"{"a":[1,2.5,-3e2,true,null,"\u00e9\"\\"],"b":{"a":9007199254740992,"c":0.1,"d":1e-7,"e":100000000000000000000}}"#;
    assert_eq!(json::parse(sound.as_bytes()).unwrap(), serde_json::from_str::<Value>(sound).unwrap());
    check_json(r#"{"a":1,"a":2}"#, "the key \"a\" twice in one object");
    check_json(r#"{"a":{"b":1,"\u0062":2}}"#, "the key \"b\" twice in one object");
    check_json("9007199254740993", "the number 9007199254740993 loses precision");
    check_json("[3.2999999999999999]", "the number 3.2999999999999999 loses precision");
    check_json("[0.10000000000000000001]", "the number 0.10000000000000000001 loses precision");
    check_json("1e-400", "the number 1e-400 loses precision");
    check_json("[1e400]", "the number 1e400 loses precision");
    check_json("{} {}", "trailing characters");
    check_json("[1,", "EOF");
    check_json("\u{feff}{}", "expected value");
}

#[test]
fn every_bound_on_json_holds() {
    let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    json::parse(nested(json::MAX_DEPTH).as_bytes()).unwrap();
    check_json(&nested(json::MAX_DEPTH + 1), "more than 64 levels of nesting");
    check_json(&nested(100_000), "more than 64 levels of nesting");
    check_json(&format!("[{}0]", "0,".repeat(json::MAX_WIDTH)), "more than 10000 entries");
    let rows = vec![format!("[{}0]", "0,".repeat(9_998)); 11].join(",");
    check_json(&format!("[{rows}]"), "more than 100000 values");
    let large = format!("\"{}\"", "x".repeat(json::MAX_BYTES));
    assert!(matches!(json::parse(large.as_bytes()), Err(JsonError::TooLarge { .. })));
}
