//! How far recertifications are: of how many holders they were asked, who complied, who did not.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::id::RequirementId;
use crate::service::caller::Caller;
use crate::service::program::{MOST_LINES, name_of};
use crate::service::{Breakdown, moment};
use crate::store::{ReadSet, Recertification, Stage};

/// How many awards are read at a time.
const PAGE: usize = 500;

/// A recertification as it is shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RecertificationView {
    /// Unique.
    pub id: String,
    /// How far it is.
    pub stage: Stage,
    /// Whose holders.
    pub certifications: Vec<String>,
    /// What they must complete.
    pub requirement: String,
    /// Whoever holds the award, or begins a term of it from then until `due`, is asked.
    pub announced_at: DateTime<Utc>,
    /// The last second to complete it.
    pub due: DateTime<Utc>,
    /// Only awards earned before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issued_before: Option<DateTime<Utc>>,
    /// Only awards whose dates were given by this version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub program_version: Option<u32>,
    /// Version of the program in force when it was asked for.
    pub program: u32,
    /// Who ordered it; none: the program file says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Who confirmed or rejected it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub second: Option<String>,
}

impl RecertificationView {
    /// As stored.
    pub fn new(asked: &Recertification) -> Self {
        RecertificationView {
            id: asked.id.clone(),
            stage: asked.stage,
            certifications: asked.certifications.iter().map(ToString::to_string).collect(),
            requirement: asked.requirement.to_string(),
            announced_at: asked.announced_at,
            due: asked.due,
            issued_before: asked.issued_before,
            program_version: asked.program_version,
            program: asked.program,
            by: asked.by.clone(),
            second: asked.second.clone(),
        }
    }
}

/// How many were asked, and what they did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Progress {
    /// Holders who were asked so far.
    pub asked: u64,
    /// Who completed it.
    pub met: u64,
    /// Who did not, and the date is over.
    pub missed: u64,
    /// Who has not yet.
    pub open: u64,
}

/// A recertification and its progress.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Shown {
    /// What was asked.
    #[serde(flatten)]
    pub about: RecertificationView,
    /// What became of it.
    pub progress: Progress,
    /// Who has not completed it, at most 1,000: only where one is shown.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub outstanding: Vec<Holder>,
}

/// A holder who has not completed it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Holder {
    /// The person's name, for callers who may read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// In what.
    pub certification: String,
    /// The award's number, for people.
    pub award: String,
    /// Still possible, or too late.
    pub state: HolderState,
}

/// Whether it can still be completed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names say it")]
pub enum HolderState {
    Missed,
    Open,
}

/// Recertifications by id, with their progress.
pub async fn list(app: &App, caller: &Caller, after: Option<&str>, limit: usize) -> Result<Vec<Shown>, Breakdown> {
    let mut found = Vec::new();
    for asked in app.store.recertifications(caller.realm, after, limit).await? {
        found.push(progress(app, caller, &asked, false).await?);
    }
    Ok(found)
}

/// One, with who has not completed it. `None`: there is none of this id.
pub async fn show(app: &App, caller: &Caller, id: &str) -> Result<Option<Shown>, Breakdown> {
    if id.parse::<RequirementId>().is_err() {
        return Ok(None);
    }
    match app.store.recertification(caller.realm, id, &mut ReadSet::new()).await? {
        Some(asked) => progress(app, caller, &asked, true).await.map(Some),
        None => Ok(None),
    }
}

async fn progress(app: &App, caller: &Caller, asked: &Recertification, by_name: bool) -> Result<Shown, Breakdown> {
    let now = moment(app);
    let (mut progress, mut outstanding, mut after) = (Progress::default(), Vec::new(), None);
    loop {
        let page = app.store.asked(caller.realm, &asked.id, after, PAGE).await?;
        let Some((last, _)) = page.last() else { break };
        after = Some(*last);
        for (award, standing) in &page {
            progress.asked += 1;
            let held = standing.as_ref().and_then(|s| Some((s, s.award.as_ref()?)));
            let demand = held.and_then(|(_, award)| award.demands.iter().find(|d| d.id == asked.id));
            let state = match demand {
                Some(demand) if demand.met.is_some() => {
                    progress.met += 1;
                    continue;
                }
                Some(demand) if now > demand.cutoff => HolderState::Missed,
                None if now > asked.due => HolderState::Missed,
                _ => HolderState::Open,
            };
            match state {
                HolderState::Missed => progress.missed += 1,
                HolderState::Open => progress.open += 1,
            }
            if let Some((standing, _)) = held.filter(|_| by_name && outstanding.len() < MOST_LINES) {
                let name = if caller.may("people:read") { name_of(app, caller.realm, standing).await? } else { None };
                let (certification, award) = (standing.certification.to_string(), award.grouped());
                outstanding.push(Holder { name, certification, award, state });
            }
        }
    }
    Ok(Shown { about: RecertificationView::new(asked), progress, outstanding })
}
