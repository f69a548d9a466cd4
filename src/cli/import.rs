//! `import`: a CSV file of results, checked whole and then taken row by row.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::IsTerminal as _;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use super::args::Place;
use super::failure::{Exit, Hinted, print, print_lines, say};
use super::service::{Service, problem};
use super::table::Table;
use crate::intake::csv::{self, ResultLine};
use crate::intake::lines::Lines;
use crate::urls::path;

/// Most bytes of a refusal.
const MAX_REFUSAL: usize = 16 << 20;

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    assay import --template > results.csv\n  \
    assay import results.csv --dry-run\n  \
    assay import export.csv --map \"E-Mail=email\" --certification sales-associate --requirement exam --result done.csv\n\n\
    A row without an id of its own is known by person, certification, requirement and date: the same file again changes \
    nothing. A date without a time stands for the first moment of that day in the program's time zone.")]
pub(super) struct Import {
    /// The file: UTF-8; comma, semicolon or tab.
    #[arg(required_unless_present = "template")]
    file: Option<PathBuf>,
    /// Look at everything, write nothing.
    #[arg(long, short = 'n')]
    dry_run: bool,
    /// Import the good rows although there are bad ones.
    #[arg(long)]
    partial: bool,
    /// What a column holds, such as "E-Mail=email"; may be repeated.
    #[arg(long, value_name = "COLUMN=FIELD")]
    map: Vec<String>,
    /// Certification of the rows that name none.
    #[arg(long, value_name = "ID")]
    certification: Option<String>,
    /// Requirement of the rows that name none.
    #[arg(long, value_name = "ID")]
    requirement: Option<String>,
    /// Where the file comes from: stands before the ids of its rows, and names the system of the persons' ids.
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    /// Where to write what became of each row, as CSV.
    #[arg(long, value_name = "FILE")]
    result: Option<PathBuf>,
    /// With original dates, and nobody is told.
    #[arg(long)]
    history: bool,
    /// As a test: the awards carry the TEST mark.
    #[arg(long)]
    test: bool,
    /// Print the answer as JSON.
    #[arg(long)]
    json: bool,
    /// Print an empty file with every column.
    #[arg(long, conflicts_with = "file")]
    template: bool,
}

pub(super) async fn run(place: Place, import: Import) -> anyhow::Result<Exit> {
    let Some(file) = import.file.as_deref().filter(|_| !import.template) else {
        print(csv::template().trim_end());
        return Ok(Exit::Done);
    };
    let input = File::open(file).with_context(|| format!("cannot read {}", file.display()))?;
    let mut service = Service::find(&place).await?;
    if import.test {
        service.as_test();
    }
    let done = send(&service, &import, input).await;
    service.close().await?;
    let done = done?;
    if import.json {
        print_lines(serde_json::to_string_pretty(&done.summary)?);
    } else {
        done.show();
    }
    Ok(done.exit())
}

async fn send(service: &Service, import: &Import, input: File) -> anyhow::Result<Done> {
    let accept = if import.dry_run { "application/json" } else { "application/x-ndjson" };
    let waiting = ProgressBar::new_spinner().with_message("Checking every row");
    waiting.enable_steady_tick(std::time::Duration::from_millis(120));
    let mut answer = service.upload(&import.address(), "text/csv", accept, input).await?;
    waiting.finish_and_clear();
    if answer.status() >= 400 || import.dry_run {
        let mut text = Vec::new();
        while let Some(piece) = answer.next().await? {
            text.extend_from_slice(&piece);
            anyhow::ensure!(text.len() <= MAX_REFUSAL, "the answer is too large");
        }
        let body: Value = serde_json::from_slice(&text).context("the service answered without JSON")?;
        return if answer.status() >= 400 { Err(problem(answer.status(), &body)) } else { Ok(Done::new(body)) };
    }
    let mut results = import.result.as_deref().map(|file| Table::create(file, &csv::result_header())).transpose()?;
    let (mut lines, mut done, mut bar) = (Lines::default(), None::<Done>, ProgressBar::hidden());
    let mut finished = false;
    while let Some(piece) = answer.next().await? {
        lines.push(&piece);
        while let Some(line) = lines.next_line() {
            let text = line.text.context("the service answered a line that is too long")?;
            let value: Value = serde_json::from_slice(&text).context("the service answered a line that is no JSON")?;
            match &mut done {
                None => {
                    bar = progress_bar(value["rows"].as_u64().unwrap_or(0));
                    done = Some(Done::new(value));
                }
                Some(_) if value["done"] == true => finished = true,
                Some(done) => {
                    let line: ResultLine = serde_json::from_value(value)?;
                    if let Some(results) = &mut results {
                        results.write(&csv::result_line(&line))?;
                    }
                    done.count(&line);
                    bar.inc(1);
                }
            }
        }
    }
    bar.finish_and_clear();
    results.map(Table::close).transpose()?;
    let broke_off = || Hinted::error("the import broke off", "run it again: what was recorded is answered as before");
    done.filter(|_| finished).ok_or_else(broke_off)
}

