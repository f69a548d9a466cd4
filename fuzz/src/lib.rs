//! What is fuzzed: a function for each target, which reads a stranger's bytes and asserts what holds whatever they are.
#![forbid(unsafe_code)]

mod badges;
mod bits;
mod codes;
mod documents;
mod parts;
mod pictures;
mod reports;
pub mod sample;
mod tokens;

pub use badges::{open_badges_2, verify};
pub use bits::bitstring;
pub use codes::{MODULES, qr};
pub use documents::{canonical, json_ld};
pub use parts::SEPARATOR;
pub use pictures::{unbake_png, unbake_svg};
pub use tokens::jwt;
