//! One attempt to tell one event.

use chrono::SubsecRound as _;

use super::Turn;
use crate::app::App;
use crate::fetch::RetryAfter;
use crate::service::events::told;
use crate::service::moment;
use crate::service::webhooks::message::message;
use crate::service::webhooks::schedule::{Outcome, millis};
use crate::store::{Delivery, Webhook};

/// The most characters of an answer that are kept.
const EXCERPT: usize = 1_000;

/// An attempt that was made.
pub(super) struct Made {
    pub(super) outcome: Outcome,
    /// When the receiver wants to be asked again.
    pub(super) asked: Option<RetryAfter>,
    pub(super) log: Delivery,
}

/// Tells it, and waits for the answer.
pub(super) async fn attempt(app: &App, webhook: &Webhook, turn: &Turn) -> Made {
    let (began, at) = (app.clock.now(), moment(app));
    let message = message(app.urls.base(), webhook, &turn.event, at);
    let answer = app.door.post(&webhook.url, &message.headers, message.body).await;
    let outcome = Outcome::of(&answer);
    let (kind, _) = told(&turn.event.what);
    let mut log = Delivery {
        event: turn.event.id.clone(),
        kind,
        attempt: turn.attempts + 1,
        at: began.trunc_subsecs(0),
        delivered: outcome == Outcome::Delivered,
        status: None,
        error: None,
        millis: millis(began, app.clock.now()),
        answer: String::new(),
        next_attempt_at: None,
    };
    tracing::debug!(webhook = %webhook.id, event = %turn.event.id, attempt = log.attempt, ?outcome, "told");
    let asked = match answer {
        Ok(answered) => {
            log.status = Some(answered.status);
            log.answer = excerpt(&answered.excerpt);
            answered.retry_after
        }
        Err(error) => {
            log.error = Some(error.to_string());
            None
        }
    };
    Made { outcome, asked, log }
}

/// At most a kilobyte, without what a terminal would obey.
fn excerpt(text: &str) -> String {
    let plain = text.chars().map(|c| if c.is_control() && c != '\n' { ' ' } else { c });
    let mut kept = String::new();
    for c in plain {
        if kept.len() + c.len_utf8() > EXCERPT {
            break;
        }
        kept.push(c);
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_is_short_and_harmless() {
        assert_eq!(excerpt("ok\n\u{1b}[31mred\u{7}"), "ok\n [31mred ");
        assert_eq!(excerpt(&"é".repeat(900)).len(), EXCERPT);
    }
}
