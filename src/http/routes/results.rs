//! `/api/v1/results`: where exam vendors and learning platforms report: one result, a list of them, or a stream.

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{FromRequest as _, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::awards::answered;
use crate::app::App;
use crate::http::auth::{Authorized, ResultsWrite};
use crate::http::extract::{Json, Raw, media_of, read_json, read_json_body};
use crate::http::incoming::Incoming;
use crate::http::problem::{Code, Problem, ProblemBody};
use crate::intake::Submission;
use crate::intake::lines::{Line, Lines, MAX_LINE};
use crate::rules::Unmet;
use crate::service::Answer;
use crate::service::awards::AwardView;
use crate::service::caller::Caller;
use crate::service::intake::{Reported, WINDOW, submit_all};
use crate::service::results::{self, SubmitOptions};

/// The most results of one list; a stream has no end.
const MAX_LIST: usize = 1_000;

/// What became of a result.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the answer, which is kept as JSON")]
pub(in crate::http) struct ResultAnswer {
    /// The id it was reported under.
    result: String,
    /// `awarded`, `renewed`, `reinstated`, `recorded` or `withheld`.
    decision: String,
    /// The version of the program that judged: the one in force when it happened.
    program: u32,
    /// The award, if one is held.
    award: Option<AwardView>,
    /// Everything that is not met yet.
    unmet: Vec<Unmet>,
    /// The review for which the result waits, since it does not say all that is asked; left out where it does.
    review: Option<String>,
}

/// What became of one of many.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the answer, which is kept as JSON")]
pub(in crate::http) struct LineAnswer {
    /// Its place: the line of a stream, or the position in a list; from 1.
    line: u64,
    /// The id it was reported under, if that could be read.
    result: Option<String>,
    /// The HTTP status it would have had alone.
    status: u16,
    /// As for one result.
    decision: Option<String>,
    /// The award, if one is held.
    award: Option<AwardView>,
    /// Everything that is not met yet.
    unmet: Option<Vec<Unmet>>,
    /// The review for which the result waits; left out where it does not.
    review: Option<String>,
    /// Why it was refused.
    problem: Option<ProblemBody>,
}

/// What became of a list.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the answer, which is kept as JSON")]
pub(in crate::http) struct ListAnswer {
    /// In the order of the list.
    data: Vec<LineAnswer>,
}

/// Reports results: one as an object, up to a thousand as an array, or any number as a stream of lines (NDJSON), which is
/// answered line by line. The same id with the same body is answered as before and changes nothing.
#[utoipa::path(
    post, path = "/api/v1/results", tag = "results", operation_id = "submit_result",
    request_body(content((Submission = "application/json"), (String = "application/x-ndjson")), description = "A result, an array of them, or one in each line"),
    security(("api_key" = ["results:write"])),
    responses(
        (status = 201, description = "Everything is met: awarded", body = ResultAnswer),
        (status = 200, description = "Recorded, or withheld with every reason; for many, what became of each", content((ResultAnswer = "application/json"), (LineAnswer = "application/x-ndjson"))),
        (status = 409, description = "Another result was reported under this id", body = ProblemBody),
        (status = 422, description = "Unknown certification or requirement, or a value that cannot be", body = ProblemBody),
    )
)]
pub(in crate::http) async fn submit(
    State(app): State<Arc<App>>,
    caller: Authorized<ResultsWrite>,
    request: Request,
) -> Result<Response, Problem> {
    if media_of(request.headers()) == "application/x-ndjson" {
        return Ok(stream(app, caller.into_caller(), Incoming::new(request.into_body())));
    }
    let raw = Raw::from_request(request, &app).await?;
    if raw.bytes.trim_ascii_start().starts_with(b"[") {
        return list(&app, &caller, &raw).await;
    }
    let submission: Submission = read_json_body(&raw)?;
    let answer = results::submit(&app, &caller, &submission, &raw.bytes).await?;
    Ok(answered(answer).into_response())
}

