//! SVG: an `openbadges:credential` element directly after the opening tag.

use std::fmt::Write as _;
use std::ops::Range;

use roxmltree::{Document, Node};

use super::{BakeError, MAX_CREDENTIAL, MAX_SVG};
use crate::render::xml::{self, Bounds, XmlError};

const NAMESPACE: &str = "https://purl.imsglobal.org/ob/v3p0";
const EARLIER: &str = "http://openbadges.org";
const SVG: &str = "http://www.w3.org/2000/svg";
/// Far above what drawing programs write for a badge.
const BOUNDS: Bounds = Bounds { bytes: MAX_SVG, parts: 20_000, depth: 256 };

/// Puts a credential into an SVG; one that is there already gives way. A compact JWS goes into the `verify` attribute,
/// JSON into the body.
pub fn svg(picture: &str, credential: &str) -> Result<String, BakeError> {
    if credential.len() > MAX_CREDENTIAL {
        return Err(BakeError::CredentialTooLong);
    }
    if let Some(c) = credential.chars().find(|&c| !is_xml(c)) {
        return Err(BakeError::Unwritable { code: c.into() });
    }
    let document = parse(picture)?;
    let root = document.root_element();
    // One within another goes with it.
    let outermost = baked(root).filter(|old| !old.ancestors().skip(1).any(|outer| is_baked(&outer)));
    let mut edits: Vec<(Range<usize>, String)> = outermost.map(|old| (old.range(), String::new())).collect();
    let tag = opening_tag(picture, root)?;
    let element = element(credential);
    edits.push(if tag.empty {
        // `<svg … />` has to be opened for its new child.
        (tag.end - 2..tag.end, format!(">{element}</{}>", tag.name))
    } else {
        (tag.end..tag.end, element)
    });
    edits.sort_by_key(|(range, _)| (range.start, range.end));
    let mut out = String::with_capacity(picture.len() + credential.len() + 256);
    let mut at = 0;
    for (range, text) in edits {
        out.push_str(picture.get(at..range.start).unwrap_or_default());
        out.push_str(&text);
        at = range.end;
    }
    out.push_str(&picture[at..]);
    Ok(out)
}

/// The credential in an SVG, or the assertion of an earlier generation (JSON, a JWS, or only its address); `None` when it
/// carries neither. No entity is ever expanded.
pub fn unbake_svg(picture: &str) -> Result<Option<String>, BakeError> {
    let document = parse(picture)?;
    let root = document.root_element();
    let found: Vec<Node> = baked(root).collect();
    match found.as_slice() {
        [] => {
            let earlier: Vec<Node> = root.descendants().filter(|n| n.has_tag_name((EARLIER, "assertion"))).collect();
            match earlier.as_slice() {
                [] => Ok(None),
                // A hosted assertion stands in the body, and its address in the attribute besides.
                [one] if body(*one).trim().is_empty() => filled(one.attribute("verify").unwrap_or_default()).map(Some),
                [one] => filled(&body(*one)).map(Some),
                several => Err(BakeError::SeveralCredentials { count: several.len() }),
            }
        }
        [one] => filled(one.attribute("verify").unwrap_or(&body(*one))).map(Some),
        several => Err(BakeError::SeveralCredentials { count: several.len() }),
    }
}

fn body(element: Node) -> String {
    element.children().filter_map(|n| n.text().filter(|_| n.is_text())).collect()
}

fn filled(text: &str) -> Result<String, BakeError> {
    let text = text.trim();
    match text.len() {
        0 => Err(BakeError::NotSvg { why: "its openbadges element is empty".into() }),
        n if n > MAX_CREDENTIAL => Err(BakeError::CredentialTooLong),
        _ => Ok(text.to_owned()),
    }
}

fn parse(picture: &str) -> Result<Document<'_>, BakeError> {
    let document = xml::read(picture, BOUNDS).map_err(|error| match error {
        XmlError::TooLong { bytes, most } => BakeError::PictureTooLarge { bytes, most },
        other => BakeError::NotSvg { why: other.to_string() },
    })?;
    if !document.root_element().has_tag_name((SVG, "svg")) {
        return Err(BakeError::NotSvg { why: "its first element is not svg".into() });
    }
    Ok(document)
}

fn baked<'a, 'i>(root: Node<'a, 'i>) -> impl Iterator<Item = Node<'a, 'i>> {
    root.descendants().filter(is_baked)
}

fn is_baked(node: &Node) -> bool {
    node.has_tag_name((NAMESPACE, "credential"))
}

struct Tag<'p> {
    /// Byte after `>`.
    end: usize,
    /// `<svg/>`.
    empty: bool,
    name: &'p str,
}

/// Where the opening tag of the root ends: the first `>` outside of quotes.
fn opening_tag<'p>(picture: &'p str, root: Node) -> Result<Tag<'p>, BakeError> {
    let start = root.range().start;
    let tag = picture.get(start..).unwrap_or_default();
    let mut quote = None;
    for (at, byte) in tag.bytes().enumerate() {
        match (quote, byte) {
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(q), b) if q == b => quote = None,
            (None, b'>') => {
                let inside = &tag[1..at];
                let name = inside.split(|c: char| c.is_whitespace() || c == '/').next().unwrap_or_default();
                return Ok(Tag { end: start + at + 1, empty: inside.ends_with('/'), name });
            }
            _ => {}
        }
    }
    Err(BakeError::NotSvg { why: "its opening tag does not end".into() })
}

/// The namespace is declared on the element itself too: then it holds whatever the picture's own tag says.
fn element(credential: &str) -> String {
    let mut out = format!(r#"<openbadges:credential xmlns:openbadges="{NAMESPACE}""#);
    let compact = credential.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
    let written = if compact && !credential.is_empty() {
        write!(out, r#" verify="{credential}"/>"#)
    } else {
        // XML readers turn a carriage return into a line feed, and `]]>` ends a CDATA section.
        let text = credential.replace("]]>", "]]]]><![CDATA[>").replace('\r', "]]>&#13;<![CDATA[");
        write!(out, "><![CDATA[{text}]]></openbadges:credential>")
    };
    written.expect("a string takes all text");
    out
}

fn is_xml(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..)
}
