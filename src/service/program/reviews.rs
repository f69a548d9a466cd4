//! Content reviews: whether what a certification asks was looked over in time.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use serde::Serialize;
use utoipa::ToSchema;

use super::in_force;
use crate::app::App;
use crate::id::Realm;
use crate::program::duration::{CalendarDuration, local_day, start_of_day};
use crate::service::caller::LiveCaller;
use crate::service::{Breakdown, TRIES, moment, tell};
use crate::store::{Changes, Commit, ContentReview, EventKind, ReadSet};

/// How many are written down in one batch.
const AT_ONCE: usize = 100;

/// A certification whose contents are to be looked over now and then.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Review {
    /// Id of the certification.
    pub certification: String,
    /// How often, as in the program file.
    pub every: String,
    /// When it was last looked over; at first, when the version came into force that asks for it.
    pub reviewed_at: DateTime<Utc>,
    /// When it must be looked over again.
    pub due_at: DateTime<Utc>,
    /// That moment has come.
    pub is_due: bool,
}

/// Why nothing was written down.
#[derive(Debug, thiserror::Error)]
pub enum ReviewError {
    /// The program has no such certification.
    #[error("the program has no certification {0:?}")]
    Unknown(String),
    /// It asks for no review.
    #[error("the program asks for no review of {0:?}")]
    NotAsked(String),
    /// Anything else.
    #[error(transparent)]
    Breakdown(#[from] Breakdown),
}

breaks_down!(ReviewError);

/// All that are asked for by the program in force.
pub async fn reviews(app: &App) -> Result<Vec<Review>, Breakdown> {
    let (now, mut reads) = (moment(app), ReadSet::new());
    let in_force = in_force(app, &mut reads).await?;
    let zone = in_force.program.timezone;
    let mut found = Vec::new();
    for certification in &in_force.program.certifications {
        let Some(every) = certification.content_review else { continue };
        let known = app.store.content_review(&certification.id, &mut reads).await?;
        let reviewed_at = known.map_or(in_force.record.effective_at, |known| known.reviewed_at);
        let due_at = due_after(reviewed_at, every, zone, 1);
        found.push(Review {
            certification: certification.id.to_string(),
            every: every.to_string(),
            reviewed_at,
            due_at,
            is_due: due_at <= now,
        });
    }
    Ok(found)
}

/// Writes down that the contents of a certification were looked over just now.
pub async fn reviewed(app: &App, _: &LiveCaller, certification: &str) -> Result<Review, ReviewError> {
    for _ in 0..TRIES {
        let (now, mut reads) = (moment(app), ReadSet::new());
        let in_force = in_force(app, &mut reads).await?;
        let known = certification.parse().ok().and_then(|id| in_force.program.certification(&id));
        let known = known.ok_or_else(|| ReviewError::Unknown(certification.to_owned()))?;
        let every = known.content_review.ok_or_else(|| ReviewError::NotAsked(certification.to_owned()))?;
        app.store.content_review(&known.id, &mut reads).await?;
        let mut changes = Changes::new(Realm::Live);
        changes.content_review(&known.id, &ContentReview { reviewed_at: now, told: None });
        tell(app, &mut changes, now, EventKind::ContentReviewed { certification: known.id.clone() });
        if let Commit::Done(_) = app.store.commit(&reads, changes).await? {
            return Ok(Review {
                certification: known.id.to_string(),
                every: every.to_string(),
                reviewed_at: now,
                due_at: due_after(now, every, in_force.program.timezone, 1),
                is_due: false,
            });
        }
    }
    Err(Breakdown::Busy.into())
}

/// Tells the feed of reviews that have become due, once for each period; whether there was anything to write.
pub(crate) async fn tell_due(app: &App) -> Result<bool, Breakdown> {
    let (now, mut reads) = (moment(app), ReadSet::new());
    let in_force = in_force(app, &mut reads).await?;
    let zone = in_force.program.timezone;
    let mut changes = Changes::new(Realm::Live);
    let mut written = 0;
    for certification in &in_force.program.certifications {
        let Some(every) = certification.content_review.filter(|every| !every.is_zero()) else { continue };
        let known = app.store.content_review(&certification.id, &mut ReadSet::new()).await?;
        let begun = in_force.record.effective_at.min(now);
        let due_of = |known: &Option<ContentReview>| {
            let (since, told) = known.as_ref().map_or((begun, None), |known| (known.reviewed_at, known.told));
            latest_due(since, every, zone, now).filter(|due| told < Some(*due))
        };
        if (known.is_some() && due_of(&known).is_none()) || written == AT_ONCE {
            continue;
        }
        let known = app.store.content_review(&certification.id, &mut reads).await?;
        let due = due_of(&known);
        let mut review = known.unwrap_or(ContentReview { reviewed_at: begun, told: None });
        if let Some(since) = due {
            review.told = Some(since);
            tell(
                app,
                &mut changes,
                now,
                EventKind::ContentReviewDue { certification: certification.id.clone(), since },
            );
        }
        changes.content_review(&certification.id, &review);
        written += 1;
    }
    // A conflict means that somebody else wrote: the next look will see it.
    if written > 0 {
        app.store.commit(&reads, changes).await?;
    }
    Ok(written > 0)
}

/// The start of the local day on which the review number `n` is due.
fn due_after(reviewed_at: DateTime<Utc>, every: CalendarDuration, zone: Tz, n: u32) -> DateTime<Utc> {
    let day = (0..n).fold(local_day(reviewed_at, zone), |day: NaiveDate, _| every.after(day));
    start_of_day(day.min(NaiveDate::from_ymd_opt(9999, 12, 30).expect("a day of the calendar")), zone)
}

/// The last due date that has come: after years of silence only that is told.
fn latest_due(
    reviewed_at: DateTime<Utc>,
    every: CalendarDuration,
    zone: Tz,
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    (1..=1_000).map(|n| due_after(reviewed_at, every, zone, n)).take_while(|due| *due <= now).last()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(reviewed: &str, every: &str, now: &str, expected: Option<&str>) {
        let at = |text: &str| -> DateTime<Utc> { text.parse().unwrap() };
        let zone = "Europe/Berlin".parse().unwrap();
        assert_eq!(latest_due(at(reviewed), every.parse().unwrap(), zone, at(now)), expected.map(at), "{now}");
    }

    #[test]
    fn a_review_is_due_at_the_start_of_the_local_day() {
        check("2026-11-20T10:00:00Z", "6mo", "2027-05-19T21:59:59Z", None);
        check("2026-11-20T10:00:00Z", "6mo", "2027-05-19T22:00:00Z", Some("2027-05-19T22:00:00Z"));
        check("2026-11-20T10:00:00Z", "6mo", "2027-11-19T22:59:59Z", Some("2027-05-19T22:00:00Z"));
        check("2026-11-20T10:00:00Z", "6mo", "2030-01-01T00:00:00Z", Some("2029-11-19T23:00:00Z"));
        check("2026-11-20T23:30:00Z", "1d", "2026-11-21T23:00:00Z", Some("2026-11-21T23:00:00Z"));
    }
}
