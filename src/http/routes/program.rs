//! `/api/v1/program`: the versions of the rule book, and how one comes into force.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::http::auth::{Live, ProgramWrite};
use crate::http::extract::{Json, Path, Raw, read_json};
use crate::http::problem::{Code, Problem, ProblemBody};
use crate::program::Assets;
use crate::service::point_in_time::DayOrMoment;
use crate::service::program::{self, Application, Applied, Fate, Outcome, Overview, Review, VersionWithText};

/// A program file to be applied.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct NewProgram {
    /// The file as written.
    text: String,
    /// The files it names (logo, artwork), by name, as base64.
    #[serde(default)]
    assets: BTreeMap<String, String>,
    /// From when it shall decide: a day of its own time zone (`2027-01-01`) or a moment; now unless told.
    effective_at: Option<String>,
    /// Only say what it would change.
    #[serde(default)]
    dry_run: bool,
}

/// An empty object, or nothing at all.
#[derive(ToSchema)]
pub(in crate::http) struct Nothing {}

/// The version in force, all versions, and the one that waits for another caller.
#[utoipa::path(
    get, path = "/api/v1/program", tag = "program", operation_id = "show_program", security(("api_key" = ["program:write"])),
    responses((status = 200, description = "The versions", body = Overview))
)]
pub(in crate::http) async fn overview(State(app): State<Arc<App>>, _: Live<ProgramWrite>) -> Result<Response, Problem> {
    Ok(Json(program::overview(&app).await?).into_response())
}

/// One version of the program with its file.
#[utoipa::path(
    get, path = "/api/v1/program/{version}", tag = "program", operation_id = "show_program_version",
    params(("version" = u32, Path, description = "Its number")), security(("api_key" = ["program:write"])),
    responses((status = 200, description = "The version", body = VersionWithText), (status = 404, description = "No such version", body = ProblemBody))
)]
pub(in crate::http) async fn show(
    State(app): State<Arc<App>>,
    _: Live<ProgramWrite>,
    Path(version): Path<String>,
) -> Result<Response, Problem> {
    let found = match version.parse() {
        Ok(version) => program::show(&app, version).await?,
        Err(_) => None,
    };
    Ok(Json(found.ok_or_else(no_version)?).into_response())
}

/// Applies a program file: at once or from a date on. What shortens or ends awards waits for another caller.
#[utoipa::path(
    post, path = "/api/v1/program", tag = "program", operation_id = "apply_program",
    request_body = NewProgram, security(("api_key" = ["program:write"])),
    responses(
        (status = 201, description = "It decides from its date on", body = Applied),
        (status = 200, description = "A preview, or a file that changes nothing", body = Applied),
        (status = 202, description = "It waits until another caller confirms it", body = Applied),
        (status = 409, description = "Another version waits already", body = ProblemBody),
        (status = 422, description = "The file has faults, or the date cannot be", body = ProblemBody),
    )
)]
pub(in crate::http) async fn apply(
    State(app): State<Arc<App>>,
    caller: Live<ProgramWrite>,
    raw: Raw,
) -> Result<Response, Problem> {
    let new: NewProgram = read_json(&raw.bytes)?;
    let assets = decoded(&new.assets)?;
    let effective = new.effective_at.as_deref().map(|text| DayOrMoment::read(text).ok_or_else(no_date)).transpose()?;
    let application = Application { text: &new.text, assets: &assets, effective, dry_run: new.dry_run };
    let applied = program::apply(&app, &caller, application).await?;
    let status = match applied.outcome {
        Outcome::Applied => StatusCode::CREATED,
        Outcome::Proposed => StatusCode::ACCEPTED,
        Outcome::Unchanged | Outcome::Preview | Outcome::Rejected => StatusCode::OK,
    };
    Ok((status, Json(applied)).into_response())
}

/// Confirms or rejects the version that waits: `confirm` needs another caller than its proposer.
#[utoipa::path(
    post, path = "/api/v1/program/{version}/{verb}", tag = "program", operation_id = "decide_program",
    params(("version" = u32, Path, description = "Its number"), ("verb" = String, Path, description = "`confirm` or `reject`")),
    request_body(content = Nothing, description = "Nothing is needed"), security(("api_key" = ["program:write"])),
    responses(
        (status = 200, description = "What became of it", body = Applied),
        (status = 403, description = "Who proposed it cannot confirm it", body = ProblemBody),
        (status = 409, description = "It does not wait", body = ProblemBody),
    )
)]
pub(in crate::http) async fn decide(
    State(app): State<Arc<App>>,
    caller: Live<ProgramWrite>,
    Path((version, verb)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let fate = match verb.as_str() {
        "confirm" => Fate::Confirm,
        "reject" => Fate::Reject,
        _ => return Err(Problem::new(Code::NotFound, "There is no such verb.").hint("confirm or reject")),
    };
    let version = version.parse().map_err(|_| no_version())?;
    Ok(Json(program::decide(&app, &caller, version, fate).await?).into_response())
}

/// Says that the contents of a certification were looked over just now.
#[utoipa::path(
    post, path = "/api/v1/certifications/{certification}/reviewed", tag = "program", operation_id = "content_reviewed",
    params(("certification" = String, Path, description = "Its id")),
    request_body(content = Nothing, description = "Nothing is needed"), security(("api_key" = ["program:write"])),
    responses(
        (status = 200, description = "When it is due again", body = Review),
        (status = 422, description = "No such certification, or no review is asked for", body = ProblemBody),
    )
)]
pub(in crate::http) async fn reviewed(
    State(app): State<Arc<App>>,
    caller: Live<ProgramWrite>,
    Path(certification): Path<String>,
) -> Result<Response, Problem> {
    Ok(Json(program::reviewed(&app, &caller, &certification).await?).into_response())
}

fn decoded(assets: &BTreeMap<String, String>) -> Result<Assets, Problem> {
    let engine = base64::engine::general_purpose::STANDARD;
    let one = |(name, text): (&String, &String)| {
        let bytes = engine.decode(text.trim()).map_err(|_| {
            let pointer = format!("/assets/{}", name.replace('~', "~0").replace('/', "~1"));
            Problem::new(Code::MalformedRequest, "A file is no base64.").at(pointer, "is no base64")
        })?;
        Ok((name.clone(), bytes))
    };
    assets.iter().map(one).collect()
}

fn no_date() -> Problem {
    Problem::new(Code::InvalidValue, "The effective date cannot be read.")
        .at("/effective_at", "must be a day such as 2027-01-01 or a moment such as 2027-01-01T00:00:00Z")
}

fn no_version() -> Problem {
    Problem::new(Code::NotFound, "There is no such version of the program.").hint("GET /api/v1/program lists them.")
}
