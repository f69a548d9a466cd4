//! One entry of a status list (Bitstring Status List 1.0, or the older StatusList2021) against the list it names, which is
//! a signed credential of its own.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{Answer, Case};
use crate::openbadges::reading::{Moment, first, id_of, is_a, many, moment};
use crate::status_list::{Bitstring, MINIMUM_BITS};
use crate::verification::facts::{Found, Need};
use crate::verification::report::{CheckId, Verdict};
use crate::verification::signatures::{Signatures, Signed};
use crate::verification::spelling;
use crate::verification::token::Secured;
use crate::verification::words;

/// The most bits of one status: enough for 256 messages.
const WIDEST: usize = 8;

/// Whether an entry is about other things than whether a credential holds: a newer version exists, or there is a message.
pub(super) fn is_beside(entry: &Value) -> bool {
    let purpose = entry.get("statusPurpose").and_then(Value::as_str);
    matches!(purpose, Some("refresh" | "message")) && GENERATIONS.iter().any(|(kind, _)| is_a(entry, kind))
}

/// What one status entry of the credential says.
pub(super) fn entry(case: &Case<'_>, entry: &Value) -> Answer {
    match read(case, entry) {
        Ok(answer) => answer,
        Err(open) => {
            let answer = Answer::open(CheckId::Status, open.words).need(open.needs);
            match open.problem {
                Some(problem) => answer.fact("problem", problem),
                None => answer,
            }
        }
    }
}

/// Why an entry could not be checked, and what must be fetched to mend that.
struct Open {
    words: String,
    needs: Vec<Need>,
    /// For programs: `not_retrieved` or `out_of_range`.
    problem: Option<&'static str>,
}

impl<T: Into<String>> From<T> for Open {
    fn from(words: T) -> Self {
        Open { words: words.into(), needs: Vec::new(), problem: None }
    }
}

/// The types of an entry and of its list, by generation.
const GENERATIONS: [(&str, &str); 2] = [
    ("BitstringStatusListEntry", "BitstringStatusListCredential"),
    ("StatusList2021Entry", "StatusList2021Credential"),
];

/// A status entry, read.
struct Entry<'a> {
    address: &'a str,
    index: usize,
    bits: usize,
    purpose: &'a str,
    /// The type its list must have.
    list: &'static str,
}

fn read(case: &Case<'_>, entry: &Value) -> Result<Answer, Open> {
    let Some((_, list)) = GENERATIONS.iter().find(|(kind, _)| is_a(entry, kind)) else {
        let kind = first(entry, "type").and_then(Value::as_str).unwrap_or("without a type");
        let kind = words::lower_first(kind).chars().take(80).collect::<String>();
        return Err(format!("Its status is kept in a way that is not read by this version ({kind}).").into());
    };
    let purpose = entry.get("statusPurpose").and_then(Value::as_str).ok_or("Its status entry has no purpose.")?;
    let text = |name: &str| entry.get(name).and_then(Value::as_str);
    let entry = Entry {
        address: text("statusListCredential").ok_or("Its status entry does not say where the list is.")?,
        index: index(entry).ok_or("Its status entry has no usable index.")?,
        bits: bits(entry).ok_or("Its status takes a number of bits that is not read by this version.")?,
        purpose,
        list,
    };
    let verdict = match purpose {
        "revocation" => Verdict::Revoked,
        "suspension" => Verdict::Suspended,
        _ => return Err("Its status entry has a purpose that is not known here.".into()),
    };
    let (list, bits) = list_of(case, &entry)?;
    let of = words::host(entry.address);
    let short = || Open {
        problem: Some("out_of_range"),
        ..Open::from(format!("The status list of {of} is too short for it."))
    };
    let value = bits.value(entry.index, entry.bits).ok_or_else(short)?;
    let answer = if value != 0 {
        let words = if verdict == Verdict::Suspended { words::suspended_by_list() } else { words::revoked_by_list() };
        Answer::failed(CheckId::Status, verdict, words)
    } else if bits.len() / entry.bits < MINIMUM_BITS {
        Answer::warning(CheckId::Status, "Not revoked, by a status list that is shorter than the standard asks for.")
            .fact("bits", bits.len())
    } else if id_of(&list, "issuer") != case.issuer {
        Answer::warning(CheckId::Status, "Not revoked, by a status list that somebody else than its issuer signs.")
    } else if list.get("id").is_none() {
        // It may say so (Bitstring Status List §2.2), and need not; another list of the same issuer would pass for it.
        Answer::warning(CheckId::Status, "Not revoked, by a status list that does not say which one it is.")
    } else {
        Answer::passed(CheckId::Status, "Not revoked, by the status list that its issuer signs.")
    };
    let signed_at = moment(&list, &["validFrom", "issuanceDate"]).and_then(Moment::at);
    let answer = match signed_at {
        Some(at) => answer.fact("list_from", at.to_rfc3339()),
        None => answer,
    };
    Ok(answer.fact("list", entry.address).fact("index", entry.index).fact("purpose", entry.purpose))
}

