//! `/api/v1/results`: where exam vendors and learning platforms report.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use utoipa::ToSchema;

use super::awards::answered;
use crate::app::App;
use crate::http::auth::Authorized;
use crate::http::extract::{Raw, read_json_body};
use crate::http::problem::{Problem, ProblemBody};
use crate::intake::Submission;
use crate::rules::Unmet;
use crate::service::awards::AwardView;
use crate::service::results;

/// What became of a result.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the answer, which is kept as JSON")]
pub(in crate::http) struct ResultAnswer {
    /// The id it was reported under.
    result: String,
    /// `awarded`, `renewed`, `recorded` or `withheld`.
    decision: String,
    /// The award, if one is held.
    award: Option<AwardView>,
    /// Everything that is not met yet.
    unmet: Vec<Unmet>,
}

/// Reports one result. The same id with the same body is answered as before and changes nothing.
#[utoipa::path(
    post, path = "/api/v1/results", tag = "results", operation_id = "submit_result",
    request_body = Submission, security(("api_key" = ["results:write"])),
    responses(
        (status = 201, description = "Everything is met: awarded", body = ResultAnswer),
        (status = 200, description = "Recorded, or withheld with every reason", body = ResultAnswer),
        (status = 409, description = "Another result was reported under this id", body = ProblemBody),
        (status = 422, description = "Unknown certification or requirement, or a value that cannot be", body = ProblemBody),
    )
)]
pub(in crate::http) async fn submit(
    State(app): State<Arc<App>>,
    caller: Authorized,
    raw: Raw,
) -> Result<Response, Problem> {
    let caller = caller.with("results:write")?;
    let submission: Submission = read_json_body(&raw)?;
    let answer = results::submit(&app, &caller, &submission, &raw.bytes).await?;
    Ok(answered(answer).into_response())
}
