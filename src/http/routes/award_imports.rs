//! `POST /api/v1/awards`: awards of history.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use utoipa::ToSchema;

use super::awards::answered;
use crate::app::App;
use crate::http::auth::{Authorized, AwardsWrite};
use crate::http::extract::{Raw, read_json_body};
use crate::http::problem::{Problem, ProblemBody};
use crate::service::awards::AwardView;
use crate::service::import_awards::{self, AwardImport};

/// What became of an award of history.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the answer, which is kept as JSON")]
pub(in crate::http) struct AwardImportAnswer {
    /// The id it was reported under.
    import: String,
    /// The award.
    award: AwardView,
}

/// Takes in one award of history with its original dates; nobody is told. The same id with the same body is answered as before.
#[utoipa::path(
    post, path = "/api/v1/awards", tag = "awards", operation_id = "import_award",
    request_body = AwardImport, security(("api_key" = ["awards:write"])),
    responses(
        (status = 201, description = "It is an award here, too", body = AwardImportAnswer),
        (status = 409, description = "The person holds one already, or the id was used for another award", body = ProblemBody),
        (status = 422, description = "Unknown certification, or a value that cannot be", body = ProblemBody),
    )
)]
pub(in crate::http) async fn import(
    State(app): State<Arc<App>>,
    caller: Authorized<AwardsWrite>,
    raw: Raw,
) -> Result<Response, Problem> {
    let import: AwardImport = read_json_body(&raw)?;
    Ok(answered(import_awards::import(&app, &caller, &import, &raw.bytes).await?).into_response())
}
