//! One `1EdTechRevocationList` entry: a list of ids, unsigned, as its issuer's host keeps it. Deprecated in 2025, and in use.

use serde_json::Value;

use super::{Answer, Case};
use crate::openbadges::reading::{id_of, many};
use crate::verification::facts::{Found, Need};
use crate::verification::report::{CheckId, Verdict};
use crate::verification::words;

/// Prose and implementations differ in the name of the list.
const MEMBERS: [&str; 2] = ["revokedCredential", "revokedCredentials"];

pub(super) fn entry(case: &Case<'_>, entry: &Value) -> Answer {
    let open = |words: String| Answer::open(CheckId::Status, words);
    let Some(address) = entry.get("id").and_then(Value::as_str) else {
        return open("Its status entry does not say where the list of revoked badges is.".to_owned());
    };
    let of = words::host(address);
    let need = Need::RevocationList(address.to_owned());
    let unanswered =
        |why: &str| open(words::missed(&format!("The list of revoked badges of {of}"), why, case.facts.now));
    let list = match case.facts.anywhere(&need) {
        Some(Found::Moved { .. }) | None => return unanswered("was not asked").need([need]),
        Some(Found::Json(list)) => list,
        Some(Found::CouldNot(why)) => return unanswered(why),
        Some(Found::Gone) => return unanswered("is gone"),
        Some(Found::Text(_)) => return open(format!("What {of} keeps as its list of revoked badges is none.")),
    };
    let is_list = MEMBERS.iter().any(|member| list.get(member).is_some_and(Value::is_array));
    if !is_list {
        return open(format!("What {of} keeps as its list of revoked badges is none."));
    }
    if id_of(list, "issuer").is_some_and(|issuer| Some(issuer) != case.issuer) {
        return open(format!("The list of revoked badges of {of} is that of another issuer."));
    }
    let Some(id) = case.document.get("id").and_then(Value::as_str) else {
        return open("It has no id that could be looked up in its issuer's list of revoked badges.".to_owned());
    };
    let entries = MEMBERS.iter().flat_map(|member| many(list, member));
    let is_it = |entry: &&Value| entry.as_str().or_else(|| entry.get("id").and_then(Value::as_str)) == Some(id);
    // Listed is revoked, unless the entry itself says that it is not.
    let revoked = entries.filter(is_it).any(|entry| entry.get("revoked").and_then(Value::as_bool) != Some(false));
    let answer = if revoked {
        Answer::failed(CheckId::Status, Verdict::Revoked, words::revoked_by_list())
    } else {
        Answer::passed(CheckId::Status, format!("Not revoked, by the list that {of} keeps."))
    };
    answer.fact("list", address)
}
