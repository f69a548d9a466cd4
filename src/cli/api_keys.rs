//! `api-key create|list|revoke`.

use serde_json::{Value, json};

use super::args::{ApiKeyCommand, Place};
use super::failure::{Exit, print, say};
use super::service::Service;
use crate::urls::path;

pub(super) async fn run(place: Place, command: ApiKeyCommand) -> anyhow::Result<Exit> {
    let service = Service::find(&place).await?;
    let reply = match &command {
        ApiKeyCommand::List => service.call("GET", path::API_KEYS, None).await,
        ApiKeyCommand::Create { name, scopes, test } => {
            let body = json!({ "name": name, "scopes": scopes, "realm": if *test { "test" } else { "live" } });
            service.call("POST", path::API_KEYS, Some(body.to_string().into_bytes())).await
        }
        ApiKeyCommand::Revoke { name } => {
            let body = json!({ "name": name });
            service.call("POST", path::API_KEY_REVOKE, Some(body.to_string().into_bytes())).await
        }
    };
    service.close().await?;
    let body = reply?.body;
    match (body["secret"].as_str(), body["data"].as_array()) {
        (Some(secret), _) => {
            print(secret);
            say("This is the only time the key is shown. Callers send it as: Authorization: Bearer KEY");
        }
        (None, Some(keys)) => keys.iter().for_each(show),
        (None, None) => show(&body),
    }
    Ok(Exit::Done)
}

fn show(key: &Value) {
    let text = |name: &str| key[name].as_str().unwrap_or_default();
    let scopes: Vec<&str> = key["scopes"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let end = key["revoked_at"].as_str().map(|at| format!("  revoked since {at}")).unwrap_or_default();
    print(format!("{:<24}{:<6}{}{end}", text("name"), text("realm"), scopes.join(" ")));
}
