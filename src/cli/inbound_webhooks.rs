//! `inbound-webhook create|list|revoke`.

use clap::Subcommand;
use serde_json::{Value, json};

use super::args::Place;
use super::failure::{Exit, print, say};
use super::service::Service;
use crate::urls::path;

#[derive(Debug, Subcommand)]
pub(super) enum InboundWebhookCommand {
    /// Let a source send results that it signs; its secret is shown once.
    Create {
        /// Its name; part of the address it sends to.
        source: String,
        /// Its public key (whpk_…), if it signs with a private key of its own.
        #[arg(long, value_name = "KEY")]
        public_key: Option<String>,
        /// Replace the secret of a source that exists; the last one stays good beside the new one.
        #[arg(long)]
        rotate: bool,
        /// What it reports carries the TEST mark and counts nowhere.
        #[arg(long)]
        test: bool,
    },
    /// List the sources.
    List,
    /// Take nothing more from a source.
    Revoke {
        /// Its name.
        source: String,
    },
}

pub(super) async fn run(place: Place, command: InboundWebhookCommand) -> anyhow::Result<Exit> {
    let service = Service::find(&place).await?;
    let reply = match &command {
        InboundWebhookCommand::List => service.call("GET", path::API_INBOUND_WEBHOOKS, None).await,
        InboundWebhookCommand::Create { source, public_key, rotate, test } => {
            let realm = if *test { "test" } else { "live" };
            let body = json!({ "source": source, "realm": realm, "public_key": public_key, "rotate": rotate });
            service.call("POST", path::API_INBOUND_WEBHOOKS, Some(body.to_string().into_bytes())).await
        }
        InboundWebhookCommand::Revoke { source } => {
            let body = json!({ "source": source });
            service.call("POST", path::API_INBOUND_WEBHOOK_REVOKE, Some(body.to_string().into_bytes())).await
        }
    };
    service.close().await?;
    let body = reply?.body;
    match (body["secret"].as_str(), body["data"].as_array()) {
        (Some(secret), _) => {
            print(secret);
            say(format!("This is the only time the secret is shown. Send results to: {}", text(&body, "address")));
        }
        (None, Some(sources)) => sources.iter().for_each(show),
        (None, None) => show(&body),
    }
    Ok(Exit::Done)
}

fn show(source: &Value) {
    let end = source["revoked_at"].as_str().map(|at| format!("  revoked since {at}")).unwrap_or_default();
    print(format!("{:<24}{:<6}{}{end}", text(source, "source"), text(source, "realm"), text(source, "address")));
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_default()
}
