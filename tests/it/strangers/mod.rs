//! Badges of other houses: earlier generations, signed texts, endorsements, newer versions, and the ways to them.

mod abroad;
mod hosted;
mod network;
mod renewals;
mod signed;
mod terminal;
mod tokens;

pub(crate) use crate::verify_reports::{NOW, listed, outcome};
