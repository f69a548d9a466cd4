//! Own texts of a vendor: files of its `texts` folder that are said instead of ours.
//!
//! `mails/{language}/{kind}.txt`, or `{kind}.manager.txt` for what managers read: a line `Subject: …`, and below it
//! paragraphs with empty lines between; the first one is the heading if it begins with `# `. `{kind}.html` beside it is the
//! whole HTML part. Placeholders are the same as in our texts.

use std::collections::BTreeMap;

use super::fill::{Values, fill, fill_with, flaw_of_template};
use super::{Audience, MailKind, MailWords};

/// The most bytes of one text.
const LARGEST: usize = 32 * 1024;

/// A vendor's text for one kind of letter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OwnText {
    plain: Option<Plain>,
    html: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Plain {
    subject: String,
    heading: Option<String>,
    paragraphs: Vec<String>,
}

/// All texts of a vendor.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OwnTexts(BTreeMap<(&'static str, MailKind, Audience), OwnText>);

/// A file that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the text {file:?} {why}")]
pub struct OwnTextFlaw {
    /// Its name below the program file.
    pub file: String,
    /// What is wrong with it.
    pub why: String,
}

/// Whether a file of a program is a text and not a picture.
pub fn is_own_text(file: &str) -> bool {
    file.contains("/mails/")
}

impl OwnTexts {
    /// Takes in one file, named from the program file: `texts/mails/en/award.txt`.
    pub fn add(&mut self, file: &str, content: &[u8]) -> Result<(), OwnTextFlaw> {
        let flaw = |why: String| OwnTextFlaw { file: file.to_owned(), why };
        let (language, kind, audience, html) = place(file).map_err(&flaw)?;
        if content.len() > LARGEST {
            return Err(flaw(format!("has {} bytes; at most {LARGEST} are taken", content.len())));
        }
        let content = std::str::from_utf8(content).map_err(|_| flaw("is not UTF-8".to_owned()))?;
        let content = content.trim_start_matches('\u{feff}').replace("\r\n", "\n");
        if let Some(why) = flaw_of_template(&content) {
            return Err(flaw(why));
        }
        let text = self.0.entry((language, kind, audience)).or_default();
        if html {
            text.html = Some(content);
        } else {
            text.plain = Some(plain(&content).map_err(flaw)?);
        }
        Ok(())
    }

    /// The own text in this language for this kind of letter and reader.
    pub fn get(&self, words: &MailWords, kind: MailKind, audience: Audience) -> Option<&OwnText> {
        self.0.get(&(words.tag, kind, audience))
    }
}

impl OwnText {
    /// Subject, heading (the subject unless told) and paragraphs, filled.
    pub fn said(&self, values: &Values) -> Option<(String, String, Vec<String>)> {
        let plain = self.plain.as_ref()?;
        let subject = fill(&plain.subject, values)?;
        let heading = plain.heading.as_ref().and_then(|heading| fill(heading, values));
        let paragraphs = plain.paragraphs.iter().filter_map(|paragraph| fill(paragraph, values)).collect();
        Some((subject.clone(), heading.unwrap_or(subject), paragraphs))
    }

    /// The whole HTML part, filled; `escape` makes a value safe in it. What a value is missing for is left empty.
    pub fn html(&self, values: &Values, escape: impl Fn(&str) -> String) -> Option<String> {
        fill_with(self.html.as_ref()?, |name| Some(values.get(name).map(&escape).unwrap_or_default()))
    }
}

fn place(file: &str) -> Result<(&'static str, MailKind, Audience, bool), String> {
    let shape = || "must be mails/LANGUAGE/KIND.txt or .html".to_owned();
    let (_, rest) = file.split_once("/mails/").ok_or_else(shape)?;
    let (language, name) = rest.split_once('/').ok_or_else(shape)?;
    let words = MailWords::of(language).ok_or_else(|| format!("is in a language without words: {language}"))?;
    let (stem, html) = match name.rsplit_once('.') {
        Some((stem, "txt")) => (stem, false),
        Some((stem, "html")) => (stem, true),
        _ => return Err(shape()),
    };
    let (stem, audience) =
        stem.strip_suffix(".manager").map_or((stem, Audience::Person), |stem| (stem, Audience::Manager));
    let kind = MailKind::ALL.iter().copied().find(|kind| kind.as_str() == stem);
    let known = || MailKind::ALL.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(", ");
    let kind = kind.ok_or_else(|| format!("is for no letter of ours; there are: {}", known()))?;
    Ok((words.tag, kind, audience, html))
}

