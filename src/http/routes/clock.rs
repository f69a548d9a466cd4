//! `/api/v1/clock`: what time brings, now or until a day.

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use chrono::{DateTime, NaiveDate, Utc};
use futures_util::stream;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::app::App;
use crate::http::auth::{Admin, Live};
use crate::http::extract::Json;
use crate::http::problem::{Code, Problem, ProblemBody};
use crate::workers::{self, Forecast, ForecastError, Line};

/// Until when to look ahead.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct LookAhead {
    /// The last day; without it everything that is due now is done, once.
    to: Option<NaiveDate>,
}

/// What was done.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Served {
    /// Whether anything was due.
    served: bool,
}

/// Does what is due; or, with a day, says what will happen until its end if nobody does anything: one JSON object a line,
/// then one of type `end`. For that a copy of the live store is led through time; the store itself stays as it is.
#[utoipa::path(
    post, path = "/api/v1/clock", tag = "operation", operation_id = "clock", request_body = LookAhead,
    security(("api_key" = ["admin"])),
    responses(
        (status = 200, description = "Lines, the last of type `end` or `error`; without a day `served`", content((Line = "application/x-ndjson"), (Served = "application/json"))),
        (status = 422, description = "The day is over, or too far away", body = ProblemBody),
    )
)]
pub(in crate::http) async fn clock(
    State(app): State<Arc<App>>,
    caller: Live<Admin>,
    Json(LookAhead { to }): Json<LookAhead>,
) -> Result<Response, Problem> {
    let Some(day) = to else {
        let served = workers::tick(&app).await?;
        return Ok(Json(Served { served }).into_response());
    };
    let until = workers::until(&app, &caller, day).await?;
    let lines = stream::unfold(Some(Stage::Waiting(app, until)), |state| async {
        let (text, next) = step(state?).await;
        Some((Ok::<_, Infallible>(Bytes::from(text)), next))
    });
    Ok(([(header::CONTENT_TYPE, "application/x-ndjson")], Body::from_stream(lines)).into_response())
}

/// How far the answer is.
enum Stage {
    Waiting(Arc<App>, DateTime<Utc>),
    Running(Box<Forecast>, usize),
}

/// The next piece of the answer, and what comes after it.
async fn step(state: Stage) -> (String, Option<Stage>) {
    let (mut forecast, told) = match state {
        Stage::Waiting(app, until) => match Forecast::new(&app, until).await {
            Ok(forecast) => (Box::new(forecast), 0),
            Err(error) => return (broken(&error), None),
        },
        Stage::Running(forecast, told) => (forecast, told),
    };
    match forecast.next().await {
        Ok(Some(lines)) => {
            let told = told + lines.len();
            (lines.iter().map(line).collect(), Some(Stage::Running(forecast, told)))
        }
        Ok(None) => (line(&json!({ "type": "end", "events": told })), None),
        Err(error) => (broken(&error), None),
    }
}

fn line(value: &impl Serialize) -> String {
    let mut text = serde_json::to_string(value).unwrap_or_default();
    text.push('\n');
    text
}

/// The answer has begun, so that its end must say that it broke off.
fn broken(error: &(dyn std::error::Error + 'static)) -> String {
    tracing::error!(error = %error, "a forecast broke off");
    let detail = match error.downcast_ref::<ForecastError>() {
        Some(known @ ForecastError::TooLarge(_)) => known.to_string(),
        _ => "the forecast broke off".to_owned(),
    };
    line(&json!({ "type": "error", "detail": detail }))
}

impl From<ForecastError> for Problem {
    fn from(error: ForecastError) -> Self {
        match error {
            ForecastError::Over(_) | ForecastError::TooFar(_) => {
                Problem::new(Code::InvalidValue, format!("The day {error}.")).at("/to", error.to_string())
            }
            ForecastError::TooLarge(_) => Problem::new(Code::PayloadTooLarge, format!("Not possible: {error}.")),
            ForecastError::Breakdown(breakdown) => breakdown.into(),
        }
    }
}
