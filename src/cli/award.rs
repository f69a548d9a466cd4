//! `award show` and the verbs.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};

use super::args::{AwardCommand, Place, ReasonArg, Which};
use super::failure::{Exit, Hinted, print, print_lines};
use super::service::Service;
use crate::id::AwardId;
use crate::urls::path;

pub(super) async fn run(place: Place, command: AwardCommand) -> anyhow::Result<Exit> {
    let (which, verb, body) = match command {
        AwardCommand::Import { file, test } => return super::award_import::run(place, &file, test).await,
        command => request(command),
    };
    let award: AwardId = which
        .award
        .parse()
        .map_err(|e| Hinted::error(format!("{:?} is no award's number", which.award), format!("{e}")))?;
    let service = Service::find(&place).await?;
    let reply = match verb {
        None => {
            let address = format!("{}{}", path::API_AWARD.replace("{award}", award.as_str()), query(&body));
            service.call("GET", &address, None).await
        }
        Some(verb) => {
            let path = path::API_AWARD_VERB.replace("{award}", award.as_str()).replace("{verb}", verb);
            service.call("POST", &path, Some(serde_json::to_vec(&body)?)).await
        }
    };
    service.close().await?;
    let reply = reply?;
    if which.json {
        print_lines(serde_json::to_string_pretty(&reply.body)?);
    } else {
        show(&reply.body);
    }
    Ok(Exit::Done)
}

fn request(command: AwardCommand) -> (Which, Option<&'static str>, Value) {
    let body = |text: Option<String>, more: &[(&str, Option<Value>)]| {
        let mut members = Map::new();
        members.extend(text.map(|text| ("text".to_owned(), json!(text))));
        members.extend(more.iter().filter_map(|(name, value)| Some(((*name).to_owned(), value.clone()?))));
        Value::Object(members)
    };
    match command {
        AwardCommand::Show { which, when } => (which, None, json!({ "at": when.at, "known": when.known })),
        AwardCommand::Import { .. } => unreachable!("imports go another way"),
        AwardCommand::Renew { which, text } => (which, Some("renew"), body(text, &[])),
        AwardCommand::Reissue { which, name, text } => {
            (which, Some("reissue"), body(text, &[("name", name.map(Value::from))]))
        }
        AwardCommand::Suspend { which, reason, text } => {
            (which, Some("suspend"), body(text, &[("reason", Some(code(reason)))]))
        }
        AwardCommand::Reinstate { which, text } => (which, Some("reinstate"), body(text, &[])),
        AwardCommand::Revoke { which, reason, text } => {
            (which, Some("revoke"), body(text, &[("reason", Some(code(reason)))]))
        }
    }
}

/// The members that are text, as the query of an address.
fn query(body: &Value) -> String {
    let texts = body.as_object().into_iter().flatten().filter_map(|(name, value)| Some((name, value.as_str()?)));
    let pairs: Vec<String> =
        texts.map(|(name, text)| format!("{name}={}", utf8_percent_encode(text, NON_ALPHANUMERIC))).collect();
    if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
}

fn code(reason: ReasonArg) -> Value {
    let code = match reason {
        ReasonArg::IssuedInError => "issued-in-error",
        ReasonArg::RequirementsNotMet => "requirements-not-met",
        ReasonArg::HolderRequest => "holder-request",
        ReasonArg::KeyCompromise => "key-compromise",
        ReasonArg::Other => "other",
    };
    json!(code)
}

/// An award's id as people read it.
pub(super) fn number(id: &str) -> String {
    id.parse::<AwardId>().map_or_else(|_| id.to_owned(), |award| award.grouped())
}

/// An award as the API answers it.
pub(super) fn show(award: &Value) {
    let line = |name: &str, value: &Value| {
        if let Some(text) = value.as_str() {
            print(format!("{name:<12}{text}"));
        }
    };
    line("award", &award["number"]);
    line("state", &award["state"]);
    line("holds", &award["certification"]);
    line("awarded", &award["awarded_at"]);
    line("until", &award["valid_until"]);
    line("page", &award["addresses"]["page"]);
    line("credential", &award["addresses"]["credential"]);
    line("badge", &award["addresses"]["baked_png"]);
    line("picture", &award["addresses"]["picture"]);
    for entry in award["history"].as_array().into_iter().flatten() {
        let (what, at) = (entry["type"].as_str().unwrap_or_default(), entry["valid_at"].as_str().unwrap_or_default());
        let reason = entry["reason"].as_str().map(|reason| format!(" ({reason})")).unwrap_or_default();
        print(format!("{:<12}{at}  {what}{reason}", "history"));
    }
    let then = &award["then"];
    if then.is_object() {
        let text = |member: &str| then[member].as_str().unwrap_or_default();
        print(format!("{:<12}{} {}, as recorded by {}", "then", text("at"), text("state"), text("known")));
    }
    if award["realm"] == "test" {
        print("TEST: this award counts nowhere.");
    }
}
