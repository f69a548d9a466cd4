//! `format`, `context` and `schema` of an assertion.

use serde_json::Value;

use super::chain::{Chain, Way};
use crate::openbadges::reading::{first, is_a, many, text};
use crate::verification::checks::Answer;
use crate::verification::report::{CheckId, Verdict};
use crate::verification::words;

/// `format`: is it an assertion, and of which generation?
pub(super) fn format(chain: &Chain<'_>) -> Answer {
    let types = many(chain.presented, "type");
    if !types.is_empty() && !is_a(chain.presented, "Assertion") {
        let found: Vec<&str> = types.iter().take(8).filter_map(Value::as_str).collect();
        let why =
            "it is a part of an Open Badge of an earlier generation, but not the assertion that somebody holds it";
        return Answer::failed(CheckId::Format, Verdict::Malformed, words::malformed(why)).fact("type", found);
    }
    let (generation, way) = (generation(chain.presented), chain.way);
    let how = match way {
        Way::Hosted => "hosted by its issuer",
        Way::Signed => "signed",
        Way::Unsaid => "which does not say how it can be checked",
    };
    Answer::passed(CheckId::Format, format!("It is a badge of Open Badges {generation}, {how}."))
        .fact("generation", generation)
}

fn generation(assertion: &Value) -> &'static str {
    let contexts = many(assertion, "@context");
    let named = |start: &str| contexts.iter().filter_map(Value::as_str).any(|c| c.starts_with(start));
    if named("https://w3id.org/openbadges/v2") {
        "2.0"
    } else if named("https://w3id.org/openbadges/v1") {
        "1.1"
    } else {
        "1.0"
    }
}

/// `context`: these generations are read member by member; what an extension adds is not.
pub(super) fn context(chain: &Chain<'_>) -> Answer {
    let known = |context: &&Value| context.as_str().is_some_and(|c| c.starts_with("https://w3id.org/openbadges/v"));
    let others = many(chain.presented, "@context").iter().filter(|context| !known(context)).count();
    if others == 0 {
        return Answer::passed(CheckId::Context, "Its members have the meaning that Open Badges gives them.");
    }
    Answer::warning(CheckId::Context, "It says more than Open Badges define; what its extensions say was not read.")
        .fact("extensions", others)
}

/// `schema`: the members that its generation requires.
pub(super) fn schema(chain: &Chain<'_>) -> Answer {
    let mut missing: Vec<String> = Vec::new();
    let mut look = |object: &Value, prefix: &str, members: &[&[&str]]| {
        let absent = members.iter().filter(|names| names.iter().all(|name| first(object, name).is_none()));
        missing.extend(absent.map(|names| format!("{prefix}{}", names[0])));
    };
    let assertion = chain.assertion();
    look(assertion, "", &[&["recipient"], &["badge"], &["verification", "verify"], &["issuedOn", "issued_on"]]);
    if let Some(badge) = chain.badge.json() {
        look(badge, "badge.", &[&["name"], &["description"], &["criteria"], &["issuer"]]);
    }
    if let Some(profile) = chain.profile.json() {
        look(profile, "badge.issuer.", &[&["name"], &["url", "origin"]]);
    }
    if missing.is_empty() {
        return Answer::passed(CheckId::Schema, "It has every member that its generation of Open Badges requires.");
    }
    let words = format!("It lacks what its generation of Open Badges requires: {}.", missing.join(", "));
    // Without these nothing could be said about it; the rest does no harm.
    let needed =
        missing.iter().any(|member| matches!(member.as_str(), "recipient" | "badge" | "badge.name" | "badge.issuer"));
    let answer = if needed {
        Answer::failed(CheckId::Schema, Verdict::Invalid, words)
    } else {
        Answer::warning(CheckId::Schema, words)
    };
    answer.fact("missing", missing)
}

/// What differs between two copies of an assertion: what it is about, and what is said besides.
pub(super) fn differences(one: &Value, other: &Value) -> (Vec<&'static str>, Vec<String>) {
    const MATTERS: [&str; 8] = ["recipient", "badge", "issuedOn", "issued_on", "expires", "id", "uid", "salt"];
    let same = |name: &str| match (first(one, name), first(other, name)) {
        (Some(a), Some(b)) => a == b || name == "badge" && badge_of(a).is_some() && badge_of(a) == badge_of(b),
        (a, b) => a.is_none() && b.is_none(),
    };
    let matters = MATTERS.into_iter().filter(|name| !same(name)).collect();
    let besides = one.as_object().into_iter().flat_map(|members| members.keys());
    let besides =
        besides.filter(|name| !MATTERS.contains(&name.as_str()) && !name.starts_with('@') && *name != "image");
    (matters, besides.filter(|name| !same(name)).take(8).cloned().collect())
}

/// A badge class by its address, whether it is named or stands in its place.
fn badge_of(value: &Value) -> Option<&str> {
    value.as_str().or_else(|| text(value, "id"))
}
