//! `endorsements`: what others say of it. Each is a signed credential of its own, and judged like one.

use serde_json::{Map, Value, json};

use super::{Answer, Case, UNSEEN, status, validity};
use crate::openbadges::reading::{first, is_a, many};
use crate::verification::facts::Need;
use crate::verification::report::{CheckId, CheckOutcome, Verdict};
use crate::verification::signatures::Signed;
use crate::verification::spelling;
use crate::verification::summary::shown;
use crate::verification::token::Secured;
use crate::verification::words;

/// The most endorsements that are judged. Those of an endorser in turn are not: trust does not come from afar.
const MOST: usize = 8;

/// An endorsement where it stands, and the id of what it must be about.
struct Place<'a> {
    endorsement: &'a Value,
    about: Option<&'a str>,
}

pub(in crate::verification) fn check(case: &Case<'_>) -> Option<Answer> {
    let places = places(case.document);
    if places.is_empty() {
        return None;
    }
    if places.len() > MOST {
        let words = format!("{} others endorse it, it says: more than are looked at. None was checked.", places.len());
        return Some(Answer::open(CheckId::Endorsements, words).fact("count", places.len()));
    }
    let judged: Vec<Judged> = places.iter().map(|place| judge(case, place)).collect();
    let count = judged.len();
    let gravest = judged.iter().map(|one| one.outcome).max_by_key(|outcome| gravity(*outcome));
    let sentences: Vec<&str> = judged.iter().map(|one| one.words.as_str()).collect();
    let all = sentences.join(" ");
    let answer = match gravest.unwrap_or(CheckOutcome::Passed) {
        CheckOutcome::Passed => Answer::passed(CheckId::Endorsements, all),
        CheckOutcome::Warning => Answer::warning(CheckId::Endorsements, all),
        CheckOutcome::CouldNotCheck => Answer::open(CheckId::Endorsements, all),
        CheckOutcome::Failed => Answer::failed(CheckId::Endorsements, Verdict::Invalid, all),
    };
    let facts: Vec<Value> = judged.iter().map(|one| Value::Object(one.facts.clone())).collect();
    let needs = judged.into_iter().flat_map(|one| one.needs);
    Some(answer.fact("count", count).fact("endorsements", facts).need(needs))
}

/// Of the credential, of the achievement, and of the issuer.
fn places(document: &Value) -> Vec<Place<'_>> {
    let subject = first(document, "credentialSubject");
    let achievement = subject.and_then(|subject| first(subject, "achievement"));
    let endorsed = [Some(document), achievement, first(document, "issuer")];
    let mut places = Vec::new();
    for object in endorsed.into_iter().flatten() {
        let about = object.get("id").and_then(Value::as_str);
        let all = many(object, "endorsement").iter().chain(many(object, "endorsementJwt"));
        places.extend(all.map(|endorsement| Place { endorsement, about }));
    }
    places
}

/// What one endorsement came to.
struct Judged {
    outcome: CheckOutcome,
    words: String,
    facts: Map<String, Value>,
    needs: Vec<Need>,
}

fn judge(case: &Case<'_>, place: &Place<'_>) -> Judged {
    let says = |outcome, words: String| Judged { outcome, words, facts: Map::new(), needs: Vec::new() };
    let Some(secured) = secured(place.endorsement, case.document) else {
        return says(CheckOutcome::Failed, "An endorsement in it cannot be read.".to_owned());
    };
    let endorsement = Case::new(&secured, case.facts);
    let who = words::host(endorsement.issuer.unwrap_or("somebody who is not named"));
    let mut judged = finding(&endorsement, place.about, &who);
    judged.needs.extend(endorsement.signatures.needs().cloned());
    judged.facts.insert("issuer".to_owned(), json!(endorsement.issuer));
    judged.facts.insert("outcome".to_owned(), json!(judged.outcome));
    let subject = first(endorsement.document, "credentialSubject");
    let comment = subject.and_then(|s| s.get("endorsementComment")).and_then(Value::as_str);
    if let Some(comment) = comment.and_then(shown) {
        judged.facts.insert("comment".to_owned(), json!(comment));
    }
    judged
}

fn finding(endorsement: &Case<'_>, about: Option<&str>, who: &str) -> Judged {
    let says = |outcome, words: String| Judged { outcome, words, facts: Map::new(), needs: Vec::new() };
    let document = endorsement.document;
    if spelling::own_terms(document).is_err() || !is_a(document, "EndorsementCredential") {
        return says(CheckOutcome::Failed, format!("The endorsement by {who} is none that could be relied on."));
    }
    match endorsement.signatures.signed() {
        Signed::Fits { .. } if endorsement.is_genuine() => {}
        Signed::Unreachable(whose, why) | Signed::Unbound(whose, why) => {
            let words = format!(
                "The endorsement by {who} could not be checked: the list of keys of {} {why}.",
                words::host(&whose)
            );
            return says(CheckOutcome::CouldNotCheck, words);
        }
        Signed::Unsupported(_) | Signed::Undefined => {
            return says(
                CheckOutcome::CouldNotCheck,
                format!("The endorsement by {who} is signed in a way that is not read here."),
            );
        }
        _ => {
            return says(
                CheckOutcome::Failed,
                format!("The signature of the endorsement by {who} does not fit it, or is not theirs."),
            );
        }
    }
    let subject = first(document, "credentialSubject").and_then(|subject| subject.get("id")).and_then(Value::as_str);
    if subject.is_none() || subject != about {
        return says(CheckOutcome::Failed, format!("The endorsement by {who} is about something else."));
    }
    let (dates, status) = (validity::check(endorsement), status::check(endorsement));
    let needs = status.needs;
    let of = |check: &super::Check| check.outcome;
    let unseen = [&dates.check, &status.check].iter().any(|check| check.facts.contains_key(UNSEEN));
    let judged = match (of(&dates.check), of(&status.check)) {
        (CheckOutcome::Failed, _) => says(CheckOutcome::Warning, format!("The endorsement by {who} is out of date.")),
        (_, CheckOutcome::Failed) => says(CheckOutcome::Warning, format!("The endorsement by {who} was taken back.")),
        (_, CheckOutcome::CouldNotCheck) => says(
            CheckOutcome::CouldNotCheck,
            format!("Whether the endorsement by {who} was taken back could not be checked."),
        ),
        _ if unseen => says(
            CheckOutcome::CouldNotCheck,
            format!("The endorsement by {who} is shown in part; whether it ended or was taken back cannot be seen."),
        ),
        _ => says(CheckOutcome::Passed, format!("Endorsed by {who}; the signature fits.")),
    };
    Judged { needs, ..judged }
}

/// An endorsement as a credential of its own; one without contexts shares those around it.
fn secured(endorsement: &Value, around: &Value) -> Option<Secured> {
    match endorsement {
        Value::String(token) => Secured::token(token).ok(),
        Value::Object(members) => {
            let mut document = members.clone();
            if !document.contains_key("@context") {
                document.insert("@context".to_owned(), around.get("@context")?.clone());
            }
            Some(Secured::embedded(Value::Object(document)))
        }
        _ => None,
    }
}

fn gravity(outcome: CheckOutcome) -> u8 {
    match outcome {
        CheckOutcome::Passed => 0,
        CheckOutcome::Warning => 1,
        CheckOutcome::CouldNotCheck => 2,
        CheckOutcome::Failed => 3,
    }
}
