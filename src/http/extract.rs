//! What handlers read from requests; everything that does not fit is a [`Problem`].

use axum::body::Body;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{DefaultBodyLimit, FromRequest, FromRequestParts, Multipart, Request};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use super::headers::{Answer, Audience, Cache};
use super::incoming::whole;
use super::problem::{Code, Problem};
use crate::linked_data::json::most_values;

/// The largest JSON body.
pub const JSON_LIMIT: usize = 1024 * 1024;
/// The largest upload: a picture or a credential.
pub const UPLOAD_LIMIT: usize = 10 * 1024 * 1024;
/// The most values of a JSON body: a thousand results or statements of two hundred each.
const MOST_VALUES: usize = 200_000;
/// The most fields of a form.
const MOST_FIELDS: usize = 16;

/// A JSON body, read strictly: as request it names the field that does not fit, as answer it is for its caller only.
/// What `T` leaves open stays open: give it `deny_unknown_fields`.
#[derive(Debug, Clone, Copy, Default)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        if !content_type(request.headers()).is_some_and(is_json) {
            return Err(not_json());
        }
        let bytes = body(request, JSON_LIMIT).await?;
        read_json(&bytes).map(Json)
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(json) => Answer::new("application/json", Audience::Caller, Cache::NoStore, json).into_response(),
            Err(error) => Problem::internal(error).into_response(),
        }
    }
}

/// Reads a whole JSON text; an error names the place as a JSON pointer.
pub fn read_json<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, Problem> {
    if most_values(bytes) > MOST_VALUES {
        let detail = format!("The body has more than {MOST_VALUES} values.");
        return Err(Problem::new(Code::PayloadTooLarge, detail).hint("Send less at a time."));
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let detail = error.inner().to_string();
        let pointer = format!("{}{}", pointer(error.path()), member_at_fault(&detail));
        let place = if pointer.is_empty() { "The body".to_owned() } else { format!("The field {pointer}") };
        Problem::new(Code::MalformedRequest, format!("{place} cannot be read: {detail}.")).at(pointer, detail)
    })?;
    match reader.end() {
        Ok(()) => Ok(value),
        Err(error) => Err(Problem::new(Code::MalformedRequest, format!("The body goes on after its end: {error}."))),
    }
}

/// A JSON body that is needed as it came, too: the same refusals as [`Json`].
pub fn read_json_body<'a, T: Deserialize<'a>>(raw: &'a Raw) -> Result<T, Problem> {
    if !is_json(&raw.media) {
        return Err(not_json());
    }
    if raw.bytes.len() > JSON_LIMIT {
        return Err(too_large(JSON_LIMIT));
    }
    read_json(&raw.bytes)
}

fn not_json() -> Problem {
    Problem::new(Code::UnsupportedMediaType, "The body must be JSON.").hint("Send Content-Type: application/json.")
}

/// A member that is missing or there twice is told of by the object that it belongs to: its step from there.
fn member_at_fault(detail: &str) -> String {
    let rest = ["missing field `", "duplicate field `"].iter().find_map(|words| detail.strip_prefix(words));
    rest.and_then(|rest| rest.split_once('`')).map_or(String::new(), |(member, _)| format!("/{member}"))
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let mut text = String::new();
    for segment in path {
        let step = match segment {
            Segment::Seq { index } => index.to_string(),
            Segment::Map { key } => key.replace('~', "~0").replace('/', "~1"),
            Segment::Enum { variant } => variant.clone(),
            Segment::Unknown => continue,
        };
        text.push('/');
        text.push_str(&step);
    }
    text
}

/// The parameters of the path.
#[derive(Debug, Clone, Copy)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    #[expect(clippy::disallowed_types, reason = "the one place that wraps axum's")]
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match axum::extract::Path::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Path(value)),
            Err(rejection) if rejection.status() == StatusCode::BAD_REQUEST => Err(Problem::new(
                Code::MalformedRequest,
                format!("The address cannot be read: {}.", rejection.body_text()),
            )),
            Err(rejection) => Err(Problem::internal(rejection)),
        }
    }
}

/// The parameters of the query, read strictly: for callers with a key, who want to know that they mistyped one.
#[derive(Debug, Clone, Copy, Default)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        of_query(&parts.uri).map(Query)
    }
}

/// The parameters of a public address, by the names that are documented for it. Whatever else stands in the query is passed
/// over: whoever shares a link adds marks of their own (`fbclid`, `utm_source`).
#[derive(Debug, Clone, Copy, Default)]
pub struct PublicQuery<T>(pub T);

impl<T: DeserializeOwned + IntoParams, S: Send + Sync> FromRequestParts<S> for PublicQuery<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let known: Vec<String> = T::into_params(|| None).into_iter().map(|parameter| parameter.name).collect();
        let is_known = |pair: &&str| known.iter().any(|name| pair.split('=').next() == Some(name));
        let kept: Vec<&str> = parts.uri.query().unwrap_or_default().split('&').filter(is_known).collect();
        let kept = format!("/?{}", kept.join("&")).parse().map_err(Problem::internal)?;
        of_query(&kept).map(PublicQuery)
    }
}

#[expect(clippy::disallowed_types, reason = "the one place that wraps axum's")]
fn of_query<T: DeserializeOwned>(uri: &Uri) -> Result<T, Problem> {
    match axum::extract::Query::<T>::try_from_uri(uri) {
        Ok(axum::extract::Query(value)) => Ok(value),
        Err(rejection) => {
            let detail = format!("The query cannot be read: {}.", rejection.body_text());
            Err(Problem::new(Code::MalformedRequest, detail))
        }
    }
}

