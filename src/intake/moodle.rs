//! Events of Moodle's `local_webhooks`: who and what, without grade and without address.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::feed::{Ignored, MAX_AHEAD, Message, Said, Who};
use super::{ExternalId, InvalidValue, flaw_of_text};

/// Whether the payload is such an event.
pub fn is_event(payload: &Value) -> bool {
    payload.get("eventname").is_some()
}

/// What the event says. The person is known by Moodle's number, in the system that the event names as its host.
pub fn read(event: &Value, now: DateTime<Utc>) -> Result<Message, Vec<InvalidValue>> {
    let mut faults = Vec::new();
    let mut fault = |pointer: &str, detail: &str| {
        faults.push(InvalidValue { pointer: pointer.to_owned(), detail: detail.to_owned() });
    };
    let name = event["eventname"].as_str().unwrap_or_default();
    let word = name.rsplit('\\').next().unwrap_or_default();
    if !name.starts_with('\\') || word.is_empty() || flaw_of_text(name).is_some() {
        fault("/eventname", "is no event of Moodle, such as \\core\\event\\course_completed");
    }
    let host = event["host"].as_str().filter(|host| flaw_of_text(host).is_none());
    if host.is_none() {
        fault("/host", "is missing; the plugin sends it");
    }
    let at = number(&event["timecreated"]).and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    match at {
        None => fault("/timecreated", "is no number of seconds since 1970"),
        Some(at) if at > now + MAX_AHEAD => fault("/timecreated", "lies in the future"),
        _ => {}
    }
    let (Some(host), Some(at), true) = (host, at, faults.is_empty()) else { return Err(faults) };
    let (course, module) = (number(&event["courseid"]), number(&event["contextinstanceid"]));
    let object = match (name, course, module) {
        ("\\core\\event\\course_completed", Some(course), _) => Some(format!("course/{course}")),
        (_, _, Some(module)) => Some(format!("module/{module}")),
        _ => None,
    };
    // `userid` is who did it: a teacher, sometimes. `relateduserid` is who it was done to.
    let learner = number(&event["relateduserid"]).filter(|id| *id > 0);
    let external = learner.map(|id| ExternalId { system: host.to_owned(), id: id.to_string() });
    let text = |value: &Value| number(value).map_or("-".to_owned(), |n| n.to_string());
    let object_id = text(&event["objectid"]);
    let learner = learner.map_or("-".to_owned(), |n| n.to_string());
    Ok(Message {
        id: format!("{word}/{}/{object_id}/{learner}/{}", object.as_deref().unwrap_or("-"), at.timestamp()),
        attempt: name.contains("attempt_").then(|| format!("attempt/{object_id}")),
        person: Who { name: None, email: None, external: external.into_iter().collect() },
        objects: object.into_iter().collect(),
        verb: word.to_owned(),
        said: said(word, &event["other"]),
        score: None,
        minutes: None,
        at,
    })
}

/// The payload without the secret that the plugin puts into it.
pub fn without_token(mut event: Value) -> Value {
    if let Some(members) = event.as_object_mut() {
        members.shift_remove("token");
    }
    event
}

fn said(word: &str, other: &Value) -> Said {
    match word {
        "course_completed" => Said::Completed,
        "course_module_completion_updated" => match completion_state(other) {
            Some(1) => Said::Completed,
            Some(2) => Said::Passed,
            Some(3) => Said::Failed,
            Some(_) => Said::Nothing(Ignored::NotFinished),
            None => Said::Unclear("Moodle tells of a change of completion without the new state."),
        },
        "attempt_abandoned" => Said::Nothing(Ignored::NotFinished),
        _ => Said::Unclear("Moodle's webhooks tell of this event without a grade."),
    }
}

/// `other` comes as an object, or as its JSON in a text.
fn completion_state(other: &Value) -> Option<i64> {
    match other {
        Value::String(text) => number(&serde_json::from_str::<Value>(text).ok()?["completionstate"]),
        other => number(&other["completionstate"]),
    }
}

/// Moodle writes numbers as numbers and as texts.
fn number(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}
