//! A program file becomes a version: at once, at a date, or when a second caller has confirmed it.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::preview::{self, Preview};
use super::version;
use crate::app::{App, InForce, Unjudged};
use crate::clock::rfc3339;
use crate::id::Realm;
use crate::intake::unanswerable;
use crate::program::{Assets, Faults, Program};
use crate::service::caller::LiveCaller;
use crate::service::point_in_time::DayOrMoment;
use crate::service::setup::{self, SetupError};
use crate::service::{Breakdown, TRIES, moment, tell};
use crate::store::{
    Changes, Commit, Digest, Effective, EventKind, ProgramRecord, ProgramTimeline, Proposed, ReadSet, sha256_hex,
};

/// How far ahead a version may be applied.
pub const FARTHEST: TimeDelta = TimeDelta::days(366);
/// A program and the files it names have at most this many bytes together: they are stored in one batch.
pub const MOST_BYTES: usize = 3 * 1024 * 1024;

/// A program file on its way.
#[derive(Debug, Clone, Copy)]
pub struct Application<'a> {
    /// As written.
    pub text: &'a str,
    /// The files it names.
    pub assets: &'a Assets,
    /// From when it shall decide; now unless told.
    pub effective: Option<DayOrMoment>,
    /// Only say what it would change.
    pub dry_run: bool,
}

/// What came of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Applied {
    /// In one word.
    pub outcome: Outcome,
    /// The number of the version: the new one, or with `unchanged` the one that says the same. None for a preview.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    /// From when it decides, or shall.
    pub effective_at: DateTime<Utc>,
    /// A version that was applied before and takes over later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub followed_by: Option<u32>,
    /// With `proposed`: name of the caller who cannot confirm it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proposed_by: Option<String>,
    /// With `proposed`: what must happen next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_step: Option<String>,
    /// Each `[[map]]` whose messages cannot say what its requirement asks: its results will wait for a review.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// What it changes. None when it was proposed earlier, or changes nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preview: Option<Preview>,
}

/// What came of a program file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// It decides from its date on.
    Applied,
    /// It says what the version in force at its date says.
    Unchanged,
    /// It waits for another caller, because it shortens or ends awards.
    Proposed,
    /// Nothing was written.
    Preview,
    /// It was refused by a caller.
    Rejected,
}

/// What becomes of a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It comes into force.
    Confirm,
    /// It never does.
    Reject,
}

/// Why nothing was changed. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// The file has faults.
    #[error("the program file has {} fault(s)", .0.count())]
    Faults(Faults),
    /// It parses, but cannot be taken in.
    #[error(transparent)]
    Unfit(SetupError),
    /// More than one batch can hold.
    #[error("the program and the files it names have {bytes} bytes together; at most {MOST_BYTES} are allowed")]
    TooLarge {
        /// Together.
        bytes: usize,
    },
    /// It would change what has been decided.
    #[error("a version cannot decide about the past: {} is over", rfc3339(*effective))]
    Past {
        /// As asked for.
        effective: DateTime<Utc>,
    },
    /// Nobody keeps that in mind.
    #[error("{} is too far ahead; a version can be applied for {} at the latest", rfc3339(*effective), rfc3339(*last))]
    TooFar {
        /// As asked for.
        effective: DateTime<Utc>,
        /// The last moment.
        last: DateTime<Utc>,
    },
    /// One at a time.
    #[error("version {version}, proposed by {by:?}, waits to be confirmed or rejected first")]
    Waiting {
        /// Its number.
        version: u32,
        /// Who proposed it.
        by: String,
    },
    /// There is nothing to confirm or reject.
    #[error("version {version} does not wait to be confirmed")]
    NotProposed {
        /// As named.
        version: u32,
    },
    /// The second pair of eyes must be somebody else's.
    #[error("version {version} was proposed by {by:?}, who cannot confirm it")]
    SameCaller {
        /// Its number.
        version: u32,
        /// Who proposed it.
        by: String,
    },
    /// Anything else.
    #[error(transparent)]
    Breakdown(#[from] Breakdown),
}

