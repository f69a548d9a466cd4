//! [`Refused`]: why an administrator's call was not followed, and what all these calls have in common.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::caller::Caller;
use super::{Answer, Breakdown};
use crate::app::App;
use crate::clock::whole_seconds;
use crate::id::{PersonId, Realm};
use crate::intake::ExternalId;
use crate::openbadges::normalized_email;
use crate::program::duration::{end_of_day, start_of_day};
use crate::program::{Certification, Program, Requirement};
use crate::store::{Answered, Changes, Found, Person, ReadSet, sha256_hex};

/// Why nothing was done. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// A field is missing or cannot be.
    #[error("{pointer}: {detail}")]
    Invalid {
        /// JSON pointer.
        pointer: String,
        /// For people.
        detail: String,
    },
    /// Nobody has this address or id.
    #[error("nobody is known under this address or id")]
    Nobody,
    /// The ids belong to several persons.
    #[error("the address and ids of this person belong to different persons")]
    SeveralPersons,
    /// The program has no such certification.
    #[error("the program has no certification {0:?}")]
    UnknownCertification(String),
    /// The certification has no such requirement.
    #[error("{certification} has no requirement {requirement:?}; it has: {known}")]
    UnknownRequirement {
        /// Where it was looked for.
        certification: String,
        /// What was named.
        requirement: String,
        /// What there is.
        known: String,
    },
    /// There is none under this id, or not in this key's realm.
    #[error("there is no {0} under this id")]
    Unknown(&'static str),
    /// The present state does not allow it.
    #[error("{0}")]
    State(String),
    /// It takes another caller.
    #[error("{0} cannot do both; it takes another caller")]
    SameCaller(String),
    /// The `Idempotency-Key`, or the id of an imported award, was used for another call.
    #[error("this was used for another call")]
    KeyReused,
    /// Anything else.
    #[error(transparent)]
    Breakdown(#[from] Breakdown),
}

breaks_down!(Refused);

impl Refused {
    pub(super) fn invalid(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Refused::Invalid { pointer: pointer.into(), detail: detail.into() }
    }
}

/// Whom a call is about: by exactly one of these.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonRef {
    /// A mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "ana@partner.example")]
    pub email: Option<String>,
    /// An id in another system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external: Option<ExternalId>,
    /// The internal id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
}

impl PersonRef {
    /// Looks the person up; everything that was looked at is noted in `reads`.
    pub(super) async fn find(
        &self,
        app: &App,
        realm: Realm,
        pointer: &str,
        reads: &mut ReadSet,
    ) -> Result<Person, Refused> {
        let id = match (&self.email, &self.external, &self.id) {
            (Some(email), None, None) => {
                app.store.find_person(realm, Some(&normalized_email(email)), &[], reads).await?
            }
            (None, Some(external), None) => {
                app.store.find_person(realm, None, std::slice::from_ref(external), reads).await?
            }
            (None, None, Some(id)) => Found::Person(id.parse::<PersonId>().map_err(|_| Refused::Nobody)?),
            _ => return Err(Refused::invalid(pointer, "needs exactly one of email, external and id")),
        };
        match id {
            Found::Person(id) => app.store.person(realm, &id, reads).await?.ok_or(Refused::Nobody),
            Found::Nobody => Err(Refused::Nobody),
            Found::Several => Err(Refused::SeveralPersons),
        }
    }
}

/// What a name in a call stands for.
pub(super) fn certification<'p>(program: &'p Program, id: &str) -> Result<&'p Certification, Refused> {
    let found = id.parse().ok().and_then(|id| program.certification(&id));
    found.ok_or_else(|| Refused::UnknownCertification(id.to_owned()))
}

/// The same for a requirement.
pub(super) fn requirement<'p>(certification: &'p Certification, id: &str) -> Result<&'p Requirement, Refused> {
    let found = id.parse().ok().and_then(|id| certification.requirement(&id));
    found.ok_or_else(|| Refused::UnknownRequirement {
        certification: certification.id.to_string(),
        requirement: id.to_owned(),
        known: certification.requirements.iter().map(|r| r.id.as_str()).collect::<Vec<_>>().join(", "),
    })
}

/// Most characters of private words.
const MOST_WORDS: usize = 2_000;

