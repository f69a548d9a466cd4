//! xAPI statements (1.0.3), cmi5 and Moodle's `logstore_xapi` among them: what each says happened.

mod result;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::feed::{MAX_AHEAD, Message, Who};
use super::{ExternalId, InvalidValue, flaw_of_text};

pub(super) const PASSED: &str = "http://adlnet.gov/expapi/verbs/passed";
pub(super) const FAILED: &str = "http://adlnet.gov/expapi/verbs/failed";
pub(super) const COMPLETED: &str = "http://adlnet.gov/expapi/verbs/completed";
pub(super) const WAIVED: &str = "https://w3id.org/xapi/adl/verbs/waived";
/// The most statements of one request.
pub const MAX_STATEMENTS: usize = 1_000;
/// The longest IRI.
const MAX_IRI: usize = 2_000;
/// Types of activities that an attempt can be an attempt at.
const EXAMS: [&str; 2] =
    ["http://adlnet.gov/expapi/activities/assessment", "http://id.tincanapi.com/activitytype/quiz"];
const ATTEMPT: &str = "http://adlnet.gov/expapi/activities/attempt";

/// The id that a statement has, in small letters.
pub fn statement_id(statement: &Value) -> Result<Option<String>, InvalidValue> {
    let fault = |detail: &str| InvalidValue { pointer: "/id".to_owned(), detail: detail.to_owned() };
    match statement.get("id") {
        None => Ok(None),
        Some(Value::String(id)) if is_uuid(id) => Ok(Some(id.to_ascii_lowercase())),
        Some(_) => Err(fault("is no UUID")),
    }
}

/// Whether this is a UUID in its usual form.
pub fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, b)| match at {
            8 | 13 | 18 | 23 => b == b'-',
            _ => b.is_ascii_hexdigit(),
        })
}

/// What the statement says; everything about it that cannot be is named.
pub fn read(statement: &Value, id: &str, now: DateTime<Utc>) -> Result<Message, Vec<InvalidValue>> {
    let mut faults = Faults(Vec::new());
    if !statement.is_object() {
        return Err(vec![InvalidValue { pointer: String::new(), detail: "is no statement".to_owned() }]);
    }
    let person = actor(&statement["actor"], &mut faults);
    let verb = faults.iri(statement.pointer("/verb/id"), "/verb/id");
    let object = match statement.pointer("/object/objectType").and_then(Value::as_str) {
        None | Some("Activity") => faults.iri(statement.pointer("/object/id"), "/object/id"),
        Some(_) => None,
    };
    let at = match &statement["timestamp"] {
        Value::Null => Some(now),
        Value::String(text) => match DateTime::parse_from_rfc3339(text) {
            Ok(at) if at > now + MAX_AHEAD => faults.add("/timestamp", "lies in the future"),
            Ok(at) if at.timestamp() < -2_208_988_800 => faults.add("/timestamp", "lies before 1900"),
            Ok(at) => Some(at.to_utc()),
            Err(_) => faults.add("/timestamp", "is no moment with a time zone, such as 2026-11-20T10:00:00Z"),
        },
        _ => faults.add("/timestamp", "is no text"),
    };
    let result = result::read(statement, verb.as_deref().unwrap_or_default(), &mut faults);
    let (Some(verb), Some(at), true) = (verb, at, faults.0.is_empty()) else { return Err(faults.0) };
    Ok(Message {
        id: id.to_owned(),
        attempt: attempt(statement, object.as_deref()),
        person,
        objects: objects(statement, object),
        verb,
        said: result.said,
        score: result.score,
        minutes: result.minutes,
        at,
    })
}

/// What cannot be, gathered.
pub(super) struct Faults(Vec<InvalidValue>);

impl Faults {
    pub(super) fn add<T>(&mut self, pointer: &str, detail: impl Into<String>) -> Option<T> {
        self.0.push(InvalidValue { pointer: pointer.to_owned(), detail: detail.into() });
        None
    }

