//! `standing`: where a person stands, and why.

use clap::Args;
use serde_json::{Value, json};

use super::args::Place;
use super::exception::{self, Who};
use super::failure::{Exit, print, print_lines};
use super::service::Service;
use crate::urls::path;

#[derive(Debug, Args)]
pub(super) struct StandingArgs {
    #[command(flatten)]
    who: Who,
    /// Only this certification; also when nothing was reported in it yet.
    #[arg(long, value_name = "ID")]
    certification: Option<String>,
    /// Print the answer as JSON.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(place: Place, args: StandingArgs) -> anyhow::Result<Exit> {
    let mut body = args.who.named("person");
    if let Some(certification) = &args.certification {
        body["certification"] = json!(certification);
    }
    let service = Service::find(&place).await?;
    let reply = service.call("POST", path::API_STANDINGS_FIND, Some(body.to_string().into_bytes())).await;
    service.close().await?;
    let answer = reply?.body;
    if args.json {
        print_lines(serde_json::to_string_pretty(&answer)?);
        return Ok(Exit::Done);
    }
    let person = &answer["person"];
    let name = person["name"].as_str().or(person["id"].as_str()).unwrap_or_default();
    print(format!("{:<12}{name}", "person"));
    for standing in answer["standings"].as_array().into_iter().flatten() {
        print("");
        show(standing);
    }
    Ok(Exit::Done)
}

fn show(standing: &Value) {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let line = |name: &str, words: &str| print(format!("{name:<12}{words}"));
    line("in", &format!("{} ({})", text(&standing["name"]), text(&standing["certification"])));
    let outlook = &standing["outlook"];
    line("state", &text(&outlook["phase"]));
    let award = &standing["award"];
    if award.is_object() {
        line("award", &text(&award["number"]));
        line("until", award["valid_until"].as_str().unwrap_or("does not expire"));
    }
    if let Some(opens) = outlook["renewal"]["opens"].as_str() {
        line("renewal", &format!("from {opens}"));
    }
    for demand in outlook["demands"].as_array().into_iter().flatten() {
        let paths = demand["paths"].as_array().into_iter().flatten();
        let paths: Vec<String> = paths.map(|path| path.as_array().map_or(String::new(), |ids| and(ids))).collect();
        let missed = if demand["missed"] == true { ", missed" } else { "" };
        line("due", &format!("{}  {}, by {}{missed}", text(&demand["due"]), paths.join(" or "), text(&demand["id"])));
    }
    if standing["under_review"] == true {
        line("review", "something is under review, which says nothing against the person");
    }
    let mut name = if outlook["next"] == "renewal" { "to renew" } else { "missing" };
    for unmet in outlook["unmet"].as_array().into_iter().flatten() {
        line(name, &text(&unmet["words"]));
        name = "";
    }
    let open = |path: &Value| -> Vec<String> {
        let requirements = path["requirements"].as_array().into_iter().flatten();
        requirements.filter(|requirement| requirement["met"] == false).map(|open| text(&open["name"])).collect()
    };
    let paths: Vec<String> =
        outlook["paths"].as_array().into_iter().flatten().map(|path| open(path).join(" and ")).collect();
    // The reasons of several ways stand in one list.
    if paths.len() > 1 && paths.iter().all(|path| !path.is_empty()) {
        line("enough is", &paths.join(", or "));
    }
    for requirement in
        outlook["paths"].as_array().into_iter().flatten().filter_map(|path| path["requirements"].as_array())
    {
        for requirement in requirement.iter().filter(|requirement| requirement["next_attempt_from"].is_string()) {
            let from = text(&requirement["next_attempt_from"]);
            line("next", &format!("{}: another attempt counts from {from}", text(&requirement["name"])));
        }
    }
    for result in standing["results"].as_array().into_iter().flatten() {
        let percent = result["percent"].as_f64().map(|percent| format!(" {percent} %")).unwrap_or_default();
        let (at, requirement, outcome) = (text(&result["day"]), text(&result["requirement"]), text(&result["outcome"]));
        line(
            "result",
            &format!("{at}  {requirement}  {outcome}{percent}  {}:{}", text(&result["source"]), text(&result["id"])),
        );
        line("", &text(&result["words"]));
    }
    standing["exceptions"].as_array().into_iter().flatten().for_each(exception::show);
    for entry in standing["history"].as_array().into_iter().flatten() {
        let reason = entry["reason"].as_str().map(|reason| format!(" ({reason})")).unwrap_or_default();
        let by = entry["by"].as_str().map(|by| format!(", by {by}")).unwrap_or_default();
        let words = entry["text"].as_str().map(|text| format!(": {text}")).unwrap_or_default();
        line("history", &format!("{}  {}{reason}{by}{words}", text(&entry["valid_at"]), text(&entry["type"])));
    }
}

fn and(ids: &[Value]) -> String {
    ids.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" and ")
}
