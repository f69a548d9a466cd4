//! The why-trail: where a person stands in each certification, and everything that led there.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::awards::AwardView;
use super::caller::Caller;
use super::desk::Desk;
use super::exceptions::{self, ExceptionView};
use super::refused::{self, PersonRef, Refused};
use super::{Breakdown, program};
use crate::app::App;
use crate::decimal::Decimal;
use crate::id::{AwardId, CertificationId};
use crate::intake::ExternalId;
use crate::program::duration::local_day;
use crate::rules::{self, Award, HistoryEntry, Outcome, Outlook, RecordedResult, Score, Standing, Why};
use crate::store::{Person, ReadSet};

/// Whose standings: the person by one of these, or the holder of an award.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FindRequest {
    /// A mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "ana@partner.example")]
    pub email: Option<String>,
    /// An id in another system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external: Option<ExternalId>,
    /// The internal id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// The number of an award: its certification only, unless another is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub award: Option<String>,
    /// Only this certification; also when nothing was reported in it yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certification: Option<String>,
}

/// A person and where they stand.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PersonTrail {
    /// Whose.
    pub person: TrailPerson,
    /// By certification.
    pub standings: Vec<StandingTrail>,
}

/// Whose trail it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TrailPerson {
    /// Internal.
    pub id: String,
    /// For keys with the scope `people:read`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The same.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub emails: Vec<String>,
    /// The same.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub external: Vec<ExternalId>,
}

/// Where a person stands in one certification, and why.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct StandingTrail {
    /// Id of the certification.
    pub certification: String,
    /// Its name.
    pub name: String,
    /// The award, if one was made.
    pub award: Option<AwardView>,
    /// What leads on, by the program in force; none when that has the certification no more.
    pub outlook: Option<Outlook>,
    /// Some result is under review.
    pub under_review: bool,
    /// Everything that was reported, in the order in which it was taken.
    pub results: Vec<ResultTrail>,
    /// Everything that was granted beside the rules.
    pub exceptions: Vec<ExceptionView>,
    /// What happened to the award, with private words.
    pub history: Vec<HistoryTrail>,
    /// Numbers of former awards, whose addresses live on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub former: Vec<String>,
}

/// One result, and why it counts or does not.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ResultTrail {
    /// The source's own id.
    pub id: String,
    /// Who reported it.
    pub source: String,
    /// Of the certification.
    pub requirement: String,
    /// As reported.
    #[schema(value_type = String)]
    pub outcome: Outcome,
    /// In percent, with two decimals.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<f64>)]
    pub percent: Option<Decimal>,
    /// Points as reported.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<f64>)]
    pub score: Option<Decimal>,
    /// Points that could be reached.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<f64>)]
    pub max: Option<Decimal>,
    /// The source's own id of what it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub piece: Option<String>,
    /// Which form of the exam.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub form: Option<String>,
    /// Where it was taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// When it was taken.
    pub at: DateTime<Utc>,
    /// The same as a day in the program's time zone.
    pub day: NaiveDate,
    /// When we heard of it.
    pub recorded_at: DateTime<Utc>,
    /// When it was struck out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub void_at: Option<DateTime<Utc>>,
    /// Why it counts or does not; none for what can matter no more.
    #[serde(flatten)]
    pub why: Option<Why>,
}

/// One line of the award's history.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct HistoryTrail {
    /// What happened, when it became true and when we recorded it.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    pub entry: HistoryEntry,
    /// Who did it; none when it followed by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Private words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// The person's standings, each with everything that led there.
pub async fn find(app: &App, caller: &Caller, request: &FindRequest) -> Result<PersonTrail, Refused> {
    let mut reads = ReadSet::new();
    let (person, of_award) = whose(app, caller, request, &mut reads).await?;
    let mut desk = Desk::to_look(app, caller.realm, person.clone(), reads).await?;
    let asked = match &request.certification {
        Some(id) => Some(refused::certification(&desk.in_force.program, id)?.id.clone()),
        None => of_award,
    };
    let certifications = if let Some(id) = asked {
        vec![id]
    } else {
        let standings = app.store.standings_of(caller.realm, &person.id).await?;
        standings.into_iter().map(|standing| standing.certification).collect()
    };
    let mut standings = Vec::new();
    for id in certifications {
        standings.push(trail(&mut desk, &id).await?);
    }
    let shown = caller.may("people:read");
    let person = TrailPerson {
        id: person.id.to_string(),
        name: shown.then_some(person.name),
        emails: if shown { person.emails } else { Vec::new() },
        external: if shown { person.external } else { Vec::new() },
    };
    Ok(PersonTrail { person, standings })
}

