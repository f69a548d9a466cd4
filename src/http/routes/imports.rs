//! `/api/v1/imports`: files of results.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::{Stream, StreamExt as _};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::app::App;
use crate::http::auth::{Authorized, ResultsWrite};
use crate::http::extract::{Json, Query, media_of};
use crate::http::headers::{Answer, Audience, Cache};
use crate::http::incoming::Incoming;
use crate::http::negotiate::{Media, choose_or_first};
use crate::http::problem::{Code, Fault, Problem, ProblemBody};
use crate::intake::csv::{self, ResultLine, Settings};
use crate::service::intake::import::{self, Checked, ImportError, Imported, Plan, Refused};
use crate::service::intake::{MAX_FILE, Spool, SpoolError};
use crate::service::results::SubmitOptions;

/// What became of a file.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct ImportAnswer {
    /// Whether it was only looked at.
    dry_run: bool,
    #[serde(flatten)]
    checked: Checked,
    /// How often each decision was made: `awarded`, `renewed`, `recorded`, `withheld`, `refused`.
    counts: BTreeMap<String, u64>,
    /// What is wrong with the bad rows, the first thousand faults.
    errors: Vec<Fault>,
}

/// Imports a CSV file: all of its rows, or none and every fault with line and column.
///
/// Answered as JSON (a summary), as `application/x-ndjson` (the summary, then a line for each row as it is done, then the
/// counts) or as `text/csv` (the result file). A day without a time stands for its first moment in the program's time zone.
#[utoipa::path(
    post, path = "/api/v1/imports", tag = "results", operation_id = "import_results",
    request_body(content = String, content_type = "text/csv", description = "UTF-8; comma, semicolon or tab; at most 1,000,000 rows"),
    params(
        ("dry_run" = Option<bool>, Query, description = "Look at everything, write nothing"),
        ("partial" = Option<bool>, Query, description = "Import the good rows although there are bad ones"),
        ("history" = Option<bool>, Query, description = "With original dates, and nobody is told"),
        ("source" = Option<String>, Query, description = "Where the file comes from: stands before the ids of its rows, and names the system of the persons' ids"),
        ("certification" = Option<String>, Query, description = "For rows that name none"),
        ("requirement" = Option<String>, Query, description = "For rows that name none"),
        ("map" = Option<String>, Query, description = "`column=field`; may be repeated"),
    ),
    security(("api_key" = ["results:write"])),
    responses(
        (status = 200, description = "What became of the rows", content((ImportAnswer = "application/json"), (ResultLine = "application/x-ndjson"), (String = "text/csv"))),
        (status = 400, description = "The file cannot be read", body = ProblemBody),
        (status = 422, description = "Rows cannot be imported; nothing was written", body = ProblemBody),
    )
)]
pub(in crate::http) async fn import(
    State(app): State<Arc<App>>,
    caller: Authorized<ResultsWrite>,
    Query(pairs): Query<Vec<(String, String)>>,
    request: Request,
) -> Result<Response, Problem> {
    let asked = Asked::read(pairs)?;
    let media = choose_or_first(request.headers(), &[Media::Json, Media::Ndjson, Media::Csv]);
    let mut spool = spooled(request).await?;
    let checked = import::check(&app, &caller, &mut spool, &asked.settings).await?;
    if asked.dry_run {
        return Ok(Json(summary(checked, true, BTreeMap::new())).into_response());
    }
    if checked.bad > 0 && !asked.partial {
        return Err(ImportError::Rows(Box::new(checked)).into());
    }
    let plan = Plan { settings: asked.settings, options: SubmitOptions { history: asked.history, replaces: None } };
    let rows = import::run(app, caller.into_caller(), spool, plan, checked.clone()).await?;
    let rows = rows.map(|window| window.into_iter().map(line).collect::<Vec<_>>());
    Ok(match media {
        Media::Csv => result_file(rows),
        Media::Ndjson => lines(rows, checked),
        _ => {
            let counts =
                rows.fold(BTreeMap::new(), |counts, window| std::future::ready(counted(counts, &window))).await;
            Json(summary(checked, false, counts)).into_response()
        }
    })
}

/// An empty file with every column that an import can read.
#[utoipa::path(
    get, path = "/api/v1/imports/template.csv", tag = "results", operation_id = "import_template", security(("api_key" = ["results:write"])),
    responses((status = 200, description = "The header of a file", content_type = "text/csv", body = String))
)]
pub(in crate::http) async fn template(_: Authorized<ResultsWrite>) -> Result<Response, Problem> {
    let answer = Answer::new(Media::Csv.content_type(), Audience::Caller, Cache::NoStore, csv::template());
    let name = format!("attachment; filename=\"{}\"", csv::TEMPLATE_NAME);
    Ok(([(CONTENT_DISPOSITION, name)], answer).into_response())
}

/// The query.
#[derive(Default)]
struct Asked {
    dry_run: bool,
    partial: bool,
    history: bool,
    settings: Settings,
}

