//! `trust add|list|remove`.

use clap::Subcommand;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::args::Place;
use super::failure::{Exit, print, print_lines};
use super::service::Service;
use crate::urls::path;

#[derive(Debug, Subcommand)]
pub(super) enum TrustCommand {
    /// Rely on an issuer's badges, or change what is said of it.
    Add {
        /// Its DID or https address, as its badges name it.
        issuer: String,
        /// As you know it.
        #[arg(long)]
        name: String,
        /// Only badges issued from this day or moment on.
        #[arg(long, value_name = "DATE")]
        since: Option<String>,
        /// Only badges issued up to the end of this day, or this moment.
        #[arg(long, value_name = "DATE")]
        until: Option<String>,
    },
    /// List the issuers that are relied on.
    List {
        /// Print them as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Rely on an issuer no more.
    Remove {
        /// Its DID or https address.
        issuer: String,
    },
}

pub(super) async fn run(place: Place, command: TrustCommand) -> anyhow::Result<Exit> {
    let service = Service::find(&place).await?;
    let done = act(&service, &command).await;
    service.close().await?;
    let issuers = done?;
    if matches!(command, TrustCommand::List { json: true }) {
        print_lines(serde_json::to_string_pretty(&json!({ "data": issuers }))?);
    } else {
        issuers.iter().for_each(show);
    }
    Ok(Exit::Done)
}

/// The issuers that the command is about, as they are now, or were.
async fn act(service: &Service, command: &TrustCommand) -> anyhow::Result<Vec<Value>> {
    let (path, body) = match command {
        TrustCommand::Add { issuer, name, since, until } => {
            let body = json!({ "issuer": issuer, "name": name, "since": since, "until": until });
            (path::API_TRUSTED_ISSUERS, body)
        }
        TrustCommand::Remove { issuer } => (path::API_TRUSTED_ISSUER_REMOVE, json!({ "issuer": issuer })),
        TrustCommand::List { .. } => return all(service).await,
    };
    Ok(vec![service.call("POST", path, Some(body.to_string().into_bytes())).await?.body])
}

async fn all(service: &Service) -> anyhow::Result<Vec<Value>> {
    let (mut issuers, mut address) = (Vec::new(), format!("{}?limit=200", path::API_TRUSTED_ISSUERS));
    loop {
        let page = service.call("GET", &address, None).await?.body;
        issuers.extend(page["data"].as_array().into_iter().flatten().cloned());
        let Some(cursor) = page["next_cursor"].as_str() else { return Ok(issuers) };
        let cursor = utf8_percent_encode(cursor, NON_ALPHANUMERIC);
        address = format!("{}?limit=200&cursor={cursor}", path::API_TRUSTED_ISSUERS);
    }
}

fn show(issuer: &Value) {
    let text = |name: &str| issuer[name].as_str().unwrap_or_default();
    let end = |name: &str| issuer[name].as_str().map(|at| format!("  {name} {at}")).unwrap_or_default();
    print(format!("{}  {}{}{}", text("issuer"), text("name"), end("since"), end("until")));
}
