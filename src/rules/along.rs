//! [`renewed_along`]: a higher certification renews the lower ones that it lists.

use chrono::{DateTime, Utc};

use super::decide::Held;
use super::state::{AwardState, state_at};
use super::term::{RenewalPhase, Term, renewal_phase, term};
use crate::id::CertificationId;
use crate::program::duration::end_of_day;
use crate::program::{Certification, Program};

/// The new terms of the lower awards in `held` that `earned`, awarded or renewed at `now`, renews: those that are valid, in
/// grace or streamlined and would end earlier than what is earned today.
pub fn renewed_along(
    program: &Program,
    earned: &Certification,
    held: &[Held],
    now: DateTime<Utc>,
) -> Vec<(CertificationId, Term)> {
    let listed = earned.renews.iter().filter(|lower| **lower != earned.id);
    let lower = listed.filter_map(|lower| {
        let held = held.iter().find(|held| held.certification == *lower)?;
        Some((lower.clone(), prolonged(program, program.certification(lower)?, held, now)?))
    });
    lower.collect()
}

fn prolonged(program: &Program, lower: &Certification, held: &Held, now: DateTime<Utc>) -> Option<Term> {
    let current = held.award.current();
    let expiry = current.valid_until?;
    let zone = program.timezone;
    let renewable = match state_at(&held.award, Some(lower), zone, now) {
        AwardState::Valid { .. } => true,
        AwardState::Expired { since, .. } => {
            since == expiry && renewal_phase(lower, expiry, zone, now) != RenewalPhase::Lapsed
        }
        AwardState::Suspended { .. } | AwardState::Revoked { .. } | AwardState::NotYetValid { .. } => false,
    };
    let closed = lower.closes.is_some_and(|day| now > end_of_day(day, zone));
    let term = Term { awarded_at: current.awarded_at, ..term(program, lower, now, None, now) };
    (renewable && !closed && term.valid_until.is_none_or(|until| until > expiry)).then_some(term)
}
