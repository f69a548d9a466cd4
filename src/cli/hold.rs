//! `hold open|release|uphold|list|show`.

use clap::{Args, Subcommand};
use serde_json::{Map, Value, json};

use super::args::Place;
use super::award::number;
use super::failure::{Exit, print, print_lines, say};
use super::service::Service;
use crate::urls::path;

#[derive(Debug, Subcommand)]
pub(super) enum HoldCommand {
    /// Keep all results back that fit everything given, those to come included.
    Open(Open),
    /// Let results count again.
    Release {
        #[command(flatten)]
        which: Which,
        /// For your own records; never public.
        #[arg(long)]
        text: Option<String>,
    },
    /// Strike results out; awards that nothing else carries are revoked.
    Uphold {
        #[command(flatten)]
        which: Which,
        /// Why, for your own records; never public.
        #[arg(long)]
        text: String,
    },
    /// List the holds, the newest first.
    List,
    /// Show what a hold keeps back.
    Show {
        /// Its id.
        hold: String,
    },
}

#[derive(Debug, Args)]
pub(super) struct Open {
    /// Which form of the exam.
    #[arg(long)]
    form: Option<String>,
    /// Where it was taken.
    #[arg(long)]
    site: Option<String>,
    /// The day on which it was taken.
    #[arg(long, value_name = "DAY")]
    date: Option<String>,
    /// Taken from this day or moment on.
    #[arg(long)]
    from: Option<String>,
    /// Taken up to the end of this day, or before this moment.
    #[arg(long)]
    until: Option<String>,
    /// Who reported it: the name of an API key.
    #[arg(long)]
    source: Option<String>,
    /// In which certification.
    #[arg(long, value_name = "ID")]
    certification: Option<String>,
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

#[derive(Debug, Args)]
pub(super) struct Which {
    /// Its id.
    hold: String,
    /// Everything of the person with this mail address.
    #[arg(long, conflicts_with_all = ["result", "all"])]
    email: Option<String>,
    /// One result, as SOURCE:ID.
    #[arg(long, value_name = "SOURCE:ID", conflicts_with = "all", value_parser = super::exception::external)]
    result: Option<(String, String)>,
    /// Everything that is still kept back; for release only.
    #[arg(long)]
    all: bool,
    /// Print the answer as JSON.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(place: Place, command: HoldCommand) -> anyhow::Result<Exit> {
    let (method, path, body, as_json) = request(&command);
    let service = Service::find(&place).await?;
    let reply = service.call(method, &path, body.map(|body| body.to_string().into_bytes())).await;
    service.close().await?;
    let answer = reply?.body;
    if as_json {
        print_lines(serde_json::to_string_pretty(&answer)?);
        return Ok(Exit::Done);
    }
    match answer["data"].as_array() {
        Some(holds) => holds.iter().for_each(line),
        None => show(&answer),
    }
    Ok(Exit::Done)
}

fn request(command: &HoldCommand) -> (&'static str, String, Option<Value>, bool) {
    let at = |pattern: &str, id: &str| pattern.replace("{hold}", id);
    match command {
        HoldCommand::Open(open) => {
            let given = [
                ("form", &open.form),
                ("site", &open.site),
                ("date", &open.date),
                ("from", &open.from),
                ("until", &open.until),
                ("source", &open.source),
                ("certification", &open.certification),
            ];
            let criteria: Map<String, Value> =
                given.iter().filter_map(|(name, value)| Some(((*name).to_owned(), json!(value.as_ref()?)))).collect();
            let body = json!({ "criteria": criteria, "text": open.text, "dry_run": open.dry_run });
            ("POST", path::API_HOLDS.to_owned(), Some(body), open.json)
        }
        HoldCommand::Release { which, text } => {
            let mut body = meant(which, text.as_deref());
            body["all"] = json!(which.all);
            ("POST", at(path::API_HOLD_RELEASE, &which.hold), Some(body), which.json)
        }
        HoldCommand::Uphold { which, text } => {
            ("POST", at(path::API_HOLD_UPHOLD, &which.hold), Some(meant(which, Some(text))), which.json)
        }
        HoldCommand::List => ("GET", path::API_HOLDS.to_owned(), None, false),
        HoldCommand::Show { hold } => ("GET", at(path::API_HOLD, hold), None, false),
    }
}

fn meant(which: &Which, text: Option<&str>) -> Value {
    let mut body = json!({ "text": text });
    if let Some(email) = &which.email {
        body["person"] = json!({ "email": email });
    }
    if let Some((source, id)) = &which.result {
        body["result"] = json!({ "source": source, "id": id });
    }
    body
}

fn line(hold: &Value) {
    let text = |name: &str| hold[name].as_str().unwrap_or_default();
    print(format!(
        "{}  {:<9}  {}  by {}  {}",
        text("id"),
        text("state"),
        text("opened_at"),
        text("by"),
        hold["criteria"]
    ));
}

fn show(hold: &Value) {
    if hold["dry_run"] == true {
        say("Nothing was done. This is what would be kept back:");
    } else {
        line(hold);
    }
    for held in hold["held"].as_array().into_iter().flatten() {
        let text = |name: &str| held[name].as_str().unwrap_or_default();
        let award = match (held["award"].as_str(), held["suspended"] == true) {
            (Some(award), true) => format!("  award {} suspended", number(award)),
            (Some(award), false) => format!("  award {}", number(award)),
            (None, _) => String::new(),
        };
        let name = held["name"].as_str().unwrap_or(text("person"));
        print(format!("{name:<28}{}{award}", text("certification")));
        for result in held["results"].as_array().into_iter().flatten() {
            let text = |name: &str| result[name].as_str().unwrap_or_default();
            let words = [text("verdict"), text("requirement"), text("at")].join("  ");
            print(format!("  {words}  {}:{}", text("source"), text("id")));
        }
    }
    let counts = &hold["counts"];
    say(format!(
        "persons {}, results {} (held {}, released {}, upheld {}), awards suspended {}",
        counts["persons"], counts["results"], counts["held"], counts["released"], counts["upheld"], counts["suspended"]
    ));
}
