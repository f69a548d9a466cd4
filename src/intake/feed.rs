//! [`Message`]: what a feed says happened, before anybody asked what it means here; and [`judge`], which asks.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use super::{ExternalId, Submission, SubmittedPerson};
use crate::id::{CertificationId, RequirementId};
use crate::program::{FeedMap, Program, Requirement, RequirementKind};
use crate::rules::{Outcome, Score};

/// How far a source's clock may be ahead of ours.
pub const MAX_AHEAD: TimeDelta = TimeDelta::minutes(10);

/// One thing that a feed says happened.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// The source's own id of this message: a repeat changes nothing.
    pub id: String,
    /// The source's own id of the attempt, which later messages may speak of again.
    pub attempt: Option<String>,
    /// Who.
    pub person: Who,
    /// What it is about: the source's id of a course or an exam, and of what that is an attempt at.
    pub objects: Vec<String>,
    /// What happened to it, as the source calls it: an IRI or a word.
    pub verb: String,
    /// How it went.
    pub said: Said,
    /// Points above the least possible, and the most above it.
    pub score: Option<Score>,
    /// Minutes spent.
    pub minutes: Option<f64>,
    /// When.
    pub at: DateTime<Utc>,
}

/// A person as a feed names them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Who {
    /// As it shall stand on a credential.
    pub name: Option<String>,
    /// Mail address.
    pub email: Option<String>,
    /// Ids in other systems.
    pub external: Vec<ExternalId>,
}

/// How it went, as far as the source can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// Expressly.
    Passed,
    /// Expressly.
    Failed,
    /// Gone through. That says nothing of an exam.
    Completed,
    /// Only the score can tell.
    Scored,
    /// Somebody of the source lets the person off.
    Waived,
    /// The source contradicts itself, or has not graded it yet.
    Unclear(&'static str),
    /// It is not meant to count.
    Nothing(Ignored),
}

/// Why a message was passed over. Its payload is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ignored {
    /// No `[[map]]` of the program has this source, object and verb.
    Unmapped,
    /// Nobody known has these ids, and the message has no name.
    PersonUnknown,
    /// The ids belong to several persons.
    SeveralPersons,
    /// The attempt is not finished, or was abandoned.
    NotFinished,
    /// Looked at, not taken: launched to browse or to review.
    NotForCredit,
    /// The grading is not complete.
    NotGraded,
    /// The grade is not released yet.
    Muted,
    /// Says what was said before of the same attempt.
    NothingNew,
    /// Older than what is known of the same attempt.
    OutOfDate,
}

impl Ignored {
    /// As it is answered.
    pub fn code(self) -> &'static str {
        match self {
            Ignored::Unmapped => "unmapped",
            Ignored::PersonUnknown => "person-unknown",
            Ignored::SeveralPersons => "several-persons",
            Ignored::NotFinished => "not-finished",
            Ignored::NotForCredit => "not-for-credit",
            Ignored::NotGraded => "not-graded",
            Ignored::Muted => "muted",
            Ignored::NothingNew => "nothing-new",
            Ignored::OutOfDate => "out-of-date",
        }
    }

    /// Whether the same message may mean something later.
    pub fn is_settled(self) -> bool {
        !matches!(self, Ignored::Unmapped | Ignored::PersonUnknown | Ignored::SeveralPersons)
    }
}

/// What a message means here.
#[derive(Debug, Clone, PartialEq)]
pub enum Meaning {
    /// A result of this requirement.
    Result {
        /// Of it.
        requirement: (CertificationId, RequirementId),
        /// How it went.
        outcome: Outcome,
        /// What the source calls what it is about.
        object: String,
    },
    /// A person has to look at it.
    Review {
        /// What it could be about; at least one.
        candidates: Vec<(CertificationId, RequirementId)>,
        /// Why it cannot be told.
        words: String,
    },
    /// Nothing.
    Ignored(Ignored),
}

/// What the message of `source` means under the program.
pub fn judge(program: &Program, source: &str, message: &Message) -> Meaning {
    if let Said::Nothing(why) = message.said {
        return Meaning::Ignored(why);
    }
    let mut candidates =
        message.objects.iter().map(|object| (object, mapped(&program.maps, source, object, &message.verb)));
    let Some((object, candidates)) = candidates.find(|(_, found)| !found.is_empty()) else {
        return Meaning::Ignored(Ignored::Unmapped);
    };
    let [requirement] = candidates.as_slice() else {
        let words = "The program maps this source, object and verb to several requirements.".to_owned();
        return Meaning::Review { candidates, words };
    };
    let known = program.certification(&requirement.0).and_then(|c| c.requirement(&requirement.1));
    let Some(known) = known else { return Meaning::Ignored(Ignored::Unmapped) };
    match outcome(known, message) {
        Ok(outcome) => Meaning::Result { requirement: requirement.clone(), outcome, object: object.clone() },
        Err(words) => Meaning::Review { words: words.to_owned(), candidates },
    }
}

