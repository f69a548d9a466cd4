//! What is true of an award at a moment, and of a copy of one of its versions: folded from its history, nothing else.

use chrono::{DateTime, SubsecRound, Utc};
use chrono_tz::Tz;
use serde::Serialize;

use super::award::{Award, Happening, Reason, VersionEntry, VersionKind};
use super::life::life;
use super::term::last_moment;
use crate::id::CredentialVersion;
use crate::program::Certification;

/// The state of an award at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum AwardState {
    /// Holds.
    Valid {
        /// Its last second; none: does not expire.
        until: Option<DateTime<Utc>>,
    },
    /// Its term is over.
    Expired {
        /// Its last second.
        since: DateTime<Utc>,
        /// The last second of the renewal path, while that is still open.
        grace_until: Option<DateTime<Utc>>,
    },
    /// Not valid at present; says nothing against the holder.
    Suspended {
        /// From when.
        since: DateTime<Utc>,
        /// The closed code.
        reason: Reason,
    },
    /// No longer valid, for good.
    Revoked {
        /// From when.
        since: DateTime<Utc>,
        /// The closed code.
        reason: Reason,
    },
    /// Not issued at that moment.
    NotYetValid {
        /// Its first moment.
        from: DateTime<Utc>,
    },
}

/// How a version of an award relates to the newest one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "copy", rename_all = "kebab-case")]
#[expect(missing_docs, reason = "`by` is the version that came instead")]
pub enum CopyState {
    /// It is the newest.
    Current,
    /// There is a newer term; this copy runs out by itself.
    Renewed { by: CredentialVersion },
    /// Its details were corrected; it must not be relied on.
    Corrected { by: CredentialVersion },
    /// It was suspended, and reinstated as a newer version.
    Reinstated { by: CredentialVersion },
}

/// What was true of the award at `at`. The certification, as the program version in force had it, gives the grace. A demand
/// that was not met in time has its effect whether or not the history says so already.
pub fn state_at(award: &Award, certification: Option<&Certification>, zone: Tz, at: DateTime<Utc>) -> AwardState {
    let life = life(award, at);
    if let Some((since, reason)) = life.revoked {
        return AwardState::Revoked { since, reason };
    }
    let Some(version) = life.version else { return AwardState::NotYetValid { from: life.begins } };
    if let Some((since, reason)) = life.suspended {
        return AwardState::Suspended { since, reason };
    }
    match life.ended.or(version.valid_until) {
        Some(since) if at.trunc_subsecs(0) > since => {
            let grace = certification.map(|c| c.renewal.grace).filter(|grace| !grace.is_zero());
            let grace_until = grace.map(|grace| last_moment(since, grace, zone));
            AwardState::Expired { since, grace_until: grace_until.filter(|until| at.trunc_subsecs(0) <= *until) }
        }
        until => AwardState::Valid { until },
    }
}

/// What became of version `number`; `None` when the award has no such version.
pub fn copy_of(award: &Award, number: CredentialVersion) -> Option<CopyState> {
    let copy = award.version(number)?;
    let later: Vec<&VersionEntry> = award.versions.iter().filter(|v| v.number > number).collect();
    let Some(next) = later.first() else { return Some(CopyState::Current) };
    // A correction is one of all copies before it: renewed ones bear the same details.
    if let Some(correction) = later.iter().find(|v| v.kind == VersionKind::Correction) {
        return Some(CopyState::Corrected { by: correction.number });
    }
    let reinstated =
        later.iter().find(|v| v.kind == VersionKind::Reinstatement && was_live_at_suspension(award, copy, v));
    Some(match reinstated {
        Some(version) => CopyState::Reinstated { by: version.number },
        None => CopyState::Renewed { by: next.number },
    })
}

/// Whether `copy` had not run out by itself when the suspension began that `reinstated` ended.
fn was_live_at_suspension(award: &Award, copy: &VersionEntry, reinstated: &VersionEntry) -> bool {
    let ended = award.history.iter().position(|e| e.what == Happening::Reinstated { version: reinstated.number });
    let before = award.history.iter().take(ended.unwrap_or(award.history.len())).rev();
    let began = before.clone().find(|e| matches!(e.what, Happening::Suspended { .. })).map(|e| e.valid_at);
    copy.valid_until.is_none_or(|until| until >= began.unwrap_or(reinstated.valid_from))
}
