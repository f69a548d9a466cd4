//! A folder of badges: every file in it and below, a line about each, and one exit code for all.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use futures_util::{StreamExt as _, stream};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use super::super::failure::{Exit, print, say, shown};
use super::super::open::read_input;
use super::super::table::Table;
use super::judge::{Judge, Question};
use crate::intake::csv;
use crate::verification::{CheckOutcome, MAXIMUM_PICTURE, Report};

/// How many files are judged at once.
const AT_ONCE: usize = 8;
/// How many folders may lie within one another.
const DEEPEST: usize = 16;
/// The most files of one run.
const MOST: usize = 100_000;

/// The columns of the CSV report.
const COLUMNS: [&str; 12] = [
    "file",
    "verdict",
    "headline",
    "then",
    "issuer",
    "issuer_known",
    "name",
    "holder",
    "valid_from",
    "valid_until",
    "credential",
    "not_passed",
];

pub(super) async fn run(
    judge: &Judge,
    folder: &Path,
    question: &Question,
    report: Option<&Path>,
    json: bool,
) -> anyhow::Result<Exit> {
    let files = files(folder)?;
    let header = csv::record(&COLUMNS.map(str::to_owned));
    let mut table = report.map(|file| Table::create(file, &header)).transpose()?;
    let bar = progress_bar(files.len());
    let (mut counts, mut failures) = (BTreeMap::<String, usize>::new(), 0usize);
    let judged = stream::iter(&files).map(|file| async move {
        let bytes = read_input(file, MAXIMUM_PICTURE as u64);
        (
            file,
            match bytes {
                Ok(bytes) => judge.judge(&bytes.into(), question).await,
                Err(error) => Err(error),
            },
        )
    });
    let mut judged = judged.buffered(AT_ONCE);
    let mut exit = Exit::Done;
    while let Some((file, answer)) = judged.next().await {
        bar.inc(1);
        let name = file.strip_prefix(folder).unwrap_or(file).display().to_string();
        let report = match answer {
            Ok(answer) => answer.report,
            Err(error) => {
                failures += 1;
                bar.suspend(|| say(format!("{name}: {error}")));
                continue;
            }
        };
        exit = graver(exit, super::exit(report.verdict));
        let verdict = report.verdict.name();
        *counts.entry(verdict.to_owned()).or_default() += 1;
        if let Some(table) = &mut table {
            table.write(&line(&name, &report))?;
        } else if !json {
            let then = report.then.as_ref().map_or_else(String::new, |then| format!(" {}", then.headline));
            bar.suspend(|| print(format!("{name}: {}{then}", report.headline)));
        }
        if json {
            bar.suspend(|| print(json!({ "file": name, "report": report })));
        }
    }
    bar.finish_and_clear();
    table.map(Table::close).transpose()?;
    let found: Vec<String> =
        counts.iter().map(|(verdict, count)| format!("{count} {}", verdict.replace('_', " "))).collect();
    let found = if found.is_empty() { "none could be judged".to_owned() } else { found.join(", ") };
    say(format!("{} files: {found}", files.len()));
    Ok(if failures > 0 { Exit::Failed } else { exit })
}

fn graver(one: Exit, other: Exit) -> Exit {
    let gravity = |exit| match exit {
        Exit::Done => 0,
        Exit::Inconclusive => 1,
        Exit::NotValid => 2,
        Exit::Failed => 3,
    };
    if gravity(other) > gravity(one) { other } else { one }
}

fn line(file: &str, report: &Report) -> String {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let open = report.checks.iter().filter(|check| check.outcome != CheckOutcome::Passed);
    let day = |at: Option<chrono::DateTime<chrono::Utc>>| at.map(crate::clock::rfc3339).unwrap_or_default();
    let cells: [String; COLUMNS.len()] = [
        // Whoever looks at the table on a terminal is not steered by the name of a file either.
        shown(file),
        report.verdict.name().to_owned(),
        report.headline.clone(),
        report.then.as_ref().map(|then| then.headline.clone()).unwrap_or_default(),
        text(&report.issuer.id),
        report.issuer.trust.name().to_owned(),
        text(&report.credential.name),
        text(&report.credential.holder),
        day(report.credential.valid_from),
        day(report.credential.valid_until),
        text(&report.credential.id),
        open.map(|check| check.id.name()).collect::<Vec<_>>().join(" "),
    ];
    csv::record(&cells)
}

/// Every file of the folder and of those within it, in order; hidden ones and links are passed over.
fn files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![(folder.to_owned(), 0)];
    while let Some((folder, depth)) = open.pop() {
        let entries = std::fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
        for entry in entries {
            let entry = entry?;
            let hidden = entry.file_name().to_string_lossy().starts_with('.');
            let kind = entry.file_type()?;
            if kind.is_file() && !hidden {
                found.push(entry.path());
                anyhow::ensure!(found.len() <= MOST, "{} has more than {MOST} files", folder.display());
            } else if kind.is_dir() && !hidden && depth < DEEPEST {
                open.push((entry.path(), depth + 1));
            }
        }
    }
    found.sort();
    Ok(found)
}

/// On a terminal only.
fn progress_bar(files: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:40} {pos} of {len}  {eta} left");
    let bar = ProgressBar::new(files as u64);
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
