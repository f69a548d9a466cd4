//! [`Submission`]: a result as it is reported, and the checks that need no program.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::program::Requirement;
use crate::rules::{Outcome, RecordedResult};
use crate::store::{EvidenceRecord, ExternalId, normalise_email};

/// One reported result of one person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Submission {
    /// The source's own id of this result: a repeat with the same body changes nothing and gets the same answer.
    #[schema(example = "lms-attempt-4711")]
    pub id: String,
    /// Whose result.
    pub person: SubmittedPerson,
    /// Id of the certification in the program file.
    #[schema(example = "sales-associate")]
    pub certification: String,
    /// Id of the requirement within it.
    #[schema(example = "exam")]
    pub requirement: String,
    /// How it went.
    #[schema(value_type = String, example = "passed")]
    pub outcome: Outcome,
    /// Points reached, from 0 to `max`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
    /// Points that could be reached; 100 unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
    /// Minutes spent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<f64>,
    /// How closely it was watched: `self`, `live`, `in-person`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proctoring: Option<String>,
    /// Scores by criterion, in percent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rubric: Option<Vec<RubricScore>>,
    /// What was shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Vec<EvidenceRecord>>,
    /// When it happened, with a time zone.
    pub at: DateTime<Utc>,
}

/// Who a result is about: at least an address or an id in another system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SubmittedPerson {
    /// As it shall stand on the credential.
    #[schema(example = "Ana Lopes")]
    pub name: String,
    /// Mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "ana@partner.example")]
    pub email: Option<String>,
    /// Ids in other systems.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external: Option<Vec<ExternalId>>,
    /// What the person agreed to make public: `score`, `evidence`. Left out: as before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<Vec<String>>,
}

/// The score in one criterion of a rubric.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RubricScore {
    /// The criterion's id in the program file.
    pub id: String,
    /// In percent.
    pub score: f64,
}

/// A value that cannot be: where it stands, and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{pointer}: {detail}")]
pub struct InvalidValue {
    /// JSON pointer.
    pub pointer: String,
    /// For people.
    pub detail: String,
}

/// Longest text of a name or id, in characters.
const MAX_TEXT: usize = 200;
/// Most external ids, criteria or pieces of evidence.
const MAX_ITEMS: usize = 50;
/// How far a source's clock may be ahead of ours.
const MAX_AHEAD: TimeDelta = TimeDelta::minutes(10);

impl Submission {
    /// Every value that cannot be, whatever the program says.
    pub fn faults(&self, now: DateTime<Utc>) -> Vec<InvalidValue> {
        let mut faults = Vec::new();
        let mut fault = |pointer: &str, detail: &str| {
            faults.push(InvalidValue { pointer: pointer.to_owned(), detail: detail.to_owned() });
        };
        if !is_text(&self.id) {
            fault("/id", "must be 1 to 200 characters without control characters");
        }
        if !is_text(&self.person.name) {
            fault("/person/name", "must be 1 to 200 characters without control characters");
        }
        match self.person.email.as_deref() {
            Some(email) if !is_email(email) => fault("/person/email", "is no mail address"),
            None if self.external().is_empty() => fault("/person", "needs an email or an external id"),
            _ => {}
        }
        if self.external().len() > MAX_ITEMS || !self.external().iter().all(|x| is_text(&x.system) && is_text(&x.id)) {
            fault("/person/external", "must be up to 50 entries, each with a system and an id");
        }
        let consent = self.person.consent.as_deref().unwrap_or_default();
        if !consent.iter().all(|c| matches!(c.as_str(), "score" | "evidence")) {
            fault("/person/consent", "knows only \"score\" and \"evidence\"");
        }
        let max = self.max.unwrap_or(100.0);
        if !(max.is_finite() && max > 0.0) {
            fault("/max", "must be more than 0");
        } else if self.score.is_some_and(|score| !(score.is_finite() && (0.0..=max).contains(&score))) {
            fault("/score", &format!("must be from 0 to {max}"));
        }
        if self.minutes.is_some_and(|m| !(m.is_finite() && (0.0..=1_000_000.0).contains(&m))) {
            fault("/minutes", "must be from 0 to 1000000");
        }
        if self.proctoring.as_deref().is_some_and(|p| !matches!(p, "self" | "live" | "in-person")) {
            fault("/proctoring", "must be \"self\", \"live\" or \"in-person\"");
        }
        let rubric = self.rubric.as_deref().unwrap_or_default();
        if rubric.len() > MAX_ITEMS || !rubric.iter().all(|r| is_text(&r.id) && (0.0..=100.0).contains(&r.score)) {
            fault("/rubric", "must be up to 50 entries, each with an id and a score from 0 to 100");
        }
        if self.evidence().len() > MAX_ITEMS || !self.evidence().iter().all(|e| is_text(&e.name) && is_address(&e.url))
        {
            fault("/evidence", "must be up to 50 entries, each with a name and an http or https address");
        }
        if self.at > now + MAX_AHEAD {
            fault("/at", "lies in the future");
        }
        faults
    }

    /// As it is kept in the standing.
    pub fn recorded(&self, source: &str, requirement: &Requirement, now: DateTime<Utc>) -> RecordedResult {
        RecordedResult {
            source: source.to_owned(),
            id: self.id.clone(),
            requirement: requirement.id.clone(),
            outcome: self.outcome,
            percent: self.score.map(|score| score * 100.0 / self.max.unwrap_or(100.0)),
            minutes: self.minutes,
            proctoring: self.proctoring.clone(),
            rubric: self.rubric.iter().flatten().map(|r| (r.id.clone(), r.score)).collect(),
            evidence: u32::try_from(self.evidence().len()).unwrap_or(u32::MAX),
            at: self.at,
            recorded_at: now,
        }
    }

    /// The address in the form it is compared in.
    pub fn email(&self) -> Option<String> {
        self.person.email.as_deref().map(normalise_email)
    }

    /// The ids in other systems.
    pub fn external(&self) -> &[ExternalId] {
        self.person.external.as_deref().unwrap_or_default()
    }

    /// What was shown.
    pub fn evidence(&self) -> &[EvidenceRecord] {
        self.evidence.as_deref().unwrap_or_default()
    }
}

/// 1 to 200 characters that can be printed.
pub fn is_text(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().count() <= MAX_TEXT && !text.chars().any(char::is_control)
}

fn is_email(text: &str) -> bool {
    let text = text.trim();
    let sound = |c: char| !c.is_control() && !c.is_whitespace() && !matches!(c, '<' | '>' | '"' | ',' | ';');
    text.len() <= 254
        && text.chars().all(sound)
        && text.split_once('@').is_some_and(|(local, host)| {
            !local.is_empty()
                && !host.contains('@')
                && host.contains('.')
                && !host.starts_with('.')
                && !host.ends_with('.')
        })
}

fn is_address(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
        && text.len() <= 2_000
        && !text.chars().any(|c| {
            c.is_control() || c.is_whitespace() || matches!(c, '<' | '>' | '"' | '\\' | '^' | '`' | '{' | '|' | '}')
        })
}
