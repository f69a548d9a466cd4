//! Events as others read them: what happened, in order, from a cursor on; the pull side of webhooks.

mod filter;
mod search;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Map, Value};
use tokio::time::Instant;
use utoipa::ToSchema;

use super::Breakdown;
use crate::app::App;
use crate::id::Realm;
use crate::store::{Event, EventKind, Place, Position};

pub use filter::{Filter, TYPES, UnknownType};
pub use search::{find, first_since};

/// The most events of one answer; what was recorded together is never torn apart, so there may be a few more.
pub const MOST_EVENTS: usize = 1_000;
/// The longest wait for an event.
pub const MOST_WAIT: Duration = Duration::from_secs(25);
/// So many may wait at a time; who comes then is answered at once.
const MOST_WAITING: usize = 64;
/// So many events are read at a time, and so many pages for one answer: a rare type is found over several answers.
const PAGE: usize = 200;
const MOST_PAGES: usize = 20;

/// One thing that happened: ids, codes and dates; names are behind the addresses of the API.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct EventView {
    /// The `webhook-id` of its messages.
    pub id: String,
    /// Such as `award.issued`.
    #[serde(rename = "type")]
    pub kind: String,
    /// When it was recorded.
    pub timestamp: DateTime<Utc>,
    /// Ids, codes and dates, by type.
    #[schema(value_type = Object)]
    pub data: Map<String, Value>,
}

impl EventView {
    /// As everybody outside sees it.
    pub fn new(event: &Event) -> Self {
        let (kind, data) = told(&event.what);
        EventView { id: event.id.to_string(), kind, timestamp: event.recorded_at, data }
    }
}

/// The type of an event, and what else there is to say.
pub(super) fn told(what: &EventKind) -> (String, Map<String, Value>) {
    let Ok(Value::Object(mut data)) = serde_json::to_value(what) else {
        unreachable!("an event is an object with string keys");
    };
    let kind = data.shift_remove("type").and_then(|kind| kind.as_str().map(str::to_owned)).unwrap_or_default();
    (kind, data)
}

/// A piece of the events.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct EventPage {
    /// In the order in which they were recorded.
    pub data: Vec<EventView>,
    /// Where to go on: also when there was nothing.
    pub next_cursor: Cursor,
    /// Whether to go on at once.
    pub more: bool,
}

/// How far somebody has read. Opaque to callers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ToSchema)]
#[schema(value_type = String)]
pub struct Cursor(Position);

impl Cursor {
    /// Before the first event.
    pub const START: Cursor = Cursor(Position::START);

    /// As [`Cursor`] is written.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('e').filter(|digits| digits.len() == 16)?;
        let plain = digits.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'a'..=b'f'));
        plain.then(|| u64::from_str_radix(digits, 16).ok().map(|position| Cursor(Position(position)))).flatten()
    }

    /// After everything that has been recorded.
    pub async fn end(app: &App) -> Result<Self, Breakdown> {
        Ok(Cursor(app.store.end_of_feed().await?))
    }
}

impl Serialize for Cursor {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("e{:016x}", self.0.0))
    }
}

/// The events of a realm after a cursor. When there are none, the next ones within `wait`.
pub async fn list(
    app: &App,
    realm: Realm,
    filter: &Filter,
    after: Cursor,
    (limit, wait): (usize, Duration),
) -> Result<EventPage, Breakdown> {
    let waiting = Waiting::enter(&app.caches.waiting);
    let wait = if waiting.is_some() { wait.min(MOST_WAIT) } else { Duration::ZERO };
    let deadline = Instant::now() + wait;
    let limit = limit.clamp(1, MOST_EVENTS);
    let (mut at, mut data, mut pages) = (after.0, Vec::new(), 0);
    loop {
        let left = if data.is_empty() { deadline.saturating_duration_since(Instant::now()) } else { Duration::ZERO };
        let found = app.store.events(Place::after(at), limit.max(PAGE), left).await?;
        let (end, mut full) = (found.events.is_empty(), false);
        for (place, event) in &found.events {
            let position = Position(place.after.0 + 1);
            full = data.len() >= limit && position != at;
            if full {
                break;
            }
            at = position;
            if event.realm == realm && filter.lets(event) {
                data.push(EventView::new(event));
            }
        }
        if !full {
            at = found.upto.max(at);
        }
        pages += 1;
        let waited = Instant::now() >= deadline;
        if full || pages == MOST_PAGES || end && (waited || !data.is_empty()) {
            return Ok(EventPage { data, next_cursor: Cursor(at), more: !end });
        }
    }
}

/// A place among those who wait.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn enter(count: &'a AtomicUsize) -> Option<Self> {
        let place = Waiting(count);
        (count.fetch_add(1, Ordering::Relaxed) < MOST_WAITING).then_some(place)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_is_written_and_not_otherwise() {
        let written = serde_json::to_value(Cursor(Position(0x12ab))).unwrap();
        assert_eq!(written, "e00000000000012ab");
        assert_eq!(Cursor::parse("e00000000000012ab"), Some(Cursor(Position(0x12ab))));
        for text in
            ["", "e", "12ab", "e12ab", "e00000000000012AB", "e+0000000000012ab", "f00000000000012ab", "eééééééé"]
        {
            assert_eq!(Cursor::parse(text), None, "{text}");
        }
    }

    #[test]
    fn who_waits_leaves_again() {
        let count = AtomicUsize::new(0);
        let first: Vec<_> = (0..MOST_WAITING).map(|_| Waiting::enter(&count)).collect();
        assert!(first.iter().all(Option::is_some) && Waiting::enter(&count).is_none());
        drop(first);
        assert_eq!(count.load(Ordering::Relaxed), 0);
    }
}
