//! The headers of every answer: how long it may be kept, what a browser may do with it, who may read it.

use std::fmt::Write as _;
use std::sync::LazyLock;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use super::page::STYLE;

/// How long an answer may be kept, by name. There is no answer without a policy: proxies make up a year of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cache {
    /// Kept, but asked for anew each time; an unchanged page costs a 304.
    Page,
    /// True for at most five minutes, and no longer than until the next change that is already known.
    Live {
        /// Seconds until then.
        until_change: Option<u64>,
    },
    /// Never changes at its address.
    Immutable,
    /// For this reader, this once.
    NoStore,
}

/// What a live answer may be old at most: the promise given for revocations.
const LIVE_SECONDS: u64 = 300;

impl Cache {
    /// Live until the moment `change`, if one is known.
    pub fn live(now: DateTime<Utc>, change: Option<DateTime<Utc>>) -> Self {
        let until_change = change.map(|at| u64::try_from((at - now).num_seconds()).unwrap_or(0));
        Cache::Live { until_change }
    }

    /// As in `Cache-Control`.
    pub fn control(self) -> String {
        match self {
            Cache::Page => "no-cache".to_owned(),
            Cache::Live { until_change } => match until_change.unwrap_or(LIVE_SECONDS).min(LIVE_SECONDS) {
                0 => "no-cache".to_owned(),
                seconds => format!("public, max-age={seconds}, s-maxage={seconds}"),
            },
            Cache::Immutable => "public, max-age=31536000, immutable".to_owned(),
            Cache::NoStore => "no-store".to_owned(),
        }
    }
}

/// Who reads an answer, which decides what a browser may do with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// A person, in a page of ours.
    Page,
    /// A person, in the page that takes badges to check: it runs our script, which may ask for the camera.
    Form,
    /// A page of ours: a part that it loads.
    Part,
    /// Everybody's pages, mails and widgets: `<img>` from anywhere.
    Picture,
    /// Everybody's programs: scripts of other sites may read it.
    PublicData,
    /// The caller of an authenticated address.
    Caller,
}

impl Audience {
    /// Its `Content-Security-Policy`.
    pub fn policy(self) -> &'static str {
        match self {
            Audience::Page => &PAGE_POLICY,
            Audience::Form => &FORM_POLICY,
            Audience::Picture => PICTURE_POLICY,
            Audience::PublicData | Audience::Caller | Audience::Part => NOTHING,
        }
    }

    /// Its `Permissions-Policy`: what a page may ask the browser's owner for.
    pub fn permissions(self) -> Option<&'static str> {
        match self {
            Audience::Page => Some("camera=(), microphone=(), geolocation=()"),
            Audience::Form => Some("camera=(self), microphone=(), geolocation=()"),
            Audience::Picture | Audience::PublicData | Audience::Caller | Audience::Part => None,
        }
    }
}

/// JSON is not for looking at: whatever a browser makes of it, it loads and runs nothing.
const NOTHING: &str = "default-src 'none'; frame-ancestors 'none'";

/// For an SVG opened by itself: its own drawing and nothing else.
const PICTURE_POLICY: &str = concat!(
    "default-src 'none'; ",
    "style-src 'unsafe-inline'; ", // presentation attributes and <style> of the drawing
    "img-src data:; ",             // the vendor's logo is embedded
    "sandbox"
);

/// Everything is shut; each opening has its reason.
static PAGE_POLICY: LazyLock<String> = LazyLock::new(|| {
    let openings = [
        "default-src 'none'",
        // The one inline style sheet, by its hash: injected styles are dropped.
        &format!("style-src 'sha256-{}'", STANDARD.encode(Sha256::digest(STYLE))),
        // Badge pictures and the logo; nothing of other hosts.
        "img-src 'self'",
        // The forms that check a badge.
        "form-action 'self'",
        // No <base> can turn our links elsewhere.
        "base-uri 'none'",
        // Nobody frames the verification page and dresses it up.
        "frame-ancestors 'none'",
    ];
    openings.join("; ")
});

/// The page that takes badges runs one script: dropping, pasting and the camera. It loads nothing else, and what the
/// camera sees stays in the browser.
static FORM_POLICY: LazyLock<String> = LazyLock::new(|| format!("{}; script-src 'self'", *PAGE_POLICY));

