//! A result comes in: recorded once, decided, and, when everything is met, turned into an award.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::json;

use super::awards::{self, AwardView};
use super::caller::Caller;
use super::issue::{self, NewVersion};
use super::{Answer, Breakdown, TRIES, issuer, moment, program, tell};
use crate::app::{App, InForce};
use crate::id::{AwardId, PersonId, random_urn};
use crate::intake::{EvidenceRecord, InvalidValue, Submission};
use crate::program::{Certification, Requirement};
use crate::rules::{self, Decision, Held, Question, Standing, Unmet, VersionKind};
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

/// Takes one result. The same id with the same body gets the same answer again and changes nothing.
///
/// `raw` is the body as it came: kept, and compared by the digest of its canonical form (RFC 8785).
pub async fn submit(app: &App, caller: &Caller, submission: &Submission, raw: &[u8]) -> Result<Answer, SubmitError> {
    let body = body_digest(raw)?;
    for _ in 0..TRIES {
        let mut reads = ReadSet::new();
        if let Some(earlier) = app.store.result(caller.realm, &caller.name, &submission.id, &mut reads).await? {
            return replay(submission, &body, earlier);
        }
        let case = Case::read(app, caller, submission, reads).await?;
        let (answer, changes, reads) = case.decide(app, raw, &body).await?;
        if let Commit::Done(_) = app.store.commit(&reads, changes).await? {
            return Ok(answer);
        }
    }
    Err(Breakdown::Busy.into())
}

fn body_digest(raw: &[u8]) -> Result<String, SubmitError> {
    let unreadable =
        || SubmitError::Invalid(vec![InvalidValue { pointer: String::new(), detail: "is no JSON".to_owned() }]);
    let value: serde_json::Value = serde_json::from_slice(raw).map_err(|_| unreadable())?;
    let canonical = serde_json_canonicalizer::to_vec(&value).map_err(|_| unreadable())?;
    Ok(sha256_hex(&canonical))
}

fn replay(submission: &Submission, body: &str, earlier: Answered) -> Result<Answer, SubmitError> {
    if earlier.body == body {
        Ok(Answer { status: earlier.status, body: earlier.answer, replayed: true })
    } else {
        Err(SubmitError::Conflict { id: submission.id.clone() })
    }
}

/// Everything one decision rests on, as read.
struct Case<'a> {
    caller: &'a Caller,
    submission: &'a Submission,
    now: DateTime<Utc>,
    in_force: Arc<InForce>,
    known: Option<Person>,
    person: Person,
    before: Standing,
    held: Vec<Held>,
    evidence: Vec<EvidenceRecord>,
    reads: ReadSet,
}

impl<'a> Case<'a> {
    async fn read(
        app: &App,
        caller: &'a Caller,
        submission: &'a Submission,
        mut reads: ReadSet,
    ) -> Result<Self, SubmitError> {
        let now = moment(app);
        let faults = submission.faults(now);
        if !faults.is_empty() {
            return Err(SubmitError::Invalid(faults));
        }
        let in_force = program::in_force(app, &mut reads).await?;
        let (certification, _) = named(&in_force, submission)?;
        let realm = caller.realm;
        let known = find(app, caller, submission, &mut reads).await?;
        let person = reported(app, submission, known.as_ref(), now);
        let before = app.store.standing(realm, &person.id, &certification.id, &mut reads).await?;
        let wanted: Vec<_> = certification.prerequisites.iter().flatten().cloned().collect();
        let held = awards::held(app, realm, &person.id, &wanted, &mut reads).await?;
        let mut evidence = app.store.evidence(realm, &person.id, &certification.id, &mut reads).await?;
        evidence.extend_from_slice(submission.evidence());
        Ok(Case { caller, submission, now, in_force, known, person, before, held, evidence, reads })
    }

