//! A result comes in: recorded once, decided, and, when everything is met, turned into an award.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::awards::ShownState as AwardState;
use super::caller::Caller;
use super::desk::{Desk, Whom};
use super::intake::reviews;
use super::{Answer, Breakdown, TRIES, holds, moment, program};
use crate::app::{App, InForce};
use crate::id::{CertificationId, PersonId, random_urn};
use crate::intake::{InvalidValue, Submission};
use crate::program::{Certification, Requirement};
use crate::rules::{self, Cause, Decision, Phase, RecordedResult, ResultRef, Unmet};
use crate::store::{Answered, Changes, Commit, Digest, EventKind, Found, Managers, Person, ReadSet, sha256_hex};

/// Why a result was not taken. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum SubmitError {
    /// Values that cannot be.
    #[error("{} value(s) cannot be", .0.len())]
    Invalid(Vec<InvalidValue>),
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
    /// Another result was reported under this id.
    #[error("another result was reported under the id {id:?}")]
    Conflict {
        /// The source's id.
        id: String,
    },
    /// The ids belong to several persons.
    #[error("the address and ids of this person belong to different persons")]
    SeveralPersons,
    /// Anything else.
    #[error(transparent)]
    Breakdown(#[from] Breakdown),
}

breaks_down!(SubmitError);

/// How a result is to be taken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SubmitOptions<'a> {
    /// It is history: awards keep their original dates, also when they are over, and nobody is told.
    pub history: bool,
    /// The id of an earlier result of the same source that this one corrects: it no longer counts, not even as an attempt.
    pub replaces: Option<&'a str>,
}

/// Takes one result. The same id with the same body gets the same answer again and changes nothing.
///
/// `raw` is the body as it came: kept, and compared by the digest of its canonical form (RFC 8785).
pub async fn submit(app: &App, caller: &Caller, submission: &Submission, raw: &[u8]) -> Result<Answer, SubmitError> {
    submit_with(app, caller, submission, raw, SubmitOptions::default()).await
}

/// The same, in another way than usual.
pub async fn submit_with(
    app: &App,
    caller: &Caller,
    submission: &Submission,
    raw: &[u8],
    options: SubmitOptions<'_>,
) -> Result<Answer, SubmitError> {
    for _ in 0..TRIES {
        let along = Along { reads: ReadSet::new(), put: &|_, _, _| {} };
        if let Some(answer) = submit_along(app, caller, (submission, raw), options, along).await? {
            return Ok(answer);
        }
    }
    Err(Breakdown::Busy.into())
}

/// What else is decided and written with a result, in its one commit.
pub(super) struct Along<'a> {
    /// What was read before, to decide how the result is to be taken.
    pub(super) reads: ReadSet,
    /// Puts down what goes with it, knowing the answer and whose result it is.
    pub(super) put: &'a (dyn Fn(&Answer, &PersonId, &mut Changes) + Sync),
}

/// Takes one result once; `None` after a conflict: then everything is to be read and decided anew.
pub(super) async fn submit_along(
    app: &App,
    caller: &Caller,
    (submission, raw): (&Submission, &[u8]),
    options: SubmitOptions<'_>,
    along: Along<'_>,
) -> Result<Option<Answer>, SubmitError> {
    let body = body_digest(raw)?;
    let Along { mut reads, put } = along;
    if let Some(earlier) = app.store.result(caller.realm, &caller.name, &submission.id, &mut reads).await? {
        return replay(app, caller, submission, &body, earlier).await.map(Some);
    }
    let Decided { answer, person, mut changes, reads } = decide(app, caller, submission, reads, options).await?;
    let answered = Answered { body, status: answer.status, answer: answer.body.clone() };
    changes.result(&caller.name, &submission.id, &answered);
    changes.raw(moment(app), &caller.name, &submission.id, raw);
    put(&answer, &person, &mut changes);
    let done = matches!(app.store.commit(&reads, changes).await?, Commit::Done(_));
    Ok(done.then_some(answer))
}

/// SHA-256 of the body's canonical form.
pub(super) fn body_digest(raw: &[u8]) -> Result<String, SubmitError> {
    let unreadable =
        || SubmitError::Invalid(vec![InvalidValue { pointer: String::new(), detail: "is no JSON".to_owned() }]);
    let value: serde_json::Value = serde_json::from_slice(raw).map_err(|_| unreadable())?;
    let canonical = serde_json_canonicalizer::to_vec(&value).map_err(|_| unreadable())?;
    Ok(sha256_hex(&canonical))
}

