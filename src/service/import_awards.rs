//! Awards of history: what was awarded elsewhere comes in with its original dates, and nobody is told.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::awards::{self, AwardView};
use super::caller::Caller;
use super::desk::{Desk, Whom};
use super::refused::{self, DayOrMoment, Refused, check_words};
use super::results::{self, SubmitError};
use super::{Answer, Breakdown, TRIES, moment, program};
use crate::app::App;
use crate::clock::whole_seconds;
use crate::intake::{Submission, SubmittedPerson};
use crate::rules::{self, AwardState, Cause, Former, FormerWhy, Outcome, Reason, ResultRef, Term, VersionKind};
use crate::store::{Answered, Commit, EventKind, ReadSet};

/// One award of history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AwardImport {
    /// The source's own id of this award: a repeat with the same body changes nothing, and tells the award as it is now.
    #[schema(example = "old-system-4711")]
    pub id: String,
    /// Whose.
    pub person: SubmittedPerson,
    /// Id of the certification.
    #[schema(example = "sales-associate")]
    pub certification: String,
    /// When it was earned, with a time zone.
    pub awarded_at: DateTime<Utc>,
    /// Its last day, such as `2027-12-31`, or its last second; left out: as the program's validity has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<String>,
    /// Words for your own records; never public.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// Takes one in, also when it is over already. `raw` is the body as it came.
pub async fn import(app: &App, caller: &Caller, import: &AwardImport, raw: &[u8]) -> Result<Answer, Refused> {
    check_words("/text", import.text.as_deref())?;
    let submission = as_submission(import);
    if let Some(fault) = submission.faults(moment(app)).into_iter().next() {
        let pointer = if fault.pointer == "/at" { "/awarded_at".to_owned() } else { fault.pointer };
        return Err(Refused::Invalid { pointer, detail: fault.detail });
    }
    let body = results::body_digest(raw).map_err(of_person)?;
    for _ in 0..TRIES {
        let mut reads = ReadSet::new();
        if let Some(earlier) = app.store.imported_award(caller.realm, &caller.name, &import.id, &mut reads).await? {
            if earlier.body != body {
                return Err(Refused::KeyReused);
            }
            let mut answer = Answer { status: earlier.status, body: earlier.answer, replayed: true };
            if !awards::told_again(app, &mut answer.body).await? {
                answer.status = 200;
            }
            return Ok(answer);
        }
        let known = results::find(app, caller, &submission, &mut reads).await.map_err(of_person)?;
        let is_new = known.is_none();
        let person = results::reported(app, &submission, known.as_ref(), moment(app));
        let cause = Cause::Import(ResultRef { source: caller.name.clone(), id: import.id.clone() });
        let mut desk = Desk::new(app, caller.realm, Whom { known, person }, cause, reads).await?;
        if is_new {
            desk.tell(EventKind::PersonCreated { person: desk.person.id.clone() });
        }
        let answer = put_down(&mut desk, caller, import).await?;
        let (mut changes, reads) = desk.finish().await?;
        let answered = Answered { body: body.clone(), status: answer.status, answer: answer.body.clone() };
        changes.imported_award(&caller.name, &import.id, &answered);
        if let Commit::Done(_) = app.store.commit(&reads, changes).await? {
            return Ok(answer);
        }
    }
    Err(Breakdown::Busy.into())
}

async fn put_down(desk: &mut Desk<'_>, caller: &Caller, import: &AwardImport) -> Result<Answer, Refused> {
    let awarded_at = whole_seconds(import.awarded_at);
    let judge = program::in_force_at(desk.app, awarded_at.min(desk.now), &mut desk.reads).await?;
    let certification = refused::certification(&judge.program, &import.certification)?;
    let id = &certification.id;
    match desk.state(id).await? {
        None | Some(AwardState::Revoked { reason: Reason::IssuedInError, .. }) => {}
        Some(_) => return Err(Refused::State("this person holds an award in this certification already".to_owned())),
    }
    let zone = judge.program.timezone;
    let term = rules::term(&judge.program, certification, awarded_at, None, desk.now);
    let term = match import.valid_until.as_deref() {
        Some(until) => Term { valid_until: Some(DayOrMoment::parse("/valid_until", until)?.end(zone)), ..term },
        None => term,
    };
    if term.valid_until.is_some_and(|until| until <= awarded_at) {
        return Err(Refused::invalid("/valid_until", "must lie after awarded_at"));
    }
    let now = desk.now;
    let standing = desk.standing(id).await?;
    if let Some(undone) = standing.award.take() {
        standing.former.push(Former { award: undone, why: FormerWhy::Undone });
    }
    desk.history = Some(awarded_at);
    desk.sign(&judge, certification, VersionKind::Issue, term).await?;
    desk.history = None;
    // What would have been due before we knew of the award is nobody's omission.
    let award = desk.standing(id).await?.award.as_mut().expect("it was just signed");
    award.demands.retain(|demand| demand.due >= now);
    desk.plan(id).await?;
    desk.annotate(id, &caller.name, import.text.as_deref()).await?;
    desk.reconsider().await?;
    let (app, realm, in_force) = (desk.app, desk.realm, desk.in_force.clone());
    let award = AwardView::new(app, realm, desk.standing(id).await?, &in_force.program, now);
    Ok(Answer { status: 201, body: json!({ "import": import.id, "award": award }), replayed: false })
}

/// The person of an import is checked and found as that of a result.
fn as_submission(import: &AwardImport) -> Submission {
    Submission {
        id: import.id.clone(),
        person: import.person.clone(),
        certification: import.certification.clone(),
        requirement: String::new(),
        outcome: Outcome::Completed,
        score: None,
        max: None,
        minutes: None,
        proctoring: None,
        by: None,
        form: None,
        site: None,
        rubric: None,
        evidence: None,
        piece: None,
        at: import.awarded_at,
    }
}

fn of_person(error: SubmitError) -> Refused {
    match error {
        SubmitError::SeveralPersons => Refused::SeveralPersons,
        SubmitError::Breakdown(breakdown) => Refused::Breakdown(breakdown),
        other => Refused::invalid("", other.to_string()),
    }
}
