//! The program file: one vendor's rule book, parsed into validated types. Nothing here decides.

pub mod duration;
mod model;

pub use model::*;
