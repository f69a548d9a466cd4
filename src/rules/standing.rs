//! [`Standing`]: where one person stands in one certification, with the whole history of the award.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::award::Award;
use super::cause::ResultRef;
use super::exception::{Exception, Former, FormerWhy};
use super::score::Score;
use crate::decimal::Decimal;
use crate::id::{AwardId, CertificationId, HoldId, PersonId, RequirementId};
use crate::program::Particular;

/// One document of the store: everything a decision or a verification reads about person x certification.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Standing {
    /// Whose.
    pub person: PersonId,
    /// In what.
    pub certification: CertificationId,
    /// Reported results, in the order in which they were recorded; those that can matter no more are moved out.
    pub results: Vec<RecordedResult>,
    /// How many results were moved out.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub moved_out: u32,
    /// What was awarded, if anything.
    pub award: Option<Award>,
    /// Other awards whose addresses live on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former: Vec<Former>,
    /// What was granted beside the rules.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exceptions: Vec<Exception>,
    /// When time next changes something for the award: the store keeps one timer for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<DateTime<Utc>>,
    /// Up to when milestones of the award were told to the feed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told: Option<DateTime<Utc>>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_zero(n: &u32) -> bool {
    *n == 0
}

impl Standing {
    /// Nothing reported, nothing awarded.
    pub fn empty(person: PersonId, certification: CertificationId) -> Self {
        Standing {
            person,
            certification,
            results: Vec::new(),
            moved_out: 0,
            award: None,
            former: Vec::new(),
            exceptions: Vec::new(),
            due: None,
            told: None,
        }
    }

    /// The current award and all former ones.
    pub fn all_awards(&self) -> impl Iterator<Item = &Award> {
        self.award.iter().chain(self.former.iter().map(|former| &former.award))
    }

    /// The award that `id` leads to: the current one also by its aliases.
    pub fn award_at(&self, id: AwardId) -> Option<&Award> {
        match self.former.iter().find(|former| former.award.id == id) {
            Some(former) if former.why == FormerWhy::Undone => Some(&former.award),
            Some(_) => self.award.as_ref(),
            None => self.award.as_ref().filter(|award| award.id == id),
        }
    }
}

/// How a requirement was reported to have gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// An exam, review or evidence that was accepted.
    Passed,
    /// One that was not.
    Failed,
    /// A training that was gone through.
    Completed,
}

/// One reported outcome, as accepted. Free text and evidence are documents of their own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordedResult {
    /// The API key's name.
    pub source: String,
    /// The source's own id of the result.
    pub id: String,
    /// Of this certification.
    pub requirement: RequirementId,
    /// As reported.
    pub outcome: Outcome,
    /// As reported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<Score>,
    /// Minutes spent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<f64>,
    /// As in the program file: `self`, `live`, `in-person`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proctoring: Option<String>,
    /// Scores by criterion, in percent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rubric: Vec<(String, Decimal)>,
    /// Which form of the exam.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<String>,
    /// Where it was taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// Who reviewed, as in the program file: `assessor`, `peer`, `ai`, `manager`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// The source's own id of what it is about, which tells counted pieces apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub piece: Option<String>,
    /// What tells the addresses of its evidence apart.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<String>,
    /// What it need not say, since its source vouches for it, or somebody accepted it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub vouched: Vec<Particular>,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// When we heard of it.
    pub recorded_at: DateTime<Utc>,
    /// The investigations that hold it back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holds: Vec<HoldId>,
    /// When it was struck out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub void_at: Option<DateTime<Utc>>,
}

impl RecordedResult {
    /// By which it is named.
    pub fn named(&self) -> ResultRef {
        ResultRef { source: self.source.clone(), id: self.id.clone() }
    }

    /// Whether this is the result with that name. Of one that was struck out and reported again, only the newer one is.
    pub fn is(&self, named: &ResultRef) -> bool {
        self.void_at.is_none() && self.id == named.id && self.source == named.source
    }

    /// Whether it may count: neither held back nor struck out.
    pub fn counts(&self) -> bool {
        self.holds.is_empty() && self.void_at.is_none()
    }
}
