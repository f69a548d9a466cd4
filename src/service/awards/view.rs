//! [`AwardView`]: an award as the API and the command line show it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Known;
use crate::app::App;
use crate::id::{AwardId, Realm};
use crate::program::Program;
use crate::rules::{self, Award, FormerWhy, Happening, HistoryEntry, Standing};
use crate::service::point_in_time::PointInTime;
use crate::service::{Breakdown, moment};

/// An award, its state now, and where it is found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AwardView {
    /// The number.
    #[schema(example = "7K3QX9M2TR4HB6WD")]
    pub id: String,
    /// The number for people.
    #[schema(example = "7K3Q-X9M2-TR4H-B6WD")]
    pub number: String,
    /// Id of the certification.
    pub certification: String,
    /// Live or test.
    #[schema(value_type = String)]
    pub realm: Realm,
    /// Its state now.
    pub state: AwardState,
    /// Number of the newest credential.
    pub version: u32,
    /// Version of the program that gave its dates.
    pub program: u32,
    /// When it was earned.
    pub awarded_at: DateTime<Utc>,
    /// End of the last day on which it holds.
    pub valid_until: Option<DateTime<Utc>>,
    /// Where it is found.
    pub addresses: Addresses,
    /// Numbers of awards that were joined with it: their addresses show this one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// What happened to it, oldest first.
    pub history: Vec<HistoryView>,
    /// What was true at the moment that was asked about, beside what is true now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub then: Option<AwardThen>,
}

/// An award as it was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AwardThen {
    /// The moment that was asked about.
    pub at: DateTime<Utc>,
    /// By what had been recorded up to then.
    pub known: DateTime<Utc>,
    /// Its state.
    pub state: AwardState,
    /// Number of the credential that was current; none: it was not issued.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    /// End of the last day on which that credential held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<DateTime<Utc>>,
    /// What had happened to it, oldest first.
    pub history: Vec<HistoryView>,
}

impl AwardThen {
    /// The award at the moment that is asked about; `None` if that is now.
    pub async fn of(app: &App, known: &Known, when: PointInTime) -> Result<Option<Self>, Breakdown> {
        let Some(at) = when.at.or(when.known) else { return Ok(None) };
        let known_at = when.known.unwrap_or_else(|| moment(app));
        let Some(then) = known.then(app, when).await? else {
            let state = AwardState::NotYetValid;
            return Ok(Some(AwardThen {
                at,
                known: known_at,
                state,
                version: None,
                valid_until: None,
                history: Vec::new(),
            }));
        };
        let was = Some(then.version()).filter(|_| !then.award.history.is_empty());
        Ok(Some(AwardThen {
            at,
            known: known_at,
            state: (&then.state).into(),
            version: was.map(|version| version.number.0),
            valid_until: was.and_then(|version| version.valid_until),
            history: history(&then.award),
        }))
    }
}

fn history(award: &Award) -> Vec<HistoryView> {
    award.history.iter().map(HistoryView::from).collect()
}

/// The state of an award in one word, for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the verdicts of a verification")]
pub enum AwardState {
    Valid,
    Expired,
    Suspended,
    Revoked,
    NotYetValid,
}

impl From<&rules::AwardState> for AwardState {
    fn from(state: &rules::AwardState) -> Self {
        match state {
            rules::AwardState::Valid { .. } => AwardState::Valid,
            rules::AwardState::Expired { .. } => AwardState::Expired,
            rules::AwardState::Suspended { .. } => AwardState::Suspended,
            rules::AwardState::Revoked { .. } => AwardState::Revoked,
            rules::AwardState::NotYetValid { .. } => AwardState::NotYetValid,
        }
    }
}

/// Every address of an award.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Addresses {
    /// Verification page: where links and the QR code lead.
    pub page: String,
    /// The signed credential.
    pub credential: String,
    /// The badge with the credential inside.
    pub baked_png: String,
    /// The same as SVG.
    pub baked_svg: String,
    /// Live picture that says the state in words.
    pub picture: String,
    /// Preview for social networks.
    pub card: String,
}

impl Addresses {
    /// The addresses of `award`.
    pub fn of(app: &App, award: AwardId) -> Self {
        Addresses {
            page: app.urls.award_page(award),
            credential: app.urls.credential_as(award, "json"),
            baked_png: app.urls.credential_as(award, "png"),
            baked_svg: app.urls.credential_as(award, "svg"),
            picture: app.urls.badge(award, "svg"),
            card: app.urls.card(award),
        }
    }
}

/// One line of an award's history.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct HistoryView {
    /// What happened.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    pub what: Happening,
    /// From when it is true.
    pub valid_at: DateTime<Utc>,
    /// When we recorded it.
    pub recorded_at: DateTime<Utc>,
    /// Version of the program in force.
    pub program: u32,
}

impl From<&HistoryEntry> for HistoryView {
    /// Without what led to it: that names sources and their ids.
    fn from(entry: &HistoryEntry) -> Self {
        let HistoryEntry { what, valid_at, recorded_at, program, .. } = *entry;
        HistoryView { what, valid_at, recorded_at, program }
    }
}

impl AwardView {
    /// The award of `standing`, which must have one. `program`: the version that gave its current dates.
    pub fn new(app: &App, realm: Realm, standing: &Standing, program: &Program, now: DateTime<Utc>) -> Self {
        let award = standing.award.as_ref().expect("only a standing with an award is shown");
        let certification = program.certification(&standing.certification);
        let state = rules::state_at(award, certification, program.timezone, now);
        let current = award.current();
        // What ended before its date has that end.
        let ended = match state {
            rules::AwardState::Expired { since, .. } => Some(since),
            _ => None,
        };
        let aliases = standing.former.iter().filter(|former| former.why == FormerWhy::Alias);
        AwardView {
            id: award.id.to_string(),
            number: award.id.grouped(),
            certification: standing.certification.to_string(),
            realm,
            state: (&state).into(),
            version: current.number.0,
            program: current.program,
            awarded_at: current.awarded_at,
            valid_until: ended.or(current.valid_until),
            addresses: Addresses::of(app, award.id),
            aliases: aliases.map(|former| former.award.id.to_string()).collect(),
            history: history(award),
            then: None,
        }
    }
}