/// The list as it can be read, and its bits.
fn list_of(case: &Case<'_>, entry: &Entry<'_>) -> Result<(Value, Bitstring), Open> {
    let need = Need::StatusList(entry.address.to_owned());
    let unanswered = |why: &str| {
        let of = words::host(entry.address);
        let words = words::missed(&format!("The status list of {of}"), why, case.facts.now);
        Open { problem: Some("not_retrieved"), ..Open::from(words) }
    };
    let list = match case.facts.anywhere(&need) {
        Some(Found::Json(list)) => Secured::embedded(list.clone()),
        Some(Found::Text(text)) => Secured::token(text).map_err(|_| unanswered("cannot be read"))?,
        Some(Found::Gone) => return Err(unanswered("is gone")),
        Some(Found::CouldNot(why)) => return Err(unanswered(why)),
        Some(Found::Moved { .. }) | None => return Err(Open { needs: vec![need], ..unanswered("was not asked") }),
    };
    let bits = trusted(case, &list, entry)?;
    Ok((list.document, bits))
}

/// A number in decimal; older examples write it without quotes.
fn index(entry: &Value) -> Option<usize> {
    match entry.get("statusListIndex")? {
        Value::String(text) if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) => text.parse().ok(),
        Value::Number(number) => number.as_u64().and_then(|n| usize::try_from(n).ok()),
        _ => None,
    }
}

/// How many bits one status takes.
fn bits(entry: &Value) -> Option<usize> {
    let Some(size) = entry.get("statusSize") else { return Some(1) };
    size.as_u64().and_then(|size| usize::try_from(size).ok()).filter(|size| (1..=WIDEST).contains(size))
}

/// The bits, once the list credential itself has passed: signed by whom it names, current, about this purpose.
fn trusted(case: &Case<'_>, secured: &Secured, entry: &Entry<'_>) -> Result<Bitstring, Open> {
    let of = words::host(entry.address);
    let list = &secured.document;
    if !is_a(list, entry.list) {
        return Err(format!("What {of} keeps as its status list is none.").into());
    }
    if list.get("id").is_some_and(|id| id.as_str() != Some(entry.address)) {
        return Err(format!("The status list of {of} is another than the one asked for.").into());
    }
    if spelling::own_terms(list).is_err() {
        return Err(
            format!("The status list of {of} is spelled in a way in which something could be overlooked.").into()
        );
    }
    signed(case, secured, &of)?;
    current(secured, case.facts.now, &of)?;
    let subject = first(list, "credentialSubject").ok_or_else(|| format!("The status list of {of} is empty."))?;
    if !many(subject, "statusPurpose").iter().any(|p| p.as_str() == Some(entry.purpose)) {
        return Err(format!("The status list of {of} serves another purpose.").into());
    }
    let encoded = subject.get("encodedList").and_then(Value::as_str);
    let encoded = encoded.ok_or_else(|| format!("The status list of {of} is empty."))?;
    Bitstring::decode(encoded).map_err(|e| format!("The status list of {of} cannot be read: {e}.").into())
}

fn signed(case: &Case<'_>, list: &Secured, of: &str) -> Result<(), Open> {
    let signatures = Signatures::of(list, case.facts);
    let issuer = id_of(&list.document, "issuer");
    let contradicts = list.token.as_ref().is_some_and(|token| !token.contradictions(&list.document).is_empty());
    let words = match signatures.signed() {
        Signed::Fits { .. } if issuer.is_some_and(|issuer| signatures.are_selective(issuer)) => {
            format!("The status list of {of} is shown in part: whether it is out of date cannot be seen.")
        }
        Signed::Fits { .. } if contradicts => format!("The status list of {of} contradicts itself."),
        Signed::Fits { .. } if signatures.proven().any(|(controller, _)| Some(controller) == issuer) => return Ok(()),
        Signed::Fits { .. } => format!("The status list of {of} is signed by somebody else than it says."),
        Signed::DoesNotFit => format!("The signature of the status list of {of} does not fit it."),
        Signed::Absent => format!("The status list of {of} is not signed."),
        Signed::Unreachable(who, why) => {
            words::missed(&format!("The list of keys of {}", words::host(&who)), &why, case.facts.now)
        }
        Signed::Undefined
        | Signed::Unsupported(_)
        | Signed::Malformed(_)
        | Signed::RanOut
        | Signed::Unbound(..)
        | Signed::NotVouchedFor(..) => format!("The signature of the status list of {of} could not be confirmed."),
    };
    Err(Open { needs: signatures.needs().cloned().collect(), ..Open::from(words) })
}

/// Lists tell the present, whatever moment is asked about.
fn current(secured: &Secured, now: DateTime<Utc>, of: &str) -> Result<(), Open> {
    let (list, token) = (&secured.document, secured.token.as_ref());
    let from = moment(list, &["validFrom", "issuanceDate"]);
    let until = moment(list, &["validUntil", "expirationDate"]);
    if from == Some(Moment::Unreadable) || until == Some(Moment::Unreadable) {
        return Err(format!("The status list of {of} has an unreadable date.").into());
    }
    let begins = token.and_then(|token| token.begins().ok().flatten());
    let ends = token.and_then(|token| token.expires().ok().flatten());
    if from.and_then(Moment::at).max(begins).is_some_and(|from| now < from) {
        return Err(format!("The status list of {of} is dated in the future.").into());
    }
    if until.and_then(Moment::at).into_iter().chain(ends).any(|until| now > until) {
        return Err(format!("The status list of {of} is out of date.").into());
    }
    Ok(())
}