breaks_down!(ApplyError);

impl From<SetupError> for ApplyError {
    fn from(error: SetupError) -> Self {
        match error {
            SetupError::Program(faults) => ApplyError::Faults(faults),
            SetupError::Breakdown(breakdown) => ApplyError::Breakdown(breakdown),
            other => ApplyError::Unfit(other),
        }
    }
}

/// The program, if it can be used. Its pictures take their time, and do not queue behind what strangers hand in.
async fn sound(text: String, assets: Assets, base: String) -> Result<Program, ApplyError> {
    let work = tokio::task::spawn_blocking(move || {
        let program = Program::parse(&text).map_err(ApplyError::Faults)?;
        setup::check(&program, &assets, &base)?;
        Ok(program)
    });
    work.await.map_err(|_| Breakdown::from(Unjudged::BrokeOff))?
}

/// Applies a program file, or says what that would change. Names of persons are told only to who may read them.
pub async fn apply(app: &App, caller: &LiveCaller, application: Application<'_>) -> Result<Applied, ApplyError> {
    let Application { text, assets, effective, dry_run } = application;
    let new = sound(text.to_owned(), assets.clone(), app.urls.base().to_owned()).await?;
    let named = setup::named_files(&new);
    let assets: &Assets =
        &assets.iter().filter(|(name, _)| named.contains(name)).map(|(n, b)| (n.clone(), b.clone())).collect();
    let bytes = text.len() + assets.values().map(Vec::len).sum::<usize>();
    if bytes > MOST_BYTES {
        return Err(ApplyError::TooLarge { bytes });
    }
    for _ in 0..TRIES {
        let now = moment(app);
        let effective_at = effective_at(effective, &new, now)?;
        let mut reads = ReadSet::new();
        let mut timeline = app.store.program_timeline(&mut reads).await?.unwrap_or_default();
        let replaced = timeline.at(effective_at).ok_or(Breakdown::Missing("the program in force"))?;
        let old = version(app, replaced).await?;
        let followed_by = timeline.after(effective_at).next().map(|v| v.version);
        let answer = |outcome, version| Applied {
            outcome,
            version,
            effective_at,
            followed_by,
            proposed_by: None,
            next_step: None,
            warnings: unanswerable(&new),
            preview: None,
        };
        if says_the_same(&old, text, assets) {
            return Ok(answer(Outcome::Unchanged, Some(replaced)));
        }
        if let Some(waiting) = timeline.proposed.as_ref().filter(|_| !dry_run) {
            let same = version(app, waiting.effective.version).await?;
            if waiting.by == caller.name && says_the_same(&same, text, assets) {
                let repeated = answer(Outcome::Proposed, Some(waiting.effective.version));
                return Ok(Applied { effective_at: waiting.effective.from, ..proposed(repeated, &waiting.by) });
            }
            return Err(ApplyError::Waiting { version: waiting.effective.version, by: waiting.by.clone() });
        }
        let preview = preview::of(app, caller.may("people:read"), &old, &new, effective_at).await?;
        if dry_run {
            return Ok(Applied { preview: Some(preview), ..answer(Outcome::Preview, None) });
        }
        let effective = Effective { version: timeline.next(), from: effective_at };
        let mut changes = Changes::new(Realm::Live);
        write(&mut changes, text, assets, effective, now);
        timeline.highest = effective.version;
        let digest = Digest::of(text.as_bytes());
        let done = if preview.shortens > 0 {
            timeline.proposed = Some(Proposed { effective, by: caller.name.clone() });
            tell(app, &mut changes, now, EventKind::ProgramProposed { version: effective.version, text: digest });
            proposed(answer(Outcome::Proposed, Some(effective.version)), &caller.name)
        } else {
            timeline.add(effective);
            tell(app, &mut changes, now, EventKind::ProgramApplied { version: effective.version, text: digest });
            answer(Outcome::Applied, Some(effective.version))
        };
        changes.program_timeline(&timeline);
        if let Commit::Done(_) = app.store.commit(&reads, changes).await? {
            return Ok(Applied { preview: Some(preview), ..done });
        }
    }
    Err(Breakdown::Busy.into())
}