async fn whose(
    app: &App,
    caller: &Caller,
    request: &FindRequest,
    reads: &mut ReadSet,
) -> Result<(Person, Option<CertificationId>), Refused> {
    let FindRequest { email, external, person, award, .. } = request;
    let Some(award) = award else {
        let by = PersonRef { email: email.clone(), external: external.clone(), id: person.clone() };
        return Ok((by.find(app, caller.realm, "", reads).await?, None));
    };
    if email.is_some() || external.is_some() || person.is_some() {
        return Err(Refused::invalid("/award", "goes without email, external and person"));
    }
    let number: AwardId = award.parse().map_err(|_| Refused::Unknown("award"))?;
    let pointer = app.store.award_pointer(caller.realm, number, reads).await?.ok_or(Refused::Unknown("award"))?;
    let person = app.store.person(caller.realm, &pointer.person, reads).await?;
    Ok((person.ok_or(Refused::Nobody)?, Some(pointer.certification)))
}

async fn trail(desk: &mut Desk<'_>, id: &CertificationId) -> Result<StandingTrail, Breakdown> {
    let (app, realm, now, in_force) = (desk.app, desk.realm, desk.now, desk.in_force.clone());
    let certification = in_force.program.certification(id);
    let asked = |q: &rules::Question<'_>| (rules::outlook(q), rules::why(q));
    let (outlook, whys) = desk.ask(id, asked).await?.filter(|_| certification.is_some()).unzip();
    let whys: Vec<Why> = whys.unwrap_or_default();
    let standing = desk.standing(id).await?.clone();
    let mut results: Vec<ResultTrail> = Vec::new();
    let zone = in_force.program.timezone;
    for result in app.store.moved_results(realm, &standing, &mut ReadSet::new()).await? {
        results.push(reported(&result, None, zone));
    }
    let mut whys = whys.into_iter();
    results.extend(standing.results.iter().map(|result| reported(result, whys.next(), zone)));
    results.sort_by_key(|result| (result.at, result.recorded_at));
    let award = standing.award.as_ref();
    let history = match award {
        Some(award) => history(desk, award).await?,
        None => Vec::new(),
    };
    Ok(StandingTrail {
        certification: id.to_string(),
        name: name(app, &standing, certification.map(|c| c.name.as_str())).await?,
        award: award.is_some().then(|| AwardView::new(app, realm, &standing, &in_force.program, now)),
        outlook,
        under_review: standing.results.iter().any(|r| r.void_at.is_none() && !r.holds.is_empty()),
        results,
        exceptions: exceptions::views(app, realm, &standing).await?,
        history,
        former: standing.former.iter().map(|former| former.award.id.to_string()).collect(),
    })
}

/// As the program in force has it; else as the version has it that dated the award.
async fn name(app: &App, standing: &Standing, known: Option<&str>) -> Result<String, Breakdown> {
    let id = &standing.certification;
    if let (None, Some(award)) = (known, &standing.award) {
        let dated = program::version(app, award.current().program).await?;
        return Ok(dated.program.certification(id).map_or_else(|| id.to_string(), |c| c.name.clone()));
    }
    Ok(known.unwrap_or(id.as_str()).to_owned())
}

async fn history(desk: &Desk<'_>, award: &Award) -> Result<Vec<HistoryTrail>, Breakdown> {
    let mut lines = Vec::new();
    for (line, entry) in award.history.iter().enumerate() {
        let note = desk.app.store.note(desk.realm, award.id, line).await?;
        let (by, text) = note.map_or((None, None), |note| (Some(note.by), note.text));
        lines.push(HistoryTrail { entry: entry.clone(), by, text });
    }
    Ok(lines)
}

fn reported(result: &RecordedResult, why: Option<Why>, zone: Tz) -> ResultTrail {
    ResultTrail {
        id: result.id.clone(),
        source: result.source.clone(),
        requirement: result.requirement.to_string(),
        outcome: result.outcome,
        percent: result.score.map(Score::percent),
        score: result.score.map(|score| score.points),
        max: result.score.map(|score| score.max),
        piece: result.piece.clone(),
        form: result.form.clone(),
        site: result.site.clone(),
        at: result.at,
        day: local_day(result.at, zone),
        recorded_at: result.recorded_at,
        void_at: result.void_at,
        why,
    }
}
