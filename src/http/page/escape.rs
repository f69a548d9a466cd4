//! [`Plain`]: how every text gets into a page.

use std::fmt::{self, Write};

use askama::filters::{Escaper, Html};

/// Escapes for HTML, and leaves out what would make a text look other than it is: control characters and characters
/// that turn the direction of what follows. Templates ending in `.html` use it (`askama.toml`).
#[derive(Debug, Clone, Copy, Default)]
pub struct Plain;

impl Escaper for Plain {
    fn write_escaped_str<W: Write>(&self, mut dest: W, string: &str) -> fmt::Result {
        for part in string.split(is_deceptive) {
            Html.write_escaped_str(&mut dest, part)?;
        }
        Ok(())
    }

    fn write_escaped_char<W: Write>(&self, dest: W, c: char) -> fmt::Result {
        if is_deceptive(c) { Ok(()) } else { Html.write_escaped_char(dest, c) }
    }
}

/// The text without those characters, not escaped: for what is written in another way (JSON, links).
pub(super) fn plain(text: &str) -> String {
    text.replace(is_deceptive, "")
}

fn is_deceptive(c: char) -> bool {
    let bidi = matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' | '\u{061C}');
    let invisible = matches!(c, '\u{2028}' | '\u{2029}' | '\u{FEFF}');
    bidi || invisible || (c.is_control() && !matches!(c, '\n' | '\t'))
}

/// An address that may stand in an `href`: http, https or mailto. Anything else (`javascript:` above all) is none.
pub(super) fn link(address: &str) -> Option<String> {
    let scheme = address.split(':').next().unwrap_or_default().to_ascii_lowercase();
    let known = address.contains(':') && matches!(scheme.as_str(), "http" | "https" | "mailto");
    known.then(|| plain(address))
}

/// JSON for a `<script type="application/ld+json">`: nothing in it can end the element.
pub(super) fn script_json(value: &serde_json::Value) -> String {
    plain(&value.to_string()).replace('<', "\\u003c")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let mut out = String::new();
        Plain.write_escaped_str(&mut out, text).unwrap();
        assert_eq!(out, expected);
        let mut by_char = String::new();
        text.chars().for_each(|c| Plain.write_escaped_char(&mut by_char, c).unwrap());
        assert_eq!(by_char, expected);
    }

    #[test]
    fn texts_arrive_as_text() {
        check("Ana Lopes", "Ana Lopes");
        check("</script><script>", "&#60;/script&#62;&#60;script&#62;");
        check("\"'&", "&#34;&#39;&#38;");
        check("ab\u{202e}cd\u{2066}\u{0}\u{1b}e", "abcde");
        check("日本語 العربية 🎓", "日本語 العربية 🎓");
    }

    #[test]
    fn only_links_of_the_web_and_mail_are_links() {
        assert_eq!(link("https://a.example/?a=1").as_deref(), Some("https://a.example/?a=1"));
        assert_eq!(link("mailto:a@b.example").as_deref(), Some("mailto:a@b.example"));
        assert_eq!(link("HTTPS://A.EXAMPLE").as_deref(), Some("HTTPS://A.EXAMPLE"));
        for bad in ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", " https://x", "//x", "x", ""] {
            assert_eq!(link(bad), None, "{bad}");
        }
    }

    #[test]
    fn json_cannot_end_its_element() {
        let json = script_json(&serde_json::json!({"name": "</script><!--\u{202e}"}));
        assert_eq!(json, r#"{"name":"\u003c/script>\u003c!--"}"#);
    }
}
