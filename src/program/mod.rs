//! The program file: one vendor's rule book, parsed into validated types. Nothing here decides.

pub mod duration;
mod faults;
mod model;
mod read;
mod reader;

pub use faults::{Fault, Faults, MAX_FAULTS};
pub use model::*;
pub use read::MAX_BYTES;
