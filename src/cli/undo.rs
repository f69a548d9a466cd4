//! `undo`: a batch of results that was a mistake.

use clap::Args;
use serde_json::{Value, json};

use super::args::Place;
use super::award::number;
use super::failure::{Exit, print, print_lines, say};
use super::service::Service;
use crate::urls::path;

#[derive(Debug, Args)]
pub(super) struct Undo {
    /// Recorded from this day or moment on.
    #[arg(long, value_name = "TIME")]
    recorded_from: String,
    /// Recorded up to the end of this day, or before this moment.
    #[arg(long, value_name = "TIME")]
    recorded_until: String,
    /// Who reported it: the name of an API key.
    #[arg(long)]
    source: Option<String>,
    /// In this certification only.
    #[arg(long, value_name = "ID")]
    certification: Option<String>,
    /// Only where it led to a first award.
    #[arg(long)]
    issued_only: bool,
    /// For your own records; never public.
    #[arg(long)]
    text: Option<String>,
    /// Only show what would happen.
    #[arg(long)]
    dry_run: bool,
    /// Print the answer as JSON.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(place: Place, undo: Undo) -> anyhow::Result<Exit> {
    let mut body = json!({
        "recorded_from": undo.recorded_from, "recorded_until": undo.recorded_until, "issued_only": undo.issued_only,
        "dry_run": undo.dry_run,
    });
    for (member, value) in [("source", undo.source), ("certification", undo.certification), ("text", undo.text)] {
        if let Some(value) = value {
            body[member] = json!(value);
        }
    }
    let service = Service::find(&place).await?;
    let reply = service.call("POST", path::API_UNDO, Some(body.to_string().into_bytes())).await;
    service.close().await?;
    let answer = reply?.body;
    if undo.json {
        print_lines(serde_json::to_string_pretty(&answer)?);
    } else {
        show(&answer);
    }
    Ok(Exit::Done)
}

fn show(batch: &Value) {
    if batch["dry_run"] == true {
        say("Nothing was done. This is what would be undone:");
    }
    for person in batch["undone"].as_array().into_iter().flatten() {
        let name = person["name"].as_str().or(person["person"].as_str()).unwrap_or_default();
        print(format!("{name:<28}results {}", person["results"]));
        for award in person["awards"].as_array().into_iter().flatten() {
            let text = |name: &str| award[name].as_str().unwrap_or_default();
            let until = award["valid_until"].as_str().map(|until| format!(" until {until}")).unwrap_or_default();
            print(format!("  {}  {}  {}{until}", number(text("award")), text("certification"), text("effect")));
        }
    }
    let counts = &batch["counts"];
    say(format!(
        "persons {}, results {}, awards revoked {}, back to their earlier term {}, expired {}",
        counts["persons"], counts["results"], counts["revoked"], counts["earlier_term"], counts["expired"]
    ));
    match (batch["id"].as_str(), batch["done_at"].is_null()) {
        (Some(id), true) => say(format!("It goes on in the background: batch {id}")),
        (Some(id), false) => say(format!("batch {id}")),
        (None, _) => {}
    }
}
