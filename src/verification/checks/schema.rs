//! `schema`: does it have what an Open Badge must have? Fails only on members the standard requires.

use serde_json::Value;

use super::{Answer, Case, format};
use crate::openbadges::reading::{Moment, first, id_of, is_a, many, moment, text};
use crate::verification::data_model;
use crate::verification::report::{CheckId, Verdict};

pub(in crate::verification) fn check(case: &Case<'_>) -> Answer {
    if !format::is_badge(case.document) {
        return plain(case.document);
    }
    let missing = missing(case.document);
    if !missing.is_empty() {
        let words = format!("An Open Badge must say more than this one does; it lacks: {}.", missing.join(", "));
        return Answer::failed(CheckId::Schema, Verdict::Invalid, words).fact("missing", missing);
    }
    let odd = odd(case.document);
    if odd.is_empty() {
        return Answer::passed(CheckId::Schema, "It has every member that an Open Badge must have.");
    }
    let words = format!("It has every member that an Open Badge must have, with oddities: {}.", odd.join("; "));
    Answer::warning(CheckId::Schema, words).fact("odd", odd)
}

/// What every verifiable credential must say, Open Badge or not.
fn plain(document: &Value) -> Answer {
    let flaws = data_model::flaws(document);
    if flaws.is_empty() {
        return Answer::passed(CheckId::Schema, "It has every member that a verifiable credential must have.");
    }
    let words = format!("It is not as a verifiable credential must be: {}.", flaws.join("; "));
    Answer::failed(CheckId::Schema, Verdict::Invalid, words).fact("flaws", flaws)
}

/// Required members that are not there, as paths.
fn missing(document: &Value) -> Vec<&'static str> {
    let nothing = Value::Null;
    let subject = first(document, "credentialSubject").unwrap_or(&nothing);
    let achievement = first(subject, "achievement").unwrap_or(&nothing);
    let has_text = |object: &Value, member| text(object, member).is_some();
    let has_criteria = first(achievement, "criteria").is_some_and(Value::is_object);
    let required = [
        (has_text(document, "id"), "id"),
        (id_of(document, "issuer").is_some(), "issuer.id"),
        (moment(document, &["validFrom", "issuanceDate"]).is_some(), "validFrom"),
        (subject.is_object(), "credentialSubject"),
        (is_a(subject, "AchievementSubject"), "credentialSubject.type"),
        (achievement.is_object(), "credentialSubject.achievement"),
        (has_text(achievement, "id"), "credentialSubject.achievement.id"),
        (is_a(achievement, "Achievement"), "credentialSubject.achievement.type"),
        (has_text(achievement, "name"), "credentialSubject.achievement.name"),
        (has_text(achievement, "description"), "credentialSubject.achievement.description"),
        (has_criteria, "credentialSubject.achievement.criteria"),
    ];
    required.into_iter().filter(|(there, _)| !there).map(|(_, path)| path).collect()
}

/// What the standard forbids or asks for, and what does no harm.
fn odd(document: &Value) -> Vec<&'static str> {
    let nothing = Value::Null;
    let subject = first(document, "credentialSubject").unwrap_or(&nothing);
    let achievement = first(subject, "achievement").unwrap_or(&nothing);
    let criteria = first(achievement, "criteria").unwrap_or(&nothing);
    let floating = |members: &[&str]| matches!(moment(document, members), Some(Moment::Floating(_)));
    let odd = [
        (text(subject, "id").is_none() && many(subject, "identifier").is_empty(), "nobody is named as its holder"),
        (document.get("credentialSubject").is_some_and(Value::is_array), "its subject is a list"),
        (document.get("credentialStatus").is_some_and(Value::is_array), "its status is a list"),
        (document.get("issuer").is_some_and(Value::is_string), "its issuer is not described"),
        (text(criteria, "id").is_none() && text(criteria, "narrative").is_none(), "its criteria are empty"),
        (
            floating(&["validFrom", "issuanceDate"]) || floating(&["validUntil", "expirationDate"]),
            "a date has no time zone and is read as UTC",
        ),
    ];
    odd.into_iter().filter(|(found, _)| *found).map(|(_, words)| words).collect()
}
