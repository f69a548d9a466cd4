//! Files of results: read through once and judged whole, then read again and taken.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use futures_util::Stream;
use serde::Serialize;
use tokio::sync::mpsc;

use super::many::{Reported, WINDOW, submit_all};
use super::spool::{Spool, SpoolError};
use crate::app::{App, InForce};
use crate::intake::csv::{FileFault, Row, RowFault, Rows, Settings};
use crate::service::caller::Caller;
use crate::service::results::{SubmitError, SubmitOptions, body_digest};
use crate::service::{Answer, Breakdown, moment, program};
use crate::store::ReadSet;

/// The most faults that are answered one by one.
pub const MAX_FAULTS: usize = 1_000;

/// Why a file was not imported. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// It cannot be read at all.
    #[error(transparent)]
    File(#[from] FileFault),
    /// Rows are wrong, and it was not asked for the others only.
    #[error("{} of {} rows cannot be imported", .0.bad, .0.rows)]
    Rows(Box<Checked>),
    /// It could not be kept.
    #[error(transparent)]
    Spool(#[from] SpoolError),
    /// Anything else.
    #[error(transparent)]
    Breakdown(#[from] Breakdown),
}

breaks_down!(ImportError);

/// A file that was read to its end.
#[derive(Debug, Clone, Default, Serialize, utoipa::ToSchema)]
pub struct Checked {
    /// Rows that are not empty.
    pub rows: u64,
    /// Those that cannot be imported.
    pub bad: u64,
    /// Those that were reported before, in the same words.
    pub known: u64,
    /// Columns that nothing is read from.
    pub ignored_columns: Vec<String>,
    /// The first thousand faults.
    #[serde(skip)]
    pub faults: Vec<RowFault>,
    #[serde(skip)]
    bad_lines: HashSet<u64>,
    #[serde(skip)]
    now: DateTime<Utc>,
}

/// How a file is taken.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// What the caller says about the file.
    pub settings: Settings,
    /// How each result is taken.
    pub options: SubmitOptions<'static>,
}

/// What became of one row.
#[derive(Debug)]
pub struct Imported {
    /// Where it begins.
    pub line: u64,
    /// The id of its result, if it has one.
    pub result: String,
    /// The answer, or why there is none.
    pub answer: Result<Answer, Refused>,
}

/// Why a row was not taken.
#[derive(Debug)]
pub enum Refused {
    /// What is wrong with it.
    Row(Vec<RowFault>),
    /// What was found out when it was to be recorded.
    Result(SubmitError),
}

/// Reads the whole file, and asks the program and the store about every row. Writes nothing.
pub async fn check(app: &App, caller: &Caller, spool: &mut Spool, settings: &Settings) -> Result<Checked, ImportError> {
    let in_force = program::in_force(app, &mut ReadSet::new()).await?;
    let mut checked = Checked { now: moment(app), ..Checked::default() };
    let (sender, mut chunks) = mpsc::channel(2);
    let reader = read(spool, &in_force, settings, checked.now, sender).await?;
    while let Some(chunk) = chunks.recv().await {
        let chunk = match chunk {
            Piece::Ignored(columns) => {
                checked.ignored_columns = columns;
                continue;
            }
            Piece::Rows(rows) => rows,
        };
        checked.rows += chunk.len() as u64;
        for (line, faults) in judged(app, caller, &chunk, &mut checked.known).await? {
            checked.bad += 1;
            checked.bad_lines.insert(line);
            let room = MAX_FAULTS.saturating_sub(checked.faults.len());
            checked.faults.extend(faults.into_iter().take(room));
        }
    }
    reader.await.expect("the reader of a file does not panic")?;
    Ok(checked)
}

/// The rows of a chunk that cannot be imported.
async fn judged(
    app: &App,
    caller: &Caller,
    chunk: &[Row],
    known: &mut u64,
) -> Result<Vec<(u64, Vec<RowFault>)>, ImportError> {
    let ids: Vec<&str> = chunk.iter().filter_map(|row| Some(row.content.as_ref().ok()?.id.as_str())).collect();
    let mut earlier = app.store.results(caller.realm, &caller.name, &ids).await?.into_iter();
    let mut bad = Vec::new();
    for row in chunk {
        let submission = match &row.content {
            Ok(submission) => submission,
            Err(faults) => {
                bad.push((row.line, faults.clone()));
                continue;
            }
        };
        let Some(earlier) = earlier.next().flatten() else { continue };
        let raw = serde_json::to_vec(submission).unwrap_or_default();
        if body_digest(&raw).is_ok_and(|body| body == earlier.body) {
            *known += 1;
            continue;
        }
        let words = format!(
            "another result was reported before under the id {:?}; if this one is right too, give it an id of its own",
            submission.id
        );
        bad.push((row.line, vec![RowFault { line: row.line, column: None, words }]));
    }
    Ok(bad)
}

/// Takes every row that was found good, a window at a time; a row that was reported before is answered as then.
pub async fn run(
    app: Arc<App>,
    caller: Caller,
    mut spool: Spool,
    plan: Plan,
    checked: Checked,
) -> Result<impl Stream<Item = Vec<Imported>> + Send, ImportError> {
    let in_force = program::in_force(&app, &mut ReadSet::new()).await?;
    let (sender, chunks) = mpsc::channel(2);
    // Ends by itself when nobody takes the chunks any more; what it finds was found before.
    let _reader = read(&mut spool, &in_force, &plan.settings, checked.now, sender).await?;
    let (state, options) = ((app, caller, chunks, checked.bad_lines), plan.options);
    Ok(futures_util::stream::unfold(state, move |(app, caller, mut chunks, bad)| async move {
        loop {
            let Piece::Rows(rows) = chunks.recv().await? else { continue };
            let imported = window(&app, &caller, rows, &bad, options).await;
            return Some((imported, (app, caller, chunks, bad)));
        }
    }))
}

async fn window(
    app: &Arc<App>,
    caller: &Caller,
    rows: Vec<Row>,
    bad: &HashSet<u64>,
    options: SubmitOptions<'static>,
) -> Vec<Imported> {
    let mut imported = BTreeMap::new();
    let (mut places, mut reported) = (Vec::new(), Vec::new());
    for Row { line, content } in rows {
        match content {
            Ok(submission) if !bad.contains(&line) => {
                places.push((line, submission.id.clone()));
                let raw = serde_json::to_vec(&submission).expect("a submission is JSON").into();
                reported.push(Reported { submission, raw });
            }
            Ok(submission) => {
                let words = "was found contradictory when the file was checked".to_owned();
                let fault = RowFault { line, column: None, words };
                imported.insert(line, Imported { line, result: submission.id, answer: Err(Refused::Row(vec![fault])) });
            }
            Err(faults) => {
                imported.insert(line, Imported { line, result: String::new(), answer: Err(Refused::Row(faults)) });
            }
        }
    }
    let answers = submit_all(app, caller, reported, options).await;
    for ((line, result), answer) in places.into_iter().zip(answers) {
        imported.insert(line, Imported { line, result, answer: answer.map_err(Refused::Result) });
    }
    imported.into_values().collect()
}

enum Piece {
    Ignored(Vec<String>),
    Rows(Vec<Row>),
}

/// Reads the file on a thread of its own, since neither files nor parsers wait for others.
async fn read(
    spool: &mut Spool,
    in_force: &Arc<InForce>,
    settings: &Settings,
    now: DateTime<Utc>,
    sender: mpsc::Sender<Piece>,
) -> Result<tokio::task::JoinHandle<Result<(), FileFault>>, ImportError> {
    let file = spool.read().await?;
    let (in_force, settings) = (in_force.clone(), settings.clone());
    Ok(tokio::task::spawn_blocking(move || {
        let mut rows = Rows::open(file, settings, &in_force.program, now)?;
        let mut gone = sender.blocking_send(Piece::Ignored(rows.ignored())).is_err();
        let mut chunk = Vec::with_capacity(WINDOW);
        while let Some(row) = rows.next_row()? {
            chunk.push(row);
            if chunk.len() == WINDOW {
                gone |= sender.blocking_send(Piece::Rows(std::mem::take(&mut chunk))).is_err();
            }
            if gone {
                return Ok(());
            }
        }
        let _ = sender.blocking_send(Piece::Rows(chunk));
        Ok(())
    }))
}