fn plain(content: &str) -> Result<Plain, String> {
    let (first, rest) = content.split_once('\n').unwrap_or((content, ""));
    let subject = first.strip_prefix("Subject:").map(str::trim).filter(|subject| !subject.is_empty());
    let subject = subject.ok_or_else(|| "must begin with a line Subject: …".to_owned())?;
    let mut blocks = rest.split("\n\n").map(str::trim).filter(|block| !block.is_empty()).peekable();
    let heading = blocks.next_if(|block| block.starts_with("# ")).map(|block| block[2..].trim().to_owned());
    let paragraphs: Vec<String> = blocks.map(|block| block.split('\n').collect::<Vec<_>>().join(" ")).collect();
    if paragraphs.is_empty() {
        return Err("has no paragraph below its subject".to_owned());
    }
    Ok(Plain { subject: subject.to_owned(), heading, paragraphs })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(file: &str, content: &str, expected: &str) {
        let told = OwnTexts::default().add(file, content.as_bytes()).err().map(|flaw| flaw.to_string());
        let told = told.unwrap_or_default();
        assert!(if expected.is_empty() { told.is_empty() } else { told.contains(expected) }, "{file}: {told}");
    }

    #[test]
    fn a_text_that_cannot_be_said_is_refused_by_name() {
        let sound = "Subject: {certification}\n\n# Hello {name}\n\nWell done.\n";
        check("texts/mails/en/award.txt", sound, "");
        check("texts/mails/de/reminder.manager.txt", sound, "");
        check("texts/mails/en/award.html", "<p>{name}</p>", "");
        check("texts/mails/en/award.txt", "Hello", "must begin with a line Subject");
        check("texts/mails/en/award.txt", "Subject:\n\nHello", "must begin with a line Subject");
        check("texts/mails/en/award.txt", "Subject: x", "has no paragraph");
        check("texts/mails/en/award.txt", "Subject: x\n\n{nam}", "unknown placeholder {nam}");
        check("texts/mails/en/award.html", "<p>{oops}</p>", "unknown placeholder {oops}");
        check("texts/mails/en/prize.txt", sound, "is for no letter of ours; there are: award, renewed");
        check("texts/mails/xx/award.txt", sound, "is in a language without words: xx");
        check("texts/mails/award.txt", sound, "must be mails/LANGUAGE/KIND.txt");
        check("texts/mails/en/award.md", sound, "must be mails/LANGUAGE/KIND.txt");
        check("texts/mails/en/award.txt", &"x".repeat(LARGEST + 1), "at most 32768 are taken");
    }

    #[test]
    fn an_own_text_is_filled_and_its_html_is_safe() {
        let mut texts = OwnTexts::default();
        let text = "\u{feff}Subject: {name}!\r\n\r\n# Well done\r\n\r\nOne\r\nline.\r\n\r\nUntil {until}.\r\n";
        texts.add("t/mails/en/award.txt", text.as_bytes()).unwrap();
        texts.add("t/mails/en/award.html", b"<b>{name}</b>{until}").unwrap();
        let words = MailWords::of("en").unwrap();
        let own = texts.get(words, MailKind::Award, Audience::Person).unwrap();
        let mut values = Values::default();
        values.set("name", Some("<Ana>".to_owned()));
        let said = own.said(&values).unwrap();
        assert_eq!(said, ("<Ana>!".to_owned(), "Well done".to_owned(), vec!["One line.".to_owned()]));
        assert_eq!(own.html(&values, |text| text.replace('<', "&lt;")).unwrap(), "<b>&lt;Ana></b>");
        assert_eq!(texts.get(words, MailKind::Award, Audience::Manager), None);
    }
}