/// An answer on its way out.
#[derive(Debug, Clone)]
pub struct Answer {
    status: StatusCode,
    content_type: &'static str,
    audience: Audience,
    cache: Cache,
    indexed: bool,
    etag: Option<String>,
    vary: bool,
    alternate: Option<String>,
    body: Bytes,
}

impl Answer {
    /// A 200, unlisted by search engines, with a strong `ETag` made of the body.
    pub fn new(content_type: &'static str, audience: Audience, cache: Cache, body: impl Into<Bytes>) -> Self {
        Answer {
            status: StatusCode::OK,
            content_type,
            audience,
            cache,
            indexed: false,
            etag: None,
            vary: false,
            alternate: None,
            body: body.into(),
        }
    }

    /// With another status.
    #[must_use]
    pub fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// Kept in another way.
    #[must_use]
    pub fn cache(mut self, cache: Cache) -> Self {
        self.cache = cache;
        self
    }

    /// For other readers.
    #[must_use]
    pub fn audience(mut self, audience: Audience) -> Self {
        self.audience = audience;
        self
    }

    /// The same is said at this address in another form (RFC 8288): programs that come by a QR code find it there.
    #[must_use]
    pub fn alternate(mut self, address: &str, media: &str) -> Self {
        self.alternate = Some(format!("<{address}>; rel=\"alternate\"; type=\"{media}\""));
        self
    }

    /// May be found by search engines.
    #[must_use]
    pub fn indexed(mut self) -> Self {
        self.indexed = true;
        self
    }

    /// The address has other forms, chosen by `Accept`.
    #[must_use]
    pub fn negotiated(mut self) -> Self {
        self.vary = true;
        self
    }

    /// With an `ETag` known beforehand, so that a cached body need not be hashed again; made by [`etag`].
    #[must_use]
    pub fn tagged(mut self, etag: String) -> Self {
        self.etag = Some(etag);
        self
    }
}

/// The strong `ETag` of a body.
pub fn etag(body: &[u8]) -> String {
    let digest = Sha256::digest(body);
    let mut tag = String::with_capacity(34);
    tag.push('"');
    for byte in &digest[..16] {
        write!(tag, "{byte:02x}").expect("writing to a string does not fail");
    }
    tag.push('"');
    tag
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let mut headers = HeaderMap::with_capacity(12);
        set(&mut headers, header::CONTENT_TYPE, self.content_type);
        set(&mut headers, header::CONTENT_SECURITY_POLICY, self.audience.policy());
        set(&mut headers, header::CACHE_CONTROL, &self.cache.control());
        match self.audience {
            Audience::Picture | Audience::PublicData => {
                set(&mut headers, header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
                set(&mut headers, CORP, "cross-origin");
            }
            Audience::Page | Audience::Form | Audience::Part | Audience::Caller => {
                set(&mut headers, CORP, "same-origin");
            }
        }
        if let Some(permissions) = self.audience.permissions() {
            set(&mut headers, HeaderName::from_static("permissions-policy"), permissions);
        }
        if let Some(alternate) = &self.alternate {
            set(&mut headers, header::LINK, alternate);
        }
        if !self.indexed {
            set(&mut headers, HeaderName::from_static("x-robots-tag"), "noindex");
        }
        if self.vary {
            set(&mut headers, header::VARY, "Accept");
        }
        if self.cache != Cache::NoStore {
            set(&mut headers, header::ETAG, &self.etag.unwrap_or_else(|| etag(&self.body)));
        }
        set_general(&mut headers);
        (self.status, headers, self.body).into_response()
    }
}

/// Middleware, around everything: answers 304 to who has it already, and gives the headers that no answer may lack to
/// those that were made elsewhere.
pub async fn finish(request: Request, next: Next) -> Response {
    let reading = matches!(*request.method(), Method::GET | Method::HEAD);
    let known = request.headers().get(header::IF_NONE_MATCH).cloned().filter(|_| reading);
    let mut response = next.run(request).await;
    set_general(response.headers_mut());
    let headers = response.headers_mut();
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(NOTHING));
    unless_known(known.as_ref(), response)
}

