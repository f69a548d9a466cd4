//! `/api/v1/awards/{award}` and its verbs.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use super::award::When;
use crate::app::App;
use crate::http::auth::{Authorized, AwardsRead, AwardsWrite};
use crate::http::extract::{Json, Path, Query, Raw, read_json_body};
use crate::http::problem::{Code, Problem, ProblemBody};
use crate::id::AwardId;
use crate::rules::Standing;
use crate::service::awards::{self, AwardThen, AwardView, Call, Verb, VerbRequest};
use crate::service::{Answer, moment};

/// An award, its state now, its addresses and its history; of the moment that is asked about, what was true beside that.
#[utoipa::path(
    get, path = "/api/v1/awards/{award}", tag = "awards", operation_id = "show_award",
    params(("award" = String, Path, description = "The award's number"), When), security(("api_key" = ["awards:read"])),
    responses((status = 200, description = "The award", body = AwardView), (status = 404, description = "No such award", body = ProblemBody))
)]
pub(in crate::http) async fn show(
    State(app): State<Arc<App>>,
    caller: Authorized<AwardsRead>,
    Path(award): Path<String>,
    Query(when): Query<When>,
) -> Result<Response, Problem> {
    let when = when.read(&app).await?;
    let id = number(&award)?;
    let known = awards::find(&app, id).await?;
    let known = known.filter(|known| caller.is_operator() || known.realm == caller.realm).ok_or_else(unknown)?;
    let then = AwardThen::of(&app, &known, when).await?;
    let standing = Standing { award: Some(known.award().clone()), ..known.standing.clone() };
    let now = AwardView::new(&app, known.realm, &standing, &known.basis.program, moment(&app));
    Ok(Json(AwardView { then, ..now }).into_response())
}

/// Renews, reissues (corrects), suspends, reinstates or revokes an award.
#[utoipa::path(
    post, path = "/api/v1/awards/{award}/{verb}", tag = "awards", operation_id = "change_award",
    params(
        ("award" = String, Path, description = "The award's number"),
        ("verb" = String, Path, description = "`renew`, `reissue`, `suspend`, `reinstate` or `revoke`"),
        ("Idempotency-Key" = Option<String>, Header, description = "A repeat with the same key is answered as before"),
    ),
    request_body = VerbRequest, security(("api_key" = ["awards:write"])),
    responses(
        (status = 200, description = "The award as it is now", body = AwardView),
        (status = 404, description = "No such award", body = ProblemBody),
        (status = 409, description = "The award's state does not allow it", body = ProblemBody),
    )
)]
pub(in crate::http) async fn act(
    State(app): State<Arc<App>>,
    caller: Authorized<AwardsWrite>,
    Path((award, verb)): Path<(String, String)>,
    headers: HeaderMap,
    raw: Raw,
) -> Result<Response, Problem> {
    let verb: Verb = verb.parse().map_err(|()| {
        Problem::new(Code::NotFound, "There is no such verb.").hint("renew, reissue, suspend, reinstate or revoke")
    })?;
    let id = number(&award)?;
    let request: VerbRequest = if raw.bytes.is_empty() { VerbRequest::default() } else { read_json_body(&raw)? };
    let key = idempotency_key(&headers)?;
    let call = Call { award: id, verb, request: &request, idempotency_key: key.as_deref() };
    let answer = awards::act(&app, &caller, call).await?;
    Ok(answered(answer).into_response())
}

/// `Idempotency-Key`: a quoted string, or a bare token.
pub(super) fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(value) = headers.get("idempotency-key") else {
        return Ok(None);
    };
    let text =
        value.to_str().ok().map(|text| text.trim().trim_matches('"')).filter(|text| (1..=200).contains(&text.len()));
    let malformed = || Problem::new(Code::MalformedRequest, "The Idempotency-Key must be 1 to 200 visible characters.");
    text.map(|text| Some(text.to_owned())).ok_or_else(malformed)
}

fn number(text: &str) -> Result<AwardId, Problem> {
    text.parse().map_err(|_| unknown())
}

fn unknown() -> Problem {
    Problem::new(Code::UnknownAward, "There is no award under this number.")
}

/// A use case's answer with its own status; a repeat says so.
pub(super) fn answered(answer: Answer) -> impl IntoResponse {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    let replayed = answer.replayed.then_some([("idempotency-replayed", "true")]);
    (status, replayed, Json(answer.body))
}
