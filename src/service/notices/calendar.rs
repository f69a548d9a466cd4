//! The day an award expires, as a calendar to subscribe to or to take along.

use crate::app::App;
use crate::id::AwardId;
use crate::mail::calendar::Entry;
use crate::program::duration::local_day;
use crate::rules::{self, AwardState};
use crate::service::{Breakdown, awards, moment};
use crate::words::mails::MailWords;

/// The calendar of an award, in these words or the program's first; `None` if there is no such award, or it does not expire.
pub async fn calendar(
    app: &App,
    award: AwardId,
    words: Option<&'static MailWords>,
) -> Result<Option<String>, Breakdown> {
    let Some(known) = awards::find(app, award).await? else { return Ok(None) };
    let (program, award) = (&known.in_force.program, known.award());
    let Some(until) = award.current().valid_until else { return Ok(None) };
    let words = words.unwrap_or_else(|| MailWords::choose(None, &program.languages));
    let name = known.certification().map_or(known.pointer.certification.as_str(), |c| &c.name);
    let state = rules::state_at(award, known.certification(), program.timezone, moment(app));
    let changed_at = award.history.iter().map(|entry| entry.recorded_at).max();
    let host = app.urls.host().split(':').next().unwrap_or_default();
    let entry = Entry {
        vendor: &program.issuer.name,
        uid: &format!("award-{}-expiry@{host}", award.id),
        sequence: award.history.len().saturating_sub(1),
        changed_at: changed_at.unwrap_or(award.current().valid_from),
        day: local_day(until, program.timezone),
        summary: &(words.calendar_summary)(name),
        alarm: &(words.calendar_alarm)(name),
        url: &app.urls.award_page(award.id),
        cancelled: matches!(state, AwardState::Revoked { .. }),
    };
    Ok(Some(entry.ics()))
}
