//! What a person can hold, and what it takes.

use chrono::NaiveDate;

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
