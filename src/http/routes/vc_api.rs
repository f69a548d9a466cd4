//! `/credentials/issue`, `/credentials/verify`, `/presentations/verify`: the W3C VC API (VCALM), when it is switched on.

use std::sync::Arc;

use axum::extract::{FromRequest as _, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::app::{App, VcApi};
use crate::http::extract::{Raw, read_json_body};
use crate::http::headers::{Answer, Audience, Cache};
use crate::http::problem::Problem;
use crate::service::vc_api::{
    self, IssueError, Options, PresentationResult, ProblemDetails, ProblemType, VerificationResult,
};
use crate::verification::Malformed;

/// A credential to be issued.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct IssueCredential {
    /// Without a proof of this service. Its `issuer` is the DID that `serve` tells, or is left out.
    #[schema(value_type = Object)]
    credential: Box<RawValue>,
    /// `credentialId`: becomes the `id` of a credential that has none.
    #[schema(value_type = Option<Object>)]
    options: Option<Map<String, Value>>,
}

/// What was issued.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct IssuedCredential {
    /// With its proof.
    #[schema(value_type = Object)]
    verifiable_credential: Value,
}

/// A credential to be verified.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in crate::http) struct VerifyCredential {
    /// A credential, an `EnvelopedVerifiableCredential`, or a compact JWS as a string.
    #[schema(value_type = Object)]
    verifiable_credential: Box<RawValue>,
    /// `returnResults`, `returnProblemDetails`, `returnCredential`; `challenge` and `domain`, which its proofs must say;
    /// `checks`, a list of names: all checks are made.
    #[schema(value_type = Option<Object>)]
    options: Option<Map<String, Value>>,
}

/// A presentation to be verified.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in crate::http) struct VerifyPresentation {
    /// A presentation, an `EnvelopedVerifiablePresentation`, or a compact JWS as a string.
    #[schema(value_type = Object)]
    verifiable_presentation: Box<RawValue>,
    /// `challenge` and `domain`, which its proofs must say; `returnPresentation`, `returnResults`, `returnProblemDetails`;
    /// `checks`, a list of names: all checks are made.
    #[schema(value_type = Option<Object>)]
    options: Option<Map<String, Value>>,
}

/// Why nothing was issued or verified.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct Refused {
    /// The first of the problems.
    #[serde(flatten)]
    first: ProblemDetails,
    /// The HTTP status.
    status: u16,
    /// False, where something was to be verified.
    #[serde(skip_serializing_if = "Option::is_none")]
    verified: Option<bool>,
    /// All of them.
    problem_details: Vec<ProblemDetails>,
}

/// Issues a test credential: whatever is well-formed, signed with a key that serves nothing else. Only if `[vc_api]` is on.
#[utoipa::path(
    post, path = "/credentials/issue", tag = "vc-api", operation_id = "vc_api_issue", request_body = IssueCredential,
    responses(
        (status = 201, description = "Signed; nothing of it is kept", body = IssuedCredential),
        (status = 400, description = "Not well-formed, of another issuer, or with options that are not known", body = Refused),
        (status = 404, description = "The VC API is off")
    )
)]
pub(in crate::http) async fn issue(State(app): State<Arc<App>>, request: Request) -> Result<Response, Problem> {
    let vc_api = switched_on(&app)?;
    let raw = Raw::from_request(request, &app).await?;
    let request: IssueCredential = match read_json_body(&raw) {
        Ok(request) => request,
        Err(problem) => return unread(&problem, None),
    };
    match vc_api::issue(&app, vc_api, request.credential.get(), request.options.as_ref()).await {
        Ok(verifiable_credential) => answer(StatusCode::CREATED, &IssuedCredential { verifiable_credential }),
        Err(IssueError::Refused(problems)) => refused(StatusCode::BAD_REQUEST, None, problems),
        Err(IssueError::Breakdown(breakdown)) => Err(breakdown.into()),
    }
}

