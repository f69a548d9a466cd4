//! What a program file says, as validated types: a value of these has been checked, references included.

mod certification;
mod firm;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use chrono_tz::Tz;

pub use certification::*;
pub use firm::*;

use super::duration::CalendarDuration;
use crate::id::{AreaId, CertificationId, LevelId, ProgramId, RequirementId, RightId, TrackId};

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
    /// What those who report results are relied on for.
    pub sources: Vec<Source>,
}

impl Program {
    /// The certification with this id.
    pub fn certification(&self, id: &CertificationId) -> Option<&Certification> {
        self.certifications.iter().find(|c| c.id == *id)
    }

    /// What results of `source`, as it is recorded, need not say.
    pub fn vouched(&self, source: &str) -> &[Particular] {
        let known = self.sources.iter().find(|known| known.id == source_name(source));
        known.map_or(&[], |known| &known.vouches)
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

/// `[[source]]`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "named as in the program file")]
pub struct Source {
    pub id: String,
    pub vouches: Vec<Particular>,
}

/// The name of an API key or feed under which results are recorded, as the program file has it: no key's name has a colon.
pub fn source_name(recorded: &str) -> &str {
    recorded.split_once(':').map_or(recorded, |(_kind, name)| name)
}

/// Files named in a program file that travel with it, by name: logos and artwork.
pub type Assets = BTreeMap<String, Vec<u8>>;
