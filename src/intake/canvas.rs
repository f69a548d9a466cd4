//! Live events of Canvas: `grade_change` and `course_completed`.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::feed::{Ignored, MAX_AHEAD, Message, Said, Who};
use super::{ExternalId, InvalidValue, flaw_of_text};
use crate::decimal::Decimal;
use crate::rules::Score;

/// Whether the payload is a live event.
pub fn is_event(payload: &Value) -> bool {
    payload.get("metadata").is_some() && payload.get("body").is_some()
}

/// What the event says. Persons are known by the ids of the system `source`.
pub fn read(event: &Value, source: &str, now: DateTime<Utc>) -> Result<Message, Vec<InvalidValue>> {
    let (metadata, body) = (&event["metadata"], &event["body"]);
    let reader = Reader { source, now };
    match metadata["event_name"].as_str() {
        Some("grade_change") => reader.grade_change(metadata, body),
        Some("course_completed") => reader.course_completed(metadata, body),
        _ => {
            let detail = "is neither grade_change nor course_completed; subscribe to these two only";
            Err(fault("/metadata/event_name", detail))
        }
    }
}

struct Reader<'a> {
    source: &'a str,
    now: DateTime<Utc>,
}

impl Reader<'_> {
    fn grade_change(&self, metadata: &Value, body: &Value) -> Result<Message, Vec<InvalidValue>> {
        let submission = id(&body["submission_id"]).ok_or_else(|| fault("/body/submission_id", "is missing"))?;
        let assignment = id(&body["assignment_id"]).ok_or_else(|| fault("/body/assignment_id", "is missing"))?;
        let at = self.moment(&metadata["event_time"], "/metadata/event_time")?;
        let score = points(&body["score"], "/body/score")?;
        let possible = points(&body["points_possible"], "/body/points_possible")?;
        let said = if body["grading_complete"] != true {
            Said::Nothing(Ignored::NotGraded)
        } else if body["muted"] == true {
            Said::Nothing(Ignored::Muted)
        } else {
            match (score, possible) {
                (None, _) => Said::Nothing(Ignored::NotGraded),
                (Some(_), None) => Said::Unclear("Canvas tells points without the points that can be reached."),
                (Some(_), Some(possible)) if possible <= Decimal::ZERO => {
                    Said::Unclear("Canvas tells points of an assignment that has none.")
                }
                _ => Said::Scored,
            }
        };
        // Extra credit lifts a score above what can be reached.
        let score = score.zip(possible).filter(|(_, possible)| *possible > Decimal::ZERO);
        let score = score.map(|(score, max)| Score { points: score.clamp(Decimal::ZERO, max), max });
        let mut external = Vec::new();
        external.extend(self.person(&body["student_id"], ""));
        external.extend(self.person(&body["student_sis_id"], "/sis"));
        Ok(Message {
            id: format!("grade_change/{submission}/{}", at.timestamp_millis()),
            attempt: Some(format!("submission/{submission}")),
            person: Who { name: None, email: None, external },
            objects: vec![format!("assignment/{assignment}")],
            verb: "grade_change".to_owned(),
            said,
            score,
            minutes: None,
            at,
        })
    }

    fn course_completed(&self, metadata: &Value, body: &Value) -> Result<Message, Vec<InvalidValue>> {
        let course = id(&body["course"]["id"]).ok_or_else(|| fault("/body/course/id", "is missing"))?;
        let user = id(&body["user"]["id"]).ok_or_else(|| fault("/body/user/id", "is missing"))?;
        let progress = &body["progress"];
        let (have, need) = (progress["requirement_completed_count"].as_u64(), progress["requirement_count"].as_u64());
        let finished = have.is_some() && have == need && progress["completed_at"].is_string();
        let at =
            if finished { self.moment(&progress["completed_at"], "/body/progress/completed_at")? } else { self.now };
        let text = |value: &Value| {
            value.as_str().map(str::trim).filter(|text| flaw_of_text(text).is_none()).map(str::to_owned)
        };
        let email = text(&body["user"]["email"]).filter(|email| super::submission::is_email(email));
        // What is not finished yet is told again and again, each time as another message.
        let told: String = metadata["event_time"].as_str().unwrap_or_default().chars().take(40).collect();
        let moment = if finished { at.timestamp().to_string() } else { format!("unfinished {told}") };
        Ok(Message {
            id: format!("course_completed/{course}/{user}/{moment}"),
            attempt: Some(format!("course/{course}/{user}")),
            person: Who {
                name: text(&body["user"]["name"]),
                email,
                external: self.person(&body["user"]["id"], "").into_iter().collect(),
            },
            objects: vec![format!("course/{course}")],
            verb: "course_completed".to_owned(),
            said: if finished { Said::Completed } else { Said::Nothing(Ignored::NotFinished) },
            score: None,
            minutes: None,
            at,
        })
    }

    fn person(&self, value: &Value, suffix: &str) -> Option<ExternalId> {
        id(value).map(|id| ExternalId { system: format!("{}{suffix}", self.source), id })
    }

    fn moment(&self, value: &Value, pointer: &str) -> Result<DateTime<Utc>, Vec<InvalidValue>> {
        let at = value.as_str().and_then(|text| DateTime::parse_from_rfc3339(text).ok());
        match at.map(|at| at.to_utc()) {
            None => Err(fault(pointer, "is no moment with a time zone, such as 2026-11-20T10:00:00Z")),
            Some(at) if at > self.now + MAX_AHEAD => Err(fault(pointer, "lies in the future")),
            Some(at) => Ok(at),
        }
    }
}

fn fault(pointer: &str, detail: &str) -> Vec<InvalidValue> {
    vec![InvalidValue { pointer: pointer.to_owned(), detail: detail.to_owned() }]
}

/// Ids are texts of digits; older events have numbers.
fn id(value: &Value) -> Option<String> {
    let text = value.as_u64().map(|n| n.to_string()).or_else(|| value.as_str().map(str::to_owned))?;
    flaw_of_text(&text).is_none().then_some(text)
}

fn points(value: &Value, pointer: &str) -> Result<Option<Decimal>, Vec<InvalidValue>> {
    match value {
        Value::Null => Ok(None),
        value => match value.as_f64().filter(|n| n.is_finite() && n.abs() <= 1_000_000.0) {
            Some(number) => Ok(Some(Decimal::from(number))),
            None => Err(fault(pointer, "is no number of points")),
        },
    }
}
