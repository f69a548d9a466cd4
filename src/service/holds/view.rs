//! A hold as the API and the command line show it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::id::HoldId;
use crate::rules::Standing;
use crate::service::Breakdown;
use crate::service::caller::Caller;
use crate::service::refused::Refused;
use crate::store::{HeldRecord, HoldRecord, HoldState, ReadSet, Verdict};

/// Most standings of one answer; the counts are of all.
const SHOWN: usize = 10_000;
/// Rows read at a time.
const PAGE: usize = 256;
/// Most holds of a list.
const LISTED: usize = 200;

/// A hold, and what it keeps back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HoldView {
    /// By which it is released and upheld; none of a preview.
    pub id: Option<String>,
    /// Nothing was done: this is what would be.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub dry_run: bool,
    /// Which results are meant.
    #[schema(value_type = Object)]
    pub criteria: serde_json::Value,
    /// Private words.
    pub text: Option<String>,
    /// Who opened it.
    pub by: String,
    /// When.
    pub opened_at: DateTime<Utc>,
    /// How far it is.
    pub state: HoldState,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// Standings looked at.
    pub seen: u64,
    /// How many of what; left out of lists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counts: Option<HoldCounts>,
    /// What is kept back, person by person; left out of lists.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub held: Vec<HeldView>,
}

/// How many of what a hold has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HoldCounts {
    /// Persons it concerns.
    pub persons: u64,
    /// Results it concerns.
    pub results: u64,
    /// Results that are kept back.
    pub held: u64,
    /// Results that count again.
    pub released: u64,
    /// Results that are void.
    pub upheld: u64,
    /// Awards that were suspended.
    pub suspended: u64,
}

/// What a hold keeps back of one person in one certification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HeldView {
    /// Internal id of the person.
    pub person: String,
    /// For keys with the scope `people:read`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Id of the certification.
    pub certification: String,
    /// Number of the award, if one is held.
    pub award: Option<String>,
    /// It was suspended by this hold.
    pub suspended: bool,
    /// Which results.
    pub results: Vec<HeldResultView>,
}

/// One result under a hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HeldResultView {
    /// Who reported it.
    pub source: String,
    /// Under which id.
    pub id: String,
    /// Of the certification.
    pub requirement: String,
    /// When it was taken.
    pub at: Option<DateTime<Utc>>,
    /// What became of it.
    pub verdict: Verdict,
    /// Who decided that.
    pub by: Option<String>,
    /// Private words of that decision.
    pub text: Option<String>,
}

/// Every hold, the newest first, without what each keeps back.
pub async fn list(app: &App, caller: &Caller) -> Result<Vec<HoldView>, Refused> {
    let holds = app.store.holds(caller.realm, LISTED).await?;
    Ok(holds.iter().map(|hold| of(hold, false)).collect())
}

/// One hold with everything it keeps back.
pub async fn show(app: &App, caller: &Caller, id: &str) -> Result<HoldView, Refused> {
    let unknown = || Refused::Unknown("hold");
    let id: HoldId = id.parse().map_err(|_| unknown())?;
    let hold = app.store.hold(caller.realm, &id, &mut ReadSet::new()).await?.ok_or_else(unknown)?;
    let (mut shown, mut after) = (Shown::new(app, caller), None);
    loop {
        let (rows, next) = app.store.held_after(caller.realm, &id, after, PAGE).await?;
        for held in &rows {
            let reads = &mut ReadSet::new();
            let standing = app.store.standing(caller.realm, &held.person, &held.certification, reads).await?;
            shown.add(held, &standing).await?;
        }
        after = next;
        if after.is_none() {
            return Ok(shown.finish(&hold, false));
        }
    }
}

/// What is kept back, as it is put together.
pub(super) struct Shown<'a> {
    app: &'a App,
    caller: &'a Caller,
    last: Option<crate::id::PersonId>,
    counts: HoldCounts,
    held: Vec<HeldView>,
}

impl<'a> Shown<'a> {
    pub(super) fn new(app: &'a App, caller: &'a Caller) -> Self {
        Shown { app, caller, last: None, counts: HoldCounts::default(), held: Vec::new() }
    }

    /// One standing; those of one person follow on each other.
    pub(super) async fn add(&mut self, held: &HeldRecord, standing: &Standing) -> Result<(), Breakdown> {
        if self.last.as_ref() != Some(&held.person) {
            self.counts.persons += 1;
            self.last = Some(held.person.clone());
        }
        self.counts.suspended += u64::from(held.suspended.is_some());
        for result in &held.results {
            self.counts.results += 1;
            match result.verdict {
                Verdict::Held => self.counts.held += 1,
                Verdict::Released => self.counts.released += 1,
                Verdict::Upheld => self.counts.upheld += 1,
            }
        }
        if self.held.len() == SHOWN {
            return Ok(());
        }
        let name = if self.caller.may("people:read") {
            self.app.store.person(self.caller.realm, &held.person, &mut ReadSet::new()).await?
        } else {
            None
        };
        let results = held.results.iter().map(|result| HeldResultView {
            source: result.source.clone(),
            id: result.id.clone(),
            requirement: result.requirement.to_string(),
            at: standing.results.iter().find(|r| r.source == result.source && r.id == result.id).map(|r| r.at),
            verdict: result.verdict,
            by: result.decided.as_ref().map(|(by, _)| by.clone()),
            text: result.text.clone(),
        });
        self.held.push(HeldView {
            person: held.person.to_string(),
            name: name.map(|person| person.name),
            certification: held.certification.to_string(),
            award: standing.award.as_ref().map(|award| award.id.to_string()),
            suspended: held.suspended.is_some(),
            results: results.collect(),
        });
        Ok(())
    }

    pub(super) fn finish(self, hold: &HoldRecord, dry_run: bool) -> HoldView {
        HoldView { counts: Some(self.counts), held: self.held, ..of(hold, dry_run) }
    }
}

fn of(hold: &HoldRecord, dry_run: bool) -> HoldView {
    HoldView {
        id: (!dry_run).then(|| hold.id.to_string()),
        dry_run,
        criteria: serde_json::to_value(&hold.criteria).expect("criteria have text keys"),
        text: hold.text.clone(),
        by: hold.by.clone(),
        opened_at: hold.opened_at,
        state: hold.state,
        closed_at: hold.closed_at,
        seen: hold.seen,
        counts: None,
        held: Vec::new(),
    }
}
