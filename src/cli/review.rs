//! `review list|accept`: what wants a person's eye.

use clap::Subcommand;
use serde_json::{Value, json};

use super::args::Place;
use super::failure::{Exit, Hinted, print, say};
use super::service::Service;
use crate::urls::path;

#[derive(Debug, Subcommand)]
pub(super) enum ReviewCommand {
    /// List the newest, and what came of them.
    List {
        /// The most that are shown.
        #[arg(long, default_value_t = 50)]
        limit: usize,
        /// Print the answer as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Let everything count that one source reported of a requirement and that waits because it does not say all that is
    /// asked. Each result keeps its own date.
    Accept {
        /// Who reported it: the name of an API key or feed.
        #[arg(long)]
        source: String,
        /// What was shown, as certification/requirement.
        #[arg(long, value_name = "ID/ID")]
        requirement: String,
        /// Print the answer as JSON.
        #[arg(long)]
        json: bool,
    },
}

pub(super) async fn run(place: Place, command: ReviewCommand) -> anyhow::Result<Exit> {
    let service = Service::find(&place).await?;
    let done = match command {
        ReviewCommand::List { limit, json } => list(&service, limit, json).await,
        ReviewCommand::Accept { source, requirement, json } => accept(&service, &source, &requirement, json).await,
    };
    service.close().await?;
    done
}

async fn list(service: &Service, limit: usize, json: bool) -> anyhow::Result<Exit> {
    let answer = service.call("GET", &format!("{}?limit={limit}", path::API_REVIEWS), None).await?.body;
    if json {
        print(format!("{answer:#}"));
        return Ok(Exit::Done);
    }
    for review in answer["data"].as_array().into_iter().flatten() {
        let text = |name: &str| review[name].as_str().unwrap_or_default();
        let state = match (&review["closed"], review["closed"]["accepted"].as_bool()) {
            (Value::Null, _) => "waits",
            (_, Some(true)) => "accepted",
            _ => "moot",
        };
        print(format!(
            "{}  {state:<9}{:<14}{}/{}  {}:{}",
            text("at"),
            text("code"),
            text("certification"),
            text("requirement"),
            text("source"),
            text("message")
        ));
        print(format!("  {}", text("words")));
    }
    Ok(Exit::Done)
}

/// Calls until nothing waits any more.
async fn accept(service: &Service, source: &str, requirement: &str, json: bool) -> anyhow::Result<Exit> {
    let named = requirement.split_once('/').ok_or_else(|| {
        Hinted::error(
            format!("{requirement:?} does not name a requirement"),
            "write it as certification/requirement, such as sales-associate/exam",
        )
    })?;
    let body = json!({ "source": source, "certification": named.0, "requirement": named.1 });
    let mut sums = [("accepted", 0), ("awarded", 0), ("renewed", 0), ("moot", 0)];
    loop {
        let answer = service.call("POST", path::API_REVIEWS_ACCEPT, Some(body.to_string().into_bytes())).await?.body;
        for (name, sum) in &mut sums {
            *sum += answer[*name].as_u64().unwrap_or(0);
        }
        if answer["more"] != true {
            break;
        }
    }
    if json {
        let sums: serde_json::Map<String, Value> =
            sums.iter().map(|(name, n)| ((*name).to_owned(), json!(n))).collect();
        print(format!("{:#}", Value::Object(sums)));
    } else {
        let words: Vec<String> = sums.iter().map(|(name, n)| format!("{name} {n}")).collect();
        say(words.join(", "));
    }
    Ok(Exit::Done)
}