fn mapped(maps: &[FeedMap], source: &str, object: &str, verb: &str) -> Vec<(CertificationId, RequirementId)> {
    let short = verb.rsplit(['/', '#', '\\']).next().unwrap_or(verb);
    let fits = |map: &&FeedMap| map.source == source && map.object == object && (map.verb == verb || map.verb == short);
    let mut found: Vec<_> = maps.iter().filter(fits).map(|map| map.requirement.clone()).collect();
    found.dedup();
    found
}

/// How the requirement went, or why that cannot be told.
fn outcome(requirement: &Requirement, message: &Message) -> Result<Outcome, &'static str> {
    if let Said::Unclear(why) = message.said {
        return Err(why);
    }
    if requirement.kind == RequirementKind::Training {
        return match message.said {
            Said::Failed => Ok(Outcome::Failed),
            Said::Scored => match message.score.zip(requirement.pass) {
                Some((score, pass)) if score.reaches(pass) => Ok(Outcome::Completed),
                Some(_) => Ok(Outcome::Failed),
                None => Err("A score was told, and the program has no pass mark for this training."),
            },
            _ => Ok(Outcome::Completed),
        };
    }
    match (message.said, message.score, requirement.pass) {
        (Said::Passed, ..) => Ok(Outcome::Passed),
        (Said::Failed, Some(score), Some(pass)) if score.reaches(pass) => {
            Err("The source says failed, with a score that is enough here.")
        }
        (Said::Failed, ..) => Ok(Outcome::Failed),
        (Said::Waived, ..) => Err("The source waived it: there is no score, and the exam was not taken."),
        (_, Some(score), Some(pass)) => Ok(if score.reaches(pass) { Outcome::Passed } else { Outcome::Failed }),
        (_, Some(_), None) => {
            Err("A score was told, and the program has no pass mark to tell by whether it was passed.")
        }
        (_, None, _) => Err("It was completed, and neither a score nor a pass was told."),
    }
}

/// What was told of the same attempt before.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Earlier {
    /// How it went.
    pub outcome: Outcome,
    /// With what score.
    pub score: Option<Score>,
    /// When.
    pub at: DateTime<Utc>,
}

/// What a message adds to what was told of the same attempt before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Something new.
    New,
    /// The same again.
    Same,
    /// From before what is known.
    Older,
    /// Less than the pass that is known: not recorded by itself.
    Dropped,
}

/// Compares a message with what is known of its attempt.
pub fn progress(earlier: Option<Earlier>, outcome: Outcome, score: Option<Score>, at: DateTime<Utc>) -> Progress {
    let Some(earlier) = earlier else { return Progress::New };
    let less = score.zip(earlier.score).is_some_and(|(now, before)| now < before);
    if earlier.outcome == outcome && (score == earlier.score || score.is_none()) {
        Progress::Same
    } else if at < earlier.at {
        Progress::Older
    } else if earlier.outcome != Outcome::Failed && (outcome == Outcome::Failed || less) {
        Progress::Dropped
    } else {
        Progress::New
    }
}

impl Message {
    /// As a submission, for a person whose name is `name` unless the message has one.
    pub fn submission(
        &self,
        requirement: &(CertificationId, RequirementId),
        outcome: Outcome,
        name: Option<&str>,
    ) -> Submission {
        let name = name.or(self.person.name.as_deref()).unwrap_or_default().to_owned();
        let external = (!self.person.external.is_empty()).then(|| self.person.external.clone());
        Submission {
            id: self.id.clone(),
            person: SubmittedPerson { name, email: self.person.email.clone(), external, region: None, consent: None },
            certification: requirement.0.to_string(),
            requirement: requirement.1.to_string(),
            outcome,
            score: self.score.map(|score| score.points),
            max: self.score.map(|score| score.max),
            minutes: self.minutes,
            proctoring: None,
            by: None,
            form: None,
            site: None,
            rubric: None,
            evidence: None,
            piece: None,
            at: self.at,
        }
    }
}
