//! [`Then`]: an award as it was at a moment, by what had been recorded then or is now.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::Known;
use crate::app::{App, InForce};
use crate::program::Certification;
use crate::rules::{self, Award, AwardState, Happening, HistoryEntry, VersionEntry};
use crate::service::point_in_time::PointInTime;
use crate::service::{Breakdown, moment, program};

/// An award as an answer speaks of it.
pub struct Then {
    /// Its versions and history up to then; before its first issue, the first version and no history.
    pub award: Award,
    /// What was true of it.
    pub state: AwardState,
    /// The moment that is spoken of.
    pub at: DateTime<Utc>,
    /// The version of the program that gave its dates.
    pub basis: Arc<InForce>,
}

impl Then {
    /// The credential that was current.
    pub fn version(&self) -> &VersionEntry {
        self.award.current()
    }

    /// Its certification, as the program that dated it has it.
    pub fn certification(&self, known: &Known) -> Option<&Certification> {
        self.basis.program.certification(&known.pointer.certification)
    }
}

impl Known {
    /// The award as it is.
    pub async fn now(&self, app: &App) -> Result<Then, Breakdown> {
        self.told(app, self.award().clone(), moment(app)).await
    }

    /// The award at a moment, by all that is recorded.
    pub async fn at(&self, app: &App, at: DateTime<Utc>) -> Result<Then, Breakdown> {
        self.told(app, up_to(self.meant_at(at, None).clone(), at), at).await
    }

    /// The award at a moment, by what had been recorded; `None` if nothing of it had been by `when.known`.
    pub async fn then(&self, app: &App, when: PointInTime) -> Result<Option<Then>, Breakdown> {
        let at = when.at.or(when.known).unwrap_or_else(|| moment(app));
        let Some(known) = when.known else { return self.at(app, at).await.map(Some) };
        let Some(recorded) = self.meant_at(at, Some(known)).as_known_at(known) else { return Ok(None) };
        self.told(app, up_to(recorded, at), at).await.map(Some)
    }

    async fn told(&self, app: &App, award: Award, at: DateTime<Utc>) -> Result<Then, Breakdown> {
        let basis = program::version(app, award.current().program).await?;
        let certification = basis.program.certification(&self.pointer.certification);
        let state = rules::state_at(&award, certification, basis.program.timezone, at);
        Ok(Then { award, state, at, basis })
    }

    /// The award that the number stood for at a moment: before it was joined with another, itself.
    fn meant_at(&self, at: DateTime<Utc>, known: Option<DateTime<Utc>>) -> &Award {
        let Some(alias) = self.alias() else { return self.award() };
        let mut lines = self.standing.all_awards().flat_map(|award| &award.history);
        let joined = lines.find(|line| line.what == Happening::Merged { other: alias.id });
        let later = |line: &HistoryEntry| at < line.valid_at || known.is_some_and(|known| known < line.recorded_at);
        if joined.is_some_and(later) { alias } else { self.award() }
    }

    /// When we last recorded something that is true at `at` but was not recorded by `known`.
    pub fn recorded_after(&self, known: DateTime<Utc>, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let late = self.award().history.iter().filter(|entry| entry.valid_at <= at && entry.recorded_at > known);
        late.map(|entry| entry.recorded_at).max()
    }
}

/// Without what happened later.
fn up_to(award: Award, at: DateTime<Utc>) -> Award {
    let mut past = award.clone();
    past.history.retain(|entry| entry.valid_at <= at);
    let made = |number| past.history.iter().any(|entry| entry.what.version() == Some(number));
    past.versions.retain(|version| made(version.number));
    if past.versions.is_empty() {
        past.versions.extend(award.versions.into_iter().next());
    }
    past
}
