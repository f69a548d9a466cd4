//! What a program file says, as validated types: a value of these has been checked, references included.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::duration::CalendarDuration;
use crate::id::{
    AccreditationId, AreaId, CertificationId, LevelId, ProgramId, RequirementId, RightId, TierId, TrackId,
};

/// The whole rule book of one vendor.
#[derive(Debug, Clone, PartialEq)]
pub struct Program {
    /// Short id, used as the folder name of texts and in exports.
    pub id: ProgramId,
    /// Name people read.
    pub name: String,
    /// Where the vendor's days begin and end.
    pub timezone: Tz,
    /// BCP 47 tags of the languages pages and mails are offered in; the first is the default.
    pub languages: Vec<String>,
    /// Folder of own texts beside the program file.
    pub texts: Option<String>,
    /// Who signs.
    pub issuer: Issuer,
    /// What becomes public.
    pub privacy: Privacy,
    /// Products, solutions and industries.
    pub areas: Vec<Area>,
    /// Role lines.
    pub tracks: Vec<Track>,
    /// Rungs; the position is the rank.
    pub levels: Vec<Level>,
    /// What can be unlocked.
    pub rights: Vec<Right>,
    /// What persons can hold.
    pub certifications: Vec<Certification>,
    /// Rungs of firms; the position is the rank.
    pub tiers: Vec<Tier>,
    /// Firm-level credentials.
    pub accreditations: Vec<Accreditation>,
    /// Delta trainings that holders were told to complete.
    pub recertify: Vec<Recertify>,
    /// Which statement of a feed means which requirement.
    pub maps: Vec<FeedMap>,
}

impl Program {
    /// The certification with this id.
    pub fn certification(&self, id: &CertificationId) -> Option<&Certification> {
        self.certifications.iter().find(|c| c.id == *id)
    }

    /// The level with this id.
    pub fn level(&self, id: &LevelId) -> Option<&Level> {
        self.levels.iter().find(|l| l.id == *id)
    }

    /// The track with this id.
    pub fn track(&self, id: &TrackId) -> Option<&Track> {
        self.tracks.iter().find(|t| t.id == *id)
    }
}

/// `[issuer]`: the vendor as it appears in credentials and on pages.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "named as in the program file")]
pub struct Issuer {
    pub name: String,
    pub url: String,
    pub email: String,
    /// File name beside the program file; `init` and `apply` store its content.
    pub logo: Option<String>,
    pub linkedin_organization_id: Option<String>,
    pub privacy_url: Option<String>,
    /// Where "report a problem" leads: an address, by default `mailto:` the issuer.
    pub report_url: String,
}

/// How a person's name appears in a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NameStyle {
    /// As given.
    #[default]
    Full,
    /// First letters.
    Initials,
    /// Not at all.
    None,
}

/// `[privacy]`: what the vendor allows to become public at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Privacy {
    /// The holder's name.
    pub name: NameStyle,
    /// A salted hash of the holder's address.
    pub email_hash: bool,
    /// The score, if the holder consents too.
    pub score: bool,
    /// The evidence, if the holder consents too.
    pub evidence: bool,
    /// The holder's firm.
    pub firm: bool,
    /// Codes of reasons (free text is never public).
    pub reasons: bool,
}

/// Kinds of `[[area]]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "named as in the program file")]
pub enum AreaKind {
    #[default]
    Product,
    Solution,
    Industry,
    Integration,
}

/// `[[area]]`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "named as in the program file")]
pub struct Area {
    pub id: AreaId,
    pub name: String,
    pub kind: AreaKind,
}

/// `[[track]]`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "named as in the program file")]
pub struct Track {
    pub id: TrackId,
    pub name: String,
    pub audience: Option<String>,
}

/// Colours and shape of a badge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[expect(missing_docs, reason = "named as in the program file")]
pub enum Theme {
    Bronze,
    Silver,
    Gold,
    Platinum,
    #[default]
    Slate,
}

/// `[[level]]`: its defaults are already merged into the certifications below it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "named as in the program file")]
pub struct Level {
    pub id: LevelId,
    pub name: String,
    pub theme: Option<Theme>,
}

/// Whom a right belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "named as in the program file")]
pub enum RightOf {
    #[default]
    Firm,
    Person,
}

/// `[[right]]`.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "named as in the program file")]
pub struct Right {
    pub id: RightId,
    pub name: String,
    pub of: RightOf,
    pub require: Vec<Line>,
}

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
    pub weight: f64,
    pub pass: Option<f64>,
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
    pub pass: Option<f64>,
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

/// Which certified people a line counts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "named as in the program file")]
pub struct People {
    pub certification: Option<CertificationId>,
    pub track: Option<TrackId>,
    /// This level or higher.
    pub level: Option<LevelId>,
    pub area: Option<AreaId>,
    pub role: Option<String>,
    pub exclusive: bool,
}

/// One condition on a firm.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "named as in the program file")]
pub enum Line {
    People {
        at_least: u32,
        who: People,
    },
    Share {
        percent: f64,
        who: People,
    },
    Metric {
        name: String,
        at_least: Option<f64>,
        at_most: Option<f64>,
        over: Option<CalendarDuration>,
    },
    Document {
        name: String,
        count: u32,
        review: bool,
        valid_for: Option<CalendarDuration>,
        over: Option<CalendarDuration>,
    },
    Accreditation(AccreditationId),
    Tier(TierId),
    Any(Vec<Line>),
}

/// `[[tier]]`.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "named as in the program file")]
pub struct Tier {
    pub id: TierId,
    pub name: String,
    pub require: Vec<Line>,
    pub unlocks: Vec<RightId>,
    pub grace: CalendarDuration,
    pub settle: CalendarDuration,
    pub approval: u8,
    pub badge: bool,
}

/// Kinds of accreditation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "named as in the program file")]
pub enum AccreditationKind {
    Technical,
    Industry,
    Delivery,
    Compliance,
}

/// `[[accreditation]]`.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "named as in the program file")]
pub struct Accreditation {
    pub id: AccreditationId,
    pub name: String,
    pub kind: AccreditationKind,
    pub description: String,
    pub criteria: String,
    pub require: Vec<Line>,
    pub image: Option<String>,
    pub validity: Option<CalendarDuration>,
    pub unlocks: Vec<RightId>,
    pub renewal: Option<Renewal>,
    pub upkeep: Vec<Upkeep>,
    pub grace: CalendarDuration,
    pub settle: CalendarDuration,
    pub approval: u8,
    pub identifiers: Vec<String>,
}

/// `[[recertify]]`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "named as in the program file")]
pub struct Recertify {
    pub id: String,
    pub announced: NaiveDate,
    pub certifications: Vec<CertificationId>,
    pub requirement: RequirementId,
    pub by: CalendarDuration,
    pub issued_before: Option<NaiveDate>,
    pub region: Vec<String>,
}

/// `[[map]]`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "named as in the program file")]
pub struct FeedMap {
    pub source: String,
    pub object: String,
    pub verb: String,
    pub requirement: (CertificationId, RequirementId),
}

/// Files named in a program file that travel with it, by name: logos and artwork.
pub type Assets = BTreeMap<String, Vec<u8>>;
