//! [`Submission`]: a result as it is reported, and the checks that need no program.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;

use crate::clock::whole_seconds;
use crate::decimal::Decimal;
use crate::issuance::{EVIDENCE, evidence_bytes, flaw_of_address, flaw_of_line};
use crate::openbadges::normalized_email;
use crate::program::Requirement;
use crate::rules::{Outcome, RecordedResult, Score};

/// One reported result of one person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Submission {
    /// The source's own id of this result: a repeat with the same body changes nothing, and tells the award as it is now.
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
    #[schema(value_type = Option<f64>)]
    pub score: Option<Decimal>,
    /// Points that could be reached; 100 unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<f64>)]
    pub max: Option<Decimal>,
    /// Minutes spent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<f64>,
    /// How closely it was watched: `self`, `live`, `in-person`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proctoring: Option<String>,
    /// Who reviewed: `assessor`, `peer`, `ai`, `manager`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Which form of the exam, so that a whole sitting can be found again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<String>,
    /// Where it was taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// Scores by criterion, in percent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rubric: Option<Vec<RubricScore>>,
    /// What was shown. Where a requirement counts pieces, each address counts once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Vec<EvidenceRecord>>,
    /// The source's own id of what this is about, such as a deal or a course: where a requirement counts pieces, each
    /// counts once. Without it the addresses of the evidence tell them apart; what has neither counts once together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "deal-4711")]
    pub piece: Option<String>,
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
    /// Where they work, such as `EU`, in the words of the program. Left out: as before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// What the person agreed to make public: `score`, `evidence`. Left out: as before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<Vec<String>>,
}

/// An id in another system, such as an LMS.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExternalId {
    /// Which system.
    pub system: String,
    /// The id there.
    pub id: String,
}

/// One piece of evidence as reported: words and an address, public only by setting and consent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EvidenceRecord {
    /// As people read it.
    pub name: String,
    /// Where it is.
    pub url: String,
}

/// The score in one criterion of a rubric.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RubricScore {
    /// The criterion's id in the program file.
    pub id: String,
    /// In percent.
    #[schema(value_type = f64)]
    pub score: Decimal,
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
/// Most points of a result.
const MAX_POINTS: f64 = 1_000_000.0;
/// How far a source's clock may be ahead of ours.
const MAX_AHEAD: TimeDelta = TimeDelta::minutes(10);

impl Submission {
    /// Every value that cannot be, whatever the program says.
    pub fn faults(&self, now: DateTime<Utc>) -> Vec<InvalidValue> {
        let mut faults = Vec::new();
        let mut fault = |pointer: &str, detail: &str| {
            faults.push(InvalidValue { pointer: pointer.to_owned(), detail: detail.to_owned() });
        };
        for (pointer, text) in [("/id", &self.id), ("/person/name", &self.person.name)] {
            if let Some(flaw) = flaw_of_text(text) {
                fault(pointer, &flaw);
            }
        }
        match self.person.email.as_deref() {
            Some(email) if !is_email(email) => fault("/person/email", "is no mail address"),
            None if self.external().is_empty() => fault("/person", "needs an email or an external id"),
            _ => {}
        }
        if self.external().len() > MAX_ITEMS {
            fault("/person/external", "must be at most 50 entries");
        }
        for (n, x) in self.external().iter().enumerate().take(MAX_ITEMS) {
            for (member, text) in [("system", &x.system), ("id", &x.id)] {
                if let Some(flaw) = flaw_of_text(text) {
                    fault(&format!("/person/external/{n}/{member}"), &flaw);
                }
            }
        }
        let consent = self.person.consent.as_deref().unwrap_or_default();
        if consent.len() > 2 || !consent.iter().all(|c| matches!(c.as_str(), "score" | "evidence")) {
            fault("/person/consent", "knows only \"score\" and \"evidence\", each once");
        }
        let max = self.max.unwrap_or(Decimal::HUNDRED);
        if max <= Decimal::ZERO || max > Decimal::from(MAX_POINTS) {
            fault("/max", &format!("must be more than 0 and at most {MAX_POINTS}"));
        } else if self.score.is_some_and(|score| !(Decimal::ZERO..=max).contains(&score)) {
            fault("/score", &format!("must be from 0 to {max}"));
        }
        if self.minutes.is_some_and(|m| !(m.is_finite() && (0.0..=1_000_000.0).contains(&m))) {
            fault("/minutes", "must be from 0 to 1000000");
        }
        if self.proctoring.as_deref().is_some_and(|p| !matches!(p, "self" | "live" | "in-person")) {
            fault("/proctoring", "must be \"self\", \"live\" or \"in-person\"");
        }
        if self.by.as_deref().is_some_and(|by| !matches!(by, "assessor" | "peer" | "ai" | "manager")) {
            fault("/by", "must be \"assessor\", \"peer\", \"ai\" or \"manager\"");
        }
        for (pointer, text) in [
            ("/form", &self.form),
            ("/site", &self.site),
            ("/piece", &self.piece),
            ("/person/region", &self.person.region),
        ] {
            if let Some(flaw) = text.as_deref().and_then(flaw_of_text) {
                fault(pointer, &flaw);
            }
        }
        let rubric = self.rubric.as_deref().unwrap_or_default();
        if rubric.len() > MAX_ITEMS {
            fault("/rubric", "must be at most 50 entries");
        }
        for (n, line) in rubric.iter().enumerate().take(MAX_ITEMS) {
            if let Some(flaw) = flaw_of_text(&line.id) {
                fault(&format!("/rubric/{n}/id"), &flaw);
            }
            if !(Decimal::ZERO..=Decimal::HUNDRED).contains(&line.score) {
                fault(&format!("/rubric/{n}/score"), "must be from 0 to 100");
            }
        }
        if self.evidence().len() > MAX_ITEMS {
            fault("/evidence", "must be at most 50 entries");
        }
        let bytes: usize = self.evidence().iter().map(|e| evidence_bytes(&e.name, &e.url)).sum();
        if bytes > EVIDENCE {
            fault("/evidence", &format!("takes {bytes} bytes in a credential, more than {EVIDENCE}"));
        }
        for (n, piece) in self.evidence().iter().enumerate().take(MAX_ITEMS) {
            if let Some(flaw) = flaw_of_text(&piece.name) {
                fault(&format!("/evidence/{n}/name"), &flaw);
            }
            if let Some(flaw) = flaw_of_link(&piece.url) {
                fault(&format!("/evidence/{n}/url"), &flaw);
            }
        }
        if self.at < earliest() {
            fault("/at", "lies before 1900");
        }
        if self.at > now + MAX_AHEAD {
            fault("/at", "lies in the future");
        }
        faults
    }

