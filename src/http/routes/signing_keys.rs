//! `/api/v1/signing-keys`: the issuer's keys.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::http::auth::{KeysWrite, Live};
use crate::http::extract::{Json, Path};
use crate::http::problem::{Code, Problem, ProblemBody};
use crate::service::signing_keys;
use crate::store::SigningKeyRecord;

/// All of them.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct SigningKeys {
    data: Vec<SigningKeyRecord>,
}

/// Which key, for `retire`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Which {
    /// Multibase public key.
    kid: Option<String>,
}

/// Lists the issuer's keys and the intervals in which they signed.
#[utoipa::path(get, path = "/api/v1/signing-keys", tag = "keys", operation_id = "list_signing_keys", security(("api_key" = ["keys:write"])), responses((status = 200, description = "The keys", body = SigningKeys)))]
pub(in crate::http) async fn list(State(app): State<Arc<App>>, _: Live<KeysWrite>) -> Result<Response, Problem> {
    Ok(Json(SigningKeys { data: signing_keys::list(&app).await? }).into_response())
}

/// Generates a key (published at once, signing nothing), rotates to it, or retires one.
#[utoipa::path(
    post, path = "/api/v1/signing-keys/{verb}", tag = "keys", operation_id = "change_signing_keys",
    params(("verb" = String, Path, description = "`generate`, `rotate` or `retire`")),
    request_body = Which, security(("api_key" = ["keys:write"])),
    responses((status = 200, description = "The key", body = SigningKeyRecord), (status = 409, description = "Not possible", body = ProblemBody))
)]
pub(in crate::http) async fn act(
    State(app): State<Arc<App>>,
    caller: Live<KeysWrite>,
    Path(verb): Path<String>,
    Json(which): Json<Which>,
) -> Result<Response, Problem> {
    let key = match (verb.as_str(), which.kid) {
        ("generate", None) => signing_keys::generate(&app, &caller).await?,
        ("rotate", None) => signing_keys::rotate(&app, &caller).await?,
        ("retire", Some(kid)) => signing_keys::retire(&app, &caller, &kid).await?,
        ("retire", None) => return Err(Problem::new(Code::InvalidValue, "Which key?").at("/kid", "is needed")),
        ("generate" | "rotate", Some(_)) => {
            return Err(Problem::new(Code::InvalidValue, "This takes no key.").at("/kid", "is for retire only"));
        }
        _ => return Err(Problem::new(Code::NotFound, "There is no such verb.").hint("generate, rotate or retire")),
    };
    Ok(Json(key).into_response())
}
