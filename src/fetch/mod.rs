//! The one guarded door to the outside: https, public addresses, small answers, short patience, no memory.

mod addresses;
mod error;
mod resolver;
mod target;

use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use reqwest::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, LOCATION, RETRY_AFTER};
use reqwest::{Client, Method, Response};

use self::resolver::PublicOnly;
use self::target::Target;
use crate::config::Authority;

pub use error::FetchError;

/// How often a request is sent on.
const MOST_REDIRECTS: usize = 3;
/// The most header fields of an answer.
const MOST_HEADERS: usize = 100;
/// How long is waited for the rest of an answer of which only the status counts.
const EXCERPT_PATIENCE: Duration = Duration::from_secs(2);

/// How much and how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The longest answer to [`Door::get`], in bytes.
    pub most: usize,
    /// What is read of an answer to [`Door::post`], in bytes.
    pub excerpt: usize,
    /// The longest wait for a connection.
    pub connect: Duration,
    /// The longest wait for a whole answer, all redirects included.
    pub whole: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { most: 1 << 20, excerpt: 16 << 10, connect: Duration::from_secs(5), whole: Duration::from_secs(15) }
    }
}

/// Asks strangers, and tells them things. Cheap to clone.
#[derive(Clone)]
pub struct Door(Arc<Inner>);

struct Inner {
    allowed: Vec<Authority>,
    limits: Limits,
    /// Resolves names to public addresses only.
    guarded: OnceLock<Result<Client, String>>,
    /// For the places that the operator allowed; knows no guard.
    exempt: OnceLock<Result<Client, String>>,
}

/// An answer that was fetched, whatever its status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// HTTP status.
    pub status: u16,
    /// `Content-Type` without parameters, lower case; empty when there was none.
    pub media_type: String,
    /// As sent.
    pub bytes: Bytes,
    /// Where the answer came from, after redirects.
    pub final_url: String,
}

/// What a receiver said to a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// HTTP status; 300 to 399 was not followed.
    pub status: u16,
    /// When the receiver wants to be asked again.
    pub retry_after: Option<RetryAfter>,
    /// The beginning of the answer's body.
    pub excerpt: String,
}

/// A `Retry-After` field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryAfter {
    /// So many seconds later.
    Seconds(u32),
    /// Then.
    At(DateTime<Utc>),
}

impl Door {
    /// A door through which `allowed` places are reached without the guard.
    pub fn new(allowed: Vec<Authority>, limits: Limits) -> Self {
        Door(Arc::new(Inner { allowed, limits, guarded: OnceLock::new(), exempt: OnceLock::new() }))
    }

    /// Whether this address may be asked, as far as it can be told without looking up its name.
    pub fn check(&self, url: &str) -> Result<(), FetchError> {
        Target::new(url, &self.0.allowed).map(drop)
    }

    /// Fetches an address and follows up to three redirects, each judged anew.
    pub async fn get(&self, url: &str, accept: &str) -> Result<Fetched, FetchError> {
        let target = Target::new(url, &self.0.allowed)?;
        let late = self.late(&target.host);
        tokio::time::timeout(self.0.limits.whole, self.follow(target, accept)).await.unwrap_or(Err(late))
    }

