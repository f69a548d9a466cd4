//! `right check`: what a person may do.

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::args::Place;
use super::exception::Who;
use super::failure::{Exit, print, print_lines, say};
use super::service::Service;
use crate::urls::path;

#[derive(Debug, Subcommand)]
pub(super) enum RightCommand {
    /// Show what a person may do, or whether they may do one thing (exit code 3: no).
    Check(Check),
}

#[derive(Debug, Args)]
pub(super) struct Check {
    #[command(flatten)]
    who: Who,
    /// Only whether they have this right.
    #[arg(long, value_name = "ID")]
    right: Option<String>,
    /// Print the answer as JSON.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(place: Place, command: RightCommand) -> anyhow::Result<Exit> {
    let RightCommand::Check(check) = command;
    let mut body = json!({ "person": check.who.named("id") });
    if let Some(right) = &check.right {
        body["right"] = json!(right);
    }
    let service = Service::find(&place).await?;
    let reply = service.call("POST", path::API_RIGHTS_CHECK, Some(body.to_string().into_bytes())).await;
    service.close().await?;
    let answer = reply?.body;
    if check.json {
        print_lines(serde_json::to_string_pretty(&answer)?);
    } else if let Some(words) = answer["words"].as_str() {
        print(words);
    } else {
        show(&answer["rights"]);
    }
    Ok(if answer["granted"] == false { Exit::NotValid } else { Exit::Done })
}

fn show(rights: &Value) {
    let rights = rights.as_array().map(Vec::as_slice).unwrap_or_default();
    for held in rights {
        let text = |name: &str| held[name].as_str().unwrap_or_default();
        let from = match text("requirement") {
            "" => text("certification").to_owned(),
            step => format!("{}, {step}", text("certification")),
        };
        let until =
            held["until"].as_str().map_or_else(|| "no end is known".to_owned(), |until| format!("until {until}"));
        let grace = if held["in_grace"] == true { " (grace)" } else { "" };
        print(format!("{:<24}{from:<32}{until}{grace}", text("right")));
    }
    if rights.is_empty() {
        say("Nothing that this person holds or has completed unlocks a right.");
    }
}
