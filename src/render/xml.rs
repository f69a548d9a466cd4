//! [`read`]: the one way to an XML parser. What its time or its memory depends on is counted before it begins.
//!
//! The parser compares every attribute with all others of its element, copies the namespaces in force to every element that
//! declares one, looks prefixes up one by one, and sets memory aside for every `<` and `=`, wherever they stand.

use std::ops::ControlFlow::{self, Break, Continue};

use roxmltree::{Document, ParsingOptions};

/// How much is read of one kind of picture.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    /// Its length.
    pub(super) bytes: usize,
    /// Elements, comments, instructions and pieces of raw text, together.
    pub(super) parts: usize,
    /// Elements within elements.
    pub(super) depth: usize,
}

/// Attributes of one element, declarations of namespaces among them.
const MAX_ATTRIBUTES: usize = 64;
/// Attributes of all elements.
const MAX_ATTRIBUTES_IN_ALL: usize = 100_000;
/// Declarations of namespaces in the whole picture.
const MAX_NAMESPACES: usize = 256;
/// How often the signs may stand in the text for which the parser sets memory aside.
const MAX_SIGNS: usize = 200_000;

/// Why a text is not read as XML.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum XmlError {
    #[error("it has {bytes} bytes, more than {most}")]
    TooLong { bytes: usize, most: usize },
    #[error("it has more than {most} {what}")]
    TooMany { what: &'static str, most: usize },
    #[error("its elements are nested deeper than {most}")]
    TooDeep { most: usize },
    #[error("it declares a document type")]
    DocumentType,
    #[error("{0}")]
    Malformed(#[from] roxmltree::Error),
}

/// Reads a text within bounds. No document types, and so no entities.
pub(super) fn read(text: &str, bounds: Bounds) -> Result<Document<'_>, XmlError> {
    if text.len() > bounds.bytes {
        return Err(XmlError::TooLong { bytes: text.len(), most: bounds.bytes });
    }
    Count::default().all(text, bounds)?;
    for (sign, what) in [(b'<', "signs <"), (b'=', "signs =")] {
        within(text.bytes().filter(|byte| *byte == sign).count(), MAX_SIGNS, what)?;
    }
    let options = ParsingOptions { allow_dtd: false, ..ParsingOptions::default() };
    #[expect(clippy::disallowed_methods, reason = "the one place, behind the bounds")]
    Ok(Document::parse_with_options(text, options)?)
}

fn within(have: usize, most: usize, what: &'static str) -> Result<(), XmlError> {
    if have > most { Err(XmlError::TooMany { what, most }) } else { Ok(()) }
}

/// What was seen so far. As far as a text is well-formed, the parser sees the same; where it no longer is, the parser ends.
#[derive(Debug, Default)]
struct Count {
    parts: usize,
    depth: usize,
    attributes: usize,
    namespaces: usize,
}

impl Count {
    fn all(&mut self, text: &str, bounds: Bounds) -> Result<(), XmlError> {
        let mut rest = text;
        while let Some(at) = rest.find('<') {
            rest = &rest[at..];
            let Continue(behind) = self.mark(rest)? else { return Ok(()) };
            rest = behind;
            within(self.parts, bounds.parts, "elements and comments")?;
            if self.depth > bounds.depth {
                return Err(XmlError::TooDeep { most: bounds.depth });
            }
        }
        Ok(())
    }

