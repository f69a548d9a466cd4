//! [`read`]: bytes from anywhere into a [`Presented`] credential, told apart by content.

use serde_json::Value;

use crate::linked_data::json;
use crate::render::bake;

/// The longest JSON that is read.
pub const MAXIMUM_JSON: usize = 1024 * 1024;
/// The largest picture that is read.
pub const MAXIMUM_PICTURE: usize = 10 * 1024 * 1024;

/// What was handed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// The credential itself.
    Json,
    /// Baked into a PNG picture.
    Png,
    /// Baked into an SVG picture.
    Svg,
}

/// A credential as it was handed in: well-formed JSON, nothing more is known of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Presented {
    form: Form,
    text: String,
    value: Value,
}

impl Presented {
    /// What it came in.
    pub fn form(&self) -> Form {
        self.form
    }

    /// The credential's text, byte by byte as it was.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The same, parsed.
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// The credential's `id`.
    pub fn id(&self) -> Option<&str> {
        self.value.get("id").and_then(Value::as_str)
    }

    /// The id of the issuer it names. A claim until the `issuer` check has passed.
    pub fn issuer(&self) -> Option<&str> {
        crate::openbadges::reading::id_of(&self.value, "issuer")
    }
}

/// No credential can be found in the bytes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// Nothing at all.
    #[error("it is empty")]
    Empty,
    /// Beyond the bounds.
    #[error("it has {have} bytes, more than {most}")]
    TooLarge {
        /// Bytes.
        have: usize,
        /// Allowed.
        most: usize,
    },
    /// Neither a picture, nor JSON, nor anything else we know.
    #[error("it is neither a badge picture nor a credential")]
    Unrecognized,
    /// A text that is not UTF-8.
    #[error("its text is not UTF-8")]
    NotUtf8,
    /// A picture without a credential in it.
    #[error("the picture carries no credential")]
    NothingBaked,
    /// A picture that cannot be taken apart.
    #[error("the picture cannot be read: {0}")]
    BrokenPicture(String),
    /// JSON that is not strict or beyond its bounds.
    #[error("the JSON cannot be read: {0}")]
    BrokenJson(String),
    /// JSON, but not an object.
    #[error("the JSON is not an object")]
    NotAnObject,
    /// A form of badge this version does not read.
    #[error("{0} are not read by this version")]
    Unsupported(&'static str),
}

/// Finds the credential in a JSON text, or baked into a PNG or SVG picture.
pub fn read(bytes: &[u8]) -> Result<Presented, Malformed> {
    if bytes.len() > MAXIMUM_PICTURE {
        return Err(Malformed::TooLarge { have: bytes.len(), most: MAXIMUM_PICTURE });
    }
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        let baked = bake::unbake_png(bytes).map_err(|e| Malformed::BrokenPicture(e.to_string()))?;
        return baked.ok_or(Malformed::NothingBaked).and_then(|text| from_text(Form::Png, &text));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| {
        // A JPEG or the like is no broken text.
        if bytes.iter().take(64).any(|b| *b < 9) { Malformed::Unrecognized } else { Malformed::NotUtf8 }
    })?;
    let trimmed = trim(text);
    if trimmed.starts_with('<') {
        if !looks_like_svg(trimmed) {
            return Err(Malformed::Unrecognized);
        }
        let baked = bake::unbake_svg(text).map_err(|e| Malformed::BrokenPicture(e.to_string()))?;
        return baked.ok_or(Malformed::NothingBaked).and_then(|text| from_text(Form::Svg, &text));
    }
    from_text(Form::Json, text)
}

fn trim(text: &str) -> &str {
    text.trim_start_matches('\u{feff}').trim()
}

fn looks_like_svg(text: &str) -> bool {
    let head: String = text.chars().take(4096).collect();
    head.contains("<svg") || head.contains(":svg")
}

fn from_text(form: Form, text: &str) -> Result<Presented, Malformed> {
    if text.len() > MAXIMUM_JSON {
        return Err(Malformed::TooLarge { have: text.len(), most: MAXIMUM_JSON });
    }
    let trimmed = trim(text);
    match trimmed.as_bytes().first() {
        None => return Err(Malformed::Empty),
        Some(b'{' | b'[') => {}
        Some(_) if looks_like_jwt(trimmed) => return Err(Malformed::Unsupported("badges signed as VC-JWT")),
        Some(_) => return Err(Malformed::Unrecognized),
    }
    let value = json::parse(trimmed.as_bytes()).map_err(|e| Malformed::BrokenJson(e.to_string()))?;
    if !value.is_object() {
        return Err(Malformed::NotAnObject);
    }
    if is_open_badges_2(&value) {
        return Err(Malformed::Unsupported("Open Badges 2.0"));
    }
    Ok(Presented { form, text: trimmed.to_owned(), value })
}

/// Three parts of base64url, the first beginning as every JSON object does.
fn looks_like_jwt(text: &str) -> bool {
    let parts: Vec<&str> = text.splitn(4, '.').collect();
    let base64url = |part: &&str| part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    parts.len() == 3 && text.starts_with("ey") && parts.iter().all(base64url)
}

fn is_open_badges_2(value: &Value) -> bool {
    let contexts = crate::openbadges::reading::many(value, "@context");
    contexts.iter().any(|c| c.as_str().is_some_and(|c| c.starts_with("https://w3id.org/openbadges/v")))
}
