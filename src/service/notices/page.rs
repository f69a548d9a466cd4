//! How a letter looks: as HTML that old mail programs draw, and as plain text.

use askama::Template;

use crate::words::mails::MailWords;

/// Where plain text is wrapped.
const WIDTH: usize = 74;

/// One letter, ready to be written out.
#[derive(Template)]
#[template(path = "mails/letter.mail")]
pub(super) struct LetterPage<'a> {
    pub(super) words: &'static MailWords,
    pub(super) subject: &'a str,
    /// What a list of letters shows beside the subject.
    pub(super) preview: String,
    pub(super) vendor: &'a str,
    /// Several matters under one heading.
    pub(super) digest: bool,
    pub(super) heading: &'a str,
    pub(super) greeting: Option<String>,
    pub(super) sections: Vec<Section>,
    /// The address behind the button, where it stands nowhere else.
    pub(super) copy: Option<String>,
    pub(super) why: String,
    pub(super) unsubscribe: Option<String>,
    pub(super) privacy: Option<String>,
}

/// One matter.
pub(super) struct Section {
    pub(super) heading: String,
    pub(super) paragraphs: Vec<Paragraph>,
    pub(super) picture: Option<Picture>,
    pub(super) button: Option<Button>,
    pub(super) facts: Vec<Fact>,
}

pub(super) struct Picture {
    pub(super) src: String,
    /// Where it leads.
    pub(super) href: String,
    pub(super) alt: String,
}

pub(super) struct Button {
    pub(super) label: String,
    pub(super) href: String,
}

pub(super) struct Fact {
    pub(super) label: &'static str,
    pub(super) value: String,
    pub(super) href: Option<String>,
}

/// Text in which addresses can be followed and lines end where they ended.
pub(super) struct Paragraph(pub(super) String);

/// A piece of a paragraph.
#[derive(Debug, PartialEq, Eq)]
enum Run<'a> {
    Text(&'a str),
    Link(&'a str),
    Break,
}

impl Paragraph {
    fn runs(&self) -> Vec<Run<'_>> {
        let mut runs = Vec::new();
        for (n, line) in self.0.split('\n').enumerate() {
            if n > 0 {
                runs.push(Run::Break);
            }
            let mut rest = line;
            while let Some(at) = address_in(rest) {
                let end = rest[at..].find(char::is_whitespace).map_or(rest.len(), |length| at + length);
                runs.push(Run::Text(&rest[..at]));
                runs.push(Run::Link(&rest[at..end]));
                rest = &rest[end..];
            }
            runs.push(Run::Text(rest));
        }
        runs.retain(|run| *run != Run::Text(""));
        runs
    }
}

/// Where an address begins that stands by itself.
fn address_in(text: &str) -> Option<usize> {
    let found = ["https://", "http://"].iter().filter_map(|scheme| text.find(scheme)).min()?;
    let alone = text[..found].chars().next_back().is_none_or(char::is_whitespace);
    alone.then_some(found)
}

impl LetterPage<'_> {
    /// The same for who reads plain text.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        let mut block = |content: &str| {
            text.push_str(&wrapped(content));
            text.push_str("\n\n");
        };
        if let Some(greeting) = &self.greeting {
            block(greeting);
        }
        if self.digest {
            block(self.heading);
        }
        for section in &self.sections {
            if self.digest || self.greeting.is_none() {
                let mark = if self.digest { "* " } else { "" };
                block(&format!("{mark}{}", section.heading));
            }
            for paragraph in &section.paragraphs {
                block(&paragraph.0);
            }
            if let Some(button) = &section.button {
                block(&format!("{}:\n{}", button.label, button.href));
            }
            let facts: Vec<String> =
                section.facts.iter().map(|fact| format!("{}: {}", fact.label, fact.value)).collect();
            if !facts.is_empty() {
                block(&facts.join("\n"));
            }
        }
        block(&(self.words.regards)(self.vendor));
        let mut foot = self.why.clone();
        if let Some(href) = &self.unsubscribe {
            foot.extend(["\n", self.words.unsubscribe, ": ", href.as_str()]);
        }
        if let Some(href) = &self.privacy {
            foot.extend(["\n", self.words.privacy, ": ", href.as_str()]);
        }
        // The line that mail programs know a signature by.
        text.push_str("-- \n");
        text.push_str(&wrapped(&foot));
        text.push('\n');
        text
    }
}

/// Lines of at most so many characters, broken at spaces; what has none, such as an address, stays whole.
fn wrapped(text: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in text.split('\n') {
        let (mut current, mut width) = (String::new(), 0);
        for word in line.split(' ') {
            let length = word.chars().count();
            if width > 0 && width + 1 + length > WIDTH {
                lines.push(std::mem::take(&mut current));
                width = 0;
            }
            if width > 0 {
                current.push(' ');
                width += 1;
            }
            current.push_str(word);
            width += length;
        }
        lines.push(current);
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[Run<'_>]) {
        assert_eq!(Paragraph(text.to_owned()).runs(), expected, "{text}");
    }

    #[test]
    fn addresses_that_stand_alone_are_links() {
        use Run::{Break, Link, Text};
        check("Nothing here.", &[Text("Nothing here.")]);
        check("Day: https://a.example/c/1.ics", &[Text("Day: "), Link("https://a.example/c/1.ics")]);
        check("https://a.example then", &[Link("https://a.example"), Text(" then")]);
        check("a\nb", &[Text("a"), Break, Text("b")]);
        check("xhttps://a.example", &[Text("xhttps://a.example")]);
        check("javascript:alert(1)", &[Text("javascript:alert(1)")]);
        check("", &[]);
    }

    #[test]
    fn plain_text_is_wrapped_and_addresses_stay_whole() {
        let address = format!("https://badges.example/{}", "x".repeat(100));
        let text = wrapped(&format!("{} {address}\nend", "word ".repeat(40).trim()));
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH || line == address), "{text}");
        assert!(text.ends_with("\nend"), "{text}");
    }
}