/// What was recorded is not recorded again. The answer tells what was decided then, and what the award is and lacks now: what a
/// result led to may have been taken back since.
async fn replay(
    app: &App,
    caller: &Caller,
    submission: &Submission,
    body: &str,
    earlier: Answered,
) -> Result<Answer, SubmitError> {
    if earlier.body != body {
        return Err(SubmitError::Conflict { id: submission.id.clone() });
    }
    let mut reads = ReadSet::new();
    let (mut status, mut body) = (earlier.status, earlier.answer);
    let judge = program::in_force_at(app, submission.happened_at().min(moment(app)), &mut reads).await?;
    let (certification, _) = named(&judge, submission)?;
    // The person, also where the address leads to nobody any more, or to somebody else.
    let of_award = body["award"]["id"].as_str().and_then(|number| number.parse().ok());
    let pointer = match of_award {
        Some(award) => app.store.award_pointer(caller.realm, award, &mut reads).await?,
        None => None,
    };
    let person = match pointer {
        Some(pointer) => app.store.person(caller.realm, &pointer.person, &mut reads).await?,
        None => find(app, caller, submission, &mut reads).await?,
    };
    let Some(person) = person else { return Ok(Answer { status, body, replayed: true }) };
    let mut desk = Desk::to_look(app, caller.realm, person, reads).await?;
    let award = desk.view(&certification.id).await?;
    let holds = award.as_ref().is_some_and(|award| award.state != AwardState::Revoked);
    let unmet = match desk.decide(&certification.id).await? {
        Decision::Withhold(unmet) => unmet,
        _ => missing_for_renewal(&mut desk, &certification.id).await?,
    };
    if !holds && status == 201 {
        (status, body["decision"]) = (200, json!("withheld"));
    }
    (body["award"], body["unmet"]) = (json!(award), json!(unmet));
    Ok(Answer { status, body, replayed: true })
}

/// A result as it is decided, and what is to be committed.
struct Decided {
    answer: Answer,
    person: PersonId,
    changes: Changes,
    reads: ReadSet,
}

/// Records the result in its standing, and decides that anew.
async fn decide(
    app: &App,
    caller: &Caller,
    submission: &Submission,
    mut reads: ReadSet,
    options: SubmitOptions<'_>,
) -> Result<Decided, SubmitError> {
    let now = moment(app);
    let faults = submission.faults(now);
    if !faults.is_empty() {
        return Err(SubmitError::Invalid(faults));
    }
    let at = submission.happened_at();
    let judge = program::in_force_at(app, at.min(now), &mut reads).await?;
    let (certification, requirement) = named(&judge, submission)?;
    let known = find(app, caller, submission, &mut reads).await?;
    let is_new = known.is_none();
    let person = reported(app, submission, known.as_ref(), now);
    let cause = Cause::Result(ResultRef { source: caller.name.clone(), id: submission.id.clone() });
    let mut desk = Desk::new(app, caller.realm, Whom { known, person }, cause, reads).await?;
    desk.history = options.history.then_some(at);
    if is_new {
        desk.tell(EventKind::PersonCreated { person: desk.person.id.clone() });
    }
    if let Some(replaced) = options.replaces {
        strike_out(&mut desk, &certification.id, &caller.name, replaced).await?;
    }
    let vouched = desk.in_force.program.vouched(&caller.name).to_vec();
    let mut recorded = RecordedResult { vouched, ..submission.recorded(&caller.name, requirement, desk.now) };
    holds::arriving(&mut desk, &certification.id, &mut recorded).await?;
    desk.standing(&certification.id).await?.results.push(recorded.clone());
    desk.add_evidence(&certification.id, submission.evidence()).await?;
    let place = desk.changes.events();
    let outcome = desk.reconsidered(&certification.id).await?;
    let (status, word, unmet) = match outcome.decision {
        Decision::Award(_) => (201, "awarded", Vec::new()),
        Decision::Renew(_) => (201, "renewed", Vec::new()),
        _ if outcome.reinstated => (201, "reinstated", Vec::new()),
        Decision::Record => (200, "recorded", missing_for_renewal(&mut desk, &certification.id).await?),
        Decision::Withhold(unmet) => (200, "withheld", unmet),
    };
    let told = EventKind::ResultRecorded {
        person: desk.person.id.clone(),
        certification: certification.id.clone(),
        requirement: requirement.id.clone(),
        outcome: submission.outcome,
        at,
        source: Digest::of(caller.name.as_bytes()),
        unmet: unmet.iter().map(|u| u.code).collect(),
    };
    desk.tell_at(place, told);
    holds::tell_held(&mut desk, &certification.id, &recorded);
    let unsaid = rules::unsaid(requirement, &recorded);
    let review = (!unsaid.is_empty()).then(|| reviews::open(&mut desk, &certification.id, &recorded, &unsaid));
    let award = desk.view(&certification.id).await?;
    let program = judge.record.version;
    let mut body = json!({
        "result": submission.id, "decision": word, "program": program, "award": award, "unmet": unmet,
    });
    if let Some(review) = review {
        body["review"] = json!(review);
    }
    if options.history {
        desk.leave_the_rest_to_time(&certification.id).await?;
    }
    let person = desk.person.id.clone();
    let (changes, reads) = desk.finish().await?;
    Ok(Decided { answer: Answer { status, body, replayed: false }, person, changes, reads })
}

