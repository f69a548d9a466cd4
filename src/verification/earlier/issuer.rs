//! `issuer` of an assertion: does the profile it leads to vouch for where it lies, or for its key?

use serde_json::Value;

use super::chain::{Chain, Link, Way, lists_key};
use crate::openbadges::reading::{first, id_of, many, text};
use crate::verification::checks::Answer;
use crate::verification::report::{CheckId, Verdict};
use crate::verification::web::{origin, same_origin};
use crate::verification::words;

pub(super) fn check(chain: &Chain<'_>) -> Answer {
    let answer = judge(chain);
    match chain.issuer_id() {
        Some(issuer) => answer.fact("issuer", issuer),
        None => answer,
    }
}

fn judge(chain: &Chain<'_>) -> Answer {
    let open = |words: String| Answer::open(CheckId::Issuer, words);
    let missed = |what: String, why: &str| words::missed(&what, why, chain.facts.now);
    match &chain.badge {
        Link::Got(_) => {}
        Link::Unknown(of, why) if !of.is_empty() => {
            return open(missed(format!("The description of the badge at {}", words::host(of)), why));
        }
        _ => return open("What was achieved is not described where it says.".to_owned()),
    }
    let Some(issuer) = chain.issuer_id() else {
        return fail("It does not say who issued it by an address at which its issuer could vouch for it.");
    };
    let of = words::host(issuer);
    let profile = match &chain.profile {
        Link::Got(profile) => *profile,
        Link::Unknown(_, why) => return open(missed(format!("The issuer's own description at {of}"), why)),
        Link::Gone | Link::Text(_) => return open(format!("What {of} keeps as the issuer's description is none.")),
    };
    if text(profile, "id").is_some_and(|id| id != issuer) {
        return fail("The description of its issuer is that of somebody else.");
    }
    match chain.way {
        Way::Hosted => hosted(chain, profile, issuer),
        Way::Signed => signed(chain, profile, issuer),
        Way::Unsaid => open("As long as nobody vouches for it, nobody is proven to have issued it.".to_owned()),
    }
}

fn hosted(chain: &Chain<'_>, profile: &Value, issuer: &str) -> Answer {
    let Some(address) = chain.address.filter(|_| chain.is_hosted()) else {
        return Answer::open(
            CheckId::Issuer,
            "As long as its host does not vouch for it, nobody is proven to have issued it.",
        );
    };
    let of = words::host(chain.facts.leads_to(issuer).unwrap_or(issuer));
    let policy = first(profile, "verification");
    let named = |member: &str| policy.map(|policy| many(policy, member)).unwrap_or_default();
    let starts: Vec<&str> = named("startsWith").iter().filter_map(Value::as_str).collect();
    let origins: Vec<&str> = named("allowedOrigins").iter().filter_map(Value::as_str).collect();
    // Where the issuer itself is, also after it moved.
    let home: Vec<&str> = chain.way(issuer).collect();
    let vouches_for = |place: &str| {
        if !starts.is_empty() {
            starts.iter().any(|start| is_within(place, start))
        } else if !origins.is_empty() {
            origins.iter().any(|allowed| host(place).is_some_and(|host| host.eq_ignore_ascii_case(allowed)))
        } else {
            home.iter().any(|home| same_origin(place, home))
        }
    };
    let badge = chain.badge_id().filter(|_| starts.is_empty() && origins.is_empty());
    // Whoever finds a host that sends requests on to anywhere does not speak for its issuer.
    let mut places = chain.way(address).chain(badge.into_iter().flat_map(|badge| chain.way(badge)));
    match places.find(|place| !vouches_for(place)) {
        None => Answer::passed(CheckId::Issuer, format!("Its issuer, {of}, vouches for what is kept at its address.")),
        Some(place) => {
            fail(&format!("Its issuer, {of}, does not vouch for what {} keeps. Do not rely on it.", words::host(place)))
        }
    }
}

fn signed(chain: &Chain<'_>, profile: &Value, issuer: &str) -> Answer {
    let of = words::host(chain.facts.leads_to(issuer).unwrap_or(issuer));
    let (Some(address), key) = (chain.key_address, &chain.key) else {
        return fail("It does not say which key it was signed with.");
    };
    let unproven =
        || Answer::open(CheckId::Issuer, "As long as no signature is confirmed, nobody is proven to have issued it.");
    let vouched = match key {
        Link::Got(key) if text(key, "publicKeyPem").is_none() => return unproven(),
        Link::Got(key) => id_of(key, "owner") == Some(issuer) && lists_key(profile, address),
        // A bare key names no owner, and anybody may be let keep a file at the issuer's host.
        Link::Text(_) => lists_key(profile, address),
        Link::Gone | Link::Unknown(..) => return unproven(),
    };
    if vouched {
        Answer::passed(CheckId::Issuer, format!("The key that signed it belongs to the issuer it names: {of}."))
    } else {
        fail("It was signed with a key that its issuer does not name as its own. Do not rely on it.")
    }
}

/// An address within the place that a prefix stands for; a prefix that ends within a host's name would cover other hosts.
fn is_within(address: &str, start: &str) -> bool {
    let whole_host = start.split_once("://").is_some_and(|(_, rest)| rest.contains('/'));
    whole_host && address.starts_with(start) && !address.contains("/../") && origin(address) == origin(start)
}

/// The host as `allowedOrigins` names it: with a port only if it has one of its own.
fn host(address: &str) -> Option<&str> {
    origin(address)?.split_once("://").map(|(_, host)| host)
}

fn fail(words: &str) -> Answer {
    Answer::failed(CheckId::Issuer, Verdict::Invalid, words)
}
