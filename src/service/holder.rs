//! The holder's own page: opened by a mailed link, left open for a while by a cookie. There awards are declined and
//! decisions appealed.

use chrono::TimeDelta;

use super::awards::{self, Call, Known, Verb, VerbError, VerbRequest};
use super::caller::{Caller, HOLDER, hash};
use super::notices::queue_link;
use super::tokens::{self, Shown, TokenError};
use super::{Breakdown, TRIES, moment, tell};
use crate::app::App;
use crate::id::{AppealId, AwardId, Realm};
use crate::rules::Reason;
use crate::store::{AppealRecord, Changes, Commit, EventKind, Person, Purpose, ReadSet, sha256_hex};

/// How long the page stays open.
pub const SESSION_LIVES: TimeDelta = TimeDelta::hours(2);
/// The longest appeal, in characters.
pub const LONGEST_APPEAL: usize = 2_000;
/// The most open appeals about one award.
const MOST_APPEALS: usize = 5;

/// Opens the page with a mailed link, which is spent; answers the secret of the session.
pub async fn open(app: &App, secret: &str) -> Result<String, TokenError> {
    for _ in 0..TRIES {
        let now = moment(app);
        let mut reads = ReadSet::new();
        let shown = tokens::take(app, secret, now, &mut reads).await?;
        let Purpose::HolderLink { person } = shown.purpose().clone() else { return Err(TokenError::Unknown) };
        let mut changes = Changes::new(shown.realm);
        let session = tokens::issue(app, &mut changes, now, Purpose::HolderSession { person }, SESSION_LIVES);
        shown.spend(&mut changes, now);
        if let Commit::Done(_) = app.store.commit(&reads, changes).await? {
            return Ok(session);
        }
    }
    Err(Breakdown::Busy.into())
}

/// Whether a link would open the page. Spends nothing: mail programs look at links before people do.
pub async fn look(app: &App, secret: &str) -> Result<(), TokenError> {
    let shown = tokens::take(app, secret, moment(app), &mut ReadSet::new()).await?;
    matches!(shown.purpose(), Purpose::HolderLink { .. }).then_some(()).ok_or(TokenError::Unknown)
}

/// Sends a new link to the address on record, for a link that is spent or too old: at most one an hour.
pub async fn resend(app: &App, secret: &str) -> Result<(), TokenError> {
    let known = match tokens::take(app, secret, moment(app), &mut ReadSet::new()).await {
        Ok(shown) | Err(TokenError::Used(shown) | TokenError::Expired(shown)) => shown,
        Err(other) => return Err(other),
    };
    match (known.realm, known.purpose()) {
        (Realm::Live, Purpose::HolderLink { person }) => Ok(queue_link(app, person).await?),
        _ => Err(TokenError::Unknown),
    }
}

/// An open page.
pub struct Session {
    /// Live or test.
    pub realm: Realm,
    /// Whose page it is.
    pub person: Person,
    /// Stands in every form of the page, so that no other site can send one.
    pub form: String,
    shown: Shown,
}

impl Session {
    /// Whether it is of the person whom a link was mailed to.
    pub fn is_of(&self, link: &Shown) -> bool {
        let person = &self.person.id;
        link.realm == self.realm && matches!(link.purpose(), Purpose::HolderLink { person: of } if of == person)
    }
}

/// The session that a cookie's secret belongs to; `None` when it is over.
pub async fn session(app: &App, secret: &str) -> Result<Option<Session>, Breakdown> {
    let shown = match tokens::take(app, secret, moment(app), &mut ReadSet::new()).await {
        Ok(shown) => shown,
        Err(TokenError::Breakdown(breakdown)) => return Err(breakdown),
        Err(_) => return Ok(None),
    };
    let Purpose::HolderSession { person } = shown.purpose() else { return Ok(None) };
    let person = app.store.person(shown.realm, person, &mut ReadSet::new()).await?;
    let form = sha256_hex(format!("form {secret}").as_bytes());
    Ok(person.map(|person| Session { realm: shown.realm, person, form, shown }))
}

