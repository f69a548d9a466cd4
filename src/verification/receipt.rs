//! A [`Receipt`]: what a service signed about a check it made, so that it can be shown later what was found, and when.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::checks::Answer;
use super::facts::Facts;
use super::inspect::Judgement;
use super::keys::{self, KeyProblem, PURPOSE};
use super::presented::Malformed;
use super::report::{CheckId, IssuerTrust, ReceiptOf, Report, Trust, Verdict};
use super::verdict;
use super::words;
use crate::linked_data::json;
use crate::proof::jose::{self, Jws};

/// The `typ` of a receipt: nothing else that is signed can be taken for one (RFC 8725 §3.11).
pub const RECEIPT_TYPE: &str = "assay-receipt+jwt";

/// A receipt as it was handed in: well-formed, nothing of it is verified.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Receipt {
    pub(super) jws: Jws,
    payload: Value,
    pub(super) report: Report,
    /// The DID of the service that made the check.
    pub(super) issuer: String,
    pub(super) issued_at: DateTime<Utc>,
    /// SHA-256 of what was checked, in hex.
    pub(super) digest: String,
}

impl Receipt {
    /// Takes a compact JWS apart; none if it is no receipt.
    pub(super) fn read(text: &str) -> Result<Option<Self>, Malformed> {
        let jws = jose::parse(text).map_err(|e| Malformed::BrokenToken(e.to_string()))?;
        if jws.header().get("typ").and_then(Value::as_str) != Some(RECEIPT_TYPE) {
            return Ok(None);
        }
        let broken = |what: &str| Malformed::BrokenToken(format!("it is a receipt without {what}"));
        let payload = json::parse(jws.payload()).map_err(|e| Malformed::BrokenJson(e.to_string()))?;
        let text = |name: &str| payload.get(name).and_then(Value::as_str).map(str::to_owned);
        let report = payload.get("report").cloned().and_then(|report| serde_json::from_value(report).ok());
        let at = payload.get("iat").and_then(Value::as_i64).and_then(|at| DateTime::from_timestamp(at, 0));
        Ok(Some(Receipt {
            report: report.ok_or_else(|| broken("a report"))?,
            issuer: text("iss").ok_or_else(|| broken("the one who made the check"))?,
            issued_at: at.ok_or_else(|| broken("the time of the check"))?,
            digest: text("sha256").ok_or_else(|| broken("the digest of what was checked"))?,
            jws,
            payload,
        }))
    }

    pub(super) fn payload(&self) -> &Value {
        &self.payload
    }
}

/// Judges the receipt itself. If it is genuine, the verdict is that of the check it is the receipt of: whoever asks only for
/// the verdict must not take the receipt of a revoked badge for a valid badge.
pub(super) fn judge(receipt: &Receipt, facts: &Facts) -> Judgement {
    let by = words::host(&receipt.issuer);
    let format = Answer::passed(CheckId::Format, "It is a receipt: what a service signed about a check it made.");
    let (mut proof, issuer) = signed(receipt, facts, &by);
    let needs = std::mem::take(&mut proof.needs);
    let trust = verdict::trust_in(Some(&receipt.issuer), Some(receipt.issued_at), facts);
    let recorded = &receipt.report;
    let of = format!("Receipt of a check made by {by} on {}: {}", words::moment(receipt.issued_at), recorded.headline);
    let failed = [&proof, &issuer].into_iter().find_map(|answer| answer.verdict.clone());
    let open = proof.check.outcome == super::report::CheckOutcome::CouldNotCheck;
    let (verdict, headline) = match (failed, trust) {
        (Some(failed), _) => failed,
        (None, _) if open => (Verdict::Inconclusive, words::inconclusive(&proof.check.words)),
        (None, Trust::Ours | Trust::Listed) => (recorded.verdict, of),
        (None, Trust::Unlisted | Trust::ListedForOtherTimes) => {
            (Verdict::UntrustedIssuer, format!("{of} You have not listed whoever made that check."))
        }
    };
    let report = Report {
        verdict,
        headline,
        checked_at: facts.now,
        as_of: recorded.as_of,
        as_known_at: recorded.as_known_at,
        hindsight: None,
        checks: [format, proof, issuer].into_iter().map(|answer| answer.check).collect(),
        credential: recorded.credential.clone(),
        issuer: IssuerTrust {
            id: Some(receipt.issuer.clone()),
            trust,
            name: verdict::listed_name(&receipt.issuer, facts),
        },
        receipt_of: Some(ReceiptOf {
            by: receipt.issuer.clone(),
            checked_at: receipt.issued_at,
            sha256: receipt.digest.clone(),
            headline: recorded.headline.clone(),
        }),
    };
    Judgement { report, needs }
}

/// `proof` and `issuer`: by a key that the service it names vouches for.
fn signed(receipt: &Receipt, facts: &Facts, by: &str) -> (Answer, Answer) {
    let kid = receipt.jws.kid().unwrap_or_default();
    let unproven =
        || Answer::open(CheckId::Issuer, "As long as no signature is confirmed, nobody is proven to have made it.");
    let fail = |id, words: String| Answer::failed(id, Verdict::Invalid, words);
    match keys::key(kid, PURPOSE, facts) {
        Ok(vouched) if receipt.jws.fits(&vouched.key) => {
            let fits = Answer::passed(CheckId::Proof, "The signature fits this receipt: nothing was changed.");
            let issuer = if vouched.controller == receipt.issuer {
                Answer::passed(
                    CheckId::Issuer,
                    format!("The key that signed it belongs to the service it names: {by}."),
                )
            } else {
                let words = "It was signed with a key that does not belong to the service it names. Do not rely on it.";
                fail(CheckId::Issuer, words.to_owned())
            };
            (fits, issuer)
        }
        Ok(_) => (fail(CheckId::Proof, words::DOES_NOT_FIT.to_owned()), unproven()),
        Err(KeyProblem::NotVouchedFor(_, why)) => {
            (fail(CheckId::Proof, format!("The key it was signed with is not vouched for by {by}: {why}.")), unproven())
        }
        Err(KeyProblem::Missing(need)) => {
            let words = format!("The list of keys of {by} was not asked.");
            (Answer::open(CheckId::Proof, words).need([need]), unproven())
        }
        Err(KeyProblem::Unreachable(_, why) | KeyProblem::Unbound(_, why)) => {
            (Answer::open(CheckId::Proof, format!("The list of keys of {by} {why}.")), unproven())
        }
    }
}

/// Header and claims of the receipt of a check, to be signed by the service `issuer` with its key `kid` (a DID URL).
///
/// `digest` is the SHA-256, in hex, of the bytes that were handed in: whoever holds them can show that they are meant.
pub fn receipt(report: &Report, issuer: &str, kid: &str, digest: &str) -> (Value, Value) {
    let header = json!({ "alg": "EdDSA", "typ": RECEIPT_TYPE, "kid": kid });
    let claims = json!({ "iss": issuer, "iat": report.checked_at.timestamp(), "sha256": digest, "report": report });
    (header, claims)
}
