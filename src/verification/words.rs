//! The sentences of a report, in English.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::summary::shown;
use crate::rules::Reason;

pub(super) const DOES_NOT_FIT: &str =
    "The signature does not fit this content: it was changed, or signed with another key. Do not rely on it.";

pub(super) const NOT_FOUND: &str = "No public record under this number: mistyped, does not exist, or kept private by \
                                    its holder. Ask the holder.";

/// A day as people write it: 3 May 2028.
pub(super) fn day(at: DateTime<Utc>, zone: Tz) -> String {
    at.with_timezone(&zone).format("%-d %B %Y").to_string()
}

/// "The status list of badges.example did not answer at 10:02 UTC." What was not asked, or not there, was so at no
/// particular time.
pub(super) fn missed(what: &str, why: &str, now: DateTime<Utc>) -> String {
    if why.starts_with("was not ") {
        return format!("{what} {why}.");
    }
    format!("{what} {why} at {} UTC.", now.format("%H:%M"))
}

/// A moment as people write it: 3 May 2028 at 10:02 UTC.
pub(super) fn moment(at: DateTime<Utc>) -> String {
    at.format("%-d %B %Y at %H:%M UTC").to_string()
}

/// What comes before every headline about something of the test realm.
pub(super) fn marked(test: bool, headline: &str) -> String {
    if test { format!("TEST. {headline}") } else { headline.to_owned() }
}

/// "Valid. Ana Lopes holds Certified Sales Associate from Northwind until 3 May 2028."
pub(super) fn valid(holder: Option<&str>, achievement: &str, issuer: &str, until: Option<&str>) -> String {
    let until = until.map_or(String::new(), |day| format!(" until {day}"));
    match holder {
        Some(holder) => format!("Valid. {holder} holds {achievement} from {issuer}{until}."),
        None => format!("Valid. {achievement} from {issuer}{until}."),
    }
}

/// "Valid until 3 May 2028. This copy is from 4 May 2026; it was renewed."
pub(super) fn older_copy(until: Option<&str>, from: &str) -> String {
    match until {
        Some(day) => format!("Valid until {day}. This copy is from {from}; it was renewed."),
        None => format!("Valid. This copy is from {from}; it was renewed."),
    }
}

/// "Valid until 3 May 2028. This is an older copy, joined with the award 7K3Q-X9M2-TR4H-B6WD."
pub(super) fn joined_copy(until: Option<&str>, with: &str) -> String {
    let until = until.map_or(String::new(), |day| format!(" until {day}"));
    format!("Valid{until}. This is an older copy, joined with the award {with}.")
}

/// "Signed by the holder of badges.example, whom you have not listed. Everything else checks."
pub(super) fn unlisted(issuer: &str) -> String {
    format!("Signed by the holder of {}, whom you have not listed. Everything else checks.", host(issuer))
}

/// The operator relied on this issuer, but not at the time at which this was issued.
pub(super) fn listed_for_other_times(issuer: &str) -> String {
    format!(
        "Signed by the holder of {}, whom you have listed for other times only. Everything else checks.",
        host(issuer)
    )
}

/// What the holder of a badge that is shown in part may have left out: its end, its status; none if both are shown.
pub(super) fn unseen(end: bool, status: bool) -> Option<String> {
    let what = match (end, status) {
        (false, false) => return None,
        (true, false) => "whether it ended",
        (false, true) => "whether it was taken back",
        (true, true) => "whether it ended or was taken back",
    };
    Some(format!(
        "Could not be checked: it is shown in part; {what} cannot be seen. Ask its holder to show more of it."
    ))
}

pub(super) fn suspended(since: &str) -> String {
    format!(
        "Not valid at present, since {since}: the issuer is reviewing it. This is not a finding against the holder."
    )
}

pub(super) fn suspended_by_list() -> String {
    "Not valid at present: the issuer is reviewing it. This is not a finding against the holder.".to_owned()
}

pub(super) fn revoked(since: &str, reason: Option<Reason>) -> String {
    match reason {
        Some(reason) => format!("No longer valid since {since}: {}.", reason_words(reason)),
        None => format!("No longer valid since {since}: its issuer revoked it."),
    }
}

