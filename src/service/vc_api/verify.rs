//! Verifying a credential: the report, in the words of VCALM.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::options::Options;
use super::problem::{self, ProblemDetails};
use crate::app::App;
use crate::openbadges::reading::many;
use crate::service::{Breakdown, verify};
use crate::verification::{self, Check, CheckId, CheckOutcome, Malformed, Presented, Report};

/// What a credential came to.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct VerificationResult {
    /// Whether it holds. Who issued it is for the caller to judge.
    pub verified: bool,
    /// The credential as it was given, if it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub credential: Option<Value>,
    /// What is wrong with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem_details: Option<Vec<ProblemDetails>>,
    /// What each part came to, if that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub results: Option<Results>,
}

/// What the parts of a credential came to.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Results {
    /// Of the beginning, if it says one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<Part>,
    /// Of the end, if it says one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Part>,
    /// Of its status entries, which are judged together.
    pub credential_status: Vec<Part>,
    /// Of its proofs, in order.
    pub proof: Vec<Part>,
}

/// What one part came to.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Part {
    /// Whether it holds.
    pub verified: bool,
    /// The part, as given.
    #[schema(value_type = Object)]
    pub input: Value,
}

/// Verifies a credential: the JSON text of one, of an enveloped one, or of a string that is a token.
pub async fn credential(
    app: &App,
    text: &str,
    options: &Options,
) -> Result<Result<VerificationResult, Malformed>, Breakdown> {
    let owned = text.to_owned();
    let presented = match app.judges.judge(move || read(&owned)).await? {
        Ok(presented) => presented,
        Err(malformed) => return Ok(Err(malformed)),
    };
    let report = verify::credential(app, presented.clone()).await?;
    let mut result = result(&presented, &report);
    let unanswered = presented.unanswered(&options.challenged);
    result.verified &= unanswered.is_empty();
    result.problem_details.get_or_insert_default().extend(unanswered.iter().map(ProblemDetails::from));
    result.credential = options.subject.then(|| serde_json::from_str(text).unwrap_or_default());
    result.problem_details = result.problem_details.filter(|_| options.problems);
    result.results = result.results.filter(|_| options.results);
    Ok(Ok(result))
}

fn read(text: &str) -> Result<Presented, Malformed> {
    let token: Option<String> = serde_json::from_str(text).ok();
    let presented = verification::read(token.as_deref().unwrap_or(text).as_bytes())?;
    if presented.is_credential() { Ok(presented) } else { Err(Malformed::NotACredential) }
}

/// The report in the shape of VCALM, with everything in it but the credential.
pub(super) fn result(presented: &Presented, report: &Report) -> VerificationResult {
    let problems: Vec<ProblemDetails> = report.checks.iter().filter_map(problem::of_check).collect();
    VerificationResult {
        verified: report.stands() && problems.is_empty(),
        credential: None,
        problem_details: Some(problems),
        results: Some(results(presented.value(), report)),
    }
}

fn results(document: &Value, report: &Report) -> Results {
    let check = |id: CheckId| report.checks.iter().find(|check| check.id == id);
    let stands = |id: CheckId| {
        check(id).is_some_and(|check| matches!(check.outcome, CheckOutcome::Passed | CheckOutcome::Warning))
    };
    let validity = check(CheckId::Validity);
    let not_yet = validity.is_some_and(|check| check.facts.contains_key("validFrom"));
    let failed = validity.is_some_and(|check| check.outcome == CheckOutcome::Failed);
    let readable = validity.is_some_and(|check| check.outcome != CheckOutcome::CouldNotCheck);
    let date = |members: [&str; 2], held: bool| {
        let input = members.iter().find_map(|member| document.get(*member))?;
        Some(Part { verified: readable && held, input: input.clone() })
    };
    Results {
        valid_from: date(["validFrom", "issuanceDate"], !(failed && not_yet)),
        valid_until: date(["validUntil", "expirationDate"], !failed || not_yet),
        credential_status: parts(many(document, "credentialStatus"), |_| stands(CheckId::Status)),
        proof: parts(many(document, "proof"), |at| check(CheckId::Proof).is_some_and(|proof| holds(proof, at))),
    }
}

/// Whether the proof at this place holds: all or none, unless the report tells them apart.
fn holds(proof: &Check, at: usize) -> bool {
    match proof.facts.get("each").and_then(|each| each.get(at)) {
        Some(held) => held == "holds",
        None => proof.outcome == CheckOutcome::Passed,
    }
}

pub(super) fn parts(inputs: &[Value], verified: impl Fn(usize) -> bool) -> Vec<Part> {
    inputs.iter().enumerate().map(|(at, input)| Part { verified: verified(at), input: input.clone() }).collect()
}
