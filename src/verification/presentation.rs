//! Presentations: what a holder hands over, signed with the holder's own key, and the credentials in it.

use serde_json::Value;

use super::data_model;
use super::facts::{Facts, Need};
use super::inspect::{Judgement, judge};
use super::presented::{self, Malformed, Presented};
use super::signatures::{Held, Signatures, Signed};
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

/// Why a presentation itself cannot be relied on; each is a sentence without its beginning ("it …") and end.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PresentationProblem {
    /// It is not as the data model requires.
    #[error("{0}")]
    Shape(String),
    /// It is spelled in a way in which readers of plain JSON overlook something.
    #[error("it spells part of its content in a way in which it could be overlooked")]
    Roundabout,
    /// Part of it has no meaning that a signature could cover.
    #[error("part of its content has no defined meaning: {0}")]
    Undefined(String),
    /// No signature on it can be relied on, or not all.
    #[error("{0}")]
    Signature(String),
    /// The signature does not fit: changed content, or another key.
    #[error("the signature does not fit its content")]
    DoesNotFit,
    /// It names a holder who did not sign it.
    #[error("it was not signed by the holder it names")]
    NotByHolder,
    /// The challenge was not signed.
    #[error("it does not answer the challenge that was asked")]
    Challenge,
    /// The domain was not signed.
    #[error("it does not answer the domain that was asked")]
    Domain,
}

/// What a presentation came to.
#[derive(Debug, Clone, PartialEq)]
pub struct PresentationJudgement {
    /// Why the presentation itself cannot be relied on; empty if it can.
    pub problems: Vec<PresentationProblem>,
    /// What each of its signatures is worth, in order.
    pub signatures: Vec<Held>,
    /// Of each credential, in order.
    pub credentials: Vec<Judgement>,
    /// What must be fetched.
    pub needs: Vec<Need>,
}

impl Presentation {
    /// As JSON; of a token, its payload without the claims about the token.
    pub fn value(&self) -> &Value {
        &self.secured.document
    }

    /// The credentials in it.
    pub fn credentials(&self) -> &[Presented] {
        &self.credentials
    }
}

/// Takes a presentation apart: JSON, an enveloped one, or the text of a token.
pub fn read_presentation(value: &Value) -> Result<Presentation, Malformed> {
    let secured = match (value, presented::enveloped(value, "EnvelopedVerifiablePresentation")) {
        (Value::String(token), _) => Secured::token(token)?,
        (_, Some(token)) => Secured::token(token)?,
        (Value::Object(_), None) => Secured::embedded(value.clone()),
        _ => return Err(Malformed::NotAnObject),
    };
    let held = many(&secured.document, "verifiableCredential");
    if held.len() > MOST {
        return Err(Malformed::TooMany { count: held.len(), most: MOST });
    }
    let credentials = held.iter().map(presented::of_value).collect::<Result<Vec<_>, _>>()?;
    if !credentials.iter().all(Presented::is_credential) {
        return Err(Malformed::NotACredential);
    }
    Ok(Presentation { secured, credentials })
}

/// Judges a presentation and every credential in it by what is known.
pub fn judge_presentation(
    presentation: &Presentation,
    challenged: &Challenged,
    facts: &Facts,
) -> PresentationJudgement {
    let document = presentation.value();
    let signatures = Signatures::made_for(PURPOSE, &presentation.secured, facts);
    let mut problems: Vec<PresentationProblem> =
        data_model::flaws_of_presentation(document).into_iter().map(PresentationProblem::Shape).collect();
    // The credentials in it have contexts and proofs of their own.
    if spelling::own_terms(&without_credentials(document)).is_err() {
        problems.push(PresentationProblem::Roundabout);
    }
    if let Some(error) = &signatures.undefined {
        problems.push(PresentationProblem::Undefined(error.to_string()));
    }
    problems.extend(unsigned(&signatures));
    let begins = presentation.secured.token.as_ref().and_then(|token| token.begins().transpose());
    if begins.is_some_and(|begins| begins.is_err() || begins > Ok(facts.moment())) {
        problems.push(PresentationProblem::Signature("its signature does not hold yet, by its own word".to_owned()));
    }
    let holder = id_of(document, "holder");
    if holder.is_some() && !signatures.proven().any(|(controller, _)| Some(controller) == holder) {
        problems.push(PresentationProblem::NotByHolder);
    }
    problems.extend(unanswered(&presentation.secured, challenged));
    let credentials: Vec<Judgement> = presentation.credentials.iter().map(|held| judge(held, facts)).collect();
    let mut needs = Vec::new();
    for need in signatures.needs().chain(credentials.iter().flat_map(|judgement| &judgement.needs)) {
        if !needs.contains(need) {
            needs.push(need.clone());
        }
    }
    PresentationJudgement { problems, signatures: signatures.each(), credentials, needs }
}

/// Why its signatures do not suffice: of a presentation, all must hold.
fn unsigned(signatures: &Signatures) -> Option<PresentationProblem> {
    let words = match signatures.signed() {
        // What has no meaning is told by itself.
        Signed::Fits { others: false } | Signed::Undefined => return None,
        Signed::DoesNotFit => return Some(PresentationProblem::DoesNotFit),
        Signed::Fits { others: true } => "another signature on it could not be confirmed".to_owned(),
        Signed::Absent => "it carries no signature".to_owned(),
        Signed::Malformed(why) => format!("its signature cannot be read: {why}"),
        Signed::RanOut => "its signature has run out".to_owned(),
        Signed::Unsupported(kind) => format!("signatures of the kind {kind} are not read"),
        Signed::NotVouchedFor(_, why) | Signed::Unbound(_, why) | Signed::Unreachable(_, why) => {
            format!("the key it was signed with could not be relied on: {why}")
        }
    };
    Some(PresentationProblem::Signature(words))
}

/// What was asked to be signed besides, and was not: by every proof, or by the claims of a token.
pub(super) fn unanswered(secured: &Secured, challenged: &Challenged) -> Vec<PresentationProblem> {
    let asked = [
        (&challenged.challenge, "challenge", "nonce", PresentationProblem::Challenge),
        (&challenged.domain, "domain", "aud", PresentationProblem::Domain),
    ];
    let answered = |text: &str, member: &str, claim: &str| {
        let is_text = |value: &Value| value.as_str() == Some(text);
        if let Some(token) = &secured.token {
            // A token may be meant for several (RFC 7519 §4.1.3).
            return token.claims.get(claim).is_some_and(|said| values(said).iter().any(is_text));
        }
        let proofs = many(&secured.document, "proof");
        // A proof for other domains besides is not one for this domain (VC Data Integrity §4.4).
        let says = |proof: &Value| {
            let said = many(proof, member);
            !said.is_empty() && said.iter().all(is_text)
        };
        !proofs.is_empty() && proofs.iter().all(says)
    };
    let unanswered = asked
        .into_iter()
        .filter(|(text, member, claim, _)| text.as_deref().is_some_and(|text| !answered(text, member, claim)));
    unanswered.map(|(.., problem)| problem).collect()
}

/// Of a list, each; else the one.
fn values(said: &Value) -> &[Value] {
    said.as_array().map_or(std::slice::from_ref(said), Vec::as_slice)
}

fn without_credentials(document: &Value) -> Value {
    let mut outside = document.clone();
    if let Some(members) = outside.as_object_mut() {
        members.shift_remove("verifiableCredential");
    }
    outside
}
