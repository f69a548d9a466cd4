//! `status` of an assertion: gone or marked as revoked where it lies; or on the list of its issuer.

use serde_json::Value;

use super::chain::{Chain, Link, Way};
use crate::openbadges::reading::{first, many, text};
use crate::verification::checks::Answer;
use crate::verification::report::{CheckId, Verdict};
use crate::verification::words;

pub(super) fn check(chain: &Chain<'_>) -> Answer {
    match chain.way {
        Way::Hosted => hosted(chain),
        Way::Signed | Way::Unsaid => signed(chain),
    }
}

fn hosted(chain: &Chain<'_>) -> Answer {
    let of = words::host(chain.address.unwrap_or_default());
    match &chain.hosted {
        Link::Gone => revoked(None).fact("gone", true),
        Link::Got(hosted) if hosted.get("revoked").and_then(Value::as_bool) == Some(true) => {
            revoked(text(hosted, "revocationReason"))
        }
        Link::Got(_) => Answer::passed(CheckId::Status, format!("Not revoked, by what {of} serves.")),
        Link::Text(_) => Answer::open(CheckId::Status, format!("What {of} keeps at its address is no badge.")),
        Link::Unknown(_, why) => {
            let what = format!("Whether it was revoked could not be seen: {of}");
            Answer::open(CheckId::Status, words::missed(&what, why, chain.facts.now))
        }
    }
}

fn signed(chain: &Chain<'_>) -> Answer {
    if chain.profile.json().is_none() {
        return Answer::open(CheckId::Status, "Its issuer's description would say where revoked badges are listed.");
    }
    let Some((address, list)) = &chain.revoked else {
        let words = "Its issuer names no list of revoked badges: whether it was taken back cannot be seen.";
        return Answer::warning(CheckId::Status, words);
    };
    let of = words::host(address);
    match list {
        Link::Got(list) => match entry(list, chain.presented) {
            Some(entry) => revoked(text(entry, "revocationReason")),
            None => Answer::passed(CheckId::Status, format!("Not revoked, by the list that {of} keeps.")),
        },
        Link::Unknown(_, why) => {
            let what = format!("The list of revoked badges of {of}");
            Answer::open(CheckId::Status, words::missed(&what, why, chain.facts.now))
        }
        Link::Gone | Link::Text(_) => {
            Answer::open(CheckId::Status, format!("What {of} keeps as its list of revoked badges is none."))
        }
    }
    .fact("list", *address)
}

/// The entry of an assertion on a list of revoked ones. Lists of 1.x have a member for each `uid`, which is the reason; those
/// of 2.0 an array of ids or objects.
fn entry<'a>(list: &'a Value, assertion: &Value) -> Option<&'a Value> {
    let known: Vec<&str> = ["id", "uid"].iter().filter_map(|name| first(assertion, name)?.as_str()).collect();
    let is_it = |entry: &&Value| {
        let named = |name: &str| entry.get(name).and_then(Value::as_str);
        let id = entry.as_str().or_else(|| named("id")).or_else(|| named("uid"));
        id.is_some_and(|id| known.contains(&id))
    };
    let listed = many(list, "revokedAssertions").iter().find(is_it);
    listed.or_else(|| known.iter().find_map(|id| list.get(*id)))
}

fn revoked(reason: Option<&str>) -> Answer {
    let answer = Answer::failed(CheckId::Status, Verdict::Revoked, words::revoked_by_list());
    match reason.and_then(crate::verification::summary::shown) {
        Some(reason) => answer.fact("reason", reason),
        None => answer,
    }
}
