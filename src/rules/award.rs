//! [`Award`]: one number for life, its signed versions, what is demanded of its holder, and what happened to it.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::cause::{Cause, ResultRef};
use crate::id::{AwardId, CredentialVersion, RequirementId};

/// Person x certification, one permanent number and address.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Award {
    /// For life.
    pub id: AwardId,
    /// Oldest first; never empty.
    pub versions: Vec<VersionEntry>,
    /// What the holder must show while the award runs, in the order in which it was placed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub demands: Vec<Demand>,
    /// In the order of the store's commits.
    pub history: Vec<HistoryEntry>,
}

impl Award {
    /// The newest credential.
    pub fn current(&self) -> &VersionEntry {
        self.versions.last().expect("an award is made with its first version")
    }

    /// The version that began the current term.
    pub fn began(&self) -> &VersionEntry {
        let current = self.current();
        self.version(current.term).unwrap_or(current)
    }

    /// Whether a term that it has, or had, was earned by this result.
    pub fn rests_on(&self, result: &ResultRef) -> bool {
        self.versions.iter().any(|version| version.rests_on.contains(result))
    }

    /// The version with this number.
    pub fn version(&self, number: CredentialVersion) -> Option<&VersionEntry> {
        self.versions.iter().find(|v| v.number == number)
    }

    /// The moment after which results count for the next term: of the act that earned the current one.
    pub(super) fn term_began(&self) -> DateTime<Utc> {
        self.began().earned_at
    }

    /// As if each term had been signed at the moment when it was earned.
    pub(super) fn as_earned(&self) -> Award {
        let mut award = self.clone();
        for entry in &mut award.history {
            if let Happening::Issued { version } | Happening::Renewed { version } = entry.what
                && let Some(earned) = self.version(version).map(|version| version.earned_at)
            {
                entry.valid_at = entry.valid_at.min(earned);
            }
        }
        award
    }

    /// The award as far as it was recorded by `known`; `None` if nothing of it was.
    pub fn as_known_at(&self, known: DateTime<Utc>) -> Option<Award> {
        let mut past = self.clone();
        past.history.retain(|entry| entry.recorded_at <= known);
        let told = |number| past.history.iter().any(|entry| entry.what.version() == Some(number));
        past.versions.retain(|version| told(version.number));
        past.demands.retain(|demand| demand.placed_at <= known);
        for demand in &mut past.demands {
            demand.met = demand.met.filter(|met| met.recorded_at <= known);
        }
        (!past.versions.is_empty()).then_some(past)
    }
}

/// Why a credential was signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum VersionKind {
    /// First issue.
    Issue,
    /// A new term.
    Renewal,
    /// Details corrected; the version before it is never served again.
    Correction,
    /// After a suspension, or after a demand that was met late.
    Reinstatement,
    /// The same term with a later end, by exception.
    Extension,
}

/// One signed credential of an award.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VersionEntry {
    /// 1, 2, …
    pub number: CredentialVersion,
    /// Why it was signed.
    pub kind: VersionKind,
    /// Number of its status list.
    pub list: u32,
    /// Its index there, never used again.
    pub index: u32,
    /// The moment of signing (of imported history: of earning), whole seconds.
    pub valid_from: DateTime<Utc>,
    /// 23:59:59 local of the last day; none: does not expire.
    pub valid_until: Option<DateTime<Utc>>,
    /// When it was earned.
    pub awarded_at: DateTime<Utc>,
    /// The moment of the act that earned its term: of a renewal later than `awarded_at`, which is kept.
    pub earned_at: DateTime<Utc>,
    /// Version of the program that gave the dates: its window, grace and reminders hold for this term.
    pub program: u32,
    /// Multibase public key that signed.
    pub kid: String,
    /// The version that began its term: itself, or the one whose term it goes on with, which stays with the award as long as
    /// another names it.
    pub term: CredentialVersion,
    /// Of a version that begins a term: the results that earned that. None where somebody granted it, where it came in as
    /// history, and where a higher award renewed it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rests_on: Vec<ResultRef>,
    /// Of a version that begins a term: that does not stand any more, since what earned it was struck out.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub fallen: bool,
}

