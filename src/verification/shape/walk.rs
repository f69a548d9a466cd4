//! The one walk over a document: each object against the table of its class. Every value is looked at once.

use std::fmt::{self, Write as _};

use serde_json::{Map, Value};

use super::class::{Class, Generation, Kind, Member, Typing};
use super::profile::PROFILE;
use super::text::{self, Written};
use super::{DEEPEST, Flaw, MOST, Weight, credential};
use crate::verification::summary::clean;

/// The most characters of a path that are told; the names in it may be a stranger's.
const LONGEST_PATH: usize = 200;

const PLAIN_TEXT: &str = "write a plain text in quotes";
const LEAVE_OUT: &str = "leave it out";

pub(super) struct Walk {
    generation: Generation,
    path: String,
    depth: usize,
    /// Within an endorsement.
    endorsed: bool,
    flaws: Vec<Flaw>,
}

impl Walk {
    pub(super) fn new(generation: Generation) -> Walk {
        Walk { generation, path: String::new(), depth: 0, endorsed: false, flaws: Vec::new() }
    }

    pub(super) fn document(&mut self, class: &'static Class, document: &Value) {
        self.value(Kind::Object(class), document, Weight::Required);
    }

    pub(super) fn finish(mut self) -> Vec<Flaw> {
        self.flaws.sort_by_key(|flaw| flaw.weight);
        self.flaws.truncate(MOST);
        self.flaws
    }

    fn object(&mut self, class: &'static Class, object: &Map<String, Value>) {
        self.class_name(class, object.get("type"));
        for member in class.members() {
            let value = object.get(member.name);
            if value.is_some() || member.required.is_some() {
                self.within(format_args!(".{}", member.name), |walk| walk.member(member, value));
            }
        }
        if let Some((words, fix)) = class.rule.and_then(|rule| rule(object)) {
            self.flaw(Weight::Odd, words, fix);
        }
        for (name, value) in object.iter().filter(|(name, _)| !class.defines(name)) {
            self.within(format_args!(".{name}"), |walk| {
                if class.is_closed(walk.generation) {
                    walk.flaw(Weight::Odd, "is not a member that this object may have", LEAVE_OUT);
                } else if !name.starts_with('@') {
                    walk.unknown(value);
                }
            });
        }
    }

    /// The `type` of an object whose class has a name.
    fn class_name(&mut self, class: &Class, value: Option<&Value>) {
        let Some(name) = class.name() else { return };
        let single = matches!(class.typing, Typing::Single(_));
        let names = if let Typing::Credential(names) = class.typing { names } else { &[name] };
        let entries = match value {
            None | Some(Value::Null) => &[],
            Some(Value::Array(entries)) => entries.as_slice(),
            Some(one) => std::slice::from_ref(one),
        };
        let contains = |name: &str| entries.iter().any(|entry| entry.as_str() == Some(name));
        let is_list = value.is_some_and(Value::is_array);
        let flaw = if entries.is_empty() {
            Some((Weight::Required, "is missing".to_owned()))
        } else if !names.iter().any(|name| contains(name)) {
            Some((Weight::Required, format!("does not name {name}")))
        } else if matches!(class.typing, Typing::Credential(_)) && !contains("VerifiableCredential") {
            Some((Weight::Odd, "does not name VerifiableCredential".to_owned()))
        } else if entries.iter().any(|entry| !entry.is_string()) {
            Some((Weight::Odd, "names something that is not a text".to_owned()))
        } else if single && is_list {
            Some((Weight::Odd, "is a list".to_owned()))
        } else {
            (!single && !is_list).then(|| (Weight::Odd, "is a single value".to_owned()))
        };
        if let Some((weight, words)) = flaw {
            let fix = match class.typing {
                Typing::Credential(_) => format!("write [\"VerifiableCredential\", \"{name}\"]"),
                _ if single => format!("write \"{name}\""),
                _ => format!("write [\"{name}\"]"),
            };
            self.within(format_args!(".type"), |walk| walk.flaw(weight, words, fix));
        }
    }

