//! Finding events by time or id: the feed is in the order of commits, and so nearly in that of time.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::app::App;
use crate::id::{EventId, Realm};
use crate::service::Breakdown;
use crate::store::{Event, Place, Position};

/// So far the clocks of several nodes may be apart.
const SLACK: TimeDelta = TimeDelta::minutes(10);
/// So many events are read at a time.
const PAGE: usize = 500;
const DIGITS: &str = "0123456789abcdefghjkmnpqrstvwxyz";

/// A position that everything recorded since `time` is after.
pub async fn first_since(app: &App, time: DateTime<Utc>) -> Result<Position, Breakdown> {
    let time = time.checked_sub_signed(SLACK).unwrap_or(DateTime::<Utc>::MIN_UTC);
    let (mut low, mut high) = (0, app.store.end_of_feed().await?.0);
    while low < high {
        let middle = low + (high - low) / 2;
        match app.store.first_event(Position(middle)).await? {
            Some((position, event)) if event.recorded_at < time => low = position.0,
            _ => high = middle,
        }
    }
    Ok(Position(low))
}

/// The event of a realm with this id.
pub async fn find(app: &App, realm: Realm, id: &EventId) -> Result<Option<Event>, Breakdown> {
    let Some(made_at) = made_at(id) else { return Ok(None) };
    let mut at = first_since(app, made_at).await?;
    let end = made_at + SLACK;
    loop {
        let found = app.store.events(Place::after(at), PAGE, Duration::ZERO).await?;
        let late = found.events.iter().any(|(_, event)| event.recorded_at > end);
        if let Some((_, event)) = found.events.iter().find(|(_, event)| event.id == *id) {
            return Ok((event.realm == realm).then(|| event.clone()));
        }
        if late || found.events.is_empty() {
            return Ok(None);
        }
        at = found.upto;
    }
}

/// The moment in an id: its first 50 bits are a count of milliseconds.
fn made_at(id: &EventId) -> Option<DateTime<Utc>> {
    let mut digits = id.as_str().chars().take(10).map(|digit| DIGITS.find(digit));
    let millis = digits.try_fold(0_i64, |millis, digit| Some(millis << 5 | i64::try_from(digit?).ok()?))?;
    DateTime::from_timestamp_millis(millis)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::CountedIds;

    #[test]
    fn an_id_tells_when_it_was_made() {
        for time in ["1970-01-01T00:00:00Z", "2026-11-20T10:00:00Z", "2526-01-01T00:00:00.123Z"] {
            let time = time.parse().unwrap();
            assert_eq!(made_at(&EventId::new(time, &CountedIds::default())), Some(time));
        }
        assert_eq!(made_at(&"u".repeat(26).parse().unwrap()), None);
        assert!(made_at(&"z".repeat(26).parse().unwrap()).is_none_or(|at| at + SLACK > at));
    }
}
