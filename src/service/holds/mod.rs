//! Holds: the results of a whole sitting are kept back while somebody looks into it, and released or struck out after.
//!
//! The public sees a suspension with neutral words and nothing of the investigation. Opening and releasing go person by
//! person, one batch each; the hold's document says how far they are, so that a worker finishes what was begun.

mod arrival;
mod criteria;
mod mark;
mod open;
mod verdict;
mod view;
mod work;

pub(super) use arrival::{arriving, tell_held};
pub use criteria::CriteriaRequest;
pub use open::{HoldRequest, open};
pub use verdict::{ReleaseRequest, ResultRef, UpholdRequest, release, uphold};
pub use view::{HeldResultView, HeldView, HoldView, list, show};
pub use work::advance;