/// Whether a form with files was sent.
pub fn is_form(headers: &HeaderMap) -> bool {
    content_type(headers).is_some_and(|media| media.eq_ignore_ascii_case("multipart/form-data"))
}

/// A body of any kind, up to [`UPLOAD_LIMIT`].
#[derive(Debug, Clone)]
pub struct Raw {
    /// As sent.
    pub bytes: Bytes,
    /// `Content-Type` without parameters, lower case; empty when there was none.
    pub media: String,
}

impl<S: Send + Sync> FromRequest<S> for Raw {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let media = media_of(request.headers());
        Ok(Raw { bytes: body(request, UPLOAD_LIMIT).await?, media })
    }
}

/// The fields of a form, uploaded files among them.
#[derive(Debug, Clone, Default)]
pub struct Fields(Vec<(String, Bytes)>);

impl Fields {
    /// The content of the first field of this name that was filled in.
    pub fn bytes(&self, name: &str) -> Option<&Bytes> {
        self.0.iter().find(|(n, value)| n == name && !value.is_empty()).map(|(_, value)| value)
    }

    /// The same as text, without white space around it.
    pub fn text(&self, name: &str) -> Option<&str> {
        let text = std::str::from_utf8(self.bytes(name)?).ok()?.trim();
        (!text.is_empty()).then_some(text)
    }
}

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match media_of(request.headers()).as_str() {
            "multipart/form-data" => {
                let head = request.headers().clone();
                let mut held = Request::new(Body::from(body(request, UPLOAD_LIMIT).await?));
                *held.headers_mut() = head;
                DefaultBodyLimit::max(UPLOAD_LIMIT).apply(&mut held);
                parts_of(Multipart::from_request(held, state).await.map_err(not_a_form)?).await.map(Fields)
            }
            "application/x-www-form-urlencoded" => Ok(Fields(pairs_of(&body(request, UPLOAD_LIMIT).await?))),
            _ => Err(Problem::new(Code::UnsupportedMediaType, "The body must be a form.")
                .hint("Send multipart/form-data, or use /api/v1/verify for JSON and pictures.")),
        }
    }
}

async fn parts_of(mut form: Multipart) -> Result<Vec<(String, Bytes)>, Problem> {
    let broken = |error: axum::extract::multipart::MultipartError| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => too_large(UPLOAD_LIMIT),
        _ => Problem::new(Code::MalformedRequest, format!("The form cannot be read: {}.", error.body_text())),
    };
    let mut fields = Vec::new();
    while let Some(field) = form.next_field().await.map_err(broken)? {
        if fields.len() == MOST_FIELDS {
            return Err(Problem::new(Code::MalformedRequest, format!("A form has at most {MOST_FIELDS} fields.")));
        }
        let name = field.name().unwrap_or_default().to_owned();
        fields.push((name, field.bytes().await.map_err(broken)?));
    }
    Ok(fields)
}

fn pairs_of(bytes: &[u8]) -> Vec<(String, Bytes)> {
    let decode = |part: &[u8]| {
        let spaced: Vec<u8> = part.iter().map(|b| if *b == b'+' { b' ' } else { *b }).collect();
        percent_encoding::percent_decode(&spaced).collect::<Vec<u8>>()
    };
    bytes
        .split(|b| *b == b'&')
        .take(MOST_FIELDS)
        .filter_map(|pair| {
            let at = pair.iter().position(|b| *b == b'=')?;
            let name = String::from_utf8(decode(&pair[..at])).ok()?;
            Some((name, decode(&pair[at + 1..]).into()))
        })
        .collect()
}

fn not_a_form(rejection: MultipartRejection) -> Problem {
    Problem::new(Code::MalformedRequest, format!("The form cannot be read: {}.", rejection.body_text()))
}

async fn body(request: Request, limit: usize) -> Result<Bytes, Problem> {
    refuse_announced(request.headers(), limit)?;
    whole(request.into_body(), limit).await?.ok_or_else(|| too_large(limit))
}

/// Before the first byte is read.
fn refuse_announced(headers: &HeaderMap, limit: usize) -> Result<(), Problem> {
    let announced = headers.get(CONTENT_LENGTH).and_then(|l| l.to_str().ok()).and_then(|l| l.parse::<u64>().ok());
    if announced.is_some_and(|l| l > limit as u64) { Err(too_large(limit)) } else { Ok(()) }
}

fn too_large(limit: usize) -> Problem {
    let mib = limit / (1024 * 1024);
    Problem::new(Code::PayloadTooLarge, format!("The body may have at most {mib} MiB."))
}

/// `Content-Type` without parameters, in lower case; empty when there is none.
pub(super) fn media_of(headers: &HeaderMap) -> String {
    content_type(headers).unwrap_or_default().to_ascii_lowercase()
}

fn content_type(headers: &HeaderMap) -> Option<&str> {
    headers.get(CONTENT_TYPE)?.to_str().ok()?.split(';').next().map(str::trim)
}

fn is_json(media: &str) -> bool {
    let media = media.to_ascii_lowercase();
    media == "application/json" || (media.starts_with("application/") && media.ends_with("+json"))
}

#[cfg(test)]
mod tests;
