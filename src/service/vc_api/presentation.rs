//! Verifying a presentation: its own signature, what it was asked to sign besides, and every credential in it.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::options::Options;
use super::problem::ProblemDetails;
use super::verify::{Part, VerificationResult, parts, result};
use crate::app::App;
use crate::linked_data::json;
use crate::openbadges::reading::{id_of, many};
use crate::service::{Breakdown, verify};
use crate::verification::{
    self, Challenged, Held, Malformed, Presentation, PresentationJudgement, PresentationProblem,
};

/// What a presentation came to.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PresentationResult {
    /// Whether it holds, and every credential in it.
    pub verified: bool,
    /// The presentation as it was given, if it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub verifiable_presentation: Option<Value>,
    /// What is wrong with it, and with the credentials in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem_details: Option<Vec<ProblemDetails>>,
    /// What each part came to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub results: Option<PresentationResults>,
}

/// What the parts of a presentation came to.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PresentationResults {
    /// Of the presentation itself.
    pub presentation: OfPresentation,
    /// Of each credential in it.
    pub credentials: Vec<VerificationResult>,
}

/// What the presentation itself came to.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct OfPresentation {
    /// Of the challenge, if one was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub challenge: Option<Part>,
    /// Of the domain, if one was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub domain: Option<Part>,
    /// Of the holder, if it names one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holder: Option<Part>,
    /// Of its proofs, in order.
    pub proof: Vec<Part>,
}

/// Verifies a presentation: the JSON text of one, of an enveloped one, or of a string that is a token.
pub async fn presentation(
    app: &App,
    text: &str,
    options: &Options,
) -> Result<Result<PresentationResult, Malformed>, Breakdown> {
    let owned = text.to_owned();
    let presentation = match app.judges.judge(move || read(&owned)).await? {
        Ok(presentation) => presentation,
        Err(malformed) => return Ok(Err(malformed)),
    };
    let judgement = verify::presentation(app, presentation.clone(), options.challenged.clone()).await?;
    let judged = presentation.credentials().iter().zip(&judgement.credentials);
    let credentials: Vec<VerificationResult> = judged.map(|(held, of)| result(held, &of.report)).collect();
    Ok(Ok(PresentationResult {
        verified: judgement.problems.is_empty() && credentials.iter().all(|credential| credential.verified),
        verifiable_presentation: options.subject.then(|| serde_json::from_str(text).unwrap_or_default()),
        problem_details: options.problems.then(|| problems(&judgement, &credentials)),
        results: options.results.then(|| PresentationResults {
            presentation: of_presentation(&presentation, &judgement, &options.challenged),
            credentials,
        }),
    }))
}

fn read(text: &str) -> Result<Presentation, Malformed> {
    let value = json::parse(text.as_bytes()).map_err(|error| Malformed::BrokenJson(error.to_string()))?;
    verification::read_presentation(&value)
}

/// Those of the presentation, then those of the credentials, each with the place of the credential.
fn problems(judgement: &PresentationJudgement, credentials: &[VerificationResult]) -> Vec<ProblemDetails> {
    let own = judgement.problems.iter().map(ProblemDetails::from);
    let held = credentials.iter().enumerate().flat_map(|(at, credential)| {
        let problems = credential.problem_details.iter().flatten().cloned();
        problems.map(move |problem| ProblemDetails {
            detail: format!("Credential {}: {}", at + 1, problem.detail),
            ..problem
        })
    });
    own.chain(held).collect()
}

fn of_presentation(
    presentation: &Presentation,
    judgement: &PresentationJudgement,
    challenged: &Challenged,
) -> OfPresentation {
    let part = |input: Option<&str>, problem: &PresentationProblem| {
        let verified = !judgement.problems.contains(problem);
        input.map(|input| Part { verified, input: Value::String(input.to_owned()) })
    };
    let document = presentation.value();
    OfPresentation {
        challenge: part(challenged.challenge.as_deref(), &PresentationProblem::Challenge),
        domain: part(challenged.domain.as_deref(), &PresentationProblem::Domain),
        holder: part(id_of(document, "holder"), &PresentationProblem::NotByHolder),
        proof: parts(many(document, "proof"), |at| judgement.signatures.get(at) == Some(&Held::Holds)),
    }
}
