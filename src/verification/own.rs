//! [`OwnAward`]: what our own record says of an award, which is more than its credential can say.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde_json::Value;

use crate::id::{AwardId, CredentialVersion};
use crate::openbadges::reading;
use crate::rules::{Award, AwardState, CopyState, copy_of};

/// What our own record says of an award: more than any status list can.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnAward {
    /// Its number.
    pub award: AwardId,
    /// What is true of it; of a view of the past, what was.
    pub state: AwardState,
    /// Which of the award's credentials was presented.
    pub copy: WhichCopy,
    /// The vendor's name, as people know it.
    pub vendor: String,
    /// Where the vendor's days begin and end.
    pub zone: Tz,
    /// Whether the vendor honours the award between expiry and the end of grace.
    pub rights_in_grace: bool,
    /// Whether the code of a reason may be told.
    pub tell_reason: bool,
}

/// Which of an award's credentials a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhichCopy {
    /// The newest.
    Current(CredentialVersion),
    /// An older term.
    Renewed {
        /// This copy.
        version: CredentialVersion,
        /// When the next one was signed.
        on: DateTime<Utc>,
    },
    /// Its details were wrong.
    Corrected {
        /// This copy.
        version: CredentialVersion,
        /// When the next one was signed.
        on: DateTime<Utc>,
    },
    /// From before a suspension that has ended.
    Reinstated {
        /// This copy.
        version: CredentialVersion,
        /// When the next one was signed.
        on: DateTime<Utc>,
    },
    /// Its award was joined with another of the same holder.
    Joined {
        /// This copy.
        version: CredentialVersion,
        /// The other award.
        with: AwardId,
    },
    /// Not in our record, although it bears the number of an award.
    Unknown,
}

impl WhichCopy {
    /// Finds the version by its `validFrom`: no two versions of an award share one.
    pub fn of(award: &Award, credential: &Value) -> WhichCopy {
        let valid_from = reading::moment(credential, &["validFrom"]).and_then(reading::Moment::at);
        let Some(entry) = award.versions.iter().find(|v| Some(v.valid_from) == valid_from) else {
            return WhichCopy::Unknown;
        };
        let version = entry.number;
        let signed = |by| award.version(by).map_or(entry.valid_from, |next| next.valid_from);
        match copy_of(award, version) {
            None => WhichCopy::Unknown,
            Some(CopyState::Current) => WhichCopy::Current(version),
            Some(CopyState::Renewed { by }) => WhichCopy::Renewed { version, on: signed(by) },
            Some(CopyState::Corrected { by }) => WhichCopy::Corrected { version, on: signed(by) },
            Some(CopyState::Reinstated { by }) => WhichCopy::Reinstated { version, on: signed(by) },
        }
    }

    /// The number of the version, if it is known.
    pub fn version(self) -> Option<CredentialVersion> {
        match self {
            WhichCopy::Current(version)
            | WhichCopy::Renewed { version, .. }
            | WhichCopy::Corrected { version, .. }
            | WhichCopy::Reinstated { version, .. }
            | WhichCopy::Joined { version, .. } => Some(version),
            WhichCopy::Unknown => None,
        }
    }
}
