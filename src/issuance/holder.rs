//! What of a name is shown.

use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

use crate::program::NameStyle;

/// The name as the style lets it be seen, in NFC; none if nothing of it may be.
pub fn shown_name(name: &str, style: NameStyle) -> Option<String> {
    let name: String = name.trim().nfc().collect();
    if name.is_empty() {
        return None;
    }
    match style {
        NameStyle::Full => Some(name),
        NameStyle::Initials => {
            let initials: Vec<String> = name
                .split_whitespace()
                .filter_map(|word| word.graphemes(true).find(|g| g.chars().any(char::is_alphanumeric)))
                .map(|letter| format!("{}.", letter.to_uppercase()))
                .collect();
            if initials.is_empty() { None } else { Some(initials.join(" ")) }
        }
        NameStyle::None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_style_decides_what_is_seen() {
        #[track_caller]
        fn check(name: &str, style: NameStyle, expected: Option<&str>) {
            assert_eq!(shown_name(name, style).as_deref(), expected);
        }
        check(" Ana Lopes ", NameStyle::Full, Some("Ana Lopes"));
        check("Jose\u{301} Nu\u{f1}ez", NameStyle::Full, Some("Jos\u{e9} Nu\u{f1}ez"));
        check("Ana Maria Lopes", NameStyle::Initials, Some("A. M. L."));
        check("\u{e9}milie d'Arc", NameStyle::Initials, Some("\u{c9}. D."));
        check("\u{674e} \u{660e}", NameStyle::Initials, Some("\u{674e}. \u{660e}."));
        check("(Bob) Ray", NameStyle::Initials, Some("B. R."));
        check("--", NameStyle::Initials, None);
        check("Ana Lopes", NameStyle::None, None);
        check("  ", NameStyle::Full, None);
    }
}