/// Closes the page.
pub async fn leave(app: &App, session: Session) -> Result<(), Breakdown> {
    let mut changes = Changes::new(session.realm);
    session.shown.spend(&mut changes, moment(app));
    app.store.commit(&ReadSet::new(), changes).await?;
    Ok(())
}

/// What the person holds or held, as they were awarded.
pub async fn held(app: &App, session: &Session) -> Result<Vec<Known>, Breakdown> {
    let standings = app.store.standings_of(session.realm, &session.person.id).await?;
    let mut held = Vec::new();
    for award in standings.iter().filter_map(|standing| standing.award.as_ref()) {
        held.extend(awards::find(app, award.id).await?);
    }
    held.sort_by_key(|known| known.award().current().awarded_at);
    Ok(held)
}

/// One of their awards; `None` of anybody else's.
pub async fn own(app: &App, session: &Session, award: AwardId) -> Result<Option<Known>, Breakdown> {
    let known = awards::find(app, award).await?;
    Ok(known.filter(|known| known.realm == session.realm && known.pointer.person == session.person.id))
}

/// Takes back an award at its holder's request. Final.
pub async fn decline(app: &App, session: &Session, award: AwardId) -> Result<(), VerbError> {
    let known = own(app, session, award).await?.ok_or(VerbError::Unknown { award })?;
    let caller = Caller {
        name: HOLDER.to_owned(),
        key: hash(session.person.id.as_str()),
        realm: session.realm,
        scopes: Vec::new(),
    };
    let request = VerbRequest { reason: Some(Reason::HolderRequest), text: None, name: None };
    let call = Call { award: known.award().id, verb: Verb::Revoke, request: &request, idempotency_key: None };
    awards::act(app, &caller, call).await.map(drop)
}

/// Why an appeal was not taken.
#[derive(Debug, thiserror::Error)]
pub enum AppealError {
    /// No such award, or not theirs.
    #[error("there is no award {award:?}")]
    Unknown {
        /// Its number.
        award: AwardId,
    },
    /// Nothing was said, or too much.
    #[error("an appeal has from 1 to {LONGEST_APPEAL} characters; this one has {length}")]
    Length {
        /// Characters sent.
        length: usize,
    },
    /// There are enough of them.
    #[error("{MOST_APPEALS} appeals about this award are open already")]
    TooMany,
    /// Anything else.
    #[error(transparent)]
    Breakdown(#[from] Breakdown),
}

breaks_down!(AppealError);

/// Appeals a decision about one of their awards, in their own words.
pub async fn appeal(app: &App, session: &Session, award: AwardId, text: &str) -> Result<AppealId, AppealError> {
    let text = readable(text);
    let length = text.chars().count();
    if !(1..=LONGEST_APPEAL).contains(&length) {
        return Err(AppealError::Length { length });
    }
    let known = own(app, session, award).await?.ok_or(AppealError::Unknown { award })?;
    for _ in 0..TRIES {
        let now = moment(app);
        let mut reads = ReadSet::new();
        let open = app.store.open_appeals(session.realm, known.award().id, &mut reads).await?;
        if open.len() >= MOST_APPEALS {
            return Err(AppealError::TooMany);
        }
        let record = AppealRecord {
            id: AppealId::new(now, app.ids.as_ref()),
            award: known.award().id,
            person: session.person.id.clone(),
            certification: known.pointer.certification.clone(),
            text: text.clone(),
            opened_at: now,
            closed: None,
        };
        let mut changes = Changes::new(session.realm);
        changes.appeal(&record);
        changes.open_appeals(record.award, &[open, vec![record.id.clone()]].concat());
        let (appeal, award, person) = (record.id.clone(), record.award, record.person);
        tell(app, &mut changes, now, EventKind::AppealOpened { appeal, award, person });
        if let Commit::Done(_) = app.store.commit(&reads, changes).await? {
            return Ok(record.id);
        }
    }
    Err(Breakdown::Busy.into())
}

/// What people typed, without what turns or hides text.
pub(super) fn readable(text: &str) -> String {
    let kept =
        |c: &char| *c == '\n' || !(c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'));
    text.replace("\r\n", "\n").chars().filter(kept).collect::<String>().trim().to_owned()
}