    /// A member that is there, or is required and not there.
    fn member(&mut self, member: &Member, value: Option<&Value>) {
        let weight = if member.required.is_some() { Weight::Required } else { Weight::Odd };
        let fix = member.required.unwrap_or(LEAVE_OUT);
        match value {
            None => self.flaw(weight, "is missing", fix),
            Some(Value::Null) => self.flaw(weight, "is null", fix),
            Some(value) if matches!(member.kind, Kind::Context) => self.contexts(value),
            Some(Value::Array(values)) => match values.as_slice() {
                [] => self.flaw(weight, "is an empty list", fix),
                values if member.many => {
                    for (n, value) in values.iter().enumerate() {
                        self.within(format_args!("[{n}]"), |walk| walk.value(member.kind, value, weight));
                    }
                }
                [one] => {
                    self.flaw(Weight::Odd, "is a list", "write its one value without a list");
                    self.value(member.kind, one, weight);
                }
                more => {
                    self.flaw(weight, format!("has {} values", more.len()), "write one value alone");
                }
            },
            Some(one) => {
                if member.many {
                    self.flaw(Weight::Odd, "is a single value", "write a list, also of one value");
                }
                self.value(member.kind, one, weight);
            }
        }
    }

    /// One value; `weight` is that of its being of the wrong kind.
    fn value(&mut self, kind: Kind, value: &Value, weight: Weight) {
        match kind {
            Kind::Object(class) => match value {
                Value::Object(_) if self.depth == DEEPEST => {
                    self.flaw(Weight::Required, "lies too deep to be looked at", "put fewer objects into one another");
                }
                Value::Object(object) => {
                    self.depth += 1;
                    self.object(class, object);
                    self.depth -= 1;
                }
                other => {
                    let fix = class
                        .name()
                        .map_or("write an object".to_owned(), |name| format!("write an object of type {name}"));
                    self.flaw(weight, format!("is {}, not an object", called(other)), fix);
                }
            },
            Kind::Endorsement => {
                let outer = std::mem::replace(&mut self.endorsed, true);
                self.value(Kind::Object(credential::endorsement(self.generation)), value, weight);
                self.endorsed = outer;
            }
            Kind::Issuer if value.is_string() => {
                let fix = "write an object with the id, type [\"Profile\"] and name of the issuer";
                self.flaw(Weight::Odd, "does not describe the issuer", fix);
            }
            Kind::Issuer => self.value(Kind::Object(&PROFILE), value, weight),
            Kind::Number if !value.is_number() => {
                self.flaw(weight, format!("is {}, not a number", called(value)), "write a number without quotes");
            }
            Kind::Flag if !value.is_boolean() => {
                self.flaw(weight, format!("is {}", called(value)), "write true or false, without quotes");
            }
            Kind::Number | Kind::Flag | Kind::Context => {}
            _ => {
                if let Some(text) = self.text(kind, value, weight) {
                    self.form(kind, text, weight);
                }
            }
        }
    }

