//! Who judges: a service that runs, the store that can be opened, or this command alone.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use serde_json::json;

use super::super::args::Place;
use super::super::failure::Hinted;
use super::super::open;
use super::super::service::Service;
use crate::clock::{Clock as _, SystemClock, whole_seconds};
use crate::config::Settings;
use crate::fetch::Door;
use crate::id::AwardId;
use crate::service::point_in_time::DayOrMoment;
use crate::service::verify;
use crate::urls::path;
use crate::verification::Report;

/// What is asked of a badge.
pub(super) struct Question {
    pub(super) at: Option<String>,
    pub(super) known: Option<String>,
    pub(super) holder: Option<String>,
    /// Whether a receipt is wanted.
    pub(super) receipt: bool,
}

/// What was found.
pub(super) struct Answer {
    pub(super) report: Report,
    pub(super) receipt: Option<String>,
}

pub(super) enum Judge {
    Service(Service),
    /// With no service and no store: nobody is listed, and nothing is recorded.
    Alone(Door),
}

impl Judge {
    pub(super) async fn find(place: &Place) -> anyhow::Result<Self> {
        let config = open::config(place, Settings::default())?;
        if place.url.is_none() && !config.data.exists() {
            return Ok(Judge::Alone(open::door(&config)));
        }
        Service::find(place).await.map(Judge::Service)
    }

    pub(super) async fn judge(&self, bytes: &Bytes, question: &Question) -> anyhow::Result<Answer> {
        match self {
            Judge::Service(service) => ask(service, bytes, question).await,
            Judge::Alone(door) => alone(door, bytes, question).await,
        }
    }

    pub(super) async fn close(self) -> anyhow::Result<()> {
        match self {
            Judge::Service(service) => service.close().await,
            Judge::Alone(_) => Ok(()),
        }
    }
}

async fn ask(service: &Service, bytes: &[u8], question: &Question) -> anyhow::Result<Answer> {
    use base64::Engine as _;
    let encoded = base64::engine::general_purpose::STANDARD.encode(bytes);
    let Question { at, known, holder, receipt } = question;
    let body = json!({ "base64": encoded, "at": at, "known": known, "holder": holder, "receipt": receipt });
    let mut reply = service.call("POST", path::API_VERIFY, Some(serde_json::to_vec(&body)?)).await?.body;
    let receipt = reply.as_object_mut().and_then(|reply| reply.shift_remove("receipt"));
    let receipt = receipt.and_then(|receipt| receipt.as_str().map(str::to_owned));
    Ok(Answer { report: serde_json::from_value(reply)?, receipt })
}

async fn alone(door: &Door, bytes: &Bytes, question: &Question) -> anyhow::Result<Answer> {
    let now = whole_seconds(SystemClock.now());
    let text = std::str::from_utf8(bytes).unwrap_or_default().trim();
    if text.parse::<AwardId>().is_ok() {
        return Err(Hinted::error(
            "a number can be looked up only by the service that issued it",
            "name the service with --url, or download the badge and verify the file",
        ));
    }
    if question.known.is_some() {
        return Err(Hinted::error(
            "what had been recorded can be told only by the service that issued a badge",
            "name the service with --url, or leave out --known",
        ));
    }
    if question.receipt {
        return Err(Hinted::error(
            "only a service can sign a receipt",
            "name a service with --url, or its store with --data",
        ));
    }
    let at = question.at.as_deref().map(|text| moment(text, now)).transpose()?;
    let report = verify::alone(door, bytes, now, at, question.holder.clone()).await?;
    Ok(Answer { report, receipt: None })
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
