//! [`Line`]: one thing that will happen, in words and for programs.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::app::App;
use crate::id::{AwardId, CertificationId, PersonId, Realm};
use crate::program::duration::local_day;
use crate::rules::{DemandKind, Reason};
use crate::service::{Breakdown, program};
use crate::store::{Event, EventKind, ReadSet};

/// One thing that will happen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ForecastLine)]
pub struct Line {
    /// When, if nobody does anything until then.
    pub at: DateTime<Utc>,
    /// The same as a day of the program's time zone.
    pub day: NaiveDate,
    /// Kind of event, as in the feed.
    #[serde(rename = "type")]
    pub kind: String,
    /// What, in words.
    pub words: String,
    /// Whom it concerns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// Name of the certification.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certification: Option<String>,
    /// Number of the award, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub award: Option<String>,
}

impl Line {
    /// By what the lines of one moment are sorted; those of one award keep their order.
    pub(super) fn place(&self) -> (DateTime<Utc>, Option<&str>, Option<&str>, Option<&str>) {
        (self.at, self.person.as_deref(), self.certification.as_deref(), self.award.as_deref())
    }
}

/// Makes lines of events; knows everybody it read once.
pub(super) struct Lines {
    zone: Tz,
    names: HashMap<PersonId, Option<String>>,
}

impl Lines {
    pub(super) fn new(zone: Tz) -> Self {
        Lines { zone, names: HashMap::new() }
    }

    pub(super) async fn line(&mut self, app: &App, event: &Event) -> Result<Line, Breakdown> {
        let said = serde_json::to_value(&event.what).expect("an event has text keys");
        let text = |member: &str| said.get(member).and_then(Value::as_str);
        let person = match text("person").and_then(|id| id.parse().ok()) {
            Some(id) => self.name(app, id).await?,
            None => None,
        };
        let certification = match text("certification").and_then(|id| id.parse().ok()) {
            Some(id) => Some(named(app, &id).await?),
            None => None,
        };
        let award = text("award").and_then(|number| number.parse::<AwardId>().ok()).map(|award| award.grouped());
        let kind = text("type").unwrap_or_default().to_owned();
        let words = words(&event.what, self.zone).unwrap_or_else(|| kind.replace(['.', '_'], " "));
        let day = local_day(event.recorded_at, self.zone);
        Ok(Line { at: event.recorded_at, day, kind, words, person, certification, award })
    }

    async fn name(&mut self, app: &App, id: PersonId) -> Result<Option<String>, Breakdown> {
        if let Some(known) = self.names.get(&id) {
            return Ok(known.clone());
        }
        let person = app.store.person(Realm::Live, &id, &mut ReadSet::new()).await?;
        let name = person.map(|person| person.name);
        self.names.insert(id, name.clone());
        Ok(name)
    }
}

/// As the program in force by then calls it.
async fn named(app: &App, id: &CertificationId) -> Result<String, Breakdown> {
    let in_force = program::in_force(app, &mut ReadSet::new()).await?;
    Ok(in_force.program.certification(id).map_or_else(|| id.to_string(), |c| c.name.clone()))
}

fn words(what: &EventKind, zone: Tz) -> Option<String> {
    let said = match what {
        EventKind::AwardIssued(_) => "awarded".to_owned(),
        EventKind::AwardRenewed(fact) => match fact.valid_until {
            Some(until) => format!("renewed until {}", local_day(until, zone)),
            None => "renewed".to_owned(),
        },
        EventKind::AwardReminder { days: 0, .. } => "reminder: this is the last day".to_owned(),
        EventKind::AwardReminder { days, .. } => format!("reminder: {}", left(*days)),
        EventKind::AwardExpired { .. } => "expired".to_owned(),
        EventKind::AwardGraceEnded { .. } => "grace is over; the streamlined path is open".to_owned(),
        EventKind::AwardLapsed { .. } => "lapsed; only the full path is left".to_owned(),
        EventKind::AwardDemandReminder { days, demand } => format!("{}: {}", demanded(demand.kind), left(*days)),
        EventKind::AwardDemandMissed(demand) => format!("{} missed", demanded(demand.kind)),
        EventKind::AwardDemandPlaced(demand) => format!("{} asked for", demanded(demand.kind)),
        EventKind::AwardSuspended { reason: Reason::UpkeepMissed, .. } => "suspended: upkeep missed".to_owned(),
        EventKind::AwardSuspended { .. } => "suspended".to_owned(),
        EventKind::ContentReviewDue { .. } => "its content is due for a review".to_owned(),
        _ => return None,
    };
    Some(said)
}

fn left(days: u32) -> String {
    if days == 1 { "1 day left".to_owned() } else { format!("{days} days left") }
}

fn demanded(kind: DemandKind) -> &'static str {
    match kind {
        DemandKind::Upkeep => "upkeep",
        DemandKind::Recertification => "recertification",
    }
}
