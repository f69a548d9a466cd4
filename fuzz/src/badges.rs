//! The whole way of a badge: read, judged, asked for, judged again.

use std::sync::Arc;

use assay::id::CredentialVersion;
use assay::rules::{AwardState, Reason};
use assay::verification::{self, Challenged, Facts, OwnAward, Presented, TrustList, TrustedIssuer, WhichCopy};
use chrono::{DateTime, Utc};

use crate::parts::{Answers, parts};
use crate::reports::assert_sound;
use crate::sample;

/// More rounds than the service makes, so that every need that follows from another is seen.
const ROUNDS: usize = 6;

/// A letter from `@` to `_` says what is known beforehand; then comes a badge, and what its addresses answer.
pub fn verify(data: &[u8]) {
    let Some((known, rest)) = data.split_first() else { return };
    judged(*known, rest);
}

/// An assertion, and the documents it rests on.
pub fn open_badges_2(data: &[u8]) {
    judged(LISTED, data);
}

const LISTED: u8 = 1;
const OURS: u8 = 2;
const EARLIER: u8 = 4;
const HOLDER: u8 = 8;
const RECORDED: u8 = 16;

fn judged(known: u8, input: &[u8]) {
    let parts = parts(input);
    let (badge, answers) = parts.split_first().expect("there is always a first part");
    let presented = match verification::read(badge) {
        Ok(presented) => presented,
        Err(problem) => return assert_sound(&verification::malformed(&problem, moment(NOW))),
    };
    let mut answers = Answers::new(answers);
    let mut facts = facts(known, &presented);
    for round in 0..ROUNDS {
        let judgement = verification::judge(&presented, &facts);
        assert_sound(&judgement.report);
        if round == 0 {
            presentation(&presented, &facts);
        }
        let open: Vec<_> = judgement.needs.into_iter().filter(|need| !facts.found.contains_key(need)).collect();
        if open.is_empty() {
            break;
        }
        for need in open {
            assert!(need.address().is_none_or(|address| !address.is_empty()), "{need:?}");
            let found = answers.to(&need);
            facts.found.insert(need, found);
        }
    }
}

/// Any document can be called a presentation.
fn presentation(presented: &Presented, facts: &Facts) {
    if let Ok(presentation) = verification::read_presentation(presented.value()) {
        let challenged = Challenged { challenge: Some("c".to_owned()), domain: None };
        let judgement = verification::judge_presentation(&presentation, &challenged, facts);
        judgement.credentials.iter().for_each(|held| assert_sound(&held.report));
    }
}

const NOW: &str = "2026-06-01T12:00:00Z";

fn moment(text: &str) -> DateTime<Utc> {
    text.parse().expect("a moment")
}

fn facts(known: u8, presented: &Presented) -> Facts {
    let is = |flag: u8| known & flag != 0;
    let mut facts = Facts::at(moment(NOW));
    let listed = |issuer: &str| TrustedIssuer {
        issuer: issuer.to_owned(),
        name: "Badges".to_owned(),
        since: is(EARLIER).then(|| moment("2026-02-01T00:00:00Z")),
        until: None,
        added_at: moment("2026-01-01T00:00:00Z"),
    };
    if is(LISTED) {
        let names = [&sample::DID, "did:web:badges.example", "https://badges.example/issuer"];
        facts.listed = Arc::new(TrustList::new(names.into_iter().map(listed).collect()));
    }
    if is(OURS) {
        facts.ours = presented.issuer().map(str::to_owned).into_iter().collect();
    }
    if is(EARLIER) {
        facts.as_of = Some(moment("2026-04-01T00:00:00Z"));
    }
    if is(HOLDER) {
        facts.holder = Some("ana@partner.example".to_owned());
    }
    if is(RECORDED) {
        facts.own = Some(own(is(LISTED), is(HOLDER)));
    }
    facts
}

fn own(revoked: bool, renewed: bool) -> OwnAward {
    let version = CredentialVersion(1);
    OwnAward {
        award: "7K3QX9M2TR4HB6WD".parse().expect("a number of an award"),
        state: if revoked {
            AwardState::Revoked { since: moment("2026-05-01T00:00:00Z"), reason: Reason::IssuedInError }
        } else {
            AwardState::Valid { until: None }
        },
        copy: if renewed {
            WhichCopy::Renewed { version, on: moment("2026-05-01T00:00:00Z") }
        } else {
            WhichCopy::Current(version)
        },
        vendor: "Northwind".to_owned(),
        zone: chrono_tz::Tz::UTC,
        rights_in_grace: true,
        tell_reason: true,
    }
}