/// Confirms or rejects the version that waits. Only another caller than its proposer can confirm; rejecting also takes back.
pub async fn decide(app: &App, caller: &LiveCaller, number: u32, fate: Fate) -> Result<Applied, ApplyError> {
    for _ in 0..TRIES {
        let now = moment(app);
        let mut reads = ReadSet::new();
        let mut timeline: ProgramTimeline = app.store.program_timeline(&mut reads).await?.unwrap_or_default();
        let waiting = timeline.proposed.take().filter(|p| p.effective.version == number);
        let waiting = waiting.ok_or(ApplyError::NotProposed { version: number })?;
        if fate == Fate::Confirm && waiting.by == caller.name {
            return Err(ApplyError::SameCaller { version: number, by: waiting.by });
        }
        let effective = Effective { from: waiting.effective.from.max(now), ..waiting.effective };
        let mut changes = Changes::new(Realm::Live);
        let (outcome, what) = match fate {
            Fate::Confirm => {
                let text = version(app, number).await?.record.text.digest();
                timeline.add(effective);
                (Outcome::Applied, EventKind::ProgramApplied { version: number, text })
            }
            Fate::Reject => (Outcome::Rejected, EventKind::ProgramRejected { version: number }),
        };
        timeline.highest = timeline.highest.max(number);
        let followed_by = timeline.after(effective.from).next().map(|v| v.version);
        changes.program_timeline(&timeline);
        tell(app, &mut changes, now, what);
        if let Commit::Done(_) = app.store.commit(&reads, changes).await? {
            return Ok(Applied {
                outcome,
                version: Some(number),
                effective_at: effective.from,
                followed_by,
                proposed_by: Some(waiting.by),
                next_step: None,
                warnings: Vec::new(),
                preview: None,
            });
        }
    }
    Err(Breakdown::Busy.into())
}

fn effective_at(
    asked: Option<DayOrMoment>,
    program: &Program,
    now: DateTime<Utc>,
) -> Result<DateTime<Utc>, ApplyError> {
    let effective = asked.map_or(now, |asked| asked.start(program.timezone, now));
    let last = now + FARTHEST;
    if effective < now {
        Err(ApplyError::Past { effective })
    } else if effective > last {
        Err(ApplyError::TooFar { effective, last })
    } else {
        Ok(effective)
    }
}

fn says_the_same(known: &InForce, text: &str, assets: &Assets) -> bool {
    let record = &known.record;
    record.text.sha256 == sha256_hex(text.as_bytes())
        && record.assets.len() == assets.len()
        && record.assets.iter().all(|(name, kept)| assets.get(name).is_some_and(|a| sha256_hex(a) == kept.sha256))
}

fn write(changes: &mut Changes, text: &str, assets: &Assets, effective: Effective, now: DateTime<Utc>) {
    let record = ProgramRecord {
        version: effective.version,
        text: changes.asset(text.as_bytes()),
        assets: assets.iter().map(|(name, bytes)| (name.clone(), changes.asset(bytes))).collect::<BTreeMap<_, _>>(),
        effective_at: effective.from,
        recorded_at: now,
    };
    changes.program(&record);
}

fn proposed(answer: Applied, by: &str) -> Applied {
    let number = answer.version.unwrap_or_default();
    let next_step = format!(
        "It shortens or ends awards, so another caller than {by:?} must confirm it: assay program confirm {number}, \
         or POST /api/v1/program/{number}/confirm, with an API key of another name."
    );
    Applied { proposed_by: Some(by.to_owned()), next_step: Some(next_step), ..answer }
}
