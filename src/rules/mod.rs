//! The decisions: results against requirements, and the life of an award. Pure and total.

mod along;
mod attempts;
mod award;
mod cause;
mod course;
mod decide;
mod demands;
mod exception;
mod explain;
mod full;
mod gates;
mod judge;
mod life;
mod milestone;
mod open;
mod outlook;
mod pieces;
mod progress;
mod prune;
mod rights;
mod scope;
mod score;
mod standing;
mod state;
mod term;
mod unmet;
mod versions;
mod why;

pub use along::renewed_along;
pub use award::*;
pub use cause::{Cause, ResultRef};
pub use decide::{Decision, Earned, Held, Question, decide};
pub use demands::{newly_met, upkeep_demands};
pub use exception::*;
pub use judge::unsaid;
pub use milestone::{Milestone, milestones, next_milestone};
pub use outlook::*;
pub use prune::move_out;
pub use rights::{RightDecision, RightHeld, right_of_person, rights_of_person};
pub use score::Score;
pub use standing::*;
pub use state::{AwardState, CopyState, copy_of, state_at};
pub use term::{RenewalPhase, RenewalRefused, Term, renewal_phase, renewal_term, term};
pub use unmet::{Unmet, UnmetCode};
pub use versions::Versions;
pub use why::{Why, WhyCode, why};

#[cfg(test)]
mod tests;
