//! Reading what strangers write: one value or a list, language maps, issuers as string or object, both generations of
//! date members. Nothing here recurses, and nothing here judges.

use chrono::{DateTime, NaiveDateTime, Utc};
use serde_json::Value;

/// The values of a member that may be absent, single or a list.
pub fn many<'a>(object: &'a Value, member: &str) -> &'a [Value] {
    match object.get(member) {
        None | Some(Value::Null) => &[],
        Some(Value::Array(values)) => values,
        Some(one) => std::slice::from_ref(one),
    }
}

/// The value of a member; of a list, its first.
pub fn first<'a>(object: &'a Value, member: &str) -> Option<&'a Value> {
    many(object, member).first()
}

/// A text: plain, a value object, or the first entry of a language map (English before others).
pub fn text<'a>(object: &'a Value, member: &str) -> Option<&'a str> {
    match first(object, member)? {
        Value::String(text) => Some(text),
        Value::Object(map) => {
            let chosen = map.get("@value").or_else(|| map.get("en")).or_else(|| map.values().next())?;
            chosen.as_str()
        }
        _ => None,
    }
}

/// An `id`: of a member that is written as string or as object.
pub fn id_of<'a>(object: &'a Value, member: &str) -> Option<&'a str> {
    match first(object, member)? {
        Value::String(id) => Some(id),
        value => value.get("id").and_then(Value::as_str),
    }
}

/// Whether `type` names this class.
pub fn is_a(object: &Value, class: &str) -> bool {
    many(object, "type").iter().any(|t| t.as_str() == Some(class))
}

/// A moment as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// With its time zone.
    At(DateTime<Utc>),
    /// Without a time zone; read as UTC.
    Floating(DateTime<Utc>),
    /// Not a moment.
    Unreadable,
}

impl Moment {
    /// The moment, however it was written.
    pub fn at(self) -> Option<DateTime<Utc>> {
        match self {
            Moment::At(at) | Moment::Floating(at) => Some(at),
            Moment::Unreadable => None,
        }
    }
}

/// The moment in the first of `members` that is there: `["validFrom", "issuanceDate"]`.
pub fn moment(object: &Value, members: &[&str]) -> Option<Moment> {
    let value = members.iter().find_map(|member| first(object, member))?;
    let text = value.as_str().or_else(|| value.get("@value").and_then(Value::as_str));
    Some(text.map_or(Moment::Unreadable, parse_moment))
}

fn parse_moment(text: &str) -> Moment {
    // The year 10000 and beyond cannot be compared as people read it; leap seconds are read by chrono.
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Moment::At(at.with_timezone(&Utc));
    }
    NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f")
        .map_or(Moment::Unreadable, |at| Moment::Floating(at.and_utc()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn texts_are_found_in_every_spelling() {
        #[track_caller]
        fn check(value: Value, expected: Option<&str>) {
            assert_eq!(text(&json!({ "name": value }), "name"), expected);
        }
        check(json!("Teamwork"), Some("Teamwork"));
        check(json!(["Teamwork", "Other"]), Some("Teamwork"));
        check(json!({"de": "Zusammenarbeit", "en": "Teamwork"}), Some("Teamwork"));
        check(json!({"de": "Zusammenarbeit"}), Some("Zusammenarbeit"));
        check(json!({"@value": "Teamwork", "@language": "en"}), Some("Teamwork"));
        check(json!(null), None);
        check(json!(7), None);
        check(json!([]), None);
        check(json!({}), None);
    }

    #[test]
    fn moments_are_found_in_both_generations() {
        #[track_caller]
        fn check(object: Value, expected: Option<Moment>) {
            assert_eq!(moment(&object, &["validFrom", "issuanceDate"]), expected);
        }
        let at: DateTime<Utc> = "2024-01-01T12:00:00Z".parse().unwrap();
        check(json!({"validFrom": "2024-01-01T12:00:00Z"}), Some(Moment::At(at)));
        check(json!({"issuanceDate": "2024-01-01T13:00:00+01:00"}), Some(Moment::At(at)));
        check(json!({"validFrom": "2024-01-01T12:00:00"}), Some(Moment::Floating(at)));
        check(json!({"validFrom": "yesterday"}), Some(Moment::Unreadable));
        check(json!({"validFrom": 12}), Some(Moment::Unreadable));
        check(json!({}), None);
    }

    #[test]
    fn issuers_are_strings_or_objects() {
        assert_eq!(id_of(&json!({"issuer": "did:key:z"}), "issuer"), Some("did:key:z"));
        assert_eq!(id_of(&json!({"issuer": {"id": "did:key:z"}}), "issuer"), Some("did:key:z"));
        assert_eq!(id_of(&json!({"issuer": {"name": "x"}}), "issuer"), None);
    }
}
