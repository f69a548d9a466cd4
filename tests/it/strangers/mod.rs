//! Badges of other houses: earlier generations, signed texts, endorsements, newer versions, and the ways to them.

mod abroad;
mod field;
mod hosted;
mod network;
mod renewals;
mod signed;
mod terminal;
mod tokens;
mod ways;

pub(crate) use crate::verify_reports::{NOW, listed, outcome};
