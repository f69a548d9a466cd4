//! The checks, one a file; each gives one line of the report.

pub(super) mod context;
pub(super) mod endorsements;
pub(super) mod format;
pub(super) mod issuer;
pub(super) mod proof;
pub(super) mod refresh;
mod revocation_list;
pub(super) mod schema;
pub(super) mod status;
mod status_list;
pub(super) mod subject;
pub(super) mod validity;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde_json::Value;

use super::facts::{Facts, Need};
use super::own::OwnAward;
use super::report::{Check, CheckId, CheckOutcome, Verdict};
use super::signatures::Signatures;
use super::summary::clean;
use super::token::Secured;
use crate::openbadges::reading::id_of;

/// The most characters of a sentence.
const LONGEST: usize = 1_000;

/// What every check looks at.
pub(super) struct Case<'a> {
    pub(super) secured: &'a Secured,
    pub(super) document: &'a Value,
    pub(super) facts: &'a Facts,
    /// The moment the answer is about.
    pub(super) at: DateTime<Utc>,
    /// Our own record, if the issuer it names is ours.
    pub(super) own: Option<&'a OwnAward>,
    /// The id of the issuer it names.
    pub(super) issuer: Option<&'a str>,
    pub(super) signatures: Signatures,
    /// It was the only credential of a presentation.
    pub(super) in_presentation: bool,
}

impl<'a> Case<'a> {
    /// Judges its signatures, which all other checks rest on.
    pub(super) fn new(secured: &'a Secured, facts: &'a Facts) -> Self {
        let document = &secured.document;
        Case {
            secured,
            document,
            facts,
            at: facts.moment(),
            own: None,
            issuer: id_of(document, "issuer"),
            signatures: Signatures::of(secured, facts),
            in_presentation: false,
        }
    }

    /// Whether a signature fits, and its key belongs to the issuer that is named.
    pub(super) fn is_genuine(&self) -> bool {
        let by_issuer = |(controller, _): (&str, &str)| Some(controller) == self.issuer;
        self.signatures.proven().any(by_issuer)
    }

    /// Whether its issuer may have signed more than its holder chose to show. Somebody else's signature over what is
    /// shown does not make it whole.
    pub(super) fn is_shown_in_part(&self) -> bool {
        self.issuer.is_some_and(|issuer| self.signatures.are_selective(issuer))
    }

    /// Where days begin and end.
    pub(super) fn zone(&self) -> Tz {
        self.own.map_or(Tz::UTC, |own| own.zone)
    }
}

/// The fact of a check that found nothing to check in a badge that is shown in part: it may be there all the same.
pub(super) const UNSEEN: &str = "shown_in_part";

/// One line of the report, and what it means for the whole answer.
pub(super) struct Answer {
    pub(super) check: Check,
    /// The verdict this finding leads to, and its headline, unless a graver one comes first.
    pub(super) verdict: Option<(Verdict, String)>,
    /// What must be fetched before it can be given.
    pub(super) needs: Vec<Need>,
}

impl Answer {
    fn new(id: CheckId, outcome: CheckOutcome, words: impl Into<String>) -> Self {
        // Sentences quote strangers.
        let words = clean(&words.into(), LONGEST);
        let check = Check { id, outcome, words, facts: serde_json::Map::new(), hint: None };
        Answer { check, verdict: None, needs: Vec::new() }
    }

    pub(super) fn passed(id: CheckId, words: impl Into<String>) -> Self {
        Answer::new(id, CheckOutcome::Passed, words)
    }

    pub(super) fn warning(id: CheckId, words: impl Into<String>) -> Self {
        Answer::new(id, CheckOutcome::Warning, words)
    }

    pub(super) fn open(id: CheckId, words: impl Into<String>) -> Self {
        Answer::new(id, CheckOutcome::CouldNotCheck, words)
    }

    /// A failure leads to a verdict; its headline is the sentence of the check.
    pub(super) fn failed(id: CheckId, verdict: Verdict, words: impl Into<String>) -> Self {
        let mut answer = Answer::new(id, CheckOutcome::Failed, words);
        answer.verdict = Some((verdict, answer.check.words.clone()));
        answer
    }

    pub(super) fn fact(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.check.facts.insert(name.to_owned(), value.into());
        self
    }

    pub(super) fn need(mut self, need: impl IntoIterator<Item = Need>) -> Self {
        self.needs.extend(need);
        self
    }

    pub(super) fn hint(mut self, hint: &str) -> Self {
        self.check.hint = Some(hint.to_owned());
        self
    }
}
