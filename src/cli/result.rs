//! `result submit`.

use serde_json::Value;

use super::args::{Place, ResultCommand};
use super::failure::{Exit, print, print_lines};
use super::open::read_input;
use super::service::Service;
use crate::urls::path;

/// Most bytes of a result, as over HTTP.
const MAX_BODY: u64 = 1 << 20;

pub(super) async fn run(place: Place, command: ResultCommand) -> anyhow::Result<Exit> {
    let ResultCommand::Submit { file, test, json } = command;
    let body = read_input(&file, MAX_BODY)?;
    let mut service = Service::find(&place).await?;
    if test {
        service.as_test();
    }
    let reply = service.call("POST", path::API_RESULTS, Some(body)).await;
    service.close().await?;
    let reply = reply?;
    if json {
        print_lines(serde_json::to_string_pretty(&reply.body)?);
    } else {
        show(&reply.body);
    }
    Ok(Exit::Done)
}

/// The decision, and every reason when it was withheld.
pub(super) fn show(answer: &Value) {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    print(format!("{:<12}{}", "decision", text(&answer["decision"])));
    for unmet in answer["unmet"].as_array().into_iter().flatten() {
        print(format!("{:<12}{}", "", text(&unmet["words"])));
    }
    if answer["award"].is_object() {
        super::award::show(&answer["award"]);
    }
}
