//! What time will bring: a copy of the live store in memory is led through it, from timer to timer.

mod copy;
mod line;

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};

use self::copy::{copied, sign_with};
pub use self::line::Line;
use self::line::Lines;
use crate::app::App;
use crate::clock::FixedClock;
use crate::id::Realm;
use crate::keyring::SeedKey;
use crate::program::duration::{end_of_day, local_day};
use crate::service::caller::LiveCaller;
use crate::service::{Breakdown, moment, program, turns};
use crate::store::{Event, Position, ReadSet};

/// How far ahead one may look.
const MOST_YEARS: i64 = 10;
/// Events read at a time.
const PAGE: usize = 1_000;

/// Why there is no forecast.
#[derive(Debug, thiserror::Error)]
pub enum ForecastError {
    /// Not in the future.
    #[error("{0} is over")]
    Over(NaiveDate),
    /// Too far away.
    #[error("{0} is more than {MOST_YEARS} years away")]
    TooFar(NaiveDate),
    /// The copy would not fit into memory.
    #[error("the store has more than {0} bytes to copy")]
    TooLarge(usize),
    /// Anything else.
    #[error(transparent)]
    Breakdown(#[from] Breakdown),
}

/// A forecast under way.
pub struct Forecast {
    app: Arc<App>,
    clock: Arc<FixedClock>,
    until: DateTime<Utc>,
    /// Everything up to then is served.
    after: DateTime<Utc>,
    told: Position,
    lines: Lines,
}

/// The end of a day that can be looked ahead to, in the program's time zone.
pub async fn until(app: &App, _: &LiveCaller, day: NaiveDate) -> Result<DateTime<Utc>, ForecastError> {
    let now = moment(app);
    let in_force = program::in_force(app, &mut ReadSet::new()).await?;
    let until = end_of_day(day, in_force.program.timezone);
    if until <= now {
        return Err(ForecastError::Over(day));
    }
    if (day - local_day(now, in_force.program.timezone)).num_days() > MOST_YEARS * 366 {
        return Err(ForecastError::TooFar(day));
    }
    Ok(until)
}

impl Forecast {
    /// Copies the live store as it is now. Nothing of the copy is ever written back or sent; what time renews there is signed
    /// with a key that is nobody's.
    pub async fn new(app: &App, until: DateTime<Utc>) -> Result<Self, ForecastError> {
        let clock = Arc::new(FixedClock::at(moment(app)));
        let store = copied(&app.store).await?;
        let told = store.engine().feed(Position::START, 1, Duration::ZERO).await.map_err(Breakdown::from)?.upto;
        let mut seed = [0; 32];
        app.ids.fill(&mut seed);
        let key = SeedKey::new(&seed);
        sign_with(&store, &key).await?;
        let app = Arc::new(app.over(store, clock.clone(), Arc::new(key)));
        let in_force = program::in_force(&app, &mut ReadSet::new()).await?;
        let lines = Lines::new(in_force.program.timezone);
        Ok(Forecast { app, clock, until, after: DateTime::UNIX_EPOCH, told, lines })
    }

    /// What happens at the next moment at which anything does; `None` when nothing does any more.
    pub async fn next(&mut self) -> Result<Option<Vec<Line>>, Breakdown> {
        loop {
            let timer = self.app.store.next_due(Realm::Live, self.after).await?;
            let turn = turns::next(&self.app, self.after.max(moment(&self.app))).await?;
            let due = timer.into_iter().chain(turn).min();
            let Some(due) = due.filter(|due| *due <= self.until) else { return Ok(None) };
            // What is overdue happens now.
            self.clock.set(due.max(moment(&self.app)));
            super::tick_time(&self.app).await?;
            // A timer that nobody served is not waited for again.
            self.after = moment(&self.app);
            let lines = self.told_now().await?;
            if !lines.is_empty() {
                return Ok(Some(lines));
            }
        }
    }

    async fn told_now(&mut self) -> Result<Vec<Line>, Breakdown> {
        let mut lines = Vec::new();
        loop {
            let feed = self.app.store.engine().feed(self.told, PAGE, Duration::ZERO).await?;
            for entry in &feed.entries {
                let event: Event =
                    serde_json::from_slice(&entry.doc).map_err(|_| Breakdown::Missing("an event that can be read"))?;
                lines.push(self.lines.line(&self.app, &event).await?);
            }
            self.told = feed.upto;
            if feed.entries.is_empty() {
                // Awards are served side by side: their order says nothing.
                lines.sort_by(|a: &Line, b: &Line| a.place().cmp(&b.place()));
                return Ok(lines);
            }
        }
    }
}
