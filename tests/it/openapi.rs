//! `/openapi.json`: held by a snapshot, and complete.
//!
//! When a change of the API is meant, renew the snapshot and read the difference:
//! `INSTA_UPDATE=always cargo test --test it openapi`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::support::app::TestApp;
use crate::support::repository;
use crate::tidy::rust_files;

async fn description() -> Value {
    TestApp::new().await.get("/openapi.json").await.expect(200).json()
}

/// Every operation with its method and path.
fn operations(api: &Value) -> Vec<(String, &Value)> {
    let paths = api["paths"].as_object().unwrap().iter();
    paths
        .flat_map(|(path, item)| {
            item.as_object().unwrap().iter().map(move |(method, op)| (format!("{method} {path}"), op))
        })
        .collect()
}

/// What is answered, or where it is described for all who answer it.
fn described<'a>(api: &'a Value, response: &'a Value) -> &'a Value {
    let pointer = response["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
    pointer.map_or(response, |pointer| api.pointer(pointer).unwrap_or_else(|| panic!("{pointer} leads nowhere")))
}

/// The path patterns of `src/urls.rs`, read from its source.
fn patterns() -> BTreeSet<String> {
    let source = std::fs::read_to_string(repository().join("src/urls.rs")).unwrap();
    let module = source.split("pub mod path {").nth(1).unwrap().split("\n}").next().unwrap();
    let constants = module.lines().filter(|line| line.trim_start().starts_with("pub const "));
    constants.map(|line| line.split('"').nth(1).unwrap().to_owned()).collect()
}

#[tokio::test]
async fn the_api_is_the_one_that_others_depend_on() {
    let text = serde_json::to_string_pretty(&description().await).unwrap();
    insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("openapi.json", text);
    });
}

#[tokio::test]
async fn every_address_is_described_and_every_description_is_of_an_address() {
    let api = description().await;
    let described: BTreeSet<String> = api["paths"].as_object().unwrap().keys().cloned().collect();
    let mut answered = patterns();
    assert!(answered.len() > 20);
    assert!(answered.remove("/openapi.json"), "the description does not describe itself");
    // The document of keys of a base with a path: there instead of below `/.well-known/`.
    answered.remove("/did.json");
    assert_eq!(described, answered);
}

#[tokio::test]
async fn every_operation_says_what_it_does_what_it_answers_and_what_it_needs() {
    let api = description().await;
    let mut ids = BTreeSet::new();
    for (name, operation) in operations(&api) {
        assert!(operation["summary"].as_str().is_some_and(|s| s.len() > 10), "{name} has no summary");
        let responses = operation["responses"].as_object().unwrap();
        // A mailed link only ever leads on.
        let done = |status: &String| status.starts_with('2') || status == "303";
        assert!(responses.keys().any(done), "{name} never succeeds");
        for (status, response) in responses {
            let response = described(&api, response);
            assert!(response["description"].as_str().is_some_and(|d| d.len() > 4), "{name} {status} is not described");
        }
        assert_eq!(operation["tags"].as_array().map(Vec::len), Some(1), "{name} has a place");
        assert!(
            ids.insert(operation["operationId"].to_string()),
            "{name} shares the name {}",
            operation["operationId"]
        );
        let fed = name.contains("/feeds/") || name.ends_with("/xapi/statements");
        let guarded = fed || (name.contains("/api/") && !name.ends_with("/verify"));
        assert_eq!(operation["security"].is_array(), guarded, "{name} needs a key, and says which");
        for parameter in name.split(['{', '}']).skip(1).step_by(2) {
            let mut known = operation["parameters"].as_array().into_iter().flatten();
            assert!(known.any(|p| p["name"] == parameter && p["in"] == "path"), "{name} leaves {parameter} open");
        }
        if name.starts_with("post") && guarded {
            assert!(operation["requestBody"].is_object(), "{name} says nothing of its body");
        }
    }
    assert_eq!(api["servers"][0]["url"], crate::support::app::BASE);
}

#[tokio::test]
async fn every_refusal_is_a_problem() {
    let api = description().await;
    for (name, operation) in operations(&api) {
        let responses = operation["responses"].as_object().unwrap();
        for status in ["400", "408", "500", "503"] {
            assert!(responses.contains_key(status), "{name} does not say that it may answer {status}");
        }
        let guarded = operation["security"].is_array();
        for status in ["401", "403", "429"] {
            assert!(!guarded || responses.contains_key(status), "{name} does not say that it may answer {status}");
        }
        for (status, response) in responses.iter().filter(|(status, _)| status.as_str() >= "400") {
            let content = described(&api, response)["content"]
                .as_object()
                .unwrap_or_else(|| panic!("{name} {status} has no body"));
            let own = name.contains("/credentials/") || name.contains("/presentations/");
            assert!(own || content.contains_key("application/problem+json"), "{name} {status}: {content:?}");
        }
    }
}

/// The description knows a type by its name alone: of two that share one, the first would speak for both.
#[test]
fn no_two_types_share_a_name() {
    let mut known = BTreeMap::new();
    for file in rust_files(&repository().join("src")) {
        let text = std::fs::read_to_string(&file).unwrap();
        for item in syn::parse_file(&text).unwrap().items {
            let (attributes, name) = match item {
                syn::Item::Struct(item) => (item.attrs, item.ident.to_string()),
                syn::Item::Enum(item) => (item.attrs, item.ident.to_string()),
                _ => continue,
            };
            let said = |attribute: &syn::Attribute| match &attribute.meta {
                syn::Meta::List(list) => list.tokens.to_string(),
                _ => String::new(),
            };
            let described = attributes.iter().any(|a| a.path().is_ident("derive") && said(a).contains("ToSchema"));
            let mut schemas = attributes.iter().filter(|a| a.path().is_ident("schema")).map(said);
            let shown = schemas.find_map(|words| words.strip_prefix("as = ").map(str::to_owned)).unwrap_or(name);
            if described && let Some(other) = known.insert(shown.clone(), file.clone()) {
                panic!("{shown} is in {} and in {}", file.display(), other.display());
            }
        }
    }
    assert!(known.len() > 100, "{}", known.len());
}

/// Every `$ref` leads somewhere.
#[tokio::test]
async fn every_reference_has_an_end() {
    fn check(value: &Value, whole: &Value) {
        match value {
            Value::Object(members) => {
                if let Some(to) = members.get("$ref").and_then(Value::as_str) {
                    assert!(whole.pointer(to.trim_start_matches('#')).is_some(), "{to} leads nowhere");
                }
                members.values().for_each(|member| check(member, whole));
            }
            Value::Array(items) => items.iter().for_each(|item| check(item, whole)),
            _ => {}
        }
    }
    let api = description().await;
    check(&api, &api);
}
