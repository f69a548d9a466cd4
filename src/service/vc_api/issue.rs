//! Issuing test credentials: whatever is well-formed gets a proof of eddsa-rdfc-2022.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use super::options::{not_so, text, unknown};
use super::problem::{ProblemDetails, ProblemType};
use crate::app::{App, VcApi};
use crate::clock::whole_seconds;
use crate::linked_data::json as strict;
use crate::openbadges::CONTEXT_VC1;
use crate::openbadges::reading::{id_of, many};
use crate::proof::data_integrity::{self, MAX_PROOFS, ProofError, ProofOptions};
use crate::service::{Breakdown, moment};
use crate::verification::{self, CheckId, CheckOutcome, Facts};

/// What defines the terms of a proof for credentials of version 1.1, whose own context does not.
const DATA_INTEGRITY: &str = "https://w3id.org/security/data-integrity/v2";

/// Nothing was signed.
#[derive(Debug, thiserror::Error)]
pub enum IssueError {
    /// The request or the credential in it is not as it must be.
    #[error("the credential was not issued: {} problems", .0.len())]
    Refused(Vec<ProblemDetails>),
    /// Anything else.
    #[error(transparent)]
    Breakdown(#[from] Breakdown),
}

impl From<ProblemDetails> for IssueError {
    fn from(problem: ProblemDetails) -> Self {
        IssueError::Refused(vec![problem])
    }
}

/// Signs `credential`, a JSON text, as the DID of the VC API; nothing of it is kept. Proofs that it has stay beside the new
/// one (a proof set).
pub async fn issue(
    app: &App,
    vc_api: &VcApi,
    credential: &str,
    options: Option<&Map<String, Value>>,
) -> Result<Value, IssueError> {
    let named = credential_id(options)?;
    let (credential, vc_api, created) = (credential.to_owned(), vc_api.clone(), whole_seconds(app.clock.now()));
    let key = vc_api.key.clone();
    let prepare = move || prepare(&credential, named, &vc_api, created);
    let (mut document, options, bytes) = app.judges.judge(prepare).await.map_err(Breakdown::from)??;
    let signature = app.signer.sign(&key, &bytes).await.map_err(Breakdown::from)?;
    add_proof(&mut document, data_integrity::proof(&options, &signature));
    let facts = Facts::at(moment(app));
    app.judges.judge(move || inspect(document, &facts)).await.map_err(Breakdown::from)?.map_err(IssueError::from)
}

/// The document, how it is signed, and what of it.
type Prepared = (Value, ProofOptions, [u8; 64]);

fn prepare(
    credential: &str,
    named: Option<String>,
    vc_api: &VcApi,
    created: DateTime<Utc>,
) -> Result<Prepared, IssueError> {
    let document = strict::parse(credential.as_bytes())
        .map_err(|error| ProblemType::Parsing.because(format!("The credential cannot be read: {error}.")))?;
    let Value::Object(mut members) = document else {
        return Err(ProblemType::MalformedValue.because("The credential must be an object.").into());
    };
    if let Some(id) = named {
        members.entry("id").or_insert(Value::String(id));
    }
    members.entry("issuer").or_insert_with(|| Value::String(vc_api.did.clone()));
    let mut document = Value::Object(members);
    define_proofs(&mut document);
    check(&document, vc_api)?;
    let options = ProofOptions { verification_method: format!("{}#{}", vc_api.did, vc_api.key), created };
    let bytes = data_integrity::bytes_to_sign(&document, &options).map_err(meaningless)?;
    Ok((document, options, bytes))
}

/// Options of issuing: a name for a credential that has none; and what selective disclosure must show, which a suite that
/// shows everything cannot be told.
fn credential_id(options: Option<&Map<String, Value>>) -> Result<Option<String>, ProblemDetails> {
    let mut id = None;
    for (name, value) in options.into_iter().flatten() {
        match (name.as_str(), value) {
            ("credentialId", value) => id = Some(text(name, value)?),
            ("mandatoryPointers", Value::Array(pointers)) if pointers.is_empty() => {}
            ("mandatoryPointers", Value::Array(_)) => {
                let detail = "Proofs of eddsa-rdfc-2022 show the whole credential: there is nothing to select.";
                return Err(ProblemType::UnknownOption.because(detail));
            }
            ("mandatoryPointers", _) => return Err(not_so(name, "a list of JSON pointers")),
            (name, _) => return Err(unknown(name)),
        }
    }
    Ok(id)
}

/// VC Data Integrity §2.4.1: where no context defines what a proof says, one is added.
fn define_proofs(document: &mut Value) {
    let contexts = many(document, "@context");
    let first = contexts.first().and_then(Value::as_str);
    if first == Some(CONTEXT_VC1) && !contexts.iter().any(|context| context == DATA_INTEGRITY) {
        let all: Vec<Value> = contexts.iter().cloned().chain([json!(DATA_INTEGRITY)]).collect();
        document["@context"] = Value::Array(all);
    }
}

/// All that must be put right, at once.
fn check(document: &Value, vc_api: &VcApi) -> Result<(), IssueError> {
    let flaws = verification::flaws(document).into_iter();
    let mut problems: Vec<ProblemDetails> =
        flaws.map(|flaw| ProblemType::MalformedValue.because(format!("In the credential, {flaw}."))).collect();
    if id_of(document, "issuer").is_some_and(|issuer| issuer != vc_api.did) {
        let detail = format!("The issuer must be {}, or left out: this service signs as nobody else here.", vc_api.did);
        problems.push(ProblemType::MalformedValue.because(detail));
    }
    if many(document, "proof").len() >= MAX_PROOFS {
        problems.push(ProblemType::Range.because(format!("It has {MAX_PROOFS} proofs or more already.")));
    }
    if problems.is_empty() { Ok(()) } else { Err(IssueError::Refused(problems)) }
}

fn meaningless(error: ProofError) -> IssueError {
    let kind = match error {
        ProofError::Document(_) => ProblemType::DataLossDetection,
        ProofError::NotAnObject | ProofError::NoProof | ProofError::TooManyProofs { .. } => ProblemType::MalformedValue,
    };
    kind.because(format!("A signature could not cover all of the credential: {error}.")).into()
}

/// A single proof stands by itself; several are a list.
fn add_proof(document: &mut Value, proof: Value) {
    document["proof"] = match many(document, "proof") {
        [] => proof,
        others => others.iter().cloned().chain([proof]).collect(),
    };
}

/// What our own verifier would not confirm is not given out.
fn inspect(document: Value, facts: &Facts) -> Result<Value, Breakdown> {
    let unsound = |why: String| Err(Breakdown::Unsound(why));
    let presented = match verification::read(document.to_string().as_bytes()) {
        Ok(presented) => presented,
        Err(malformed) => return unsound(malformed.to_string()),
    };
    let report = verification::inspect(&presented, facts);
    let confirmed = |id: CheckId| {
        let outcome = report.checks.iter().find(|check| check.id == id).map(|check| check.outcome);
        matches!(outcome, Some(CheckOutcome::Passed | CheckOutcome::Warning))
    };
    if confirmed(CheckId::Proof) && confirmed(CheckId::Issuer) { Ok(document) } else { unsound(report.headline) }
}