/// Private words that may be left out.
pub(super) fn check_words(pointer: &str, words: Option<&str>) -> Result<(), Refused> {
    if words.is_some_and(|words| words.chars().count() > MOST_WORDS) {
        return Err(Refused::invalid(pointer, format!("must be at most {MOST_WORDS} characters")));
    }
    Ok(())
}

/// Private words that must be there.
pub(super) fn need_words(pointer: &str, words: &str) -> Result<(), Refused> {
    if words.trim().is_empty() {
        return Err(Refused::invalid(pointer, "is needed: words for your own records, never public"));
    }
    check_words(pointer, Some(words))
}

/// A local day, `2026-12-04`, or a moment with a time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DayOrMoment {
    /// The whole of it.
    Day(NaiveDate),
    /// In whole seconds.
    Moment(DateTime<Utc>),
}

impl DayOrMoment {
    /// Reads it; days before 1900 and after 9999 are none.
    pub(super) fn parse(pointer: &str, text: &str) -> Result<Self, Refused> {
        let day = || NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(|_| text.len() == 10);
        let moment = || DateTime::parse_from_rfc3339(text).ok().map(|at| whole_seconds(at.with_timezone(&Utc)));
        let found = day().map(DayOrMoment::Day).or_else(|| moment().map(DayOrMoment::Moment));
        let year = |found: &DayOrMoment| match found {
            DayOrMoment::Day(day) => chrono::Datelike::year(day),
            DayOrMoment::Moment(at) => chrono::Datelike::year(&at.date_naive()),
        };
        let sound = found.filter(|found| (1900..=9998).contains(&year(found)));
        sound.ok_or_else(|| {
            Refused::invalid(pointer, "must be a day such as 2026-12-04, or a moment such as 2026-12-04T10:00:00Z")
        })
    }

    /// Its first second.
    pub(super) fn start(self, zone: Tz) -> DateTime<Utc> {
        match self {
            DayOrMoment::Day(day) => start_of_day(day, zone),
            DayOrMoment::Moment(at) => at,
        }
    }

    /// The first second after a day; a moment itself, which is no part of what ends there.
    pub(super) fn beyond(self, zone: Tz) -> DateTime<Utc> {
        match self {
            DayOrMoment::Day(day) => end_of_day(day, zone) + chrono::TimeDelta::seconds(1),
            DayOrMoment::Moment(at) => at,
        }
    }

    /// Its last second.
    pub(super) fn end(self, zone: Tz) -> DateTime<Utc> {
        match self {
            DayOrMoment::Day(day) => end_of_day(day, zone),
            DayOrMoment::Moment(at) => at,
        }
    }
}

/// A call that is done once under its `Idempotency-Key`.
#[derive(Debug, Clone)]
pub(super) struct Once<'a> {
    caller: &'a Caller,
    key: Option<&'a str>,
    body: String,
}

impl<'a> Once<'a> {
    /// `what` and `request` are what a repeat must have in common.
    pub(super) fn new(caller: &'a Caller, key: Option<&'a str>, what: &str, request: &impl Serialize) -> Self {
        let request = serde_json::to_string(request).expect("a request has text keys");
        Once { caller, key, body: sha256_hex(format!("{what} {request}").as_bytes()) }
    }

    /// The answer to the first call.
    pub(super) async fn earlier(&self, app: &App, reads: &mut ReadSet) -> Result<Option<Answer>, Refused> {
        let Some(key) = self.key else { return Ok(None) };
        let earlier = app.store.repeated(self.caller.realm, &self.caller.key, key, reads).await?;
        match earlier {
            Some(earlier) if earlier.body == self.body => {
                Ok(Some(Answer { status: earlier.status, body: earlier.answer, replayed: true }))
            }
            Some(_) => Err(Refused::KeyReused),
            None => Ok(None),
        }
    }

    /// Keeps the answer, as part of the changes that were made.
    pub(super) fn keep(&self, changes: &mut Changes, answer: &Answer) {
        if let Some(key) = self.key {
            let answered = Answered { body: self.body.clone(), status: answer.status, answer: answer.body.clone() };
            changes.repeated(&self.caller.key, key, &answered);
        }
    }
}