    /// One thing that begins with `<`: what is behind it, or nothing, if it does not end.
    fn mark<'t>(&mut self, text: &'t str) -> Result<ControlFlow<(), &'t str>, XmlError> {
        let behind = |start: &str, end: &str| match text[start.len()..].split_once(end) {
            Some((_, rest)) => Continue(rest),
            None => Break(()),
        };
        if text.starts_with("</") {
            self.depth = self.depth.saturating_sub(1);
            return Ok(behind("</", ">"));
        }
        self.parts += 1;
        for (start, end) in [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>")] {
            if text.starts_with(start) {
                return Ok(behind(start, end));
            }
        }
        if text.starts_with("<!") {
            return Err(XmlError::DocumentType);
        }
        self.opening_tag(text)
    }

    fn opening_tag<'t>(&mut self, text: &'t str) -> Result<ControlFlow<(), &'t str>, XmlError> {
        let (mut quote, mut attributes) = (None, 0);
        for (at, byte) in text.bytes().enumerate() {
            match (quote, byte) {
                (None, b'"' | b'\'') => quote = Some(byte),
                (Some(open), _) if open == byte => quote = None,
                (None, b'>') => {
                    self.depth += usize::from(!text[..at].ends_with('/'));
                    return Ok(Continue(&text[at + 1..]));
                }
                (None, b'=') => {
                    attributes += 1;
                    within(attributes, MAX_ATTRIBUTES, "attributes at one element")?;
                    self.attributes += 1;
                    within(self.attributes, MAX_ATTRIBUTES_IN_ALL, "attributes")?;
                    let name = text[..at].trim_end().rsplit(char::is_whitespace).next().unwrap_or_default();
                    self.namespaces += usize::from(name == "xmlns" || name.starts_with("xmlns:"));
                    within(self.namespaces, MAX_NAMESPACES, "declarations of namespaces")?;
                }
                _ => {}
            }
        }
        Ok(Break(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUNDS: Bounds = Bounds { bytes: 1 << 20, parts: 1_000, depth: 8 };

    /// Parts, attributes and namespaces that were counted; or why nothing is read.
    #[track_caller]
    fn check(text: &str, expected: Result<(usize, usize, usize), &str>) {
        let mut count = Count::default();
        let got = count.all(text, BOUNDS).map(|()| (count.parts, count.attributes, count.namespaces));
        assert_eq!(got.map_err(|e| e.to_string()), expected.map_err(str::to_owned), "{text:.200}");
    }

    #[test]
    fn what_costs_is_counted_wherever_it_hides() {
        check("", Ok((0, 0, 0)));
        check("<a/>", Ok((1, 0, 0)));
        check(r#"<?xml version="1.0"?><!-- <b c="d"> --><a b = "c>" d='<e f="g">'/>"#, Ok((3, 2, 0)));
        check(r#"<a xmlns="u" xmlns:b='v' xmlnsc="w" b:xmlns="x" xmlns = "y"/>"#, Ok((1, 5, 3)));
        check("<a><![CDATA[<b c='d'>]]]]><![CDATA[>]]></a>", Ok((3, 0, 0)));
        check("<a b='c", Ok((1, 1, 0)));
        check("<!-- <a>", Ok((1, 0, 0)));
        for document_type in ["<!DOCTYPE a><a/>", "<!doctype a><a/>", "<a><!ENTITY b 'c'></a>"] {
            check(document_type, Err("it declares a document type"));
        }
        check(&"<a>".repeat(9), Err("its elements are nested deeper than 8"));
        check(&"<a></a>".repeat(9), Ok((9, 0, 0)));
        check(&"<a/>".repeat(1_001), Err("it has more than 1000 elements and comments"));
        check(&"<!---->".repeat(1_001), Err("it has more than 1000 elements and comments"));
        check(&format!("<a {}/>", "b='' ".repeat(65)), Err("it has more than 64 attributes at one element"));
        check(&format!("<a {}>", "=".repeat(65)), Err("it has more than 64 attributes at one element"));
        check(&"<a xmlns=''/>".repeat(257), Err("it has more than 256 declarations of namespaces"));
    }

    #[test]
    fn what_the_parser_would_set_memory_aside_for_is_bounded_in_raw_text_too() {
        for (sign, name) in [('<', "signs <"), ('=', "signs =")] {
            let text = format!("<a><![CDATA[{}]]></a>", sign.to_string().repeat(MAX_SIGNS + 1));
            let most = format!("it has more than {MAX_SIGNS} {name}");
            assert_eq!(read(&text, BOUNDS).map(drop).unwrap_err().to_string(), most);
        }
        let long = XmlError::TooLong { bytes: BOUNDS.bytes + 1, most: BOUNDS.bytes };
        assert_eq!(read(&" ".repeat(BOUNDS.bytes + 1), BOUNDS).map(drop), Err(long));
        let attributes = format!("<a {}/>", "b='' ".repeat(60)).repeat(999);
        assert!(matches!(read(&attributes, BOUNDS), Err(XmlError::Malformed(_))), "not too many: 59,940");
    }
}