async fn list(app: &Arc<App>, caller: &Caller, raw: &Raw) -> Result<Response, Problem> {
    let items: Vec<&RawValue> = read_json_body(raw)?;
    if items.is_empty() {
        let problem = Problem::new(Code::MalformedRequest, "The list is empty.");
        return Err(problem.at("", "has no result").hint("Send a result, or a list of at least one."));
    }
    if items.len() > MAX_LIST {
        let words = format!("A list has at most {MAX_LIST} results; this one has {}.", items.len());
        return Err(Problem::new(Code::PayloadTooLarge, words)
            .hint("Send several lists, or a stream: Content-Type: application/x-ndjson, one result in each line."));
    }
    let lines = items
        .iter()
        .zip(1..)
        .map(|(item, number)| Line { number, text: Some(Bytes::copy_from_slice(item.get().as_bytes())) });
    let data = answers(app, caller, lines.collect()).await;
    Ok(Json(json!({ "data": data })).into_response())
}

/// Answers while it reads: nobody holds more than a window of lines.
fn stream(app: Arc<App>, caller: Caller, incoming: Incoming) -> Response {
    let reading = Reading { app, caller, incoming, lines: Lines::default(), over: false };
    let lines = futures_util::stream::unfold(reading, |mut reading| async move {
        let text = reading.step().await?;
        Some((Ok::<_, Infallible>(text), reading))
    });
    let headers = [(CONTENT_TYPE, "application/x-ndjson"), (CACHE_CONTROL, "no-store")];
    (headers, Body::from_stream(lines)).into_response()
}

struct Reading {
    app: Arc<App>,
    caller: Caller,
    incoming: Incoming,
    lines: Lines,
    over: bool,
}

impl Reading {
    /// The answers to the lines that are there; `None` at the end.
    async fn step(&mut self) -> Option<Bytes> {
        if self.over {
            return None;
        }
        let mut window = Vec::new();
        let mut broken = None;
        while window.len() < WINDOW {
            if let Some(line) = self.lines.next_line() {
                window.push(line);
                continue;
            }
            // Who waits for an answer before sending on gets it.
            let piece = if window.is_empty() {
                self.incoming.next().await
            } else if let Some(piece) = self.incoming.ready() {
                piece
            } else {
                break;
            };
            match piece {
                Ok(Some(bytes)) => self.lines.push(&bytes),
                Ok(None) => {
                    window.extend(self.lines.last_line());
                    self.over = true;
                    break;
                }
                Err(problem) => {
                    (self.over, broken) = (true, Some(problem));
                    break;
                }
            }
        }
        let mut answers = answers(&self.app, &self.caller, window).await;
        answers.extend(broken.map(|problem| refused(None, None, &problem)));
        Some(answers.iter().fold(String::new(), |text, line| format!("{text}{line}\n")).into())
    }
}

/// What became of each line, in their order.
async fn answers(app: &Arc<App>, caller: &Caller, lines: Vec<Line>) -> Vec<Value> {
    let mut answers: Vec<Value> = Vec::with_capacity(lines.len());
    let (mut places, mut reported) = (Vec::new(), Vec::new());
    for Line { number, text } in lines {
        let read = match text {
            None => {
                Err(Problem::new(Code::PayloadTooLarge, format!("A line may have at most {} kB.", MAX_LINE / 1024)))
            }
            Some(raw) => read_json::<Submission>(&raw).map(|submission| Reported { submission, raw }),
        };
        match read {
            Ok(one) => {
                places.push((answers.len(), number, one.submission.id.clone()));
                reported.push(one);
                answers.push(Value::Null);
            }
            Err(problem) => answers.push(refused(Some(number), None, &problem)),
        }
    }
    let taken = submit_all(app, caller, reported, SubmitOptions::default()).await;
    for ((place, number, id), answer) in places.into_iter().zip(taken) {
        answers[place] = match answer {
            Ok(Answer { status, body, replayed }) => {
                let mut line = json!({ "line": number, "result": id, "status": status });
                for member in ["decision", "award", "unmet"] {
                    line[member] = body[member].clone();
                }
                if let Some(review) = body.get("review") {
                    line["review"] = review.clone();
                }
                if replayed {
                    line["replayed"] = true.into();
                }
                line
            }
            Err(error) => refused(Some(number), Some(&id), &error.into()),
        };
    }
    answers
}

fn refused(line: Option<u64>, result: Option<&str>, problem: &Problem) -> Value {
    if let Some(cause) = problem.chain() {
        tracing::warn!(problem = problem.code().name(), cause, "one of many results was refused");
    }
    json!({ "line": line, "result": result, "status": problem.code().status().as_u16(), "problem": problem.body() })
}
