//! Which versions there are, and what one of them says.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::reviews::{Review, reviews};
use super::{content, version};
use crate::app::App;
use crate::service::{Breakdown, moment};
use crate::store::{ProgramTimeline, ReadSet};

/// A version as it is shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct VersionView {
    /// Its number.
    pub version: u32,
    /// Whether and when it decides.
    pub state: VersionState,
    /// From when it decides, or shall.
    pub effective_at: DateTime<Utc>,
    /// When it was written down.
    pub recorded_at: DateTime<Utc>,
    /// SHA-256 of its text, in hex.
    pub sha256: String,
    /// Of a proposal: name of the caller who cannot confirm it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proposed_by: Option<String>,
}

/// Whether and when a version decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum VersionState {
    /// It did.
    Past,
    /// It does.
    InForce,
    /// It will, from its date on.
    Pending,
    /// It waits for another caller.
    Proposed,
    /// It never will.
    Rejected,
}

/// All versions.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Overview {
    /// The one in force.
    pub current: VersionView,
    /// Those that decided, decide or will, by date.
    pub versions: Vec<VersionView>,
    /// The one that waits for another caller.
    pub proposed: Option<VersionView>,
    /// Certifications whose contents are to be looked over now and then.
    pub content_reviews: Vec<Review>,
}

/// A version with its file.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct VersionWithText {
    /// What is known of it.
    #[serde(flatten)]
    pub about: VersionView,
    /// The file as it was applied.
    pub text: String,
    /// Names of the files it names.
    pub files: Vec<String>,
}

/// All versions, the one in force first.
pub async fn overview(app: &App) -> Result<Overview, Breakdown> {
    let now = moment(app);
    let timeline = timeline(app).await?;
    let mut versions = Vec::new();
    for effective in &timeline.versions {
        versions.push(view(app, &timeline, effective.version, now).await?);
    }
    let in_force = timeline.at(now).ok_or(Breakdown::Missing("the program in force"))?;
    let current = view(app, &timeline, in_force, now).await?;
    let proposed = match &timeline.proposed {
        Some(proposed) => Some(view(app, &timeline, proposed.effective.version, now).await?),
        None => None,
    };
    Ok(Overview { current, versions, proposed, content_reviews: reviews(app).await? })
}

/// One version and its file; `None` if there never was such a version.
pub async fn show(app: &App, number: u32) -> Result<Option<VersionWithText>, Breakdown> {
    if app.store.program(number).await?.is_none() {
        return Ok(None);
    }
    let known = version(app, number).await?;
    let text = String::from_utf8(content(app, &known.record.text).await?);
    let text = text.map_err(|_| Breakdown::Missing("the text of the program"))?;
    let about = view(app, &timeline(app).await?, number, moment(app)).await?;
    Ok(Some(VersionWithText { about, text, files: known.record.assets.keys().cloned().collect() }))
}

async fn timeline(app: &App) -> Result<ProgramTimeline, Breakdown> {
    Ok(app.store.program_timeline(&mut ReadSet::new()).await?.unwrap_or_default())
}

async fn view(
    app: &App,
    timeline: &ProgramTimeline,
    number: u32,
    now: DateTime<Utc>,
) -> Result<VersionView, Breakdown> {
    let known = version(app, number).await?;
    let planned = timeline.versions.iter().find(|v| v.version == number);
    let proposed = timeline.proposed.as_ref().filter(|p| p.effective.version == number);
    let state = match (planned, proposed) {
        (_, Some(_)) => VersionState::Proposed,
        (None, None) => VersionState::Rejected,
        (Some(_), None) if timeline.at(now) == Some(number) => VersionState::InForce,
        (Some(v), None) if v.from > now => VersionState::Pending,
        (Some(_), None) => VersionState::Past,
    };
    Ok(VersionView {
        version: number,
        state,
        effective_at: planned.map_or(known.record.effective_at, |v| v.from),
        recorded_at: known.record.recorded_at,
        sha256: known.record.text.sha256.clone(),
        proposed_by: proposed.map(|p| p.by.clone()),
    })
}
