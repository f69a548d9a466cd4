//! What a person can hold, and what it takes.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Line, Theme};
use crate::decimal::Decimal;
use crate::id::{AreaId, CertificationId, LevelId, RequirementId, RightId, TrackId};
use crate::program::duration::CalendarDuration;

/// One skill a certification attests: an OB `Alignment`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "named as in the program file")]
pub struct Skill {
    pub name: String,
    pub url: String,
}

/// `[[certification]]`: the thing one can hold, an OB `Achievement`. What a level or the defaults say is merged in.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "named as in the program file")]
pub struct Certification {
    pub id: CertificationId,
    pub track: TrackId,
    pub level: Option<LevelId>,
    pub areas: Vec<AreaId>,
    pub name: String,
    pub description: String,
    pub criteria: String,
    pub theme: Theme,
    /// None: never expires.
    pub validity: Option<CalendarDuration>,
    /// `(month, day)`s on which awards run out; expiry moves on to the next of them.
    pub expires_on: Vec<(u32, u32)>,
    /// File name of own artwork beside the program file.
    pub image: Option<String>,
    pub skills: Vec<Skill>,
    /// All of these; each one of a choice.
    pub prerequisites: Vec<Vec<CertificationId>>,
    pub renews: Vec<CertificationId>,
    /// Paths to a first award, each a list of requirements.
    pub any_of: Vec<Vec<RequirementId>>,
    pub unlocks: Vec<RightId>,
    pub approval: u8,
    pub fee: Option<String>,
    pub content_review: Option<CalendarDuration>,
    pub opens: Option<NaiveDate>,
    pub closes: Option<NaiveDate>,
    pub blueprint: Option<Blueprint>,
    pub requirements: Vec<Requirement>,
    pub renewal: Renewal,
    pub upkeep: Vec<Upkeep>,
}

impl Certification {
    /// The requirement with this id.
    pub fn requirement(&self, id: &RequirementId) -> Option<&Requirement> {
        self.requirements.iter().find(|r| r.id == *id)
    }
}

/// `[certification.blueprint]`: what the exam covers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "named as in the program file")]
pub struct Blueprint {
    pub hours: Option<String>,
    pub questions: Option<u32>,
    pub minutes: Option<u32>,
    pub bank: Option<u32>,
    /// Name and weight; the weights sum to 100.
    pub domains: Vec<(String, u32)>,
}

/// Kinds of requirement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "named as in the program file")]
pub enum RequirementKind {
    Exam,
    Training,
    Review,
    Evidence,
}

/// How closely an exam was watched, least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
#[expect(missing_docs, reason = "named as in the program file")]
pub enum Proctoring {
    #[default]
    SelfPaced,
    Live,
    InPerson,
}

/// Who reviews.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "named as in the program file")]
pub enum Reviewer {
    #[default]
    Assessor,
    Peer,
    Ai,
    Manager,
}

/// What a requirement can ask a result to say beside how it went. What is asked and not said is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Particular {
    /// Points, or those of a rubric.
    Score,
    /// Minutes spent.
    Hours,
    /// How closely it was watched.
    Proctoring,
    /// Who reviewed.
    Reviewer,
    /// Where it can be seen.
    Evidence,
}

impl Particular {
    /// All there are.
    pub const ALL: [Particular; 5] =
        [Particular::Score, Particular::Hours, Particular::Proctoring, Particular::Reviewer, Particular::Evidence];

    /// As in the program file.
    pub fn word(self) -> &'static str {
        match self {
            Particular::Score => "score",
            Particular::Hours => "hours",
            Particular::Proctoring => "proctoring",
            Particular::Reviewer => "reviewer",
            Particular::Evidence => "evidence",
        }
    }

    /// Whether a source can vouch for it once and for all.
    pub fn is_vouchable(self) -> bool {
        matches!(self, Particular::Score | Particular::Proctoring | Particular::Reviewer)
    }
}

/// What follows when all attempts are used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Exhausted {
    /// A person decides.
    #[default]
    Ask,
    /// The whole path again.
    Restart,
    /// A wait, then the attempts count anew.
    Wait(CalendarDuration),
}

/// One criterion of a rubric.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "named as in the program file")]
pub struct Criterion {
    pub id: String,
    pub name: String,
    pub weight: Decimal,
    pub pass: Option<Decimal>,
}

/// `[[certification.requirement]]`.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "named as in the program file")]
pub struct Requirement {
    pub id: RequirementId,
    pub kind: RequirementKind,
    /// By default made from the id.
    pub name: String,
    pub description: Option<String>,
    /// Part of the path to a first award.
    pub first: bool,
    pub after: Vec<RequirementId>,
    pub count: u32,
    /// Least time spent.
    pub hours: f64,
    /// Least score in percent.
    pub pass: Option<Decimal>,
    /// 0: no limit.
    pub attempts: u32,
    pub wait: CalendarDuration,
    pub then: Exhausted,
    pub proctoring: Proctoring,
    pub by: Reviewer,
    pub rubric: Vec<Criterion>,
    pub valid_for: Option<CalendarDuration>,
    pub unlocks: Vec<RightId>,
}

impl Requirement {
    /// What a result must say beside how it went: everything beyond the default.
    pub fn particulars(&self) -> Vec<Particular> {
        let has_mark = self.pass.is_some_and(|pass| pass > Decimal::ZERO);
        let asks = |particular: &Particular| match particular {
            Particular::Score => has_mark || self.rubric.iter().any(|criterion| criterion.pass.is_some()),
            Particular::Hours => self.hours > 0.0,
            Particular::Proctoring => self.proctoring != Proctoring::default(),
            Particular::Reviewer => self.kind == RequirementKind::Review && self.by != Reviewer::default(),
            Particular::Evidence => self.kind == RequirementKind::Evidence,
        };
        Particular::ALL.into_iter().filter(asks).collect()
    }
}

/// Whom a reminder goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "named as in the program file")]
pub enum Notify {
    Person,
    FirmManager,
    PartnerManager,
}

/// `renewal` of a certification (or accreditation).
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "named as in the program file")]
pub struct Renewal {
    pub window: CalendarDuration,
    pub any_of: Vec<Vec<RequirementId>>,
    pub late_any_of: Vec<Vec<RequirementId>>,
    pub require: Vec<Line>,
    pub grace: CalendarDuration,
    pub rights_in_grace: bool,
    pub streamlined: CalendarDuration,
    pub remind: Vec<CalendarDuration>,
    pub notify: Vec<Notify>,
}

/// What mends a missed upkeep.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "named as in the program file")]
pub struct Remedy {
    pub training: RequirementId,
    pub people: u32,
    pub within: CalendarDuration,
}

/// `upkeep`: what is due again and again within a validity.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "named as in the program file")]
pub struct Upkeep {
    pub every: CalendarDuration,
    pub any_of: Vec<Vec<RequirementId>>,
    pub require: Vec<Line>,
    pub grace: CalendarDuration,
    pub remedy: Option<Remedy>,
}