    fn iri(&mut self, value: Option<&Value>, pointer: &str) -> Option<String> {
        match value.and_then(Value::as_str) {
            Some(text) if text.len() > MAX_IRI => self.add(pointer, format!("has more than {MAX_IRI} bytes")),
            Some(text) if !text.contains(':') => self.add(pointer, "is no IRI"),
            Some(text) => Some(text.to_owned()),
            None => self.add(pointer, "is missing"),
        }
    }
}

fn actor(actor: &Value, faults: &mut Faults) -> Who {
    let mut who = Who::default();
    if !actor.is_object() {
        faults.add::<()>("/actor", "is missing");
        return who;
    }
    let identifiers: Vec<&str> = ["mbox", "mbox_sha1sum", "openid", "account"]
        .into_iter()
        .filter(|name| actor.get(*name).is_some_and(|value| !value.is_null()))
        .collect();
    if actor["objectType"] == "Group" {
        return who;
    }
    if identifiers.len() != 1 {
        faults.add::<()>("/actor", "must have exactly one of mbox, mbox_sha1sum, openid and account");
        return who;
    }
    who.name = actor["name"].as_str().map(str::trim).filter(|name| flaw_of_text(name).is_none()).map(str::to_owned);
    let mut external = |system: Option<&str>, id: Option<&str>, pointer: &str| {
        let (Some(system), Some(id)) = (system, id) else { return faults.add(pointer, "must have text") };
        let flaw = flaw_of_text(system).or_else(|| flaw_of_text(id));
        match flaw {
            Some(flaw) => faults.add(pointer, flaw),
            None => Some(ExternalId { system: system.to_owned(), id: id.to_owned() }),
        }
    };
    match identifiers[0] {
        "mbox" => {
            who.email = actor["mbox"].as_str().and_then(|mbox| mbox.strip_prefix("mailto:")).map(str::to_owned);
            if !who.email.as_deref().is_some_and(super::submission::is_email) {
                faults.add::<()>("/actor/mbox", "is no mail address after mailto:");
            }
        }
        "account" => {
            let account = &actor["account"];
            who.external.extend(external(account["homePage"].as_str(), account["name"].as_str(), "/actor/account"));
        }
        name => who.external.extend(external(Some(name), actor[name].as_str(), &format!("/actor/{name}"))),
    }
    who
}

/// The object, and what it is an attempt at.
fn objects(statement: &Value, object: Option<String>) -> Vec<String> {
    let is_attempt = statement.pointer("/object/definition/type").is_some_and(|kind| kind == ATTEMPT);
    let mut objects: Vec<String> = object.into_iter().collect();
    if is_attempt {
        let exam = |activity: &&Value| {
            activity.pointer("/definition/type").and_then(Value::as_str).is_some_and(|kind| EXAMS.contains(&kind))
        };
        let ids = around(statement).filter(exam).filter_map(|activity| activity["id"].as_str());
        objects.extend(ids.map(str::to_owned));
    }
    objects
}

/// What tells one attempt from another: Moodle's own activity for it, or the registration.
fn attempt(statement: &Value, object: Option<&str>) -> Option<String> {
    let is_attempt = |activity: &&Value| activity.pointer("/definition/type").is_some_and(|kind| kind == ATTEMPT);
    let own = std::iter::once(&statement["object"]).chain(around(statement)).find(is_attempt);
    let own = own.and_then(|activity| activity["id"].as_str()).map(str::to_owned);
    let registration = statement.pointer("/context/registration").and_then(Value::as_str);
    own.or_else(|| Some(format!("{} {}", registration?, object?)))
}

/// The activities of the context.
fn around(statement: &Value) -> impl Iterator<Item = &Value> {
    ["parent", "grouping", "other"]
        .into_iter()
        .filter_map(|kind| statement.pointer(&format!("/context/contextActivities/{kind}")))
        .flat_map(|list| match list {
            Value::Array(list) => list.as_slice(),
            one => std::slice::from_ref(one),
        })
}
