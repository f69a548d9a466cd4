//! A recertification ordered by a caller: checked, previewed, and confirmed by a second one.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::asking::due_of;
use super::placing::{begin, is_concerned};
use super::progress::RecertificationView;
use crate::app::{App, InForce};
use crate::id::{CertificationId, Realm, RequirementId};
use crate::intake::flaw_of_text;
use crate::program::duration::{CalendarDuration, end_of_day, local_day, start_of_day};
use crate::service::caller::Caller;
use crate::service::program::{self, Line, MOST_LINES};
use crate::service::{Breakdown, TRIES, moment};
use crate::store::{Changes, Commit, ReadSet, Recertification, Stage};

/// How many standings are read at a time.
const PAGE: usize = 500;
/// The most days until holders must have complied.
const FARTHEST: CalendarDuration = CalendarDuration::days(3_660);

/// What holders shall complete.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// Unique: lower-case letters, digits and hyphens.
    pub id: String,
    /// Whose holders.
    pub certifications: Vec<String>,
    /// What they must complete; a requirement of each of the certifications.
    pub requirement: String,
    /// How long they have, such as `60d`; this or `deadline`.
    pub by: Option<String>,
    /// The last day, such as `2027-03-31`; this or `by`.
    pub deadline: Option<NaiveDate>,
    /// Only awards earned before this day. Without it, also who is certified, renewed or reinstated until the date is asked.
    pub issued_before: Option<NaiveDate>,
    /// Only awards whose dates were given by this version of the program.
    pub program_version: Option<u32>,
    /// Only holders who work in one of these regions; none: everywhere. Of whom it is not known is not asked.
    #[serde(default)]
    pub region: Vec<String>,
    /// Only say who is concerned.
    #[serde(default)]
    pub dry_run: bool,
}

/// What came of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Ordered {
    /// Nothing was written.
    Preview,
    /// Holders are being asked.
    Ordered,
    /// It waits for another caller.
    Proposed,
    /// It was ordered before, in the same words.
    Known,
}

/// An order, and whom it concerns.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OrderAnswer {
    /// In one word.
    pub outcome: Ordered,
    /// The order.
    pub recertification: RecertificationView,
    /// Whom it concerns, at most 1,000.
    pub holders: Vec<Line>,
    /// How many it concerns.
    pub total: u64,
    /// With `proposed`: what must happen next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_step: Option<String>,
}

/// Why nothing was ordered. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum OrderError {
    /// A value that cannot be.
    #[error("{pointer}: {detail}")]
    Invalid {
        /// JSON pointer.
        pointer: &'static str,
        /// For people.
        detail: String,
    },
    /// The program has no such certification.
    #[error("the program has no certification {0:?}")]
    UnknownCertification(String),
    /// One of the certifications has no such requirement.
    #[error("{certification} has no requirement {requirement:?}")]
    UnknownRequirement {
        /// Which.
        certification: String,
        /// As named.
        requirement: String,
    },
    /// The id is taken.
    #[error("another recertification has the id {0:?}")]
    Taken(String),
    /// There is no such recertification.
    #[error("there is no recertification {0:?}")]
    Unknown(String),
    /// It does not wait for anybody.
    #[error("the recertification {0:?} does not wait to be confirmed")]
    NotProposed(String),
    /// The second pair of eyes must be somebody else's.
    #[error("the recertification {id:?} was ordered by {by:?}, who cannot confirm it")]
    SameCaller {
        /// Which.
        id: String,
        /// Who ordered it.
        by: String,
    },
    /// Anything else.
    #[error(transparent)]
    Breakdown(#[from] Breakdown),
}

breaks_down!(OrderError);

/// Orders a recertification, or says whom it would concern. Names are told only to who may read them.
pub async fn order(app: &App, caller: &Caller, order: &Order) -> Result<OrderAnswer, OrderError> {
    for _ in 0..TRIES {
        let (now, mut reads) = (moment(app), ReadSet::new());
        let in_force = program::in_force(app, &mut reads).await?;
        let mut asked = checked(order, caller, &in_force, now)?;
        let answer = |outcome, asked: &Recertification, (holders, total)| OrderAnswer {
            outcome,
            recertification: RecertificationView::new(asked),
            holders,
            total,
            next_step: None,
        };
        if let Some(known) = app.store.recertification(caller.realm, &asked.id, &mut reads).await? {
            return if says_the_same(&known, &asked) {
                Ok(answer(Ordered::Known, &known, (Vec::new(), u64::from(known.placed))))
            } else {
                Err(OrderError::Taken(known.id))
            };
        }
        let (holders, total) = concerned(app, caller, &asked, &in_force, now).await?;
        if order.dry_run {
            return Ok(answer(Ordered::Preview, &asked, (holders, total)));
        }
        let mut changes = Changes::new(caller.realm);
        let done = if total == 0 {
            asked.stage = Stage::Placing;
            begin(app, &asked, (&mut reads, &mut changes), now).await?;
            answer(Ordered::Ordered, &asked, (holders, total))
        } else {
            let next_step = format!(
                "{total} holder(s) would have to comply, so another caller than {:?} must confirm it: \
                 POST /api/v1/recertifications/{}/confirm with an API key of another name.",
                caller.name, asked.id
            );
            changes.recertification(&asked);
            OrderAnswer { next_step: Some(next_step), ..answer(Ordered::Proposed, &asked, (holders, total)) }
        };
        if let Commit::Done(_) = app.store.commit(&reads, changes).await? {
            return Ok(done);
        }
    }
    Err(Breakdown::Busy.into())
}

/// Lets the holders be asked. Only another caller than who ordered it can.
pub async fn confirm(app: &App, caller: &Caller, id: &str) -> Result<RecertificationView, OrderError> {
    second(app, caller, id, Stage::Placing).await
}

