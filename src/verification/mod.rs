//! Judging a credential, our own or a stranger's: pure; what must be fetched is asked for by name.

mod report;

pub use report::*;
