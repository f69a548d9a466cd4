//! [`renewed_along`]: a higher certification renews the lower ones that it lists.

use chrono::{DateTime, Utc};

use super::course::Cycle;
use super::decide::Held;
use super::state::{AwardState, state_at};
use super::term::{RenewalPhase, Term, term};
use crate::id::CertificationId;
use crate::program::duration::end_of_day;
use crate::program::{Certification, Program};

/// The new terms of the lower awards in `held` that the act at `at`, which earned `earned`, renews: those that were valid, in
/// grace or streamlined then and would end earlier. Each ends as if renewed by its own path at that moment or, before its
/// window, as if earned then.
pub fn renewed_along(
    program: &Program,
    earned: &Certification,
    held: &[Held],
    at: DateTime<Utc>,
) -> Vec<(CertificationId, Term)> {
    let listed = earned.renews.iter().filter(|lower| **lower != earned.id);
    let lower = listed.filter_map(|lower| {
        let held = held.iter().find(|held| held.certification == *lower)?;
        Some((lower.clone(), prolonged(program, program.certification(lower)?, held, at)?))
    });
    lower.collect()
}

fn prolonged(program: &Program, lower: &Certification, held: &Held, at: DateTime<Utc>) -> Option<Term> {
    let current = held.award.current();
    let expiry = current.valid_until?;
    let zone = program.timezone;
    let phase = Cycle::of(&held.award, lower, zone)?.phase(at);
    let renewable = match state_at(&held.award.as_earned(), Some(lower), zone, at) {
        AwardState::Valid { .. } => true,
        AwardState::Expired { since, .. } => since == expiry && phase != RenewalPhase::Lapsed,
        AwardState::Suspended { .. } | AwardState::Revoked { .. } | AwardState::NotYetValid { .. } => false,
    };
    let closed = lower.closes.is_some_and(|day| at > end_of_day(day, zone));
    let own = Some(expiry).filter(|_| phase != RenewalPhase::Early);
    let term = Term { awarded_at: current.awarded_at, earned_at: at, ..term(program, lower, at, own, at) };
    (renewable && !closed && term.valid_until.is_none_or(|until| until > expiry)).then_some(term)
}