/// Drops an order; who ordered it takes it back.
pub async fn reject(app: &App, caller: &Caller, id: &str) -> Result<RecertificationView, OrderError> {
    second(app, caller, id, Stage::Rejected).await
}

async fn second(app: &App, caller: &Caller, id: &str, stage: Stage) -> Result<RecertificationView, OrderError> {
    let unknown = || OrderError::Unknown(id.to_owned());
    if id.parse::<RequirementId>().is_err() {
        return Err(unknown());
    }
    for _ in 0..TRIES {
        let (now, mut reads) = (moment(app), ReadSet::new());
        let known = app.store.recertification(caller.realm, id, &mut reads).await?;
        let mut asked = known.ok_or_else(unknown)?;
        let by = asked.by.clone().filter(|_| asked.stage == Stage::Proposed);
        let by = by.ok_or_else(|| OrderError::NotProposed(id.to_owned()))?;
        if stage == Stage::Placing && by == caller.name {
            return Err(OrderError::SameCaller { id: id.to_owned(), by });
        }
        asked.stage = stage;
        asked.second = Some(caller.name.clone());
        let mut changes = Changes::new(caller.realm);
        if stage == Stage::Placing {
            asked.due = due_of(&asked, program::in_force(app, &mut reads).await?.program.timezone, now);
            begin(app, &asked, (&mut reads, &mut changes), now).await?;
        } else {
            changes.recertification(&asked);
        }
        if let Commit::Done(_) = app.store.commit(&reads, changes).await? {
            return Ok(RecertificationView::new(&asked));
        }
    }
    Err(Breakdown::Busy.into())
}

fn checked(
    order: &Order,
    caller: &Caller,
    in_force: &InForce,
    now: DateTime<Utc>,
) -> Result<Recertification, OrderError> {
    let invalid = |pointer, detail: &str| OrderError::Invalid { pointer, detail: detail.to_owned() };
    let id: RequirementId =
        order.id.parse().map_err(|e| OrderError::Invalid { pointer: "/id", detail: format!("{e}") })?;
    if order.region.len() > 100 || order.region.iter().any(|region| flaw_of_text(region).is_some()) {
        return Err(invalid("/region", "must be at most 100 lines of text"));
    }
    let program = &in_force.program;
    if order.certifications.is_empty() {
        return Err(invalid("/certifications", "must name at least one"));
    }
    let mut certifications: Vec<CertificationId> = Vec::new();
    for named in &order.certifications {
        let known = named.parse().ok().and_then(|id| program.certification(&id));
        let known = known.ok_or_else(|| OrderError::UnknownCertification(named.clone()))?;
        let requirement = order.requirement.parse().ok().and_then(|id| known.requirement(&id));
        if requirement.is_none() {
            let (certification, requirement) = (named.clone(), order.requirement.clone());
            return Err(OrderError::UnknownRequirement { certification, requirement });
        }
        if certifications.contains(&known.id) {
            return Err(invalid("/certifications", "names one of them twice"));
        }
        certifications.push(known.id.clone());
    }
    let today = local_day(now, program.timezone);
    let last = match (&order.by, order.deadline) {
        (Some(by), None) => {
            let by: CalendarDuration =
                by.parse().map_err(|e| OrderError::Invalid { pointer: "/by", detail: format!("{e}") })?;
            by.after(today)
        }
        (None, Some(day)) if day < today => return Err(invalid("/deadline", "is over")),
        (None, Some(day)) => day,
        _ => return Err(invalid("/by", "give exactly one of by and deadline")),
    };
    if last > FARTHEST.after(today) {
        return Err(invalid(if order.by.is_some() { "/by" } else { "/deadline" }, "is more than ten years ahead"));
    }
    if order.program_version == Some(0) {
        return Err(invalid("/program_version", "is counted from 1"));
    }
    Ok(Recertification {
        id: id.as_str().to_owned(),
        certifications,
        requirement: order.requirement.parse().expect("it was found in a certification"),
        announced_at: now,
        opens: start_of_day(today, program.timezone),
        due: end_of_day(last, program.timezone),
        issued_before: order.issued_before.map(|day| start_of_day(day, program.timezone)),
        program_version: order.program_version,
        region: order.region.clone(),
        program: in_force.record.version,
        by: Some(caller.name.clone()),
        second: None,
        recorded_at: now,
        stage: Stage::Proposed,
        looked_at: None,
        placed: 0,
    })
}

/// Whether it is the same order, sent again.
fn says_the_same(known: &Recertification, again: &Recertification) -> bool {
    known.by == again.by
        && known.certifications == again.certifications
        && known.requirement == again.requirement
        && known.due == again.due
        && known.issued_before == again.issued_before
        && known.program_version == again.program_version
        && known.region == again.region
}

async fn concerned(
    app: &App,
    caller: &Caller,
    asked: &Recertification,
    in_force: &InForce,
    now: DateTime<Utc>,
) -> Result<(Vec<Line>, u64), Breakdown> {
    let realm: Realm = caller.realm;
    let (mut lines, mut total, mut after) = (Vec::new(), 0, None);
    loop {
        let page = app.store.standings_after(realm, after.as_ref(), PAGE).await?;
        let Some(last) = page.last() else { return Ok((lines, total)) };
        after = Some((last.person.clone(), last.certification.clone()));
        for standing in &page {
            if !is_concerned(app, realm, asked, standing, now).await? {
                continue;
            }
            total += 1;
            if let Some(award) = standing.award.as_ref().filter(|_| lines.len() < MOST_LINES) {
                let mut line = program::demand_line(standing, award, (asked, now), &in_force.program);
                if caller.may("people:read") {
                    line.name = program::name_of(app, realm, standing).await?;
                }
                lines.push(line);
            }
        }
    }
}
