//! `exception grant|confirm|withdraw|list`.

use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};

use super::args::Place;
use super::failure::{Exit, print, print_lines};
use super::service::Service;
use crate::urls::path;

#[derive(Debug, Subcommand)]
pub(super) enum ExceptionCommand {
    /// Grant one person something beside the rules.
    Grant(Grant),
    /// Let an exception take effect that somebody else granted.
    Confirm {
        /// Its id.
        exception: String,
    },
    /// Take an exception back on which no award rests.
    Withdraw {
        /// Its id.
        exception: String,
        /// For your own records; never public.
        #[arg(long)]
        reason: Option<String>,
    },
    /// List the exceptions of a person.
    List {
        #[command(flatten)]
        who: Who,
    },
}

#[derive(Debug, Args)]
pub(super) struct Grant {
    /// What is granted.
    kind: KindArg,
    #[command(flatten)]
    who: Who,
    /// Id of the certification.
    #[arg(long, value_name = "ID")]
    certification: String,
    /// With waive and attempt: which requirement.
    #[arg(long, value_name = "ID")]
    requirement: Option<String>,
    /// With extend: the last day, such as 2027-12-31.
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
    /// For your own records; never public.
    #[arg(long)]
    reason: String,
    /// It waits until somebody else confirms it.
    #[arg(long)]
    needs_second: bool,
    /// Print the answer as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum KindArg {
    Waive,
    Attempt,
    Extend,
    AwardByHand,
    Approve,
}

/// A person, by exactly one of these.
#[derive(Debug, Clone, Args)]
#[group(required = true, multiple = false)]
pub(super) struct Who {
    /// The person's mail address.
    #[arg(long)]
    email: Option<String>,
    /// The person's id in another system, as SYSTEM:ID.
    #[arg(long, value_name = "SYSTEM:ID", value_parser = external)]
    external: Option<(String, String)>,
    /// The person's internal id.
    #[arg(long, value_name = "ID")]
    person: Option<String>,
}

pub(super) fn external(text: &str) -> Result<(String, String), String> {
    let (system, id) = text.split_once(':').ok_or("must be SYSTEM:ID, such as hr:4711")?;
    Ok((system.to_owned(), id.to_owned()))
}

impl Who {
    /// As calls name a person, with this name for the internal id.
    pub(super) fn named(&self, internal: &str) -> Value {
        match (&self.email, &self.external, &self.person) {
            (Some(email), ..) => json!({ "email": email }),
            (_, Some((system, id)), _) => json!({ "external": { "system": system, "id": id } }),
            (_, _, id) => json!({ internal: id }),
        }
    }
}

pub(super) async fn run(place: Place, command: ExceptionCommand) -> anyhow::Result<Exit> {
    let service = Service::find(&place).await?;
    let answer = call(&service, &command).await;
    service.close().await?;
    let answer = answer?;
    match &command {
        ExceptionCommand::Grant(Grant { json: true, .. }) => print_lines(serde_json::to_string_pretty(&answer)?),
        ExceptionCommand::List { .. } => answer.as_array().into_iter().flatten().for_each(show),
        _ => {
            show(&answer["exception"]);
            if let Some(decision) = answer["decision"].as_str() {
                print(format!("{:<12}{decision}", "decision"));
            }
            for unmet in answer["unmet"].as_array().into_iter().flatten() {
                print(format!("{:<12}{}", "", unmet["words"].as_str().unwrap_or_default()));
            }
            if answer["award"].is_object() {
                super::award::show(&answer["award"]);
            }
        }
    }
    Ok(Exit::Done)
}

async fn call(service: &Service, command: &ExceptionCommand) -> anyhow::Result<Value> {
    let at = |pattern: &str, id: &str| pattern.replace("{exception}", id);
    let (path, body) = match command {
        ExceptionCommand::Grant(grant) => (path::API_EXCEPTIONS.to_owned(), body(grant)),
        ExceptionCommand::Confirm { exception } => (at(path::API_EXCEPTION_CONFIRM, exception), json!({})),
        ExceptionCommand::Withdraw { exception, reason } => {
            (at(path::API_EXCEPTION_WITHDRAW, exception), json!({ "reason": reason }))
        }
        ExceptionCommand::List { who } => {
            let body = who.named("person").to_string().into_bytes();
            let found = service.call("POST", path::API_STANDINGS_FIND, Some(body)).await?.body;
            let standings = found["standings"].as_array().cloned().unwrap_or_default();
            let all = standings.iter().flat_map(|s| s["exceptions"].as_array().cloned().unwrap_or_default());
            return Ok(all.collect());
        }
    };
    Ok(service.call("POST", &path, Some(body.to_string().into_bytes())).await?.body)
}

fn body(grant: &Grant) -> Value {
    let kind = grant.kind.to_possible_value().map(|value| value.get_name().to_owned());
    let mut body = json!({
        "person": grant.who.named("id"),
        "certification": grant.certification,
        "kind": kind,
        "reason": grant.reason,
        "needs_second": grant.needs_second,
    });
    if let Some(requirement) = &grant.requirement {
        body["requirement"] = json!(requirement);
    }
    if let Some(until) = &grant.until {
        body["until"] = json!(until);
    }
    body
}

/// An exception as the API answers it.
pub(super) fn show(exception: &Value) {
    let text = |name: &str| exception[name].as_str().unwrap_or_default();
    let about = [text("requirement"), text("until")].into_iter().find(|about| !about.is_empty());
    let about = about.map(|about| format!(" {about}")).unwrap_or_default();
    print(format!("{:<12}{}  {}  {}{about}", "exception", text("id"), text("certification"), text("kind")));
    let second = exception["confirmed_by"].as_str().map(|by| format!(", confirmed by {by}")).unwrap_or_default();
    print(format!("{:<12}{}, by {} at {}{second}", "", text("state"), text("by"), text("at")));
    if let Some(reason) = exception["reason"].as_str() {
        print(format!("{:<12}{reason}", ""));
    }
}
