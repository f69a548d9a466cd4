//! `recertification order|list|show|confirm|reject`: holders must complete something by a date.

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::args::Place;
use super::failure::{Exit, print, print_lines, say};
use super::service::Service;
use crate::urls::path;

#[derive(Debug, Subcommand)]
pub(super) enum RecertificationCommand {
    /// Order it; where it concerns anybody it waits until another caller confirms it.
    Order(Order),
    /// List all, with how many holders complied.
    List {
        /// Print the answer as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Show one, with who has not completed it.
    Show {
        /// Its id.
        id: String,
        /// Print the answer as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Let holders be asked what somebody else ordered.
    Confirm {
        /// Its id.
        id: String,
    },
    /// Drop an order that waits.
    Reject {
        /// Its id.
        id: String,
    },
}

#[derive(Debug, Args)]
pub(super) struct Order {
    /// An id of its own: lower-case letters, digits and hyphens.
    id: String,
    /// Whose holders; may be repeated.
    #[arg(long = "certification", required = true, value_name = "ID")]
    certifications: Vec<String>,
    /// What they must complete.
    #[arg(long, value_name = "ID")]
    requirement: String,
    /// How long they have, such as 60d.
    #[arg(long, value_name = "DURATION", required_unless_present = "deadline", conflicts_with = "deadline")]
    by: Option<String>,
    /// The last day, such as 2027-03-31.
    #[arg(long, value_name = "DATE")]
    deadline: Option<String>,
    /// Only awards earned before this day.
    #[arg(long, value_name = "DATE")]
    issued_before: Option<String>,
    /// Only show whom it concerns.
    #[arg(long)]
    dry_run: bool,
    /// Print the answer as JSON.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(place: Place, command: RecertificationCommand) -> anyhow::Result<Exit> {
    let service = Service::find(&place).await?;
    let answer = call(&service, &command).await;
    service.close().await?;
    let answer = answer?;
    match &command {
        RecertificationCommand::Order(Order { json: true, .. })
        | RecertificationCommand::List { json: true }
        | RecertificationCommand::Show { json: true, .. } => print_lines(serde_json::to_string_pretty(&answer)?),
        RecertificationCommand::Order(_) => show_order(&answer),
        RecertificationCommand::List { .. } => {
            answer.as_array().into_iter().flatten().for_each(|one| print(line(one)));
        }
        RecertificationCommand::Show { .. } => show(&answer),
        RecertificationCommand::Confirm { .. } | RecertificationCommand::Reject { .. } => print(line(&answer)),
    }
    Ok(Exit::Done)
}

async fn call(service: &Service, command: &RecertificationCommand) -> anyhow::Result<Value> {
    let verb = |id: &str, verb| path::API_RECERTIFICATION_VERB.replace("{id}", id).replace("{verb}", verb);
    let (method, path, body) = match command {
        RecertificationCommand::Order(order) => ("POST", path::API_RECERTIFICATIONS.to_owned(), Some(body(order))),
        RecertificationCommand::List { .. } => return all(service).await,
        RecertificationCommand::Show { id, .. } => ("GET", path::API_RECERTIFICATION.replace("{id}", id), None),
        RecertificationCommand::Confirm { id } => ("POST", verb(id, "confirm"), Some(json!({}))),
        RecertificationCommand::Reject { id } => ("POST", verb(id, "reject"), Some(json!({}))),
    };
    Ok(service.call(method, &path, body.map(|body| body.to_string().into_bytes())).await?.body)
}

async fn all(service: &Service) -> anyhow::Result<Value> {
    let (mut all, mut path) = (Vec::new(), format!("{}?limit=100", path::API_RECERTIFICATIONS));
    loop {
        let piece = service.call("GET", &path, None).await?.body;
        all.extend(piece["data"].as_array().cloned().unwrap_or_default());
        let Some(next) = piece["next_cursor"].as_str() else { return Ok(Value::Array(all)) };
        path = format!("{}?limit=100&cursor={next}", path::API_RECERTIFICATIONS);
    }
}

fn body(order: &Order) -> Value {
    let mut body = json!({
        "id": order.id, "certifications": order.certifications, "requirement": order.requirement, "dry_run": order.dry_run,
    });
    let more = [("by", &order.by), ("deadline", &order.deadline), ("issued_before", &order.issued_before)];
    for (member, value) in more {
        if let Some(value) = value {
            body[member] = json!(value);
        }
    }
    body
}

fn show_order(answer: &Value) {
    if answer["outcome"] == "preview" {
        say("Nothing was ordered. This is whom it would concern:");
    } else {
        print(line(&answer["recertification"]));
    }
    for holder in answer["holders"].as_array().into_iter().flatten() {
        let text = |name: &str| holder[name].as_str().unwrap_or_default();
        print(format!("{:<28}{:<24}{}", text("name"), text("award"), text("words")));
    }
    say(format!("{} holders", answer["total"]));
    if let Some(next) = answer["next_step"].as_str() {
        say(next);
    }
}

fn line(one: &Value) -> String {
    let text = |name: &str| one[name].as_str().unwrap_or_default();
    let of: Vec<&str> = one["certifications"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let (id, stage, requirement, due) = (text("id"), text("stage"), text("requirement"), text("due"));
    let progress = &one["progress"];
    let counts = if progress.is_object() {
        let (asked, met, missed) = (&progress["asked"], &progress["met"], &progress["missed"]);
        format!("  {asked} asked, {met} completed it, {missed} missed it")
    } else {
        String::new()
    };
    format!("{id:<24}{stage:<10}{requirement} of {} until {due}{counts}", of.join(", "))
}

fn show(one: &Value) {
    print(line(one));
    for (name, member) in [("ordered by", "by"), ("decided by", "second"), ("before", "issued_before")] {
        if let Some(value) = one[member].as_str() {
            print(format!("{name:<12}{value}"));
        }
    }
    for holder in one["outstanding"].as_array().into_iter().flatten() {
        let text = |name: &str| holder[name].as_str().unwrap_or_default();
        let (name, award, certification) = (text("name"), text("award"), text("certification"));
        print(format!("{name:<28}{award:<24}{certification}  {}", text("state")));
    }
}
