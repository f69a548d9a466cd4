//! `/xapi/…`: statements of learning platforms, as to a learning record store (xAPI 1.0.3).

use std::collections::HashSet;
use std::sync::Arc;

use axum::extract::{FromRequest as _, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::http::auth::Feeder;
use crate::http::extract::{Json, Query, Raw, read_json_body};
use crate::http::problem::{Code, Problem, ProblemBody};
use crate::id::random_urn;
use crate::intake::{InvalidValue, xapi};
use crate::service::intake::feeds::{self, Delivered, FeedAnswer};
use crate::service::moment;

const VERSION: HeaderName = HeaderName::from_static("x-experience-api-version");
/// What was made of each statement, since the body of an answer has its ids only.
const DECISIONS: HeaderName = HeaderName::from_static("assay-decisions");
/// The most that stand in that header.
const MAX_DECISIONS: usize = 100;
const OURS: HeaderValue = HeaderValue::from_static("1.0.3");

/// Which statement.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(in crate::http) struct Which {
    /// Its id.
    statement_id: String,
}

/// What is spoken here.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct About {
    /// Versions of xAPI.
    version: [&'static str; 4],
}

/// Takes statements: one, or an array of up to a thousand. The `[[map]]` of the program says what they mean.
///
/// A message about somebody who is not known here and has no name in it is answered as ignored (`person-unknown`), and its
/// payload is kept: send it again once the person is known, and it is judged anew. So is one that no map names (`unmapped`).
/// What cannot be told, and a grade that dropped, opens a review and takes nothing away.
#[utoipa::path(
    post, path = "/xapi/statements", tag = "results", operation_id = "post_statements",
    params(("X-Experience-API-Version" = String, Header, description = "1.0.x")),
    request_body(content = serde_json::Value, description = "A statement, or an array of them"),
    security(("api_key" = ["results:write"])),
    responses(
        (status = 200, description = "The ids; what was made of each is in the header Assay-Decisions", body = Vec<String>),
        (status = 400, description = "A statement cannot be read; none was taken", body = ProblemBody),
        (status = 409, description = "Another statement came under this id; none was taken", body = ProblemBody),
    )
)]
pub(in crate::http) async fn post(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    feeder: Result<Feeder, Problem>,
    request: Request,
) -> Response {
    let call = async {
        let feeder = feeder?;
        speaks(&headers)?;
        let statements = match read_json_body(&Raw::from_request(request, &app).await?)? {
            Value::Array(list) if list.len() > xapi::MAX_STATEMENTS => {
                let words = format!("A request has at most {} statements.", xapi::MAX_STATEMENTS);
                return Err(Problem::new(Code::PayloadTooLarge, words));
            }
            Value::Array(list) => list,
            one => vec![one],
        };
        let answers = take(&app, feeder, statements, None).await?;
        let ids: Vec<&str> = answers.iter().map(|answer| answer.message.as_str()).collect();
        Ok((decisions(&answers), Json(ids)).into_response())
    };
    versioned(call.await)
}

/// Takes one statement under an id.
#[utoipa::path(
    put, path = "/xapi/statements", tag = "results", operation_id = "put_statement",
    params(Which, ("X-Experience-API-Version" = String, Header, description = "1.0.x")),
    request_body(content = serde_json::Value, description = "A statement"),
    security(("api_key" = ["results:write"])),
    responses(
        (status = 204, description = "Taken; what was made of it is in the header Assay-Decisions"),
        (status = 400, description = "The statement cannot be read", body = ProblemBody),
        (status = 409, description = "Another statement came under this id", body = ProblemBody),
    )
)]
pub(in crate::http) async fn put(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    feeder: Result<Feeder, Problem>,
    which: Result<Query<Which>, Problem>,
    request: Request,
) -> Response {
    let call = async {
        let feeder = feeder?;
        speaks(&headers)?;
        let Query(which) = which?;
        if !xapi::is_uuid(&which.statement_id) {
            return Err(Problem::new(Code::MalformedRequest, "The parameter statementId is no UUID."));
        }
        let statement: Value = read_json_body(&Raw::from_request(request, &app).await?)?;
        let answers = take(&app, feeder, vec![statement], Some(which.statement_id.to_ascii_lowercase())).await?;
        Ok((StatusCode::NO_CONTENT, decisions(&answers)).into_response())
    };
    versioned(call.await)
}

