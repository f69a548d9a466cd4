//! [`Unmet`]: why an award is withheld, as a code, a sentence and facts.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::program::{Requirement, RequirementKind};

/// Stable codes of what can be unmet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum UnmetCode {
    /// The term would be over already.
    AlreadyExpired,
    /// Every attempt is used up.
    AttemptsUsedUp,
    /// People must approve first.
    ApprovalMissing,
    /// The score is below the pass mark.
    BelowPassMark,
    /// A criterion of the rubric is below its pass mark.
    BelowRubric,
    /// The certification is no longer offered.
    Closed,
    /// The evidence is not accepted yet.
    EvidenceNotAccepted,
    /// No evidence was reported.
    EvidenceMissing,
    /// The exam is not passed yet.
    ExamNotPassed,
    /// It was not reported how long it took.
    HoursMissing,
    /// The result is dated in the future.
    InTheFuture,
    /// The program describes no way to earn it.
    NoPath,
    /// It lapsed, and nothing was shown since.
    NothingSinceLapse,
    /// The certification is not offered yet.
    NotOpenYet,
    /// It came before something that must come first.
    OutOfOrder,
    /// A certification must be held and current.
    PrerequisiteNotHeld,
    /// It was not reported how closely it was watched.
    ProctoringMissing,
    /// The exam was not watched closely enough.
    ProctoringTooWeak,
    /// The award was revoked, which is final.
    Revoked,
    /// A criterion of the rubric was not scored.
    RubricIncomplete,
    /// It was not reported who reviewed.
    ReviewerMissing,
    /// The review is not passed yet.
    ReviewNotPassed,
    /// No score was reported.
    ScoreMissing,
    /// The award is suspended; says nothing against the person.
    Suspended,
    /// There must be more of these.
    TooFew,
    /// More time must be spent.
    TooFewHours,
    /// It was taken before the waiting period was over.
    TooEarly,
    /// It is too long ago to count.
    TooOld,
    /// The training is not completed yet.
    TrainingNotCompleted,
    /// What was reported is being looked into; says nothing against the person.
    UnderReview,
    /// Somebody else must review it.
    WrongReviewer,
}

/// One reason why an award is withheld.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Unmet {
    /// For programs.
    pub code: UnmetCode,
    /// For people.
    pub words: String,
    /// What the sentence says, as values.
    #[schema(value_type = Object)]
    pub facts: Map<String, Value>,
}

impl Unmet {
    pub(super) fn new(code: UnmetCode, words: String) -> Self {
        Unmet { code, words, facts: Map::new() }
    }

    /// About one requirement.
    pub(super) fn of(requirement: &Requirement, code: UnmetCode, words: String) -> Self {
        Unmet::new(code, words).fact("requirement", requirement.id.as_str())
    }

    pub(super) fn fact(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.facts.insert(name.to_owned(), value.into());
        self
    }

    /// Nothing acceptable was reported.
    pub(super) fn not_done(requirement: &Requirement) -> Self {
        let (code, what) = match requirement.kind {
            RequirementKind::Exam => (UnmetCode::ExamNotPassed, "passed"),
            RequirementKind::Training => (UnmetCode::TrainingNotCompleted, "completed"),
            RequirementKind::Review => (UnmetCode::ReviewNotPassed, "passed"),
            RequirementKind::Evidence => (UnmetCode::EvidenceNotAccepted, "accepted"),
        };
        Unmet::of(requirement, code, format!("{} is not {what} yet.", in_words(requirement)))
    }
}

/// `Training "Sales 101"`; just `Exam` when that is its name.
pub(super) fn in_words(requirement: &Requirement) -> String {
    let kind = match requirement.kind {
        RequirementKind::Exam => "Exam",
        RequirementKind::Training => "Training",
        RequirementKind::Review => "Review",
        RequirementKind::Evidence => "Evidence",
    };
    if requirement.name.eq_ignore_ascii_case(kind) {
        return requirement.name.clone();
    }
    format!("{kind} \"{}\"", requirement.name)
}
