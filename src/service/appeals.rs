//! Appeals, for the people who decide them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::caller::Caller;
use super::holder::readable;
use super::{Breakdown, TRIES, moment, tell};
use crate::app::App;
use crate::id::AppealId;
use crate::store::{AppealRecord, Changes, Closed, Commit, EventKind, ReadSet};

/// Appeals of one page.
const PAGE: usize = 100;
/// The longest answer, in characters.
const LONGEST_ANSWER: usize = 2_000;

/// An appeal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AppealView {
    /// Its id.
    pub id: String,
    /// About which award.
    pub award: String,
    /// In what.
    pub certification: String,
    /// In the holder's words.
    pub text: String,
    /// When.
    pub opened_at: DateTime<Utc>,
    /// How it ended, if it did.
    pub closed: Option<ClosedView>,
}

/// How an appeal ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ClosedView {
    /// When.
    pub at: DateTime<Utc>,
    /// Who closed it.
    pub by: String,
    /// Whether the holder was right.
    pub upheld: bool,
    /// The answer to the holder.
    pub text: String,
}

/// A page of appeals, latest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AppealsView {
    /// The appeals.
    pub appeals: Vec<AppealView>,
    /// Send it as `before` for the next page.
    pub next: Option<String>,
}

/// The decision on an appeal. It changes no award: the verbs do.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseRequest {
    /// Whether the holder was right.
    pub upheld: bool,
    /// The answer to the holder, sent by mail; up to 2,000 characters.
    #[serde(default)]
    pub text: String,
}

/// Why an appeal was not closed.
#[derive(Debug, thiserror::Error)]
pub enum CloseError {
    /// No such appeal.
    #[error("there is no appeal {0:?}")]
    Unknown(String),
    /// It was closed in another way.
    #[error("this appeal was closed on {0}")]
    Closed(DateTime<Utc>),
    /// The answer is too long.
    #[error("an answer has at most {LONGEST_ANSWER} characters; this one has {0}")]
    Length(usize),
    /// Anything else.
    #[error(transparent)]
    Breakdown(#[from] Breakdown),
}

breaks_down!(CloseError);

/// The appeals of the caller's realm.
pub async fn list(app: &App, caller: &Caller, before: Option<&AppealId>) -> Result<AppealsView, Breakdown> {
    let (records, more) = app.store.appeals(caller.realm, before, PAGE).await?;
    let next = records.last().filter(|_| more).map(|last| last.id.to_string());
    Ok(AppealsView { appeals: records.into_iter().map(AppealView::from).collect(), next })
}

/// Closes an appeal. The same decision again is answered as before.
pub async fn close(app: &App, caller: &Caller, id: &str, request: &CloseRequest) -> Result<AppealView, CloseError> {
    let unknown = || CloseError::Unknown(id.to_owned());
    let key: AppealId = id.parse().map_err(|_| unknown())?;
    let text = readable(&request.text);
    let length = text.chars().count();
    if length > LONGEST_ANSWER {
        return Err(CloseError::Length(length));
    }
    for _ in 0..TRIES {
        let now = moment(app);
        let mut reads = ReadSet::new();
        let mut appeal = app.store.appeal(caller.realm, &key, &mut reads).await?.ok_or_else(unknown)?;
        if let Some(closed) = &appeal.closed {
            let same = closed.upheld == request.upheld && closed.text == text;
            return if same { Ok(appeal.into()) } else { Err(CloseError::Closed(closed.at)) };
        }
        let closed = Closed { at: now, by: caller.name.clone(), upheld: request.upheld, text: text.clone() };
        appeal.closed = Some(closed);
        let mut open = app.store.open_appeals(caller.realm, appeal.award, &mut reads).await?;
        open.retain(|other| *other != appeal.id);
        let mut changes = Changes::new(caller.realm);
        changes.appeal(&appeal);
        changes.open_appeals(appeal.award, &open);
        let (award, person, upheld) = (appeal.award, appeal.person.clone(), request.upheld);
        tell(app, &mut changes, now, EventKind::AppealClosed { appeal: key.clone(), award, person, upheld });
        if let Commit::Done(_) = app.store.commit(&reads, changes).await? {
            return Ok(appeal.into());
        }
    }
    Err(Breakdown::Busy.into())
}

impl From<AppealRecord> for AppealView {
    fn from(record: AppealRecord) -> Self {
        AppealView {
            id: record.id.to_string(),
            award: record.award.grouped(),
            certification: record.certification.to_string(),
            text: record.text,
            opened_at: record.opened_at,
            closed: record.closed.map(|closed| ClosedView {
                at: closed.at,
                by: closed.by,
                upheld: closed.upheld,
                text: closed.text,
            }),
        }
    }
}
