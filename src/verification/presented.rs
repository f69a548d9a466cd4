//! [`read`]: bytes from anywhere into a [`Presented`] badge, told apart by content.

use serde_json::Value;

use super::checks::format;
use super::presentation::{Challenged, PresentationProblem, unanswered};
use super::receipt::Receipt;
use super::token::Secured;
use super::web::is_web;
use crate::linked_data::json;
use crate::openbadges::CONTEXT_VC2;
use crate::openbadges::reading::{first, id_of, is_a, many};
use crate::proof::jose;
use crate::render::bake;

/// The longest JSON that is read.
pub const MAXIMUM_JSON: usize = 1024 * 1024;
/// The largest picture that is read.
pub const MAXIMUM_PICTURE: usize = 10 * 1024 * 1024;

/// What was handed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// The badge itself, as JSON.
    Json,
    /// A signed text (compact JWS).
    Token,
    /// Baked into a PNG picture.
    Png,
    /// Baked into an SVG picture.
    Svg,
}

/// A badge as it was handed in: well-formed, nothing more is known of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Presented {
    form: Form,
    text: String,
    pub(super) content: Content,
    /// It was the only credential of a presentation, whose own proof says nothing of the badge.
    pub(super) in_presentation: bool,
}

/// What it is, by its looks.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Content {
    /// A verifiable credential, Open Badges 3.0 or not.
    Credential(Secured),
    /// An assertion of Open Badges 2.0 or 1.x, hosted or signed.
    Assertion(Secured),
    /// What a service like this one signed about a check it made.
    Receipt(Box<Receipt>),
}

impl Presented {
    /// What it came in.
    pub fn form(&self) -> Form {
        self.form
    }

    /// The badge's text, byte by byte as it was.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The badge as JSON; of a token, its payload without the claims about the token.
    pub fn value(&self) -> &Value {
        match &self.content {
            Content::Credential(secured) | Content::Assertion(secured) => &secured.document,
            Content::Receipt(receipt) => receipt.payload(),
        }
    }

    /// Whether it has the looks of a badge or a credential at all.
    pub fn is_one(&self) -> bool {
        match &self.content {
            Content::Credential(secured) => format::is_any(&secured.document),
            Content::Assertion(_) | Content::Receipt(_) => true,
        }
    }

    /// Whether it is a verifiable credential handed in as such: no earlier badge, no receipt, neither baked nor presented.
    pub fn is_credential(&self) -> bool {
        matches!(self.content, Content::Credential(_))
            && matches!(self.form, Form::Json | Form::Token)
            && !self.in_presentation
    }

    /// What its proofs do not answer of what was asked to be signed besides.
    pub fn unanswered(&self, challenged: &Challenged) -> Vec<PresentationProblem> {
        match &self.content {
            Content::Credential(secured) | Content::Assertion(secured) => unanswered(secured, challenged),
            Content::Receipt(_) => Vec::new(),
        }
    }

    /// The credential's `id`.
    pub fn id(&self) -> Option<&str> {
        self.value().get("id").and_then(Value::as_str)
    }

    /// The id of the issuer it names. A claim until the `issuer` check has passed.
    pub fn issuer(&self) -> Option<&str> {
        id_of(self.value(), "issuer")
    }
}

/// No badge can be found in the bytes.
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
    /// A compact JWS that is not as it must be.
    #[error("the signed text cannot be read: {0}")]
    BrokenToken(String),
    /// JSON, but not an object.
    #[error("the JSON is not an object")]
    NotAnObject,
    /// Several credentials in one presentation.
    #[error("it is a presentation of {count} credentials; check the credentials in it one by one")]
    Presentation {
        /// How many.
        count: usize,
    },
    /// More credentials in one presentation than are read.
    #[error("it is a presentation of {count} credentials, more than {most}")]
    TooMany {
        /// How many.
        count: usize,
        /// Allowed.
        most: usize,
    },
    /// Something else where a credential must stand.
    #[error("what it holds is no verifiable credential")]
    NotACredential,
    /// The address of a badge, where the badge itself is wanted.
    #[error("it is only the address of a badge")]
    OnlyAddress(String),
}