/// Verifies a credential of anyone, whoever issued it. Only if `[vc_api]` is on.
#[utoipa::path(
    post, path = "/credentials/verify", tag = "vc-api", operation_id = "vc_api_verify", request_body = VerifyCredential,
    responses(
        (status = 200, description = "It verifies; or does not, if `refuse_invalid` is off", body = VerificationResult),
        (status = 400, description = "It does not verify, or the request cannot be read", body = VerificationResult),
        (status = 404, description = "The VC API is off")
    )
)]
pub(in crate::http) async fn verify(State(app): State<Arc<App>>, request: Request) -> Result<Response, Problem> {
    let vc_api = switched_on(&app)?;
    let raw = Raw::from_request(request, &app).await?;
    let request: VerifyCredential = match read_json_body(&raw) {
        Ok(request) => request,
        Err(problem) => return unread(&problem, Some(false)),
    };
    let options = match Options::of_credential(request.options.as_ref()) {
        Ok(options) => options,
        Err(problem) => return refused(StatusCode::BAD_REQUEST, Some(false), vec![problem]),
    };
    match vc_api::credential(&app, request.verifiable_credential.get(), &options).await? {
        Ok(result) => answer(status(vc_api, result.verified), &result),
        Err(malformed) => unverifiable(&malformed),
    }
}

/// Verifies a presentation and all credentials in it. Only if `[vc_api]` is on.
#[utoipa::path(
    post, path = "/presentations/verify", tag = "vc-api", operation_id = "vc_api_verify_presentation",
    request_body = VerifyPresentation,
    responses(
        (status = 200, description = "It verifies; or does not, if `refuse_invalid` is off", body = PresentationResult),
        (status = 400, description = "It does not verify, or the request cannot be read", body = PresentationResult),
        (status = 404, description = "The VC API is off")
    )
)]
pub(in crate::http) async fn presentation(State(app): State<Arc<App>>, request: Request) -> Result<Response, Problem> {
    let vc_api = switched_on(&app)?;
    let raw = Raw::from_request(request, &app).await?;
    let request: VerifyPresentation = match read_json_body(&raw) {
        Ok(request) => request,
        Err(problem) => return unread(&problem, Some(false)),
    };
    let options = match Options::of_presentation(request.options.as_ref()) {
        Ok(options) => options,
        Err(problem) => return refused(StatusCode::BAD_REQUEST, Some(false), vec![problem]),
    };
    match vc_api::presentation(&app, request.verifiable_presentation.get(), &options).await? {
        Ok(result) => answer(status(vc_api, result.verified), &result),
        Err(malformed) => unverifiable(&malformed),
    }
}

fn switched_on(app: &App) -> Result<&VcApi, Problem> {
    app.vc_api.as_ref().ok_or_else(Problem::nothing_here)
}

fn status(vc_api: &VcApi, verified: bool) -> StatusCode {
    if verified || !vc_api.refuse_invalid { StatusCode::OK } else { StatusCode::BAD_REQUEST }
}

/// What there is to verify cannot be read.
fn unverifiable(malformed: &Malformed) -> Result<Response, Problem> {
    refused(StatusCode::BAD_REQUEST, Some(false), vec![malformed.into()])
}

/// The body of the request cannot be read.
fn unread(problem: &Problem, verified: Option<bool>) -> Result<Response, Problem> {
    refused(problem.code().status(), verified, vec![ProblemType::Parsing.because(problem.body().detail)])
}

/// `problems` are not empty.
fn refused(
    status: StatusCode,
    verified: Option<bool>,
    problem_details: Vec<ProblemDetails>,
) -> Result<Response, Problem> {
    let first = problem_details[0].clone();
    answer(status, &Refused { first, status: status.as_u16(), verified, problem_details })
}

fn answer(status: StatusCode, body: &impl Serialize) -> Result<Response, Problem> {
    let json = serde_json::to_vec(body).map_err(Problem::internal)?;
    let answer = Answer::new("application/json", Audience::PublicData, Cache::NoStore, json).status(status);
    Ok(answer.into_response())
}
