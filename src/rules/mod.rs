//! The decisions: results against requirements, and the life of an award. Pure and total.

mod decide;
mod progress;
mod standing;
mod state;
mod term;
mod unmet;

pub use decide::{Decision, Held, Question, decide};
pub use standing::*;
pub use state::{AwardState, CopyState, copy_of, state_at};
pub use term::{RenewalPhase, RenewalRefused, Term, renewal_phase, renewal_term, term};
pub use unmet::{Unmet, UnmetCode};

#[cfg(test)]
mod tests;
