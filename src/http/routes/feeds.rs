//! `/feeds/…`: events of Moodle's webhooks and of Canvas.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use crate::app::App;
use crate::http::auth::Feeder;
use crate::http::extract::{Json, Path, Raw, read_json_body};
use crate::http::problem::{Code, Problem, ProblemBody};
use crate::intake::{InvalidValue, canvas, flaw_of_text, moodle};
use crate::service::intake::feeds::{self, Delivered, FeedAnswer};
use crate::service::moment;

/// Takes an event of a learning platform: `local_webhooks` of Moodle, or live events of Canvas (`grade_change`,
/// `course_completed`). The `[[map]]` of the program says what it means; what it does not name is kept and ignored.
///
/// A message about somebody who is not known here and has no name in it is answered as ignored (`person-unknown`), and its
/// payload is kept: send it again once the person is known, and it is judged anew. So is one that no map names (`unmapped`).
/// What cannot be told, and a grade that dropped, opens a review and takes nothing away.
#[utoipa::path(
    post, path = "/feeds/{source}", tag = "results", operation_id = "receive_event",
    params(("source" = String, Path, description = "The feed, as the program's maps name it")),
    request_body(content = serde_json::Value, description = "The event, as the platform sends it"),
    security(("api_key" = ["results:write"])),
    responses(
        (status = 200, description = "What was made of it", body = FeedAnswer),
        (status = 422, description = "Not such an event", body = ProblemBody),
    )
)]
pub(in crate::http) async fn receive(
    State(app): State<Arc<App>>,
    Path(source): Path<String>,
    Feeder { caller, .. }: Feeder,
    raw: Raw,
) -> Result<Response, Problem> {
    if source.len() > 64 || flaw_of_text(&source).is_some() {
        return Err(Problem::new(Code::NotFound, "There is no such feed."));
    }
    let event: Value = read_json_body(&raw)?;
    let now = moment(&app);
    let (event, read) = if moodle::is_event(&event) {
        let event = moodle::without_token(event);
        let read = moodle::read(&event, now);
        (event, read)
    } else if canvas::is_event(&event) {
        let read = canvas::read(&event, &source, now);
        (event, read)
    } else {
        return Err(Problem::new(Code::InvalidValue, "This is neither an event of Moodle's webhooks nor of Canvas.")
            .hint("Moodle: the plugin local_webhooks, as JSON. Canvas: live events over HTTPS, not signed as JWT."));
    };
    let message = read.map_err(|faults| unreadable("The event cannot be read; nothing was recorded.", faults))?;
    let raw = serde_json::to_vec(&event).map_err(Problem::internal)?.into();
    let answer = feeds::take(&app, &caller, &source, &Delivered { message, raw, strict: false }).await?;
    Ok(Json(answer).into_response())
}

/// Everything that cannot be.
fn unreadable(words: &str, faults: Vec<InvalidValue>) -> Problem {
    faults.into_iter().fold(Problem::new(Code::InvalidValue, words), |p, fault| p.at(fault.pointer, fault.detail))
}
