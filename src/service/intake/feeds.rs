//! What feeds tell: mapped to requirements by the program, recorded, put before a person, or passed over and kept.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Value, json};

use crate::app::App;
use crate::id::{CertificationId, PersonId, RequirementId, ReviewId};
use crate::intake::feed::{Earlier, Ignored, Meaning, Message, Progress, judge, progress};
use crate::intake::{Submission, flaw_of_text};
use crate::rules::{Outcome, Score};
use crate::service::awards;
use crate::service::caller::Caller;
use crate::service::intake::taken::{Effect, Taken, Told};
use crate::service::results::{self, Along, SubmitError, SubmitOptions};
use crate::service::{Answer, Breakdown, TRIES, moment, program, tell};
use crate::store::{
    AttemptRecord, Changes, Commit, EventKind, FeedRecord, Person, ReadSet, ReviewCode, ReviewRecord, sha256_hex,
};

/// Why a message was not taken. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum FeedError {
    /// Another message came under this id.
    #[error("another message came under the id {id:?}")]
    Conflict {
        /// The source's id.
        id: String,
    },
    /// Its result was refused.
    #[error(transparent)]
    Submit(#[from] SubmitError),
    /// Anything else.
    #[error(transparent)]
    Breakdown(#[from] Breakdown),
}

breaks_down!(FeedError);

/// A message with the bytes it came in.
#[derive(Debug, Clone)]
pub struct Delivered {
    /// As read.
    pub message: Message,
    /// JSON, as it is kept.
    pub raw: Bytes,
    /// Whether the same id with other contents is a conflict. Platforms that send at least once dress a repeat anew.
    pub strict: bool,
}

/// What was made of a message.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct FeedAnswer {
    /// The source's id of the message.
    pub message: String,
    /// `awarded`, `renewed`, `recorded`, `withheld`, `review` or `ignored`.
    pub decision: String,
    /// Why it was ignored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What was opened for a person to look at.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub review: Option<ReviewId>,
    /// What was answered to its result.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub result: Option<Value>,
}

/// The name under which results of a feed are recorded, which no API key can have: a new key goes on with the same feed.
pub fn caller_of(caller: &Caller, source: &str) -> Caller {
    Caller { name: format!("feed:{source}"), ..caller.clone() }
}

/// Takes one message of `source`. The same message again is answered as before and changes nothing, unless it was passed
/// over because something was not known yet: then it is judged anew.
pub async fn take(app: &App, caller: &Caller, source: &str, delivered: &Delivered) -> Result<FeedAnswer, FeedError> {
    let feed = Feed { app, caller: caller_of(caller, source), source, delivered, now: moment(app) };
    for _ in 0..TRIES {
        if let Some(answer) = feed.once().await? {
            return Ok(answer);
        }
    }
    Err(Breakdown::Busy.into())
}

/// Takes several messages in their order, or none of them if one came under the id of another.
pub async fn take_all(
    app: &App,
    caller: &Caller,
    source: &str,
    delivered: &[Delivered],
) -> Result<Vec<FeedAnswer>, FeedError> {
    for one in delivered {
        let id = &one.message.id;
        let earlier = app.store.feed_message(caller.realm, source, id, &mut ReadSet::new()).await?;
        if one.strict && earlier.is_some_and(|earlier| earlier.body != digest(&one.raw)) {
            return Err(FeedError::Conflict { id: id.clone() });
        }
    }
    let mut answers = Vec::with_capacity(delivered.len());
    for one in delivered {
        answers.push(take(app, caller, source, one).await?);
    }
    Ok(answers)
}

struct Feed<'a> {
    app: &'a App,
    caller: Caller,
    source: &'a str,
    delivered: &'a Delivered,
    now: DateTime<Utc>,
}