    /// Sends a message. A redirect is an answer like any other, and is not followed.
    pub async fn post(
        &self,
        url: &str,
        headers: &[(&'static str, String)],
        body: impl Into<Bytes>,
    ) -> Result<Answered, FetchError> {
        let target = Target::new(url, &self.0.allowed)?;
        let mut request = self.client(target.exempt)?.request(Method::POST, target.url.clone());
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let request = request.header(ACCEPT_ENCODING, "identity").body(body.into());
        let sending = tokio::time::timeout(self.0.limits.whole, request.send());
        let answer = sending.await.map_err(|_| self.late(&target.host))?;
        let mut answer = answer.map_err(|error| self.fault(&error, &target.host))?;
        let (status, retry_after) = (answer.status().as_u16(), retry_after(answer.headers()));
        let mut excerpt = Vec::new();
        // The status decides; whatever becomes of the rest, it was given.
        let _ = tokio::time::timeout(EXCERPT_PATIENCE, self.excerpt(&mut answer, &mut excerpt)).await;
        Ok(Answered { status, retry_after, excerpt: String::from_utf8_lossy(&excerpt).into_owned() })
    }

    async fn follow(&self, mut target: Target, accept: &str) -> Result<Fetched, FetchError> {
        let host = target.host.clone();
        for _ in 0..=MOST_REDIRECTS {
            let request = self.client(target.exempt)?.get(target.url.clone());
            let request = request.header(ACCEPT, accept).header(ACCEPT_ENCODING, "identity");
            let answer = request.send().await.map_err(|error| self.fault(&error, &target.host))?;
            if !matches!(answer.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
                return self.read(answer, target).await;
            }
            let location = answer.headers().get(LOCATION).and_then(|to| to.to_str().ok()).unwrap_or_default();
            target = target.sent_on(location, &self.0.allowed)?;
        }
        Err(FetchError::Redirects { host, most: MOST_REDIRECTS })
    }

    async fn read(&self, mut answer: Response, target: Target) -> Result<Fetched, FetchError> {
        let (most, host) = (self.0.limits.most, target.host);
        if answer.headers().get(CONTENT_ENCODING).is_some_and(|coding| coding != "identity") {
            return Err(FetchError::Compressed { host });
        }
        if answer.content_length().is_some_and(|length| length > most as u64) {
            return Err(FetchError::TooLarge { host, bytes: most });
        }
        let mut bytes = Vec::new();
        while let Some(piece) = answer.chunk().await.map_err(|error| self.fault(&error, &host))? {
            if bytes.len() + piece.len() > most {
                return Err(FetchError::TooLarge { host, bytes: most });
            }
            bytes.extend_from_slice(&piece);
        }
        let media = answer.headers().get(CONTENT_TYPE).and_then(|media| media.to_str().ok()).unwrap_or_default();
        let media_type = media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let final_url = target.url.into();
        Ok(Fetched { status: answer.status().as_u16(), media_type, bytes: bytes.into(), final_url })
    }

    async fn excerpt(&self, answer: &mut Response, into: &mut Vec<u8>) {
        while let Ok(Some(piece)) = answer.chunk().await {
            let room = self.0.limits.excerpt - into.len();
            into.extend_from_slice(&piece[..piece.len().min(room)]);
            if into.len() == self.0.limits.excerpt {
                return;
            }
        }
    }

    fn client(&self, exempt: bool) -> Result<&Client, FetchError> {
        let slot = if exempt { &self.0.exempt } else { &self.0.guarded };
        let built = slot.get_or_init(|| build(self.0.limits, exempt).map_err(|error| error.to_string()));
        built.as_ref().map_err(|reason| FetchError::Unready(reason.clone()))
    }

    fn late(&self, host: &str) -> FetchError {
        FetchError::Timeout { host: host.to_owned(), seconds: self.0.limits.whole.as_secs() }
    }

    /// The client keeps only one limit of time by itself: that of connecting.
    fn fault(&self, error: &reqwest::Error, host: &str) -> FetchError {
        FetchError::of(error, host, self.0.limits.connect.as_secs())
    }
}

impl fmt::Debug for Door {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Door").field("allowed", &self.0.allowed).field("limits", &self.0.limits).finish()
    }
}

fn build(limits: Limits, exempt: bool) -> reqwest::Result<Client> {
    // A second installation in one process is refused and harmless.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .user_agent(concat!("Assay/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(limits.connect)
        .http1_max_headers(MOST_HEADERS);
    if exempt { builder.build() } else { builder.dns_resolver(PublicOnly).https_only(true).build() }
}

/// A number of seconds, or a date as HTTP writes it.
fn retry_after(headers: &HeaderMap) -> Option<RetryAfter> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        return Some(RetryAfter::Seconds(text.parse().unwrap_or(u32::MAX)));
    }
    DateTime::parse_from_rfc2822(text).ok().map(|at| RetryAfter::At(at.to_utc()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn when_to_ask_again_is_a_number_or_a_date() {
        let at = |text: &str| Some(RetryAfter::At(text.parse().unwrap()));
        for (text, expected) in [
            ("120", Some(RetryAfter::Seconds(120))),
            ("0", Some(RetryAfter::Seconds(0))),
            ("99999999999", Some(RetryAfter::Seconds(u32::MAX))),
            ("Fri, 20 Nov 2026 10:00:00 GMT", at("2026-11-20T10:00:00Z")),
            ("", None),
            ("-1", None),
            ("soon", None),
        ] {
            let headers = [(RETRY_AFTER, text.parse().unwrap())].into_iter().collect();
            assert_eq!(retry_after(&headers), expected, "{text}");
        }
    }
}