    /// What the text of a value is, however it is written.
    fn text<'v>(&mut self, kind: Kind, value: &'v Value, weight: Weight) -> Option<&'v str> {
        if let Value::String(text) = value {
            return Some(text);
        }
        if let Some(Value::String(text)) = value.get("@value") {
            self.flaw(Weight::Odd, "is an object with the text in it", PLAIN_TEXT);
            return Some(text);
        }
        let by_language = value.as_object().is_some_and(|map| !map.is_empty() && map.values().all(Value::is_string));
        if by_language && matches!(kind, Kind::Text | Kind::Language | Kind::Token) {
            self.flaw(Weight::Odd, "is an object with texts by language", PLAIN_TEXT);
        } else {
            self.flaw(weight, format!("is {}, not a text", called(value)), PLAIN_TEXT);
        }
        None
    }

    /// Texts with a form of their own. Only a date that cannot be read at all is as grave as one that is missing.
    fn form(&mut self, kind: Kind, text: &str, weight: Weight) {
        let date = "write a date with time and time zone, like \"2026-05-04T09:30:00Z\"";
        match kind {
            Kind::Moment => match text::moment(text) {
                Written::Well => {}
                Written::Floating => self.flaw(Weight::Odd, "has no time zone and is read as UTC", date),
                Written::Loosely => self.flaw(Weight::Odd, "is written in an unusual way", date),
                Written::Not => self.flaw(weight, "is not a date with time and time zone", date),
            },
            Kind::Day if !text::day(text) => self.flaw(weight, "is not a date", "write a date like \"1990-12-31\""),
            Kind::Language if !text::language(text) => {
                self.flaw(Weight::Odd, "is not a language", "write a language tag like \"en\" or \"de-AT\"");
            }
            Kind::Token if !text::token(text) => {
                self.flaw(Weight::Odd, "is not a signed token", "write a compact JWS of three parts");
            }
            Kind::Word(vocabulary) if !vocabulary.knows(text) => {
                self.flaw(Weight::Odd, "is not a word that the standard knows", vocabulary.fix());
            }
            _ => {}
        }
    }

    /// The contexts; what they define is not for here.
    fn contexts(&mut self, value: &Value) {
        let first = self.generation.context();
        let fix = format!("begin with \"{first}\", then the context of Open Badges 3.0");
        let Value::Array(contexts) = value else {
            let grave = !matches!(value, Value::String(_) | Value::Object(_));
            let weight = if grave { Weight::Required } else { Weight::Odd };
            return self.flaw(weight, format!("is {}, not a list", called(value)), fix);
        };
        let mut words = contexts.iter().map(Value::as_str);
        match (words.next(), words.next()) {
            (None, _) => return self.flaw(Weight::Required, "is an empty list", fix),
            (Some(word), _) if word != Some(first) => {
                self.flaw(Weight::Odd, "does not begin with the context of verifiable credentials", fix);
            }
            (_, Some(Some(word))) if text::badge_context(word) => {}
            _ => self.flaw(Weight::Odd, "does not have the context of Open Badges 3.0 in second place", fix),
        }
        for (n, other) in contexts.iter().enumerate().skip(2).filter(|(_, one)| !one.is_string() && !one.is_object()) {
            let words = format!("is {}, not a context", called(other));
            self.within(format_args!("[{n}]"), |walk| walk.flaw(Weight::Odd, words, LEAVE_OUT));
        }
    }

    /// What no table knows: only what the specification forbids everywhere. Reading the JSON bounded the depth.
    fn unknown(&mut self, value: &Value) {
        match value {
            Value::Null => self.flaw(Weight::Odd, "is null", LEAVE_OUT),
            Value::Array(values) if values.is_empty() => self.flaw(Weight::Odd, "is an empty list", LEAVE_OUT),
            Value::Array(values) => {
                for (n, value) in values.iter().enumerate() {
                    self.within(format_args!("[{n}]"), |walk| walk.unknown(value));
                }
            }
            Value::Object(members) => {
                for (name, value) in members.iter().filter(|(name, _)| !name.starts_with('@')) {
                    self.within(format_args!(".{name}"), |walk| walk.unknown(value));
                }
            }
            _ => {}
        }
    }

    fn within(&mut self, step: fmt::Arguments<'_>, look: impl FnOnce(&mut Walk)) {
        let length = self.path.len();
        // Writing to a text cannot fail.
        let _ = self.path.write_fmt(step);
        look(self);
        self.path.truncate(length);
    }

    /// Notes a flaw of where the walk is. Those that do not count must not crowd out those that do.
    fn flaw(&mut self, weight: Weight, words: impl Into<String>, fix: impl Into<String>) {
        let weight = if self.endorsed { Weight::Odd } else { weight };
        if self.flaws.iter().filter(|flaw| flaw.weight == weight).count() < MOST {
            let path = clean(self.path.trim_start_matches('.'), LONGEST_PATH);
            self.flaws.push(Flaw { path, words: words.into(), fix: fix.into(), weight });
        }
    }
}

/// What a value is, in words.
fn called(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
