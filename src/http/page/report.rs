//! A report as pages show it: the status band and the list of checks.

use serde_json::Value;

use super::Site;
use super::site::Moment;
use crate::verification::{Check, CheckId, CheckOutcome, Report, Trust, Verdict};
use crate::words::{CheckWords, StateWords, Words};

/// How a band looks; the words say the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Green, a tick.
    Good,
    /// Amber, an exclamation mark.
    Caution,
    /// Purple, two bars.
    Paused,
    /// Red, a cross.
    Bad,
    /// Grey, a question mark.
    Unknown,
}

impl Tone {
    /// Class and icon in `style.css` and `icons.html`.
    pub fn name(self) -> &'static str {
        match self {
            Tone::Good => "good",
            Tone::Caution => "caution",
            Tone::Paused => "paused",
            Tone::Bad => "bad",
            Tone::Unknown => "unknown",
        }
    }

    fn of(verdict: Verdict) -> Tone {
        match verdict {
            Verdict::Valid => Tone::Good,
            Verdict::Expired | Verdict::Replaced | Verdict::UntrustedIssuer => Tone::Caution,
            Verdict::Suspended => Tone::Paused,
            Verdict::Revoked | Verdict::Invalid => Tone::Bad,
            Verdict::NotYetValid | Verdict::Inconclusive | Verdict::NotFound | Verdict::Malformed => Tone::Unknown,
        }
    }
}

/// The status, first on the page: a state in large letters, then the sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Band {
    /// How it looks.
    pub tone: Tone,
    /// The state; None when the sentence begins with it.
    pub lead: String,
    /// The rest of the sentence.
    pub rest: String,
    /// Begins with the TEST mark.
    pub test: bool,
    /// When the checks were made.
    pub(super) checked: Moment,
    /// Of a stranger's badge: the moment that was asked about.
    pub(super) as_of: Option<Moment>,
}

impl Band {
    /// Takes the headline apart without changing its words (what is left begins with a capital); a headline that does not begin with its state gets it in front. The state that a receipt tells is told as one of the past.
    pub(super) fn new(site: &Site, report: &Report) -> Band {
        let words = site.words();
        let headline = report.headline.trim();
        let marked = headline.strip_prefix(words.site.test).map(|rest| rest.trim_start_matches(['.', ':', ' ']));
        let test = marked.is_some() || report.credential.test;
        let (lead, rest) = parted(marked.unwrap_or(headline));
        let state = state(report.verdict, &words.state);
        let recorded = report.receipt_of.is_some() && matches!(report.issuer.trust, Trust::Ours | Trust::Listed);
        let lead = match lead {
            "" if recorded => format!("{}: {state}", words.verify.found),
            "" => state.to_owned(),
            lead => lead.to_owned(),
        };
        // A receipt tells what was known then; when that was, it says itself.
        let as_of = Some(report.as_of).filter(|at| *at != report.checked_at && report.receipt_of.is_none());
        Band {
            tone: Tone::of(report.verdict),
            lead,
            rest: capitalized(rest),
            test,
            checked: site.moment(report.checked_at),
            as_of: as_of.map(|at| site.moment(at)),
        }
    }
}

/// The longest state that is set in large letters.
const LEAD_CHARACTERS: usize = 48;

/// Before and after the first stop, if that is near the beginning.
fn parted(headline: &str) -> (&str, &str) {
    let stop = [". ", ": ", "; "].iter().filter_map(|mark| headline.find(mark)).min();
    match stop {
        Some(at) if headline[..at].chars().count() <= LEAD_CHARACTERS => {
            (&headline[..at], headline[at + 1..].trim_start())
        }
        None if headline.chars().count() <= LEAD_CHARACTERS => (headline.trim_end_matches('.'), ""),
        _ => ("", headline),
    }
}

/// With the first letter as a sentence has it.
pub(super) fn capitalized(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

fn state(verdict: Verdict, words: &StateWords) -> &'static str {
    match verdict {
        Verdict::Valid => words.valid,
        Verdict::Expired => words.expired,
        Verdict::NotYetValid => words.not_yet_valid,
        Verdict::Suspended => words.suspended,
        Verdict::Revoked => words.revoked,
        Verdict::Replaced => words.replaced,
        Verdict::Invalid => words.invalid,
        Verdict::UntrustedIssuer => words.untrusted_issuer,
        Verdict::Inconclusive => words.inconclusive,
        Verdict::NotFound => words.not_found,
        Verdict::Malformed => words.malformed,
    }
}

/// One check, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckLine {
    /// How it looks.
    pub tone: Tone,
    /// `Passed`, `Failed`, …
    pub outcome: &'static str,
    /// `Signature`, `Status`, …
    pub name: &'static str,
    /// What was found.
    pub words: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// Name and value of each fact.
    pub facts: Vec<(String, String)>,
}

impl CheckLine {
    /// All of a report, in its order.
    pub fn all(report: &Report, words: &Words) -> Vec<CheckLine> {
        report.checks.iter().map(|check| CheckLine::new(check, &words.checks)).collect()
    }

    fn new(check: &Check, words: &CheckWords) -> CheckLine {
        let (tone, outcome) = match check.outcome {
            CheckOutcome::Passed => (Tone::Good, words.passed),
            CheckOutcome::Failed => (Tone::Bad, words.failed),
            CheckOutcome::Warning => (Tone::Caution, words.warning),
            CheckOutcome::CouldNotCheck => (Tone::Unknown, words.could_not_check),
        };
        CheckLine {
            tone,
            outcome,
            name: name(check.id, words),
            words: check.words.clone(),
            hint: check.hint.clone(),
            facts: check.facts.iter().map(|(name, value)| (name.replace('_', " "), shown(value))).collect(),
        }
    }
}

fn name(id: CheckId, words: &CheckWords) -> &'static str {
    match id {
        CheckId::Format => words.format,
        CheckId::Context => words.context,
        CheckId::Schema => words.schema,
        CheckId::Proof => words.proof,
        CheckId::Issuer => words.issuer,
        CheckId::Status => words.status,
        CheckId::Validity => words.validity,
        CheckId::Refresh => words.refresh,
        CheckId::Subject => words.subject,
        CheckId::Endorsements => words.endorsements,
    }
}

/// The longest fact that is shown whole.
const FACT_CHARACTERS: usize = 400;

/// A text as it is, anything else as JSON; a stranger's may be long.
fn shown(value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    if text.chars().count() <= FACT_CHARACTERS {
        return text;
    }
    text.chars().take(FACT_CHARACTERS).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(headline: &str, lead: &str, rest: &str) {
        assert_eq!(parted(headline), (lead, rest));
    }

    #[test]
    fn a_headline_is_parted_after_its_state() {
        check("Valid. Ana Lopes holds it.", "Valid", "Ana Lopes holds it.");
        check("Could not be checked: the list did not answer.", "Could not be checked", "the list did not answer.");
        check("Expired on 3 May 2027; may be renewed.", "Expired on 3 May 2027", "may be renewed.");
        check("No longer valid since 3 May 2027.", "No longer valid since 3 May 2027", "");
        check("", "", "");
        let long = "Signed by the holder of badges.example, whom you have not listed. Everything else checks.";
        check(long, "", long);
        check("é. x", "é", "x");
    }
}
