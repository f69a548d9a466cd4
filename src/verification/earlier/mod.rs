//! Open Badges 2.0 and 1.x: an assertion, the badge class it names, and the profile of whoever issued it, each at its own
//! address. A *hosted* assertion is what its host serves; a *signed* one carries a signature by a key at another address.
//!
//! The same checks as of a credential, in the same order, by what these generations know of them.

mod chain;
mod holder;
mod issuer;
mod proof;
mod shape;
mod status;
mod validity;

use chrono::{DateTime, Utc};
use serde_json::Value;

use self::chain::Chain;
use super::checks::Answer;
use super::facts::Facts;
use super::inspect::Judgement;
use super::report::{CheckId, Summary};
use super::summary::shown;
use super::token::Secured;
use super::verdict::{self, Conclusion};
use crate::openbadges::reading::{first, many, text};

/// Judges an assertion by what is known.
pub(super) fn judge(secured: &Secured, facts: &Facts) -> Judgement {
    let chain = Chain::of(secured, facts);
    let answers = [
        shape::format(&chain),
        shape::context(&chain),
        shape::schema(&chain),
        proof::check(&chain),
        issuer::check(&chain),
        status::check(&chain),
        validity::check(&chain),
    ];
    let asked_for = [holder::check(&chain), endorsements(&chain)];
    let mut answers: Vec<Answer> = answers.into_iter().chain(asked_for.into_iter().flatten()).collect();
    if let Some(first) = answers.first_mut() {
        first.needs.extend(chain.needs.iter().cloned());
    }
    let summary = summary(&chain);
    verdict::conclude(Conclusion { answers, summary, issuer: chain.issuer_id(), own: None, facts })
}

fn summary(chain: &Chain<'_>) -> Summary {
    let nothing = Value::Null;
    let (badge, profile) = (chain.badge.json().unwrap_or(&nothing), chain.profile.json().unwrap_or(&nothing));
    let name = text(badge, "name").and_then(shown);
    Summary {
        id: chain.address.or_else(|| text(chain.presented, "uid")).and_then(shown),
        holder: holder::in_plain(chain.assertion()).and_then(shown),
        achievement: name.clone(),
        name,
        issuer_name: text(profile, "name").and_then(shown),
        valid_from: moment(chain.assertion(), &["issuedOn", "issued_on"]),
        valid_until: moment(chain.assertion(), &["expires"]),
        awarded_at: moment(chain.assertion(), &["issuedOn", "issued_on"]),
        ..Summary::default()
    }
}

/// Others' words about a badge of these generations lie at addresses of their own, which are not asked.
fn endorsements(chain: &Chain<'_>) -> Option<Answer> {
    let places = [Some(chain.presented), chain.badge.json(), chain.profile.json()];
    let count: usize = places.into_iter().flatten().map(|place| many(place, "endorsement").len()).sum();
    (count > 0).then(|| {
        let words = "Others endorse it, it says; their words were not checked. Do not rely on the endorsements.";
        Answer::open(CheckId::Endorsements, words).fact("count", count)
    })
}

/// A moment as these generations write it: ISO 8601 with or without time and zone, or seconds since 1970.
fn moment(object: &Value, members: &[&str]) -> Option<DateTime<Utc>> {
    let value = members.iter().find_map(|member| first(object, member))?;
    match value {
        Value::Number(seconds) => DateTime::from_timestamp(seconds.as_i64()?, 0),
        Value::String(text) => parse(text),
        _ => None,
    }
}

fn parse(text: &str) -> Option<DateTime<Utc>> {
    if let Ok(seconds) = text.parse::<i64>() {
        return DateTime::from_timestamp(seconds, 0);
    }
    let day = || chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?.and_hms_opt(0, 0, 0);
    let floating = || chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f").ok();
    let zoned = || DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%z").ok().map(|at| at.to_utc());
    let exact = DateTime::parse_from_rfc3339(text).ok().map(|at| at.to_utc());
    exact.or_else(zoned).or_else(|| floating().or_else(day).map(|at| at.and_utc()))
}
