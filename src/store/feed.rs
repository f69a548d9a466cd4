//! The feed as events, and how far one has read in it.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::engine::{EngineError, Key, Position};
use super::event::Event;
use super::{Store, read_set};

/// A place between two events of the feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// All events up to this commit are before it.
    pub after: Position,
    /// And so many that follow.
    #[serde(default)]
    pub and: usize,
}

impl Place {
    /// After everything that a commit said.
    pub fn after(position: Position) -> Self {
        Place { after: position, and: 0 }
    }
}

/// Some events, each with the place after it.
#[derive(Debug, Clone, Default)]
pub struct Events {
    /// In the order of the feed; those of one commit are together.
    pub events: Vec<(Place, Event)>,
    /// Everything before it has been read.
    pub upto: Position,
}

impl Store {
    /// The events after a place, some `limit` of them; when there are none, the next ones within `wait`.
    pub async fn events(&self, place: Place, limit: usize, wait: Duration) -> Result<Events, EngineError> {
        let feed = self.engine.feed(place.after, limit + place.and, wait).await?;
        let (mut events, mut before, mut and) = (Vec::with_capacity(feed.entries.len()), Position::START, 0);
        for (n, entry) in feed.entries.iter().enumerate() {
            and = if entry.position == before { and + 1 } else { 1 };
            before = entry.position;
            if n >= place.and {
                let event = read_set::decode(&Key::new(&["e", &entry.position.to_string()]), &entry.doc)?;
                events.push((Place { after: Position(entry.position.0 - 1), and }, event));
            }
        }
        Ok(Events { events, upto: feed.upto })
    }

    /// The first event after a position, with its own position.
    pub async fn first_event(&self, after: Position) -> Result<Option<(Position, Event)>, EngineError> {
        let found = self.events(Place::after(after), 1, Duration::ZERO).await?;
        Ok(found.events.into_iter().next().map(|(place, event)| (Position(place.after.0 + 1), event)))
    }

    /// A position that no event is after.
    pub async fn end_of_feed(&self) -> Result<Position, EngineError> {
        let (mut low, mut step) = (0_u64, 1_024_u64);
        while self.first_event(Position(low.saturating_add(step))).await?.is_some() {
            low = low.saturating_add(step);
            step = step.saturating_mul(2);
        }
        let mut high = low.saturating_add(step);
        // An event is after `low` (or there is none at all), none after `high`.
        while low < high {
            let middle = low + (high - low) / 2;
            match self.first_event(Position(middle)).await? {
                Some((found, _)) => low = found.0,
                None => high = middle,
            }
        }
        Ok(Position(high))
    }
}