/// Says which versions of xAPI are spoken here.
#[utoipa::path(
    get, path = "/xapi/about", tag = "results", operation_id = "xapi_about",
    responses((status = 200, description = "The versions", body = About))
)]
pub(in crate::http) async fn about() -> Response {
    versioned(Ok(Json(About { version: ["1.0.3", "1.0.2", "1.0.1", "1.0.0"] }).into_response()))
}

fn speaks(headers: &HeaderMap) -> Result<(), Problem> {
    let version = headers.get(VERSION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if version == "1.0" || version.starts_with("1.0.") {
        return Ok(());
    }
    Err(Problem::new(Code::MalformedRequest, "The header X-Experience-API-Version is missing or not 1.0.x.")
        .hint("Send X-Experience-API-Version: 1.0.3."))
}

/// All of them are read before the first is taken.
async fn take(
    app: &App,
    Feeder { caller, source }: Feeder,
    statements: Vec<Value>,
    id: Option<String>,
) -> Result<Vec<FeedAnswer>, Problem> {
    let now = moment(app);
    let (mut delivered, mut faults, mut ids) = (Vec::new(), Vec::new(), HashSet::new());
    let single = statements.len() == 1;
    for (n, mut statement) in statements.into_iter().enumerate() {
        let own = xapi::statement_id(&statement).map_err(|fault| vec![fault]);
        let read = own.and_then(|own| {
            let fault = |detail: &str| vec![InvalidValue { pointer: "/id".to_owned(), detail: detail.to_owned() }];
            let id = match (&id, own) {
                (Some(id), Some(own)) if *id != own => return Err(fault("is not the statementId of the address")),
                (Some(id), _) => id.clone(),
                (None, Some(own)) => own,
                (None, None) => random_urn(app.ids.as_ref()).trim_start_matches("urn:uuid:").to_owned(),
            };
            if !ids.insert(id.clone()) {
                return Err(fault("is the id of another statement of this request"));
            }
            // What a record store adds by itself is not what the statement says.
            for added in ["stored", "authority", "version"] {
                statement.as_object_mut().and_then(|members| members.shift_remove(added));
            }
            xapi::read(&statement, &id, now)
        });
        match read {
            Ok(message) => {
                let raw = serde_json::to_vec(&statement).map_err(Problem::internal)?.into();
                delivered.push(Delivered { message, raw, strict: true });
            }
            Err(found) => faults.extend(found.into_iter().map(|fault| {
                let place = if single { String::new() } else { format!("/{n}") };
                (format!("{place}{}", fault.pointer), fault.detail)
            })),
        }
    }
    if faults.is_empty() {
        return Ok(feeds::take_all(app, &caller, &source, &delivered).await?);
    }
    let problem = Problem::new(Code::MalformedRequest, "A statement cannot be read; none was taken.");
    Err(faults.into_iter().take(100).fold(problem, |problem, (pointer, detail)| problem.at(pointer, detail)))
}

fn decisions(answers: &[FeedAnswer]) -> [(HeaderName, String); 1] {
    let word = |answer: &FeedAnswer| match &answer.reason {
        Some(reason) => format!("{}={reason}", answer.decision),
        None => answer.decision.clone(),
    };
    [(DECISIONS, answers.iter().take(MAX_DECISIONS).map(word).collect::<Vec<_>>().join(", "))]
}

/// Every answer says the version, refusals too.
fn versioned(answer: Result<Response, Problem>) -> Response {
    let mut response = answer.into_response();
    response.headers_mut().insert(VERSION, OURS);
    response
}