    /// When it happened, in whole seconds.
    pub fn happened_at(&self) -> DateTime<Utc> {
        whole_seconds(self.at)
    }

    /// As it is kept in the standing.
    pub fn recorded(&self, source: &str, requirement: &Requirement, now: DateTime<Utc>) -> RecordedResult {
        RecordedResult {
            source: source.to_owned(),
            id: self.id.clone(),
            requirement: requirement.id.clone(),
            outcome: self.outcome,
            score: self.score(),
            minutes: self.minutes,
            proctoring: self.proctoring.clone(),
            rubric: self.rubric.iter().flatten().map(|r| (r.id.clone(), r.score)).collect(),
            form: self.form.clone(),
            site: self.site.clone(),
            by: self.by.clone(),
            piece: self.piece.clone(),
            evidence: self.evidence().iter().map(|piece| same_place(&piece.url)).collect(),
            vouched: Vec::new(),
            at: self.happened_at(),
            recorded_at: now,
            holds: Vec::new(),
            void_at: None,
        }
    }

    /// Points of so many, as reported.
    pub fn score(&self) -> Option<Score> {
        self.score.map(|points| Score { points, max: self.max.unwrap_or(Decimal::HUNDRED) })
    }

    /// The address in the form it is compared in.
    pub fn email(&self) -> Option<String> {
        self.person.email.as_deref().map(normalized_email)
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

/// What is wrong with a text of one line, if anything: what issuing would refuse later is refused where it comes in.
pub fn flaw_of_text(text: &str) -> Option<String> {
    let have = text.chars().count();
    if have > MAX_TEXT {
        return Some(format!("has {have} characters, more than {MAX_TEXT}"));
    }
    flaw_of_line(text).map(|flaw| flaw.to_string())
}

fn flaw_of_link(text: &str) -> Option<String> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    if rest.is_none_or(|rest| rest.is_empty() || rest.starts_with('/')) {
        return Some("is no http or https address".to_owned());
    }
    flaw_of_address(text).map(|flaw| flaw.to_string())
}

/// What is the same for every spelling of one address, short: in a standing it only tells pieces of evidence apart.
fn same_place(url: &str) -> String {
    let (url, _fragment) = url.trim().split_once('#').unwrap_or((url.trim(), ""));
    let after_scheme = url.find("://").map_or(0, |at| at + 3);
    let host_ends = url[after_scheme..].find(['/', '?']).map_or(url.len(), |at| after_scheme + at);
    let (origin, rest) = url.split_at(host_ends);
    let same = format!("{}{}", origin.to_ascii_lowercase(), rest.trim_end_matches('/'));
    Sha256::digest(same).iter().take(8).fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
}

/// Nothing that is reported here happened before; the calendar of credentials has four digits of year.
fn earliest() -> DateTime<Utc> {
    DateTime::from_timestamp(-2_208_988_800, 0).expect("1900-01-01 is a date")
}

/// Whether a text can be a mail address.
pub fn is_email(text: &str) -> bool {
    let text = text.trim();
    let sound = |c: char| !c.is_whitespace() && !matches!(c, '<' | '>' | '"' | ',' | ';');
    text.len() <= 254
        && flaw_of_line(text).is_none()
        && text.chars().all(sound)
        && text.split_once('@').is_some_and(|(local, host)| {
            !local.is_empty()
                && !host.contains('@')
                && host.contains('.')
                && !host.starts_with('.')
                && !host.ends_with('.')
        })
}