/// A result that was corrected does not count any more.
async fn strike_out(desk: &mut Desk<'_>, id: &CertificationId, source: &str, result: &str) -> Result<(), SubmitError> {
    let now = desk.now;
    let mut results = desk.standing(id).await?.results.iter_mut();
    let Some(struck) = results.find(|known| known.source == source && known.id == result && known.void_at.is_none())
    else {
        return Ok(());
    };
    struck.void_at = Some(now);
    let requirement = struck.requirement.clone();
    let person = desk.person.id.clone();
    desk.tell(EventKind::ResultVoided { person, certification: id.clone(), requirement });
    Ok(())
}

/// What is missing for the next term of an award that can be renewed.
async fn missing_for_renewal(desk: &mut Desk<'_>, id: &CertificationId) -> Result<Vec<Unmet>, SubmitError> {
    let outlook = desk.ask(id, rules::outlook).await?;
    Ok(outlook.filter(|outlook| outlook.phase == Phase::Window).map(|outlook| outlook.unmet).unwrap_or_default())
}

/// What the submission names, in the program in force.
fn named<'p>(
    in_force: &'p InForce,
    submission: &Submission,
) -> Result<(&'p Certification, &'p Requirement), SubmitError> {
    let id = submission.certification.parse().ok();
    let certification = id.and_then(|id| in_force.program.certification(&id));
    let certification =
        certification.ok_or_else(|| SubmitError::UnknownCertification(submission.certification.clone()))?;
    let id = submission.requirement.parse().ok();
    let requirement =
        id.and_then(|id| certification.requirement(&id)).ok_or_else(|| SubmitError::UnknownRequirement {
            certification: certification.id.to_string(),
            requirement: submission.requirement.clone(),
            known: certification.requirements.iter().map(|r| r.id.as_str()).collect::<Vec<_>>().join(", "),
        })?;
    Ok((certification, requirement))
}

/// Who the submission is about, if known.
pub(super) async fn find(
    app: &App,
    caller: &Caller,
    submission: &Submission,
    reads: &mut ReadSet,
) -> Result<Option<Person>, SubmitError> {
    let email = submission.email();
    match app.store.find_person(caller.realm, email.as_deref(), submission.external(), reads).await? {
        Found::Nobody => Ok(None),
        Found::Several => Err(SubmitError::SeveralPersons),
        Found::Person(id) => {
            let person = app.store.person(caller.realm, &id, reads).await?;
            Ok(Some(person.ok_or(Breakdown::Missing("a person that an address leads to"))?))
        }
    }
}

/// The person as known after this report: new ids and consents are taken up, a name once given stays until it is corrected.
pub(super) fn reported(app: &App, submission: &Submission, known: Option<&Person>, now: DateTime<Utc>) -> Person {
    let mut person = known.cloned().unwrap_or_else(|| Person {
        id: PersonId::new(now, app.ids.as_ref()),
        name: submission.person.name.trim().to_owned(),
        emails: Vec::new(),
        external: Vec::new(),
        consent: Vec::new(),
        subject: random_urn(app.ids.as_ref()),
        created_at: now,
        pending: Vec::new(),
        language: None,
        managers: Managers::default(),
        region: None,
        merged: Vec::new(),
    });
    if let Some(email) = submission.email() {
        person.add_address(&email);
    }
    let new: Vec<_> = submission.external().iter().filter(|x| !person.external.contains(x)).cloned().collect();
    person.external.extend(new);
    if submission.person.region.is_some() {
        person.region.clone_from(&submission.person.region);
    }
    if let Some(consent) = &submission.person.consent {
        person.consent.clone_from(consent);
    }
    person
}
