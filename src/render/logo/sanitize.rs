//! What an SVG logo may hold: shapes, colours and text, nothing that runs, refers elsewhere or explodes.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use resvg::usvg;
use resvg::usvg::roxmltree::{Document, Node, ParsingOptions};

use crate::render::RenderError;

const MAX_NODES: u32 = 20_000;
/// Most elements after every `use` is replaced by what it names.
const MAX_DRAWN: u64 = 20_000;
const MAX_DEPTH: usize = 64;
const MAX_FILTERS: usize = 8;

/// Elements that run, fetch or embed.
const REFUSED: [&str; 9] =
    ["script", "foreignObject", "image", "iframe", "object", "embed", "audio", "video", "feImage"];

/// Refuses what a logo may not hold.
pub(super) fn inspect(text: &str) -> Result<(), RenderError> {
    let options = ParsingOptions { allow_dtd: false, nodes_limit: MAX_NODES, ..ParsingOptions::default() };
    let document =
        Document::parse_with_options(text, options).map_err(|e| RenderError::LogoBroken { why: e.to_string() })?;
    let refused = |what: String| RenderError::LogoRefused { what };
    let mut ids = HashMap::new();
    let mut filters = 0;
    for node in document.descendants().filter(Node::is_element) {
        let name = node.tag_name().name();
        if REFUSED.contains(&name) {
            return Err(refused(format!("an element {name}")));
        }
        if node.ancestors().nth(MAX_DEPTH).is_some() {
            return Err(refused(format!("elements nested deeper than {MAX_DEPTH}")));
        }
        filters += usize::from(name == "filter" || name == "pattern" || name == "mask" || name == "marker");
        for attribute in node.attributes() {
            let (key, value) = (attribute.name(), attribute.value());
            if key.len() > 2 && key[..2].eq_ignore_ascii_case("on") {
                return Err(refused(format!("the event attribute {key}")));
            }
            if key == "href" && !value.trim_start().starts_with('#') {
                return Err(refused("a reference outside of itself".to_owned()));
            }
            check_urls(value)?;
        }
        if name == "style" {
            check_urls(node.text().unwrap_or_default())?;
        }
        if let Some(id) = node.attribute("id") {
            ids.entry(id).or_insert(node);
        }
    }
    if filters > MAX_FILTERS {
        return Err(refused(format!("more than {MAX_FILTERS} filters, patterns, masks and markers")));
    }
    if drawn(document.root_element(), &ids, 0) > MAX_DRAWN {
        return Err(refused("elements that multiply each other".to_owned()));
    }
    Ok(())
}

/// In style: only `url(#…)`, and no import.
fn check_urls(value: &str) -> Result<(), RenderError> {
    let lower = value.to_ascii_lowercase();
    let elsewhere = lower.split("url(").skip(1).any(|r| !r.trim_start_matches([' ', '"', '\'']).starts_with('#'));
    if elsewhere || lower.contains("@import") || lower.contains('\\') && lower.contains("rl(") {
        return Err(RenderError::LogoRefused { what: "a reference outside of itself".to_owned() });
    }
    Ok(())
}

/// How many elements are drawn in the end; stops counting beyond the limit.
fn drawn<'a, 'i>(node: Node<'a, 'i>, ids: &HashMap<&'a str, Node<'a, 'i>>, depth: usize) -> u64 {
    if depth > 2 * MAX_DEPTH {
        return MAX_DRAWN + 1;
    }
    let mut count = 1;
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
