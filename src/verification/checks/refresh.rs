//! `refresh`: is there a newer version? Asked once, and only about what is genuine itself; what is found is judged instead.

use serde_json::Value;

use super::{Answer, Case};
use crate::openbadges::reading::{Moment, id_of, is_a, many, moment};
use crate::verification::facts::{Found, Need};
use crate::verification::own::WhichCopy;
use crate::verification::report::CheckId;
use crate::verification::token::Secured;
use crate::verification::words::{self, day};

/// What became of asking for a newer version.
pub(in crate::verification) enum Refreshed {
    /// It names no address for that.
    NotOffered,
    /// As the check has it; this copy is the one to judge.
    ThisOne(Box<Answer>),
    /// A newer one, which is to be judged in its place if it proves genuine.
    Newer(Box<Secured>),
}

pub(in crate::verification) fn check(case: &Case<'_>) -> Refreshed {
    let services = many(case.document, "refreshService");
    if services.is_empty() {
        return Refreshed::NotOffered;
    }
    let this = |answer| Refreshed::ThisOne(Box::new(answer));
    if let Some(own) = case.own {
        return this(recorded(own.copy));
    }
    let open = |words: &str| Answer::open(CheckId::Refresh, words);
    if !case.is_genuine() {
        return this(open("A newer version is asked for only when this one is proven to be genuine."));
    }
    let service = services.iter().take(MOST_SERVICES).find(|service| is_a(service, "1EdTechCredentialRefresh"));
    let Some(address) = service.and_then(|service| service.get("id")).and_then(Value::as_str) else {
        return this(open("It names a newer version in a way that is not read by this version."));
    };
    let of = words::host(address);
    let need = Need::Refresh(address.to_owned());
    let found = match case.facts.anywhere(&need) {
        Some(Found::Moved { .. }) | None => {
            return this(open(&format!("Whether {of} has a newer version was not asked.")).need([need]));
        }
        Some(Found::CouldNot(why)) => {
            return this(open(&format!("The newest version at {of} {why}; this copy was judged.")));
        }
        Some(Found::Gone) => {
            return this(open(&format!("{of} keeps no newer version any more; this copy was judged.")));
        }
        Some(Found::Json(document)) => Secured::embedded(document.clone()),
        Some(Found::Text(text)) => match Secured::token(text) {
            Ok(secured) => secured,
            Err(_) => return this(unusable(&of)),
        },
    };
    if !is_same(case.document, &found.document) {
        return this(unusable(&of));
    }
    let from = |document| moment(document, &["validFrom", "issuanceDate"]).and_then(Moment::at);
    match (from(case.document), from(&found.document)) {
        (Some(this_one), Some(other)) if other > this_one => Refreshed::Newer(Box::new(found)),
        (_, Some(_)) => this(Answer::passed(CheckId::Refresh, "It is the newest version.").fact("asked", address)),
        (_, None) => this(unusable(&of)),
    }
}

/// The most refresh services of one credential that are looked at.
const MOST_SERVICES: usize = 8;

/// What lies at the address proves nothing about this copy, which is judged by itself.
pub(in crate::verification) fn unusable(of: &str) -> Answer {
    let words = format!("What {of} keeps as the newest version cannot be relied on; this copy was judged.");
    Answer::warning(CheckId::Refresh, words)
}

/// The line about a newer version that was judged in place of what was handed in.
pub(in crate::verification) fn renewed(older: &Case<'_>, newer: &Case<'_>) -> Answer {
    let from = |case: &Case<'_>| moment(case.document, &["validFrom", "issuanceDate"]).and_then(Moment::at);
    let shown = |case| from(case).map_or_else(|| "earlier".to_owned(), |at| day(at, case.zone()));
    let (was, is) = (shown(older), shown(newer));
    let words = format!("This copy is from {was}; the newest version, of {is}, was checked in its place.");
    Answer::warning(CheckId::Refresh, words).fact("this_copy_from", was).fact("newest_from", is)
}

/// Same issuer and id: then the one that begins later replaces the other (Open Badges 3.0, comparing credentials).
fn is_same(one: &Value, other: &Value) -> bool {
    let id = |document: &Value| document.get("id").and_then(Value::as_str).map(|id| id.trim().to_owned());
    id(one).is_some() && id(one) == id(other) && id_of(one, "issuer") == id_of(other, "issuer")
}

fn recorded(copy: WhichCopy) -> Answer {
    match copy {
        WhichCopy::Current(_) => Answer::passed(CheckId::Refresh, "It is the newest version."),
        _ => Answer::warning(CheckId::Refresh, "There is a newer version of it.")
            .hint("The address it names gives the newest version."),
    }
}
