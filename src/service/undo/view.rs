//! A batch that was undone, as the API and the command line show it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::id::UndoId;
use crate::service::Breakdown;
use crate::service::caller::Caller;
use crate::service::refused::Refused;
use crate::store::{ReadSet, UndoEffect, UndoRecord, UndoneRecord};

/// Most persons of one answer; the counts are of all.
const SHOWN: usize = 10_000;
/// Rows read at a time.
const PAGE: usize = 256;

/// A batch, and what undoing it did or would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UndoView {
    /// By which it is looked up; none of a preview.
    pub id: Option<String>,
    /// Nothing was done: this is what would be.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub dry_run: bool,
    /// What is undone.
    #[schema(value_type = Object)]
    pub criteria: serde_json::Value,
    /// Private words.
    pub text: Option<String>,
    /// Who asked for it.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
    /// When everything was undone; none while that goes on.
    pub done_at: Option<DateTime<Utc>>,
    /// Standings looked at.
    pub seen: u64,
    /// How many of what.
    pub counts: UndoCounts,
    /// Person by person.
    pub undone: Vec<UndoneView>,
}

/// How many of what is undone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UndoCounts {
    /// Persons it concerns.
    pub persons: u64,
    /// Results that are void.
    pub results: u64,
    /// Awards that are revoked as issued in error.
    pub revoked: u64,
    /// Awards that have the term that is left: an earlier one, or the one that other results carry.
    pub earlier_term: u64,
    /// Awards whose term that is left is over.
    pub expired: u64,
}

/// What is undone of one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UndoneView {
    /// Internal id of the person.
    pub person: String,
    /// For keys with the scope `people:read`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Results that are void.
    pub results: u32,
    /// What it means for awards.
    pub awards: Vec<UndoneAwardView>,
}

/// What undoing means for one award.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UndoneAwardView {
    /// Its number.
    pub award: String,
    /// Id of the certification.
    pub certification: String,
    /// What is done.
    pub effect: UndoEffect,
    /// The last second of the term that is left.
    pub valid_until: Option<DateTime<Utc>>,
}

/// A batch that was undone, or is being undone.
pub async fn show(app: &App, caller: &Caller, id: &str) -> Result<UndoView, Refused> {
    let unknown = || Refused::Unknown("batch");
    let id: UndoId = id.parse().map_err(|_| unknown())?;
    let record = app.store.undo(caller.realm, &id, &mut ReadSet::new()).await?.ok_or_else(unknown)?;
    let (mut shown, mut after) = (Shown::new(app, caller), None);
    loop {
        let (rows, next) = app.store.undone_after(caller.realm, &id, after, PAGE).await?;
        for undone in &rows {
            shown.add(undone).await?;
        }
        after = next;
        if after.is_none() {
            return Ok(shown.finish(&record, false));
        }
    }
}

/// What is undone, as it is put together.
pub(super) struct Shown<'a> {
    app: &'a App,
    caller: &'a Caller,
    counts: UndoCounts,
    undone: Vec<UndoneView>,
}

impl<'a> Shown<'a> {
    pub(super) fn new(app: &'a App, caller: &'a Caller) -> Self {
        Shown { app, caller, counts: UndoCounts::default(), undone: Vec::new() }
    }

    pub(super) async fn add(&mut self, undone: &UndoneRecord) -> Result<(), Breakdown> {
        self.counts.persons += 1;
        self.counts.results += u64::from(undone.results);
        for award in &undone.awards {
            match award.effect {
                UndoEffect::Revoked => self.counts.revoked += 1,
                UndoEffect::EarlierTerm => self.counts.earlier_term += 1,
                UndoEffect::Expired => self.counts.expired += 1,
            }
        }
        if self.undone.len() == SHOWN {
            return Ok(());
        }
        let person = if self.caller.may("people:read") {
            self.app.store.person(self.caller.realm, &undone.person, &mut ReadSet::new()).await?
        } else {
            None
        };
        let awards = undone.awards.iter().map(|award| UndoneAwardView {
            award: award.award.to_string(),
            certification: award.certification.to_string(),
            effect: award.effect,
            valid_until: award.valid_until,
        });
        self.undone.push(UndoneView {
            person: undone.person.to_string(),
            name: person.map(|person| person.name),
            results: undone.results,
            awards: awards.collect(),
        });
        Ok(())
    }

    pub(super) fn finish(self, record: &UndoRecord, dry_run: bool) -> UndoView {
        UndoView {
            id: (!dry_run).then(|| record.id.to_string()),
            dry_run,
            criteria: serde_json::to_value(&record.criteria).expect("criteria have text keys"),
            text: record.text.clone(),
            by: record.by.clone(),
            at: record.at,
            done_at: record.done_at,
            seen: record.seen,
            counts: self.counts,
            undone: self.undone,
        }
    }
}
