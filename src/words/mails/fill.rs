//! Placeholders in the texts of mails.

use std::collections::BTreeMap;

/// What may stand between braces, and what it stands for. One of what holds only sometimes (`{rights_stop}`) is empty, and
/// keeps its paragraph only then.
pub const PLACEHOLDERS: &[&str] = &[
    "address",
    "appeal",
    "asked",
    "calendar",
    "certification",
    "code",
    "count",
    "cutoff",
    "due",
    "ends_later",
    "expired",
    "failing",
    "first",
    "full",
    "gone",
    "grace_until",
    "host",
    "id",
    "late",
    "link",
    "name",
    "number",
    "page",
    "reason",
    "recertification",
    "rejected",
    "remedy",
    "remedy_until",
    "renewal",
    "rights_stop",
    "since",
    "still_valid",
    "streamlined_until",
    "text",
    "unsubscribe",
    "until",
    "upheld",
    "upkeep",
    "vendor",
    "webhook",
    "what",
    "when",
    "window_from",
];

/// What the placeholders of one letter stand for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Values(BTreeMap<&'static str, String>);

impl Values {
    /// With one more value; `None` leaves paragraphs that need it out.
    pub fn set(&mut self, placeholder: &'static str, value: Option<String>) {
        debug_assert!(PLACEHOLDERS.contains(&placeholder), "{placeholder} is unknown");
        match value {
            Some(value) => self.0.insert(placeholder, value),
            None => self.0.remove(placeholder),
        };
    }

    /// Marks that something holds.
    pub fn holds(&mut self, placeholder: &'static str, holds: bool) {
        self.set(placeholder, holds.then(String::new));
    }

    /// What it stands for.
    pub fn get(&self, placeholder: &str) -> Option<&str> {
        self.0.get(placeholder).map(String::as_str)
    }
}

/// The text with its placeholders replaced; `None` if one of them stands for nothing here. A value is put in as it is: what
/// looks like a placeholder in it stays.
pub fn fill(text: &str, values: &Values) -> Option<String> {
    fill_with(text, |name| values.get(name).map(str::to_owned))
}

pub(super) fn fill_with(text: &str, value: impl Fn(&str) -> Option<String>) -> Option<String> {
    let mut filled = String::with_capacity(text.len() + 40);
    let mut rest = text;
    while let Some(at) = rest.find('{') {
        filled.push_str(&rest[..at]);
        let (name, after) = rest[at + 1..].split_once('}')?;
        filled.push_str(&value(name)?);
        rest = after;
    }
    filled.push_str(rest);
    Some(filled.trim_start().to_owned())
}

/// What is wrong with the placeholders of a text, if anything.
pub fn flaw_of_template(text: &str) -> Option<String> {
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        if rest[at..].starts_with('}') {
            return Some("has a closing brace without an opening one".to_owned());
        }
        let Some((name, after)) = rest[at + 1..].split_once('}') else {
            return Some("has an opening brace without a closing one".to_owned());
        };
        if !PLACEHOLDERS.contains(&name) {
            let shown: String = name.chars().take(40).collect();
            return Some(format!("has the unknown placeholder {{{shown}}}; there are: {}", PLACEHOLDERS.join(", ")));
        }
        rest = after;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        let mut values = Values::default();
        values.set("name", Some("{until}".to_owned()));
        values.set("vendor", Some("Northwind".to_owned()));
        values.holds("rights_stop", true);
        values.holds("asked", false);
        assert_eq!(fill(text, &values).as_deref(), expected, "{text}");
    }

    #[test]
    fn a_paragraph_is_filled_or_left_out() {
        check("Hello", Some("Hello"));
        check("{vendor} and {vendor}", Some("Northwind and Northwind"));
        check("{rights_stop} Rights stop.", Some("Rights stop."));
        check("{asked} As asked.", None);
        check("Until {until}", None);
        check("Dear {name}", Some("Dear {until}"));
        check("{", None);
    }

    #[track_caller]
    fn check_flaw(text: &str, expected: Option<&str>) {
        let flaw = flaw_of_template(text);
        assert_eq!(flaw.as_deref().map(|f| f.split(';').next().unwrap()), expected, "{text}");
    }

    #[test]
    fn unknown_placeholders_are_found() {
        check_flaw("Dear {name}, {certification}", None);
        check_flaw("", None);
        check_flaw("Dear {nmae}", Some("has the unknown placeholder {nmae}"));
        check_flaw("Dear {name", Some("has an opening brace without a closing one"));
        check_flaw("Dear name}", Some("has a closing brace without an opening one"));
        check_flaw("{{name}}", Some("has the unknown placeholder {{name}"));
        check_flaw("{}", Some("has the unknown placeholder {}"));
    }
}