impl Import {
    fn address(&self) -> String {
        let mut pairs: Vec<(&str, &str)> = self.map.iter().map(|map| ("map", map.as_str())).collect();
        let given =
            [("certification", &self.certification), ("requirement", &self.requirement), ("source", &self.source)];
        pairs.extend(given.into_iter().filter_map(|(name, value)| Some((name, value.as_deref()?))));
        let flags = [("dry_run", self.dry_run), ("partial", self.partial), ("history", self.history)];
        pairs.extend(flags.into_iter().filter(|(_, set)| *set).map(|(name, _)| (name, "true")));
        let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let query: Vec<String> = pairs.into_iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
        format!("{}?{}", path::API_IMPORTS, query.join("&"))
    }
}

fn progress_bar(rows: u64) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} rows  {per_sec}  {eta} left");
    ProgressBar::new(rows).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// What became of the file.
struct Done {
    summary: Value,
    counts: BTreeMap<String, u64>,
    known: u64,
    /// Refused when they were to be recorded, though they had been found good.
    late: Vec<ResultLine>,
    checked_bad: u64,
}

impl Done {
    fn new(summary: Value) -> Self {
        let checked_bad = summary["bad"].as_u64().unwrap_or(0);
        Done { summary, counts: BTreeMap::new(), known: 0, late: Vec::new(), checked_bad }
    }

    fn count(&mut self, line: &ResultLine) {
        *self.counts.entry(line.decision.clone()).or_default() += 1;
        self.known += u64::from(line.known);
        // What a row lacks was told before; what the service found out meanwhile was not.
        if line.decision == "refused" && line.status != 422 && self.late.len() < 100 {
            self.late.push(line.clone());
        }
        self.summary["counts"] = serde_json::json!(self.counts);
    }

    fn refused_late(&self) -> u64 {
        self.counts.get("refused").copied().unwrap_or(0).saturating_sub(self.checked_bad)
    }

    fn show(&self) {
        for fault in self.summary["errors"].as_array().into_iter().flatten() {
            let text = |name: &str| fault[name].as_str().unwrap_or_default();
            say(format!("{}: {}", text("pointer"), text("detail")));
        }
        for line in &self.late {
            say(format!("line {}: {}", line.line, line.message));
        }
        let ignored: Vec<&str> =
            self.summary["ignored_columns"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        if !ignored.is_empty() {
            say(format!("Columns that nothing was read from: {}", ignored.join(", ")));
        }
        let number = |name: &str| self.summary[name].as_u64().unwrap_or(0);
        print(format!("{:<12}{}", "rows", number("rows")));
        if self.summary["dry_run"] == true {
            print(format!("{:<12}{}", "good", number("rows") - number("bad")));
            print(format!("{:<12}{}", "bad", number("bad")));
            print(format!("{:<12}{}", "known", number("known")));
            return;
        }
        for (decision, count) in &self.counts {
            print(format!("{decision:<12}{count}"));
        }
        print(format!("{:<12}{}", "known", self.known));
    }

    fn exit(&self) -> Exit {
        let looked_at = self.summary["dry_run"] == true && self.checked_bad > 0;
        if looked_at || self.refused_late() > 0 { Exit::Failed } else { Exit::Done }
    }
}