/// The answer, or a 304 to who has it already.
pub(super) fn unless_known(known: Option<&HeaderValue>, mut response: Response) -> Response {
    let unchanged = response.status() == StatusCode::OK
        && known.zip(response.headers().get(header::ETAG)).is_some_and(|(known, tag)| matches(known, tag));
    if unchanged {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        *response.body_mut() = Body::empty();
        response.headers_mut().remove(header::CONTENT_TYPE);
        response.headers_mut().remove(header::CONTENT_LENGTH);
    }
    response
}

/// Middleware, around compression: a compressed body has not the bytes that a strong `ETag` speaks of.
pub async fn weaken(mut response: Response) -> Response {
    let headers = response.headers_mut();
    let strong = headers.get(header::ETAG).and_then(|tag| tag.to_str().ok()).filter(|tag| tag.starts_with('"'));
    let weak = strong.and_then(|tag| HeaderValue::from_str(&format!("W/{tag}")).ok());
    if let Some(weak) = weak.filter(|_| headers.contains_key(header::CONTENT_ENCODING)) {
        headers.insert(header::ETAG, weak);
    }
    response
}

/// Weak comparison, as RFC 9110 §13.1.2 asks for `If-None-Match`.
fn matches(known: &HeaderValue, tag: &HeaderValue) -> bool {
    let (Ok(known), Ok(tag)) = (known.to_str(), tag.to_str()) else { return false };
    known.split(',').map(str::trim).any(|k| k == "*" || opaque(k) == opaque(tag))
}

/// What is between the quotes, with them.
fn opaque(tag: &str) -> &str {
    tag.strip_prefix("W/").unwrap_or(tag)
}

const CORP: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

fn set_general(headers: &mut HeaderMap) {
    set(headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    // Award numbers are in our paths; they are not told to the sites that pages link to.
    set(headers, header::REFERRER_POLICY, "no-referrer");
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    headers.insert(name, HeaderValue::from_str(value).expect("header values of ours are ASCII"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(cache: Cache, expected: &str) {
        assert_eq!(cache.control(), expected);
    }

    #[test]
    fn policies_say_how_long() {
        let now = "2026-11-20T12:00:00Z".parse().unwrap();
        let at = |text: &str| Some(text.parse().unwrap());
        check(Cache::Page, "no-cache");
        check(Cache::live(now, None), "public, max-age=300, s-maxage=300");
        check(Cache::live(now, at("2027-01-01T00:00:00Z")), "public, max-age=300, s-maxage=300");
        check(Cache::live(now, at("2026-11-20T12:00:42Z")), "public, max-age=42, s-maxage=42");
        check(Cache::live(now, at("2026-11-20T12:00:00Z")), "no-cache");
        check(Cache::live(now, at("2026-11-20T11:00:00Z")), "no-cache");
        check(Cache::Immutable, "public, max-age=31536000, immutable");
        check(Cache::NoStore, "no-store");
    }

    #[track_caller]
    fn check_known(known: &str, expected: bool) {
        for tag in ["\"abc\"", "W/\"abc\""] {
            assert_eq!(matches(&known.parse().unwrap(), &HeaderValue::from_static(tag)), expected, "{known} {tag}");
        }
    }

    #[test]
    fn a_known_tag_is_recognized() {
        check_known("\"abc\"", true);
        check_known("W/\"abc\"", true);
        check_known("\"x\", \"abc\"", true);
        check_known("*", true);
        check_known("\"abcd\"", false);
        check_known("abc", false);
        check_known("", false);
    }

    #[test]
    fn every_policy_begins_with_nothing_and_one_page_runs_a_script() {
        use Audience::{Caller, Form, Page, Part, Picture, PublicData};
        for audience in [Page, Form, Part, Picture, PublicData, Caller] {
            assert!(audience.policy().starts_with("default-src 'none'; "), "{audience:?}");
            assert_eq!(audience.policy().contains("script-src"), audience == Form, "{audience:?}");
            let asks = audience.permissions().is_some_and(|permissions| permissions.contains("camera=(self)"));
            assert_eq!(asks, audience == Form, "{audience:?}");
        }
        assert!(Form.policy().ends_with("; script-src 'self'"), "nothing inline, nothing of other hosts");
    }
}
