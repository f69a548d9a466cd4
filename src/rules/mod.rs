//! The decisions: results against requirements, and the life of an award. Pure and total.

mod award;
mod decide;
mod exception;
mod milestone;
mod progress;
mod standing;
mod state;
mod term;
mod unmet;

pub use award::*;
pub use decide::{Decision, Held, Question, decide};
pub use exception::*;
pub use milestone::{Milestone, milestones, next_milestone};
pub use standing::*;
pub use state::{AwardState, CopyState, copy_of, state_at};
pub use term::{RenewalPhase, RenewalRefused, Term, renewal_phase, renewal_term, term};
pub use unmet::{Unmet, UnmetCode};

#[cfg(test)]
mod tests;
