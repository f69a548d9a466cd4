//! Texts with a form of their own: dates, languages, tokens, addresses of contexts.

use chrono::{DateTime, NaiveDate, NaiveDateTime};

/// How well a text says when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Written {
    Well,
    /// A date and time, but of which time zone?
    Floating,
    /// Readable, but not as the standard writes it.
    Loosely,
    Not,
}

/// A date with time and time zone: `2026-05-04T09:30:00Z`.
pub(super) fn moment(text: &str) -> Written {
    if DateTime::parse_from_rfc3339(text).is_ok() {
        return if text.bytes().any(|c| matches!(c, b't' | b'z' | b' ')) || leaps(text) {
            Written::Loosely
        } else {
            Written::Well
        };
    }
    let floating = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f").is_ok();
    if floating { Written::Floating } else { Written::Not }
}

/// Names a second that most clocks do not have.
fn leaps(text: &str) -> bool {
    text.get(17..19) == Some("60")
}

/// A date without a time: `1990-12-31`.
pub(super) fn day(text: &str) -> bool {
    text.len() == 10
        && text.bytes().all(|c| c.is_ascii_digit() || c == b'-')
        && NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok()
}

/// A language tag, of language, script and region: `en`, `de-AT`, `zh-Hant-TW`.
pub(super) fn language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let lower = |part: &str| part.bytes().all(|c| c.is_ascii_lowercase());
    let is_language = parts.next().is_some_and(|part| (2..=4).contains(&part.len()) && lower(part));
    let mut rest = parts.peekable();
    rest.next_if(|part| {
        part.len() == 4
            && part.as_bytes()[0].is_ascii_uppercase()
            && part.bytes().skip(1).all(|c| c.is_ascii_lowercase())
    });
    rest.next_if(|part| {
        part.len() == 2 && part.bytes().all(|c| c.is_ascii_uppercase())
            || part.len() == 3 && part.bytes().all(|c| c.is_ascii_digit())
    });
    is_language && rest.next().is_none()
}

/// A compact JWS: three parts of base64url, of which the second may lie elsewhere.
pub(super) fn token(text: &str) -> bool {
    let sound = |part: &str| part.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'_' | b'-'));
    let parts: Vec<&str> = text.splitn(4, '.').collect();
    matches!(parts[..], [head, body, tail] if !head.is_empty() && !tail.is_empty() && [head, body, tail].map(sound) == [true; 3])
}

/// The address of a context of Open Badges 3.0, of whatever version.
pub(super) fn badge_context(address: &str) -> bool {
    let version = address
        .strip_prefix("https://purl.imsglobal.org/spec/ob/v3p0/context")
        .and_then(|rest| rest.strip_suffix(".json"));
    version.is_some_and(|version| match version.as_bytes() {
        [] => true,
        [b'-', b'3', b'.', minor, b'.', patch] => minor.is_ascii_digit() && patch.is_ascii_digit(),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_have_a_time_and_a_time_zone() {
        #[track_caller]
        fn check(text: &str, expected: Written) {
            assert_eq!(moment(text), expected, "{text}");
        }
        check("2026-05-04T09:30:00Z", Written::Well);
        check("2026-05-04T09:30:00.123456+05:30", Written::Well);
        check("2026-05-04t09:30:00z", Written::Loosely);
        check("2026-05-04 09:30:00Z", Written::Loosely);
        check("2016-12-31T23:59:60Z", Written::Loosely);
        check("2026-05-04T09:30:00", Written::Floating);
        check("2026-05-04", Written::Not);
        check("2026-02-30T09:30:00Z", Written::Not);
        check("", Written::Not);
        assert!(day("1990-12-31"));
        for other in ["1990-1-31", "1990-02-30", "+990-12-31", "1990-12-31Z", ""] {
            assert!(!day(other), "{other}");
        }
    }

    #[test]
    fn other_texts_have_the_form_of_the_schema() {
        #[track_caller]
        fn check(form: fn(&str) -> bool, sound: &[&str], unsound: &[&str]) {
            for text in sound {
                assert!(form(text), "{text}");
            }
            for text in unsound {
                assert!(!form(text), "{text}");
            }
        }
        check(
            language,
            &["en", "de-AT", "zh-Hant", "zh-Hant-TW", "es-419", "deu"],
            &["", "e", "EN", "en-us", "en-AT-Hant", "zh-Hant-TW-x", "en-", "english", "\u{e9}n", "zh-H\u{e9}nt"],
        );
        check(token, &["a.b.c", "a..c", "e-_0.e.9"], &["", "a.b", "a.b.c.d", ".b.c", "a.b.", "a.b.c=", "a b.c.d"]);
        check(
            badge_context,
            &[
                "https://purl.imsglobal.org/spec/ob/v3p0/context.json",
                "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
            ],
            &[
                "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.json",
                "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.10.json",
                "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
                "http://purl.imsglobal.org/spec/ob/v3p0/context.json",
            ],
        );
    }
}