impl Feed<'_> {
    /// `None` after a conflict.
    async fn once(&self) -> Result<Option<FeedAnswer>, FeedError> {
        let message = &self.delivered.message;
        let body = digest(&self.delivered.raw);
        let mut reads = ReadSet::new();
        let earlier = self.app.store.feed_message(self.caller.realm, self.source, &message.id, &mut reads).await?;
        if let Some(earlier) = earlier
            && !self.was_undone(&earlier, &mut reads).await?
        {
            if self.delivered.strict && earlier.body != body {
                return Err(FeedError::Conflict { id: message.id.clone() });
            }
            if earlier.settled {
                let mut answer = answer_again(&earlier.answer, &message.id);
                if let Some(result) = &mut answer.result {
                    awards::told_again(self.app, result).await?;
                }
                return Ok(Some(answer));
            }
        }
        let in_force = program::in_force(self.app, &mut reads).await?;
        let taken = match judge(&in_force.program, self.source, message) {
            Meaning::Ignored(why) => self.passed_over(why),
            Meaning::Review { candidates, words } => self.ambiguous(&candidates, words, &mut reads).await?,
            Meaning::Result { requirement, outcome, object } => {
                self.result(&requirement, outcome, &object, &mut reads).await?
            }
        };
        match taken {
            Taken::Beside(answer, effect) => {
                let mut changes = Changes::new(self.caller.realm);
                self.put_down(&answer, *effect, &body, &mut changes);
                changes.raw(self.now, &self.caller.name, &message.id, &self.delivered.raw);
                let done = matches!(self.app.store.commit(&reads, changes).await?, Commit::Done(_));
                Ok(done.then_some(answer))
            }
            Taken::Result(told) => self.submit(*told, &body, reads).await,
        }
    }

    /// Whether what this message led to was undone: then its id is free again.
    async fn was_undone(&self, earlier: &FeedRecord, reads: &mut ReadSet) -> Result<bool, Breakdown> {
        let Some(id) = earlier.answer["result"]["result"].as_str() else { return Ok(false) };
        Ok(self.app.store.result(self.caller.realm, &self.caller.name, id, reads).await?.is_none())
    }

    /// Records the result and, in one commit with it, what is known of its attempt and what was made of the message: of two
    /// messages about one attempt the second is decided by what the first left. `None` after a conflict.
    async fn submit(&self, told: Told, body: &str, reads: ReadSet) -> Result<Option<FeedAnswer>, FeedError> {
        let put = |answer: &Answer, person: &PersonId, changes: &mut Changes| {
            let attempt = told.attempt.clone().map(|(attempt, record)| (person.clone(), attempt, record));
            let effect = Effect { attempt, review: told.review.clone(), known: None };
            self.put_down(&self.recorded(answer, &told), effect, body, changes);
        };
        let options = SubmitOptions { replaces: told.replaces.as_deref(), ..SubmitOptions::default() };
        let (report, along) = ((&told.submission, &self.delivered.raw[..]), Along { reads, put: &put });
        let answer = results::submit_along(self.app, &self.caller, report, options, along).await?;
        Ok(answer.map(|answer| self.recorded(&answer, &told)))
    }

    fn recorded(&self, answer: &Answer, told: &Told) -> FeedAnswer {
        let decision = answer.body["decision"].as_str().unwrap_or("recorded").to_owned();
        let opened = || answer.body["review"].as_str().and_then(|id| id.parse().ok());
        let review = told.review.as_ref().map(|review| review.id.clone()).or_else(opened);
        FeedAnswer { decision, review, result: Some(answer.body.clone()), ..self.blank() }
    }

    fn passed_over(&self, why: Ignored) -> Taken {
        Taken::Beside(self.ignored(why), Box::default())
    }

    fn ignored(&self, why: Ignored) -> FeedAnswer {
        let reason = Some(why.code().to_owned());
        FeedAnswer { decision: "ignored".to_owned(), reason, ..self.blank() }
    }

    fn blank(&self) -> FeedAnswer {
        let message = self.delivered.message.id.clone();
        FeedAnswer { message, decision: String::new(), reason: None, review: None, result: None }
    }

    async fn result(
        &self,
        requirement: &(CertificationId, RequirementId),
        outcome: Outcome,
        object: &str,
        reads: &mut ReadSet,
    ) -> Result<Taken, FeedError> {
        let message = &self.delivered.message;
        let known = match self.person(requirement, outcome, reads).await? {
            Ok(known) => known,
            Err(why) => return Ok(self.passed_over(why)),
        };
        let attempt = message.attempt.clone().unwrap_or_else(|| format!("object {object}"));
        let earlier = match &known {
            Some(person) => self.attempt(person, &attempt, reads).await?,
            None => None,
        };
        let before = earlier.as_ref().and_then(|earlier| earlier.score).map(Score::percent);
        let recorded_before = earlier.as_ref().and_then(|earlier| earlier.result.clone());
        let earlier = earlier.map(|e| Earlier { outcome: e.outcome, score: e.score, at: e.at });
        let told = progress(earlier, outcome, message.score, message.at);
        let same_attempt = message.attempt.is_some();
        if let (true, Some(why)) = (same_attempt, passed_over(told)) {
            return Ok(self.passed_over(why));
        }
        let mut review = None;
        if told == Progress::Dropped
            && let Some(person) = &known
        {
            let words =
                "The grade of something that was passed before is lower now; nothing was taken away.".to_owned();
            let dropped = self.review(ReviewCode::GradeDropped, person, requirement, words);
            review = Some(ReviewRecord { before, now: message.score.map(Score::percent), ..dropped });
        }
        let mut record =
            AttemptRecord { outcome, score: message.score, at: message.at, result: recorded_before.clone() };
        if same_attempt && let Some(review) = &review {
            let answer = FeedAnswer { decision: "review".to_owned(), review: Some(review.id.clone()), ..self.blank() };
            let attempt = Some((review.person.clone(), attempt, record));
            return Ok(Taken::Beside(answer, Box::new(Effect { attempt, review: Some(review.clone()), known: None })));
        }
        let name = known.as_ref().map(|person| person.name.as_str());
        let piece = Some(piece(self.source, object));
        let submission = Submission { piece, ..message.submission(requirement, outcome, name) };
        // Marked anew, an attempt is still the same one.
        let replaces = recorded_before.filter(|_| same_attempt);
        record.result = Some(submission.id.clone());
        let newest = earlier.is_none_or(|earlier| earlier.at <= message.at);
        let attempt = newest.then_some((attempt, record));
        Ok(Taken::Result(Box::new(Told { submission, replaces, attempt, review })))
    }

    /// What is known of the attempt, unless what was recorded of it was undone.
    async fn attempt(
        &self,
        person: &Person,
        attempt: &str,
        reads: &mut ReadSet,
    ) -> Result<Option<AttemptRecord>, Breakdown> {
        let (store, realm) = (&self.app.store, self.caller.realm);
        let known = store.attempt(realm, (self.source, &person.id), attempt, reads).await?;
        let Some(id) = known.as_ref().and_then(|known| known.result.as_deref()) else { return Ok(known) };
        let is_there = store.result(realm, &self.caller.name, id, reads).await?.is_some();
        Ok(known.filter(|_| is_there))
    }

    /// The person, if known; somebody unknown must at least have a name.
    async fn person(
        &self,
        requirement: &(CertificationId, RequirementId),
        outcome: Outcome,
        reads: &mut ReadSet,
    ) -> Result<Result<Option<Person>, Ignored>, FeedError> {
        let who = &self.delivered.message.person;
        if who.email.is_none() && who.external.is_empty() {
            return Ok(Err(Ignored::PersonUnknown));
        }
        let probe = self.delivered.message.submission(requirement, outcome, None);
        match results::find(self.app, &self.caller, &probe, reads).await {
            Ok(None) if who.name.is_none() => Ok(Err(Ignored::PersonUnknown)),
            Ok(known) => Ok(Ok(known)),
            Err(SubmitError::SeveralPersons) => Ok(Err(Ignored::SeveralPersons)),
            Err(error) => Err(error.into()),
        }
    }

    async fn ambiguous(
        &self,
        candidates: &[(CertificationId, RequirementId)],
        words: String,
        reads: &mut ReadSet,
    ) -> Result<Taken, FeedError> {
        let requirement = candidates.first().expect("a review has something it could be about");
        let known = match self.person(requirement, Outcome::Completed, reads).await? {
            Ok(known) => known,
            Err(why) => return Ok(self.passed_over(why)),
        };
        let probe = self.delivered.message.submission(requirement, Outcome::Completed, None);
        let is_new = known.is_none();
        let person = known.unwrap_or_else(|| results::reported(self.app, &probe, None, self.now));
        let mut review = self.review(ReviewCode::Ambiguous, &person, requirement, words);
        review.now = self.delivered.message.score.map(Score::percent);
        if candidates.len() > 1 {
            review.candidates = candidates.iter().map(|(c, r)| format!("{c}/{r}")).collect();
        }
        let answer = FeedAnswer { decision: "review".to_owned(), review: Some(review.id.clone()), ..self.blank() };
        Ok(Taken::Beside(
            answer,
            Box::new(Effect { known: Some((person, is_new)), review: Some(review), ..Effect::default() }),
        ))
    }

    fn review(
        &self,
        code: ReviewCode,
        person: &Person,
        requirement: &(CertificationId, RequirementId),
        words: String,
    ) -> ReviewRecord {
        ReviewRecord {
            id: ReviewId::new(self.now, self.app.ids.as_ref()),
            code,
            source: self.source.to_owned(),
            message: self.delivered.message.id.clone(),
            person: person.id.clone(),
            certification: requirement.0.clone(),
            requirement: requirement.1.clone(),
            words,
            candidates: Vec::new(),
            before: None,
            now: None,
            at: self.delivered.message.at,
            opened_at: self.now,
            closed: None,
        }
    }

    /// What was made of the message, and what goes with it.
    fn put_down(&self, answer: &FeedAnswer, effect: Effect, body: &str, changes: &mut Changes) {
        let (message, source) = (&self.delivered.message, self.source);
        if let Some((person, true)) = &effect.known {
            changes.person(person);
            tell(self.app, changes, self.now, EventKind::PersonCreated { person: person.id.clone() });
        }
        if let Some((person, attempt, record)) = &effect.attempt {
            changes.attempt(source, person, attempt, record);
        }
        if let Some(review) = effect.review {
            changes.review(&review);
            let opened = EventKind::ResultReviewOpened {
                person: review.person,
                certification: review.certification,
                requirement: review.requirement,
                code: review.code,
            };
            tell(self.app, changes, self.now, opened);
        }
        let settled = !matches!(answer.reason.as_deref(), Some("unmapped" | "person-unknown" | "several-persons"));
        let kept = json!({ "decision": answer.decision, "reason": answer.reason, "review": answer.review, "result": answer.result });
        let record = FeedRecord { body: body.to_owned(), answer: kept, settled, at: self.now };
        changes.feed_message(source, &message.id, &record);
    }
}

/// What a feed tells of is a piece of its own by what it is about; two feeds may use one name for different things.
fn piece(source: &str, object: &str) -> String {
    let piece = format!("{source} {object}");
    if flaw_of_text(&piece).is_none() { piece } else { sha256_hex(piece.as_bytes()) }
}

fn passed_over(told: Progress) -> Option<Ignored> {
    match told {
        Progress::Same => Some(Ignored::NothingNew),
        Progress::Older => Some(Ignored::OutOfDate),
        Progress::New | Progress::Dropped => None,
    }
}

fn answer_again(kept: &Value, message: &str) -> FeedAnswer {
    let text = |name: &str| kept[name].as_str().map(str::to_owned);
    FeedAnswer {
        message: message.to_owned(),
        decision: text("decision").unwrap_or_default(),
        reason: text("reason"),
        review: text("review").and_then(|id| id.parse().ok()),
        result: Some(kept["result"].clone()).filter(|result| !result.is_null()),
    }
}

/// Of what a message says, however it is spelt.
fn digest(raw: &[u8]) -> String {
    let value: Value = serde_json::from_slice(raw).unwrap_or_default();
    sha256_hex(&serde_json_canonicalizer::to_vec(&value).unwrap_or_else(|_| raw.to_vec()))
}
