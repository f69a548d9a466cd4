//! The words of a picture.

use chrono::NaiveDate;

use super::fit::clean;
use super::{Face, FaceState};

/// `20 Nov 2026`: no reader takes the month for the day.
pub(super) fn date(day: NaiveDate) -> String {
    day.format("%-d %b %Y").to_string()
}

/// What the band of the live picture says; none on the badge as awarded.
pub(super) fn state(state: FaceState) -> Option<String> {
    match state {
        FaceState::Plain => None,
        FaceState::Valid { until: None } => Some("Valid".to_owned()),
        FaceState::Valid { until: Some(day) } => Some(format!("Valid until {}", date(day))),
        FaceState::Expired { on } => Some(format!("Expired {}", date(on))),
        FaceState::Suspended { since } => Some(format!("Suspended since {}", date(since))),
        FaceState::Revoked { since } => Some(format!("Revoked since {}", date(since))),
    }
}

/// The short text of a picture, for those who hear it.
pub(super) fn title(face: &Face) -> String {
    let mut text = String::from(if face.test { "TEST badge: " } else { "Badge: " });
    text.push_str(&clean(face.certification));
    if let Some(level) = face.level {
        text.push_str(", level ");
        text.push_str(&clean(level));
    }
    text.push_str(", issued by ");
    text.push_str(&clean(face.vendor));
    text
}

/// Everything else the picture says, in full.
pub(super) fn description(face: &Face) -> String {
    let mut parts = Vec::new();
    if face.award.is_some() {
        parts.extend(face.awarded.map(|day| format!("Awarded {}.", date(day))));
        parts.push(match face.until {
            Some(day) => format!("Valid until {}.", date(day)),
            None => "No expiry.".to_owned(),
        });
        parts.extend(face.award.map(|id| format!("Verification number {}.", id.grouped())));
    }
    parts.extend(state(face.state).map(|s| format!("{s}.")));
    if face.test {
        parts.push("Made for testing; it attests nothing.".to_owned());
    }
    parts.join(" ")
}

/// One or two characters that stand for the vendor when it has no logo.
pub(super) fn monogram(vendor: &str) -> String {
    use unicode_segmentation::UnicodeSegmentation as _;
    let vendor = clean(vendor);
    let first = |word: &str| word.graphemes(true).find(|g| g.chars().any(char::is_alphanumeric)).map(str::to_uppercase);
    let initials: Vec<String> = vendor.split(' ').filter_map(first).take(2).collect();
    if initials.is_empty() { vendor.graphemes(true).take(1).collect() } else { initials.concat() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(vendor: &str, expected: &str) {
        assert_eq!(monogram(vendor), expected, "{vendor}");
    }

    #[test]
    fn a_vendor_without_logo_has_initials() {
        check("Northwind", "N");
        check("Northwind Traders Inc", "NT");
        check("étoile (EU) GmbH", "ÉE");
        check("株式会社 山田", "株山");
        check("& Sons", "S");
        check("!!!", "!");
        check("", "");
    }
}
