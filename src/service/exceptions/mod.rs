//! Exceptions: what an administrator grants one person beside the rules, with reason, actor and, if asked for, a second pair
//! of eyes. Told to the feed and shown in the why-trail, never publicly.

mod effect;
mod grant;
mod second;

pub use grant::{ExceptionRequest, RequestedKind, grant};
pub use second::{ConfirmRequest, WithdrawRequest, confirm, withdraw};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::awards::AwardView;
use super::desk::Desk;
use super::refused::{PersonRef, Refused};
use super::{Answer, Breakdown};
use crate::app::App;
use crate::id::Realm;
use crate::program::Certification;
use crate::rules::{Decision, Exception, ExceptionKind, Standing};
use crate::store::{ExceptionStep, ReadSet};

/// An exception as the API and the command line show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ExceptionView {
    /// By which it is confirmed and withdrawn.
    pub id: String,
    /// Internal id of the person.
    pub person: String,
    /// Id of the certification.
    pub certification: String,
    /// What is granted.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    pub kind: ExceptionKind,
    /// Whether it holds.
    pub state: ExceptionState,
    /// Who granted it.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Who confirmed it.
    pub confirmed_by: Option<String>,
    /// When.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// When it was withdrawn.
    pub withdrawn_at: Option<DateTime<Utc>>,
    /// Private words.
    pub reason: Option<String>,
}

/// Whether an exception holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ExceptionState {
    /// It waits for another caller.
    Waiting,
    /// It holds.
    InEffect,
    /// It does not hold any more.
    Withdrawn,
}

impl ExceptionView {
    fn new(of: &Standing, exception: &Exception, reason: Option<String>) -> Self {
        let state = match (exception.withdrawn_at, exception.since()) {
            (Some(_), _) => ExceptionState::Withdrawn,
            (None, Some(_)) => ExceptionState::InEffect,
            (None, None) => ExceptionState::Waiting,
        };
        let (confirmed_by, confirmed_at) = exception.second.clone().unzip();
        ExceptionView {
            id: exception.id.to_string(),
            person: of.person.to_string(),
            certification: of.certification.to_string(),
            kind: exception.kind.clone(),
            state,
            by: exception.by.clone(),
            at: exception.at,
            confirmed_by,
            confirmed_at,
            withdrawn_at: exception.withdrawn_at,
            reason,
        }
    }
}

/// The exceptions of a standing, with their words.
pub(super) async fn views(app: &App, realm: Realm, of: &Standing) -> Result<Vec<ExceptionView>, Breakdown> {
    let mut views = Vec::new();
    for exception in &of.exceptions {
        let note = app.store.exception_note(realm, &exception.id, ExceptionStep::Granted).await?;
        views.push(ExceptionView::new(of, exception, note.and_then(|note| note.text)));
    }
    Ok(views)
}

/// Every exception of one person, by certification.
pub async fn list(app: &App, realm: Realm, person: &PersonRef) -> Result<Vec<ExceptionView>, Refused> {
    let person = person.find(app, realm, "/person", &mut ReadSet::new()).await?;
    let mut all = Vec::new();
    for standing in app.store.standings_of(realm, &person.id).await? {
        all.extend(views(app, realm, &standing).await?);
    }
    Ok(all)
}

/// The exception as it is now, and what it led to; a decision is none while it waits.
async fn answer(
    desk: &mut Desk<'_>,
    certification: &Certification,
    (exception, reason): (&Exception, Option<String>),
    decision: Option<&Decision>,
    status: u16,
) -> Result<Answer, Refused> {
    let (app, realm, now, in_force) = (desk.app, desk.realm, desk.now, desk.in_force.clone());
    let standing = desk.standing(&certification.id).await?;
    let word = match decision {
        Some(Decision::Award(_)) => Some("awarded"),
        Some(Decision::Renew(_)) => Some("renewed"),
        Some(Decision::Record) => Some("recorded"),
        Some(Decision::Withhold(_)) => Some("withheld"),
        None => None,
    };
    let unmet = if let Some(Decision::Withhold(unmet)) = decision { unmet.as_slice() } else { &[] };
    let award = standing.award.is_some().then(|| AwardView::new(app, realm, standing, &in_force.program, now));
    let view = ExceptionView::new(standing, exception, reason);
    let body = json!({ "exception": view, "decision": word, "award": award, "unmet": unmet });
    Ok(Answer { status, body, replayed: false })
}
