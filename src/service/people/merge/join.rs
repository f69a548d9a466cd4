//! Two standings in one certification become one.

use std::cmp::Ordering;

use chrono::{DateTime, Utc};

use crate::id::AwardId;
use crate::rules::{Award, AwardState, Former, FormerWhy, Reason, Standing};

/// What becomes of two standings.
pub(super) struct Joined {
    /// As the award's timer and address know it: the standing that the current award comes from.
    pub(super) before: Standing,
    /// Of the person who is kept.
    pub(super) after: Standing,
    /// The award that leads to the current one from now on.
    pub(super) alias: Option<AwardId>,
    /// The current award was the other person's.
    pub(super) is_others: bool,
    /// Why the current award rests from now on, since the other did.
    pub(super) suspended: Option<Reason>,
    /// Timers that nobody waits for any more.
    pub(super) timers: Vec<(DateTime<Utc>, AwardId)>,
}

/// Joins what `theirs` holds with `mine`. Of two awards the one that holds and holds longer stays; the other's address
/// leads to it. One that was revoked goes on saying so at its own address.
pub(super) fn join(mine: &Standing, theirs: &Standing, state: impl Fn(&Award) -> AwardState) -> Joined {
    let mut after = mine.clone();
    after.results.extend(theirs.results.iter().cloned());
    after.results.sort_by_key(|result| result.recorded_at);
    after.moved_out += theirs.moved_out;
    after.exceptions.extend(theirs.exceptions.iter().cloned());
    after.former.extend(theirs.former.iter().cloned());
    let is_others = match (&mine.award, &theirs.award) {
        (_, None) => false,
        (None, Some(_)) => true,
        (Some(mine), Some(theirs)) => outlasts(theirs, mine, &state),
    };
    let (winner, loser) = if is_others { (theirs, mine) } else { (mine, theirs) };
    after.award.clone_from(&winner.award);
    (after.due, after.told) = (winner.due, winner.told);
    let suspended = loser.award.as_ref().and_then(|award| restriction(&state(award)));
    let rests = winner.award.as_ref().is_some_and(|award| matches!(state(award), AwardState::Suspended { .. }));
    let suspended = suspended.filter(|_| !rests);
    let mut alias = None;
    if let Some(award) = loser.award.clone() {
        let is_revoked = matches!(state(&award), AwardState::Revoked { .. });
        alias = (!is_revoked).then_some(award.id);
        after.former.push(Former { award, why: if is_revoked { FormerWhy::Undone } else { FormerWhy::Alias } });
    }
    let timers = loser.due.zip(loser.award.as_ref().map(|award| award.id)).into_iter().collect();
    Joined { before: winner.clone(), after, alias, is_others, suspended, timers }
}

/// What rests on the person, whichever of the two awards it was said of. What was not shown within a term belongs to that term.
fn restriction(state: &AwardState) -> Option<Reason> {
    match *state {
        AwardState::Suspended { reason, .. } => Some(reason).filter(|reason| *reason != Reason::UpkeepMissed),
        _ => None,
    }
}

/// Whether `one` is the award to be shown rather than `other`; of two alike the other.
fn outlasts(one: &Award, other: &Award, state: impl Fn(&Award) -> AwardState) -> bool {
    let rank = |award| match state(award) {
        AwardState::Valid { .. } | AwardState::NotYetValid { .. } => 3,
        // Before one that ran out: joining two persons must not hide that something is being looked into.
        AwardState::Suspended { .. } => 2,
        AwardState::Expired { .. } => 1,
        AwardState::Revoked { .. } => 0,
    };
    let longer = match (one.current().valid_until, other.current().valid_until) {
        (None, None) => Ordering::Equal,
        (None, Some(_)) => Ordering::Greater,
        (Some(_), None) => Ordering::Less,
        (Some(one), Some(other)) => one.cmp(&other),
    };
    rank(one).cmp(&rank(other)).then(longer) == Ordering::Greater
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{CountedIds, CredentialVersion, PersonId};
    use crate::rules::{Reason, VersionEntry, VersionKind};

    fn award(number: &str, until: Option<&str>) -> Award {
        let at = "2026-11-20T10:00:00Z".parse().unwrap();
        let version = VersionEntry {
            number: CredentialVersion::FIRST,
            kind: VersionKind::Issue,
            list: 1,
            index: 1,
            valid_from: at,
            valid_until: until.map(|until| until.parse().unwrap()),
            awarded_at: at,
            earned_at: at,
            program: 1,
            kid: "z6Mk".to_owned(),
            term: CredentialVersion::FIRST,
            rests_on: Vec::new(),
            fallen: false,
        };
        Award { id: number.parse().unwrap(), versions: vec![version], demands: Vec::new(), history: Vec::new() }
    }

    const MINE: &str = "7K3QX9M2TR4HB6WD";
    const THEIRS: &str = "8K3QX9M2TR4HB6WD";

    /// `V`alid, `E`xpired, `S`uspended, `R`evoked; the letter and the last year of mine and of theirs.
    #[track_caller]
    fn check(mine: &str, theirs: &str, is_others: bool, alias: Option<&str>) {
        let at: DateTime<Utc> = "2026-11-20T10:00:00Z".parse().unwrap();
        let until = |text: &str| text.get(1..).filter(|year| !year.is_empty()).map(|y| format!("{y}-12-31T22:59:59Z"));
        let letter = |award: &Award| if award.id.as_str() == MINE { mine } else { theirs }.as_bytes()[0];
        let state = |award: &Award| match letter(award) {
            b'V' => AwardState::Valid { until: None },
            b'E' => AwardState::Expired { since: at, grace_until: None },
            b'S' => AwardState::Suspended { since: at, reason: Reason::Other },
            _ => AwardState::Revoked { since: at, reason: Reason::Other },
        };
        let standing = |number, text: &str| Standing {
            award: Some(award(number, until(text).as_deref())),
            due: Some(at),
            ..Standing::empty(PersonId::new(at, &CountedIds::default()), "sales-associate".parse().unwrap())
        };
        let joined = join(&standing(MINE, mine), &standing(THEIRS, theirs), state);
        let current = joined.after.award.as_ref().unwrap().id;
        assert_eq!((joined.is_others, current.as_str() == THEIRS), (is_others, is_others), "{mine} {theirs}");
        assert_eq!(joined.alias, alias.map(|number| number.parse().unwrap()), "{mine} {theirs}");
        assert_eq!(joined.after.former.len(), 1);
        assert_eq!(joined.timers.len(), 1);
        let loser = if is_others { mine } else { theirs };
        let winner = if is_others { theirs } else { mine };
        assert_eq!(joined.suspended.is_some(), loser.starts_with('S') && !winner.starts_with('S'), "{mine} {theirs}");
    }

    #[test]
    fn the_award_that_holds_and_holds_longer_stays() {
        check("V2027", "V2028", true, Some(MINE));
        check("V2028", "V2027", false, Some(THEIRS));
        check("V2028", "V2028", false, Some(THEIRS));
        check("V2028", "V", true, Some(MINE));
        check("V", "V2028", false, Some(THEIRS));
        check("V", "V", false, Some(THEIRS));
        check("E2025", "V2027", true, Some(MINE));
        check("E2026", "E2025", false, Some(THEIRS));
        check("V2027", "S2030", false, Some(THEIRS));
        check("S2030", "V2027", true, Some(MINE));
        check("E2026", "S2025", true, Some(MINE));
        check("V2027", "R2030", false, None);
        check("R2030", "E2025", true, None);
        check("R2027", "R2030", true, None);
    }
}
