//! `verify`: a file, an address, a number or standard input into a report and an exit code.

use std::path::Path;

use chrono::{DateTime, Utc};
use serde_json::json;

use super::args::{Place, Verify};
use super::failure::{Exit, Hinted, print};
use super::open::{self, read_input};
use super::service::Service;
use crate::clock::{Clock, SystemClock, whole_seconds};
use crate::config::Settings;
use crate::id::AwardId;
use crate::service::point_in_time::DayOrMoment;
use crate::service::verify;
use crate::urls::path;
use crate::verification::{self, CheckOutcome, MAXIMUM_PICTURE, Report, Verdict};

pub(super) async fn run(place: Place, args: Verify) -> anyhow::Result<Exit> {
    let bytes = input(&args.what)?;
    let report = match service(&place).await? {
        Some(service) => {
            let answer = ask(&service, &bytes, &args).await;
            service.close().await?;
            answer?
        }
        None => alone(&bytes, &args)?,
    };
    if args.json {
        print(serde_json::to_string_pretty(&report)?);
    } else {
        show(&report);
    }
    Ok(exit(report.verdict))
}

/// The bytes to judge: of a file if there is one of that name; else the number or address itself.
fn input(what: &str) -> anyhow::Result<Vec<u8>> {
    if what == "-" || Path::new(what).exists() {
        return read_input(Path::new(what), MAXIMUM_PICTURE as u64);
    }
    let address = what.starts_with("https://") || what.starts_with("http://");
    if address || what.parse::<AwardId>().is_ok() {
        return Ok(what.as_bytes().to_vec());
    }
    Err(Hinted::error(
        format!("there is no file {what:?}, and it is no address or number of a badge"),
        "name a file, an address, a number such as 7K3Q-X9M2-TR4H-B6WD, or - for standard input",
    ))
}

/// A service that can be asked, or a store that can be opened; a badge can be judged without either.
async fn service(place: &Place) -> anyhow::Result<Option<Service>> {
    let config = open::config(place, Settings::default())?;
    if place.url.is_none() && !config.data.exists() {
        return Ok(None);
    }
    Service::find(place).await.map(Some)
}

async fn ask(service: &Service, bytes: &[u8], args: &Verify) -> anyhow::Result<Report> {
    use base64::Engine as _;
    let encoded = base64::engine::general_purpose::STANDARD.encode(bytes);
    let body = json!({ "base64": encoded, "at": args.when.at, "known": args.when.known });
    let reply = service.call("POST", path::API_VERIFY, Some(serde_json::to_vec(&body)?)).await?;
    Ok(serde_json::from_value(reply.body)?)
}

fn alone(bytes: &[u8], args: &Verify) -> anyhow::Result<Report> {
    let now = whole_seconds(SystemClock.now());
    let text = std::str::from_utf8(bytes).unwrap_or_default().trim();
    if text.parse::<AwardId>().is_ok() || text.starts_with("http") && !text.contains(char::is_whitespace) {
        return Err(Hinted::error(
            "a number or address can be looked up only by the service that issued it",
            "name the service with --url, or download the badge and verify the file",
        ));
    }
    if args.when.known.is_some() {
        return Err(Hinted::error(
            "what had been recorded can be told only by the service that issued a badge",
            "name the service with --url, or leave out --known",
        ));
    }
    let at = args.when.at.as_deref().map(|text| moment(text, now)).transpose()?;
    Ok(verify::offline(bytes, now, at).unwrap_or_else(|fault| verification::malformed(&fault, now)))
}

/// With no program at hand, days are those of UTC.
fn moment(text: &str, now: DateTime<Utc>) -> anyhow::Result<DateTime<Utc>> {
    let given = DayOrMoment::read(text).ok_or_else(|| {
        Hinted::error(format!("{text:?} is no day and no moment"), "2026-03-01, or 2026-03-01T10:00:00Z")
    })?;
    let at = given.end(chrono_tz::Tz::UTC, now);
    if at > now {
        return Err(Hinted::error(
            "--at lies in the future: what will be true cannot be told",
            "leave it out to ask about now",
        ));
    }
    Ok(at)
}

fn show(report: &Report) {
    print(&report.headline);
    if let Some(hindsight) = &report.hindsight {
        print(&hindsight.words);
    }
    for check in &report.checks {
        let mark = match check.outcome {
            CheckOutcome::Passed => "passed",
            CheckOutcome::Failed => "FAILED",
            CheckOutcome::Warning => "warning",
            CheckOutcome::CouldNotCheck => "could not check",
        };
        let id = serde_json::to_value(check.id).ok().and_then(|id| id.as_str().map(str::to_owned)).unwrap_or_default();
        print(format!("  {id:<13}{mark:<17}{}", check.words));
        if let Some(hint) = &check.hint {
            print(format!("  {:<13}{:<17}{hint}", "", ""));
        }
    }
}

fn exit(verdict: Verdict) -> Exit {
    match verdict {
        Verdict::Valid => Exit::Done,
        Verdict::Inconclusive | Verdict::UntrustedIssuer => Exit::Inconclusive,
        _ => Exit::NotValid,
    }
}
