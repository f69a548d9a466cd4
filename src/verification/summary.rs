//! What a credential claims, made fit to be shown.

use serde_json::Value;

use super::own::OwnAward;
use super::report::Summary;
use crate::issuance::TEST_MARK;
use crate::openbadges::reading::{Moment, first, many, moment, text};

/// The most characters of a stranger's text that are shown.
const SHOWN: usize = 300;

pub(super) fn summary(document: &Value, own: Option<&OwnAward>) -> Summary {
    let nothing = Value::Null;
    let subject = first(document, "credentialSubject").unwrap_or(&nothing);
    let achievement = first(subject, "achievement").unwrap_or(&nothing);
    let issuer = first(document, "issuer").unwrap_or(&nothing);
    let at = |members: &[&str]| moment(document, members).and_then(Moment::at);
    let name = text(document, "name").or_else(|| text(achievement, "name")).and_then(shown);
    let achievement = text(achievement, "name").and_then(shown);
    let marked = |name: &Option<String>| name.as_ref().is_some_and(|n| n.starts_with(TEST_MARK));
    Summary {
        id: document.get("id").and_then(Value::as_str).and_then(shown),
        award: own.map(|own| own.award.to_string()),
        version: own.and_then(|own| own.copy.version()).map(|version| version.0),
        holder: holder(subject),
        issuer_name: text(issuer, "name").and_then(shown),
        valid_from: at(&["validFrom", "issuanceDate"]),
        valid_until: at(&["validUntil", "expirationDate"]),
        awarded_at: at(&["awardedDate"]),
        test: marked(&name) || marked(&achievement),
        name,
        achievement,
    }
}

/// The holder's name, where it is written in plain.
fn holder(subject: &Value) -> Option<String> {
    let plain = |identity: &&Value| {
        identity.get("identityType").and_then(Value::as_str) == Some("name")
            && identity.get("hashed").and_then(Value::as_bool) == Some(false)
    };
    let named = many(subject, "identifier").iter().take(32).find(plain);
    named.and_then(|identity| text(identity, "identityHash")).or_else(|| text(subject, "name")).and_then(shown)
}

/// A summary that somebody else made, each text of it fit to be shown.
pub(super) fn fit(summary: Summary) -> Summary {
    let fit = |text: Option<String>| text.as_deref().and_then(shown);
    Summary {
        id: fit(summary.id),
        award: fit(summary.award),
        name: fit(summary.name),
        holder: fit(summary.holder),
        achievement: fit(summary.achievement),
        issuer_name: fit(summary.issuer_name),
        ..summary
    }
}

/// Fit to be shown, and not longer than a sentence can bear.
pub(super) fn shown(text: &str) -> Option<String> {
    let clean = clean(text, SHOWN);
    (!clean.is_empty()).then_some(clean)
}

/// Without what is invisible or turns text around, cut to `most` characters.
pub(super) fn clean(text: &str, most: usize) -> String {
    if text.len() <= most && text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return text.trim().to_owned();
    }
    let turns = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let visible = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    let mut clean: String = visible.filter(|c| !turns(*c) && *c != '\u{feff}').take(most + 1).collect();
    if clean.chars().count() > most {
        clean.pop();
        clean.push('\u{2026}');
    }
    clean.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_names_are_made_fit_to_be_shown() {
        assert_eq!(shown("Ana\u{202e}sepoL\n ").as_deref(), Some("AnasepoL"));
        assert_eq!(shown(&"x".repeat(1000)).map(|s| s.chars().count()), Some(SHOWN + 1), "and a sign that it was cut");
        assert_eq!(shown(" \u{feff}\t"), None);
    }
}
