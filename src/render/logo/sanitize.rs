//! What an SVG logo may hold: shapes, colours and text, nothing that runs, refers elsewhere or explodes.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use resvg::usvg;
use roxmltree::{Document, Node};

use super::MAX_SVG;
use crate::render::RenderError;
use crate::render::xml::{self, Bounds};

const BOUNDS: Bounds = Bounds { bytes: MAX_SVG, parts: 20_000, depth: MAX_DEPTH };
/// Most elements after every `use` is replaced by what it names.
const MAX_DRAWN: usize = 20_000;
/// A letter counts as so many.
const LETTER: usize = 4;
const MAX_DEPTH: usize = 64;
/// Most tries of a selector on an element.
const MAX_MATCHES: usize = 1_000_000;
const MAX_FILTERS: usize = 8;

/// Elements that run, fetch or embed, or are drawn at every corner of a path.
const REFUSED: [&str; 10] =
    ["marker", "script", "foreignObject", "image", "iframe", "object", "embed", "audio", "video", "feImage"];

/// Reads what a logo may hold, and refuses what it may not.
pub(super) fn read(text: &str) -> Result<Document<'_>, RenderError> {
    let document = xml::read(text, BOUNDS).map_err(|e| RenderError::LogoBroken { why: e.to_string() })?;
    inspect(&document)?;
    Ok(document)
}

fn refused(what: impl Into<String>) -> RenderError {
    RenderError::LogoRefused { what: what.into() }
}

fn inspect(document: &Document) -> Result<(), RenderError> {
    let mut ids = HashMap::new();
    let (mut elements, mut filters, mut selectors) = (0, 0, 0);
    for node in document.descendants().filter(Node::is_element) {
        elements += 1;
        let name = node.tag_name().name();
        if REFUSED.contains(&name) {
            return Err(refused(format!("an element {name}")));
        }
        filters += usize::from(name == "filter" || name == "pattern" || name == "mask");
        for attribute in node.attributes() {
            let (key, value) = (attribute.name(), attribute.value());
            if key.len() > 2 && key.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("on")) {
                return Err(refused(format!("the event attribute {key}")));
            }
            if key == "href" && !value.trim_start().starts_with('#') {
                return Err(refused("a reference outside of itself"));
            }
            check_urls(value)?;
        }
        if name == "style" {
            let style = node.text().unwrap_or_default();
            check_urls(style)?;
            selectors += count_selectors(style)?;
        }
        if let Some(id) = node.attribute("id") {
            ids.entry(id).or_insert(node);
        }
    }
    if filters > MAX_FILTERS {
        return Err(refused(format!("more than {MAX_FILTERS} filters, patterns and masks")));
    }
    if selectors * elements > MAX_MATCHES {
        return Err(refused("more rules of style than can be tried on so many elements"));
    }
    if drawn(document.root_element(), &ids, 0) > MAX_DRAWN {
        return Err(refused("elements that multiply each other"));
    }
    Ok(())
}

/// How many selectors a style sheet has, each of which is tried on every element. One that asks for ancestors of ancestors
/// is tried on all their combinations.
fn count_selectors(style: &str) -> Result<usize, RenderError> {
    let mut plain = String::with_capacity(style.len());
    for (at, piece) in style.split("/*").enumerate() {
        plain.push_str(if at == 0 { piece } else { piece.split_once("*/").map_or("", |(_, behind)| behind) });
    }
    let outside = plain.split('}').map(|rule| rule.split('{').next().unwrap_or_default());
    let mut count = 0;
    for selector in outside.flat_map(|selectors| selectors.split(',')) {
        if selector.contains(['"', '\'', '\\']) {
            return Err(refused("rules of style with quoted names"));
        }
        if selector.split(|c: char| c.is_whitespace() || matches!(c, '>' | '+')).filter(|part| !part.is_empty()).count()
            > 2
        {
            return Err(refused("rules of style for elements within elements within elements"));
        }
        count += 1;
    }
    Ok(count)
}

/// In style: only `url(#…)`, and no import.
fn check_urls(value: &str) -> Result<(), RenderError> {
    let lower = value.to_ascii_lowercase();
    let elsewhere = lower.split("url(").skip(1).any(|r| !r.trim_start_matches([' ', '"', '\'']).starts_with('#'));
    if elsewhere || lower.contains("@import") || lower.contains('\\') && lower.contains("rl(") {
        return Err(refused("a reference outside of itself"));
    }
    Ok(())
}

/// How many elements are drawn in the end; stops counting beyond the limit.
fn drawn<'a, 'i>(node: Node<'a, 'i>, ids: &HashMap<&'a str, Node<'a, 'i>>, depth: usize) -> usize {
    if depth > 2 * MAX_DEPTH {
        return MAX_DRAWN + 1;
    }
    // A letter is an outline with some dozen corners.
    let letters = |text: Node| text.text().map_or(0, |text| LETTER * text.trim().len());
    let mut count = match node.tag_name().name() {
        "text" | "tspan" | "textPath" | "a" => 1 + node.children().filter(Node::is_text).map(letters).sum::<usize>(),
        _ => 1,
    };
    let target = node.attributes().find(|a| a.name() == "href").and_then(|a| ids.get(&a.value().trim()[1..]));
    for next in node
        .children()
        .filter(Node::is_element)
        .chain(target.copied().filter(|_| node.has_tag_name(("http://www.w3.org/2000/svg", "use"))))
    {
        count += drawn(next, ids, depth + 1);
        if count > MAX_DRAWN {
            break;
        }
    }
    count
}

/// Reading without files and without the network; text is set in the embedded fonts.
pub(super) fn options() -> usvg::Options<'static> {
    static FONTS: LazyLock<Arc<usvg::fontdb::Database>> = LazyLock::new(|| {
        let mut fonts = usvg::fontdb::Database::new();
        fonts.load_font_data(include_bytes!("../../../templates/fonts/NotoSans-Regular.ttf").to_vec());
        fonts.load_font_data(include_bytes!("../../../templates/fonts/NotoSans-Bold.ttf").to_vec());
        fonts.set_sans_serif_family("Noto Sans");
        fonts.set_serif_family("Noto Sans");
        Arc::new(fonts)
    });
    usvg::Options {
        resources_dir: None,
        font_family: "Noto Sans".to_owned(),
        fontdb: FONTS.clone(),
        image_href_resolver: usvg::ImageHrefResolver {
            resolve_data: Box::new(|_, _, _| None),
            resolve_string: Box::new(|_, _| None),
        },
        ..usvg::Options::default()
    }
}
