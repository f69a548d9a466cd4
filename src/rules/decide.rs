//! [`decide`]: what the results of a standing mean for its award.

use chrono::{DateTime, TimeDelta, Utc};

use super::award::Award;
use super::cause::ResultRef;
use super::course::{Course, course};
use super::full::full;
use super::open::open;
use super::standing::Standing;
use super::state::{AwardState, state_at};
use super::term::Term;
use super::unmet::Unmet;
use super::versions::Versions;
use crate::id::CertificationId;
use crate::program::{Certification, Program};

/// A result may be this much ahead of our clock.
const CLOCKS_DIFFER_BY: TimeDelta = TimeDelta::minutes(5);

/// Everything a decision depends on.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// Each result is judged by the version in force when it was earned, and a term by the one at the act that earned it.
    pub versions: Versions<'a>,
    /// The newest version that has the certification: says what is missing now.
    pub program: &'a Program,
    /// What is decided about, of `program`.
    pub certification: &'a Certification,
    /// The certification as the program version that dated the current award has it: its window, grace and streamlined
    /// path were promised. The same as `certification` when nothing is held.
    pub basis: &'a Certification,
    /// With every result, the newest included.
    pub standing: &'a Standing,
    /// The person's awards in the prerequisites. None: whatever must be held first is taken as held.
    pub held: Option<&'a [Held]>,
    /// The moment of the decision.
    pub now: DateTime<Utc>,
    /// History is being imported: what would have expired already is awarded, and renewed, as it was.
    pub history: bool,
}

impl<'a> Question<'a> {
    /// Nothing later is heard.
    pub(super) fn horizon(&self) -> DateTime<Utc> {
        self.now + CLOCKS_DIFFER_BY
    }

    /// The certification as the version has it that was in force at `at`, if that had it.
    pub(super) fn certification_at(&self, at: DateTime<Utc>) -> Option<&'a Certification> {
        self.versions.at(at).certification(&self.certification.id)
    }

    /// The state of what is held, by the dates that were promised.
    pub(super) fn state(&self) -> Option<AwardState> {
        let award = self.standing.award.as_ref()?;
        Some(state_at(award, Some(self.basis), self.program.timezone, self.now))
    }
}

/// An award in a prerequisite, as read.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    /// In what.
    pub certification: CertificationId,
    /// With its whole history.
    pub award: Award,
}

/// A term that is earned.
#[derive(Debug, Clone, PartialEq)]
pub struct Earned {
    /// Its dates.
    pub term: Term,
    /// The results that counted when it was; none where it was granted.
    pub rests_on: Vec<ResultRef>,
}

impl From<Term> for Earned {
    /// Granted.
    fn from(term: Term) -> Self {
        Earned { term, rests_on: Vec::new() }
    }
}

/// What follows from a result.
#[derive(Debug, Clone, PartialEq)]
pub enum Decision {
    /// It is earned.
    Award(Earned),
    /// It is earned for another term.
    Renew(Earned),
    /// It is held, and nothing changes.
    Record,
    /// It is not held, and this is missing or stands in the way: never empty.
    Withhold(Vec<Unmet>),
}

/// Judges everything that was shown and granted. What is held is renewed by what falls into its renewal cycle, and what
/// lapsed by the full path; what never expires, is suspended or revoked stays as it is, unless it was revoked because it was
/// issued in error: that may be earned anew.
pub fn decide(question: &Question<'_>) -> Decision {
    let course = course(question);
    match &course {
        Course::Renewed(_, earned) => Decision::Renew(earned.clone()),
        Course::Full(start) => match full(question, start) {
            Ok(earned) if start.renews => Decision::Renew(earned),
            Ok(earned) => Decision::Award(earned),
            Err(unmet) => Decision::Withhold(unmet),
        },
        Course::Rests | Course::Mending(_) | Course::Renewal(_) => {
            let held = matches!(question.state(), Some(AwardState::Valid { .. } | AwardState::NotYetValid { .. }));
            match if held { Vec::new() } else { open(question, &course).unmet } {
                unmet if unmet.is_empty() => Decision::Record,
                unmet => Decision::Withhold(unmet),
            }
        }
    }
}
