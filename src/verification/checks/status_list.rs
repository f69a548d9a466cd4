//! One `BitstringStatusListEntry` against the list it names, which is a signed credential of its own.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{Answer, Case};
use crate::openbadges::reading::{Moment, first, id_of, is_a, many, moment};
use crate::status_list::{Bitstring, MINIMUM_BITS};
use crate::verification::facts::Found;
use crate::verification::report::{CheckId, Verdict};
use crate::verification::signatures::{Signatures, Signed};
use crate::verification::spelling;
use crate::verification::words;

/// What one status entry of the credential says.
pub(super) fn entry(case: &Case<'_>, entry: &Value) -> Answer {
    match read(case, entry) {
        Ok(answer) => answer,
        Err(why) => open(why),
    }
}

fn open(words: String) -> Answer {
    Answer::open(CheckId::Status, words)
}

/// `Err` is the sentence that says why the entry could not be checked.
fn read(case: &Case<'_>, entry: &Value) -> Result<Answer, String> {
    if !is_a(entry, "BitstringStatusListEntry") {
        let kind = first(entry, "type").and_then(Value::as_str).unwrap_or("without a type");
        let kind = words::lower_first(kind).chars().take(80).collect::<String>();
        return Err(format!("Its status is kept in a way that is not read by this version ({kind})."));
    }
    let purpose = entry.get("statusPurpose").and_then(Value::as_str).ok_or("Its status entry has no purpose.")?;
    let verdict = match purpose {
        "revocation" => Some(Verdict::Revoked),
        "suspension" => Some(Verdict::Suspended),
        // A newer version exists, or there is a message: nothing that makes this copy less valid.
        "refresh" | "message" => None,
        _ => return Err("Its status entry has a purpose that is not known here.".to_owned()),
    };
    let Some(verdict) = verdict else {
        return Ok(Answer::passed(CheckId::Status, "Its status entry speaks of other things than revocation."));
    };
    if entry.get("statusSize").is_some_and(|size| size.as_u64() != Some(1)) {
        return Err("Its status takes more than one bit, which is not read by this version.".to_owned());
    }
    let index = index(entry).ok_or("Its status entry has no usable index.")?;
    let address = entry
        .get("statusListCredential")
        .and_then(Value::as_str)
        .ok_or("Its status entry does not say where the list is.")?;
    let list = match case.facts.status_lists.get(address) {
        Some(Found::Got(list)) => list,
        Some(Found::CouldNot(why)) => return Err(unanswered(address, why, case.facts.now)),
        None => return Err(unanswered(address, "was not asked", case.facts.now)),
    };
    let bits = trusted(case, list, address, purpose)?;
    let set =
        bits.get(index).ok_or_else(|| format!("The status list of {} is too short for it.", words::host(address)))?;
    let answer = if set {
        let words = if verdict == Verdict::Suspended { words::suspended_by_list() } else { words::revoked_by_list() };
        Answer::failed(CheckId::Status, verdict, words)
    } else if bits.len() < MINIMUM_BITS {
        Answer::warning(CheckId::Status, "Not revoked, by a status list that is shorter than the standard asks for.")
            .fact("bits", bits.len())
    } else if id_of(list, "issuer") != case.issuer {
        Answer::warning(CheckId::Status, "Not revoked, by a status list that somebody else than its issuer signs.")
    } else {
        Answer::passed(CheckId::Status, "Not revoked, by the status list that its issuer signs.")
    };
    Ok(answer.fact("list", address).fact("index", index).fact("purpose", purpose))
}

/// "The status list of badges.example did not answer at 10:02 UTC."
fn unanswered(address: &str, why: &str, now: DateTime<Utc>) -> String {
    format!("The status list of {} {why} at {} UTC.", words::host(address), now.format("%H:%M"))
}

/// A number in decimal; older examples write it without quotes.
fn index(entry: &Value) -> Option<usize> {
    match entry.get("statusListIndex")? {
        Value::String(text) if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) => text.parse().ok(),
        Value::Number(number) => number.as_u64().and_then(|n| usize::try_from(n).ok()),
        _ => None,
    }
}

/// The bits, once the list credential itself has passed: signed by whom it names, current, about this purpose.
fn trusted(case: &Case<'_>, list: &Value, address: &str, purpose: &str) -> Result<Bitstring, String> {
    let of = words::host(address);
    if !is_a(list, "BitstringStatusListCredential") {
        return Err(format!("What {of} keeps as its status list is none."));
    }
    if list.get("id").is_some_and(|id| id.as_str() != Some(address)) {
        return Err(format!("The status list of {of} is another than the one asked for."));
    }
    if spelling::roundabout(list).is_some() {
        return Err(format!("The status list of {of} is spelled in a way in which something could be overlooked."));
    }
    signed(case, list, &of)?;
    current(list, case.facts.now, &of)?;
    let subject = first(list, "credentialSubject").ok_or_else(|| format!("The status list of {of} is empty."))?;
    if !many(subject, "statusPurpose").iter().any(|p| p.as_str() == Some(purpose)) {
        return Err(format!("The status list of {of} serves another purpose."));
    }
    let encoded = subject.get("encodedList").and_then(Value::as_str);
    let encoded = encoded.ok_or_else(|| format!("The status list of {of} is empty."))?;
    Bitstring::decode(encoded).map_err(|e| format!("The status list of {of} cannot be read: {e}."))
}

fn signed(case: &Case<'_>, list: &Value, of: &str) -> Result<(), String> {
    let signatures = Signatures::of(list, case.facts);
    let issuer = id_of(list, "issuer");
    match signatures.signed() {
        Signed::Fits { .. } if signatures.proven().any(|(controller, _)| Some(controller) == issuer) => Ok(()),
        Signed::Fits { .. } => Err(format!("The status list of {of} is signed by somebody else than it says.")),
        Signed::DoesNotFit => Err(format!("The signature of the status list of {of} does not fit it.")),
        Signed::Absent => Err(format!("The status list of {of} is not signed.")),
        Signed::Unreachable(who, why) => {
            Err(format!("The list of keys of {} {why} at {} UTC.", words::host(&who), case.facts.now.format("%H:%M")))
        }
        Signed::Undefined
        | Signed::Unsupported(_)
        | Signed::Malformed(_)
        | Signed::RanOut
        | Signed::NotVouchedFor(..) => Err(format!("The signature of the status list of {of} could not be confirmed.")),
    }
}

/// Lists tell the present, whatever moment is asked about.
fn current(list: &Value, now: DateTime<Utc>, of: &str) -> Result<(), String> {
    let from = moment(list, &["validFrom", "issuanceDate"]);
    let until = moment(list, &["validUntil", "expirationDate"]);
    if from == Some(Moment::Unreadable) || until == Some(Moment::Unreadable) {
        return Err(format!("The status list of {of} has an unreadable date."));
    }
    if from.and_then(Moment::at).is_some_and(|from| now < from) {
        return Err(format!("The status list of {of} is dated in the future."));
    }
    if until.and_then(Moment::at).is_some_and(|until| now > until) {
        return Err(format!("The status list of {of} is out of date."));
    }
    Ok(())
}
