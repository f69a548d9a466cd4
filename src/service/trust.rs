//! Whom the operator relies on: issuers come on the list and go, and verification has it at hand.

use std::sync::Arc;

use super::caller::LiveCaller;
use super::point_in_time::DayOrMoment;
use super::{Breakdown, TRIES, moment, program, tell};
use crate::app::App;
use crate::id::Realm;
use crate::program::duration::{end_of_day, start_of_day};
use crate::proof::issuer::{MOST_BYTES, normalized};
use crate::store::{Changes, Commit, Digest, EventKind, MOST_TRUSTED, ReadSet};
use crate::verification::{TrustList, TrustedIssuer};

/// The longest name, in characters.
const MOST_NAME: usize = 120;

/// Why the list is as it was.
#[derive(Debug, thiserror::Error)]
pub enum TrustError {
    /// Nobody can be named so.
    #[error(
        "an issuer is a DID or an https address of at most {MOST_BYTES} characters, such as did:web:badges.example"
    )]
    Issuer,
    /// It says nothing, too much, or something else than it shows.
    #[error("the name of an issuer is 1 to {MOST_NAME} characters on one line")]
    Name,
    /// Neither a day nor a moment.
    #[error("{0} must be a day such as 2026-03-01 or a moment with its time zone such as 2026-03-01T10:00:00Z")]
    Time(&'static str),
    /// The time ends before it begins.
    #[error("since lies after until")]
    Reversed,
    /// The list is full.
    #[error("the list has {MOST_TRUSTED} issuers, and no more are kept")]
    TooMany,
    /// It is not on the list.
    #[error("{0:?} is not on the list")]
    Unknown(String),
    /// Anything else.
    #[error(transparent)]
    Breakdown(#[from] Breakdown),
}

breaks_down!(TrustError);

/// An issuer to be relied on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewTrust<'a> {
    /// A DID or an https address.
    pub issuer: &'a str,
    /// As the operator knows it.
    pub name: &'a str,
    /// A day of the program's calendar, of which it is the beginning, or a moment.
    pub since: Option<&'a str>,
    /// A day, of which it is the end, or a moment.
    pub until: Option<&'a str>,
}

/// Puts an issuer on the list, or changes what is said of it there. The second value is whether it is new.
pub async fn add(app: &App, _: &LiveCaller, new: NewTrust<'_>) -> Result<(TrustedIssuer, bool), TrustError> {
    let issuer = normalized(new.issuer.trim()).ok_or(TrustError::Issuer)?;
    let name = new.name.trim();
    if name.is_empty() || name.chars().count() > MOST_NAME || name.chars().any(is_unseen) {
        return Err(TrustError::Name);
    }
    let zone = program::in_force(app, &mut ReadSet::new()).await?.program.timezone;
    let read = |text: Option<&str>, member| {
        text.map(|text| DayOrMoment::read(text).ok_or(TrustError::Time(member))).transpose()
    };
    let since = read(new.since, "since")?.map(|since| match since {
        DayOrMoment::Day(day) => start_of_day(day, zone),
        DayOrMoment::Moment(at) => at,
    });
    let until = read(new.until, "until")?.map(|until| match until {
        DayOrMoment::Day(day) => end_of_day(day, zone),
        DayOrMoment::Moment(at) => at,
    });
    if since.zip(until).is_some_and(|(since, until)| since > until) {
        return Err(TrustError::Reversed);
    }
    for _ in 0..TRIES {
        let (mut reads, now) = (ReadSet::new(), moment(app));
        let known = app.store.trusted_issuer(&issuer, &mut reads).await?;
        let count = app.store.trusted_count(&mut reads).await?;
        if known.is_none() && count >= MOST_TRUSTED {
            return Err(TrustError::TooMany);
        }
        let added_at = known.as_ref().map_or(now, |known| known.added_at);
        let trusted = TrustedIssuer { issuer: issuer.clone(), name: name.to_owned(), since, until, added_at };
        if known.as_ref() == Some(&trusted) {
            return Ok((trusted, false));
        }
        let mut changes = Changes::new(Realm::Live);
        changes.trusted_issuer(&trusted, count + usize::from(known.is_none()));
        tell(app, &mut changes, now, EventKind::IssuerTrusted { issuer: Digest::of(issuer.as_bytes()) });
        if let Commit::Done(_) = app.store.commit(&reads, changes).await? {
            return Ok((trusted, known.is_none()));
        }
    }
    Err(Breakdown::Busy.into())
}

/// Takes an issuer off the list.
pub async fn remove(app: &App, _: &LiveCaller, issuer: &str) -> Result<TrustedIssuer, TrustError> {
    let issuer = normalized(issuer.trim()).ok_or(TrustError::Issuer)?;
    for _ in 0..TRIES {
        let mut reads = ReadSet::new();
        let known = app.store.trusted_issuer(&issuer, &mut reads).await?;
        let known = known.ok_or_else(|| TrustError::Unknown(issuer.clone()))?;
        let count = app.store.trusted_count(&mut reads).await?;
        let mut changes = Changes::new(Realm::Live);
        changes.remove_trusted_issuer(&issuer, count.saturating_sub(1));
        let digest = Digest::of(issuer.as_bytes());
        tell(app, &mut changes, moment(app), EventKind::IssuerDistrusted { issuer: digest });
        if let Commit::Done(_) = app.store.commit(&reads, changes).await? {
            return Ok(known);
        }
    }
    Err(Breakdown::Busy.into())
}

/// The whole list, cheaply: one small read, and all of it only after a change.
pub async fn all(app: &App) -> Result<Arc<TrustList>, Breakdown> {
    let mark = app.store.trust_mark().await?;
    let cached = app.caches.trust.read().expect("no panic while the list is held").clone();
    if let Some((of, list)) = cached
        && of == mark
    {
        return Ok(list);
    }
    // Read after the mark: a change in between is in the list already, and is noticed once more.
    let list = Arc::new(TrustList::new(app.store.trusted_issuers().await?));
    *app.caches.trust.write().expect("no panic while the list is held") = Some((mark, list.clone()));
    Ok(list)
}

/// Up to `limit` issuers behind this one, in order of their ids; and whether there are more.
pub async fn page(
    app: &App,
    _: &LiveCaller,
    after: Option<&str>,
    limit: usize,
) -> Result<(Vec<TrustedIssuer>, bool), Breakdown> {
    let list = all(app).await?;
    let rest = list.behind(after);
    Ok((rest.iter().take(limit).cloned().collect(), rest.len() > limit))
}

/// What would break a line, or turn it around.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}
