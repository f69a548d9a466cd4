//! A message: thin, the same bytes for every attempt, and signed anew for each.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::signature::signatures;
use crate::clock::rfc3339;
use crate::service::events::told;
use crate::store::{Event, Format, Webhook};

/// What is sent.
pub(super) struct Message {
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: String,
}

/// Tells `event` to `webhook`, for an attempt made `at` this moment by the service at `base`.
pub(super) fn message(base: &str, webhook: &Webhook, event: &Event, at: DateTime<Utc>) -> Message {
    let (media, body) = match webhook.format {
        Format::Standard => ("application/json", standard(event)),
        Format::CloudEvents => ("application/cloudevents+json", cloud_event(base, event)),
    };
    let body = body.to_string();
    let id = event.id.to_string();
    let signed = signatures(webhook, &id, at, body.as_bytes());
    let headers = vec![
        ("content-type", media.to_owned()),
        ("webhook-id", id),
        ("webhook-timestamp", at.timestamp().to_string()),
        ("webhook-signature", signed),
    ];
    Message { headers, body }
}

fn standard(event: &Event) -> Value {
    let (kind, data) = told(&event.what);
    json!({ "type": kind, "timestamp": rfc3339(event.recorded_at), "data": data })
}

/// `source` and `id` together are unique, as CloudEvents asks.
fn cloud_event(base: &str, event: &Event) -> Value {
    let (kind, data) = told(&event.what);
    let mut cloud = json!({
        "specversion": "1.0", "id": event.id, "source": base, "type": kind, "time": rfc3339(event.recorded_at),
        "datacontenttype": "application/json",
    });
    if let Some(subject) = data.get("award").or_else(|| data.get("person")) {
        cloud["subject"] = subject.clone();
    }
    cloud["data"] = Value::Object(data);
    cloud
}
