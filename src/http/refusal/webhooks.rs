//! What is refused of webhooks and events.

use super::sentence;
use crate::http::problem::{Code, Problem};
use crate::service::events::UnknownType;
use crate::service::webhooks::WebhookError;

impl From<UnknownType> for Problem {
    fn from(error: UnknownType) -> Self {
        Problem::new(Code::InvalidValue, sentence(&error))
            .hint("Name types such as award.issued, or all of a kind with award.*; none means all.")
    }
}

impl From<WebhookError> for Problem {
    fn from(error: WebhookError) -> Self {
        match error {
            WebhookError::Unknown(_) => Problem::new(Code::NotFound, sentence(&error))
                .hint("GET /api/v1/webhooks lists those of the key's realm."),
            WebhookError::Url(ref reason) => Problem::new(Code::InvalidValue, sentence(&error))
                .at("/url", reason.to_string())
                .hint("Name an https address that the internet reaches; [fetch] allow in assay.toml lets others in."),
            WebhookError::Type(unknown) => Problem::from(unknown).at("/types", "has one that cannot be"),
            WebhookError::TooMany => {
                Problem::new(Code::InvalidState, sentence(&error)).hint("Remove one that is not needed any more.")
            }
            WebhookError::Disabled => Problem::new(Code::InvalidState, sentence(&error))
                .hint("Enable it first; it is told what happens from then on."),
            WebhookError::Replaying => {
                Problem::new(Code::InvalidState, sentence(&error)).hint("Wait until it has ended.")
            }
            WebhookError::UnknownEvent(_) => Problem::new(Code::NotFound, sentence(&error))
                .hint("The ids are those of GET /api/v1/events, and the webhook-id of messages."),
            WebhookError::Replay => Problem::new(Code::InvalidValue, sentence(&error))
                .hint(r#"Send {"event": "…"}, or {"from": "2026-11-20T00:00:00Z", "until": "…"}."#),
            WebhookError::Cursor => {
                Problem::new(Code::MalformedRequest, sentence(&error)).hint("Send the next_cursor of the page before.")
            }
            WebhookError::Breakdown(breakdown) => breakdown.into(),
        }
    }
}
