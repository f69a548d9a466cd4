//! The decisions: results against requirements, and the life of an award. Pure and total.

mod standing;

pub use standing::*;
