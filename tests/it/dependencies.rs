//! What is built into Assay, judged by `deny.toml`: licences, bans, and that all of it comes from the registry.

use std::iter::Peekable;
use std::process::Command;
use std::vec::IntoIter;

use serde_json::Value;

use crate::support::repository;

#[test]
fn every_dependency_is_one_that_deny_toml_lets_in() {
    let rules: toml::Table =
        std::fs::read_to_string(repository().join("deny.toml")).expect("deny.toml").parse().expect("TOML");
    let strings = |list: &toml::Value| -> Vec<String> {
        list.as_array().expect("a list").iter().filter_map(|one| one.as_str().map(str::to_owned)).collect()
    };
    let allowed = strings(&rules["licenses"]["allow"]);
    let banned: Vec<&str> = rules["bans"]["deny"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|ban| ban["crate"].as_str().expect("a ban names a crate"))
        .collect();
    let packages = packages();
    let faults: Vec<String> = packages.iter().filter_map(|package| fault(package, &allowed, &banned)).collect();
    assert!(packages.len() > 100, "only {} packages: the list is not whole", packages.len());
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

fn fault(package: &Value, allowed: &[String], banned: &[&str]) -> Option<String> {
    let name = package["name"].as_str().expect("a package has a name");
    if banned.contains(&name) {
        return Some(format!("{name} is banned"));
    }
    // Only this package itself has no source.
    let source = package["source"].as_str().unwrap_or("registry+");
    if !source.starts_with("registry+") {
        return Some(format!("{name} comes from {source}"));
    }
    let licence = package["license"].as_str().unwrap_or("no licence");
    (!permits(licence, allowed)).then(|| format!("{name} is under {licence}"))
}

/// The packages of the resolved tree on Linux, build and test dependencies too.
fn packages() -> Vec<Value> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--locked", "--offline"])
        .args(["--filter-platform", "x86_64-unknown-linux-gnu"])
        .current_dir(repository())
        .output()
        .expect("cargo runs, since it runs this test");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("metadata is JSON");
    metadata["packages"].as_array().expect("packages are a list").clone()
}

/// Whether the allowed licences satisfy an SPDX expression; `/` is the older way to write OR.
fn permits(expression: &str, allowed: &[String]) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<String> = spaced.split_whitespace().map(str::to_owned).collect();
    either(&mut words.into_iter().peekable(), allowed)
}

type Words = Peekable<IntoIter<String>>;

fn either(words: &mut Words, allowed: &[String]) -> bool {
    let mut permitted = both(words, allowed);
    while words.next_if(|word| word == "OR").is_some() {
        permitted |= both(words, allowed);
    }
    permitted
}

fn both(words: &mut Words, allowed: &[String]) -> bool {
    let mut permitted = one(words, allowed);
    while words.next_if(|word| word == "AND").is_some() {
        permitted &= one(words, allowed);
    }
    permitted
}

fn one(words: &mut Words, allowed: &[String]) -> bool {
    let Some(mut licence) = words.next() else { return false };
    if licence == "(" {
        let permitted = either(words, allowed);
        words.next();
        return permitted;
    }
    if words.next_if(|word| word == "WITH").is_some() {
        licence = format!("{licence} WITH {}", words.next().unwrap_or_default());
    }
    allowed.contains(&licence)
}

#[test]
fn licence_expressions_are_read_as_spdx_says() {
    let allowed = ["MIT", "ISC", "Apache-2.0 WITH LLVM-exception"].map(str::to_owned);
    for (expression, permitted) in [
        ("MIT", true),
        ("GPL-3.0", false),
        ("MIT OR GPL-3.0", true),
        ("GPL-3.0/MIT", true),
        ("MIT AND GPL-3.0", false),
        ("GPL-3.0 AND MIT OR ISC", true),
        ("(GPL-3.0 OR MIT) AND ISC", true),
        ("(GPL-3.0 OR MIT) AND Zlib", false),
        ("Apache-2.0 WITH LLVM-exception", true),
        ("Apache-2.0", false),
        ("no licence", false),
        ("", false),
    ] {
        assert_eq!(permits(expression, &allowed), permitted, "{expression}");
    }
}

#[test]
fn a_banned_a_foreign_and_an_unlicensed_package_are_faults() {
    let allowed = ["MIT".to_owned()];
    let package = |name: &str, source: &str, licence: &str| {
        let package = serde_json::json!({ "name": name, "source": source, "license": licence });
        fault(&package, &allowed, &["openssl"])
    };
    assert_eq!(package("serde", "registry+x", "MIT"), None);
    assert_eq!(package("openssl", "registry+x", "MIT").as_deref(), Some("openssl is banned"));
    assert_eq!(package("serde", "git+x", "MIT").as_deref(), Some("serde comes from git+x"));
    assert_eq!(package("serde", "registry+x", "GPL-3.0").as_deref(), Some("serde is under GPL-3.0"));
}
