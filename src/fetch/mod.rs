//! The one guarded door to the outside: https, public addresses, small answers, short patience, and a short memory.

mod addresses;
mod client;
mod errand;
mod error;
mod flights;
mod lifetime;
mod memory;
mod resolver;
mod target;
mod turns;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use reqwest::header::{ACCEPT_ENCODING, HeaderMap, RETRY_AFTER};
use reqwest::{Method, Response};

use self::client::Clients;
use self::errand::Errand;
use self::flights::Flights;
use self::memory::Memory;
use self::target::Target;
use self::turns::Turns;
use crate::clock::Clock;
use crate::config::Places;

pub use error::FetchError;

/// How long is waited for the rest of an answer of which only the status counts.
const EXCERPT_PATIENCE: Duration = Duration::from_secs(2);

/// How much, how long and how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// What is read of an answer to [`Door::post`], in bytes.
    pub excerpt: usize,
    /// The longest wait for a connection.
    pub connect: Duration,
    /// The longest wait for a whole answer, the wait for its turn and all redirects included.
    pub whole: Duration,
    /// How many addresses of one host are fetched at a time.
    pub per_host: usize,
    /// How many addresses are fetched at a time.
    pub at_once: usize,
}

impl Default for Limits {
    fn default() -> Self {
        let (connect, whole) = (Duration::from_secs(5), Duration::from_secs(15));
        Limits { excerpt: 16 << 10, connect, whole, per_host: 4, at_once: 64 }
    }
}

/// Asks strangers, and tells them things. Cheap to clone; clones remember the same.
#[derive(Clone)]
pub struct Door(Arc<Inner>);

struct Inner {
    places: Places,
    limits: Limits,
    clock: Arc<dyn Clock>,
    clients: Clients,
    memory: Memory,
    flights: Flights,
    turns: Turns,
}

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ask<'a> {
    /// Address; a fragment is not sent.
    pub url: &'a str,
    /// `Accept`.
    pub accept: &'a str,
    /// The longest answer that is taken, in bytes, unpacked.
    pub most: usize,
}

/// An answer that was fetched, whatever its status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// HTTP status.
    pub status: u16,
    /// `Content-Type` without parameters, lower case; empty when there was none.
    pub media_type: String,
    /// As sent, unpacked if it came in gzip.
    pub bytes: Bytes,
    /// Every address that was asked, in order: each but the last sent the request on to the next.
    pub way: Vec<String>,
    /// When it came.
    pub fetched_at: DateTime<Utc>,
    /// Whether it came before it was asked for this time.
    pub from_cache: bool,
}

impl Fetched {
    /// Where the answer came from.
    pub fn address(&self) -> &str {
        self.way.last().map_or("", String::as_str)
    }
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
    /// A door that guards all but these places.
    pub fn new(places: Places, limits: Limits, clock: Arc<dyn Clock>) -> Self {
        let turns = Turns::new(limits.per_host, limits.at_once);
        let (clients, memory, flights) = (Clients::default(), Memory::new(), Flights::default());
        Door(Arc::new(Inner { places, limits, clock, clients, memory, flights, turns }))
    }

    /// Whether this address may be told something, as far as it can be seen without looking up its name.
    pub fn check(&self, url: &str) -> Result<(), FetchError> {
        Target::new(url, &self.0.places.allow).map(drop)
    }

    /// Whether this address is at a place that only the operator's word opens to strangers.
    pub fn is_opened(&self, url: &str) -> bool {
        Target::new(url, &self.0.places.strangers).is_ok_and(|target| target.exempt)
    }

    /// Fetches an address to which somebody's badge leads, and follows up to three redirects, each judged anew.
    ///
    /// An answer is given again as long as it is fresh: as long as its host says, an hour at most, a minute where it says
    /// nothing. So is a failure, for half a minute: whoever does not answer is not asked by everybody.
    pub async fn get(&self, ask: Ask<'_>) -> Result<Fetched, FetchError> {
        let target = Target::new(ask.url, &self.0.places.strangers)?;
        let errand = Errand { target, accept: ask.accept.to_owned(), most: ask.most };
        let name = errand.name();
        if let Some(known) = self.0.memory.recall(&name, self.0.clock.now()) {
            return known;
        }
        self.0.flights.join(&name, self.0.clone().run(errand)).await
    }

    /// Sends a message, however often that was tried. A redirect is an answer like any other, and is not followed.
    pub async fn post(
        &self,
        url: &str,
        headers: &[(&'static str, String)],
        body: impl Into<Bytes>,
    ) -> Result<Answered, FetchError> {
        let target = Target::new(url, &self.0.places.allow)?;
        let mut request = self.0.clients.get(target.exempt, self.0.limits)?.request(Method::POST, target.url.clone());
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let request = request.header(ACCEPT_ENCODING, "identity").body(body.into());
        let sending = tokio::time::timeout(self.0.limits.whole, request.send());
        let answer = sending.await.map_err(|_| self.0.late(&target.host))?;
        let mut answer = answer.map_err(|error| self.0.fault(&error, &target.host))?;
        let (status, retry_after) = (answer.status().as_u16(), retry_after(answer.headers()));
        let mut excerpt = Vec::new();
        // The status decides; whatever becomes of the rest, it was given.
        let _ = tokio::time::timeout(EXCERPT_PATIENCE, self.excerpt(&mut answer, &mut excerpt)).await;
        Ok(Answered { status, retry_after, excerpt: String::from_utf8_lossy(&excerpt).into_owned() })
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
}

impl fmt::Debug for Door {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Door").field("places", &self.0.places).field("limits", &self.0.limits).finish()
    }
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
