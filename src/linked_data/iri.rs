//! Keywords and what a text must look like to be an IRI, a blank node or a language.

/// The keywords of JSON-LD 1.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Keyword {
    Base,
    Container,
    Context,
    Default,
    Direction,
    Graph,
    Id,
    Import,
    Included,
    Index,
    Json,
    Language,
    List,
    Nest,
    None,
    Prefix,
    Propagate,
    Protected,
    Reverse,
    Set,
    Type,
    Value,
    Version,
    Vocab,
}

impl Keyword {
    pub(super) fn parse(text: &str) -> Option<Keyword> {
        Some(match text.strip_prefix('@')? {
            "base" => Keyword::Base,
            "container" => Keyword::Container,
            "context" => Keyword::Context,
            "default" => Keyword::Default,
            "direction" => Keyword::Direction,
            "graph" => Keyword::Graph,
            "id" => Keyword::Id,
            "import" => Keyword::Import,
            "included" => Keyword::Included,
            "index" => Keyword::Index,
            "json" => Keyword::Json,
            "language" => Keyword::Language,
            "list" => Keyword::List,
            "nest" => Keyword::Nest,
            "none" => Keyword::None,
            "prefix" => Keyword::Prefix,
            "propagate" => Keyword::Propagate,
            "protected" => Keyword::Protected,
            "reverse" => Keyword::Reverse,
            "set" => Keyword::Set,
            "type" => Keyword::Type,
            "value" => Keyword::Value,
            "version" => Keyword::Version,
            "vocab" => Keyword::Vocab,
            _ => return None,
        })
    }
}

/// `@` and nothing but letters: kept free for keywords to come.
pub(super) fn like_keyword(text: &str) -> bool {
    text.strip_prefix('@').is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_alphabetic()))
}

/// An absolute IRI without any character that N-Quads forbid, and with one fragment at most.
pub(super) fn is_iri(text: &str) -> bool {
    let mut fragments = 0;
    let mut allowed = |byte: u8| {
        fragments += u32::from(byte == b'#');
        !FORBIDDEN[usize::from(byte)]
    };
    has_scheme(text) && text.bytes().all(&mut allowed) && fragments <= 1
}

/// By byte: every IRI of a document is looked at, most more than once.
const FORBIDDEN: [bool; 256] = {
    let mut forbidden = [false; 256];
    let mut at = 0;
    while at <= 0x20 {
        forbidden[at] = true;
        at += 1;
    }
    let mut others: &[u8] = b"<>\"{}|^`\\\x7f";
    while let [byte, rest @ ..] = others {
        forbidden[*byte as usize] = true;
        others = rest;
    }
    forbidden
};

/// A scheme and a colon.
pub(super) fn has_scheme(text: &str) -> bool {
    text.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
    })
}

pub(super) fn is_blank(text: &str) -> bool {
    text.starts_with("_:")
}

/// The two parts of a compact IRI, or of an IRI that looks like one.
pub(super) fn split(text: &str) -> Option<(&str, &str)> {
    let colon = text.bytes().skip(1).position(|byte| byte == b':')? + 1;
    Some((&text[..colon], &text[colon + 1..]))
}

/// Ends in a character after which an IRI goes on.
pub(super) fn ends_in_delimiter(text: &str) -> bool {
    text.ends_with([':', '/', '?', '#', '[', ']', '@'])
}

/// A language tag as BCP 47 shapes them.
pub(super) fn is_language(text: &str) -> bool {
    let subtag = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let mut parts = text.split('-');
    parts.next().is_some_and(|first| subtag(first) && first.bytes().all(|byte| byte.is_ascii_alphabetic()))
        && parts.all(subtag)
}

/// Resolves a reference against an absolute IRI (RFC 3986 §5.2).
pub(super) fn resolve(base: &str, reference: &str) -> String {
    if has_scheme(reference) {
        let (scheme, rest) = reference.split_once(':').expect("a scheme ends in a colon");
        let (authority, path, tail) = parts(rest);
        return format!("{scheme}:{authority}{}{tail}", without_dots(path));
    }
    let Some((scheme, rest)) = base.split_once(':') else { return reference.to_owned() };
    let (authority, path, tail) = parts(rest);
    let (own_authority, own_path, own_tail) = parts(reference);
    if !own_authority.is_empty() {
        return format!("{scheme}:{own_authority}{}{own_tail}", without_dots(own_path));
    }
    if own_path.is_empty() {
        let query = if own_tail.starts_with('?') { "" } else { tail.split('#').next().unwrap_or_default() };
        return format!("{scheme}:{authority}{path}{query}{own_tail}");
    }
    let merged = if own_path.starts_with('/') {
        without_dots(own_path)
    } else if path.is_empty() && !authority.is_empty() {
        without_dots(&format!("/{own_path}"))
    } else {
        without_dots(&format!("{}{own_path}", path.rfind('/').map_or("", |slash| &path[..=slash])))
    };
    format!("{scheme}:{authority}{merged}{own_tail}")
}

/// Authority with its slashes, path, and query with fragment.
fn parts(rest: &str) -> (&str, &str, &str) {
    let tail_at = rest.find(['?', '#']).unwrap_or(rest.len());
    let (hierarchy, tail) = rest.split_at(tail_at);
    let path_at = if let Some(inside) = hierarchy.strip_prefix("//") {
        inside.find('/').map_or(hierarchy.len(), |slash| slash + 2)
    } else {
        0
    };
    let (authority, path) = hierarchy.split_at(path_at);
    (authority, path, tail)
}

fn without_dots(path: &str) -> String {
    let absolute = path.starts_with('/');
    let mut kept: Vec<&str> = Vec::new();
    let segments: Vec<&str> = path.strip_prefix('/').unwrap_or(path).split('/').collect();
    for (at, segment) in segments.iter().enumerate() {
        let last = at + 1 == segments.len();
        match *segment {
            "." | ".." => {
                if *segment == ".." {
                    kept.pop();
                }
                if last {
                    kept.push("");
                }
            }
            other => kept.push(other),
        }
    }
    format!("{}{}", if absolute { "/" } else { "" }, kept.join("/"))
}