    async fn decide(self, app: &App, raw: &[u8], body: &str) -> Result<(Answer, Changes, ReadSet), SubmitError> {
        let in_force = self.in_force.clone();
        let (certification, requirement) = named(&in_force, self.submission)?;
        let recorded = self.submission.recorded(&self.caller.name, requirement, self.now);
        let mut after = self.before.clone();
        after.results.push(recorded);
        let decision = rules::decide(&Question {
            program: &in_force.program,
            certification,
            basis: certification,
            standing: &after,
            held: &self.held,
            now: self.now,
            history: false,
        });
        let mut changes = Changes::new(self.caller.realm);
        if self.known.as_ref() != Some(&self.person) {
            changes.person(&self.person);
        }
        if self.known.is_none() {
            tell(app, &mut changes, self.now, EventKind::PersonCreated { person: self.person.id.clone() });
        }
        let unmet = if let Decision::Withhold(unmet) = &decision { unmet.as_slice() } else { &[] };
        tell(app, &mut changes, self.now, self.recorded_event(certification, requirement, unmet));
        let mut reads = self.reads.clone();
        let (status, word, term) = match &decision {
            Decision::Award(term) => (201, "awarded", Some((term, VersionKind::Issue))),
            Decision::Renew(term) => (201, "renewed", Some((term, VersionKind::Renewal))),
            Decision::Record => (200, "recorded", None),
            Decision::Withhold(_) => (200, "withheld", None),
        };
        if let Some((term, kind)) = term {
            let issuer = issuer(app, &mut reads).await?;
            let new = NewVersion {
                realm: self.caller.realm,
                issuer: &issuer,
                in_force: &self.in_force,
                certification,
                standing: &after,
                person: &self.person,
                evidence: &self.evidence,
                award: after.award.as_ref().map_or_else(|| AwardId::new(app.ids.as_ref()), |award| award.id),
                kind,
                awarded_at: term.awarded_at,
                valid_until: term.valid_until,
                now: self.now,
            };
            after = issue::add_version(app, &new, &mut changes).await?;
        }
        changes.standing(&self.before, &after);
        if !self.submission.evidence().is_empty() {
            changes.evidence(&after, &self.evidence);
        }
        let award =
            after.award.is_some().then(|| AwardView::new(app, self.caller.realm, &after, &in_force.program, self.now));
        let answer = json!({ "result": self.submission.id, "decision": word, "award": award, "unmet": unmet });
        let answered = Answered { body: body.to_owned(), status, answer: answer.clone() };
        changes.result(&self.caller.name, &self.submission.id, &answered);
        changes.raw(self.now, &self.caller.name, &self.submission.id, raw);
        Ok((Answer { status, body: answer, replayed: false }, changes, reads))
    }

    fn recorded_event(&self, certification: &Certification, requirement: &Requirement, unmet: &[Unmet]) -> EventKind {
        EventKind::ResultRecorded {
            person: self.person.id.clone(),
            certification: certification.id.clone(),
            requirement: requirement.id.clone(),
            outcome: self.submission.outcome,
            at: self.submission.happened_at(),
            source: Digest::of(self.caller.name.as_bytes()),
            unmet: unmet.iter().map(|u| u.code).collect(),
        }
    }
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

async fn find(
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
fn reported(app: &App, submission: &Submission, known: Option<&Person>, now: DateTime<Utc>) -> Person {
    let mut person = known.cloned().unwrap_or_else(|| Person {
        id: PersonId::new(now, app.ids.as_ref()),
        name: submission.person.name.trim().to_owned(),
        emails: Vec::new(),
        external: Vec::new(),
        consent: Vec::new(),
        subject: random_urn(app.ids.as_ref()),
        created_at: now,
        language: None,
        managers: Managers::default(),
    });
    person.emails.extend(submission.email().filter(|email| !person.emails.contains(email)));
    let new: Vec<_> = submission.external().iter().filter(|x| !person.external.contains(x)).cloned().collect();
    person.external.extend(new);
    if let Some(consent) = &submission.person.consent {
        person.consent.clone_from(consent);
    }
    person
}
