//! Presentations: what a holder hands over, signed with the holder's own key, and the credentials in it.

use serde_json::Value;

use super::data_model;
use super::facts::{Facts, Need};
use super::inspect::{Judgement, judge};
use super::presented::{self, Malformed, Presented};
use super::signatures::{Signatures, Signed};
use super::spelling;
use super::token::Secured;
use crate::openbadges::reading::{id_of, many};

/// What holders sign presentations for.
const PURPOSE: &str = "authentication";
/// The most credentials of one presentation.
const MOST: usize = 16;

/// What the holder was asked to sign besides.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Challenged {
    /// Against replay: the text that the verifier made up.
    pub challenge: Option<String>,
    /// The place the presentation is meant for.
    pub domain: Option<String>,
}

/// A presentation, well-formed; nothing of it is verified.
#[derive(Debug, Clone, PartialEq)]
pub struct Presentation {
    secured: Secured,
    credentials: Vec<Presented>,
}

/// What a presentation came to.
#[derive(Debug, Clone, PartialEq)]
pub struct PresentationJudgement {
    /// Why the presentation itself cannot be relied on, each as a sentence; empty if it can.
    pub problems: Vec<String>,
    /// Of each credential, in order.
    pub credentials: Vec<Judgement>,
    /// What must be fetched.
    pub needs: Vec<Need>,
}

/// Takes a presentation apart: JSON, or the text of an enveloped one.
pub fn read_presentation(value: &Value) -> Result<Presentation, Malformed> {
    let secured = match presented::enveloped(value, "EnvelopedVerifiablePresentation") {
        Some(token) => Secured::token(token)?,
        None => Secured::embedded(value.clone()),
    };
    let held = many(&secured.document, "verifiableCredential");
    if held.len() > MOST {
        return Err(Malformed::Presentation { count: held.len() });
    }
    let credentials = held.iter().map(presented::of_value).collect::<Result<_, _>>()?;
    Ok(Presentation { secured, credentials })
}

/// Judges a presentation and every credential in it by what is known.
pub fn judge_presentation(
    presentation: &Presentation,
    challenged: &Challenged,
    facts: &Facts,
) -> PresentationJudgement {
    let document = &presentation.secured.document;
    let mut problems = data_model::flaws_of_presentation(document);
    // The credentials in it have contexts and proofs of their own.
    let outside = without_credentials(document);
    if spelling::roundabout(&outside).is_some() {
        problems.push("it spells part of its content in a way in which it could be overlooked".to_owned());
    }
    let signatures = Signatures::made_for(PURPOSE, &presentation.secured, facts);
    match signatures.signed() {
        Signed::Fits { others: false } => {}
        Signed::Fits { others: true } => problems.push("another signature on it could not be confirmed".to_owned()),
        Signed::Absent => problems.push("it carries no signature".to_owned()),
        Signed::DoesNotFit => problems.push("the signature does not fit its content".to_owned()),
        Signed::Undefined => problems.push("part of its content has no defined meaning".to_owned()),
        Signed::Malformed(why) => problems.push(format!("its signature cannot be read: {why}")),
        Signed::RanOut => problems.push("its signature has run out".to_owned()),
        Signed::Unsupported(kind) => problems.push(format!("signatures of the kind {kind} are not read")),
        Signed::NotVouchedFor(_, why) | Signed::Unbound(_, why) | Signed::Unreachable(_, why) => {
            problems.push(format!("the key it was signed with could not be relied on: {why}"));
        }
    }
    let holder = id_of(document, "holder");
    if holder.is_some() && !signatures.proven().any(|(controller, _)| Some(controller) == holder) {
        problems.push("it was not signed by the holder it names".to_owned());
    }
    problems.extend(unanswered(document, challenged));
    let credentials: Vec<Judgement> = presentation.credentials.iter().map(|held| judge(held, facts)).collect();
    let of_credentials = credentials.iter().flat_map(|judgement| judgement.needs.iter().cloned());
    let needs = signatures.needs().cloned().chain(of_credentials).collect();
    PresentationJudgement { problems, credentials, needs }
}

/// What the holder was asked to sign and did not.
fn unanswered(document: &Value, challenged: &Challenged) -> Vec<String> {
    let proofs = many(document, "proof");
    let asked = [("challenge", &challenged.challenge), ("domain", &challenged.domain)];
    let missing = asked.into_iter().filter(|(name, asked)| {
        let signed = |proof: &Value| {
            asked.as_deref().is_none_or(|asked| many(proof, name).iter().any(|value| value.as_str() == Some(asked)))
        };
        asked.is_some() && (proofs.is_empty() || !proofs.iter().all(signed))
    });
    missing.map(|(name, _)| format!("it does not answer the {name} that was asked")).collect()
}

fn without_credentials(document: &Value) -> Value {
    let mut outside = document.clone();
    if let Some(members) = outside.as_object_mut() {
        members.shift_remove("verifiableCredential");
    }
    outside
}