/// Finds the badge in a text, or baked into a PNG or SVG picture.
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
    // Some save a token as JSON has it: in quotation marks.
    let unquoted: Option<String> = text.contains('"').then(|| serde_json::from_str(trim(text)).ok()).flatten();
    let trimmed = unquoted.as_deref().map(trim).filter(|text| jose::looks_like(text)).unwrap_or_else(|| trim(text));
    let content = match trimmed.as_bytes().first() {
        None => return Err(Malformed::Empty),
        Some(b'{' | b'[') => {
            let value = json::parse(trimmed.as_bytes()).map_err(|e| Malformed::BrokenJson(e.to_string()))?;
            of_json(value)?
        }
        Some(_) if jose::looks_like(trimmed) => of_token(trimmed)?,
        // Badges of the first generation carried only the address of their assertion.
        Some(_) if form != Form::Json && is_address(trimmed) => return Err(Malformed::OnlyAddress(trimmed.to_owned())),
        Some(_) => return Err(Malformed::Unrecognized),
    };
    let form = if form == Form::Json && jose::looks_like(trimmed) { Form::Token } else { form };
    Ok(Presented { form, text: trimmed.to_owned(), content: content.0, in_presentation: content.1 })
}

fn is_address(text: &str) -> bool {
    is_web(text) && text.len() <= 2_048 && !text.contains(char::is_whitespace)
}

/// The content, and whether it was taken out of a presentation.
type Unwrapped = (Content, bool);

fn of_json(value: Value) -> Result<Unwrapped, Malformed> {
    if !value.is_object() {
        return Err(Malformed::NotAnObject);
    }
    if is_a(&value, "VerifiablePresentation") {
        return presented_in(&value);
    }
    if let Some(token) = enveloped(&value, "EnvelopedVerifiableCredential") {
        return of_token(token);
    }
    let secured = Secured::embedded(value);
    let content = if is_earlier(&secured.document) { Content::Assertion } else { Content::Credential };
    Ok((content(secured), false))
}

fn of_token(text: &str) -> Result<Unwrapped, Malformed> {
    if let Some(receipt) = Receipt::read(text)? {
        return Ok((Content::Receipt(Box::new(receipt)), false));
    }
    let secured = Secured::token(text)?;
    if is_a(&secured.document, "VerifiablePresentation") {
        return presented_in(&secured.document);
    }
    let content = if is_earlier(&secured.document) { Content::Assertion } else { Content::Credential };
    Ok((content(secured), false))
}

/// Wallets hand over presentations: the one credential in it can be judged by itself.
fn presented_in(presentation: &Value) -> Result<Unwrapped, Malformed> {
    match many(presentation, "verifiableCredential") {
        [one] => {
            let (content, _) = match one {
                Value::String(token) => of_token(token)?,
                object if is_a(object, "VerifiablePresentation") => return Err(Malformed::Presentation { count: 1 }),
                object => of_json(object.clone())?,
            };
            Ok((content, true))
        }
        several => Err(Malformed::Presentation { count: several.len() }),
    }
}

/// The token within an envelope of this class (VCDM 2.0 §4.13): a `data:` address. Its context is that of credentials.
pub(super) fn enveloped<'v>(value: &'v Value, class: &str) -> Option<&'v str> {
    let is_defined = many(value, "@context").iter().any(|context| context == CONTEXT_VC2);
    let id = first(value, "id").and_then(Value::as_str).filter(|_| is_defined && is_a(value, class))?;
    let (media, token) = id.strip_prefix("data:")?.split_once(',')?;
    ["application/vc+jwt", "application/vp+jwt", "application/jwt"].contains(&media).then_some(token)
}

/// One credential of a presentation, as JSON or as a token.
pub(super) fn of_value(value: &Value) -> Result<Presented, Malformed> {
    let (form, text, (content, in_presentation)) = match value {
        Value::String(token) => (Form::Token, token.clone(), of_token(token)?),
        object => (Form::Json, object.to_string(), of_json(object.clone())?),
    };
    Ok(Presented { form, text, content, in_presentation })
}

/// Whether it is of the generations before 3.0: by its context, or by the members that every assertion had.
fn is_earlier(value: &Value) -> bool {
    let contexts = many(value, "@context");
    let named = contexts
        .iter()
        .filter_map(Value::as_str)
        .any(|c| c.starts_with("https://w3id.org/openbadges/v1") || c.starts_with("https://w3id.org/openbadges/v2"));
    named
        || contexts.is_empty()
            && value.get("recipient").is_some()
            && value.get("badge").is_some()
            && (value.get("verify").is_some() || value.get("verification").is_some())
}
