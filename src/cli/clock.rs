//! `clock`: what time brings, now or until a day.

use std::collections::BTreeMap;
use std::io::IsTerminal as _;

use anyhow::bail;
use chrono::{Datelike as _, NaiveDate};
use clap::Args as ClapArgs;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use super::args::Place;
use super::failure::{Exit, print, say};
use super::service::Service;
use crate::urls::path;

#[derive(Debug, ClapArgs)]
pub(super) struct Clock {
    /// Say what will happen until the end of this day, such as 2027-11-20, on a copy of the store; nothing is changed.
    #[arg(long, value_name = "DATE")]
    to: Option<NaiveDate>,
    /// Print one JSON object a line.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(place: Place, args: Clock) -> anyhow::Result<Exit> {
    let service = Service::find(&place).await?;
    let done = match args.to {
        Some(day) => forecast(&service, day, args.json).await,
        None => serve(&service, args.json).await,
    };
    service.close().await?;
    done
}

/// Does what is due now, once.
async fn serve(service: &Service, as_json: bool) -> anyhow::Result<Exit> {
    let done = service.call("POST", path::API_CLOCK, Some(b"{}".to_vec())).await?.body;
    match done["served"] == true {
        _ if as_json => print(done),
        true => print("Everything that was due is done."),
        false => print("Nothing was due."),
    }
    Ok(Exit::Done)
}

async fn forecast(service: &Service, day: NaiveDate, as_json: bool) -> anyhow::Result<Exit> {
    let mut months = BTreeMap::new();
    let mut end = Value::Null;
    let progress = Progress::new(day);
    let body = serde_json::to_vec(&json!({ "to": day }))?;
    let told = service.lines(path::API_CLOCK, body, |line| {
        if matches!(line["type"].as_str(), Some("end" | "error")) {
            end = line;
            return;
        }
        progress.at(&line);
        *months.entry(month_and_words(&line)).or_insert(0_u64) += 1;
        progress.aside(|| if as_json { print(&line) } else { print(in_words(&line)) });
    });
    let told = told.await;
    progress.done();
    told?;
    match end["type"].as_str() {
        Some("end") => {}
        Some(_) => bail!("{}", end["detail"].as_str().unwrap_or("the forecast broke off")),
        None => bail!("the answer broke off before its end"),
    }
    if !as_json {
        summary(&months, day);
    }
    Ok(Exit::Done)
}

/// `2027-10-21  reminder: 30 days left  Ana Lopes  Certified Sales Associate  7K3Q-X9M2-TR4H-B6WD`
fn in_words(line: &Value) -> String {
    let members = ["day", "words", "person", "certification", "award"];
    members.iter().filter_map(|member| line[*member].as_str()).collect::<Vec<_>>().join("  ")
}

fn month_and_words(line: &Value) -> (String, String) {
    let text = |member: &str| line[member].as_str().unwrap_or_default().to_owned();
    (text("day").chars().take(7).collect(), text("type"))
}

fn summary(months: &BTreeMap<(String, String), u64>, day: NaiveDate) {
    if months.is_empty() {
        print(format!("Nothing will happen until {day}."));
        return;
    }
    print("");
    let mut month = "";
    for ((this, kind), count) in months {
        let shown = if this == month { "" } else { this };
        print(format!("{shown:<9}{count:>6}  {kind}"));
        month = this;
    }
}

/// Days, on a terminal.
struct Progress(Option<(ProgressBar, NaiveDate)>);

impl Progress {
    fn new(to: NaiveDate) -> Self {
        if !std::io::stderr().is_terminal() {
            return Progress(None);
        }
        say("Copying the store\u{2026}");
        let bar = ProgressBar::new(0);
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {msg}  {elapsed}") {
            bar.set_style(style);
        }
        Progress(Some((bar, to)))
    }

    /// The first line says where the way begins.
    fn at(&self, line: &Value) {
        let Some((bar, to)) = &self.0 else { return };
        let Some(day) = line["day"].as_str().and_then(|day| day.parse::<NaiveDate>().ok()) else { return };
        let left = u64::try_from((*to - day).num_days()).unwrap_or(0);
        if bar.length() == Some(0) {
            bar.set_length(left.max(1));
        }
        bar.set_position(bar.length().unwrap_or(left).saturating_sub(left));
        bar.set_message(format!("{}-{:02}", day.year(), day.month()));
    }

    fn aside(&self, write: impl FnOnce()) {
        match &self.0 {
            Some((bar, _)) => bar.suspend(write),
            None => write(),
        }
    }

    fn done(&self) {
        if let Some((bar, _)) = &self.0 {
            bar.finish_and_clear();
        }
    }
}