/// Something the holder must show by a date, or the award ends or rests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Demand {
    /// Unique within the award: `upkeep-2027-11-20`, or the id of the recertification.
    pub id: String,
    /// What a miss leads to.
    pub kind: DemandKind,
    /// Any one of these lists of requirements.
    pub paths: Vec<Vec<RequirementId>>,
    /// Results from then on count.
    pub opens: DateTime<Utc>,
    /// Asked for by then: the last second of a local day.
    pub due: DateTime<Utc>,
    /// The last second before a miss has its effect; `due` and the grace.
    pub cutoff: DateTime<Utc>,
    /// What mends a miss.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remedy: Option<RemedyDemand>,
    /// When we recorded it.
    pub placed_at: DateTime<Utc>,
    /// Version of the program that asks for it.
    pub program: u32,
    /// That it was shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub met: Option<Met>,
}

/// What is demanded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum DemandKind {
    /// Due again and again within a validity; a miss suspends.
    Upkeep,
    /// A delta that all holders must complete; with a miss the award expires.
    Recertification,
}

/// What mends a missed demand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RemedyDemand {
    /// To be completed after the miss.
    pub training: RequirementId,
    /// The last second in which it helps.
    pub until: DateTime<Utc>,
}

/// That a demand was met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Met {
    /// When the last needed thing was shown; later than the cutoff for a miss that was mended.
    pub at: DateTime<Utc>,
    /// When we recorded it.
    pub recorded_at: DateTime<Utc>,
}

/// Closed reason codes of a revocation or suspension; free text is private.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// It should never have been awarded.
    IssuedInError,
    /// What was required turned out not to be met.
    RequirementsNotMet,
    /// The holder asked.
    HolderRequest,
    /// The signing key can no longer be trusted.
    KeyCompromise,
    /// Results it rests on are being looked into; says nothing against the holder.
    UnderReview,
    /// Something due within the term was not shown.
    UpkeepMissed,
    /// Anything else.
    Other,
}

/// What happened to an award.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "type")]
#[expect(missing_docs, reason = "the field's verbs")]
pub enum Happening {
    Issued {
        version: CredentialVersion,
    },
    Renewed {
        version: CredentialVersion,
    },
    Corrected {
        version: CredentialVersion,
    },
    /// The same term ends later, by exception.
    Extended {
        version: CredentialVersion,
    },
    Suspended {
        reason: Reason,
    },
    Reinstated {
        version: CredentialVersion,
    },
    /// Before its date, from that second on: a recertification was not completed in time.
    Expired,
    /// Another award of the same person in the same certification became an alias of this one.
    Merged {
        other: AwardId,
    },
    Revoked {
        reason: Reason,
    },
}

impl Happening {
    /// The version it made, or made current again.
    pub fn version(&self) -> Option<CredentialVersion> {
        match *self {
            Happening::Issued { version }
            | Happening::Renewed { version }
            | Happening::Corrected { version }
            | Happening::Extended { version }
            | Happening::Reinstated { version } => Some(version),
            Happening::Suspended { .. } | Happening::Expired | Happening::Merged { .. } | Happening::Revoked { .. } => {
                None
            }
        }
    }
}

/// One line of an award's history. No names, no free text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryEntry {
    /// What.
    #[serde(flatten)]
    pub what: Happening,
    /// From when it is true.
    pub valid_at: DateTime<Utc>,
    /// When we recorded it.
    pub recorded_at: DateTime<Utc>,
    /// Version of the program in force.
    pub program: u32,
    /// What led to it.
    pub cause: Cause,
}

impl HistoryEntry {
    /// Up to when results were recorded that count no more, once this line says that the award was issued in error. What an
    /// undo strikes out is out by itself: what is reported anew within its second counts.
    pub(super) fn forgets_until(&self) -> Option<DateTime<Utc>> {
        match self.what {
            Happening::Revoked { reason: Reason::IssuedInError } => {
                let undone = matches!(self.cause, Cause::Undo { .. });
                Some(if undone { self.recorded_at - TimeDelta::seconds(1) } else { self.recorded_at })
            }
            _ => None,
        }
    }
}
