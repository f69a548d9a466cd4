//! The log of attempts, newest first, and how long it is kept.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Breakdown, WebhookError, read};
use crate::app::App;
use crate::clock::rfc3339;
use crate::id::Realm;
use crate::store::{Delivery, DeliveryMark, ReadSet};

/// Attempts are kept so long.
const KEPT: TimeDelta = TimeDelta::days(30);
/// How often old ones are looked for.
const SWEEP: TimeDelta = TimeDelta::hours(1);
/// The most attempts of one answer, and the most that are looked at for it.
const MOST: usize = 200;
const MOST_SEEN: usize = 2_000;

/// Which attempts are wanted.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Only those that the receiver took, or only the others.
    pub delivered: Option<bool>,
    /// The `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// How many.
    pub limit: usize,
}

/// A piece of the log.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeliveryPage {
    /// Newest first.
    pub data: Vec<Delivery>,
    /// Where older ones are; none are without it.
    pub next_cursor: Option<String>,
}

/// What was told to a webhook in the last 30 days.
pub async fn deliveries(app: &App, realm: Realm, id: &str, wanted: Wanted) -> Result<DeliveryPage, WebhookError> {
    let webhook = read(app, realm, id, &mut ReadSet::new()).await?;
    let mut mark = wanted.cursor.as_deref().map(|text| parse(text).ok_or(WebhookError::Cursor)).transpose()?;
    let limit = wanted.limit.clamp(1, MOST);
    let (mut data, mut seen) = (Vec::new(), 0);
    loop {
        let rows = app.store.deliveries(realm, &webhook.id, mark.as_ref(), MOST).await?;
        let end = rows.len() < MOST;
        let mut cut = false;
        for (at, delivery) in rows {
            cut = data.len() == limit;
            if cut {
                break;
            }
            mark = Some(at);
            seen += 1;
            if wanted.delivered.is_none_or(|delivered| delivered == delivery.delivered) {
                data.push(delivery);
            }
        }
        if cut || end || seen >= MOST_SEEN {
            let next_cursor = mark.filter(|_| cut || !end).map(|mark| write(&mark));
            return Ok(DeliveryPage { data, next_cursor });
        }
    }
}

/// Forgets old attempts, now and then.
pub(super) async fn sweep(app: &App, realm: Realm, now: DateTime<Utc>) -> Result<(), Breakdown> {
    for webhook in app.store.webhooks(realm).await? {
        while app.store.forget_deliveries(realm, &webhook.id, now - KEPT, 500).await? {}
    }
    Ok(())
}

/// Whether it is time again; the next process asks anew.
pub(super) fn sweep_is_due(app: &App, now: DateTime<Utc>) -> bool {
    let mut work = app.caches.webhooks.lock().expect("no panic while the work is held");
    let due = work.swept_at.is_none_or(|at| now - at >= SWEEP);
    if due {
        work.swept_at = Some(now);
    }
    due
}

fn write(mark: &DeliveryMark) -> String {
    URL_SAFE_NO_PAD.encode(format!("{} {}", rfc3339(mark.at), mark.rest))
}

fn parse(text: &str) -> Option<DeliveryMark> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok().filter(|bytes| bytes.len() < 100)?).ok()?;
    let (at, rest) = text.split_once(' ')?;
    let plain = !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    plain.then_some(DeliveryMark { at: at.parse().ok()?, rest: rest.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_is_written() {
        let mark = DeliveryMark { at: "2026-11-20T10:00:00Z".parse().unwrap(), rest: "abc-01-00000001".to_owned() };
        assert_eq!(parse(&write(&mark)), Some(mark));
        for text in ["", "é", "AAAA", "bm90aGluZw", &"A".repeat(400)] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