impl Asked {
    fn read(pairs: Vec<(String, String)>) -> Result<Self, Problem> {
        let mut asked = Asked::default();
        for (name, value) in pairs {
            let fault = |detail: &str| {
                Problem::new(Code::MalformedRequest, format!("The parameter {name:.40} {detail}.")).at(&name, detail)
            };
            let flag = || match value.as_str() {
                "true" | "" => Ok(true),
                "false" => Ok(false),
                _ => Err(fault("is neither true nor false")),
            };
            match name.as_str() {
                "dry_run" => asked.dry_run = flag()?,
                "partial" => asked.partial = flag()?,
                "history" => asked.history = flag()?,
                "certification" => {
                    let id = value.parse().map_err(|_| fault("is no id of a certification"))?;
                    asked.settings.certification = Some(id);
                }
                "requirement" => {
                    let id = value.parse().map_err(|_| fault("is no id of a requirement"))?;
                    asked.settings.requirement = Some(id);
                }
                "source" if crate::intake::flaw_of_text(&value).is_none() && value.len() <= 64 => {
                    asked.settings.source = Some(value);
                }
                "source" => return Err(fault("must have 1 to 64 characters of one line")),
                "map" => asked.settings.map.push(Settings::mapping(&value).map_err(ImportError::from)?),
                _ => return Err(fault("is unknown here")),
            }
        }
        Ok(asked)
    }
}

async fn spooled(request: Request) -> Result<Spool, Problem> {
    if media_of(request.headers()) != "text/csv" {
        return Err(Problem::new(Code::UnsupportedMediaType, "The body must be a CSV file.")
            .hint("Send Content-Type: text/csv."));
    }
    let announced = request.headers().get(CONTENT_LENGTH).and_then(|l| l.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|bytes| bytes > MAX_FILE) {
        return Err(SpoolError::TooLarge.into());
    }
    let mut spool = Spool::new()?;
    let mut incoming = Incoming::new(request.into_body());
    while let Some(piece) = incoming.next().await? {
        spool.push(&piece).await?;
    }
    Ok(spool)
}

fn summary(mut checked: Checked, dry_run: bool, counts: BTreeMap<String, u64>) -> ImportAnswer {
    let faults = std::mem::take(&mut checked.faults);
    let errors = faults.into_iter().map(|fault| Fault { pointer: fault.place(), detail: fault.words }).collect();
    ImportAnswer { dry_run, checked, counts, errors }
}

fn counted(mut counts: BTreeMap<String, u64>, window: &[ResultLine]) -> BTreeMap<String, u64> {
    for line in window {
        *counts.entry(line.decision.clone()).or_default() += 1;
    }
    counts
}

fn lines(rows: impl Stream<Item = Vec<ResultLine>> + Send + 'static, checked: Checked) -> Response {
    let head = one_line(&summary(checked, false, BTreeMap::new()));
    let rows = rows.map(Some).chain(futures_util::stream::iter([None]));
    let rows = rows.scan(BTreeMap::new(), |counts, window| {
        let text = match window {
            Some(window) => {
                *counts = counted(std::mem::take(counts), &window);
                window.iter().map(one_line).collect::<String>()
            }
            None => one_line(&json!({ "done": true, "counts": counts })),
        };
        std::future::ready(Some(text))
    });
    streamed(Media::Ndjson, head, rows)
}

fn result_file(rows: impl Stream<Item = Vec<ResultLine>> + Send + 'static) -> Response {
    let rows = rows.map(|window| window.iter().map(csv::result_line).collect::<String>());
    streamed(Media::Csv, csv::result_header(), rows)
}

fn streamed(media: Media, head: String, rows: impl Stream<Item = String> + Send + 'static) -> Response {
    let all = futures_util::stream::iter([head]).chain(rows).map(|text| Ok::<_, Infallible>(Bytes::from(text)));
    let headers = [(CONTENT_TYPE, media.content_type()), (CACHE_CONTROL, "no-store")];
    (headers, Body::from_stream(all)).into_response()
}

fn one_line<T: Serialize>(value: &T) -> String {
    let json = serde_json::to_string(value).expect("the answers of an import are JSON");
    format!("{json}\n")
}

fn line(row: Imported) -> ResultLine {
    let Imported { line, result, answer } = row;
    let refused = |status, message| ResultLine {
        line,
        result: result.clone(),
        status,
        decision: "refused".to_owned(),
        message,
        ..ResultLine::default()
    };
    match answer {
        Ok(answer) => {
            let text =
                |pointer: &str| answer.body.pointer(pointer).and_then(|v| v.as_str()).unwrap_or_default().to_owned();
            let unmet = answer.body["unmet"].as_array().into_iter().flatten();
            let words: Vec<&str> = unmet.filter_map(|unmet| unmet["words"].as_str()).collect();
            ResultLine {
                line,
                result,
                status: answer.status,
                decision: text("/decision"),
                award: text("/award/number"),
                address: text("/award/addresses/page"),
                message: words.join(" "),
                known: answer.replayed,
            }
        }
        Err(Refused::Row(faults)) => {
            let words = faults.iter().map(|fault| match &fault.column {
                Some((number, name)) => format!("column {number} \"{name}\": {}", fault.words),
                None => fault.words.clone(),
            });
            let words: Vec<String> = words.collect();
            refused(422, words.join(" | "))
        }
        Err(Refused::Result(error)) => {
            let problem = Problem::from(error);
            let body = problem.body();
            let words = body.errors.iter().map(|fault| format!(" {}: {}", fault.pointer, fault.detail));
            refused(body.status, format!("{}{}", body.detail, words.collect::<String>()))
        }
    }
}
