//! What time brings to all standings at once: another version of the program comes into force, or a certification begins to be
//! offered. Whatever waited only for that is decided anew, a page at a time.

use chrono::{DateTime, Utc};

use super::desk::Desk;
use super::{Breakdown, TRIES, moment, program};
use crate::app::App;
use crate::id::Realm;
use crate::program::duration::start_of_day;
use crate::rules::{Cause, Standing};
use crate::store::{Changes, Commit, ReadSet, Turns};

/// Standings of one step.
const PAGE: usize = 200;

/// Decides some standings anew for the turns since they were last served; `true` while there were any.
pub async fn serve(app: &App) -> Result<bool, Breakdown> {
    for realm in [Realm::Live, Realm::Test] {
        if step(app, realm).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The first turn after `after` that is known of.
pub async fn next(app: &App, after: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, Breakdown> {
    Ok(turns(app, &mut ReadSet::new()).await?.into_iter().filter(|at| *at > after).min())
}

async fn step(app: &App, realm: Realm) -> Result<bool, Breakdown> {
    let (now, mut reads) = (moment(app), ReadSet::new());
    let turns = turns(app, &mut reads).await?;
    let first = turns.first().copied().unwrap_or(now);
    let served = app.store.turns(realm, &mut reads).await?;
    let served = served.unwrap_or(Turns { until: first, serving: None, after: None });
    let serving = match served.serving {
        Some(until) => until,
        None if turns.iter().any(|at| *at > served.until && *at <= now) => now,
        None => return Ok(false),
    };
    let page = app.store.standings_after(realm, served.after.as_ref(), PAGE).await?;
    for standing in page.iter().filter(|standing| !standing.results.is_empty() || !standing.exceptions.is_empty()) {
        decide_anew(app, realm, standing).await?;
    }
    let mut changes = Changes::new(realm);
    changes.turns(&match page.last() {
        Some(last) => {
            let after = Some((last.person.clone(), last.certification.clone()));
            Turns { serving: Some(serving), after, ..served }
        }
        None => Turns { until: serving, serving: None, after: None },
    });
    // Somebody else who got there first did the same.
    app.store.commit(&reads, changes).await?;
    Ok(true)
}

/// When each version came or comes into force, the first one first, and the first moment of each offer.
async fn turns(app: &App, reads: &mut ReadSet) -> Result<Vec<DateTime<Utc>>, Breakdown> {
    let timeline = app.store.program_timeline(reads).await?.unwrap_or_default();
    let mut turns = Vec::new();
    for effective in &timeline.versions {
        turns.push(effective.from);
        let known = program::version(app, effective.version).await?;
        let offers = known.program.certifications.iter().filter_map(|certification| certification.opens);
        turns.extend(offers.map(|day| start_of_day(day, known.program.timezone)));
    }
    Ok(turns)
}

async fn decide_anew(app: &App, realm: Realm, standing: &Standing) -> Result<(), Breakdown> {
    for _ in 0..TRIES {
        let mut reads = ReadSet::new();
        // Who was joined with somebody else meanwhile is decided there.
        let Some(person) = app.store.person(realm, &standing.person, &mut reads).await? else { return Ok(()) };
        let mut desk = Desk::new(app, realm, person, Cause::Time, reads).await?;
        if !desk.decide_anew(&standing.certification).await? {
            return Ok(());
        }
        let (changes, reads) = desk.finish().await?;
        if let Commit::Done(_) = app.store.commit(&reads, changes).await? {
            return Ok(());
        }
    }
    Err(Breakdown::Busy)
}