pub(super) fn revoked_by_list() -> String {
    "No longer valid: its issuer revoked it. The status list does not say since when.".to_owned()
}

pub(super) fn expired(on: &str, grace_until: Option<&str>, still_honoured_by: Option<&str>) -> String {
    let grace = grace_until.map_or(String::new(), |day| format!("; may be renewed until {day}"));
    let honoured = still_honoured_by.map_or(String::new(), |vendor| format!("; still honoured by {vendor}"));
    format!("Expired on {on}{grace}{honoured}.")
}

pub(super) fn not_yet_valid(from: &str) -> String {
    format!("Not valid before {from}.")
}

/// Of our own record: there was no such award at that moment.
pub(super) fn not_issued_yet(first: &str) -> String {
    format!("Not issued yet: it was first issued on {first}.")
}

pub(super) fn corrected(on: &str) -> String {
    format!("Replaced on {on}: details were corrected. This copy is no longer to be used; ask for the newer one.")
}

pub(super) fn reinstated(on: &str) -> String {
    format!("Replaced on {on}, when a suspension ended. This copy is no longer to be used; ask for the newer one.")
}

/// "Could not be checked: the status list of badges.example did not answer at 10:02 UTC. Try again, or ask the issuer."
pub(super) fn inconclusive(what: &str) -> String {
    format!("Could not be checked: {} Try again, or ask the issuer.", lower_first(what))
}

pub(super) fn malformed(why: &str) -> String {
    format!("This is not a badge that can be checked: {why}.")
}

fn reason_words(reason: Reason) -> &'static str {
    match reason {
        Reason::IssuedInError => "it was issued in error",
        Reason::RequirementsNotMet => "the requirements turned out not to be met",
        Reason::HolderRequest => "its holder asked for it",
        Reason::KeyCompromise => "the key that signed it can no longer be trusted",
        Reason::UnderReview => "results it rests on are being looked into",
        Reason::UpkeepMissed => "something due within its term was not shown",
        Reason::Other => "its issuer revoked it",
    }
}

/// Whom an identifier belongs to, as short as can be: a host, or the ends of a key.
pub(super) fn host(identifier: &str) -> String {
    let rest = identifier
        .strip_prefix("did:web:")
        .map(|rest| rest.split(':').next().unwrap_or(rest).replace("%3A", ":"))
        .or_else(|| {
            let rest = identifier.strip_prefix("https://").or_else(|| identifier.strip_prefix("http://"))?;
            rest.split(['/', '?', '#']).next().map(str::to_owned)
        });
    if let Some(host) = rest {
        return shown(&host).unwrap_or_else(|| "an unreadable address".to_owned());
    }
    let clean = shown(identifier).unwrap_or_default();
    let key: Vec<char> = clean.strip_prefix("did:key:").unwrap_or(&clean).chars().collect();
    let kind = if identifier.starts_with("did:key:") { "the key " } else { "" };
    if key.len() > 20 {
        let start: String = key[..8].iter().collect();
        let end: String = key[key.len() - 6..].iter().collect();
        return format!("{kind}{start}\u{2026}{end}");
    }
    format!("{kind}{}", key.iter().collect::<String>())
}

/// A sentence within a sentence.
pub(super) fn lower_first(sentence: &str) -> String {
    let mut chars = sentence.chars();
    match chars.next() {
        Some(c) => c.to_lowercase().chain(chars).collect(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_is_named_by_its_host_or_the_ends_of_its_key() {
        #[track_caller]
        fn check(identifier: &str, expected: &str) {
            assert_eq!(host(identifier), expected);
        }
        check("did:web:badges.example", "badges.example");
        check("did:web:badges.example%3A8443:issuers:7", "badges.example:8443");
        check("https://badges.example/issuers/7#key", "badges.example");
        check("did:key:z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi", "the key z6MkjZRZ\u{2026}bd5hwi");
        check("urn:x", "urn:x");
    }
}
