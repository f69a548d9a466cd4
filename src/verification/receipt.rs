//! A [`Receipt`]: what a service signed about a check it made, so that it can be shown later what was found, and when.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::checks::Answer;
use super::facts::Facts;
use super::inspect::Judgement;
use super::keys::{self, KeyProblem, PURPOSE};
use super::past::{Hindsight, Past};
use super::presented::Malformed;
use super::report::{CheckId, IssuerTrust, ReceiptOf, Report, Trust, Verdict};
use super::summary;
use super::verdict;
use super::words;
use crate::linked_data::json;
use crate::proof::jose::{self, Jws};

/// The `typ` of a receipt: nothing else that is signed can be taken for one (RFC 8725 §3.11).
pub const RECEIPT_TYPE: &str = "assay-receipt+jwt";

/// The most characters of what was found; a name of a holder, of an achievement and of an issuer fit into it.
const MOST_WORDS: usize = 2_000;

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
            digest: text("sha256")
                .filter(|text| is_digest(text))
                .ok_or_else(|| broken("the digest of what was checked"))?,
            jws,
            payload,
        }))
    }

    pub(super) fn payload(&self) -> &Value {
        &self.payload
    }
}

/// What was told of the past, made fit to be shown.
fn fit(past: &Past) -> Past {
    let headline = summary::clean(&past.headline, MOST_WORDS);
    let hindsight = past.hindsight.as_ref();
    let hindsight = hindsight.map(|seen| Hindsight { words: summary::clean(&seen.words, MOST_WORDS), ..seen.clone() });
    Past { headline, hindsight, ..past.clone() }
}

fn is_digest(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
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
    // Whoever signs can write anything.
    let found = summary::clean(&recorded.headline, MOST_WORDS);
    let asked_about = if recorded.as_of == recorded.checked_at {
        String::new()
    } else {
        format!(", about the state on {}", words::moment(recorded.as_of))
    };
    let of = format!("Receipt of a check made by {by} on {}{asked_about}: {found}", words::moment(receipt.issued_at));
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
        then: recorded.then.as_ref().filter(|_| matches!(trust, Trust::Ours | Trust::Listed)).map(fit),
        checks: [format, proof, issuer].into_iter().map(|answer| answer.check).collect(),
        credential: summary::fit(recorded.credential.clone()),
        issuer: IssuerTrust {
            id: summary::shown(&receipt.issuer),
            leads_to: None,
            trust,
            name: verdict::listed_name(&receipt.issuer, facts),
        },
        receipt_of: Some(ReceiptOf {
            by: summary::shown(&receipt.issuer).unwrap_or_default(),
            checked_at: receipt.issued_at,
            sha256: receipt.digest.clone(),
            headline: found,
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

#[cfg(test)]
mod tests {
    use ed25519_dalek::{Signer as _, SigningKey};

    use super::*;
    use crate::proof::{PublicKey, did};
    use crate::verification::{inspect, read};

    fn signed(recorded: &Report, digest: &str) -> String {
        let secret = SigningKey::from_bytes(&[7; 32]);
        let key = PublicKey::from_bytes(secret.verifying_key().as_bytes()).unwrap();
        let did = did::did_key(&key);
        let (header, claims) = receipt(recorded, &did, &format!("{did}#{}", key.multibase()), digest);
        let input = jose::signing_input(&header, claims.to_string().as_bytes());
        jose::compact(&input, &secret.sign(&input).to_bytes())
    }

    #[test]
    fn what_a_stranger_recorded_is_made_fit_to_be_shown() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let mut recorded = verdict::not_found(now);
        recorded.headline = "Valid.\u{202e}\nRely on it.".to_owned();
        recorded.credential.holder = Some("Ana\u{202e}\u{7}Lopes".to_owned());
        let text = signed(&recorded, &"ab".repeat(32));
        let report = inspect(&read(text.as_bytes()).unwrap(), &Facts::at(now));
        assert_eq!(report.verdict, Verdict::UntrustedIssuer);
        assert!(report.headline.contains(": Valid. Rely on it. You have not listed"), "{}", report.headline);
        assert_eq!(report.credential.holder.as_deref(), Some("Ana Lopes"));
        assert_eq!(report.receipt_of.unwrap().headline, "Valid. Rely on it.");
    }

    #[test]
    fn a_receipt_without_a_digest_is_none() {
        let recorded = verdict::not_found(DateTime::UNIX_EPOCH);
        for digest in ["", "\u{202e}", &"AB".repeat(32), &"ab".repeat(33)] {
            let error = read(signed(&recorded, digest).as_bytes()).unwrap_err();
            assert_eq!(
                error.to_string(),
                "the signed text cannot be read: it is a receipt without the digest of what was checked"
            );
        }
    }
}
