//! `keys list|generate|rotate|retire`.

use serde_json::{Value, json};

use super::args::{KeysCommand, Place};
use super::failure::{Exit, print, say};
use super::service::Service;
use crate::urls::path;

pub(super) async fn run(place: Place, command: KeysCommand) -> anyhow::Result<Exit> {
    let service = Service::find(&place).await?;
    let (method, path, body) = match &command {
        KeysCommand::List => ("GET", path::API_SIGNING_KEYS.to_owned(), None),
        KeysCommand::Generate => ("POST", verb("generate"), Some(json!({}))),
        KeysCommand::Rotate => ("POST", verb("rotate"), Some(json!({}))),
        KeysCommand::Retire { kid } => ("POST", verb("retire"), Some(json!({ "kid": kid }))),
    };
    let reply = service.call(method, &path, body.map(|body| body.to_string().into_bytes())).await;
    service.close().await?;
    let body = reply?.body;
    match body["data"].as_array() {
        Some(keys) => keys.iter().for_each(show),
        None => show(&body),
    }
    if matches!(command, KeysCommand::Generate) {
        say("The key is published and signs nothing yet. Back up its file, then: assay keys rotate");
    }
    Ok(Exit::Done)
}

fn verb(verb: &str) -> String {
    path::API_SIGNING_KEY_VERB.replace("{verb}", verb)
}

fn show(key: &Value) {
    let text = |name: &str| key[name].as_str();
    let state = match (text("revoked_at"), text("retired_at"), text("active_from")) {
        (Some(at), _, _) => format!("revoked since {at}"),
        (None, Some(at), from) => format!("retired since {at}, signed from {}", from.unwrap_or("never")),
        (None, None, Some(from)) => format!("active since {from}"),
        (None, None, None) => "published, not yet active".to_owned(),
    };
    print(format!("{}  {state}", text("kid").unwrap_or_default()));
}
