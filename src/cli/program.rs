//! `program check|apply|show|confirm|reject|reviewed`.

use std::path::{Path, PathBuf};

use base64::Engine as _;
use clap::Subcommand;
use serde_json::{Value, json};

use super::args::{Place, day_or_moment};
use super::failure::{Exit, Hinted, print, print_as_it_is, print_lines, say};
use super::init;
use super::service::Service;
use crate::id::CertificationId;
use crate::urls::path;

#[derive(Debug, Subcommand)]
pub(super) enum ProgramCommand {
    /// Check a program file; every fault is shown with line and column.
    Check {
        /// The program file.
        file: PathBuf,
    },
    /// Apply a program file as a new version; the files it names lie beside it.
    Apply {
        /// The program file.
        file: PathBuf,
        /// From when it shall decide: a day in the program's time zone, such as 2027-01-01, or a moment [default: now].
        #[arg(long, value_name = "DATE|TIME", value_parser = day_or_moment)]
        effective: Option<String>,
        /// Only show what it would change, for whom by name.
        #[arg(long)]
        dry_run: bool,
        /// Print the answer as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Show the versions, or the file of one.
    Show {
        /// Its number.
        #[arg(value_name = "VERSION")]
        number: Option<u32>,
        /// Print the answer as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Let a version come into force that another caller proposed.
    Confirm {
        /// Its number.
        #[arg(value_name = "VERSION")]
        number: u32,
    },
    /// Drop a version that was proposed.
    Reject {
        /// Its number.
        #[arg(value_name = "VERSION")]
        number: u32,
    },
    /// Say that the contents of a certification were looked over just now.
    Reviewed {
        /// Its id.
        certification: String,
    },
}

pub(super) async fn run(place: Place, command: ProgramCommand) -> anyhow::Result<Exit> {
    match command {
        ProgramCommand::Check { file } => init::check(&file),
        ProgramCommand::Apply { file, effective, dry_run, json } => {
            let Some(body) = body(&file, effective, dry_run)? else { return Ok(Exit::Failed) };
            let answer = call(&place, "POST", path::API_PROGRAM, Some(body)).await?;
            show_as(&answer, json, applied);
            Ok(Exit::Done)
        }
        ProgramCommand::Show { number: None, json } => {
            show_as(&call(&place, "GET", path::API_PROGRAM, None).await?, json, versions);
            Ok(Exit::Done)
        }
        ProgramCommand::Show { number: Some(number), json } => {
            let address = path::API_PROGRAM_VERSION.replace("{version}", &number.to_string());
            show_as(&call(&place, "GET", &address, None).await?, json, |answer| {
                print_as_it_is(text(&answer["text"]).trim_end());
            });
            Ok(Exit::Done)
        }
        ProgramCommand::Confirm { number } => decide(&place, number, "confirm").await,
        ProgramCommand::Reject { number } => decide(&place, number, "reject").await,
        ProgramCommand::Reviewed { certification } => {
            let unknown = |e| Hinted::error(format!("{certification:?} is no certification"), format!("{e}"));
            let id: CertificationId = certification.parse().map_err(unknown)?;
            let address = path::API_CERTIFICATION_REVIEWED.replace("{certification}", id.as_str());
            let answer = call(&place, "POST", &address, None).await?;
            print(format!("{certification} was looked over; it is due again at {}.", text(&answer["due_at"])));
            Ok(Exit::Done)
        }
    }
}

/// The request; `None` when the file has faults, which have been shown.
fn body(file: &Path, effective: Option<String>, dry_run: bool) -> anyhow::Result<Option<Value>> {
    let content = init::text(file)?;
    let Some(program) = init::checked(file, &content) else { return Ok(None) };
    let engine = base64::engine::general_purpose::STANDARD;
    let assets = init::assets(file, &program)?;
    let assets: serde_json::Map<String, Value> =
        assets.into_iter().map(|(name, bytes)| (name, json!(engine.encode(bytes)))).collect();
    Ok(Some(json!({ "text": content, "assets": assets, "effective_at": effective, "dry_run": dry_run })))
}

async fn decide(place: &Place, version: u32, verb: &str) -> anyhow::Result<Exit> {
    let address = path::API_PROGRAM_VERB.replace("{version}", &version.to_string()).replace("{verb}", verb);
    applied(&call(place, "POST", &address, None).await?);
    Ok(Exit::Done)
}

async fn call(place: &Place, method: &str, address: &str, body: Option<Value>) -> anyhow::Result<Value> {
    let service = Service::find(place).await?;
    let reply = service.call(method, address, body.map(|body| body.to_string().into_bytes())).await;
    service.close().await?;
    Ok(reply?.body)
}

fn show_as(answer: &Value, json: bool, in_words: impl FnOnce(&Value)) {
    if json {
        print_lines(format!("{answer:#}"));
    } else {
        in_words(answer);
    }
}

fn applied(answer: &Value) {
    let (version, from) = (&answer["version"], text(&answer["effective_at"]));
    print(match text(&answer["outcome"]) {
        "applied" => format!("Version {version} decides from {from} on."),
        "unchanged" => format!("Nothing changes: version {version} says the same."),
        "proposed" => format!("Version {version} is proposed; it would decide from {from} on."),
        "rejected" => format!("Version {version} is rejected; it never decides."),
        _ => format!("Applied now, this would decide from {from} on:"),
    });
    for warning in list(&answer["warnings"]) {
        say(text(warning));
    }
    if let Some(next) = answer["followed_by"].as_u64() {
        say(format!("Version {next} was applied before and takes over after it."));
    }
    let preview = &answer["preview"];
    for line in list(&preview["definitions"]) {
        let key = line["key"].as_str().map(|key| format!(" {key}")).unwrap_or_default();
        let values = match (line["before"].as_str(), line["after"].as_str()) {
            (Some(before), Some(after)) => format!(": {} -> {}", short(before), short(after)),
            _ => String::new(),
        };
        print(format!("  {:<9}{}{key}{values}", text(&line["change"]), text(&line["what"])));
    }
    for line in list(&preview["changes"]) {
        let who: Vec<&str> = [&line["name"], &line["award"]].into_iter().filter_map(Value::as_str).collect();
        print(format!("  {:<14}{}  {}", text(&line["kind"]), who.join(", "), text(&line["words"])));
    }
    if let Some(total) = preview["total"].as_u64() {
        let more = total.saturating_sub(list(&preview["changes"]).len() as u64);
        let more = if more > 0 { format!("; {more} of them are not shown") } else { String::new() };
        print(format!("{total} change(s) for persons, {} shorten or end an award{more}.", preview["shortens"]));
    }
    if let Some(next) = answer["next_step"].as_str() {
        say(next);
    }
}

fn versions(answer: &Value) {
    for version in list(&answer["versions"]).iter().chain(answer["proposed"].is_object().then_some(&answer["proposed"]))
    {
        let by = version["proposed_by"].as_str().map(|by| format!("  by {by}")).unwrap_or_default();
        let (state, from) = (text(&version["state"]), text(&version["effective_at"]));
        print(format!("{:<6}{:<10}from {from}{by}", version["version"].to_string(), state.replace('_', " ")));
    }
    for review in list(&answer["content_reviews"]) {
        let due = if review["is_due"] == true { "was due" } else { "is due" };
        print(format!("review of {} {due} at {}", text(&review["certification"]), text(&review["due_at"])));
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// A value that fits into a line.
fn short(value: &str) -> String {
    if value.chars().count() <= 60 { value.to_owned() } else { value.chars().take(59).chain(['…']).collect() }
}
